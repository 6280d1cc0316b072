mod part;

fn main() {
    part::run(); //> src/bin/tool/part.rs::run
    case_modules::root(); //> src/lib.rs::root
}
