mod common;

#[test]
fn works() {
    common::setup(); //> tests/common/mod.rs::setup
    assert_eq!(case_modules::root(), 1); //> builtin ; src/lib.rs::root
}
