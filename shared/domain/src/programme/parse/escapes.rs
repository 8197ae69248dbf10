//! From a place in a string's value to its place in the file: quotes, escapes and line continuations lie between.

/// The byte of `raw` (a TOML string with its quotes) from which byte `offset` of its value comes.
pub(super) fn locate(raw: &str, offset: usize) -> usize {
    let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
    let escaped = raw.starts_with('"');
    let mut at: usize = quotes;
    if quotes == 3 {
        let rest = raw.get(at..).unwrap_or_default();
        let newline = ["\r\n", "\n"].into_iter().find(|newline| rest.starts_with(newline));
        at = at.saturating_add(newline.map_or(0, str::len));
    }
    let mut decoded = 0_usize;
    while let Some(rest) = raw.get(at..)
        && let Some(first) = rest.chars().next()
    {
        let (length, bytes) = if escaped && first == '\\' {
            escape(rest)
        } else {
            (first.len_utf8(), first.len_utf8())
        };
        let after = decoded.saturating_add(bytes);
        if after > offset {
            break;
        }
        decoded = after;
        at = at.saturating_add(length);
    }
    at.min(raw.len().saturating_sub(quotes))
}

/// The length of an escape as written, and of what it stands for.
fn escape(rest: &str) -> (usize, usize) {
    let digits = |count: usize| {
        let end = count.saturating_add(2);
        let code = rest.get(2..end).and_then(|code| u32::from_str_radix(code, 16).ok());
        (end, code.and_then(char::from_u32).map_or(1, char::len_utf8))
    };
    match rest.chars().nth(1) {
        Some('x') => digits(2),
        Some('u') => digits(4),
        Some('U') => digits(8),
        Some(c) if c.is_whitespace() => {
            let skipped = rest.get(1..).unwrap_or_default();
            (rest.len().saturating_sub(skipped.trim_start().len()), 0)
        }
        _ => (2, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::locate;

    #[test]
    fn places_are_found_behind_escapes() {
        for raw in [
            "\"ab X\"",
            "'ab X'",
            "\"\"\"\nab X\"\"\"",
            "'''\r\nab X'''",
            "\"\\u00e9 X\"",
            "\"\\\"\\\\ X\"",
            "\"\"\"a\\\n   b X\"\"\"",
            "\"\\x41b X\"",
        ] {
            let found = locate(raw, 3);
            assert_eq!(raw.get(found..=found), Some("X"), "{raw}");
        }
        assert_eq!(locate("\"ab\"", 2), 3, "the end is the closing quote");
    }
}
