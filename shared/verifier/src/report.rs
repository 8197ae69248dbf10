//! All checks of a draw, one line each.

use std::{collections::BTreeMap, error::Error, io::Read, num::NonZero};

use guerdon_domain::draw::{
    check::{self, Finding},
    list::Line,
    record::Record,
};

use crate::{beacon, recheck::recheck};

/// One check and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What should hold.
    pub what: String,
    /// Whether it does.
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not, and why.
    Fails(String),
    /// It could not be checked, and why.
    Open(String),
}

impl Check {
    fn new(what: impl Into<String>, result: Result<(), impl Error>) -> Self {
        let outcome =
            result.map_or_else(|error| Outcome::Fails(sentence(&error)), |()| Outcome::Holds);
        Self { what: what.into(), outcome }
    }

    /// Whether it fails.
    pub fn fails(&self) -> bool {
        matches!(self.outcome, Outcome::Fails(_))
    }
}

impl From<Finding> for Check {
    fn from(finding: Finding) -> Self {
        Self::new(finding.what, finding.fault.map_or(Ok(()), Err))
    }
}

/// The list of a draw, as a reader, and how it is worked off.
pub struct List<'a, R> {
    /// Its text.
    pub text: R,
    /// On how many threads.
    pub threads: NonZero<usize>,
    /// Is told how many bytes have been checked.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// Checks a record, and its list if there is one. The record is `None` if its text cannot be read.
pub fn verify<R: Read + Send>(
    text: &[u8],
    list: Option<List<'_, R>>,
) -> (Option<Record>, Vec<Check>) {
    let what = "the record's text is canonical, and its digest is right";
    let record = match Record::parse(text) {
        Ok(record) => record,
        Err(error) => return (None, vec![Check::new(what, Err(error))]),
    };
    let mut checks = vec![Finding::new(what, Ok(())).into()];
    checks.extend(check::record(&record).into_iter().map(Check::from));
    if let Some(beacon) = &record.beacon {
        let what = format!("the beacon's signature is that of round {}", beacon.round);
        checks.push(Check::new(what, beacon::verify(beacon)));
    }
    match list {
        Some(list) => checks.extend(of_the_list(&record, list)),
        None => checks.push(Check {
            what: "the list is the one the record was drawn from".to_owned(),
            outcome: Outcome::Open("no list was given".to_owned()),
        }),
    }
    (Some(record), checks)
}

fn of_the_list<R: Read + Send>(record: &Record, list: List<'_, R>) -> Vec<Check> {
    let line = |drawn: guerdon_domain::draw::pages::Drawn| {
        (drawn.proof.index, Line { range: drawn.range, entrant: drawn.entrant })
    };
    let expected: BTreeMap<u64, Line> = record.drawn().map(line).collect();
    let in_order = "the list is sorted, without repeats, and counts its tickets right";
    let same = "the list is the one the record was drawn from: entrants, tickets, root";
    match recheck(list.text, &expected, list.threads, list.progress) {
        Ok(found) => vec![
            Check::new(in_order, Ok::<(), check::Fault>(())),
            Check::new(same, check::list(record, found)),
        ],
        Err(error) => vec![Check::new(in_order, Err(error))],
    }
}

/// An error and its causes, in one line.
fn sentence(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.extend([": ", &error.to_string()]);
        cause = error.source();
    }
    text
}
