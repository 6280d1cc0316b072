//! Types that stand in for others.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::LazyLock;

struct Inner;

impl Inner {
    fn work(&self) -> u32 {
        1
    }

    fn both(&self) -> u32 {
        1
    }
}

struct Outer {
    inner: Inner,
}

impl Deref for Outer {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Outer {
    fn both(&self) -> u32 {
        2
    }
}

#[derive(Clone)]
struct Text(Vec<Inner>);

impl Deref for Text {
    type Target = Vec<Inner>;

    fn deref(&self) -> &Vec<Inner> {
        &self.0
    }
}

impl Text {
    fn cut(&self) {}
}

fn derived_before_deref(text: &Text) {
    let other = text.clone(); //> !Text.clone
    other.cut(); //> deref.rs::Text.cut
    other.len() //> !Vec.len
}

fn through_deref(outer: Outer) -> u32 { //= deref.rs::Inner.work, deref.rs::Outer.both
    outer.work(); //> deref.rs::Inner.work
    outer.both() //> deref.rs::Outer.both
}

struct Holder<T>(T);

impl<T> Deref for Holder<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

fn through_a_generic_one(held: Holder<Inner>, any: Holder<u8>) -> u32 {
    held.work(); //> deref.rs::Inner.work
    any.work() //> !u8.work
}

static SHARED: LazyLock<Inner> = LazyLock::new(|| Inner); //> !std::sync::LazyLock::new

fn lazily() -> u32 { //= deref.rs::Inner.work
    SHARED.work() //> deref.rs::Inner.work
}

fn cow(text: Cow<'_, str>) -> usize { //= none
    text.len() //> !str.len
}

fn of_an_outside_holder(held: outside::Held<Inner>) -> u32 { //= open
    held.work() //> ?
}

fn raw(pointer: *const Inner) -> u32 {
    unsafe { (*pointer).work() } //> deref.rs::Inner.work
}
