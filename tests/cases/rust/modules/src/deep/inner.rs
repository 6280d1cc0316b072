pub mod below;

pub fn leaf() -> u32 {
    super::middle() + crate::root() //> src/deep/mod.rs::middle [super] ; src/lib.rs::root [module]
}

pub struct Thing;

impl Thing {
    pub fn new() -> Self {
        Thing
    }
}
