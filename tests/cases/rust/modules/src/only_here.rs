pub fn helper() {
    super::main() //> src/main.rs::main
}
