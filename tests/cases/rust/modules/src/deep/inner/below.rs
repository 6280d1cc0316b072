use super::{leaf, Thing};

impl Thing {
    pub fn touch(&self) -> u32 {
        leaf() //> src/deep/inner.rs::leaf
    }
}

pub fn bottom() -> u32 {
    Thing::new().touch() //> src/deep/inner.rs::Thing.new ; src/deep/inner/below.rs::Thing.touch
}
