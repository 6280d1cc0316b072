#[path = "common/mod.rs"]
mod common;

use lighthouse::{Signal, Watch};

#[test]
fn a_night_is_written_down() {
    let watch: Watch = common::night();
    assert_eq!(watch.last("lit"), Some(21));
    assert!(!watch.say("SOS").is_empty());
}

#[test]
fn a_dark_lamp_is_silent() {
    assert!(lighthouse::Lamp::default().send("SOS").is_empty());
}
