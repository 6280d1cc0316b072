/* What is called through a value is not known. */
typedef int (*callback)(int);
typedef int number;

struct ops {
    int (*run)(int);
    callback stop;
};

static int work(int x) {
    return x;
}

int (*hook)(int) = work;
callback table[2] = {work, work};
static struct ops operations = {work, work};

int through_a_parameter(callback cb, int (*raw)(int)) { //= open
    return cb(1) + raw(2) + (*raw)(3); //> ? ; ? ; ?
}

int through_a_global(void) { //= open
    return hook(1); //> ?
}

int through_a_member(struct ops *ops) { //= open
    return ops->run(1) + operations.stop(2); //> ? ; ?
}

int through_an_element(void) {
    return table[1](2); //> ?
}

int through_a_local(void) {
    callback local = work;
    return local(1); //> ?
}

int shadowed(int x) {
    int before = work(x); //> pointers.c::work [lexical]
    {
        callback work = hook;
        before += work(x); //> ?
    }
    return before + work(x); //> pointers.c::work [lexical]
}

int of_a_parameter_s_name(callback work) { //= open
    return work(1); //> ?
}

int in_a_loop(void) {
    for (callback work = hook; work; work = 0)
        work(1); //> ?
    return work(2); //> pointers.c::work
}

int passed_on(int (*f)(int)) { //= none
    return f == work;
}

int dereferenced(void) { //= pointers.c::work
    return (*work)(1) + (&work)(2); //> pointers.c::work ; pointers.c::work
}

int chosen_by_a_condition(int x) { //= open
    return (x ? work : hook)(x); //> ?
}

int cast_to_a_function(void *p) { //= open
    return ((callback)p)(1); //> ?
}

int converted(double x) { //= none
    return (number)(x) + (int)(x); //> builtin
}

int by_type(int x) { //= open
    return _Generic(x, int: work)(x); //> ?
}

int declared_inside(void) { //= pointers.c::work
    int work(int);
    return work(1); //> pointers.c::work
}

int of_a_parameter_in_parentheses(int x, int(given)(int), int also(int)) { //= open
    return given(x) + also(x); //> ? ; ?
}
