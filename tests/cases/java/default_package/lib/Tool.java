class Tool {
    static void work() {}
}
