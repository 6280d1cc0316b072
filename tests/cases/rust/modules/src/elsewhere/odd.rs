pub fn odd() -> u32 {
    super::root() //> src/lib.rs::root
}
