//! The words of a condition, looked at before CEL's parser sees them: what is not in our subset is refused here, in plain
//! words, and nothing that could nest deeply reaches the parser.

use std::ops::Range;

use crate::condition::{Condition, ConditionFault};

/// Brackets may nest this deep, and questions (`? :`) may be this many.
const MAX_DEPTH: usize = 16;

/// More words than any condition needs.
const MAX_TOKENS: usize = 256;

const SYMBOLS: [&str; 22] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]",
    ",", "?", ":", "//",
];

type Tokens = Vec<Range<usize>>;

/// Splits a condition into words, or says what in it is no part of the subset.
pub(super) fn check(source: &str) -> Result<Tokens, ConditionFault> {
    if source.len() > Condition::MAX_BYTES {
        return Err(fault(
            0..source.len(),
            format!("the condition is longer than {} bytes", Condition::MAX_BYTES),
        ));
    }
    let mut tokens = Tokens::new();
    let mut at = 0_usize;
    while let Some(rest) = source.get(at..)
        && let Some(first) = rest.chars().next()
    {
        if first.is_ascii_whitespace() {
            at = at.saturating_add(1);
            continue;
        }
        let length = match first {
            'a'..='z' | 'A'..='Z' | '_' => name(rest, at)?,
            '0'..='9' => number(rest, at)?,
            '"' | '\'' => text(rest, at, first)?,
            _ => symbol(rest, at, first)?,
        };
        let end = at.saturating_add(length);
        tokens.push(at..end);
        at = end;
    }
    if tokens.is_empty() {
        return Err(fault(0..source.len(), "the condition is empty")
            .help("leave `when` out, or write one such as \"order.net >= 1000\""));
    }
    shape(source, &tokens)?;
    if tokens.len() > MAX_TOKENS {
        return Err(fault(
            0..source.len(),
            format!("the condition has more than {MAX_TOKENS} words"),
        ));
    }
    Ok(tokens)
}

fn fault(offset: Range<usize>, message: impl Into<String>) -> ConditionFault {
    ConditionFault::new(offset, message)
}

fn span(at: usize, length: usize) -> Range<usize> {
    at..at.saturating_add(length)
}

fn name(rest: &str, at: usize) -> Result<usize, ConditionFault> {
    let length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(rest.len());
    let name = rest.get(..length).unwrap_or_default();
    let here = span(at, length);
    match name {
        "and" | "AND" => {
            Err(fault(here, format!("unexpected `{name}`")).help("write && for \"and\""))
        }
        "or" | "OR" => Err(fault(here, format!("unexpected `{name}`")).help("write || for \"or\"")),
        "not" | "NOT" => {
            Err(fault(here, format!("unexpected `{name}`")).help("write ! for \"not\""))
        }
        _ if name.ends_with('.') || name.contains("..") => {
            Err(fault(here, format!("`{name}` is not a name")))
        }
        _ => Ok(length),
    }
}

fn number(rest: &str, at: usize) -> Result<usize, ConditionFault> {
    let length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(rest.len());
    let digits = rest.get(..length).unwrap_or_default();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(fault(span(at, length), format!("`{digits}` is not a whole number"))
            .help("numbers are whole, amounts are in minor units: 12.50 EUR is 1250"));
    }
    match digits.parse::<u64>() {
        Ok(value) if value <= i64::MIN.unsigned_abs() => Ok(length),
        _ => Err(fault(span(at, length), format!("{digits} is too large"))),
    }
}

fn text(rest: &str, at: usize, quote: char) -> Result<usize, ConditionFault> {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' | '\r' => break,
            _ if c == quote => return Ok(index.saturating_add(1)),
            _ => {}
        }
    }
    Err(fault(span(at, rest.len()), "the string is not closed")
        .help(format!("end it with {quote}")))
}

fn symbol(rest: &str, at: usize, first: char) -> Result<usize, ConditionFault> {
    let found = SYMBOLS
        .iter()
        .filter(|symbol| rest.starts_with(**symbol))
        .max_by_key(|symbol| symbol.len());
    match (found, first) {
        (Some(&"//"), _) => Err(fault(span(at, 2), "a condition has no comments")),
        (Some(symbol), _) => Ok(symbol.len()),
        (None, '=') => Err(fault(span(at, 1), "`=` does not compare").help("write == to compare")),
        (None, '&') => Err(fault(span(at, 1), "unexpected `&`").help("write && for \"and\"")),
        (None, '|') => Err(fault(span(at, 1), "unexpected `|`").help("write || for \"or\"")),
        (None, _) => {
            Err(fault(span(at, first.len_utf8()), format!("unexpected `{}`", first.escape_debug())))
        }
    }
}

/// Brackets match and are not nested too deeply; no calls, no indexing, no texts side by side.
fn shape(source: &str, tokens: &Tokens) -> Result<(), ConditionFault> {
    let mut open: Vec<(&str, Range<usize>)> = Vec::new();
    let mut questions = 0_usize;
    let mut before = "";
    for here in tokens {
        let token = source.get(here.clone()).unwrap_or_default();
        let after_name =
            before != "in" && before.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        match token {
            "(" if after_name => {
                return Err(fault(
                    here.clone(),
                    format!("`{before}(`: a condition has no functions"),
                ));
            }
            "[" if before != "in" => {
                return Err(fault(here.clone(), "a list can only stand after `in`")
                    .help("write, for example, order.weekday in [6, 7]"));
            }
            "(" | "[" => open.push((token, here.clone())),
            ")" | "]" => match (open.pop(), token) {
                (Some(("(", _)), ")") | (Some(("[", _)), "]") => {}
                _ => return Err(fault(here.clone(), format!("`{token}` closes nothing"))),
            },
            "?" => questions = questions.saturating_add(1),
            _ => {}
        }
        if open.len() > MAX_DEPTH || questions > MAX_DEPTH {
            return Err(fault(
                here.clone(),
                format!("the condition is nested more than {MAX_DEPTH} deep"),
            ));
        }
        if token.starts_with(['"', '\'']) && (after_name || before.ends_with(['"', '\''])) {
            return Err(fault(here.clone(), format!("unexpected {token}")));
        }
        before = token;
    }
    match open.pop() {
        Some((token, here)) => Err(fault(here, format!("`{token}` is not closed"))),
        None => Ok(()),
    }
}
