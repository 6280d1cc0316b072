fn main() {
    app_lib::go() //> crates/app/src/library.rs::go
}
