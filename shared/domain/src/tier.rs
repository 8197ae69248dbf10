//! Tiers: which level a member holds, as a pure function of qualifying points and time.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::programme::{Keeps, Programme, Tier};

/// The highest tier whose qualifying points were reached in the calendar year of `at`, or in the year before if it is
/// kept to the end of the following year.
pub fn held<'a>(
    qualifying: &BTreeMap<i16, i64>,
    programme: &'a Programme,
    at: Timestamp,
) -> Option<&'a Tier> {
    let most = qualifying.values().copied().max().unwrap_or(0).max(0);
    if programme.tiers.iter().all(|tier| tier.qualifying_points > most) {
        // Whatever year it is: nearly every member, and a calendar takes its time.
        return None;
    }
    let reached = |year: i16| qualifying.get(&year).copied().unwrap_or(0);
    let year = programme.time_zone.year(at);
    let (this, last) = (reached(year), reached(year.saturating_sub(1)));
    programme.tiers.iter().rev().find(|tier| {
        this >= tier.qualifying_points
            || (tier.keeps == Keeps::FollowingYear && last >= tier.qualifying_points)
    })
}

/// A member's way to the next tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The next tier above the one held.
    pub next: &'a Tier,
    /// Qualifying points still missing this calendar year.
    pub missing: i64,
}

/// What is missing to the next tier above the one held; `None` at the top.
pub fn progress<'a>(
    qualifying: &BTreeMap<i16, i64>,
    programme: &'a Programme,
    at: Timestamp,
) -> Option<Progress<'a>> {
    let rank = programme.rank(held(qualifying, programme, at).map(|tier| tier.id.as_str()));
    let next = programme.tiers.get(rank)?;
    let this = qualifying.get(&programme.time_zone.year(at)).copied().unwrap_or(0);
    Some(Progress { next, missing: next.qualifying_points.saturating_sub(this) })
}
