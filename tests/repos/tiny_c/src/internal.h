/* Not installed. */
#ifndef HARBOUR_INTERNAL_H
#define HARBOUR_INTERNAL_H

int clock_minutes(void);
int round_up(int amount, int step);

/* A check that hides what it calls. */
#define REQUIRE_SOUND(berth)       \
    do {                           \
        if (!is_sound((berth)))    \
            return -1;             \
    } while (0)

#endif
