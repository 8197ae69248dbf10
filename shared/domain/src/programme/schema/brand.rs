//! The keys of `[brand]`.

use crate::programme::schema::{
    fields::{default, optional, required},
    kinds::{Field, Kind, Shape},
};

/// Languages that can be chosen.
pub(crate) const LANGUAGES: &[&str] = &["en", "pl", "de", "th", "ko", "ar"];

/// The largest logo in the file, in bytes of its `data:` URI.
pub(crate) const LOGO_MAX: usize = 20_000;
/// The longest footer, in characters.
pub(crate) const FOOTER_MAX: usize = 500;
/// The longest web address, in bytes.
pub(crate) const URL_MAX: usize = 2_000;

/// `[brand]`
pub(crate) const BRAND: Shape = Shape {
    name: "[brand]",
    fields: &[
        optional(
            "logo",
            Kind::Logo,
            "logo = \"https://beanery.example/logo.png\"",
            "The logo: an https address that ends in .png, .svg, .jpg or .webp, or a data: URI of such an image of at most 20 kB.",
        ),
        optional(
            "colours",
            Kind::Table(&COLOURS),
            "colours = { accent = \"#7b3f00\" }",
            "Colours. What is left out is chosen so that it can be read.",
        ),
        default(
            "typeface",
            Kind::Choice(&["system-sans", "system-serif", "rounded", "mono"]),
            "system-sans",
            "typeface = \"system-serif\"",
            "The kind of letters. None is loaded from anywhere.",
        ),
        optional(
            "sender",
            Kind::Sender,
            "sender = \"Beanery Club <club@beanery.example>\"",
            "Whom mails are from.",
        ),
        default(
            "reply_to",
            Kind::Address,
            "the sender",
            "reply_to = \"hello@beanery.example\"",
            "The address that answers to mails go to.",
        ),
        optional(
            "footer",
            Kind::Text { most: FOOTER_MAX },
            "footer = \"Beanery, ul. Ziarnista 1, 00-001 Warszawa\"",
            "What stands at the foot of every mail: who sends it, and the postal address that the law wants.",
        ),
        optional("site", Kind::Https, "site = \"https://beanery.example\"", "The shop."),
        default(
            "languages",
            Kind::List(&Kind::Choice(LANGUAGES)),
            "en",
            "languages = [\"pl\", \"en\"]",
            "What members are spoken to in; the first if nothing is known of a member.",
        ),
        optional(
            "words",
            Kind::Table(&WORDS),
            "words = { pl = { one = \"ziarnko\", few = \"ziarnka\", many = \"ziarnek\" } }",
            "What points are called, by language; in others, what the programme calls them in English, and what the language calls points otherwise.",
        ),
        optional(
            "terms",
            Kind::Table(&TERMS),
            "terms = { version = \"2026-01\", url = \"https://beanery.example/terms\" }",
            "The terms that are in force with this version.",
        ),
        optional(
            "redeem_url",
            Kind::Https,
            "redeem_url = \"https://beanery.example/club\"",
            "Where members redeem.",
        ),
    ],
};

const COLOURS: Shape = Shape {
    name: "brand.colours",
    fields: &[
        colour("accent", "accent = \"#7b3f00\"", "Buttons and large numbers."),
        colour("on_accent", "on_accent = \"#ffffff\"", "Text on a button."),
        colour("background", "background = \"#fffaf3\"", "The ground."),
        colour("text", "text = \"#2b1b10\"", "Text on the ground."),
        colour("dark_accent", "dark_accent = \"#e0a060\"", "Buttons and large numbers on dark."),
        colour("dark_on_accent", "dark_on_accent = \"#1a0f05\"", "Text on a button on dark."),
        colour("dark_background", "dark_background = \"#1a1410\"", "The ground of a dark screen."),
        colour("dark_text", "dark_text = \"#f5ece3\"", "Text on the dark ground."),
    ],
};

const fn colour(key: &'static str, example: &'static str, about: &'static str) -> Field {
    default(key, Kind::Colour, "one that can be read", example, about)
}

const WORDS: Shape = Shape {
    name: "brand.words",
    fields: &[
        words("en", "en = { one = \"bean\", other = \"beans\" }", "English: one, other."),
        words(
            "pl",
            "pl = { one = \"ziarnko\", few = \"ziarnka\", many = \"ziarnek\" }",
            "Polish: one, few, many.",
        ),
        words("de", "de = { one = \"Bohne\", other = \"Bohnen\" }", "German: one, other."),
        words("th", "th = { other = \"เมล็ด\" }", "Thai: other."),
        words("ko", "ko = { other = \"원두\" }", "Korean: other."),
        words(
            "ar",
            "ar = { zero = \"نقطة\", one = \"نقطة\", two = \"نقطتان\", few = \"نقاط\", many = \"نقطة\", other = \"نقطة\" }",
            "Arabic: zero, one, two, few, many, other.",
        ),
    ],
};

const fn words(key: &'static str, example: &'static str, about: &'static str) -> Field {
    optional(key, Kind::Table(&PLURALS), example, about)
}

/// Which of them a language has, the parser knows.
const PLURALS: Shape = Shape {
    name: "the words of a language",
    fields: &[
        optional("zero", Kind::Name, "zero = \"نقطة\"", "What none are called."),
        optional("one", Kind::Name, "one = \"ziarnko\"", "What one is called."),
        optional("two", Kind::Name, "two = \"نقطتان\"", "What two are called."),
        optional("few", Kind::Name, "few = \"ziarnka\"", "What a few are called."),
        optional("many", Kind::Name, "many = \"ziarnek\"", "What many are called."),
        optional("other", Kind::Name, "other = \"beans\"", "What all others are called."),
    ],
};

const TERMS: Shape = Shape {
    name: "brand.terms",
    fields: &[
        required("version", Kind::Name, "version = \"2026-01\"", "Which they are."),
        required("url", Kind::Https, "url = \"https://beanery.example/terms\"", "Where they are."),
    ],
};
