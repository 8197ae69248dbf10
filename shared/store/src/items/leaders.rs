//! The leaderboard as stored: a row for each member who is on it, and the best of them. Neither says more of a member than the
//! platform's reference.

use std::collections::BTreeMap;

use guerdon_domain::{id::MemberId, leaders::Standing};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FORM, corrupt, millisecond};
use crate::{
    StoreError,
    keys::{Key, member_of},
};

/// A member who is on the leaderboard.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LeaderItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
}

impl LeaderItem {
    pub(crate) fn new(member: &MemberId) -> Self {
        Self { key: Key::leader(member), f: FORM }
    }

    pub(crate) fn into_member(self) -> Result<MemberId, StoreError> {
        MemberId::new(self.key.sk).map_err(|_| corrupt::<Self>("sk"))
    }
}

/// The best of a year, as ranked at an instant.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LeadersItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    /// Unix milliseconds.
    ranked_at: i64,
    pub(crate) year: i16,
    /// Member, points; the first first.
    leaders: Vec<(MemberId, i64)>,
}

impl LeadersItem {
    pub(crate) fn new(year: i16, best: Vec<Standing>, ranked_at: Timestamp) -> Self {
        let leaders = best.into_iter().map(|Standing { member, points }| (member, points));
        Self {
            key: Key::leaders(),
            f: FORM,
            ranked_at: ranked_at.as_millisecond(),
            year,
            leaders: leaders.collect(),
        }
    }

    pub(crate) fn ranked_at(&self) -> Result<Timestamp, StoreError> {
        millisecond(self.ranked_at).ok_or_else(|| corrupt::<Self>("ranked_at"))
    }

    pub(crate) fn into_best(self) -> Vec<Standing> {
        self.leaders.into_iter().map(|(member, points)| Standing { member, points }).collect()
    }
}

/// What ranking reads of an account.
#[derive(Debug, Deserialize)]
pub(crate) struct QualifyingItem {
    pk: String,
    #[serde(default)]
    qualifying: BTreeMap<String, i64>,
}

impl QualifyingItem {
    /// The attributes it is read from.
    pub(crate) const ATTRIBUTES: &str = "pk, f, qualifying";

    /// What the member has come to in a year.
    pub(crate) fn standing(self, year: i16) -> Result<Standing, StoreError> {
        let member = member_of(&self.pk).ok_or_else(|| corrupt::<Self>("pk"))?;
        let points = self.qualifying.get(&year.to_string()).copied().unwrap_or(0);
        Ok(Standing { member, points })
    }
}
