/* Written on another system. */
#include "internal.h"

static int remainder_of(int amount, int step)
{
    return amount % step;
}

/**
 * Bring a sum of coins to the next multiple that the till can hand out.
 */
int round_up(int amount, int step)
{
    int rest = remainder_of(amount, step);
    return rest ? amount + step - rest : amount;
}
