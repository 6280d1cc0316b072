/* A function of a header that some builds leave out is the library's in those. */
#include "compat.h"
#include "late.h"

#if !defined(LIBRARY_VERSION) || LIBRARY_VERSION < 502
static int LIB_set(int type) {
    return type;
}
#endif

int set(void) { //= open
    return LIB_set(1); //> ?
}

int made(void) { //= open
    return LIB_meth_new(1); //> ?
}

int old(void) { //= open
    return both_old(1); //> ?
}

int certain(void) { //= compat.h::always, compat.h::in_c_too, late.h::delayed
    return always(1) + in_c_too(2) + delayed(3); //> compat.h::always [import] ; compat.h::in_c_too ; late.h::delayed
}
