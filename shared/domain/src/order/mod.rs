//! Everything that Guerdon remembers of one order, and what is left of it to earn on.

mod basis;
mod knowledge;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    basis::{Basis, basis},
    knowledge::Knowledge,
};
use crate::{
    account::{CapKey, Forgiven, Lot, Overflow, sum},
    event::{Snapshot, Status},
    id::{ChanceId, HoldId, MemberId, RuleId},
    money::{Rounding, proportion},
    programme::{Programme, Versions},
};

/// Everything that Guerdon remembers of one order. The newest is kept on the newest entry of the order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrderState {
    /// Number of entries and notes written for the order so far.
    pub written: u32,
    /// What the shop said.
    pub knowledge: Knowledge,
    /// Whose points the order moves, once it moved any. A later change of customer does not move them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The rules that hold for this order, for ever, since it first earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Pin>,
    /// The version whose rules gave the parts, if it is not the pinned one: a rule of that fails on the order as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<u32>,
    /// What each rule has given for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Points that paid for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// What its reversals did when its points were not there any more.
    #[serde(default, skip_serializing_if = "ClawedBack::is_empty")]
    pub clawed_back: ClawedBack,
    /// What its points have made up for, under a policy that takes nothing but pending points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_up: Vec<MadeUp>,
}

/// The rules pinned to an order when it first earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The programme version in force when the order was placed.
    pub version: u32,
    /// The member's tier when the order was placed, as far as it was known then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// When the order was placed, as the shop said then.
    pub placed_at: Timestamp,
}

/// What one rule gives for one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The rule.
    pub rule: RuleId,
    /// Points or tickets, before any cap.
    pub wanted: i64,
    /// What they are tickets of; `None` for points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tickets: Option<ChanceId>,
    /// Of these, qualifying points.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub qualifying: i64,
    /// The counting period of the rule's cap, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

/// What reversals of an order did when its points were not there any more, so that earning them again undoes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClawedBack {
    /// Other points that were taken, with their dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Lot>,
    /// Points that were taken beyond the balance.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub owed: i64,
    /// Points that were taken, its own or others, after some had been forgiven: they come back before those are made up for.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub taken: i64,
    /// The sequence of the reversal that took of these last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u64>,
    /// Points that had lapsed, of which nothing was taken.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub lapsed: i64,
    /// Of what was taken, the points that came back when the order's own had lapsed, with their dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returned: Vec<Lot>,
    /// Of what was owed, the points that paid it then.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub paid: i64,
}

impl ClawedBack {
    /// Whether there is nothing to undo.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What was forgiven, and points of an order have made up for since: it is forgiven again when they are taken back.
///
/// Where a reversal takes what the member has, it looks there instead: points may have come back meanwhile, from a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeUp {
    /// The cap that gave the points, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<CapKey>,
    /// What was forgiven.
    pub forgiven: Vec<Forgiven>,
    /// Points credited since, which are taken back first.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub credited: i64,
}

impl Part {
    /// The cap that its points come from, which other orders may share.
    pub fn cap(&self) -> Option<CapKey> {
        self.period.as_ref().map(|period| (self.rule, period.clone()))
    }
}

/// Points that paid for part of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The hold that was captured.
    pub hold: HoldId,
    /// The lots the points came from.
    pub lots: Vec<Lot>,
    /// What they paid, in minor units; 0 if the order's own amounts show it already.
    pub minor: i64,
    /// Of the currency of this version, that of the hold; `None` if they are 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The sequence of the entry that took them out of the balance.
    pub since: u64,
    /// Points given back so far, because the order was refunded.
    #[serde(default, skip_serializing_if = "crate::is_zero")]
    pub returned: i64,
    /// Of these, points that made up for what had been forgiven while they were out, and for what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_up: Vec<Forgiven>,
}

impl OrderState {
    /// The programme version whose rules gave the parts, once there were any to give.
    pub fn version(&self) -> Option<u32> {
        self.judged_by.or(self.pin.as_ref().map(|pin| pin.version))
    }

    /// What captures still pay of the order, in minor units of its currency: points given back for a refund no longer do.
    /// Rounded up, so that no part of it earns. A hold's version has the rate, or else the one that judges the order.
    ///
    /// # Errors
    /// If they pay more than the ledger can hold.
    pub fn paid_with_points(
        &self,
        snapshot: &Snapshot,
        versions: &Versions,
        judge: &Programme,
    ) -> Result<i64, Overflow> {
        let pays = |payment: &Payment| {
            let points = sum(&payment.lots);
            let kept = points.saturating_sub(self.points_to_return(snapshot, payment));
            let minor = proportion(payment.minor, kept, points, Rounding::Up);
            let version = payment.version.and_then(|version| versions.number(version));
            let programme = version.map_or(judge, |version| &version.programme);
            let knows = programme.rate(snapshot.currency).is_some();
            let rates = if knows { programme } else { judge };
            rates.converted(minor, programme.currency, snapshot.currency)
        };
        let mut paid = self.payments.iter().map(pays);
        let paid = paid.try_fold(0_i64, |sum, minor| sum.checked_add(minor?));
        paid.ok_or(Overflow)
    }

    /// What is left of the order to earn on under the programme that judges it, if the order's state is known.
    ///
    /// # Errors
    /// If what points pay of it leaves the range of the ledger in the order's currency.
    pub fn basis(&self, versions: &Versions, judge: &Programme) -> Result<Option<Basis>, Overflow> {
        let snapshot = self.knowledge.snapshot.as_ref();
        snapshot.map(|snapshot| self.basis_of(snapshot, versions, judge)).transpose()
    }

    pub(crate) fn basis_of(
        &self,
        snapshot: &Snapshot,
        versions: &Versions,
        judge: &Programme,
    ) -> Result<Basis, Overflow> {
        let paid = self.paid_with_points(snapshot, versions, judge)?;
        Ok(basis(snapshot, &self.knowledge.refunds, paid))
    }

    /// How many of a payment's points the order's refunds give back: all when nothing is left of it, else in proportion to
    /// the goods, gift cards and tips that went back, rounded down.
    pub(crate) fn points_to_return(&self, snapshot: &Snapshot, payment: &Payment) -> i64 {
        let points = sum(&payment.lots);
        match snapshot.status {
            Status::Cancelled | Status::Refunded | Status::Voided => return points,
            Status::Unpaid | Status::Paid => {}
        }
        let basis = basis(snapshot, &self.knowledge.refunds, 0);
        let left = basis.total.saturating_sub(basis.refunded).max(0);
        let (others, others_left) = basis::beside_goods(snapshot, &self.knowledge.refunds);
        let ordered = basis.ordered.saturating_add(others);
        let gone = ordered.saturating_sub(left.saturating_add(others_left)).max(0);
        if gone == 0 {
            return 0;
        }
        proportion(points, gone, ordered, Rounding::Down)
    }
}

#[cfg(test)]
pub(crate) mod tests;
