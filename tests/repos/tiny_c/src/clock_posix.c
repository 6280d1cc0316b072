#include <time.h>

#include "internal.h"

int clock_minutes(void)
{
    struct tm now;
    time_t seconds = time(NULL);
    localtime_r(&seconds, &now);
    return now.tm_hour * 60 + now.tm_min;
}
