#include <stdio.h>

#include "harbour/berths.h"

static void usage(const char *program)
{
    fprintf(stderr, "%s NIGHTS\n", program);
}

void report(const struct berth *berth, int nights)
{
    printf("%d\n", berth_fee(berth, nights));
}

int main(int argc, char **argv)
{
    struct berth berth = {400, 12, 1};
    if (argc != 2)
        usage(argv[0]);
    report(&berth, argc);
    return 0;
}
