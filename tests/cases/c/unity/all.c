#define STEP(x) ((x) + 1)
#define RUN(x) inner(x)
static int above(int x) {
    return x;
}
#include "part.c"
#include "sort.h"
#include "data.inc"

int all(void) { //= part.c::inner, sort.h::sorted
    return inner(1)     //> part.c::inner [import]
           + sorted(2); //> sort.h::sorted [import]
}

int of_what_is_not_read(void) { //= open
    return from_data(1); //> ?
}
