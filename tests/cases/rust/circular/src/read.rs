use crate::read::inner::Table;

pub fn parse() -> u32 {
    Table.size() //> src/read.rs::inner.Table.size
}

mod inner {
    pub struct Table;

    impl Table {
        pub fn size(&self) -> u32 {
            1
        }
    }
}
