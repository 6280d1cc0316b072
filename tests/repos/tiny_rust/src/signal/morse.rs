/// Short, or long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Dot,
    Dash,
}

impl Sign {
    pub fn beats(self) -> u8 {
        match self {
            Sign::Dot => 1,
            Sign::Dash => 3,
        }
    }
}

fn letter(c: char) -> &'static str {
    match c {
        'E' => ".",
        'O' => "---",
        'S' => "...",
        'T' => "-",
        'X' => "-..-",
        _ => "",
    }
}

/// Break words down into the two marks that a telegraph knows; what it has no marks for is left out.
#[inline]
pub fn spell(text: &str) -> Vec<Sign> {
    text.chars().flat_map(|c| letter(c).chars().map(sign)).collect()
}

fn sign(c: char) -> Sign {
    if c == '-' { Sign::Dash } else { Sign::Dot }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> usize {
        spell(text).len()
    }

    /// A test is nobody's task, however well it is documented, and whatever words it has.
    #[test]
    fn help_is_asked_for_in_nine_signs() {
        assert_eq!(letters("SOS"), 9);
        assert_eq!(sign('-'), Sign::Dash);
    }
}
