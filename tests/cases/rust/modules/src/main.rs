use case_modules::{deep, renamed_leaf, Thing};

mod only_here;

fn main() {
    deep::middle(); //> src/deep/mod.rs::middle
    renamed_leaf(); //> src/deep/inner.rs::leaf
    Thing::new(); //> src/deep/inner.rs::Thing.new
    case_modules::flat_one(); //> src/flat.rs::flat_one
    crate::only_here::helper(); //> src/only_here.rs::helper
    crate::deep::middle(); //> src/deep/mod.rs::middle
    crate::root(); //> ?
    case_modules::root(); //> src/lib.rs::root
}
