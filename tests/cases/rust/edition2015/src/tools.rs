pub fn sharpen() {}

pub mod inner {
    use tools::sharpen;
    use outside::run;

    pub fn go() {
        sharpen(); //> src/tools.rs::sharpen
        ::root(); //> src/lib.rs::root
        ::tools::sharpen(); //> src/tools.rs::sharpen
        run(); //> !outside::run
        tools::sharpen() //> ?
    }
}
