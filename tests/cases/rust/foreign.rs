//! What lies outside: extern blocks, outside crates, the prelude and what hides it.

use std::fs::File;
use std::io::{self, prelude::*, BufReader};

extern "C" {
    fn strlen(text: *const u8) -> usize;
}

unsafe extern "C" fn exported(text: *const u8) -> usize { //= none
    strlen(text) //> !strlen
}

fn files(name: &str) -> io::Result<String> { //= none
    let mut text = String::new(); //> !String::new
    BufReader::new(File::open(name)?).read_to_string(&mut text)?; //> !std::io::BufReader::new ; !std::io::BufReader.read_to_string ; !std::fs::File::open
    std::mem::drop(3); //> !std::mem::drop
    drop(name); //> !drop
    let numbers = Vec::<u8>::with_capacity(3); //> !Vec::with_capacity
    numbers.len(); //> !Vec.len
    Ok(text) //> !Ok
}

mod own {
    pub struct Vec;

    impl Vec {
        pub fn new() -> Vec {
            Vec
        }

        pub fn len(&self) -> usize {
            0
        }
    }

    pub fn hides() -> usize {
        Vec::new().len() //> foreign.rs::own.Vec.new ; foreign.rs::own.Vec.len
    }

    #[allow(non_snake_case)]
    fn Some(n: u8) -> u8 {
        n
    }

    fn hides_a_variant() -> u8 {
        Some(1) //> foreign.rs::own.Some
    }
}

mod without_globs {
    fn known_in_the_repository(text: &str, other: Unknown) -> usize { //= open
        let numbers: Vec<u8> = Vec::new(); //> !Vec::new
        numbers.len(); //> !Vec.len
        text.len(); //> !str.len
        other.len() //> ?
    }

    fn not_known_in_the_repository(other: Unknown) {
        other.vanish(); //> !?.vanish
        Unknown::vanish() //> ?
    }
}

mod globs {
    struct Error(u8);

    fn helper() {}

    fn of_others_in_a_block() {
        use outside::Kind::*;
        helper(); //> ?
        Error(1); //> ?
        drop(2) //> !drop
    }
}

mod given {
    pub struct Name(u8);

    impl From<Name> for String {
        fn from(name: Name) -> String {
            name.0.to_string() //> !u8.to_string
        }
    }

    impl From<Name> for u64 {
        fn from(name: Name) -> u64 {
            name.0.into() //> !u8.into
        }
    }

    pub trait Gather {
        fn gather() -> Self;
    }

    impl<T> Gather for Vec<T> {
        fn gather() -> Self {
            Vec::new() //> !Vec::new
        }
    }

    pub trait Peek {
        fn peek(&self) -> u8;
    }

    impl Peek for [u8] {
        fn peek(&self) -> u8 {
            self[0]
        }
    }

    fn methods_that_the_repository_may_give(path: std::path::PathBuf, file: &std::fs::File, n: u8) { //= open
        path.peek(); //> ?
        file.peek(); //> !std::fs::File.peek
        n.peek() //> !u8.peek
    }

    fn functions_that_the_repository_may_give_to_types_of_others(name: Name) { //= open
        String::from("text"); //> ?
        String::from(name); //> ?
        u64::from(3); //> ?
        Vec::<u8>::gather(); //> ?
        Vec::gather(); //> ?
        u32::from(3); //> !u32::from
        String::new() //> !String::new
    }
}

mod function_values {
    struct Job {
        run: Vec<Box<dyn Fn(u8) -> u8>>,
        other: Unknown,
    }

    fn what_a_call_gives_is_called(job: Job) { //= open
        job.other.vanish().take(); //> !?.vanish ; !?.take
        job.other.vanish()(1); //> !?.vanish ; ?
        job.run[0](1); //> ?
        job.other.all[0](1) //> ?
    }
}
