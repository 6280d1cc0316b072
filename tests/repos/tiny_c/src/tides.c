#include "harbour/tides.h"

#include "internal.h"

enum { HALF_DAY = 745, QUARTER = HALF_DAY / 2 };

/* Not the clamp of berths.c. */
static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

#ifdef HARBOUR_SMOOTH
/* Rule of twelfths. */
static int between(int from, int to, int part)
{
    static const int twelfths[] = {0, 1, 3, 6, 9, 11, 12};
    return from + (to - from) * twelfths[clamp(part * 6 / QUARTER, 0, 6)] / 12;
}
#else
static int between(int from, int to, int part)
{
    return from + (to - from) * clamp(part, 0, QUARTER) / QUARTER;
}
#endif

static int phase(const tide_table *table, int minute)
{
    int since = (minute - table->first_minute) % (2 * HALF_DAY);
    return since < 0 ? since + 2 * HALF_DAY : since;
}

/** Estimate how deep the sea stands above chart datum at some moment of the afternoon or night. */
int tide_level(const tide_table *table, int minute)
{
    int since = phase(table, minute);
    int half = since / HALF_DAY;
    int part = since % HALF_DAY;
    if (part < QUARTER)
        return between(table->high[half], table->low[half], part);
    return between(table->low[half], table->high[1 - half], part - QUARTER);
}

/** Tell flood from ebb. */
int tide_is_rising(const tide_table *table, int minute)
{
    int since = phase(table, minute);
    return since % HALF_DAY >= QUARTER;
}

/**
 * Find out how long a captain must be patient until enough water has come in,
 * trying again with each minute that passes.
 */
int tide_wait(const tide_table *table, int minute, int level)
{
    if (tide_level(table, minute) >= level)
        return 0;
    if (phase(table, minute) == 2 * HALF_DAY - 1 && !tide_is_rising(table, minute))
        return -1;
    return 1 + tide_wait(table, minute + 1, level);
}

int tide_now(const tide_table *table)
{
    return tide_level(table, clock_minutes());
}
