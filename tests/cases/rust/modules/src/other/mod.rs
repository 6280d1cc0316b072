pub mod tool;
pub use self::tool::sharpen;
