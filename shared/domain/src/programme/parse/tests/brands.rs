//! Faults of `[brand]`.

use super::{COFFEE, FASHION, SAAS, WHOLESALE, fault_of, parsed};
use crate::programme::{Brand, Colour, Language, Plural, Typeface};

/// The faults of the coffee shop's file with something else in place of something.
#[track_caller]
fn check(from: &str, to: &str, said: &str) {
    assert_eq!(fault_of(COFFEE, &[(from, to)]), said);
}

/// The faults of a file that states these colours alone.
#[track_caller]
fn check_colours(colours: &str, said: &str) {
    const COLOURS: &str = "accent = \"#7b3f00\", background = \"#fffaf3\", text = \"#2b1b10\"";
    check(COLOURS, colours, said);
}

#[test]
fn the_coffee_shop_looks_as_it_says() {
    let brand = parsed(COFFEE).brand;
    let colour = |text: &str| text.parse::<Colour>().unwrap();
    let light = brand.colours.light;
    assert_eq!((light.accent, light.background), (colour("#7b3f00"), colour("#fffaf3")));
    assert_eq!(light.on_accent, Colour::WHITE, "chosen, because it can be read");
    assert_eq!(brand.typeface, Typeface::Rounded);
    let sender = brand.sender.unwrap();
    assert_eq!((&*sender.name, &*sender.address), ("Beanery Club", "club@beanery.example"));
    assert_eq!(brand.footer.unwrap().lines().count(), 2);
    assert_eq!(brand.languages[..2], [Language::En, Language::Pl]);
    assert_eq!(brand.words[&Language::Pl][&Plural::Few], "ziarnka");
    assert_eq!(brand.terms.unwrap().version, "2026-01");
    assert_eq!(parsed(WHOLESALE).brand.languages[0], Language::Pl);
    assert_eq!(parsed(FASHION).brand.words[&Language::Ar].len(), 6);
    assert!(parsed(SAAS).brand.logo.unwrap().starts_with("data:image/svg+xml,"));
    let plain = parsed("[programme]\nname = \"Club\"\ncurrency = \"EUR\"\n[brand]\n").brand;
    assert_eq!(plain, Brand::default());
}

#[test]
fn a_logo_is_an_image() {
    const LOGO: &str = "\"https://beanery.example/logo.png\"";
    let help = "write an https address that ends in .png, .svg, .jpg or .webp, or a data: URI of such an image";
    let logo = |to: &str, said: &str| {
        check(LOGO, &format!("\"{to}\""), &format!("\"{to}\" => `logo` {said}"));
    };
    let with_help = |said: &str| format!("{said} ({help})");
    logo("https://beanery.example/logo.gif", &with_help("is not an image"));
    logo("https://beanery.example/", &with_help("is not an image"));
    logo("data:text/html,hello", &with_help("is not an image"));
    logo("data:image/png;base64,R0lGODlh", &with_help("is not the image that it says it is"));
    logo(
        "data:image/svg+xml,%3Csvg%3E%3Cscript%3E",
        &with_help("is a drawing that runs a program"),
    );
    logo(
        "http://beanery.example/logo.png",
        "is not an https address (write \"https://beanery.example/logo.png\")",
    );
    logo("logo.png", "is not an https address (write \"https://logo.png\")");
    logo(
        &format!("data:image/png;base64,{}", "A".repeat(20_000)),
        "is larger than 20 kB (make the image smaller, or write the https address of it)",
    );
    for good in ["https://a.example/l.JPEG?v=2", "https://a.example:8443/l.webp#x"] {
        parsed(&COFFEE.replace(LOGO, &format!("\"{good}\"")));
    }
}

#[test]
fn colours_can_be_read_on_one_another() {
    check_colours(
        "text = \"#777777\"",
        "\"#777777\" => `text` on `background` #ffffff has a contrast of 4.47:1, and needs 4.5:1 (write \"#767676\", which has 4.54:1)",
    );
    check_colours(
        "accent = \"#ffa500\"",
        "\"#ffa500\" => `accent` on `background` #ffffff has a contrast of 1.97:1, and needs 3:1 (write \"#ce8500\", which has 3.00:1)",
    );
    check_colours(
        "accent = \"#7b3f00\", on_accent = \"#000000\"",
        "\"#000000\" => `on_accent` on `accent` #7b3f00 has a contrast of 2.55:1, and needs 4.5:1 (write \"#c0c0c0\", which has 4.52:1)",
    );
    check_colours(
        "dark_background = \"#000000\", dark_text = \"#444444\"",
        "\"#444444\" => `dark_text` on `dark_background` #000000 has a contrast of 2.15:1, and needs 4.5:1 (write \"#757575\", which has 4.55:1)",
    );
    check_colours(
        "accent = \"#abc\"",
        "\"#abc\" => \"#abc\" is not a colour such as \"#7b3f00\" (write \"#aabbcc\")",
    );
    check_colours(
        "accent = \"brown\"",
        "\"brown\" => \"brown\" is not a colour such as \"#7b3f00\" (write # and six of 0-9 and a-f)",
    );
    check_colours(
        "acent = \"#7b3f00\"",
        "acent => brand.colours has no key `acent` (did you mean `accent`?)",
    );
}

#[test]
fn mail_reaches_who_is_named() {
    const SENDER: &str = "\"Beanery Club <club@beanery.example>\"";
    let help = "write sender = \"Name <address>\", such as \"Beanery Club <club@beanery.example>\"";
    for (sender, said) in [
        ("club@beanery.example", "has no name and address"),
        ("<club@beanery.example>", "has no name"),
        ("Club <club@beanery>", "is no mail address"),
        ("Club <club.@beanery.example>", "is no mail address"),
        ("Club <a b@beanery.example>", "is no mail address"),
        ("Club <a@b.example> <c@d.example>", "is no mail address"),
        ("Club\\r\\nBcc: x <club@beanery.example>", "has a name that mails cannot carry"),
    ] {
        let to = format!("\"{sender}\"");
        check(SENDER, &to, &format!("{to} => `sender` {said} ({help})"));
    }
    parsed(&COFFEE.replace(SENDER, "'\"Beanery, Warszawa\" <club@beanery.example>'"));
    check(
        "\"hello@beanery.example\"",
        "\"Beanery <hello@beanery.example>\"",
        "\"Beanery <hello@beanery.example>\" => `reply_to` is no mail address (write the address alone, such as \"hello@beanery.example\")",
    );
}

#[test]
fn addresses_of_the_web_are_https() {
    const SITE: &str = "site = \"https://beanery.example\"";
    check(
        SITE,
        "site = \"beanery.example\"",
        "\"beanery.example\" => `site` is not an https address (write \"https://beanery.example\")",
    );
    for (site, said) in [
        ("https://beanery", "names no host"),
        ("https://me@beanery.example", "names no host"),
        ("https://beanery.example/<b>", "has characters that a web address cannot have"),
    ] {
        let help = "write, for example, \"https://beanery.example/club\"";
        let said = format!("\"{site}\" => `site` {said} ({help})");
        check(SITE, &format!("site = \"{site}\""), &said);
    }
}

#[test]
fn a_footer_is_short_and_terms_are_complete() {
    let line = "You get this because you are a member of the Beanery Club.";
    let said = fault_of(COFFEE, &[(line, &"x".repeat(501))]);
    let over = "Beanery sp. z o.o., ul. Ziarnista 1, 00-001 Warszawa\n".chars().count() + 1;
    let end = format!("`footer` is longer than 500 characters (leave out {over} of them)");
    assert!(said.ends_with(&end), "{said}");
    check(
        "version = \"2026-01\", ",
        "",
        "{ url = \"https://beanery.example/club/terms\" } => brand.terms has no `version` (write, for example, version = \"2026-01\")",
    );
}

#[test]
fn words_are_those_of_the_languages_spoken() {
    const WORDS: &str = "{ pl = { one = \"ziarnko\", few = \"ziarnka\", many = \"ziarnek\" } }";
    const LANGUAGES: &str = "languages = [\"en\", \"pl\", \"de\", \"ko\", \"ar\"]";
    let plurals = "its plurals are one, few, many";
    check(
        WORDS,
        "{ pl = { one = \"ziarnko\", many = \"ziarnek\" } }",
        &format!(
            "{{ one = \"ziarnko\", many = \"ziarnek\" }} => the words in Polish have no `few` ({plurals})"
        ),
    );
    check(
        "many = \"ziarnek\" } }",
        "many = \"ziarnek\", other = \"ziarnka\" } }",
        &format!("\"ziarnka\" => in Polish no whole number takes `other` ({plurals})"),
    );
    check(
        WORDS,
        "{ th = { other = \"x\" } }",
        "{ other = \"x\" } => members are not spoken to in Thai (write languages = [\"en\", \"pl\", \"de\", \"ko\", \"ar\", \"th\"])",
    );
    check(
        WORDS,
        "{ fr = { other = \"x\" } }",
        "fr => brand.words has no key `fr` (did you mean `ar`?)",
    );
    let languages = |to: &str, said: &str| check(LANGUAGES, &format!("languages = {to}"), said);
    languages("[\"pl\", \"pl\"]", "\"pl\" => \"pl\" is in the list twice");
    languages(
        "[\"pl\", \"french\"]",
        "\"french\" => there is no text in the language \"french\" yet (it may be en, pl, de, th, ko, ar)",
    );
    let none = "[] => `languages` is empty (write, for example, languages = [\"en\"])";
    languages("[]", none);
}
