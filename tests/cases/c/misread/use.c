#include "made.h"
#include "wrapped.h"

DEFINE(first);
DEFINE_ONE();

int of_a_file_with_errors(void) { //= odd.c::uncertain
    return uncertain(1); //> odd.c::uncertain
}

int uses(void) { //= open
    return first_made(1)     //> ?
           + the_one(2)      //> ?
           + alias_target(3) //> ?
           + elsewhere(4)    //> ?
           + memcmp(5);      //> !memcmp
}

int far_away(void) { //= none
    return SSL_connect(0); //> !SSL_connect
}

int behind_a_macro(void) { //= open
    return translated("") != 0; //> ?
}

int at_the_start_of_a_line(void) { //= open
    printed("");             //> ?
    return of_its_own_line(1); //> ?
}

char *made_where_it_is_missing(void) { //= open
    return strptime("", "", 0); //> ?
}

int in_a_macro_s_parentheses(void) { //= open
    return wrapped_in_a_macro(1); //> ?
}

int in_parentheses(void) { //= open
    alone_in_parentheses(1, 2); //> ?
    return 0;
}

void *by_one_of_two_heads(void) { //= open
    return one_of_two_heads(1); //> ?
}
