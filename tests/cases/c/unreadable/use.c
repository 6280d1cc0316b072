int uses(void) { //= open
    return spread(1); //> ?
}
