/* Types are definitions, and making one is no call. */
struct point {
    int x;
    int y;
};

typedef struct {
    struct point from;
} line;

enum colour { RED, GREEN };

union number {
    int whole;
    float part;
};

static int length(line l) {
    return l.from.x;
}

int uses_them(void) { //= types.c::length
    struct point p = {1, 2};
    line l = {.from = p};
    enum colour c = RED;
    return length(l) + length((line){p}) + c; //> types.c::length ; types.c::length
}
