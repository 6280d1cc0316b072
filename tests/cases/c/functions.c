/* Calls by name within one file. */
#include <stdio.h>
#include <stdlib.h>

int later(int x);

static int helper(int x) { //= none
    return x + 1;
}

int plain(int x) { //= functions.c::helper
    return helper(x); //> functions.c::helper [lexical]
}

int nested(int x) { //= functions.c::helper, functions.c::plain
    return helper(plain(x)) + (helper)(x); //> functions.c::helper ; functions.c::plain ; functions.c::helper
}

int before_its_definition(void) {
    return later(1); //> functions.c::later [lexical]
}

int later(int x) {
    return x;
}

int recursive(int x) { //= none
    return x ? recursive(x - 1) : 0; //> functions.c::recursive [lexical]
}

int *returns_a_pointer(void) {
    return calloc(1, sizeof(int)); //> !calloc
}

void (*chosen(int which))(int) {
    return 0;
}

void calls_them(void) { //= functions.c::chosen, functions.c::returns_a_pointer
    *returns_a_pointer() = 1; //> functions.c::returns_a_pointer
    chosen(1);                //> functions.c::chosen
}

void calls_what_it_gives(void) { //= open
    chosen(1)(2); //> functions.c::chosen ; ?
}

int old_style(a, b) //= functions.c::plain
int a;
char *b;
{
    return plain(a + *b); //> functions.c::plain
}

int (in_parentheses)(int x) { //= functions.c::helper
    return helper(x); //> functions.c::helper
}

int everywhere(int n) { //= functions.c::helper, functions.c::later, functions.c::plain
    int first = helper(n), second = plain(n); //> functions.c::helper ; functions.c::plain
    int list[] = {helper(1), 2};              //> functions.c::helper
    for (int i = later(0); i < plain(n); i += helper(i)) //> functions.c::later ; functions.c::plain ; functions.c::helper
        first += list[later(i)];              //> functions.c::later
    switch (helper(first)) {                  //> functions.c::helper
    case 1:
        return later(second);                 //> functions.c::later
    default:
        break;
    }
    return first ? plain(1) : later(2);       //> functions.c::plain ; functions.c::later
}

int of_the_language(int x) { //= none
    return sizeof(x) + _Alignof(int) + __builtin_expect(x, 0); //> builtin
}
