//! A statement as plain text: for screens, terminals, and the plain part of the mail.

use std::fmt::Write as _;

use crate::letter::{Letter, Link, Point, Section};

/// The letter as plain text.
pub fn text(letter: &Letter) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}\n{}\n\n{}\n", letter.programme, letter.title, letter.greeting);
    let _ = writeln!(out, "{}: {}\n", letter.opening.label, letter.opening.balance);
    heading(&mut out, &letter.history);
    for row in &letter.rows {
        let _ = writeln!(out, "{}  {}", row.date, row.what);
        for why in &row.why {
            let _ = writeln!(out, "    {why}");
        }
        let [_, _, change, balance] = &letter.columns;
        let _ = writeln!(out, "    {change}: {}   {balance}: {}", row.change, row.balance);
    }
    if let Some(nothing) = &letter.nothing {
        let _ = writeln!(out, "{nothing}");
    }
    out.push('\n');
    for (label, sum) in &letter.sums {
        let _ = writeln!(out, "{label}: {sum}");
    }
    let _ = writeln!(out, "{}: {}", letter.closing.label, letter.closing.balance);
    for section in &letter.sections {
        out.push('\n');
        say(&mut out, section);
    }
    out.push('\n');
    if let Some(Link { label, url }) = &letter.terms {
        let _ = writeln!(out, "{label}: {url}");
    }
    let _ = writeln!(out, "{}", letter.made_on);
    for line in &letter.footer {
        let _ = writeln!(out, "{line}");
    }
    if let Some(Link { label, url }) = &letter.unsubscribe {
        let _ = writeln!(out, "{label}: {url}");
    }
    out
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "{title}\n{}", "-".repeat(title.chars().count().clamp(3, 60)));
}

fn say(out: &mut String, section: &Section) {
    if let Some(title) = &section.title {
        heading(out, title);
    }
    for point in &section.points {
        let _ = match point {
            Point::Text(text) | Point::Strong(text) | Point::Small(text) => writeln!(out, "{text}"),
            Point::Progress { label, .. } => writeln!(out, "{label}"),
            Point::Code { what, code: None } => writeln!(out, "{what}"),
            Point::Code { what, code: Some(code) } => writeln!(out, "{what}\n    {code}"),
            Point::Link(Link { label, url }) => writeln!(out, "{label}: {url}"),
        };
    }
}
