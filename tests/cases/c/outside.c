/* The standard library, and what else is not in the repository. */
#include <ctype.h>
#include <stdarg.h>
#include <zlib.h>

static int isalpha(int c) {
    return c > 'a';
}

int sum(int count, ...) { //= outside.c::isalpha
    va_list rest;
    int total = isalpha(count); //> outside.c::isalpha [lexical]
    va_start(rest, count);      //> !va_start
    total += va_arg(rest, int); //> !va_arg
    va_end(rest);               //> !va_end
    return total;
}

void packed(void) { //= none
    compress(0, 0, 0, 0); //> !compress
    printf("%d\n", 1);    //> !printf
}
