//! What a brand says, field by field.

use crate::programme::{Brand, Language, Palette, diff::Fields};

pub(super) fn brand(brand: &Brand) -> Fields {
    let quoted =
        |text: &Option<String>| text.as_ref().map(|text| format!("{text:?}")).unwrap_or_default();
    let logo = match &brand.logo {
        // The image itself says nothing to a reader, but that it is another.
        Some(data) if data.starts_with("data:") => {
            let digest = crate::draw::hash::Hash::of(data.as_bytes()).to_string();
            let short: String = digest.chars().take(8).collect();
            format!("an image of {} bytes ({short})", data.len())
        }
        logo => quoted(logo),
    };
    let sender = brand.sender.as_ref();
    let sender = sender.map(|sender| format!("{} <{}>", sender.name, sender.address));
    let terms = brand.terms.as_ref().map(|terms| format!("{} at {}", terms.version, terms.url));
    let languages: Vec<&str> = brand.languages.iter().map(|language| language.code()).collect();
    let mut fields = vec![
        ("logo", logo),
        ("colours", palette(brand.colours.light)),
        ("colours on dark", palette(brand.colours.dark)),
        ("typeface", brand.typeface.key().to_owned()),
        ("sender", sender.unwrap_or_default()),
        ("reply to", brand.reply_to.clone().unwrap_or_default()),
        ("footer", quoted(&brand.footer)),
        ("site", brand.site.clone().unwrap_or_default()),
        ("languages", languages.join(", ")),
    ];
    fields.extend(Language::ALL.map(|language| {
        let words = brand.words.get(&language).into_iter().flatten();
        let words: Vec<String> =
            words.map(|(plural, word)| format!("{word} ({})", plural.key())).collect();
        (called(language), words.join(", "))
    }));
    fields.push(("terms", terms.unwrap_or_default()));
    fields.push(("redeem at", brand.redeem_url.clone().unwrap_or_default()));
    fields
}

fn palette(palette: Palette) -> String {
    let Palette { background, text, accent, on_accent } = palette;
    format!("{text} and {accent} on {background}, {on_accent} on {accent}")
}

fn called(language: Language) -> &'static str {
    match language {
        Language::En => "points in English",
        Language::Pl => "points in Polish",
        Language::De => "points in German",
        Language::Th => "points in Thai",
        Language::Ko => "points in Korean",
        Language::Ar => "points in Arabic",
    }
}
