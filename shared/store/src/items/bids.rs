//! What the raffle table holds of auctions: the board, and the bids whose points are held.

use guerdon_domain::{
    auction::board::{Board, Standing},
    draw::list::Entrant,
    id::MemberId,
};
use serde::{Deserialize, Serialize};

use super::{FORM, corrupt, millisecond};
use crate::{StoreError, keys::Key};

/// The board of an auction.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct BoardItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    /// What guards concurrent bids.
    revision: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    closed: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    settled: bool,
    /// Member, points, when (Unix milliseconds); the highest first.
    bids: Vec<(MemberId, i64, i64)>,
}

impl BoardItem {
    pub(crate) fn new(auction: &str, board: &Board) -> Self {
        let bid = |bid: &Standing| (bid.member.clone(), bid.points, bid.at.as_millisecond());
        Self {
            key: Key::board(auction),
            f: FORM,
            revision: board.revision,
            closed: board.closed,
            settled: board.settled,
            bids: board.bids.iter().map(bid).collect(),
        }
    }

    pub(crate) fn into_board(self) -> Result<Board, StoreError> {
        let Self { revision, closed, settled, bids, .. } = self;
        let bids = bids.into_iter().map(|(member, points, at)| standing(member, points, at));
        let bids = bids.collect::<Option<_>>().ok_or_else(|| corrupt::<Self>("bids"))?;
        Ok(Board { revision, closed, settled, bids })
    }
}

fn standing(member: MemberId, points: i64, at: i64) -> Option<Standing> {
    Some(Standing { member, points, at: millisecond(at)? })
}

/// A bid whose points are held.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct BidItem {
    #[serde(flatten)]
    key: Key,
    f: u32,
    member: MemberId,
    points: i64,
    at: i64,
}

impl BidItem {
    pub(crate) fn new(auction: &str, bidder: Entrant, bid: &Standing) -> Self {
        Self {
            key: Key::bid(auction, bidder),
            f: FORM,
            member: bid.member.clone(),
            points: bid.points,
            at: bid.at.as_millisecond(),
        }
    }

    /// The bid, and its bidder's pseudonym.
    pub(crate) fn into_bid(self) -> Result<(Entrant, Standing), StoreError> {
        let bidder: Entrant = self.key.sk.parse().map_err(|_| corrupt::<Self>("sk"))?;
        let bid = standing(self.member, self.points, self.at);
        Ok((bidder, bid.ok_or_else(|| corrupt::<Self>("at"))?))
    }
}
