/* The book of the watch. */

use crate::lamp::Lamp;
use crate::signal::{pause, Flash, Signal as _};
use crate::tide::{self, Level};
use crate::Trouble;

//// Four strokes document nothing.
#[derive(Debug, Clone)]
pub struct Entry {
    pub hour: u8,
    pub r#type: String,
}

impl Entry {
    fn new(hour: u8, text: &str) -> Self {
        Entry { hour, r#type: text.to_owned() }
    }

    pub fn r#match(&self, text: &str) -> bool {
        self.r#type == text
    }
}

/// A night at work.
pub struct Watch {
    place: String,
    lamps: Vec<Lamp>,
    entries: Vec<Entry>,
    table: tide::Table,
}

impl Watch {
    pub fn new(place: &str) -> Self {
        Watch { place: place.to_string(), lamps: vec![], entries: Vec::new(), table: Default::default() }
    }

    counter!(written);

    /// Put one more flame behind glass, unless the wick is dry, and count those that are up.
    pub fn light(&mut self, mut lamp: Lamp) -> usize {
        if lamp.kindle() {
            self.lamps.push(lamp);
        }
        self.lamps.len()
    }

    /// Write a line into the book, which nobody may do once the sun is up.
    ///
    /// # Errors
    ///
    /// When it is too late.
    pub fn note(&mut self, hour: u8, text: &str) -> crate::Result<()> {
        if !crate::at_night(hour) {
            return Err(Trouble::Late { hour });
        }
        self.entries.push(Entry::new(hour, text));
        Ok(())
    }

    pub fn gauge(&mut self, hour: u8, centimetres: i32) -> crate::Result<()> {
        self.table.insert(hour, Level::of(centimetres))?;
        self.note(hour, "gauge")
    }

    /// Look a line up by what it says, the latest one first, and give the time at which it was written.
    pub fn last(&self, text: &str) -> Option<u8> {
        self.entries.iter().rev().find(|entry| entry.r#match(text)).map(|entry| entry.hour)
    }

    pub fn say(&self, text: &str) -> Vec<Flash> {
        let mut all: Vec<Flash> = Vec::new();
        for lamp in &self.lamps {
            all.extend(lamp.send(text));
        }
        all.push(pause(3));
        all
    }

    /// Tell visitors what stands in the book so far, in one loud line.
    pub fn boast(&self) -> String {
        shout!(self.place, self.written())
    }

    pub fn brightest(&self) -> Option<&Lamp> {
        fn reach(lamp: &Lamp) -> i64 {
            lamp.visible_from(1.0) as i64
        }
        self.lamps.iter().max_by_key(|lamp| reach(lamp))
    }
}
