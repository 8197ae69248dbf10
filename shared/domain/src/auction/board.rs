//! The bids that lead an auction.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{draw::list::Entrant, id::MemberId};

/// The bids that lead an auction, the highest first: in an open one at any time, in a sealed one after its close.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// How often it was written: what guards concurrent bids.
    pub revision: u64,
    /// Whether no more bids are taken, and these have won.
    pub closed: bool,
    /// Whether every bid has been spent or given back.
    pub settled: bool,
    /// The bids, the highest first, of equal ones the earlier.
    pub bids: Vec<Standing>,
}

/// A bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whose.
    pub member: MemberId,
    /// Points.
    pub points: i64,
    /// When it was made, or raised.
    pub at: Timestamp,
}

impl Board {
    /// The bid of a member, if it leads.
    pub fn of(&self, member: &MemberId) -> Option<&Standing> {
        self.bids.iter().find(|bid| bid.member == *member)
    }

    /// The points of the lowest bid that leads, if there are as many as can win.
    pub fn to_beat(&self, places: usize) -> Option<i64> {
        self.bids.last().filter(|_| self.bids.len() >= places).map(|bid| bid.points)
    }

    /// The next board: with a bid, in the place of an earlier one of its member, behind equal ones; without what it outbids.
    #[must_use]
    pub fn with(&self, bid: Standing, places: usize) -> Self {
        let mut bids = self.bids.clone();
        bids.retain(|other| other.member != bid.member);
        let place = bids.partition_point(|other| other.points >= bid.points);
        bids.insert(place, bid);
        bids.truncate(places);
        Self { revision: self.revision.saturating_add(1), bids, ..self.clone() }
    }

    /// Whose bids led before, and do not in the next board.
    pub fn outbid<'a>(&'a self, next: &'a Self) -> impl Iterator<Item = &'a MemberId> {
        let members = self.bids.iter().map(|bid| &bid.member);
        members.filter(|member| next.of(member).is_none())
    }

    /// The next board: closed, with the bids that won.
    #[must_use]
    pub fn close(&self, won: Vec<Standing>) -> Self {
        Self { revision: self.revision.saturating_add(1), closed: true, bids: won, ..self.clone() }
    }
}

/// Finds the highest of the sealed bids, in memory for the winners alone. Of equal bids the earlier wins; of those made in one
/// millisecond the one whose pseudonym is lower, which nobody chooses.
#[derive(Debug)]
pub struct Ranking {
    places: usize,
    best: Vec<(Entrant, Standing)>,
}

impl Ranking {
    /// A ranking for so many winners.
    pub fn new(places: usize) -> Self {
        Self { places, best: Vec::new() }
    }

    /// Counts a bid in.
    pub fn push(&mut self, entrant: Entrant, bid: Standing) {
        let order = |(entrant, bid): &(Entrant, Standing)| {
            (std::cmp::Reverse(bid.points), bid.at, *entrant)
        };
        let new = (entrant, bid);
        let place = self.best.partition_point(|other| order(other) < order(&new));
        self.best.insert(place, new);
        self.best.truncate(self.places);
    }

    /// Counts the highest of another ranking in.
    pub fn merge(&mut self, other: Self) {
        other.best.into_iter().for_each(|(entrant, bid)| self.push(entrant, bid));
    }

    /// The highest bids, the highest first.
    pub fn finish(self) -> Vec<Standing> {
        self.best.into_iter().map(|(_, bid)| bid).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bid(member: &str, points: i64, second: i64) -> Standing {
        let at = Timestamp::from_second(second).unwrap();
        Standing { member: MemberId::new(member).unwrap(), points, at }
    }

    #[test]
    fn of_equal_bids_the_earlier_leads_and_the_lowest_is_outbid() {
        let board = Board::default().with(bid("a", 10, 1), 2).with(bid("b", 10, 2), 2);
        assert_eq!(board.to_beat(2), Some(10));
        let next = board.with(bid("c", 11, 3), 2);
        assert_eq!(next.bids, [bid("c", 11, 3), bid("a", 10, 1)]);
        assert_eq!(board.outbid(&next).map(MemberId::as_str).collect::<Vec<_>>(), ["b"]);
        let raised = next.with(bid("a", 20, 4), 2);
        assert_eq!(raised.bids, [bid("a", 20, 4), bid("c", 11, 3)]);
        assert_eq!(next.outbid(&raised).count(), 0, "nobody is outbid by a leader who raises");
    }

    #[test]
    fn sealed_bids_are_ranked_by_points_then_time_then_pseudonym() {
        let mut ranking = Ranking::new(3);
        let all = [("a", 5, 1, 9), ("b", 7, 4, 8), ("c", 7, 3, 7), ("d", 7, 4, 2), ("e", 6, 0, 1)];
        for (member, points, second, pseudonym) in all {
            ranking.push(Entrant([pseudonym; 16]), bid(member, points, second));
        }
        let won: Vec<String> = ranking.finish().iter().map(|bid| bid.member.to_string()).collect();
        assert_eq!(won, ["c", "d", "b"]);
    }
}
