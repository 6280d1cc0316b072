//! Keeps a lighthouse.

#[macro_use]
mod macros;

pub mod journal;
mod lamp;
pub mod signal;
pub mod tide;
mod weather;

pub use journal::{Entry, Watch};
pub use lamp::*;
pub use signal::{morse::spell, Signal};
pub use tide::Level as Mark;

use weather::Sky;

/// What can go wrong on a rock in the sea.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// Nothing is left to burn.
    Dark,
    Flooded(Mark),
    Late { hour: u8 },
}

pub type Result<T> = std::result::Result<T, Trouble>;

/// Decide whether a captain at some distance can steer by what burns up here tonight.
///
/// Neither the curve of the sea nor a wet deck is thought of.
///
/// ```
/// assert!(!lighthouse::can_steer(&lighthouse::Lamp::with_lens(4), 1.0));
/// ```
pub fn can_steer(lamp: &Lamp, miles: f64) -> bool {
    let sky = Sky::guess(miles);
    lamp.visible_from(sky.clearness()) >= miles
}

pub(crate) fn at_night(hour: u8) -> bool {
    hour < 6 || hour > 20
}

pub fn begin(name: &str, hour: u8) -> Result<Watch> {
    if !at_night(hour) {
        return Err(Trouble::Late { hour });
    }
    let mut watch = Watch::new(name);
    watch.light(Lamp::default());
    watch.note(hour, "lit")?;
    Ok(watch)
}
