use std::cmp::max;
use tools;
use base::cmp::min;

pub fn go() {
    max(1, 2); //> !std::cmp::max
    min(1, 2); //> !core::cmp::min
    tools::sharpen() //> src/tools.rs::sharpen
}
