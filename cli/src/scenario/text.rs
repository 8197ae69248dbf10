//! From the text of a scenario to its statements: words with their places, comments and blocks taken care of.

use std::ops::Range;

use crate::scenario::fault::Trouble;

/// A word of the file, or what stands between quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The word, without quotes.
    pub(super) text: String,
    /// Whether it was quoted: then it is never a keyword.
    pub(super) quoted: bool,
    /// Bytes of the file.
    pub(super) span: Range<usize>,
}

impl Word {
    /// Whether it is this keyword, in capitals or not.
    pub(super) fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(keyword)
    }
}

/// One thing that the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// Its words; at least one.
    pub(super) words: Vec<Word>,
    /// A text written out under it, between `<<END` and `END`.
    pub(super) block: Option<Block>,
    /// The number of its first line, from 1.
    pub(super) line: usize,
}

impl Statement {
    /// The statement's bytes in the file.
    pub(super) fn span(&self) -> Range<usize> {
        let start = self.words.first().map_or(0, |word| word.span.start);
        let end = self.words.last().map_or(start, |word| word.span.end);
        start..end
    }
}

/// A text written out in the scenario file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// The text.
    pub(super) text: String,
    /// Lines of the file before it.
    pub(super) lines_before: usize,
}

/// Reads the statements of a file, and what is wrong with its quotes and blocks.
pub(super) fn statements(source: &str) -> (Vec<Statement>, Vec<Trouble>) {
    let mut statements: Vec<Statement> = Vec::new();
    let mut troubles = Vec::new();
    let mut offset = 0_usize;
    let mut lines = source.split_inclusive('\n').zip(1_usize..);
    while let Some((line, number)) = lines.next() {
        let start = offset;
        offset = offset.saturating_add(line.len());
        let mut words = words(line, start, &mut troubles);
        let marker =
            words.pop_if(|word| !word.quoted && word.text.len() > 2 && word.text.starts_with("<<"));
        for part in words.split(|word| word.is(";")).filter(|part| !part.is_empty()) {
            match statements.last_mut() {
                Some(order) if part.first().is_some_and(|word| word.is("line")) => {
                    order.words.extend_from_slice(part);
                }
                _ => statements.push(Statement { words: part.to_vec(), block: None, line: number }),
            }
        }
        let Some(marker) = marker else { continue };
        let mut text = String::new();
        let mut closed = false;
        for (line, _) in lines.by_ref() {
            offset = offset.saturating_add(line.len());
            closed = line.trim() == marker.text.trim_start_matches('<');
            if closed {
                break;
            }
            text.push_str(line);
        }
        if !closed {
            let name = marker.text.trim_start_matches('<');
            let help = format!("write {name} alone on the line after the text");
            troubles.push(
                Trouble::new(
                    marker.span.clone(),
                    format!("the text after {} does not end", marker.text),
                )
                .help(help),
            );
        }
        match statements.last_mut() {
            Some(statement) if !words.is_empty() => {
                statement.block = Some(Block { text, lines_before: number });
            }
            _ => troubles.push(
                Trouble::new(marker.span, "a text belongs to `programme` or `publish`")
                    .help("write: programme <<END"),
            ),
        }
    }
    (statements, troubles)
}

/// The words of a line that starts at byte `start` of the file.
pub(super) fn words(line: &str, start: usize, troubles: &mut Vec<Trouble>) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = line.trim_start_matches('\u{feff}');
    let at = |rest: &str| start.saturating_add(line.len().saturating_sub(rest.len()));
    loop {
        rest = rest.trim_start();
        let begin = at(rest);
        let Some(first) = rest.chars().next().filter(|first| *first != '#') else { break };
        let closing = match first {
            '"' | '\'' => Some(first),
            '“' | '„' => Some('”'),
            _ => None,
        };
        if let Some(closing) = closing {
            let inside = rest.get(first.len_utf8()..).unwrap_or_default();
            let (text, after) = if let Some(parts) = inside.split_once(closing) {
                parts
            } else {
                let message = format!(
                    "the quotation that begins here does not end on this line: {closing} is missing"
                );
                troubles.push(Trouble::new(begin..begin.saturating_add(first.len_utf8()), message));
                (inside.trim_end(), "")
            };
            rest = after;
            words.push(Word { text: text.to_owned(), quoted: true, span: begin..at(rest) });
            continue;
        }
        let single = matches!(first, ',' | ';' | '{' | '}');
        let end = if single {
            first.len_utf8()
        } else {
            rest.find(char::is_whitespace).unwrap_or(rest.len())
        };
        let (word, _) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let word = if single { word } else { word.trim_end_matches([',', ';']) };
        rest = rest.get(word.len()..).unwrap_or_default();
        words.push(Word { text: word.to_owned(), quoted: false, span: begin..at(rest) });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<Vec<String>> {
        let (statements, troubles) = statements(source);
        assert_eq!(troubles, []);
        statements
            .into_iter()
            .map(|s| s.words.into_iter().map(|word| word.text).collect())
            .collect()
    }

    #[test]
    fn lines_become_statements() {
        let source = "\u{feff}# a comment\r\nann joins # now\r\n\nann buys o1\n   line 1 2 x 3.00, ; again\n";
        let expected: [&[&str]; 3] = [
            &["ann", "joins"],
            &["ann", "buys", "o1", "line", "1", "2", "x", "3.00", ","],
            &["again"],
        ];
        assert_eq!(texts(source), expected);
    }

    #[test]
    fn quotations_keep_their_spaces() {
        assert_eq!(
            texts("because \"a # b\" 'c d' “e f”,"),
            [["because", "a # b", "c d", "e f", ","]]
        );
        let (_, troubles) = statements("because \"a b");
        assert_eq!(troubles.len(), 1);
    }

    #[test]
    fn blocks_end_at_their_marker() {
        let (statements, troubles) = statements("programme <<END\n[a]\n# b\n END\nann joins");
        assert_eq!(troubles, []);
        assert_eq!(
            statements[0].block,
            Some(Block { text: "[a]\n# b\n".to_owned(), lines_before: 1 })
        );
        assert_eq!(statements[1].line, 5);
        assert_eq!(super::statements("programme <<END\nx").1.len(), 1);
        assert_eq!(super::statements("<<END\nx\nEND").1.len(), 1);
    }
}
