int checked(int x) {
    return hidden(x); //> src/pages.c::hidden [module]
}

int declared_here(int x) {
    return x;
}

static int only_here(int x) {
    return x;
}
