//! What is wrong with a scenario file. Shown exactly as a programme's faults are.

use std::ops::Range;

use guerdon_domain::programme::{Fault, render};

/// One thing that is wrong, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    span: Range<usize>,
    message: String,
    help: Option<String>,
}

impl Trouble {
    /// Something wrong at these bytes of the file.
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    /// Says what to write instead.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// All that is wrong, in the order of the file.
pub(super) fn show(source: &str, file: &str, mut troubles: Vec<Trouble>) -> String {
    troubles.sort_by_key(|trouble| trouble.span.start);
    troubles.dedup();
    let faults: Vec<Fault> = troubles.into_iter().map(|trouble| fault(source, trouble)).collect();
    render(source, file, &faults)
}

fn fault(source: &str, trouble: Trouble) -> Fault {
    let before = source.get(..trouble.span.start).unwrap_or(source);
    let in_line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    Fault {
        line: before.matches('\n').count().saturating_add(1),
        column: in_line.chars().count().saturating_add(1),
        span: trouble.span,
        message: trouble.message,
        suggestion: trouble.help,
    }
}

/// The candidate nearest to `word`, if it is near enough to be what was meant.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(40).flat_map(char::to_lowercase).collect();
    let allowed = word.len().div_euclid(2).max(1);
    let near = candidates.into_iter().map(|candidate| (distance(&word, candidate), candidate));
    near.filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, found)| found)
}

/// Levenshtein's distance.
fn distance(word: &[char], other: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for b in other.chars() {
        let mut diagonal = row.first().copied().unwrap_or_default();
        let mut left = diagonal.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (a, above) in word.iter().zip(row.iter_mut().skip(1)) {
            let swapped = diagonal.saturating_add(usize::from(*a != b));
            diagonal = *above;
            left = swapped.min(left.saturating_add(1)).min(above.saturating_add(1));
            *above = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found() {
        let known = ["joins", "redeems", "refunds"];
        assert_eq!(nearest("redem", known), Some("redeems"));
        assert_eq!(nearest("reFund", known), Some("refunds"));
        assert_eq!(nearest("sings", known), None);
        assert_eq!(distance(&['k', 'i', 't', 't', 'e', 'n'], "sitting"), 3);
    }
}
