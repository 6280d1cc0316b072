//! What a name means: items, locals, shadowing, closures and function values.

use std::cmp::max as larger;

fn helper(n: u32) -> u32 { //= none
    n
}

fn other(n: u32) -> u32 {
    n + 1
}

static TABLE: [fn(u32) -> u32; 2] = [helper, other];
const PICK: fn(u32) -> u32 = helper;

fn calls() -> u32 { //= names.rs::helper
    helper(1) //> names.rs::helper [lexical]
}

fn recursive(n: u32) -> u32 { //= none
    if n == 0 { 0 } else { recursive(n - 1) } //> names.rs::recursive
}

fn used_before_it_is_defined() -> u32 {
    late() //> names.rs::late
}

fn late() -> u32 {
    larger(1, 2) //> !std::cmp::max
}

fn inner_function_wins() -> u32 { //= names.rs::other
    fn helper(n: u32) -> u32 {
        other(n) //> names.rs::other
    }
    helper(1) //> names.rs::inner_function_wins.helper [lexical]
}

fn inner_function_of_a_block(flag: bool) -> u32 {
    if flag {
        fn helper(n: u32) -> u32 {
            n
        }
        return helper(1); //> names.rs::inner_function_of_a_block.helper
    }
    helper(2) //> names.rs::helper
}

fn parameter_shadows(helper: fn(u32) -> u32) -> u32 { //= open
    helper(1) //> ?
}

fn generic_callable<F: Fn(u32) -> u32>(run: F, other: impl Fn(u32) -> u32) -> u32 { //= open
    run(1) + other(2) //> ? ; ?
}

fn where_callable<F>(run: F) -> u32
where
    F: FnOnce(u32) -> u32,
{
    run(1) //> ?
}

fn boxed_callable(run: Box<dyn Fn(u32) -> u32>) -> u32 {
    run(1) //> ?
}

fn closure_that_is_seen() -> u32 { //= names.rs::helper
    let twice = |n: u32| helper(n) + helper(n); //> names.rs::helper ; names.rs::helper
    twice(2) //> builtin
}

fn local_shadows_an_item() -> u32 { //= names.rs::other
    let helper = |n: u32| n;
    let _ = helper(3); //> builtin
    other(3) //> names.rs::other
}

fn shadowed_from_here_on() -> u32 { //= names.rs::helper
    let first = helper(1); //> names.rs::helper
    let helper = move |n: u32| n + first;
    helper(2) //> builtin
}

fn only_in_the_block() -> u32 {
    {
        let helper = |n: u32| n;
        helper(1); //> builtin
    }
    helper(2) //> names.rs::helper
}

fn another_name_for_an_item() -> u32 { //= names.rs::helper
    let run = helper;
    run(1) //> names.rs::helper [alias]
}

fn as_a_pointer(flag: bool) -> u32 { //= open
    let run: fn(u32) -> u32 = helper;
    let either = if flag { helper } else { other };
    run(1) + either(2) //> ? ; ?
}

fn from_a_table(n: usize) -> u32 {
    TABLE[n](1) //> ?
}

fn from_a_constant() -> u32 {
    PICK(1) //> ?
}

fn passed_on(numbers: Vec<u32>) -> Vec<u32> { //= none
    numbers.into_iter().map(helper).collect() //> !Vec.into_iter ; !Iterator.map ; !Iterator.collect
}

fn in_nested_code() -> u32 { //= names.rs::helper, names.rs::other
    let run = || {
        let again = || helper(1); //> names.rs::helper
        again() //> builtin
    };
    match run() { //> builtin
        0 => other(1), //> names.rs::other
        n if helper(n) > 3 => n, //> names.rs::helper
        _ => unsafe { other(2) }, //> names.rs::other
    }
}

fn pattern_names_shadow(value: Option<fn(u32) -> u32>) -> u32 {
    if let Some(helper) = value {
        return helper(1); //> ?
    } else {
        helper(2); //> names.rs::helper
    }
    while let Some(helper) = value {
        helper(3); //> ?
    }
    for helper in TABLE {
        helper(4); //> ?
    }
    match value {
        Some(other) => other(5), //> ?
        None => other(6), //> names.rs::other
    }
}

fn closure_parameter_shadows() -> u32 {
    let apply = |helper: fn(u32) -> u32| helper(1); //> ?
    apply(helper) //> builtin
}

struct Hook {
    run: fn(u32) -> u32,
}

impl Hook {
    fn run(&self) -> u32 { //= open
        (self.run)(1) //> ?
    }

    fn numbered(pair: &(u32, fn(u32) -> u32)) -> u32 { //= open
        println!("{}", pair.1(2)); //> builtin ; ?
        pair.1(pair.0) //> ?
    }

    fn both(&self) -> u32 { //= names.rs::Hook.run
        self.run() //> names.rs::Hook.run [self]
    }
}

fn raw_names() -> u32 {
    r#match(1) //> names.rs::match
}

fn r#match(n: u32) -> u32 {
    n
}

fn unknown_name() -> u32 { //= open
    nowhere(1) //> ?
}

fn types_and_values_are_apart() -> u32 {
    let shapes = 3;
    shapes::area(shapes) //> names.rs::shapes.area [module]
}

mod shapes {
    pub fn area(side: u32) -> u32 {
        side * side
    }

    fn does_not_see_around() -> u32 {
        helper(1) //> ?
    }
}
