mod common;
use case_modules::*;

fn works() {
    common::setup(); //> tests/common/mod.rs::setup
    flat_one(); //> src/flat.rs::flat_one
}

fn shared() {}
