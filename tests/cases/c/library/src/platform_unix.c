#include <store.h>

int store_platform(void) { //= src/store.c::store_put
    return store_put(0, 1); //> src/store.c::store_put [import]
}
