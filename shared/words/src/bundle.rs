//! The texts of a language, parsed once.

use std::sync::{Arc, LazyLock};

use fluent_bundle::{
    FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle, memoizer::MemoizerKind,
};
use icu_decimal::DecimalFormatter;
use intl_memoizer::Memoizable;
use unic_langid::LanguageIdentifier;

use crate::{Language, language, numbers};

/// The texts of a language, ready to be formatted.
pub(crate) type Bundle = FluentBundle<Arc<FluentResource>>;

/// A language's texts with everything needed to format them. Formatting is for any number of threads.
pub(crate) fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: LazyLock<[Bundle; 6]> = LazyLock::new(|| Language::ALL.map(parse));
    let [en, pl, de, th, ko, ar] = &*BUNDLES;
    match language {
        Language::En => en,
        Language::Pl => pl,
        Language::De => de,
        Language::Th => th,
        Language::Ko => ko,
        Language::Ar => ar,
    }
}

/// The tests parse without errors; if ever one slipped through, what could be parsed is there, and English for the rest.
fn parse(language: Language) -> Bundle {
    let resource = FluentResource::try_new(language::source(language).to_owned());
    let resource = resource.unwrap_or_else(|(resource, _)| resource);
    let mut bundle = Bundle::new_concurrent(vec![language.code().parse().unwrap_or_default()]);
    // What is put into a text is isolated by us, where it matters: a code that is copied must be plain.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(shown));
    bundle.add_resource_overriding(Arc::new(resource));
    bundle
}

/// The text of a key, or `None` if the language has none or it cannot be formatted.
pub(crate) fn format(language: Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let bundle = bundle(language);
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
    errors.is_empty().then_some(text)
}

/// The numbers of a language, for whole numbers within its texts.
struct Whole(DecimalFormatter);

impl Memoizable for Whole {
    type Args = ();
    type Error = ();

    fn construct(language: LanguageIdentifier, (): ()) -> Result<Self, ()> {
        let language = Language::of(language.language.as_str()).ok_or(())?;
        numbers::decimal_formatter(language).map(Self).ok_or(())
    }
}

fn shown<M: MemoizerKind>(value: &FluentValue, memoizer: &M) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let whole: i64 = number.as_string().parse().ok()?;
    let show = |whole_formatter: &Whole| numbers::whole(Some(&whole_formatter.0), whole);
    memoizer.with_try_get_threadsafe::<Whole, _, _>((), show).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{Arg, samples::words};

    /// The variables that are numbers, as the head of en.ftl says.
    const NUMBERS: [&str; 8] =
        ["count", "entries", "members", "page", "pages", "place", "times", "winners"];

    /// Each key of a language, with its variables.
    fn variables(language: Language) -> BTreeMap<&'static str, BTreeSet<String>> {
        let mut variables: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        let mut key = "";
        for line in language::source(language).lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                key = line.split_once(" =").unwrap().0;
                assert!(!variables.contains_key(key), "{language}: {key} is there twice");
            }
            let here = variables.entry(key).or_default();
            let names = line.split('$').skip(1).map(|rest| {
                let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-');
                rest[..end.unwrap_or(rest.len())].to_owned()
            });
            here.extend(names.filter(|name| name != "unit" && name != "programme"));
        }
        variables.remove("");
        variables
    }

    #[test]
    fn every_language_has_the_keys_of_english_with_the_same_variables() {
        let english = variables(Language::En);
        for language in Language::ALL {
            let of = variables(language);
            let other: Vec<_> = english.iter().filter(|(key, v)| of.get(*key) != Some(v)).collect();
            assert!(other.is_empty(), "{language} lacks these, or their variables: {other:?}");
            assert_eq!(of.len(), english.len(), "{language} has keys that English has not");
            FluentResource::try_new(language::source(language).to_owned()).expect("it parses");
        }
    }

    #[test]
    fn every_key_can_be_formatted_in_every_language() {
        for language in Language::ALL {
            let words = words(language);
            for (key, variables) in variables(language) {
                for number in [0_i64, 1, 2, 3, 5, 11, 22, 100, 1234] {
                    let arg = |name: &String| {
                        let is_number = NUMBERS.contains(&name.as_str());
                        if is_number { Arg::from(number) } else { Arg::from("Latte") }
                    };
                    let args: Vec<_> =
                        variables.iter().map(|name| (name.as_str(), arg(name))).collect();
                    let mut given = FluentArgs::new();
                    given.set("programme", "Beanery Club");
                    given.set("unit", "beans");
                    for (name, arg) in &args {
                        match arg {
                            Arg::Number(number) => given.set(*name, *number),
                            Arg::Text(text) => given.set(*name, text.as_ref()),
                        }
                    }
                    let text = format(language, key, &given);
                    assert!(text.is_some(), "{language}: {key} cannot be formatted");
                    let text = words.text_with(key, &args);
                    assert!(!text.trim().is_empty() && text != key, "{language}: {key}: {text}");
                    assert!(!text.contains(['{', '}', '$']), "{language}: {key}: {text}");
                }
            }
        }
    }

    #[test]
    fn plurals_follow_each_language() {
        let count = |language, count: i64| {
            crate::samples::seen(
                &words(language).text_with("count-entries", &[("count", count.into())]),
            )
        };
        let all = |language, numbers: &[i64]| -> Vec<String> {
            numbers.iter().map(|number| count(language, *number)).collect()
        };
        assert_eq!(
            all(Language::Pl, &[0, 1, 2, 5, 12, 22, 25]),
            ["0 losów", "1 los", "2 losy", "5 losów", "12 losów", "22 losy", "25 losów"]
        );
        assert_eq!(all(Language::De, &[1, 1234]), ["1 Los", "1.234 Lose"]);
        let arabic = all(Language::Ar, &[0, 1, 2, 3, 11, 100]);
        assert_eq!(
            arabic,
            ["لا مشاركات", "مشاركة واحدة", "مشاركتان", "3 مشاركات", "11 مشاركة", "100 مشاركة"]
        );
        assert_eq!(all(Language::Ko, &[1, 2000]), ["응모권 1장", "응모권 2,000장"]);
        assert_eq!(all(Language::Th, &[2]), ["2 สิทธิ์"]);
    }

    #[test]
    fn what_is_missing_falls_back_and_never_panics() {
        let words = words(Language::Pl);
        assert_eq!(words.text("no-such-key"), "no-such-key");
        assert_eq!(words.text("entry-order"), "entry-order", "its order was not given");
        assert_eq!(words.text("page-menu"), "Menu");
    }
}
