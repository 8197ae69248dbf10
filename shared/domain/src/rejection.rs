//! Why the rules said no. One enum for everything a member or a shop can ask; each names what is missing.

use jiff::Timestamp;

use crate::{
    account::Overflow,
    calendar::Per,
    condition::ConditionError,
    money::{Currency, Money},
};

/// A refusal: which rule of which version said no, and why (law 9).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule} (version {version}): {reason}")]
pub struct Refusal {
    /// The rule: "reward latte", "pay", "ledger".
    pub rule: String,
    /// The programme version.
    pub version: u32,
    /// Why.
    pub reason: Rejection,
}

/// Why the rules said no.
///
/// Checked in the order of the variants: the first that applies is the one reported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// There is no such reward in the programme.
    #[error("there is no such reward")]
    UnknownReward,
    /// There is no such raffle in the programme.
    #[error("there is no such raffle")]
    UnknownRaffle,
    /// There is no such instant win in the programme.
    #[error("there is no such instant win")]
    UnknownInstantWin,
    /// There is no such auction in the programme.
    #[error("there is no such auction")]
    UnknownAuction,
    /// Members cannot ask to play it.
    #[error("it plays itself: nobody can ask to play it")]
    PlaysItself,
    /// Entries or plays cannot be had for points.
    #[error("it cannot be had for points")]
    NotForSale,
    /// It cannot be entered or played for nothing.
    #[error("it cannot be had for nothing: {reason}")]
    NoFreeRoute {
        /// Why, as the programme says it.
        reason: String,
    },
    /// The member has as many entries as count, or would have more.
    #[error(
        "at most {limit} entries of a member count: {has} are there, {asked} more are asked for"
    )]
    TooManyEntries {
        /// Entries that count.
        limit: i64,
        /// Entries the member has.
        has: i64,
        /// Entries asked for.
        asked: i64,
    },
    /// The programme has no `[pay]`.
    #[error("this programme does not offer paying with points")]
    PayNotOffered,
    /// There is no such hold, or it is no longer open.
    #[error(
        "there is no open hold of this id: it was never made, or was captured, released, or lapsed"
    )]
    NoOpenHold,
    /// An amount must be positive.
    #[error("{field} must be more than zero")]
    NotPositive {
        /// The field that is not.
        field: &'static str,
    },
    /// The amount's currency is not the one expected.
    #[error("the amount is in {given}, but {expected} is expected")]
    WrongCurrency {
        /// What was given.
        given: Currency,
        /// What the programme takes.
        expected: Currency,
    },
    /// The window has not opened.
    #[error("opens at {from}")]
    NotYetOpen {
        /// When it does.
        from: Timestamp,
    },
    /// The window has closed.
    #[error("closed at {until}")]
    Closed {
        /// When it did.
        until: Timestamp,
    },
    /// The member's tier is too low.
    #[error("tier {needed} is needed")]
    TierTooLow {
        /// The tier needed.
        needed: String,
        /// The member's tier.
        has: Option<String>,
    },
    /// The rule's `when` is false for this member.
    #[error("its condition does not hold: {when}")]
    ConditionFails {
        /// The condition's source.
        when: String,
    },
    /// The member would have had it more often than allowed.
    #[error("allowed {times} × per {per}, and this would be more")]
    LimitReached {
        /// Times allowed.
        times: i64,
        /// In each period of this length.
        per: Per,
    },
    /// The bid is below the least that is taken now.
    #[error("a bid of {asked} is too low: the least is {least} now")]
    BidTooLow {
        /// Points bid.
        asked: i64,
        /// The least.
        least: i64,
    },
    /// The member has bids in as many auctions as may be.
    #[error("there are bids in {max} auctions: wait until one is over, or outbid")]
    TooManyBids {
        /// In how many there may be.
        max: usize,
    },
    /// More points are asked for than a payment may use, or not in its steps.
    #[error("{} cannot be used: from {min} to {max} in steps of {step}", points(*asked))]
    NotPayable {
        /// Points asked for.
        asked: i64,
        /// The least.
        min: i64,
        /// The most, for this order.
        max: i64,
        /// Multiples of.
        step: i64,
    },
    /// The member has as many open holds as may be.
    #[error("there are {max} open holds: capture or release one first, or wait until one lapses")]
    TooManyHolds {
        /// How many may be open.
        max: usize,
    },
    /// There is no such mystery gift, or it is no longer sealed.
    #[error("there is no sealed mystery gift of this grant: it was never given, or is revealed")]
    NoSealedGift,
    /// The member has as many sealed gifts as may be.
    #[error("there are {max} mystery gifts to be revealed: open one first, or wait until one is")]
    TooManyGifts {
        /// How many may be sealed.
        max: usize,
    },
    /// A capture of more than is held.
    #[error("{} asked for, {held} held", points(*asked))]
    MoreThanHeld {
        /// Points asked for.
        asked: i64,
        /// Points in the hold.
        held: i64,
    },
    /// The order is another than the hold was made for, or another member's.
    #[error("the order is another than the hold was made for, or another member's")]
    OtherOrder,
    /// The member has too little.
    #[error("{needed} needed, {available} available: {} short", needed.saturating_sub(*available))]
    NotEnough {
        /// Units needed.
        needed: i64,
        /// Units that can be spent now.
        available: i64,
        /// Units that wait for their activation.
        pending: i64,
    },
    /// The member has no play that they earned.
    #[error("no play is left that was earned")]
    NoPlay,
    /// No code is left in the pool.
    #[error("the pool {pool:?} has no code left")]
    NoCodeLeft {
        /// The pool.
        pool: String,
    },
    /// All are gone.
    #[error("the stock of {stock} is gone")]
    OutOfStock {
        /// How many there were.
        stock: i64,
    },
    /// Amounts beyond what the ledger can hold.
    #[error("an amount is outside the range of the ledger")]
    OutOfRange,
    /// A condition could not be evaluated.
    #[error("its condition cannot be evaluated: {0}")]
    ConditionErrs(ConditionError),
    /// What is asked about was made under a version that is not known here: the versions must be read again.
    #[error("version {version} of the programme is not known here yet")]
    UnknownVersion {
        /// Its number.
        version: u32,
    },
}

impl From<Overflow> for Rejection {
    fn from(_: Overflow) -> Self {
        Self::OutOfRange
    }
}

/// "1 point", "2 points"
fn points(units: i64) -> String {
    if units == 1 { "1 point".to_owned() } else { format!("{units} points") }
}

impl Rejection {
    /// Its code, as problems and scenarios spell it: "not-enough".
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownReward => "unknown-reward",
            Self::UnknownRaffle => "unknown-raffle",
            Self::UnknownInstantWin => "unknown-instant-win",
            Self::UnknownAuction => "unknown-auction",
            Self::PlaysItself => "plays-itself",
            Self::NotForSale => "not-for-sale",
            Self::NoFreeRoute { .. } => "no-free-route",
            Self::TooManyEntries { .. } => "too-many-entries",
            Self::UnknownVersion { .. } => "unknown-version",
            Self::PayNotOffered => "pay-not-offered",
            Self::NoOpenHold => "no-open-hold",
            Self::NotPositive { .. } => "not-positive",
            Self::WrongCurrency { .. } => "wrong-currency",
            Self::NotYetOpen { .. } => "not-yet-open",
            Self::Closed { .. } => "closed",
            Self::TierTooLow { .. } => "tier-too-low",
            Self::ConditionFails { .. } => "condition-fails",
            Self::LimitReached { .. } => "limit-reached",
            Self::BidTooLow { .. } => "bid-too-low",
            Self::TooManyBids { .. } => "too-many-bids",
            Self::NotPayable { .. } => "not-payable",
            Self::TooManyHolds { .. } => "too-many-holds",
            Self::NoSealedGift => "no-sealed-gift",
            Self::TooManyGifts { .. } => "too-many-gifts",
            Self::MoreThanHeld { .. } => "more-than-held",
            Self::OtherOrder => "other-order",
            Self::NoPlay => "no-play",
            Self::NotEnough { .. } => "not-enough",
            Self::OutOfStock { .. } => "out-of-stock",
            Self::NoCodeLeft { .. } => "no-code-left",
            Self::OutOfRange => "out-of-range",
            Self::ConditionErrs(_) => "condition-errs",
        }
    }

    /// Names the rule and version that said no.
    pub fn by(self, rule: impl Into<String>, version: u32) -> Refusal {
        Refusal { rule: rule.into(), version, reason: self }
    }
}

/// A rule could not be evaluated on an event. The event is parked; this never means "no points".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rule {rule} (version {version}) failed: {cause}")]
pub struct RuleError {
    /// The rule's id.
    pub rule: String,
    /// The programme version.
    pub version: u32,
    /// What went wrong.
    pub cause: RuleFailure,
}

/// What went wrong inside a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleFailure {
    /// An amount left the range of the ledger.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The condition failed.
    #[error(transparent)]
    Condition(#[from] ConditionError),
    /// The version is not among those that were read: they must be read again.
    #[error("it is not known here yet")]
    UnknownVersion,
}

/// The balance-changing parts of a quote, for answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payable {
    /// The least number of points, or 0 if none can be used.
    pub min: i64,
    /// The most.
    pub max: i64,
    /// Multiples of.
    pub step: i64,
    /// What the most would pay.
    pub worth: Money,
}
