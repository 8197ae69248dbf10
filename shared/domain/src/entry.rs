//! Ledger entries: immutable, double-entry, each explaining itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{
    account::{Asset, Balance, Overflow},
    calendar::Per,
    draw::hash::Hash,
    id::{ChanceId, HoldId, Operation, OrderId, RuleId},
    money::{Currency, Money},
    mystery::Revealed,
    play::Played,
};

/// The accounts that postings move units between. The chart of accounts, complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerAccount {
    /// The member can spend it.
    Available,
    /// The member's, waiting for its activation.
    Pending,
    /// The member's, set aside by a hold or a bid.
    Held,
    /// The programme gave it (its balance is negative: what was issued).
    Issued,
    /// Spent with the programme.
    Redeemed,
    /// Lapsed.
    Expired,
    /// Given by a reversed order, spent before, and not taken back (balance negative).
    Forgiven,
    /// Corrected by staff.
    Adjusted,
}

impl LedgerAccount {
    /// Whether the account is one of the member's three.
    pub fn is_member(self) -> bool {
        matches!(self, Self::Available | Self::Pending | Self::Held)
    }
}

/// One leg of an entry. The legs of an entry sum to zero per asset (law 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Whose.
    #[serde(rename = "a")]
    pub account: LedgerAccount,
    /// Of what.
    #[serde(rename = "s")]
    pub asset: Asset,
    /// Units; positive adds.
    #[serde(rename = "n")]
    pub amount: i64,
}

/// Something that was decided about a member, once and for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The operation that it belongs to.
    pub operation: Operation,
    /// Its place among the entries of the operation, from 0. (operation, index) is the idempotency guard.
    pub index: u32,
    /// Its place in the member's ledger, from 1, without gaps.
    pub sequence: u64,
    /// When it happened.
    pub at: Timestamp,
    /// When Guerdon learned of it.
    pub recorded_at: Timestamp,
    /// The programme version it was decided under.
    pub version: u32,
    /// What happened.
    pub kind: Kind,
    /// The legs.
    pub postings: Vec<Posting>,
    /// Why: the rules that gave, took or refused, in their order.
    pub reasons: Vec<Reason>,
    /// The member's points after it.
    pub balance: Balance,
}

/// What an entry records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// Points earned by an order or an event.
    Accrual {
        /// "order", "sign-up", "review"
        what: SmolStr,
    },
    /// Points of an order taken back.
    Reversal,
    /// Points that paid for a refunded order, given back to the lots they came from; or taken again, if it stands again.
    Return,
    /// Pending points became available.
    Activation,
    /// Points lapsed.
    Expiry,
    /// A reward was redeemed.
    Redemption {
        /// The reward's id.
        reward: String,
        /// What the member was given.
        grants: Vec<Granted>,
    },
    /// A mystery gift was revealed.
    Reveal {
        /// The reward's id.
        reward: String,
        /// What it turned out to be, and how that was decided.
        gift: Box<Revealed>,
        /// What the member was given.
        grants: Vec<Granted>,
    },
    /// A raffle was entered.
    Entered {
        /// The raffle's id.
        raffle: String,
        /// How many entries.
        entries: i64,
        /// Whether by the free route.
        free: bool,
    },
    /// A prize of a raffle was given.
    Prize {
        /// The raffle's id.
        raffle: String,
        /// The prize's id.
        prize: String,
        /// The place that was drawn.
        place: u64,
        /// What the member was given.
        grants: Vec<Granted>,
    },
    /// An instant win was played.
    Play {
        /// The instant win's id.
        game: String,
        /// How it was decided.
        played: Box<Played>,
        /// What the member was given; nothing if they lost.
        grants: Vec<Granted>,
    },
    /// Points were bid in an auction, or a bid was raised.
    Bid {
        /// The auction's id.
        auction: String,
        /// Points: all of the bid.
        bid: i64,
    },
    /// A bid won, and its points were spent.
    BidWon {
        /// The auction's id.
        auction: String,
        /// Points.
        bid: i64,
        /// What the member was given.
        grants: Vec<Granted>,
    },
    /// A bid was outbid, or did not win: its points went back to their lots.
    BidReturned {
        /// The auction's id.
        auction: String,
        /// Points.
        bid: i64,
    },
    /// Points were set aside.
    Hold {
        /// The hold.
        hold: HoldId,
        /// What they pay.
        worth: Money,
        /// When the hold releases itself.
        lapses_at: Timestamp,
    },
    /// Held points were spent.
    Capture {
        /// The hold.
        hold: HoldId,
        /// What they paid.
        worth: Money,
        /// The order they paid for, if named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderId>,
    },
    /// Held points went back to their lots.
    Release {
        /// The hold.
        hold: HoldId,
    },
    /// A hold released itself.
    Lapse {
        /// The hold.
        hold: HoldId,
    },
    /// Staff corrected the balance.
    Adjustment {
        /// Why, in the staff member's words.
        reason: String,
        /// Who.
        by: String,
    },
    /// The member's tier changed.
    TierChange {
        /// The tier before.
        from: Option<String>,
        /// The tier after.
        to: Option<String>,
    },
}

impl Kind {
    /// What the member was given.
    pub fn grants(&self) -> &[Granted] {
        match self {
            Self::Redemption { grants, .. }
            | Self::Reveal { grants, .. }
            | Self::Prize { grants, .. }
            | Self::Play { grants, .. }
            | Self::BidWon { grants, .. } => grants,
            _ => &[],
        }
    }
}

/// Something a member was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "grant", rename_all = "snake_case")]
pub enum Granted {
    /// A code that the shop honours.
    Voucher {
        /// What it stands for: "product", "amount", "percent".
        voucher: String,
        /// The code.
        code: String,
        /// The product it is good for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sku: Option<String>,
        /// The amount it is good for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
        /// The instant at which it is no longer good; `None` is never.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<Timestamp>,
    },
    /// Store credit.
    Credit {
        /// How much.
        amount: Money,
    },
    /// Points.
    Points {
        /// How many.
        points: i64,
    },
    /// A badge.
    Badge {
        /// Its id.
        badge: String,
        /// What it was called when it was given.
        name: String,
    },
    /// A mystery gift: what it is, the reveal's entry says.
    Mystery {
        /// When it reveals itself; `None` if the member opens it, or if it is revealed with the redemption.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reveal_at: Option<Timestamp>,
        /// What ties the decision down before it is known ([`crate::mystery::Decided::commitment`]).
        commitment: Hash,
    },
}

/// Why a rule gave what it gave, or nothing.
///
/// Every decision writes one for each rule. The fields stand in this order, so that they are written as whole words: read
/// across what was just written, they would have to wait for it, which took more time than all else about a rule.
#[repr(C)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule's id.
    pub rule: RuleId,
    /// Points it now gives more (or less) than before; 0 for a rule that gave nothing.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub points: i64,
    /// How it came to that.
    pub because: Because,
}

/// A line that a refund names, and the order does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoSuchLine {
    /// The platform's id of the refund.
    pub refund: String,
    /// The line it names.
    pub line: String,
}

/// The entries or plays that a rule gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tickets {
    /// The raffle's or the instant win's id.
    pub of: ChanceId,
    /// How many more (or less) than before.
    pub tickets: i64,
    /// The eligible net that they were given for, in minor units of the order's currency; `None` for a fixed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net: Option<i64>,
}

impl Reason {
    /// Adds to what it gives: tickets if it is for tickets, else points.
    pub(crate) fn add(&mut self, units: i64, tickets: bool) -> Result<(), Overflow> {
        let sum = match &mut self.because {
            Because::Tickets(given) => &mut given.tickets,
            // A capped rule of tickets: how many they are stands in the legs.
            _ if tickets => return Ok(()),
            _ => &mut self.points,
        };
        *sum = sum.checked_add(units).ok_or(Overflow)?;
        Ok(())
    }
}

/// How a rule came to its answer. Small, because every decision makes one for each rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Points per unit of eligible net (minor units of the order's currency).
    Net(i64),
    /// A fixed number.
    Fixed,
    /// A multiple of the order's per-unit points (that many).
    Multiple(i64),
    /// The cap of a period holds: of so many wanted in all, only the cap.
    Capped {
        /// Points the rule may give in the period.
        cap: i64,
        /// The period's length.
        per: Per,
        /// Points wanted in the period so far.
        wanted: i64,
    },
    /// No line is eligible: all are excluded, gift cards, refunded, or worth nothing.
    NoEligibleLine,
    /// The eligible net is too small for a point.
    TooSmall(i64),
    /// The rule's window is not open at the time of the order.
    Window,
    /// The member's tier is too low.
    Tier {
        /// The tier needed.
        needed: SmolStr,
    },
    /// The rule's `when` is false.
    When,
    /// So many tickets more (or less), instead of points.
    Tickets(Box<Tickets>),
    /// The raffle or game is closed: what comes now moves no entries or plays.
    EntriesClosed,
    /// The order's currency is not accepted.
    Currency,
    /// It is a guest's: there is no member to earn.
    Guest,
    /// Its order has not come yet: the news wait for it.
    AwaitsOrder,
    /// No rule is for this kind of event.
    NoRule,
    /// It is a test order.
    Test,
    /// The order is not (or no longer) paid.
    NotPaid,
    /// The refund's money is in another currency than the order: the units of its lines count, its amounts do not.
    RefundCurrency {
        /// The platform's id of the refund.
        refund: Box<str>,
        /// Its currency.
        currency: Currency,
    },
    /// The refund names a line that the order does not have: nothing is taken for it.
    NoSuchLine(Box<NoSuchLine>),
    /// Was spent before the refund, and is forgiven.
    Forgiven,
    /// Makes up for what was forgiven before.
    MadeUp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_accounts_are_the_members() {
        use LedgerAccount::{
            Adjusted, Available, Expired, Forgiven, Held, Issued, Pending, Redeemed,
        };
        let all = [Available, Pending, Held, Issued, Redeemed, Expired, Forgiven, Adjusted];
        assert_eq!(all.into_iter().filter(|account| account.is_member()).count(), 3);
    }
}
