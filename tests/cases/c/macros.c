/* Macros hide calls, but for those that show that they make none. */
#include <string.h>

#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define SQUARE(x) ((int)(x) * (x))
#define UNUSED(x) ((void)(x))
#define LENGTH(list) (sizeof(list) / sizeof((list)[0]))
#define ZERO(x) memset(&(x), 0, sizeof(x))
#define BIGGEST(a, b, c) MAX(a, MAX(b, c))
#define LIMIT 10
#define FLAGS (LIMIT | 0x100)
#define CALLS(x) work(x)
#define CALLS_IN_STEPS(x) BIGGEST(1, 2, CALLS(x))
#define APPLY(f, x) f(x)
#define THROUGH(o, x) (o)->run(x)
#define PASTED(name) name##_work(1)
#define DROPPED(x)
#define QUOTED(x) #x
#define NEXT (work(1))
#define ALSO_NEXT NEXT
#define renamed work
#define LOOP(n) for (int i = 0; i < (n); i++)
#define LOG(...) report(__VA_ARGS__)
#define TRACE(...) trace(__VA_ARGS__)
#define wrapped(x) wrapped((x), 0)
#define SEVERAL(x) (x)
#undef SEVERAL
#define SEVERAL(x) work(x)
#define LATER(x) \
    do {         \
        work(x); \
    } while (0)

struct ops {
    int (*run)(int);
};

int work(int x) {
    return x;
}

int trace(int x, ...) {
    return x;
}

int first_work(int x) {
    return x;
}

int (wrapped)(int x, int y) {
    return x + y;
}

int harmless(int a, int b) { //= macros.c::work
    int list[LIMIT];
    UNUSED(b);                              //> builtin
    ZERO(list);                             //> builtin
    return MAX(a, work(b)) + SQUARE(a)      //> builtin ; macros.c::work ; builtin
           + BIGGEST(a, b, FLAGS) + LENGTH(list); //> builtin ; builtin
}

int hides_a_call(int x) { //= open
    return CALLS(x); //> ?
}

int hides_it_deeper(int x) { //= open
    return CALLS_IN_STEPS(x); //> ?
}

int is_given_a_function(int x) { //= open
    return APPLY(work, x); //> ?
}

int calls_a_member(struct ops *o) { //= open
    return THROUGH(o, 1); //> ?
}

int makes_a_name(void) { //= open
    return PASTED(first); //> ?
}

int drops_its_argument(int x) { //= open
    DROPPED(work(x)); //> ? ; macros.c::work
    return x;
}

int quotes_its_argument(void) { //= open
    return QUOTED(work(1))[0]; //> ? ; macros.c::work
}

int without_parentheses(void) { //= open
    return NEXT;
}

int without_parentheses_deeper(void) { //= open
    return ALSO_NEXT;
}

int under_another_name(void) { //= open
    return renamed(1); //> ?
}

int any_number(void) { //= open
    LOG("a", 1); //> builtin
    TRACE(1, 2); //> ?
    return 1;
}

int named_like_a_function(void) { //= open
    return wrapped(1); //> ?
}

int defined_twice(int x) { //= open
    return SEVERAL(x); //> ?
}

int over_several_lines(int x) { //= open
    LATER(x); //> ?
    return x;
}

int a_name_in_a_string(void) { //= none
    /* NEXT */
    return "NEXT"[0] + 'N'; // NEXT
}
