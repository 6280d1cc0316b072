fn main() {
    app_lib::go(); //> crates/app/src/library.rs::go
    core_lib::start(); //> crates/core-lib/src/lib.rs::start
    app::go() //> ?
}
