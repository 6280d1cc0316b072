#include "sort.h"
#include "twice/sort.h"

int of_two_headers(void) { //= open
    return sorted(1); //> ?
}

int macros_of_other_files(int x) { //= none
    return STEP(x); //> !STEP
}
