#pragma once
int page_new(void);
static inline int page_size(void) {
    return 4096;
}
