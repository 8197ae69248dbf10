//! Reading a statement word by word.

use std::ops::Range;

use guerdon_domain::money::Currency;

use crate::scenario::{
    fault::Trouble,
    text::{Statement, Word},
};

/// A place in a statement.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    words: &'a [Word],
    end: Range<usize>,
}

impl<'a> Cursor<'a> {
    /// At the first word of a statement.
    pub(super) fn new(statement: &'a Statement) -> Self {
        Self::over(&statement.words, statement.span())
    }

    /// At the first of some words; troubles at their end are shown at the last.
    pub(super) fn over(words: &'a [Word], whole: Range<usize>) -> Self {
        let end = words.last().map_or(whole, |word| word.span.clone());
        Self { words, end }
    }

    /// The next word.
    pub(super) fn peek(&self) -> Option<&'a Word> {
        self.words.first()
    }

    /// The word after so many others.
    pub(super) fn ahead(&self, words: usize) -> Option<&'a Word> {
        self.words.get(words)
    }

    /// Whether the next word is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.peek().is_some_and(|word| word.is(keyword))
    }

    /// Whether nothing is left.
    pub(super) fn done(&self) -> bool {
        self.words.is_empty()
    }

    /// Passes over one word.
    pub(super) fn skip(&mut self) {
        self.words = self.words.get(1..).unwrap_or_default();
    }

    /// Passes over the next word if it is one of these keywords.
    pub(super) fn eat(&mut self, keywords: &[&str]) -> bool {
        let found = keywords.iter().any(|keyword| self.is(keyword));
        if found {
            self.skip();
        }
        found
    }

    /// Passes over these keywords if all of them come next.
    pub(super) fn eat_all(&mut self, keywords: &[&str]) -> bool {
        let found = keywords
            .iter()
            .zip(0_usize..)
            .all(|(keyword, n)| self.ahead(n).is_some_and(|word| word.is(keyword)));
        if found {
            self.words = self.words.get(keywords.len()..).unwrap_or_default();
        }
        found
    }

    /// The next word, which must be there.
    pub(super) fn next(&mut self, what: &str, example: &str) -> Result<&'a Word, Trouble> {
        let word = self.peek().ok_or_else(|| self.missing(what, example))?;
        if !word.quoted && matches!(word.text.as_str(), "," | "{" | "}") {
            return Err(self.missing(what, example));
        }
        self.skip();
        Ok(word)
    }

    /// The place of the next word, or of the last if none is left.
    pub(super) fn here(&self) -> Range<usize> {
        self.peek().map_or_else(|| self.end.clone(), |word| word.span.clone())
    }

    /// Says that something is missing here.
    pub(super) fn missing(&self, what: &str, example: &str) -> Trouble {
        let message = match self.peek() {
            Some(word) => format!("{what} is expected here, not `{}`", word.text),
            None => format!("{what} is missing at the end"),
        };
        Trouble::new(self.here(), message).help(format!("write, for example: {example}"))
    }

    /// Says that the next word does not belong here.
    pub(super) fn stray(&self, help: &str) -> Trouble {
        let Some(word) = self.peek() else { return self.missing("something", help) };
        let trouble =
            Trouble::new(word.span.clone(), format!("`{}` does not belong here", word.text));
        match word.text.to_ascii_uppercase() {
            code if code != word.text && code.parse::<Currency>().is_ok() => {
                trouble.help(format!("write the currency in capitals: {code}"))
            }
            _ => trouble.help(help),
        }
    }

    /// Refuses anything that is left.
    pub(super) fn finish(&self, help: &str) -> Result<(), Trouble> {
        if self.done() { Ok(()) } else { Err(self.stray(help)) }
    }
}
