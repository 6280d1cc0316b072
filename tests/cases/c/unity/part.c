static int inner(int x) { //= none
    return STEP(x); //> builtin
}

static int of_the_file_that_includes_it(int x) { //= open
    return above(x) //> ?
           + RUN(x); //> ?
}
