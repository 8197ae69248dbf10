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
