//! Makes any string one that can be set: no controls, no overrides of direction, nothing that no font has.

use icu_segmenter::GraphemeClusterSegmenter;
use unicode_bidi::{BidiClass, bidi_class};

use crate::fonts::covers;

/// What stands for a character that no font has.
const REPLACEMENT: char = '\u{fffd}';

/// How many marks one letter keeps; beyond these they would be stacked into the lines above.
const MARKS_MAX: usize = 4;

/// The text with every line feed kept, every other blank a space, and one replacement for each cluster that cannot be set.
pub(crate) fn clean(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let text = compose_hangul(&text.replace("\r\n", "\n"));
    let mut cleaned = String::with_capacity(text.len());
    let mut start = 0;
    for end in GraphemeClusterSegmenter::new().segment_str(&text).skip(1) {
        push_cluster(&text[start..end], &mut cleaned);
        start = end;
    }
    cleaned
}

fn push_cluster(cluster: &str, cleaned: &mut String) {
    let mut marks = 0;
    let mut based = false;
    for character in cluster.chars() {
        match character {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                cleaned.push('\n');
            }
            '\t' => cleaned.push(' '),
            _ if is_hint(character) => cleaned.push(character),
            _ if is_left_out(character) => {}
            _ if bidi_class(character) == BidiClass::NSM => {
                marks += 1;
                if marks <= MARKS_MAX && covers(character) {
                    cleaned.push(character);
                    based = true;
                }
            }
            _ if covers(character) => {
                cleaned.push(character);
                based = true;
            }
            _ if !based => {
                cleaned.push(REPLACEMENT);
                return;
            }
            _ => {}
        }
    }
}

/// Marks and isolates of direction, and the space of no width: they steer the setting, but are not set.
pub(crate) fn is_hint(character: char) -> bool {
    matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2066}'..='\u{2069}')
}

/// Controls, embeddings and overrides, selectors, tags, noncharacters and characters of private use.
fn is_left_out(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}'
            | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{10ffff}')
}

/// Korean that came apart into its letters, as some file systems leave it, put together again (Unicode 3.12).
fn compose_hangul(text: &str) -> String {
    let mut composed: Vec<char> = Vec::with_capacity(text.len());
    for character in text.chars() {
        let joined = composed.last().and_then(|&last| join(u32::from(last), u32::from(character)));
        match (joined, composed.last_mut()) {
            (Some(syllable), Some(last)) => *last = syllable,
            _ => composed.push(character),
        }
    }
    composed.into_iter().collect()
}

fn join(before: u32, after: u32) -> Option<char> {
    match (before, after) {
        (0x1100..=0x1112, 0x1161..=0x1175) => {
            char::from_u32(0xac00 + ((before - 0x1100) * 21 + after - 0x1161) * 28)
        }
        (0xac00..=0xd7a3, 0x11a8..=0x11c2) if (before - 0xac00).is_multiple_of(28) => {
            char::from_u32(before + after - 0x11a7)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(clean(text), expected, "{text:?}");
    }

    #[test]
    fn letters_stay_and_controls_go() {
        check("Zażółć gęślą jaźń", "Zażółć gęślą jaźń");
        check("a\u{202e}b\u{0}c\u{feff}\td", "abc d");
        check("one\r\ntwo\u{2029}three", "one\ntwo\nthree");
        check("\u{2068}name\u{2069}", "\u{2068}name\u{2069}");
    }

    #[test]
    fn what_no_font_has_is_one_replacement_for_each_cluster() {
        check("a🎉b", "a\u{fffd}b");
        check("👩‍👩‍👧‍👦", "\u{fffd}");
        check("👍🏽", "\u{fffd}");
        check("漢字", "\u{fffd}\u{fffd}");
    }

    #[test]
    fn marks_do_not_pile_up() {
        check(&format!("e{}", "\u{301}".repeat(50)), &format!("e{}", "\u{301}".repeat(MARKS_MAX)));
    }

    #[test]
    fn korean_in_pieces_is_put_together() {
        check("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", "한국");
    }
}
