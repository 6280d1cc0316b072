//! A module that is only there with a feature, and a glob of that very module.

#[cfg(feature = "read")]
pub mod read;

#[cfg(feature = "read")]
pub use crate::read::*;

fn by_path() -> u32 { //= src/read.rs::parse
    crate::read::parse() //> src/read.rs::parse
}

fn by_glob() -> u32 {
    parse() //> src/read.rs::parse
}
