#include <windows.h>

#include "internal.h"

int clock_minutes(void)
{
    SYSTEMTIME now;
    GetLocalTime(&now);
    return now.wHour * 60 + now.wMinute;
}
