#![allow(dead_code)]
//! Stones out of the ground.

mod cart;

use cart::Cart;

const BANNER: &str = r#"
/// not documentation
fn dig() {}
"#;

/* the kinds there are */
#[derive(Debug, Clone, PartialEq)]
pub enum Stone {
    /// Made of sand.
    Sandstone,
    Granite { weight: u32 },
    Block(u32),
}

pub struct Pit {
    pub depth: u32,
    stones: Vec<Stone>, // in order
}

pub struct Ticket(u32);

pub fn dig(depth: u32) -> Pit {
    // no deeper than that
    Pit { depth: depth.min(100), stones: Vec::new() }
}

#[inline]
#[must_use]
pub(crate) fn weigh(stone: &Stone) -> u32 {
    match stone {
        Stone::Sandstone => 1,
        Stone::Granite { weight } | Stone::Block(weight) => *weight,
    }
}

impl Pit {
    pub fn lift(&mut self) -> Option<Stone> { self.stones.pop() }

    /// Puts a stone back.
    #[doc(alias = "push")]
    pub fn drop_in(&mut self, stone: Stone) {
        self.stones.push(stone);
    }

    fn total(&self) -> u32 {
        self.stones.iter().map(|stone| weigh(stone)).sum()
    }
}

impl std::fmt::Display for Pit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} deep, {}", self.depth, BANNER)
    }
}

pub trait Tool {
    fn swing(&self) -> u32;

    fn rest(&self) -> u32 { 0 }
}

pub mod survey {
    use super::Pit;

    pub fn look(pit: &Pit) -> u32 {
        fn squint(depth: u32) -> u32 {
            depth / 2
        }
        squint(pit.depth)
    }

    impl Pit {
        pub fn widen(&mut self) {
            self.depth += 1;
        }
    }
}

macro_rules! tool {
    ($name:ident) => {
        /// A tool.
        pub struct $name;
    };
}

tool! {
    Hammer
}

pub fn work(depth: u32) -> Ticket {
    let mut pit = dig(depth);
    pit.drop_in(Stone::Block(2));
    let mut cart = Cart::new();
    cart.load(pit.total());
    survey::look(&pit);
    Ticket(cart.sum())
}

fn left() -> u8 { 1 } fn right() -> u8 { 2 }
