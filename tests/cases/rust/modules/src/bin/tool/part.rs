pub fn run() {
    crate::main() //> src/bin/tool/main.rs::main
}
