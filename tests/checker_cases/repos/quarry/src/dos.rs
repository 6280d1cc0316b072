#!/usr/bin/env run-cargo-script
pub fn dos() -> u8 {
    1
}

pub fn twice() -> u8 {
    dos() + dos()
}
