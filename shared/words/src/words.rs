//! The words of a programme in a language.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};

use crate::{Language, Naming, PointsWords, bundle, dates::Dates, isolate, numbers::Numbers};

/// What a text is given: a number that its words may depend on, or a text that is ready to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg<'a> {
    /// A whole number.
    Number(i64),
    /// A text, which is isolated where it could reorder what is around it.
    Text(Cow<'a, str>),
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Arg<'_> {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Arg<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

/// The words of a programme in a language. Made once, used by any number of threads.
pub struct Words {
    language: Language,
    programme: String,
    points: PointsWords,
    pub(crate) numbers: Numbers,
    pub(crate) dates: Dates,
}

impl Words {
    /// The words of a programme in a language.
    pub fn new(language: Language, naming: &Naming) -> Self {
        Self {
            language,
            programme: naming.programme.clone(),
            points: naming.points(language),
            numbers: Numbers::new(language),
            dates: Dates::new(language),
        }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// What points are called, by themselves: "beans".
    pub fn unit(&self) -> &str {
        self.points.alone()
    }

    /// The forms of what points are called.
    pub(crate) fn points_words(&self) -> &PointsWords {
        &self.points
    }

    /// The text of a key that needs nothing beside the programme's name and what its points are called.
    pub fn text(&self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// The text of a key, with what it needs. English if the language lacks it; the key if English does, too.
    pub fn text_with(&self, key: &str, given: &[(&str, Arg<'_>)]) -> String {
        self.formatted(self.language, key, given)
            .or_else(|| self.formatted(Language::En, key, given))
            .unwrap_or_else(|| key.to_owned())
    }

    fn formatted(
        &self,
        language: Language,
        key: &str,
        given: &[(&str, Arg<'_>)],
    ) -> Option<String> {
        let mut args = FluentArgs::with_capacity(given.len().saturating_add(2));
        args.set("programme", text(&self.programme, language));
        args.set("unit", text(self.unit(), language));
        for (name, arg) in given {
            match arg {
                Arg::Number(number) => args.set(*name, *number),
                Arg::Text(content) => args.set(*name, text(content, language)),
            }
        }
        bundle::format(language, key, &args)
    }
}

fn text(text: &str, language: Language) -> FluentValue<'_> {
    FluentValue::String(isolate(text, language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{seen, words};

    #[test]
    fn words_are_for_any_number_of_threads() {
        fn is_shared<T: Send + Sync>(_: &T) {}
        is_shared(&words(Language::En));
    }

    #[test]
    fn the_programme_and_its_points_are_always_there() {
        assert_eq!(words(Language::En).text("overview-balance"), "Your beans");
        assert_eq!(words(Language::Pl).text("entry-sign-up"), "Witamy w Beanery Club");
        assert_eq!(words(Language::De).text("overview-balance"), "Deine Punkte");
    }

    #[test]
    fn a_text_from_outside_stays_in_its_place() {
        let greeting = |language, name: &str| {
            words(language).text_with("statement-greeting", &[("name", name.into())])
        };
        assert_eq!(greeting(Language::En, "Ann"), "Hello Ann,");
        assert_eq!(greeting(Language::En, "\u{202e}Ann"), "Hello \u{2068}Ann\u{2069},");
        assert_eq!(greeting(Language::En, "عمر"), "Hello \u{2068}عمر\u{2069},");
        assert_eq!(greeting(Language::Ar, "Ann"), "مرحبًا \u{2068}Ann\u{2069}،");
        assert_eq!(
            seen(&greeting(Language::Ko, "{ $x }")),
            "{ $x }님, 안녕하세요.",
            "it is no pattern"
        );
    }
}
