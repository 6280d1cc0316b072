/* What old versions of a library have not. */
#ifndef COMPAT_H
#define COMPAT_H

#include <library/library.h>

#if LIBRARY_VERSION < 0x10100000L
static inline int LIB_meth_new(int type) {
    return type;
}

static inline int both_old(int type) {
    return LIB_meth_new(type); //> ?
}
#endif

static inline int always(int type) {
    return type;
}

#ifdef __cplusplus
extern "C" {
#endif
static inline int in_c_too(int type) {
    return type;
}
#ifdef __cplusplus
}
#endif

#endif
