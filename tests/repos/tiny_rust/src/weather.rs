#[derive(Clone, Copy)]
pub(crate) enum Sky {
    Clear,
    Fog { thickness: f64 },
}

impl Sky {
    pub fn guess(miles: f64) -> Sky {
        if miles < 9.0 { Self::Clear } else { Self::Fog { thickness: scatter(miles) } }
    }

    /// Give the part of a beam that comes through, between nothing and all of it.
    pub fn clearness(&self) -> f64 {
        match *self {
            Sky::Clear => 1.0,
            Sky::Fog { thickness } => 1.0 / (1.0 + thickness),
        }
    }
}

#[cfg(feature = "salt")]
fn scatter(miles: f64) -> f64 {
    miles / 3.0
}

#[cfg(not(feature = "salt"))]
fn scatter(miles: f64) -> f64 {
    miles / 8.0
}
