//! Bids: points that are held while they lead an auction, spent if they win, and given back if they do not.
//!
//! A member has one bid in an auction, which they can raise and not take back. Each winner pays what they bid. Of equal bids the
//! earlier is the higher one.

pub mod board;

use jiff::Timestamp;

use crate::{
    account::{Account, Asset, Bid, sum},
    auction::board::{Board, Standing},
    decision::{Claim, Decision, Draft, Journal, millisecond},
    earn::{because_made_up, come_back},
    entry::{Kind, LedgerAccount},
    id::{MemberId, Operation},
    planted::{self, Bug},
    programme::{Auction, Codes, Published, Versions},
    raffle::is_open,
    redeem::{self, enough, not_met},
    rejection::{Refusal, Rejection},
};

/// Auctions that a member may have bids in at once: an account is small.
pub const BIDS_MAX: usize = 20;

/// How refusals name an auction.
pub fn rule(auction: &str) -> String {
    format!("auction {auction}")
}

/// A request to bid, or to raise a bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceBid {
    /// Its name: the idempotency guard.
    pub operation: Operation,
    /// The auction's id.
    pub auction: String,
    /// Points: all of the bid, also when it raises one.
    pub points: i64,
}

/// Decides what a bid posts to `account`, by what led before it.
///
/// In an open auction the board is claimed: if another bid came first, this one is decided again.
pub fn place(
    account: &Account,
    versions: &Versions,
    bid: &PlaceBid,
    board: &Board,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let version = versions.at(now.max(account.settled_to));
    let decision = have(account, versions, version, (bid, board), now);
    decision.map_err(|reason| reason.by(rule(&bid.auction), version.version))
}

fn have(
    account: &Account,
    versions: &Versions,
    version: &Published,
    (bid, board): (&PlaceBid, &Board),
    now: Timestamp,
) -> Result<Decision, Rejection> {
    let programme = &*version.programme;
    let auction = programme.auction(&bid.auction).ok_or(Rejection::UnknownAuction)?;
    if bid.points <= 0 {
        return Err(Rejection::NotPositive { field: "points" });
    }
    let mut journal = Journal::open(account, versions, now)?;
    let now = journal.now;
    is_open(auction.opens, auction.closes, now)?;
    if board.closed {
        return Err(Rejection::Closed { until: auction.closes });
    }
    not_met(programme, &auction.conditions, &journal.account, now)?;
    let before = journal.account.bids.remove(&auction.id);
    let own = if auction.sealed {
        before.as_ref().map(Bid::points)
    } else {
        // What was outbid does not count any more, whether it has come back yet or not.
        board.of(journal.member()).map(|standing| standing.points)
    };
    let least = least(auction, board, own);
    if bid.points < least {
        return Err(Rejection::BidTooLow { asked: bid.points, least });
    }
    if journal.account.bids.len() >= BIDS_MAX {
        return Err(Rejection::TooManyBids { max: BIDS_MAX });
    }
    // What it raises comes back first, to its lots, and is taken again: what lapsed meanwhile is the first to be taken, so
    // that it is not lost by raising.
    let made_up = match &before {
        Some(before) => come_back(&mut journal, LedgerAccount::Held, &before.lots, before.since)?,
        None => Vec::new(),
    };
    enough(&journal.account, bid.points)?;
    let lots = journal.debit(&Asset::Points, bid.points, |lot| lot.activates.is_none())?;
    journal.post(LedgerAccount::Held, &Asset::Points, bid.points);
    let since = journal.account.sequence.saturating_add(1);
    journal.account.bids.insert(auction.id.clone(), Bid { lots, at: millisecond(now), since });
    let standing =
        Standing { member: journal.member().clone(), points: bid.points, at: millisecond(now) };
    let mut claims = vec![Claim::Bid { auction: auction.id.clone(), bid: Some(standing.clone()) }];
    if !auction.sealed {
        let board = Box::new(board.with(standing, auction.places()));
        claims.push(Claim::Board { auction: auction.id.clone(), board });
    }
    journal.record(Draft {
        operation: bid.operation.clone(),
        index: 0,
        at: now,
        version: version.version,
        kind: Kind::Bid { auction: auction.id.clone(), bid: bid.points },
        reasons: because_made_up(&made_up),
    })?;
    Ok(journal.close(None, claims)?)
}

/// The least that a member may bid now, in points: the minimum; a step more than the lowest bid that leads, if all places are
/// taken by others; and a step more than `own`, their bid that stands.
pub fn least(auction: &Auction, board: &Board, own: Option<i64>) -> i64 {
    let others = board.to_beat(auction.places()).filter(|_| own.is_none());
    let above = own.into_iter().chain(others).map(|points| points.saturating_add(auction.step));
    above.fold(auction.min, i64::max)
}

/// The board as a bid leaves it; `None` in a sealed auction, which has none before its close.
pub fn next_board(decision: &Decision) -> Option<&Board> {
    decision.claims.iter().find_map(|claim| match claim {
        Claim::Board { board, .. } => Some(&**board),
        _ => None,
    })
}

/// What has become of a member's bid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It leads, or nobody knows yet.
    Stands,
    /// It won.
    Won,
    /// It was outbid, or did not win.
    Lost,
}

/// What has become of a member's bid. The board must have been read after the account: what it leads it may have come to lead
/// since, but what it does not lead it had lost, or the account has changed.
pub fn fate(auction: &Auction, board: &Board, member: &MemberId) -> Fate {
    match (board.of(member), board.closed) {
        (Some(_), true) => Fate::Won,
        (None, true) => Fate::Lost,
        (None, false) if !auction.sealed => Fate::Lost,
        (_, false) => Fate::Stands,
    }
}

/// Where the codes of what a winner is given come from, so that the caller can bring them.
pub fn codes_needed(auction: &Auction) -> Vec<&Codes> {
    redeem::codes_of(&auction.gives)
}

/// Decides what ends a member's bid: spent for what the auction gives if it won, given back if it is lost; `None` if it stands, or
/// has ended.
pub fn end(
    account: &Account,
    versions: &Versions,
    (auction, board): (&Auction, &Board),
    codes: &[Option<String>],
    now: Timestamp,
) -> Result<Option<Decision>, Refusal> {
    let fate = fate(auction, board, &account.member);
    if fate == Fate::Stands || !account.bids.contains_key(&auction.id) {
        return Ok(None);
    }
    let version = versions.at(now.max(account.settled_to));
    let decision = ended(account, versions, version, (auction, fate, codes), now);
    decision.map_err(|reason| reason.by(rule(&auction.id), version.version))
}

fn ended(
    account: &Account,
    versions: &Versions,
    version: &Published,
    (auction, fate, codes): (&Auction, Fate, &[Option<String>]),
    now: Timestamp,
) -> Result<Option<Decision>, Rejection> {
    let mut journal = Journal::open(account, versions, now)?;
    let at = journal.now;
    let Some(bid) = journal.account.bids.remove(&auction.id) else { return Ok(None) };
    let operation = Operation::bid(&auction.id, journal.member(), bid.since);
    let (id, points) = (auction.id.clone(), bid.points());
    let mut claims = vec![Claim::Bid { auction: id.clone(), bid: None }];
    let (kind, reasons) = if fate == Fate::Won {
        journal.post(LedgerAccount::Held, &Asset::Points, points.saturating_neg());
        journal.post(LedgerAccount::Redeemed, &Asset::Points, points);
        let (grants, given) = redeem::give(&mut journal, version, &auction.gives, codes)?;
        claims.extend(given);
        (Kind::BidWon { auction: id, bid: points, grants }, Vec::new())
    } else {
        let lots = if planted::is(Bug::LoseTheBid) { &[][..] } else { &bid.lots };
        let made_up = come_back(&mut journal, LedgerAccount::Held, lots, bid.since)?;
        (Kind::BidReturned { auction: id, bid: points }, because_made_up(&made_up))
    };
    let version = version.version;
    journal.record(Draft { operation, index: 0, at, version, kind, reasons })?;
    Ok(Some(journal.close(None, claims)?))
}

impl Bid {
    /// Points.
    pub fn points(&self) -> i64 {
        sum(&self.lots)
    }
}
