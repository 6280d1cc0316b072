#include "harbour/berths.h"

/** Repaint the bollards whenever somebody has the brush at hand. */
int paint(struct berth *berth)
{
    return berth_release(berth) +;
}
