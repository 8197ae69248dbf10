//! How a language is asked for, and how it is written: what only words need to know of one.

use guerdon_domain::programme::{Brand, language::Language};

use crate::PointsWords;

/// How a language is asked for, and how it is written.
pub trait LanguageExt: Sized {
    /// The language of a tag such as "pl" or "pl-PL": by its first part, in any case.
    fn from_code(code: &str) -> Option<Self>;

    /// The language that suits an `Accept-Language` header best: of those that are here the one with the highest weight, the
    /// first of equals. English if none suits.
    fn negotiate(accept_language: &str) -> Self;

    /// The language for a member: what they chose, or else what their browser asks for, if the programme speaks it; else the
    /// programme's first.
    fn for_member(brand: &Brand, chosen: Option<&str>, accept_language: &str) -> Self;

    /// The `dir` of a page: "ltr" or "rtl".
    fn direction(self) -> &'static str;

    /// Its name in itself, for choosing it.
    fn endonym(self) -> &'static str;
}

impl LanguageExt for Language {
    fn from_code(code: &str) -> Option<Self> {
        let first = code.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(first))
    }

    fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(u16, Self)> = None;
        // A header of a thousand ranges is no browser's.
        for range in accept_language.split(',').take(50) {
            let mut parts = range.split(';');
            let Some(language) = parts.next().and_then(from_range) else { continue };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q="));
            let weight = weight.map_or(1000, thousandths);
            if weight > best.map_or(0, |(weight, _)| weight) {
                best = Some((weight, language));
            }
        }
        best.map_or(Self::En, |(_, language)| language)
    }

    fn for_member(brand: &Brand, chosen: Option<&str>, accept_language: &str) -> Self {
        let chosen = chosen.and_then(Self::from_code);
        let asked = (!accept_language.is_empty()).then(|| Self::negotiate(accept_language));
        let spoken = |language: &Self| brand.languages.contains(language);
        let known = chosen.into_iter().chain(asked).find(spoken);
        known.or(brand.languages.first().copied()).unwrap_or(Self::En)
    }

    fn direction(self) -> &'static str {
        if is_rtl(self) { "rtl" } else { "ltr" }
    }

    fn endonym(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Pl => "Polski",
            Self::De => "Deutsch",
            Self::Th => "ไทย",
            Self::Ko => "한국어",
            Self::Ar => "العربية",
        }
    }
}

fn from_range(range: &str) -> Option<Language> {
    if range.trim() == "*" { Some(Language::En) } else { Language::from_code(range) }
}

/// Whether it is written from right to left.
pub(crate) fn is_rtl(language: Language) -> bool {
    match language {
        Language::Ar => true,
        Language::En | Language::Pl | Language::De | Language::Th | Language::Ko => false,
    }
}

/// The locale whose conventions it follows. English is that of readers anywhere: the day before the month, 24 hours.
pub(crate) fn locale(language: Language) -> &'static str {
    match language {
        Language::En => "en-GB",
        _ => language.code(),
    }
}

/// Its texts.
pub(crate) fn source(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../languages/en.ftl"),
        Language::Pl => include_str!("../languages/pl.ftl"),
        Language::De => include_str!("../languages/de.ftl"),
        Language::Th => include_str!("../languages/th.ftl"),
        Language::Ko => include_str!("../languages/ko.ftl"),
        Language::Ar => include_str!("../languages/ar.ftl"),
    }
}

/// What it calls points, unless a programme says otherwise.
pub(crate) fn points(language: Language) -> PointsWords {
    match language {
        Language::En => PointsWords::new("points").one("point"),
        Language::Pl => PointsWords::new("punktu").one("punkt").few("punkty").many("punktów"),
        Language::De => PointsWords::new("Punkte").one("Punkt"),
        Language::Th => PointsWords::new("คะแนน"),
        Language::Ko => PointsWords::new("포인트"),
        Language::Ar => PointsWords::new("نقطة").few("نقاط"),
    }
}

/// A weight such as "0.8" in thousandths; what is no weight counts as none.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u16>()) {
        ("1", _) => 1000,
        ("0", Ok(thousandths)) => thousandths,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_language_that_is_here_wins() {
        for (header, language) in [
            ("", Language::En),
            ("pl-PL,pl;q=0.9,en-US;q=0.8,en;q=0.7", Language::Pl),
            ("fr-FR, de;q=0.5, ko;q=0.75", Language::Ko),
            ("fr, *;q=0.1", Language::En),
            ("de;q=0, th;q=0.001", Language::Th),
            ("DE_at", Language::De),
            ("ar;level=1;q=0.3,en;q=0.2", Language::Ar),
            ("de;q=x,;;q=,,\u{202e}", Language::En),
        ] {
            assert_eq!(Language::negotiate(header), language, "{header}");
        }
    }

    #[test]
    fn codes_go_both_ways() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
            assert_eq!(language.direction() == "rtl", language == Language::Ar);
        }
        assert_eq!(Language::from_code("fr"), None);
    }
}
