//! An auction as the programme file declares it.

use jiff::Timestamp;

use crate::programme::{Conditions, Grant, Programme, Versions, raffle::GRACE};

/// An auction: members bid points for what it gives; the highest bids have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Auction {
    /// Its id.
    pub id: String,
    /// Its name, shown to members.
    pub name: String,
    /// Bids are taken from this instant, in whole seconds.
    pub opens: Timestamp,
    /// Until this instant, in whole seconds.
    pub closes: Timestamp,
    /// How many of the highest bids win; positive.
    pub winners: u64,
    /// The least bid, in points; positive.
    pub min: i64,
    /// By how many points a bid must be above the one that it outbids, or that it raises; positive.
    pub step: i64,
    /// Whether nobody sees the bids before it closes. Then all of them are held until then.
    pub sealed: bool,
    /// Who may bid: tier and `when`.
    pub conditions: Conditions,
    /// What each winner is given.
    pub gives: Vec<Grant>,
}

impl Auction {
    /// Whether bids are taken at an instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.opens <= at && at < self.closes
    }

    /// When its winners are known: whatever was bid before it closed has been written by then.
    pub fn decides(&self) -> Timestamp {
        self.closes.saturating_add(GRACE).unwrap_or(Timestamp::MAX)
    }

    /// How many bids can win.
    pub fn places(&self) -> usize {
        usize::try_from(self.winners).unwrap_or(usize::MAX)
    }
}

impl Programme {
    /// The auction of this id.
    pub fn auction(&self, id: &str) -> Option<&Auction> {
        self.auctions.iter().find(|auction| auction.id == id)
    }
}

impl Versions {
    /// An auction, as it was published: no version changes one that an earlier one had.
    pub fn auction(&self, id: &str) -> Option<&Auction> {
        self.all().find_map(|version| version.programme.auction(id))
    }

    /// Every auction of every version, once, in the order in which they were published.
    pub fn auctions(&self) -> impl Iterator<Item = &Auction> {
        self.all().enumerate().flat_map(move |(index, version)| {
            let new = move |auction: &&Auction| {
                !self.all().take(index).any(|other| other.programme.auction(&auction.id).is_some())
            };
            version.programme.auctions.iter().filter(new)
        })
    }
}
