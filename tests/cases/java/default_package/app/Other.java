package app;

class Other {
    void use() {
        Tool.work();  //> ?
    }
}
