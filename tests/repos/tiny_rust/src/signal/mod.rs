//! What ships are told.

pub mod morse;

use self::morse::{spell, Sign};

/// One look at the light, and how long it lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flash {
    pub beats: u8,
    pub lit: bool,
}

/// Whatever tells ships something.
pub trait Signal {
    fn send(&self, text: &str) -> Vec<Flash>;

    /// Say the same thing over and over, with darkness between, for whoever did not look.
    fn repeat(&self, text: &str, times: usize) -> Vec<Flash> {
        let mut all = Vec::new();
        for _ in 0..times {
            all.extend(self.send(text));
            all.push(pause(7));
        }
        all
    }
}

pub fn pause(beats: u8) -> Flash {
    Flash { beats, lit: false }
}

/// Turn what should be said into what can be seen from a bridge: light and darkness by turns.
pub fn flashes(text: &str) -> Vec<Flash> {
    let mut found = Vec::new();
    for sign in spell(text) {
        found.push(Flash { beats: sign.beats(), lit: true });
        found.push(pause(1));
    }
    found
}

/// Makes noise in fog.
pub struct Horn;

impl Signal for Horn {
    fn send(&self, text: &str) -> Vec<Flash> {
        spell(text).iter().map(|sign: &Sign| pause(sign.beats())).collect()
    }
}

// Which of them sends is known when it runs.
pub fn broadcast(all: &[Box<dyn Signal>], text: &str) -> usize {
    all.iter().map(|one| one.send(text).len()).sum()
}

pub fn alarm(horn: &Horn) -> usize {
    horn.repeat("SOS", 3).len() + Horn.send("X").len()
}
