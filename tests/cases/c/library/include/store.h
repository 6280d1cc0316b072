#ifndef STORE_H
#define STORE_H
#include <stddef.h>
#include "pages.h"

struct store;

int store_open(const char *path);
extern int store_put(struct store *s, int key), *store_get(struct store *s);
int store_elsewhere(void);
int store_platform(void);
extern int (*store_hook)(int);
typedef int visitor(int);
visitor store_visit;

static inline int store_small(int key) { //= none
    return key < 8;
}

static inline int store_even(int key) { //= include/store.h::store_small
    return store_small(key) && key % 2; //> include/store.h::store_small [lexical]
}

#endif
