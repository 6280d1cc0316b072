#include <stdio.h>
#include <stdlib.h>

#include "harbour/berths.h"
#include "internal.h"

#define BASE_PRICE 12

static int is_sound(const struct berth *berth)
{
    return berth != NULL && berth->depth > 0 && berth->length > 0;
}

static int clamp(int value, int most)
{
    return value > most ? most : value;
}

/**
 * Calculate what a skipper owes at the counter, with a discount for whole weeks.
 *
 * Nobody pays for more than a month at once.
 */
int berth_fee(const struct berth *berth, int nights)
{
    int billed = clamp(nights, 30);
    int weeks = billed / 7;
    return round_up(BASE_PRICE * berth->length * billed, 5) - weeks * BASE_PRICE;
}

/*! Say whether a hull of some size could lie here without touching the mud. */
int berth_fits(const struct berth *berth, int draught, int length)
{
    if (berth_clearance(berth, draught) == 0)
        return 0;
    return length <= berth->length;
}

/** Reserve the spot for an arriving vessel; nothing happens if another crew was quicker. */
int berth_take(struct berth *berth, int draught, int length)
{
    REQUIRE_SOUND(berth);
    if (berth->taken || !berth_fits(berth, draught, length))
        return 0;
    berth->taken = 1;
    return 1;
}

int berth_release(struct berth *berth)
{
    REQUIRE_SOUND(berth);
    berth->taken = 0;
    return 0;
}

/// Let a callback look at everything along the pier, in order, until it refuses.
/// Its answer is not remembered.
void berth_each(struct berth *all, size_t count, berth_visitor visit, void *context)
{
    for (size_t i = 0; i < count; i++)
        if (!visit(&all[i], context))
            return;
}

struct berth *berth_find(struct berth *all, size_t count, int draught, int length)
{
    for (size_t i = 0; i < count; i++)
        if (!all[i].taken && berth_fits(&all[i], draught, length))
            return &all[i];
    return NULL;
}

static int add_if_free(struct berth *berth, void *context)
{
    if (!berth->taken)
        ++*(size_t *)context;
    return 1;
}

/** Tally how many vacant moorings are left over for tonight. */
size_t berth_free_count(const struct berth *all, size_t count)
{
    size_t found = 0;
    berth_each((struct berth *)all, count, add_if_free, &found);
    return found;
}

#if 0
/** Print every mooring, as the old office did it. */
void berth_print(const struct berth *berth)
{
    printf("%d\n", berth_fee(berth, 1));
}
#endif
