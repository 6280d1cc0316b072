use crate::deep::middle;

pub fn flat_one() -> u32 {
    crate::root() + middle() + flat_private() //> src/lib.rs::root ; src/deep/mod.rs::middle ; src/flat.rs::flat_private
}

fn flat_private() -> u32 {
    super::root() //> src/lib.rs::root
}

pub fn root() -> u32 {
    2
}
