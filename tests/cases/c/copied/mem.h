#ifndef MEM_H
#define MEM_H

static int read_16(const void *from) {
    return *(const short *)from;
}

static int read_32(const void *from) {
    return *(const int *)from;
}

#endif
