#include "common.h"

int part(void) { //= open
    fail("x");      //> ?
    return usage(); //> ?
}
