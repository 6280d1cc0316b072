class User {
    void use() {
        Tool.work();  //> lib/Tool.java::Tool.work [static]
    }
}
