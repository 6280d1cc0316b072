use core_lib::{text, Engine, Part};

pub fn go() {
    core_lib::start(); //> crates/core-lib/src/lib.rs::start
    text::trim(); //> crates/core-lib/src/lib.rs::text.trim
    Engine::new().run(); //> crates/core-lib/src/lib.rs::Engine.new ; crates/core-lib/src/lib.rs::Engine.run
    let _ = Part(1); //> crates/core-lib/src/lib.rs::inner_types.Part
    ::core_lib::start(); //> crates/core-lib/src/lib.rs::start
    ::text::start(); //> crates/core-lib/src/lib.rs::start
    published::start(); //> !published::start
}
