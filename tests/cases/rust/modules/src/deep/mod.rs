pub mod inner;

pub fn middle() -> u32 {
    inner::leaf() + self::inner::below::bottom() //> src/deep/inner.rs::leaf ; src/deep/inner/below.rs::bottom
}
