#include "../include/store.h"

int store_elsewhere(void) {
    return 1;
}

int test_it(void) { //= src/store.c::store_open, tests/test_store.c::store_elsewhere
    return store_open("x")       //> src/store.c::store_open [import]
           + store_elsewhere();  //> tests/test_store.c::store_elsewhere [lexical]
}
