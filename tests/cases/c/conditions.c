/* What the preprocessor chooses. */
#ifdef FAST
static int speed(void) {
    return 2;
}
#else
static int speed(void) {
    return 1;
}
#endif

#if 0
static int once(void) {
    return 0;
}

int dead(void) { //= open
    return once(); //> ?
}
#endif

static int once(void) {
    return 1;
}

#ifndef HAVE_STRLCPY
static int strlcpy(char *to, const char *from) {
    return 0;
}
#endif

#ifndef HAVE_EXTRA_WORK
static int extra_work(void) {
    return 0;
}
#endif

#ifdef THREADS
static int locked(void) {
    return 0;
}
#endif

int of_two(void) { //= open
    return speed(); //> ?
}

int of_one_that_counts(void) { //= conditions.c::once#2
    return once(); //> conditions.c::once#2 [lexical]
}

int of_the_library_perhaps(char *to) { //= open
    return strlcpy(to, "") + extra_work(); //> ? ; ?
}

int of_an_option(void) { //= conditions.c::locked
#ifdef THREADS
    return locked(); //> conditions.c::locked [lexical]
#else
    return 1;
#endif
}

int of_every_branch(void) { //= conditions.c::locked, conditions.c::once#2
#ifdef THREADS
    return locked(); //> conditions.c::locked
#else
    return once(); //> conditions.c::once#2
#endif
}

int with_a_dead_part(void) { //= open
#if 0
    once(); //> ?
#endif
    return 1;
}

int with_a_dead_alternative(void) { //= conditions.c::once#2
#if 0
#else
    return once(); //> conditions.c::once#2
#endif
}
