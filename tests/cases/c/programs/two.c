#include "common.h"

void fail(const char *text) {
}

int usage(void) {
    return 2;
}

int main(void) { //= common.c::shared, two.c::fail
    fail("x");       //> two.c::fail [lexical]
    return shared(); //> common.c::shared
}
