//! How far a raffle is, and what comes next: a function of its stage and the time, so that a step that is asked for twice, late, or
//! out of order does what is due and nothing else.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    draw::{
        self, beacon,
        hash::Hash,
        record::{Announced, Prize},
    },
    planted::{self, Bug},
    programme::{
        Raffle,
        raffle::{FreeRoute, GRACE},
    },
};

/// How far a raffle is. It only ever moves on to the next; but somebody who is disqualified puts it back to `Drawn`, until whoever
/// replaces them has their prize.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Its terms and the commitment are public; no entries yet.
    Announced,
    /// Entries are taken.
    Open,
    /// No more entries are taken; those accepted may still be on their way to the table.
    Closed,
    /// The list is frozen, and its root public.
    Frozen,
    /// The record stands.
    Drawn,
    /// The winners have been given their prizes.
    Published,
}

impl Stage {
    /// The name as the API and schedules spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Frozen => "frozen",
            Self::Drawn => "drawn",
            Self::Published => "published",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What was announced of a raffle, once and for good: no later version of the programme changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// What the record of its draw will say.
    pub announced: Announced,
    /// The commitment to the operator's seed.
    pub commitment: Hash,
    /// The beacon's round; `None` if the raffle has no beacon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u64>,
    /// Points for one entry, if entries can be bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_points: Option<i64>,
    /// Free entries in each period; `None` if there is no free route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<(i64, crate::calendar::Per)>,
    /// Why there is no free route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_free_route: Option<String>,
    /// The most entries of one member that count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// The tier a member needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The condition a member has to meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

impl Announcement {
    /// What is announced of a raffle of a version of the programme, with the commitment to a seed.
    pub fn new(raffle: &Raffle, version: u32, operator_seed: &Hash) -> Self {
        let prize = |prize: &crate::programme::raffle::RafflePrize| Prize {
            id: prize.id.clone(),
            name: prize.name.clone(),
            count: prize.count,
        };
        let (free, no_free_route) = match &raffle.free {
            FreeRoute::Entries { entries, per } => (Some((*entries, *per)), None),
            FreeRoute::None { reason } => (None, Some(reason.clone())),
        };
        Self {
            announced: Announced {
                raffle: raffle.id.clone(),
                name: raffle.name.clone(),
                programme_version: u64::from(version),
                prizes: raffle.prizes.iter().map(prize).collect(),
                alternates: raffle.alternates,
                opens: raffle.opens,
                closes: raffle.closes,
                draws: raffle.draws,
            },
            commitment: draw::commitment(operator_seed),
            round: raffle.beacon.then(|| beacon::round_at(raffle.draws)),
            price_points: raffle.price_points,
            free,
            no_free_route,
            limit: raffle.limit,
            tier: raffle.conditions.tier.clone().map(Into::into),
            when: raffle.conditions.when.as_ref().map(|when| when.source().to_owned()),
        }
    }

    /// When its list is frozen.
    pub fn freezes(&self) -> Timestamp {
        self.announced.closes.saturating_add(GRACE).unwrap_or(Timestamp::MAX)
    }

    /// The stage that is due next, if its time has come by `now`; `None` if there is nothing to do yet, or any more.
    pub fn next(&self, stage: Stage, now: Timestamp) -> Option<Stage> {
        let (next, due) = self.after(stage)?;
        (due <= now).then_some(next)
    }

    /// The stage after this one, and when it is due; `None` after the last.
    pub fn after(&self, stage: Stage) -> Option<(Stage, Timestamp)> {
        let Announced { opens, closes, draws, .. } = self.announced;
        match stage {
            Stage::Announced => Some((Stage::Open, opens)),
            Stage::Open => Some((Stage::Closed, closes)),
            Stage::Closed if planted::is(Bug::FreezeWithoutGrace) => Some((Stage::Frozen, closes)),
            Stage::Closed => Some((Stage::Frozen, self.freezes())),
            Stage::Frozen => Some((Stage::Drawn, draws)),
            Stage::Drawn => Some((Stage::Published, draws)),
            Stage::Published => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme;

    const PROGRAMME: &str = r#"
        [programme]
        name = "Club"
        currency = "EUR"
        [[raffle]]
        id = "spring"
        opens = "2026-03-01"
        closes = "2026-04-01"
        free = { entries = 1, per = "day" }
        prizes = [{ id = "bike" }]
    "#;

    #[test]
    fn each_stage_has_its_time_and_none_is_left_out() {
        let programme = programme::parse(PROGRAMME).unwrap();
        let raffle = programme.raffle("spring").unwrap();
        let announcement = Announcement::new(raffle, 1, &Hash([7; 32]));
        let mut stage = Stage::Announced;
        let mut seen = Vec::new();
        while let Some((next, due)) = announcement.after(stage) {
            assert_eq!(announcement.next(stage, due), Some(next));
            let before = Timestamp::from_second(due.as_second().saturating_sub(1)).unwrap();
            assert_eq!(announcement.next(stage, before), None, "{stage}");
            assert!(next > stage);
            seen.push(format!("{next} {due}"));
            stage = next;
        }
        assert_eq!(
            seen,
            [
                "open 2026-03-01T00:00:00Z",
                "closed 2026-04-01T00:00:00Z",
                "frozen 2026-04-01T00:05:00Z",
                "drawn 2026-04-01T01:00:00Z",
                "published 2026-04-01T01:00:00Z",
            ]
        );
        assert_eq!(announcement.commitment, draw::commitment(&Hash([7; 32])));
        assert_eq!(announcement.round, Some(beacon::round_at(raffle.draws)));
    }
}
