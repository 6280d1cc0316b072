/* A macro around a head: the grammar finds no function, and no error either. */
#define UNUSED(declaration) static declaration

UNUSED(int wrapped_in_a_macro(int x)) {
    return x;
}
