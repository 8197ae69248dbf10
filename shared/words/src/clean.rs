//! Text that others wrote, made fit to stand among ours.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::{Language, language};

/// First strong isolate: what follows has its own direction, and moves nothing around it.
const FSI: char = '\u{2068}';

/// Pop directional isolate: the end of it.
const PDI: char = '\u{2069}';

/// What sits at the place of what was cut off.
const ELLIPSIS: char = '…';

/// A text without control characters and direction marks, with single spaces, and of at most `max_chars` characters.
///
/// What is longer ends with an ellipsis and is cut between graphemes, so that no letter loses its accents.
pub fn clean(text: &str, max_chars: usize) -> String {
    // Text of any length may come in: what is read of it is bounded.
    let bounded = text.chars().take(max_chars.saturating_mul(16).saturating_add(64));
    let mut cleaned = String::new();
    for c in bounded {
        if c.is_whitespace() {
            if !cleaned.is_empty() && !cleaned.ends_with(' ') {
                cleaned.push(' ');
            }
        } else if !c.is_control() && !is_direction(c) {
            cleaned.push(c);
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    if cleaned.chars().count() <= max_chars {
        return cleaned;
    }
    shorten(&cleaned, max_chars)
}

fn shorten(text: &str, max_chars: usize) -> String {
    let Some(mut left) = max_chars.checked_sub(1) else { return String::new() };
    let mut short = String::new();
    for grapheme in text.graphemes(true) {
        let Some(rest) = left.checked_sub(grapheme.chars().count()) else { break };
        left = rest;
        short.push_str(grapheme);
    }
    short.truncate(short.trim_end().len());
    short.push(ELLIPSIS);
    short
}

/// A text that can stand within a sentence of a language without moving what is around it.
///
/// Where neither is written from right to left there is nothing to move, and the text stays as it is: plain to search and copy.
pub fn isolate(text: &str, language: Language) -> Cow<'_, str> {
    let plain = !text.chars().any(|c| is_direction(c) || is_rtl(c));
    if text.is_empty() || plain && !language::is_rtl(language) {
        return Cow::Borrowed(text);
    }
    let inner =
        if is_contained(text) { Cow::Borrowed(text) } else { text.replace(is_strong, "").into() };
    Cow::Owned(format!("{FSI}{inner}{PDI}"))
}

/// Whether every isolate of a text ends in it, and it has no other embedding.
fn is_contained(text: &str) -> bool {
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '\u{2066}'..=FSI => depth = depth.saturating_add(1),
            PDI if depth == 0 => return false,
            PDI => depth = depth.saturating_sub(1),
            _ if is_strong(c) => return false,
            _ => {}
        }
    }
    depth == 0
}

/// An embedding, an override, an isolate, or the end of one.
fn is_strong(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Any invisible mark of direction.
fn is_direction(c: char) -> bool {
    is_strong(c) || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// A letter of a script that is written from right to left, by the blocks that Unicode keeps for them.
fn is_rtl(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_reorder_or_break_a_line_is_gone() {
        assert_eq!(clean("  Ann\r\n\t  Lee\u{202e}\u{2066}\u{200f}\u{61c}\u{7} ", 40), "Ann Lee");
        assert_eq!(clean("\u{2028}a\u{85}b\u{0}", 40), "a b");
        assert_eq!(clean("\u{202e}", 40), "");
        assert_eq!(clean("عمر", 40), "عمر");
    }

    #[test]
    fn what_is_long_is_cut_between_graphemes() {
        assert_eq!(clean("Beanery", 7), "Beanery");
        assert_eq!(clean("Beanery Club", 8), "Beanery…");
        assert_eq!(clean("Beanery Club", 9), "Beanery…", "no space before the ellipsis");
        assert_eq!(clean("ze\u{301}ze\u{301}", 5), "ze\u{301}z…");
        assert_eq!(clean("👩‍👩‍👧👩‍👩‍👧", 6), "👩‍👩‍👧…");
        assert_eq!(clean("a", 0), "");
        let marks = format!("a{}", "\u{301}".repeat(5000));
        assert!(clean(&marks, 30).chars().count() <= 30, "a tower of accents is cut too");
    }

    #[test]
    fn a_text_from_right_to_left_is_isolated_and_cannot_break_out() {
        assert_eq!(isolate("Ann", Language::En), "Ann");
        assert_eq!(isolate("Ann", Language::Ar), "\u{2068}Ann\u{2069}");
        assert_eq!(isolate("عمر", Language::En), "\u{2068}عمر\u{2069}");
        assert_eq!(isolate("a\u{2069}\u{202e}b", Language::En), "\u{2068}ab\u{2069}");
        assert_eq!(isolate("\u{2067}b", Language::En), "\u{2068}b\u{2069}");
        let once = isolate("عمر", Language::En).into_owned();
        assert_eq!(isolate(&once, Language::En), format!("\u{2068}{once}\u{2069}"), "nests");
    }
}
