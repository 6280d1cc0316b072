macro_rules! counter {
    ($name:ident) => {
        pub fn $name(&self) -> usize {
            self.entries.len()
        }
    };
}

macro_rules! shout {
    ($($part:expr),*) => {
        format!("{}!", [$($part.to_string()),*].join(" "))
    };
}
