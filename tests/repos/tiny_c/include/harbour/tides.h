#ifndef HARBOUR_TIDES_H
#define HARBOUR_TIDES_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Water levels over one day, as the almanac prints them.
 */
typedef struct {
    int high[2];
    int low[2];
    int first_minute;
} tide_table;

int tide_level(const tide_table *table, int minute);
int tide_is_rising(const tide_table *table, int minute);
int tide_wait(const tide_table *table, int minute, int level);
int tide_now(const tide_table *table);

#ifdef __cplusplus
}
#endif

#endif
