//! Languages that members are spoken to in, and their plurals.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

/// A language that statements and pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Polish.
    Pl,
    /// German.
    De,
    /// Thai.
    Th,
    /// Korean.
    Ko,
    /// Arabic.
    Ar,
}

/// A category of numbers that take the same form of a word (Unicode CLDR).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Plural {
    /// Nothing.
    Zero,
    /// One, or what is like it.
    One,
    /// Two.
    Two,
    /// A few.
    Few,
    /// Many.
    Many,
    /// All others.
    Other,
}

/// What points are called in one language, by the plurals it has.
pub type Words = BTreeMap<Plural, String>;

impl Language {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::En, Self::Pl, Self::De, Self::Th, Self::Ko, Self::Ar];

    /// Its code: "pl".
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Pl => "pl",
            Self::De => "de",
            Self::Th => "th",
            Self::Ko => "ko",
            Self::Ar => "ar",
        }
    }

    /// Its name in English.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Pl => "Polish",
            Self::De => "German",
            Self::Th => "Thai",
            Self::Ko => "Korean",
            Self::Ar => "Arabic",
        }
    }

    /// The language of a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The plurals that whole numbers take in it. Points are whole, so what CLDR has for fractions alone is left out.
    pub fn plurals(self) -> &'static [Plural] {
        match self {
            Self::En | Self::De => &[Plural::One, Plural::Other],
            Self::Pl => &[Plural::One, Plural::Few, Plural::Many],
            Self::Th | Self::Ko => &[Plural::Other],
            Self::Ar => &Plural::ALL,
        }
    }
}

impl Plural {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Zero, Self::One, Self::Two, Self::Few, Self::Many, Self::Other];

    /// How the file and CLDR call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_both_ways() {
        for language in Language::ALL {
            assert_eq!(Language::of(language.code()), Some(language));
        }
        assert_eq!(Language::of("fr"), None);
    }
}
