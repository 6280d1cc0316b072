use std::collections::BTreeMap;

use crate::{Result, Trouble};

/// How high the water stands.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Level {
    pub centimetres: i32,
}

impl Level {
    pub const FLOOD: Level = Level { centimetres: 480 };

    pub fn of(centimetres: i32) -> Self {
        Self { centimetres }
    }

    /// Refuse heights at which the stairs are under water, and hand every other one on.
    pub fn checked(self) -> Result<Self> {
        if self.is_flood() {
            Err(Trouble::Flooded(self))
        } else {
            Ok(self)
        }
    }

    pub fn is_flood(&self) -> bool {
        *self >= Self::FLOOD
    }
}

/// Remembers what the gauge at the pier showed.
#[derive(Default)]
pub struct Table {
    rows: BTreeMap<u8, Level>,
}

impl Table {
    pub fn insert(&mut self, hour: u8, level: Level) -> Result<()> {
        self.rows.insert(hour % 24, level.checked()?);
        Ok(())
    }

    /// Find the moment when a boat comes closest to the pier, if the gauge was read at all.
    pub fn highest(&self) -> Option<u8> {
        let mut best = None;
        for (hour, level) in &self.rows {
            if best.map_or(true, |(_, top)| level.centimetres > top) {
                best = Some((*hour, level.centimetres));
            }
        }
        best.map(|(hour, _)| hour)
    }

    pub fn get(&self, hour: u8) -> Option<Level> {
        self.rows.get(&hour).copied()
    }
}
