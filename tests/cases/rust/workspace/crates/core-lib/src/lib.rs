pub mod text {
    pub fn trim() {}
}

pub fn start() {
    text::trim() //> crates/core-lib/src/lib.rs::text.trim
}

pub struct Engine;

impl Engine {
    pub fn new() -> Self {
        Engine
    }

    pub fn run(&self) {}
}

pub use inner_types::Part;

mod inner_types {
    pub struct Part(pub u8);
}
