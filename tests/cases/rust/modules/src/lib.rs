//! Modules in files, in folders, in place; imports of every form.

pub mod deep;
mod flat;
pub mod other;
#[path = "elsewhere/odd.rs"]
mod strange;

mod in_place {
    pub mod nested;

    pub fn up() -> u32 {
        super::root() + nested::leaf() //> src/lib.rs::root [super] ; src/in_place/nested.rs::leaf [module]
    }
}

pub use deep::inner::{self, leaf as renamed_leaf, Thing};
pub use flat::*;
use self::other::{tool, tool::{sharpen, Blade as Knife}};
use serde::de::{self, Error as _};
use renamed::run;

pub fn root() -> u32 { //= none
    1
}

fn by_path() -> u32 {
    deep::inner::leaf(); //> src/deep/inner.rs::leaf [module]
    crate::deep::inner::leaf(); //> src/deep/inner.rs::leaf [module]
    self::deep::middle(); //> src/deep/mod.rs::middle [module]
    strange::odd(); //> src/elsewhere/odd.rs::odd [module]
    in_place::nested::leaf(); //> src/in_place/nested.rs::leaf
    in_place::missing(); //> ?
    other::tool::sharpen() //> src/other/tool.rs::sharpen
}

fn by_import() -> u32 {
    inner::leaf(); //> src/deep/inner.rs::leaf
    renamed_leaf(); //> src/deep/inner.rs::leaf [import]
    tool::sharpen(); //> src/other/tool.rs::sharpen
    Knife::new().cut(); //> src/other/tool.rs::Blade.new ; src/other/tool.rs::Blade.cut
    Thing::new().touch(); //> src/deep/inner.rs::Thing.new ; src/deep/inner/below.rs::Thing.touch
    sharpen() //> src/other/tool.rs::sharpen [import]
}

fn by_glob() -> u32 {
    flat_one(); //> src/flat.rs::flat_one [import]
    flat_private(); //> ?
    root() //> src/lib.rs::root [lexical]
}

fn outside() {
    de::value(); //> !serde::de::value
    run(); //> !renamed::run
    serde::to_string(); //> !serde::to_string
    ::serde::from_str(); //> !serde::from_str
    std::process::exit(1); //> !std::process::exit
    core::mem::swap(); //> !core::mem::swap
    unheard_of::run() //> ?
}

fn in_a_block() -> u32 {
    use crate::deep::middle as sharpen;
    use crate::deep::inner::*;
    sharpen(); //> src/deep/mod.rs::middle [import]
    leaf() //> src/deep/inner.rs::leaf [import]
}

trait Peek {
    fn peek(&self) -> u8;
}

impl Peek for [u8] {
    fn peek(&self) -> u8 {
        self[0]
    }
}

fn may_stand_for_another_type(bytes: serde::Bytes) { //= open
    bytes.peek(); //> ?
    (*bytes).peek(); //> ?
    bytes.ready() //> !serde::Bytes.ready
}
