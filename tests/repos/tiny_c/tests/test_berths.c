#include <assert.h>

#include "harbour/berths.h"

static void test_fee(void)
{
    struct berth berth = {400, 12, 0};
    assert(berth_fee(&berth, 1) > 0);
}

int main(void)
{
    test_fee();
    return 0;
}
