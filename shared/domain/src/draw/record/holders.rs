//! Who has which prize, after disqualifications: alternates follow in the order in which they were drawn.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Record;
use crate::{
    draw::list::Entrant,
    planted::{self, Bug},
};

/// One who was drawn and may not have a prize.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disqualified {
    /// Who.
    pub entrant: Entrant,
    /// Why, for everybody to read.
    pub reason: String,
    /// When it was decided.
    pub at: Timestamp,
    /// The alternate who has their prize now; `None` if no alternate was left, or they had no prize.
    pub replaced_by: Option<Entrant>,
}

/// Why somebody cannot be disqualified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotDisqualified {
    /// They were not drawn.
    #[error("entrant {0} was not drawn")]
    NotDrawn(Entrant),
    /// They are disqualified.
    #[error("entrant {0} is disqualified already")]
    Already(Entrant),
}

impl Record {
    /// Disqualifies one who was drawn: who has their prize now. The prize goes to the next alternate who has none and is not
    /// disqualified; nothing is drawn again.
    pub fn disqualify(
        &mut self,
        entrant: Entrant,
        reason: String,
        at: Timestamp,
    ) -> Result<Option<Entrant>, NotDisqualified> {
        let mut holders = Holders::new(self);
        for gone in &self.disqualified {
            holders.disqualify(gone.entrant)?;
        }
        let replaced_by = holders.disqualify(entrant)?;
        self.disqualified.push(Disqualified { entrant, reason, at, replaced_by });
        Ok(replaced_by)
    }

    /// Who has each drawn prize after all disqualifications, in the winners' order; `None` where no alternate was left.
    pub fn holders(&self) -> Result<Vec<(&str, Option<Entrant>)>, NotDisqualified> {
        let mut holders = Holders::new(self);
        for gone in self.disqualified.iter().filter(|_| !planted::is(Bug::PrizeToTheDrawn)) {
            holders.disqualify(gone.entrant)?;
        }
        let mut now: Vec<_> =
            self.winners.iter().map(|winner| (winner.prize.as_str(), None)).collect();
        for (entrant, place) in holders.places {
            if let Some((_, holder)) = now.get_mut(place) {
                *holder = Some(entrant);
            }
        }
        Ok(now)
    }
}

/// Who has which prize, while disqualifications are worked off.
pub(in crate::draw) struct Holders {
    /// The place among the winners, by who has it.
    places: BTreeMap<Entrant, usize>,
    /// Alternates without a prize, the next one last.
    spare: Vec<Entrant>,
    out: BTreeSet<Entrant>,
}

impl Holders {
    pub(in crate::draw) fn new(record: &Record) -> Self {
        let winners = record.winners.iter().enumerate();
        Self {
            places: winners.map(|(place, winner)| (winner.entrant, place)).collect(),
            spare: record.reserves.iter().rev().map(|reserve| reserve.entrant).collect(),
            out: BTreeSet::new(),
        }
    }

    /// Takes one out; who has their prize now.
    pub(in crate::draw) fn disqualify(
        &mut self,
        entrant: Entrant,
    ) -> Result<Option<Entrant>, NotDisqualified> {
        let place = self.places.remove(&entrant);
        if place.is_none() && !self.spare.contains(&entrant) {
            let already = self.out.contains(&entrant);
            let error = if already { NotDisqualified::Already } else { NotDisqualified::NotDrawn };
            return Err(error(entrant));
        }
        self.out.insert(entrant);
        self.spare.retain(|spare| *spare != entrant);
        let Some(place) = place else { return Ok(None) };
        let next = self.spare.pop();
        if let Some(next) = next {
            self.places.insert(next, place);
        }
        Ok(next)
    }
}
