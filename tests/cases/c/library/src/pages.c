#include "pages.h"

extern int store_open(const char *path);

int page_new(void) { //= src/store.c::store_open
    return store_open("x"); //> src/store.c::store_open [import]
}

int hidden(int x) {
    return x;
}

int of_another_file(void) { //= open
    return only_here(1); //> ?
}

int store_visit(int x) {
    return x;
}
