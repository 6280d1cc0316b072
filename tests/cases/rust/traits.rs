//! Traits: what a call through one may run, and what is certain.

use std::fmt;

pub trait Draw {
    fn draw(&self) -> u32;

    fn twice(&self) -> u32 { //= open
        self.draw() + self.draw() //> ? ; ?
    }

    fn hollow(&self) -> bool {
        false
    }

    fn make() -> Self
    where
        Self: Sized;
}

#[derive(Clone, Debug, PartialEq, Default)]
pub struct Circle {
    radius: u32,
}

pub struct Square;

impl Draw for Circle {
    fn draw(&self) -> u32 {
        self.radius
    }

    fn hollow(&self) -> bool {
        true
    }

    fn make() -> Self {
        Circle { radius: 1 }
    }
}

impl Draw for Square {
    fn draw(&self) -> u32 {
        self.side() //> traits.rs::Square.side
    }

    fn make() -> Square {
        Square
    }
}

impl Square {
    fn side(&self) -> u32 {
        2
    }

    /// Inherent methods go first.
    fn twice(&self) -> u32 {
        4
    }
}

fn by_generic<T: Draw>(shape: &T) -> u32 { //= open
    shape.draw() //> ?
}

fn by_where<T>(shape: T) -> u32
where
    T: Draw,
{
    shape.draw() + T::make().draw() //> ? ; ? ; ?
}

fn by_impl(shape: impl Draw) -> u32 {
    shape.draw() //> ?
}

fn by_dyn(shape: &dyn Draw, held: Box<dyn Draw + Send>, all: Vec<Box<dyn Draw>>) -> u32 {
    shape.draw() + held.hollow(); //> ? ; ?
    all[0].draw() //> ?
}

fn returned() -> impl Draw {
    Square
}

fn of_a_returned_trait() -> u32 {
    returned().draw() //> traits.rs::returned ; ?
}

fn by_concrete(circle: &Circle, square: Square) -> u32 {
    circle.draw(); //> traits.rs::Circle.draw [annotation]
    circle.twice(); //> traits.rs::Draw.twice
    circle.hollow(); //> traits.rs::Circle.hollow
    square.hollow(); //> traits.rs::Draw.hollow
    square.twice() //> traits.rs::Square.twice
}

fn written_with_the_type(circle: &Circle) -> u32 {
    Circle::draw(circle); //> traits.rs::Circle.draw [class]
    Circle::make().draw() //> traits.rs::Circle.make ; traits.rs::Circle.draw
}

fn written_with_the_trait(circle: &Circle) -> u32 { //= open
    Draw::draw(circle) //> ?
}

fn written_with_both(circle: &Circle, square: &Square) -> u32 {
    <Circle as Draw>::draw(circle); //> traits.rs::Circle.draw [class]
    <Square as Draw>::twice(square); //> traits.rs::Draw.twice
    <Circle>::draw(circle) //> traits.rs::Circle.draw
}

fn written_with_a_parameter<T: Draw>(shape: T) -> u32 {
    <T as Draw>::draw(&shape) + T::twice(&shape) //> ? ; ?
}

fn derived(circle: &Circle) -> Circle { //= none
    let other = Circle::default(); //> !Circle.default
    circle.eq(&other); //> !Circle.eq
    circle.clone() //> !Circle.clone
}

fn after_a_derived_clone(circle: &Circle) -> u32 {
    circle.clone().draw() //> !Circle.clone ; traits.rs::Circle.draw
}

impl Default for Square {
    fn default() -> Self {
        Square
    }
}

impl Clone for Square {
    fn clone(&self) -> Self {
        Square::default() //> traits.rs::Square.default
    }
}

impl fmt::Display for Square {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("square") //> !std::fmt::Formatter.write_str
    }
}

impl fmt::Debug for Square {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f) //> ?
    }
}

fn of_outside_traits(square: &Square) -> String {
    let _ = square.clone().side(); //> traits.rs::Square.clone ; traits.rs::Square.side
    let _: Square = Default::default(); //> ?
    square.to_string() //> !Square.to_string
}

fn two_traits_with_one_name(square: &Square, f: &mut fmt::Formatter) {
    square.fmt(f); //> ?
}

trait Size {
    fn size(&self) -> usize;
}

impl<T: Draw> Size for T {
    fn size(&self) -> usize {
        self.draw() as usize //> ?
    }
}

fn by_a_blanket(circle: &Circle) -> usize { //= open
    circle.size() //> ?
}

trait Weigh {
    fn weigh(&self) -> u32;
    fn total(&self) -> u32;
}

impl Weigh for Square {
    fn weigh(&self) -> u32 {
        1
    }

    fn total(&self) -> u32 {
        self.weigh() //> traits.rs::Square.weigh
    }
}

impl<'a> Weigh for &'a Square {
    fn weigh(&self) -> u32 {
        self.side() //> traits.rs::Square.side
    }

    /// `self` is `&&Square` here, so that this is the method of `&Square`.
    fn total(&self) -> u32 { //= open
        self.weigh() //> ?
    }
}

trait Shout {
    fn shout(&self) -> String;

    fn whisper(&self) -> String {
        String::new() //> !String::new
    }
}

impl Shout for str {
    fn shout(&self) -> String {
        self.to_uppercase() //> !str.to_uppercase
    }
}

fn of_an_outside_type(text: &str, number: u8) -> String { //= open
    text.trim(); //> !str.trim
    number.leading_zeros(); //> !u8.leading_zeros
    text.shout() //> ?
}

pub trait Named: Draw {
    const NAME: &'static str;

    fn label(&self) -> String {
        Self::NAME.to_string() //> !?.to_string
    }
}

impl Named for Circle {
    const NAME: &'static str = "circle";
}

fn inherited_bounds<N: Named>(named: N, circle: Circle) -> u32 {
    circle.label(); //> traits.rs::Named.label
    named.draw() //> ?
}

struct Counter(u32);

impl Iterator for Counter {
    type Item = Circle;

    fn next(&mut self) -> Option<Self::Item> { //= traits.rs::Circle.make
        Some(Circle::make()) //> !Some ; traits.rs::Circle.make
    }
}

fn iterates(mut counter: Counter) -> u32 {
    counter.next().unwrap().draw(); //> traits.rs::Counter.next ; !Option.unwrap ; traits.rs::Circle.draw
    counter.by_ref(); //> !Counter.by_ref
    3
}

trait Convert<T> {
    fn convert(&self) -> T;
}

impl Convert<u8> for Square {
    fn convert(&self) -> u8 {
        1
    }
}

impl Convert<u16> for Square {
    fn convert(&self) -> u16 {
        2
    }
}

fn which_one(square: &Square) -> u8 { //= open
    square.convert() //> ?
}

trait ByValue {
    fn settle(self) -> u32;
}

impl ByValue for Circle {
    fn settle(self) -> u32 {
        1
    }
}

impl Circle {
    fn settle(&self) -> u32 {
        2
    }
}

fn the_receiver_decides(circle: Circle) -> u32 { //= open
    circle.settle() //> ?
}

trait Hidden {
    fn hidden(&self) -> u32 {
        1
    }
}

macro_rules! implement {
    ($kind:ty) => {
        impl Hidden for $kind {}
    };
}

implement!(Circle);

fn implemented_by_a_macro(circle: &Circle) -> u32 { //= open
    circle.hidden() //> ?
}
