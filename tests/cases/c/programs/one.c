#include "common.h"

void fail(const char *text) {
}

static int usage_of_one(void) {
    return 1;
}

int usage(void) {
    return usage_of_one(); //> one.c::usage_of_one
}

int main(void) { //= common.c::shared, one.c::fail, one.c::usage
    fail("x");       //> one.c::fail [lexical]
    return shared()  //> common.c::shared [import]
           + usage(); //> one.c::usage [lexical]
}
