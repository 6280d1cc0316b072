#ifndef LATE_H
#define LATE_H
/* A guard that does not hold all of its file. */
static inline int delayed(int type) {
    return type;
}
#endif
static int after_the_guard;
