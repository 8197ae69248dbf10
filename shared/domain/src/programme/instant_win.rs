//! An instant win as the programme file declares it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::programme::{
    Conditions, Outcome, Programme, TimesLimit, Trigger, Versions, raffle::GRACE,
};

/// An instant win: a game whose plays win at once, or not.
#[derive(Debug, Clone, PartialEq)]
pub struct InstantWin {
    /// Its id.
    pub id: String,
    /// Its name, shown to members.
    pub name: String,
    /// Plays are taken from this instant, in whole seconds.
    pub opens: Timestamp,
    /// Until this instant, in whole seconds.
    pub closes: Timestamp,
    /// What plays it, without the member's asking; `None` if members ask.
    pub on: Option<Trigger>,
    /// Which plays win.
    pub wins: Wins,
    /// What a winning play wins one of, by weight among what is left.
    pub prizes: Vec<Outcome>,
    /// Who may play: tier and `when`.
    pub conditions: Conditions,
    /// The points that a play costs, if plays can be bought.
    pub price_points: Option<i64>,
    /// How often a member may play for nothing, if at all.
    pub free: Option<TimesLimit>,
    /// Why there is no free route, for a game that can be paid for.
    pub no_free_route: Option<String>,
    /// How often one member may play, however they come to it.
    pub limit: Option<TimesLimit>,
}

/// Which plays win. Public as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Wins {
    /// Every so-manieth that is accepted.
    Every {
        /// So many plays of one counter to a win; positive.
        every: u64,
        /// Counters that the plays are spread over, each with its own every so-manieth; positive.
        counters: u64,
    },
    /// Each by its own chance: so many of so many.
    Chance {
        /// Positive, and not above `of`.
        chance: u64,
        /// Positive.
        of: u64,
    },
    /// The first after each of so many moments that nobody knows.
    Moments {
        /// Positive.
        moments: u64,
    },
}

impl InstantWin {
    /// Whether plays are taken at an instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.opens <= at && at < self.closes
    }

    /// When its seed is revealed: whatever was played before it closed has been written by then.
    pub fn reveals(&self) -> Timestamp {
        self.closes.saturating_add(GRACE).unwrap_or(Timestamp::MAX)
    }

    /// Whether it ends when its prizes are gone: each has a stock.
    pub fn has_an_end(&self) -> bool {
        self.prizes.iter().all(|prize| prize.stock.is_some())
    }

    /// What the stock of a prize is counted under. No reward's id has a colon.
    pub fn stock_name(&self, prize: &Outcome) -> String {
        prize.stock_name(&format!("play:{}", self.id))
    }
}

impl Programme {
    /// The instant win of this id.
    pub fn instant_win(&self, id: &str) -> Option<&InstantWin> {
        self.instant_wins.iter().find(|game| game.id == id)
    }
}

impl Versions {
    /// An instant win, as it was published: no version changes one that an earlier one had.
    pub fn instant_win(&self, id: &str) -> Option<&InstantWin> {
        self.all().find_map(|version| version.programme.instant_win(id))
    }
}
