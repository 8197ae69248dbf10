//! What is wrong with a programme file, and how it is shown.

use std::{fmt::Write, ops::Range};

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// Characters from the start of the line, counted from 1.
    pub column: usize,
    /// Bytes of the source.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub suggestion: Option<String>,
}

impl Fault {
    /// A fault at a place in the source; a span outside of it is moved inside.
    pub(super) fn new(
        source: &str,
        span: Range<usize>,
        message: String,
        suggestion: Option<String>,
    ) -> Self {
        let inside = |at: usize| {
            (0..=at.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0)
        };
        let span = inside(span.start)..inside(span.end.max(span.start));
        let before = source.get(..span.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
        let in_line = before.get(line_start..).unwrap_or_default();
        Self {
            line: before.matches('\n').count().saturating_add(1),
            column: in_line.chars().count().saturating_add(1),
            span,
            message,
            suggestion,
        }
    }
}

/// Shows faults as compilers do: place and message, the line, a caret under the fault, and help.
pub fn render(source: &str, file_name: &str, faults: &[Fault]) -> String {
    let mut out = String::new();
    for fault in faults {
        // Writing to a string cannot fail.
        let _ = show(&mut out, source, file_name, fault);
    }
    out
}

fn show(out: &mut String, source: &str, file_name: &str, fault: &Fault) -> std::fmt::Result {
    if !out.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "{file_name}:{}:{}: {}", fault.line, fault.column, fault.message)?;
    let line = source.lines().nth(fault.line.saturating_sub(1)).unwrap_or_default();
    let number = fault.line.to_string();
    let gutter = " ".repeat(number.len());
    let indent: String = line
        .chars()
        .take(fault.column.saturating_sub(1))
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let spanned = source.get(fault.span.clone()).unwrap_or_default();
    let width = spanned.lines().next().unwrap_or_default().chars().count().max(1);
    writeln!(out, "{gutter} |")?;
    writeln!(out, "{number} | {line}")?;
    writeln!(out, "{gutter} | {indent}{}", "^".repeat(width))?;
    match &fault.suggestion {
        Some(suggestion) => writeln!(out, "{gutter} = help: {suggestion}"),
        None => Ok(()),
    }
}
