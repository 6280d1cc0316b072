extern crate outside;
extern crate core as base;

mod tools;
mod user;

pub fn root() {}
