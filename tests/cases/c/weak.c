/* What the linker may replace. */
int other_name(void) __attribute__((alias("target")));

__attribute__((weak)) int weak_one(void) {
    return 1;
}

__attribute__((weak)) int replaced(void);

int replaced(void) {
    return 1;
}

int target(void) {
    return 1;
}

int by_pragma(void) {
    return 1;
}
#pragma weak by_pragma

int calls(void) { //= open
    return weak_one()   //> ?
           + replaced() //> ?
           + other_name() //> ?
           + by_pragma(); //> ?
}

int calls_the_target(void) { //= weak.c::target
    return target(); //> weak.c::target
}
