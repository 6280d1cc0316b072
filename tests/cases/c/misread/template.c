#include "made.h"

int template_name(int x) {
    return x;
}
