//! Macros: std's plain ones show their arguments, all others hide calls.

use std::fmt::Write;

fn value(n: u32) -> u32 {
    n
}

struct Log;

impl Log {
    fn size(&self) -> u32 {
        1
    }

    fn text(&self, out: &mut String) -> std::fmt::Result { //= macros.rs::Log.size, macros.rs::value, macros.rs::inner.twice
        writeln!(out, "{}", value(self.size()))?; //> builtin ; macros.rs::value ; macros.rs::Log.size
        write!(out, "{}", inner::twice(2)) //> builtin ; macros.rs::inner.twice
    }
}

mod inner {
    pub fn twice(n: u32) -> u32 {
        n * 2
    }
}

fn plain(log: &Log) -> u32 { //= macros.rs::value, macros.rs::Log.size, macros.rs::inner.twice
    println!("{} {}", value(1), log.size()); //> builtin ; macros.rs::value ; macros.rs::Log.size
    let all = vec![value(1), inner::twice(3)]; //> builtin ; macros.rs::value ; macros.rs::inner.twice
    assert_eq!(log.size(), 1, "{}", value(3)); //> builtin ; macros.rs::Log.size ; macros.rs::value
    assert!(matches!(value(1), 1 | 2)); //> builtin ; builtin ; macros.rs::value
    debug_assert!(all.len() > value(2) as usize); //> builtin ; !Vec.len ; macros.rs::value
    if all.is_empty() { //> !Vec.is_empty
        panic!("{:?}", format!("{}", value(2))); //> builtin ; builtin ; macros.rs::value
    }
    all[0]
}

fn patterns_are_no_calls(log: Option<u32>) -> bool { //= none
    matches!(log, Some(_)) //> builtin
}

fn guards_of_patterns(log: Option<u32>) -> bool { //= open
    matches!(log, Some(n) if value(n) > 1) //> builtin ; ?
}

fn names_bound_inside(all: Vec<u32>) { //= macros.rs::value
    println!("{}", all.iter().map(|n| value(*n)).sum::<u32>()); //> builtin ; !Vec.iter ; !Iterator.map ; !Iterator.sum ; macros.rs::value
}

fn a_name_bound_inside_is_called(all: Vec<fn()>) { //= open
    println!("{:?}", all.iter().map(|value| value())); //> builtin ; !Vec.iter ; !Iterator.map ; ?
}

fn fields_and_literals(log: &Log) { //= macros.rs::Log.size
    println!("{name} {}", (1 + 2), name = log.size()); //> builtin ; macros.rs::Log.size
    eprintln!("{}", "value(1)".len()); //> builtin ; !str.len
    let _ = concat!("a", "b"); //> builtin
}

fn chains(log: &Log) {
    println!("{}", inner::twice(1).pow(2)); //> builtin ; macros.rs::inner.twice ; !u32.pow
    println!("{:?}", Some(Log).unwrap().size()); //> builtin ; !Some ; !?.unwrap ; ?
    print!("{}", value::<>(4)); //> builtin ; macros.rs::value
}

macro_rules! shout {
    ($($part:expr),*) => {
        println!("{}", value(1))
    };
}

fn of_the_repository() { //= open
    shout!(1, 2); //> ?
}

fn of_somebody_else() { //= open
    lazy_static!(3); //> ?
    some::other!(value(3)); //> ?
}

fn hidden_in_a_plain_one() { //= open
    println!("{}", shout!(1)); //> builtin ; ?
}

macro_rules! todo {
    () => {
        value(3)
    };
}

fn a_name_of_std_taken() { //= open
    todo!() //> ?
}

fn std_by_path() { //= macros.rs::value
    std::println!("{}", value(1)); //> builtin ; macros.rs::value
}

macro_rules! methods {
    ($($name:ident),*) => {
        impl Log {
            $(fn $name(&self) -> u32 { 1 })*
        }
    };
}

methods!(alpha, beta);

struct Other;

impl Other {
    fn alpha(&self) -> u32 {
        2
    }
}

fn made_by_a_macro(log: &Log) -> u32 { //= open
    log.alpha() + log.beta() //> ? ; ?
}
