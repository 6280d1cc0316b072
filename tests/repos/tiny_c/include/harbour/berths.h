#ifndef HARBOUR_BERTHS_H
#define HARBOUR_BERTHS_H

#include <stddef.h>

#define DECIMETRES(metres) ((metres) * 10)
#define LARGER(a, b) ((a) > (b) ? (a) : (b))

/** A place along the quay, with room for one hull. */
struct berth {
    int depth;  /**< in centimetres at low water */
    int length; /**< in metres */
    int taken;
};

/**
 * How somebody looks at each place in turn.
 *
 * @return whether to go on
 */
typedef int (*berth_visitor)(struct berth *berth, void *context);

/** Declared here, written down elsewhere. */
int berth_fee(const struct berth *berth, int nights);
int berth_fits(const struct berth *berth, int draught, int length);
int berth_take(struct berth *berth, int draught, int length);
int berth_release(struct berth *berth);
void berth_each(struct berth *all, size_t count, berth_visitor visit, void *context);
struct berth *berth_find(struct berth *all, size_t count, int draught, int length);
size_t berth_free_count(const struct berth *all, size_t count);

/** Give the space that remains between keel and ground, never below nothing. */
static inline int berth_clearance(const struct berth *berth, int draught)
{
    int left = berth->depth - draught;
    return LARGER(left, 0);
}

#endif
