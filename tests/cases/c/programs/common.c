#include "common.h"

int shared(void) {
    return 1;
}
