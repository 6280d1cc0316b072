pub fn setup() {
    case_modules::root(); //> src/lib.rs::root
    crate::works() //> ?
}
