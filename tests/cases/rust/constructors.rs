//! Creating an instance marks the type: tuple structs and variants are called, literals are not calls.

struct Metres(f64);
struct Point {
    x: f64,
}
struct Unit;
enum Shape {
    Circle(Metres),
    Square { side: Metres },
    Empty,
}

use Shape::Circle;

type Length = Metres;

impl Shape {
    fn unit() -> Self { //= constructors.rs::Metres, constructors.rs::Shape
        Self::Circle(Metres(1.0)) //> constructors.rs::Shape [self] ; constructors.rs::Metres
    }

    fn Upper() -> Shape {
        Shape::Empty
    }
}

fn tuple_struct() -> Metres { //= constructors.rs::Metres
    Metres(1.0) //> constructors.rs::Metres [lexical]
}

fn variant() -> Shape { //= constructors.rs::Metres, constructors.rs::Shape
    Shape::Circle(Metres(2.0)) //> constructors.rs::Shape [class] ; constructors.rs::Metres
}

fn imported_variant() -> Shape { //= constructors.rs::Metres, constructors.rs::Shape
    Circle(Metres(2.0)) //> constructors.rs::Shape [import] ; constructors.rs::Metres
}

fn through_an_alias() -> Shape {
    Shape::Upper() //> constructors.rs::Shape.Upper
}

fn literals() -> (Point, Unit, Shape) { //= none
    let side = Metres { 0: 1.0 };
    (Point { x: 1.0 }, Unit, Shape::Square { side })
}

fn literal_with_calls() -> Point { //= constructors.rs::number
    Point { x: number() } //> constructors.rs::number
}

fn number() -> f64 {
    1.0
}

fn patterns_are_no_calls(shape: Shape) -> f64 { //= none
    match shape {
        Shape::Circle(Metres(n)) => n,
        Circle(_) | Shape::Empty => 0.0,
        Shape::Square { side } => side.0,
    }
}

fn passed_as_a_function(all: Vec<f64>) -> Vec<Metres> { //= none
    all.into_iter().map(Metres).collect() //> !Vec.into_iter ; !Iterator.map ; !Iterator.collect
}

fn of_the_prelude() -> Result<Option<u8>, ()> { //= none
    let _ = Some(1); //> !Some
    let _ = Box::new(3); //> !Box::new
    Ok(None) //> !Ok
}

fn methods_of_variants() -> f64 {
    let shape = Circle(Metres(1.0)); //> constructors.rs::Shape ; constructors.rs::Metres
    shape.area() + Shape::Empty.area() //> constructors.rs::Shape.area ; constructors.rs::Shape.area
}

impl Shape {
    fn area(&self) -> f64 {
        match self {
            Self::Circle(radius) => radius.squared(), //> constructors.rs::Metres.squared
            Shape::Square { side } => side.squared(), //> constructors.rs::Metres.squared
            Self::Empty => 0.0,
        }
    }
}

impl Metres {
    fn squared(&self) -> f64 {
        let Metres(n) = self;
        n.powi(2) //> !f64.powi
    }
}

fn conversion(n: u8) -> u32 { //= none
    u32::from(n) //> !u32::from
}
