//! The embedded fonts, and which of them has a character.

use std::sync::LazyLock;

use harfrust::{FontRef, ShaperData};
use krilla::text::Font;
use skrifa::MetadataProvider;
use skrifa::charmap::Charmap;

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

/// One font file, opened for shaping and for embedding.
pub(crate) struct Face {
    pub(crate) embedded: Font,
    pub(crate) font: FontRef<'static>,
    pub(crate) shaping: ShaperData,
    charmap: Charmap<'static>,
}

impl Face {
    pub(crate) fn has(&self, character: char) -> bool {
        self.charmap.map(character).is_some_and(|glyph| glyph.to_u32() != 0)
    }
}

/// The scripts' fonts, in the order in which they are asked for a character.
const FAMILIES: usize = 4;

static FACES: LazyLock<Vec<Face>> = LazyLock::new(|| {
    let files: [&'static [u8]; 2 * FAMILIES] = [
        include_bytes!("../fonts/NotoSans-Regular.ttf"),
        include_bytes!("../fonts/NotoSansThai-Regular.ttf"),
        include_bytes!("../fonts/NotoSansArabic-Regular.ttf"),
        include_bytes!("../fonts/NotoSansKR-Regular.ttf"),
        include_bytes!("../fonts/NotoSans-SemiBold.ttf"),
        include_bytes!("../fonts/NotoSansThai-SemiBold.ttf"),
        include_bytes!("../fonts/NotoSansArabic-Bold.ttf"),
        include_bytes!("../fonts/NotoSansKR-SemiBold.ttf"),
    ];
    files.into_iter().map(open).collect()
});

fn open(file: &'static [u8]) -> Face {
    let embedded =
        Font::new(file.into(), 0).expect("the font is part of the program, and a test opens it");
    let font = FontRef::new(file).expect("the font is part of the program, and a test opens it");
    Face { embedded, shaping: ShaperData::new(&font), charmap: font.charmap(), font }
}

/// All faces; an index into them names one.
pub(crate) fn faces() -> &'static [Face] {
    &FACES
}

/// The face to set a character in: that of the text before it if that has it, unless the first family is to be preferred.
pub(crate) fn face_for(character: char, weight: Weight, before: Option<usize>) -> Option<usize> {
    let first = match weight {
        Weight::Regular => 0,
        Weight::SemiBold => FAMILIES,
    };
    if let Some(before) = before
        && !character.is_ascii_digit()
        && faces()[before].has(character)
    {
        return Some(before);
    }
    (first..first + FAMILIES).find(|&face| faces()[face].has(character))
}

/// Whether any font has the character.
pub(crate) fn covers(character: char) -> bool {
    face_for(character, Weight::Regular, None).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_have_the_same_characters() {
        for character in '\0'..='\u{ffff}' {
            for family in 0..FAMILIES {
                assert_eq!(
                    faces()[family].has(character),
                    faces()[family + FAMILIES].has(character),
                    "{character:?} in {family}"
                );
            }
        }
    }

    #[test]
    fn the_alphabets_and_signs_of_statements_are_there() {
        let wanted = "AZaz09 ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ äöüßẞ čěřšž őű îăâșț €£¥₩฿₺₹₴zł −–—…‘’“”„«»·•→←";
        for character in wanted
            .chars()
            .chain("กขฃคฅฆงอิ์๐๙".chars())
            .chain("ابتثجحخدذر٠٩،؛؟پچژگ".chars())
            .chain("가힝각한국어원㈜、。".chars())
        {
            assert!(covers(character), "{character:?}");
        }
    }
}
