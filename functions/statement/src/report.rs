//! What a run came to, for its caller and for whoever tries again what failed.

use std::collections::BTreeMap;

use guerdon_domain::id::MemberId;
use serde::Serialize;

/// Members that an answer names at most, of those who failed and of those whose mail nobody knows about: Step Functions takes 256 KiB. The
/// report that is kept names all.
const NAMED_MAX: usize = 200;
/// Bytes of a reason that an answer says.
const WHY_MAX: usize = 300;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Statements made and kept.
    pub made: u64,
    /// Statements that an earlier run had kept.
    pub already: u64,
    /// Mails sent.
    pub sent: u64,
    /// Mails that an earlier run had sent.
    pub sent_before: u64,
    /// Why no mail was sent, and to how many.
    pub unsent: BTreeMap<&'static str, u64>,
    /// Members whose mail may have been sent: nobody knows, and it is not sent again.
    pub unsure: Vec<MemberId>,
    /// Members whose statement failed, and why. A run of these alone tries them again.
    pub failed: Vec<Failed>,
    /// How many more failed, or are unsure, than are named here: the kept report names them.
    pub unnamed: usize,
    /// Where to go on; none at the end.
    pub next: Option<String>,
    /// Whether it ended before the segment did, because its time was up.
    pub stopped_early: bool,
}

/// A member whose statement failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// The member.
    pub member: MemberId,
    /// Why.
    pub why: String,
}

impl Report {
    /// As short as an answer may be.
    pub(crate) fn shortened(mut self) -> Self {
        let all = self.failed.len().saturating_add(self.unsure.len());
        self.failed.truncate(NAMED_MAX);
        self.unsure.truncate(NAMED_MAX);
        for failed in &mut self.failed {
            failed.why.truncate(failed.why.floor_char_boundary(WHY_MAX));
        }
        self.unnamed = all.saturating_sub(self.failed.len().saturating_add(self.unsure.len()));
        self
    }
}
