//! How a programme looks and speaks: what statements, mails and pages are made with.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::programme::{
    colour::{Colour, LARGE, TEXT},
    language::{Language, Words},
};

/// How a programme looks and speaks. All of it has a default, or can be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brand {
    /// An image: an `https:` address, or a `data:` URI.
    pub logo: Option<String>,
    /// Colours on a light ground, and on a dark one for members who prefer it.
    pub colours: Colours,
    /// The kind of letters.
    pub typeface: Typeface,
    /// Whom mails are from.
    pub sender: Option<Sender>,
    /// The address that answers go to, if not to the sender.
    pub reply_to: Option<String>,
    /// What stands at the foot of every mail: who sends it, and from where.
    pub footer: Option<String>,
    /// The shop.
    pub site: Option<String>,
    /// What members are spoken to in; at least one, the first if nothing is known of a member.
    pub languages: Vec<Language>,
    /// What points are called, by language; in others, what the programme calls them in English, and what the
    /// language calls points otherwise.
    pub words: BTreeMap<Language, Words>,
    /// The programme's terms.
    pub terms: Option<Terms>,
    /// Where members redeem.
    pub redeem_url: Option<String>,
}

impl Brand {
    /// The logo, if it is whole in itself: to load one from elsewhere would tell another host who looks.
    pub fn inline_logo(&self) -> Option<&str> {
        self.logo.as_deref().filter(|logo| logo.starts_with("data:"))
    }

    /// The lines of the footer; none if there is none.
    pub fn footer_lines(&self) -> impl Iterator<Item = &str> {
        self.footer.iter().flat_map(|footer| footer.lines())
    }
}

/// Colours on a light ground and on a dark one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Colours {
    /// Usually on a light ground.
    pub light: Palette,
    /// For members whose screen is set to dark.
    pub dark: Palette,
}

/// Colours that go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Palette {
    /// The ground.
    pub background: Colour,
    /// Text on it.
    pub text: Colour,
    /// Buttons and large numbers on it.
    pub accent: Colour,
    /// Text on a button.
    pub on_accent: Colour,
}

/// The kind of letters. All are on the reader's machine: nothing is loaded that would tell on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Typeface {
    /// The system's own sans-serif.
    #[default]
    SystemSans,
    /// The system's own serif.
    SystemSerif,
    /// Sans-serif with round ends.
    Rounded,
    /// Letters of one width.
    Mono,
}

/// Whom a mail is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sender {
    /// The name that members see.
    pub name: String,
    /// The address.
    pub address: String,
}

/// The programme's terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Terms {
    /// The version that is in force with this version of the programme.
    pub version: String,
    /// Where they can be read.
    pub url: String,
}

/// Colours as far as a file states them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stated {
    /// The ground.
    pub background: Option<Colour>,
    /// Text on it.
    pub text: Option<Colour>,
    /// Buttons and large numbers on it.
    pub accent: Option<Colour>,
    /// Text on a button.
    pub on_accent: Option<Colour>,
}

/// A light ground, and text on it.
const LIGHT: [Colour; 2] = [Colour::WHITE, Colour::new(0x1b, 0x1b, 0x1f)];
/// A dark ground, and text on it.
const DARK: [Colour; 2] = [Colour::new(0x14, 0x14, 0x18), Colour::new(0xf0, 0xf0, 0xf2)];
/// A blue that can be read on white.
const BLUE: Colour = Colour::new(0x1a, 0x5f, 0xb4);

impl Palette {
    /// What is stated, and for the rest what can be read with it.
    fn of(stated: Stated, [background, text]: [Colour; 2], accent: Colour) -> Self {
        let background = stated.background.unwrap_or(background);
        let accent = stated.accent.unwrap_or_else(|| accent.readable_on(background, LARGE));
        Self {
            background,
            text: stated.text.unwrap_or_else(|| text.readable_on(background, TEXT)),
            accent,
            on_accent: stated.on_accent.unwrap_or_else(|| accent.opposite()),
        }
    }
}

impl Colours {
    /// What is stated on a light and on a dark ground, and for the rest what can be read with it.
    pub fn of(light: Stated, dark: Stated) -> Self {
        let light = Palette::of(light, LIGHT, BLUE);
        Self { light, dark: Palette::of(dark, DARK, light.accent) }
    }
}

impl Typeface {
    /// How the file calls it.
    pub fn key(self) -> &'static str {
        match self {
            Self::SystemSans => "system-sans",
            Self::SystemSerif => "system-serif",
            Self::Rounded => "rounded",
            Self::Mono => "mono",
        }
    }
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            logo: None,
            colours: Colours::of(Stated::default(), Stated::default()),
            typeface: Typeface::default(),
            sender: None,
            reply_to: None,
            footer: None,
            site: None,
            languages: vec![Language::En],
            words: BTreeMap::new(),
            terms: None,
            redeem_url: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn can_be_read(palette: Palette) -> bool {
        palette.text.contrast(palette.background).is_at_least(TEXT)
            && palette.accent.contrast(palette.background).is_at_least(LARGE)
            && palette.on_accent.contrast(palette.accent).is_at_least(TEXT)
    }

    #[test]
    fn the_default_can_be_read_and_is_not_adjusted() {
        let Colours { light, dark } = Brand::default().colours;
        assert!(can_be_read(light) && can_be_read(dark));
        assert_eq!((light.text, light.accent), (LIGHT[1], BLUE));
        assert_eq!(dark.text, DARK[1]);
    }

    proptest! {
        #[test]
        fn what_a_file_does_not_state_can_be_read_with_what_it_does(
            background in prop::option::of(any::<[u8; 3]>()),
            accent in prop::option::of(any::<[u8; 3]>()),
        ) {
            let colour = |[red, green, blue]: [u8; 3]| Colour::new(red, green, blue);
            let background = background.map(colour);
            let ground = background.unwrap_or(Colour::WHITE);
            let accent = accent.map(|accent| colour(accent).readable_on(ground, LARGE));
            let stated = Stated { background, accent, ..Stated::default() };
            let colours = Colours::of(stated, Stated::default());
            prop_assert!(can_be_read(colours.light) && can_be_read(colours.dark));
        }
    }
}
