#include <stdio.h>

#include "harbour/tides.h"

static void usage(const char *program)
{
    fprintf(stderr, "%s MINUTE\n", program);
}

/** Draw one bar of the chart, a star for each step of water. */
void bar(int level)
{
    for (int i = 0; i < level; i += 50)
        putchar('*');
    putchar('\n');
}

void report(const tide_table *table, int minute)
{
    bar(tide_level(table, minute));
    if (tide_is_rising(table, minute))
        puts("rising");
}

int main(int argc, char **argv)
{
    tide_table today = {{500, 480}, {60, 80}, 0};
    if (argc != 2)
        usage(argv[0]);
    else
        report(&today, argv[1][0]);
    return 0;
}
