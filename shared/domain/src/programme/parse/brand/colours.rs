//! `brand.colours`, and whether they can be read on one another.

use crate::programme::{
    brand::{Colours, Stated},
    colour::{Colour, LARGE, TEXT},
    parse::reader::{At, Reader, Table},
};

/// The keys of a palette: background, text, accent, on accent.
type Keys = [&'static str; 4];

const ON_LIGHT: Keys = ["background", "text", "accent", "on_accent"];
const ON_DARK: Keys = ["dark_background", "dark_text", "dark_accent", "dark_on_accent"];

pub(super) fn colours(reader: &mut Reader<'_>, table: &Table<'_>) -> Colours {
    let Some(table) = reader.table(table, "colours") else {
        return Colours::of(Stated::default(), Stated::default());
    };
    let light = ON_LIGHT.map(|key| colour(reader, &table, key));
    let dark = ON_DARK.map(|key| colour(reader, &table, key));
    let colours = Colours::of(stated(&light), stated(&dark));
    for (stated, keys, palette) in [(light, ON_LIGHT, colours.light), (dark, ON_DARK, colours.dark)]
    {
        let [_, text, accent, on_accent] = stated;
        let [background_key, text_key, accent_key, on_accent_key] = keys;
        check(reader, text, text_key, (palette.background, background_key), TEXT);
        check(reader, accent, accent_key, (palette.background, background_key), LARGE);
        check(reader, on_accent, on_accent_key, (palette.accent, accent_key), TEXT);
    }
    colours
}

fn stated([background, text, accent, on_accent]: &[Option<At<Colour>>; 4]) -> Stated {
    let value = |at: &Option<At<Colour>>| at.as_ref().map(|at| at.value);
    Stated {
        background: value(background),
        text: value(text),
        accent: value(accent),
        on_accent: value(on_accent),
    }
}

fn colour(reader: &mut Reader<'_>, table: &Table<'_>, key: &str) -> Option<At<Colour>> {
    let text = reader.text(table, key)?;
    if let Ok(value) = text.value.parse() {
        return Some(At { value, span: text.span });
    }
    let message = format!("{:?} is not a colour such as \"#7b3f00\"", text.value);
    match meant(text.value) {
        Some(colour) => {
            reader.fault_with_help(text.span, message, format!("write \"{colour}\""));
        }
        None => reader.fault_with_help(text.span, message, "write # and six of 0-9 and a-f"),
    }
    None
}

/// The colour of "#abc", "aabbcc" or "abc".
fn meant(text: &str) -> Option<Colour> {
    let digits = text.trim().trim_start_matches('#');
    let full = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_owned(),
    };
    format!("#{full}").parse().ok()
}

/// Says so if a colour that is stated cannot be read on what it stands on. What is not stated always can.
fn check(
    reader: &mut Reader<'_>,
    stated: Option<At<Colour>>,
    key: &str,
    (on, on_key): (Colour, &str),
    tenths: u64,
) {
    let Some(At { value, span }) = stated else { return };
    let contrast = value.contrast(on);
    if contrast.is_at_least(tenths) {
        return;
    }
    let needed = if tenths == TEXT { "4.5:1" } else { "3:1" };
    let message =
        format!("`{key}` on `{on_key}` {on} has a contrast of {contrast}, and needs {needed}");
    let nearest = value.readable_on(on, tenths);
    let help = format!("write \"{nearest}\", which has {}", nearest.contrast(on));
    reader.fault_with_help(span, message, help);
}
