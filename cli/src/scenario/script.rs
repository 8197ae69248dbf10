//! A scenario as it will be played: every time, name and amount worked out.

use guerdon_domain::{
    adjust::Adjust,
    auction::PlaceBid,
    event::{MemberEvent, OrderEvent},
    id::{HoldId, MemberId, Operation, OrderId},
    money::{Currency, Money},
    pay::{Capture, PlaceHold},
    play::Play,
    programme::{Published, Versions},
    raffle::Enter,
    redeem::Redeem,
};
use jiff::Timestamp;

/// A whole scenario.
#[derive(Debug, Clone)]
pub(super) struct Script {
    /// The programme to begin with.
    pub(super) versions: Versions,
    /// The file of each version.
    pub(super) files: Vec<String>,
    /// What happens, in order.
    pub(super) steps: Vec<Step>,
}

/// Something that happens, and what is expected of it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// The time at which Guerdon is told.
    pub(super) now: Timestamp,
    /// The line of the file.
    pub(super) line: usize,
    /// The statement, as written.
    pub(super) text: String,
    /// What happens.
    pub(super) command: Command,
    /// How often it is delivered.
    pub(super) times: u32,
    /// What is expected after it.
    pub(super) expects: Vec<Expect>,
}

/// What happens.
#[derive(Debug, Clone)]
pub(super) enum Command {
    /// News of an order.
    Order(OrderEvent),
    /// An event that is not an order.
    Event(MemberEvent),
    /// A redemption.
    Redeem(MemberId, Redeem),
    /// A raffle is entered.
    Enter(MemberId, Enter),
    /// A member plays an instant win; codes for the vouchers of its prize.
    Play(MemberId, Play, Vec<Option<String>>),
    /// A member bids in an auction.
    Bid(MemberId, PlaceBid),
    /// A mystery gift is opened, by the number of its grant.
    Open(MemberId, Operation, u64),
    /// Points are set aside.
    Hold(MemberId, PlaceHold),
    /// Held points are spent.
    Capture(MemberId, Capture),
    /// Held points go back.
    Release(MemberId, Operation, HoldId),
    /// Staff correct a balance.
    Adjust(MemberId, Adjust),
    /// Codes are imported.
    Pool(String, Vec<String>),
    /// Everything due is settled.
    Settle,
    /// A version is published.
    Publish(Published),
    /// Nothing: only the clock moves.
    Look,
}

impl Command {
    /// Whose it is; an order says so itself.
    pub(super) fn member(&self) -> Option<&MemberId> {
        match self {
            Self::Order(event) => {
                event.snapshot.as_ref().and_then(|snapshot| snapshot.member.as_ref())
            }
            Self::Event(event) => Some(&event.member),
            Self::Redeem(member, _)
            | Self::Enter(member, _)
            | Self::Play(member, ..)
            | Self::Bid(member, _)
            | Self::Open(member, ..)
            | Self::Hold(member, _)
            | Self::Capture(member, _)
            | Self::Release(member, ..)
            | Self::Adjust(member, _) => Some(member),
            Self::Pool(..) | Self::Settle | Self::Publish(_) | Self::Look => None,
        }
    }

    /// Whether it can be delivered again.
    pub(super) fn repeats(&self) -> bool {
        !matches!(self, Self::Pool(..) | Self::Settle | Self::Publish(_) | Self::Look)
    }
}

/// An `expect` statement.
#[derive(Debug, Clone)]
pub(super) struct Expect {
    /// The line of the file.
    pub(super) line: usize,
    /// The statement, as written.
    pub(super) text: String,
    /// What is expected; all of it.
    pub(super) checks: Vec<Check>,
}

/// One thing that is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Check {
    /// The command before was refused, with this code.
    Refused(Option<&'static str>),
    /// The command before moved nothing.
    Nothing,
    /// The command before got the answer that it got the first time.
    SameAnswer,
    /// Points that the command before gave or took back.
    Earned(i64),
    /// Points that the command before spent, or returned.
    Spent(i64),
    /// The code that the command before handed out.
    Code(String),
    /// What a rule gave in the command before, and why.
    Rule(String, Option<i64>, Option<&'static str>),
    /// What a member has.
    Member(MemberId, Fact),
    /// Pieces left of a reward.
    Stock(String, i64),
    /// Codes left in a pool.
    Pool(String, i64),
    /// The version that an order is pinned to.
    Pinned(OrderId, u32),
}

/// What a member has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// Points to spend.
    Available(i64),
    /// Points that wait.
    Pending(i64),
    /// Points in holds.
    Held(i64),
    /// The tier.
    Tier(Option<String>),
    /// Qualifying points of a year.
    Qualifying(i16, i64),
    /// Store credit.
    Credit(Money),
    /// Tickets of a raffle.
    Tickets(String, i64),
    /// The lots of points, sorted.
    Lots(Vec<(Option<Timestamp>, Option<Timestamp>, i64)>),
    /// What lapses next, and when.
    NextExpiry(Option<(Timestamp, i64)>),
    /// Entries in the ledger.
    Entries(i64),
    /// The most points for an order of this total.
    CanPay(i64, Money),
}

/// The currency of an order's news, or another if it has no state.
pub(super) fn currency_of(event: &OrderEvent, other: Currency) -> Currency {
    event.snapshot.as_ref().map_or(other, |snapshot| snapshot.currency)
}
