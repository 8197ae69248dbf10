//! A raffle as the programme file declares it.

use jiff::{SignedDuration, Timestamp};

use crate::{
    calendar::Per,
    programme::{Conditions, Grant, Programme, Versions},
};

/// How long after a raffle closed its list is frozen: longer than any function may run, so that what was accepted before the
/// close has been written, or never will be.
pub const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// The least time from a raffle's close to its draw: the grace, and time to freeze and publish the list before the beacon's round.
pub const CLOSE_TO_DRAW_MIN: SignedDuration = SignedDuration::from_mins(15);

/// A raffle.
#[derive(Debug, Clone, PartialEq)]
pub struct Raffle {
    /// Its id.
    pub id: String,
    /// Its name, shown to members.
    pub name: String,
    /// Entries are taken from this instant, in whole seconds.
    pub opens: Timestamp,
    /// Until this instant, in whole seconds.
    pub closes: Timestamp,
    /// When it is drawn, in whole seconds: the beacon's round is the first at or after it.
    pub draws: Timestamp,
    /// The prizes, in the order in which they are drawn.
    pub prizes: Vec<RafflePrize>,
    /// How many alternates are drawn after them.
    pub alternates: u64,
    /// Whether the draw waits for a public beacon; without one its record says that it is weaker.
    pub beacon: bool,
    /// Who may enter: tier and `when`.
    pub conditions: Conditions,
    /// The points that one entry costs, if entries can be bought.
    pub price_points: Option<i64>,
    /// How members enter for nothing.
    pub free: FreeRoute,
    /// The most entries of one member that count; `None` is no limit.
    pub limit: Option<i64>,
}

/// A kind of prize.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RafflePrize {
    /// Its id.
    pub id: String,
    /// Its name, shown to everybody.
    pub name: String,
    /// How many are drawn.
    pub count: u64,
    /// What the winner's account is given; nothing for a prize that is handed over by other means.
    pub gives: Vec<Grant>,
}

/// How members enter for nothing. Every entry has the same odds, whatever it was got for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FreeRoute {
    /// So many entries in each period.
    Entries {
        /// Entries.
        entries: i64,
        /// In each.
        per: Per,
    },
    /// There is none, and why: shown to members.
    None {
        /// Why.
        reason: String,
    },
}

impl Raffle {
    /// Whether entries are taken at an instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.opens <= at && at < self.closes
    }

    /// When its list is frozen.
    pub fn freezes(&self) -> Timestamp {
        self.closes.saturating_add(GRACE).unwrap_or(Timestamp::MAX)
    }

    /// How many prizes there are.
    pub fn prize_count(&self) -> u64 {
        self.prizes.iter().fold(0, |sum, prize| sum.saturating_add(prize.count))
    }

    /// The tickets of a member with so many entries.
    pub fn tickets(&self, entries: i64) -> i64 {
        entries.max(0).min(self.limit.unwrap_or(i64::MAX))
    }
}

/// A version would change a raffle that members may have entered already, or read about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RaffleChanged {
    /// It says something else than before.
    #[error("raffle {0} was published and cannot change: give the new terms another id")]
    Terms(String),
    /// It leaves it out between its opening and its draw.
    #[error("raffle {0} is under way: it can be left out before it opens, or after it is drawn")]
    LeftOut(String),
}

/// Whether a programme that is to be in force from an instant keeps to what those before it announced.
///
/// # Errors
/// The first raffle that it does not.
pub fn keeps(
    before: &[&Programme],
    after: &Programme,
    effective: Timestamp,
) -> Result<(), RaffleChanged> {
    for raffle in before.iter().flat_map(|programme| &programme.raffles) {
        if after.raffle(&raffle.id).is_some_and(|now| now != raffle) {
            return Err(RaffleChanged::Terms(raffle.id.clone()));
        }
    }
    for raffle in before.last().iter().flat_map(|programme| &programme.raffles) {
        let under_way = raffle.opens <= effective && effective < raffle.draws;
        if under_way && after.raffle(&raffle.id).is_none() {
            return Err(RaffleChanged::LeftOut(raffle.id.clone()));
        }
    }
    Ok(())
}

impl Versions {
    /// A raffle, by the version in force at an instant.
    pub fn raffle(&self, id: &str, at: Timestamp) -> Option<&Raffle> {
        self.at(at).programme.raffle(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_raffle_stays_as_it_is() {
        let source = include_str!("../../../../programmes/coffee-shop.toml");
        let programme = |from: &str, to: &str| {
            assert!(source.contains(from));
            crate::programme::parse(&source.replace(from, to)).unwrap()
        };
        let before = programme("limit = 500", "limit = 500");
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (early, open) = (at("2025-06-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        let late = at("2031-01-01T00:00:00Z");
        assert_eq!(
            keeps(
                &[&before],
                &programme("price = { points = 350 }", "price = { points = 400 }"),
                open
            ),
            Ok(())
        );
        for other in [
            programme("limit = 500", "limit = 501"),
            programme("closes = \"2030-01-01\"", "closes = \"2030-01-02\""),
            programme("name = \"An espresso machine\"", "name = \"A spoon\""),
        ] {
            assert_eq!(
                keeps(&[&before], &other, early),
                Err(RaffleChanged::Terms("machine".to_owned()))
            );
        }
        let mut without = before.clone();
        without.raffles.clear();
        assert_eq!(keeps(&[&before], &without, early), Ok(()));
        assert_eq!(
            keeps(&[&before], &without, open),
            Err(RaffleChanged::LeftOut("machine".to_owned()))
        );
        assert_eq!(keeps(&[&before], &without, late), Ok(()));
        // Its id is taken for ever.
        let other = programme("limit = 500", "limit = 501");
        let changed = Err(RaffleChanged::Terms("machine".to_owned()));
        assert_eq!(keeps(&[&before, &without], &other, late), changed);
    }
}
