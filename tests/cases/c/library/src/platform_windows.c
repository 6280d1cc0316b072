#include "store.h"

int store_platform(void) { //= none
    return 2;
}
