//! Conditional compilation: two definitions of one name are not a single proven target.

#[cfg(unix)]
fn separator() -> char {
    '/'
}

#[cfg(windows)]
fn separator() -> char {
    '\\'
}

#[cfg(unix)]
fn only_one() -> u32 {
    1
}

struct Path;

impl Path {
    #[cfg(unix)]
    fn open(&self) {}

    #[cfg(not(unix))]
    fn open(&self) {}

    fn close(&self) {}
}

#[cfg(unix)]
mod system {
    pub fn name() -> u32 {
        1
    }
}

#[cfg(not(unix))]
mod system {
    pub fn name() -> u32 {
        2
    }
}

mod first {
    pub fn pick() {}
    pub fn sure() {}
}

mod second {
    pub fn pick() {}
}

#[cfg(feature = "first")]
use first::pick;
#[cfg(not(feature = "first"))]
use second::pick;

use first::sure;

fn two_definitions() -> char { //= open
    separator() //> ?
}

fn one_definition() -> u32 { //= cfg.rs::only_one
    only_one() //> cfg.rs::only_one
}

fn methods(path: Path) { //= open
    path.close(); //> cfg.rs::Path.close
    path.open() //> ?
}

fn modules() -> u32 {
    system::name() //> ?
}

fn imports() {
    pick(); //> ?
    sure() //> cfg.rs::first.sure
}

fn statements() { //= open
    #[cfg(unix)]
    let run = || 1;
    #[cfg(windows)]
    let run = || only_one(); //> cfg.rs::only_one
    run() //> ?
}

mod by_glob {
    #[cfg(target_arch = "arm")]
    mod fast;

    #[cfg(target_arch = "arm")]
    use fast::*;

    mod plain {
        pub fn search() {}
    }

    #[cfg(not(target_arch = "arm"))]
    use plain::*;

    fn globs() {
        search() //> ?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only_one() -> u32 {
        2
    }

    #[test]
    fn own_names_first() { //= cfg.rs::tests.only_one, cfg.rs::first.sure
        only_one(); //> cfg.rs::tests.only_one
        sure() //> cfg.rs::first.sure
    }
}
