//! `[brand]`: how a programme looks and speaks.

mod address;
mod colours;
mod logo;

use std::collections::BTreeMap;

use crate::{
    programme::{
        Brand, Language, Plural, Sender, Terms, Typeface, Words,
        parse::{
            brand::address::{address, https, mailbox},
            reader::{At, Reader, Table},
        },
        schema::brand::{FOOTER_MAX, LANGUAGES},
    },
    spelling::nearest,
};

pub(super) fn brand(reader: &mut Reader<'_>, table: &Table<'_>) -> Brand {
    let languages = languages(reader, table);
    let words = words(reader, table, &languages);
    let typeface = match reader.choice(table, "typeface") {
        Some("system-serif") => Typeface::SystemSerif,
        Some("rounded") => Typeface::Rounded,
        Some("mono") => Typeface::Mono,
        _ => Typeface::SystemSans,
    };
    Brand {
        logo: logo::logo(reader, table),
        colours: colours::colours(reader, table),
        typeface,
        sender: sender(reader, table),
        reply_to: reply_to(reader, table),
        footer: footer(reader, table),
        site: url(reader, table, "site"),
        languages: if languages.is_empty() { vec![Language::En] } else { languages },
        words,
        terms: terms(reader, table),
        redeem_url: url(reader, table, "redeem_url"),
    }
}

/// The languages; none only if the list is left out, or faulty.
fn languages(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Language> {
    let Some(item) = reader.item(table, "languages") else { return Vec::new() };
    let items = reader.list(table, "languages");
    if items.is_empty() && item.value.is_array() {
        let help = "write, for example, languages = [\"en\"]";
        reader.fault_with_help(item.span, "`languages` is empty", help);
    }
    let mut languages = Vec::new();
    for item in items {
        let Some(code) = reader.item_text(&item) else { continue };
        match Language::of(code.value) {
            Some(language) if languages.contains(&language) => {
                reader.fault(code.span, format!("{:?} is in the list twice", code.value));
            }
            Some(language) => languages.push(language),
            None => {
                let help = match nearest(code.value, LANGUAGES.iter().copied()) {
                    Some(known) => format!("did you mean {known:?}?"),
                    None => format!("it may be {}", LANGUAGES.join(", ")),
                };
                let message = format!("there is no text in the language {:?} yet", code.value);
                reader.fault_with_help(code.span, message, help);
            }
        }
    }
    languages
}

/// What points are called in each language: all the plurals it has, and no others.
fn words(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    languages: &[Language],
) -> BTreeMap<Language, Words> {
    let mut all = BTreeMap::new();
    let Some(words) = reader.table(table, "words") else { return all };
    let spoken = if languages.is_empty() { &[Language::En] } else { languages };
    for language in Language::ALL {
        let Some(of) = reader.table(&words, language.code()) else { continue };
        if !spoken.contains(&language) && table.has("languages") != languages.is_empty() {
            let codes: Vec<String> =
                spoken.iter().chain([&language]).map(|one| format!("\"{one}\"")).collect();
            let message = format!("members are not spoken to in {}", language.name());
            let help = format!("write languages = [{}]", codes.join(", "));
            reader.fault_with_help(of.span.clone(), message, help);
        }
        all.insert(language, plurals(reader, &of, language));
    }
    all
}

fn plurals(reader: &mut Reader<'_>, table: &Table<'_>, language: Language) -> Words {
    let mut words = Words::new();
    let has =
        || language.plurals().iter().map(|plural| plural.key()).collect::<Vec<_>>().join(", ");
    for plural in Plural::ALL {
        let key = plural.key();
        let wanted = language.plurals().contains(&plural);
        if let (false, Some(item)) = (wanted, reader.item(table, key)) {
            let message = format!("in {} no whole number takes `{key}`", language.name());
            reader.fault_with_help(item.span, message, format!("its plurals are {}", has()));
            continue;
        }
        if wanted && !table.has(key) {
            let message = format!("the words in {} have no `{key}`", language.name());
            reader.missing(table.span.clone(), message, format!("its plurals are {}", has()));
        }
        if let Some(word) = reader.name(table, key) {
            words.insert(plural, word);
        }
    }
    words
}

fn sender(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Sender> {
    let text = reader.text(table, "sender")?;
    match mailbox(text.value) {
        Ok((name, address)) => Some(Sender { name, address }),
        Err(reason) => {
            let help = "write sender = \"Name <address>\", such as \"Beanery Club <club@beanery.example>\"";
            reader.fault_with_help(text.span, format!("`sender` {reason}"), help);
            None
        }
    }
}

fn reply_to(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<String> {
    let text = reader.text(table, "reply_to")?;
    if let Err(reason) = address(text.value) {
        let help = "write the address alone, such as \"hello@beanery.example\"";
        reader.fault_with_help(text.span, format!("`reply_to` {reason}"), help);
        return None;
    }
    Some(text.value.to_owned())
}

/// A text of several lines.
fn footer(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<String> {
    let text = reader.text(table, "footer")?;
    let trimmed = text.value.trim();
    let length = trimmed.chars().count();
    if trimmed.is_empty() {
        let help = "write who sends the mails, and their postal address";
        reader.fault_with_help(text.span, "`footer` is empty", help);
    } else if length > FOOTER_MAX {
        let message = format!("`footer` is longer than {FOOTER_MAX} characters");
        let over = length.saturating_sub(FOOTER_MAX);
        reader.fault_with_help(text.span, message, format!("leave out {over} of them"));
    } else if trimmed.chars().any(|c| c.is_control() && c != '\n') {
        reader.fault(text.span, "`footer` has a control character");
    } else {
        return Some(trimmed.to_owned());
    }
    None
}

fn terms(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Terms> {
    let terms = reader.table(table, "terms")?;
    let version = reader.name(&terms, "version");
    let url = url(reader, &terms, "url");
    Some(Terms { version: version?, url: url? })
}

/// A web address.
fn url(reader: &mut Reader<'_>, table: &Table<'_>, key: &str) -> Option<String> {
    let text = reader.text(table, key)?;
    checked_url(reader, &text, key)
}

fn checked_url(reader: &mut Reader<'_>, text: &At<&str>, key: &str) -> Option<String> {
    let Err(reason) = https(text.value) else { return Some(text.value.to_owned()) };
    let message = format!("`{key}` {reason}");
    let rest = text.value.split_once("://").map_or(text.value, |(_, rest)| rest);
    let secure = format!("https://{rest}");
    if https(&secure).is_ok() {
        reader.fault_with_help(text.span.clone(), message, format!("write {secure:?}"));
    } else {
        let help = "write, for example, \"https://beanery.example/club\"";
        reader.fault_with_help(text.span.clone(), message, help);
    }
    None
}
