#include "store.h"
#include "internal.h"
#include "../include/pages.h"

static int count;

int (*store_hook)(int);

int store_open(const char *path) { //= src/pages.c::page_new, include/pages.h::page_size
    return page_new()      //> src/pages.c::page_new [import]
           + page_size();  //> include/pages.h::page_size [import]
}

int store_put(struct store *s, int key) { //= include/store.h::store_small
    return count += store_small(key); //> include/store.h::store_small [import]
}

int *store_get(struct store *s) {
    return &count;
}

int store_all(void) {
    store_hook(1);             //> ?
    store_elsewhere();         //> ?
    return store_platform()    //> ?
           + store_visit(1);   //> ?
}

int store_checked(void) {
    return checked(1)          //> src/internal.c::checked [import]
           + declared_here(2); //> src/internal.c::declared_here [import]
}
