use std::fmt;
use std::ops::Deref;

use crate::signal::{Flash, Signal};

/// Burns oil behind glass.
#[derive(Debug, Clone)]
pub struct Lamp {
    lens: Lens,
    oil: u32,
    pub(crate) burning: bool,
}

/// Bends light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lens(pub u8);

impl Lens {
    /** Tell how much farther a beam reaches behind this glass than it would without any.

    Orders above six were never built. */
    pub fn gain(self) -> f64 {
        let order = self.0.min(6);
        f64::from(order) * 1.5 + 1.0
    }
}

impl Default for Lamp {
    fn default() -> Self {
        Self::with_lens(2)
    }
}

impl Lamp {
    pub fn with_lens(order: u8) -> Self {
        Lamp { lens: Lens(order), oil: 10, burning: false }
    }

    /// Pour fuel in, as much as fits, and give back what has to stay in the can.
    #[must_use = "what is left belongs into the can"]
    pub fn refill(&mut self, litres: u32) -> u32 {
        let poured = litres.min(Self::room(self.oil));
        self.oil += poured;
        litres - poured
    }

    fn room(oil: u32) -> u32 {
        40_u32.saturating_sub(oil)
    }

    // How far a beam reaches through air of some clearness.
    pub fn visible_from(&self, clearness: f64) -> f64 {
        if self.burning { self.gain() * clearness } else { 0.0 }
    }

    pub fn kindle(&mut self) -> bool {
        self.burning = self.oil > 0;
        self.burning
    }
}

// A lamp does what its lens does.
impl Deref for Lamp {
    type Target = Lens;

    fn deref(&self) -> &Lens {
        &self.lens
    }
}

impl Signal for Lamp {
    fn send(&self, text: &str) -> Vec<Flash> {
        if !self.burning {
            return Vec::new();
        }
        crate::signal::flashes(text)
    }
}

impl fmt::Display for Lamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lamp of order {}", self.lens.0)
    }
}
