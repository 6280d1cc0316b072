//! Inherent methods: impl blocks, Self, receivers, pointers to them.

use std::rc::Rc;
use std::sync::Arc;

pub struct Tree {
    name: String,
    root: Node,
    spare: Option<Box<Node>>,
    shared: Arc<Node>,
    rest: Vec<Node>,
}

pub struct Node(u32);

impl Node {
    pub const ZERO: Node = Node(0); //> impls.rs::Node

    pub fn new(value: u32) -> Self { //= impls.rs::Node
        Self(value) //> impls.rs::Node [self]
    }

    pub fn of(value: u32) -> Node { //= impls.rs::Node.new
        Self::new(value) //> impls.rs::Node.new [self]
    }

    pub fn value(&self) -> u32 {
        self.0.pow(1) //> !u32.pow
    }

    pub fn grow(&mut self) -> &mut Self {
        self.0 += 1;
        self
    }

    pub fn into_value(self) -> u32 { //= impls.rs::Node.value
        self.value() //> impls.rs::Node.value [self]
    }

    pub fn boxed(self: Box<Self>) -> u32 {
        self.value() //> impls.rs::Node.value
    }
}

impl Node {
    fn second_block(&self) -> u32 {
        self.value() + Node::helper() //> impls.rs::Node.value ; impls.rs::Node.helper [class]
    }

    fn helper() -> u32 {
        1
    }
}

impl Tree {
    fn name(&self) -> &str {
        self.name.as_str() //> !String.as_str
    }

    fn field_and_method(&self) -> usize { //= impls.rs::Tree.name
        self.name().len() + self.name.len() //> impls.rs::Tree.name ; !str.len ; !String.len
    }

    fn through_fields(&mut self) -> u32 { //= impls.rs::Node.value, impls.rs::Node.grow
        self.root.grow().grow(); //> impls.rs::Node.grow [attribute] ; impls.rs::Node.grow [return]
        self.root.0.pow(2); //> !u32.pow
        let inner = &self.root;
        inner.value() //> impls.rs::Node.value
    }

    fn through_pointers(&self) -> u32 {
        let spare = self.spare.as_ref().unwrap(); //> !Option.as_ref ; !Option.unwrap
        spare.value() + self.shared.value() //> impls.rs::Node.value ; impls.rs::Node.value
    }

    fn elements(&mut self) -> u32 {
        self.rest[0].value(); //> impls.rs::Node.value
        self.rest.push(Node::new(1)); //> !Vec.push ; impls.rs::Node.new
        for node in &self.rest {
            node.value(); //> impls.rs::Node.value
        }
        for (_, node) in self.rest.iter_mut().enumerate() { //> !Vec.iter_mut ; !Iterator.enumerate
            node.grow(); //> impls.rs::Node.grow
        }
        self.rest.first().unwrap().value() //> !Vec.first ; !Option.unwrap ; impls.rs::Node.value
    }
}

fn receivers(node: Node, by: &Node, mutable: &mut Node, held: Box<Node>, counted: Rc<Node>) -> u32 {
    node.value(); //> impls.rs::Node.value [annotation]
    by.value(); //> impls.rs::Node.value
    mutable.grow(); //> impls.rs::Node.grow
    held.value(); //> impls.rs::Node.value
    counted.value(); //> impls.rs::Node.value
    (*counted).value(); //> impls.rs::Node.value
    (&node).value(); //> impls.rs::Node.value
    Rc::clone(&counted).value(); //> !std::rc::Rc::clone ; ?
    counted.clone().value() //> !Rc.clone ; impls.rs::Node.value
}

fn written_with_the_type(node: &Node) -> u32 { //= impls.rs::Node.value
    Node::value(node) //> impls.rs::Node.value [class]
}

fn created_here() -> u32 {
    let made = Node::new(3); //> impls.rs::Node.new
    let node = Node(4); //> impls.rs::Node [lexical]
    let zero = Node::ZERO;
    made.value(); //> impls.rs::Node.value [return]
    zero.value(); //> impls.rs::Node.value
    node.value() //> impls.rs::Node.value [constructor]
}

fn chained() -> u32 {
    Node::new(3).grow().value() //> impls.rs::Node.new ; impls.rs::Node.grow ; impls.rs::Node.value
}

fn no_such_method(node: Node) { //= none
    node.vanish(); //> !Node.vanish
}

pub struct Wrapper<T> {
    inner: T,
    list: Vec<T>,
}

impl<T> Wrapper<T> {
    fn new(inner: T) -> Self {
        Wrapper { inner, list: Vec::new() } //> !Vec::new
    }

    fn get(&self) -> &T {
        &self.inner
    }

    fn open_inside(&self) -> u32 { //= open
        self.inner.value() //> ?
    }

    fn many(&self) -> usize {
        self.list.len() + self.get().anything() //> !Vec.len ; impls.rs::Wrapper.get ; !?.anything
    }
}

impl Wrapper<Node> {
    fn only_for_nodes(&self) -> u32 { //= impls.rs::Node.value, impls.rs::Wrapper.get
        self.inner.value() + self.get().value() //> impls.rs::Node.value ; impls.rs::Wrapper.get ; impls.rs::Node.value
    }
}

impl Wrapper<u8> {
    fn twice(&self) -> u8 {
        1
    }
}

impl Wrapper<u16> {
    fn twice(&self) -> u16 {
        2
    }
}

fn several_for_one_name(wrapper: Wrapper<u8>, other: &Wrapper<u16>) {
    wrapper.twice(); //> impls.rs::Wrapper.twice
    other.twice(); //> impls.rs::Wrapper.twice#2
    let unclear = Wrapper::new(text.parse().unwrap()); //> impls.rs::Wrapper.new ; !?.parse ; !?.unwrap
    unclear.twice(); //> ?
}

fn generic_argument(wrapper: &Wrapper<Node>) -> u32 {
    wrapper.inner.value(); //> impls.rs::Node.value
    wrapper.get().value() //> impls.rs::Wrapper.get ; impls.rs::Node.value
}

union Bits {
    whole: u32,
}

impl Bits {
    fn read(&self) -> u32 {
        unsafe { self.whole.count_ones() } //> !u32.count_ones
    }
}

fn of_a_union(bits: Bits) -> u32 {
    bits.read() //> impls.rs::Bits.read
}

mod inner {
    pub struct Node;

    impl Node {
        pub fn value(&self) -> u32 {
            7
        }
    }

    impl super::Tree {
        pub fn grown(&self) -> u32 {
            self.root.value() + Node.value() //> impls.rs::Node.value ; impls.rs::inner.Node.value
        }
    }
}

fn same_name_elsewhere(node: inner::Node, tree: &Tree) -> u32 {
    node.value() + tree.grown() //> impls.rs::inner.Node.value ; impls.rs::inner.Tree.grown
}
