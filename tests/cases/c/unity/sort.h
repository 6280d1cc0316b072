static int sorted(int x) {
    return x;
}
