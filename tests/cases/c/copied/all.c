/* Several headers in one file; that the first one is a copy of mem.h, its guard tells. */
#include "mem.h"
#ifndef MEM_H
#define MEM_H
static int read_16(const void *from) {
    return 0;
}
#endif

#define DEFINE_READER(name)          \
    static int name(const void *from) \
    {                                \
        return 0;                    \
    }
#define HEAD(name) static int name(const void *from)

DEFINE_READER(read_64)

HEAD(read_128)
{
    return 1;
}

static int local(void) {
    return 1;
}

int reads(const void *from) { //= open
    return read_16(from); //> ?
}

int reads_more(const void *from) { //= mem.h::read_32, all.c::local
    return read_32(from) + local(); //> mem.h::read_32 [import] ; all.c::local [lexical]
}

int reads_what_macros_make(const void *from) { //= open
    return read_64(from)    //> ?
           + read_128(from); //> ?
}
