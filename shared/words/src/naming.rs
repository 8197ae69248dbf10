//! What a programme is called, and its points, in each language.

use guerdon_domain::programme::{Plural, Programme, Words};
use icu_plurals::PluralCategory;

use crate::{Language, clean, language};

/// The most characters of a name of points: what is longer is cut.
const WORD_MAX: usize = 40;

/// The forms of a word for points, by the plural categories of its language. What is not given reads as `other`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsWords {
    /// As in "0 نقطة", where a language tells it apart.
    pub zero: Option<String>,
    /// As in "1 bean".
    pub one: Option<String>,
    /// As in "2 نقطة", where a language tells it apart.
    pub two: Option<String>,
    /// As in "2 punkty".
    pub few: Option<String>,
    /// As in "5 punktów".
    pub many: Option<String>,
    /// As in "1.5 punktu"; in most languages, every other number.
    pub other: String,
}

impl PointsWords {
    /// The same form for every number.
    pub fn new(other: &str) -> Self {
        let other = clean(other, WORD_MAX);
        Self { zero: None, one: None, two: None, few: None, many: None, other }
    }

    /// With a form for one.
    #[must_use]
    pub fn one(self, form: &str) -> Self {
        Self { one: Some(clean(form, WORD_MAX)), ..self }
    }

    /// With a form for a few.
    #[must_use]
    pub fn few(self, form: &str) -> Self {
        Self { few: Some(clean(form, WORD_MAX)), ..self }
    }

    /// With a form for many.
    #[must_use]
    pub fn many(self, form: &str) -> Self {
        Self { many: Some(clean(form, WORD_MAX)), ..self }
    }

    /// The form for numbers of a category.
    pub(crate) fn form(&self, category: PluralCategory) -> &str {
        let form = match category {
            PluralCategory::Zero => &self.zero,
            PluralCategory::One => &self.one,
            PluralCategory::Two => &self.two,
            PluralCategory::Few => &self.few,
            PluralCategory::Many => &self.many,
            PluralCategory::Other => &None,
        };
        form.as_deref().unwrap_or(&self.other)
    }

    /// The word by itself, for a title: the form for a few, where there is one, is the plain plural.
    pub(crate) fn alone(&self) -> &str {
        self.few.as_deref().unwrap_or(&self.other)
    }
}

impl From<&Words> for PointsWords {
    /// The words of a brand. Where whole numbers never take `other`, fractions read as many do.
    fn from(words: &Words) -> Self {
        let word = |plural| words.get(&plural).map(|word| clean(word, WORD_MAX));
        let other = [Plural::Other, Plural::Many, Plural::One].into_iter().find_map(word);
        Self {
            zero: word(Plural::Zero),
            one: word(Plural::One),
            two: word(Plural::Two),
            few: word(Plural::Few),
            many: word(Plural::Many),
            other: other.unwrap_or_default(),
        }
    }
}

/// What a programme is called, and its points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The programme's name.
    pub programme: String,
    english: PointsWords,
    others: Vec<(Language, PointsWords)>,
}

impl Naming {
    /// As a programme says it: its brand's words in each language that has some. In English its own words stand in for them,
    /// in other languages what those call points.
    pub fn of(programme: &Programme) -> Self {
        let naming = Self::new(&programme.name, &programme.points.one, &programme.points.many);
        programme
            .brand
            .words
            .iter()
            .fold(naming, |naming, (language, words)| naming.with(*language, words.into()))
    }

    /// A programme's name, and its English word for one point and for many.
    pub fn new(programme: &str, one: &str, many: &str) -> Self {
        let english = PointsWords::new(many).one(one);
        Self { programme: clean(programme, 100), english, others: Vec::new() }
    }

    /// With words for points in a language.
    #[must_use]
    pub fn with(mut self, language: Language, words: PointsWords) -> Self {
        self.others.retain(|(other, _)| *other != language);
        self.others.push((language, words));
        self
    }

    /// What points are called in a language.
    pub fn points(&self, language: Language) -> PointsWords {
        let given = self.others.iter().find(|(other, _)| *other == language);
        match (given, language) {
            (Some((_, words)), _) => words.clone(),
            (None, Language::En) => self.english.clone(),
            (None, _) => language::points(language),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn points_are_called_what_the_brand_calls_them_then_what_the_language_does() {
        let mut programme = samples::programme();
        programme.brand.words.clear();
        let plain = Naming::of(&programme);
        assert_eq!(plain.points(Language::En), PointsWords::new("beans").one("bean"));
        assert_eq!(plain.points(Language::Pl), language::points(Language::Pl));
        let words = |of: &[&str], language: Language| -> Words {
            language.plurals().iter().copied().zip(of.iter().map(|&word| word.into())).collect()
        };
        let polish = words(&["ziarnko", "ziarnka", "ziarnek"], Language::Pl);
        let english = words(&["cherry", "cherries"], Language::En);
        programme.brand.words = [(Language::Pl, polish), (Language::En, english)].into();
        let branded = Naming::of(&programme);
        assert_eq!(branded.points(Language::En), PointsWords::new("cherries").one("cherry"));
        let polish = PointsWords::new("ziarnek").one("ziarnko").few("ziarnka").many("ziarnek");
        assert_eq!(branded.points(Language::Pl), polish);
        assert_eq!(branded.points(Language::De), language::points(Language::De));
    }
}
