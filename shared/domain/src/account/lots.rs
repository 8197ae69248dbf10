//! Lots: units with dates, spent in the order in which they expire.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    account::Overflow,
    planted::{self, Bug},
};

/// Units of one asset with the same dates. Lots merge by their dates, so an account has few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lot {
    /// When they become available; `None` once they are.
    pub activates: Option<Timestamp>,
    /// The instant at which they are gone; `None` is never.
    pub expires: Option<Timestamp>,
    /// How many, positive.
    pub amount: i64,
}

impl Lot {
    /// Whether its units have lapsed by an instant.
    pub fn is_gone(&self, at: Timestamp) -> bool {
        self.expires.is_some_and(|date| date <= at)
    }

    pub(crate) fn same_dates(&self, other: &Self) -> bool {
        self.activates == other.activates && self.expires == other.expires
    }

    /// Sort order of spending: what expires first goes first, what never expires goes last.
    fn spending_order(&self) -> (Option<Timestamp>, bool, Timestamp) {
        let expires = self.expires.unwrap_or(Timestamp::MIN);
        if planted::is(Bug::SpendTheLastFirst) {
            let back =
                Timestamp::from_second(expires.as_second().saturating_neg()).unwrap_or(expires);
            return (self.activates, self.expires.is_some(), back);
        }
        (self.activates, self.expires.is_none(), expires)
    }
}

/// The lots of one asset.
///
/// Invariant: while `debt` is positive there is no active lot, because debt swallows them, but for one that has lapsed and is
/// about to be settled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wallet {
    /// Lots in spending order, active ones first.
    pub lots: Vec<Lot>,
    /// What a reversal took beyond the balance, under the policy that allows it.
    pub debt: i64,
}

impl Wallet {
    /// What can be spent; negative while there is debt.
    pub fn available(&self) -> i64 {
        let active = self.lots.iter().filter(|lot| lot.activates.is_none());
        active.fold(0_i64, |sum, lot| sum.saturating_add(lot.amount)).saturating_sub(self.debt)
    }

    /// What waits for its activation.
    pub fn pending(&self) -> i64 {
        let pending = self.lots.iter().filter(|lot| lot.activates.is_some());
        pending.fold(0_i64, |sum, lot| sum.saturating_add(lot.amount))
    }

    /// Adds a lot at an instant, merging it with one of the same dates; active points fill a debt first, unless they are gone
    /// by then: they are only here to lapse.
    pub fn add(&mut self, lot: Lot, at: Timestamp) -> Result<(), Overflow> {
        let mut lot = lot;
        let total = self
            .available()
            .max(0)
            .checked_add(self.pending())
            .and_then(|sum| sum.checked_add(lot.amount));
        total.ok_or(Overflow)?;
        if lot.activates.is_none() && !lot.is_gone(at) {
            let swallowed = self.debt.min(lot.amount);
            self.debt = self.debt.saturating_sub(swallowed);
            lot.amount = lot.amount.saturating_sub(swallowed);
        }
        if lot.amount == 0 {
            return Ok(());
        }
        match self.lots.iter_mut().find(|other| other.same_dates(&lot)) {
            Some(same) => same.amount = same.amount.checked_add(lot.amount).ok_or(Overflow)?,
            None => self.lots.push(lot),
        }
        self.lots.sort_by_key(Lot::spending_order);
        Ok(())
    }

    /// Takes up to `amount` from the lots that `select` names, in spending order; returns what was taken.
    pub fn take(&mut self, amount: i64, select: impl Fn(&Lot) -> bool) -> Vec<Lot> {
        let mut wanted = amount;
        let mut taken = Vec::new();
        for lot in self.lots.iter_mut().filter(|lot| select(lot)) {
            let part = lot.amount.min(wanted);
            if part > 0 {
                lot.amount = lot.amount.saturating_sub(part);
                wanted = wanted.saturating_sub(part);
                taken.push(Lot { amount: part, ..*lot });
            }
        }
        self.lots.retain(|lot| lot.amount > 0);
        taken
    }
}

/// The sum of some lots.
pub fn sum(lots: &[Lot]) -> i64 {
    lots.iter().fold(0_i64, |sum, lot| sum.saturating_add(lot.amount))
}

/// Splits lots in spending order into the first `amount` units and the rest.
pub fn split(lots: &[Lot], amount: i64) -> (Vec<Lot>, Vec<Lot>) {
    let mut wallet = Wallet { lots: lots.to_vec(), debt: 0 };
    wallet.lots.sort_by_key(Lot::spending_order);
    let first = wallet.take(amount, |_| true);
    (first, wallet.lots)
}

/// Makes lots one that an account cannot tell apart any more at an instant: of active ones it does not know since when they
/// are, of lapsed ones nothing but their sum matters. Without, what is remembered would grow for ever.
pub(crate) fn join(lots: &mut Vec<Lot>, now: Timestamp) -> Result<(), Overflow> {
    let last = lots.iter().filter(|lot| lot.is_gone(now)).filter_map(|lot| lot.expires).max();
    let mut joined: Vec<Lot> = Vec::with_capacity(lots.len());
    for lot in lots.drain(..).filter(|lot| lot.amount != 0) {
        let gone = lot.is_gone(now);
        let activates = lot.activates.filter(|date| *date > now && !gone);
        let lot = Lot { activates, expires: if gone { last } else { lot.expires }, ..lot };
        match joined.iter_mut().find(|other| other.same_dates(&lot)) {
            Some(same) => same.amount = same.amount.checked_add(lot.amount).ok_or(Overflow)?,
            None => joined.push(lot),
        }
    }
    joined.sort_unstable();
    *lots = joined;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn what_expires_first_is_spent_first_and_what_never_expires_last() {
        let mut wallet = Wallet::default();
        for (expires, amount) in [(None, 1), (Some(at(20)), 2), (Some(at(10)), 4)] {
            wallet.add(Lot { activates: None, expires, amount }, at(0)).unwrap();
        }
        let taken = wallet.take(5, |lot| lot.activates.is_none());
        let taken: Vec<_> = taken.iter().map(|lot| (lot.expires, lot.amount)).collect();
        assert_eq!(taken, [(Some(at(10)), 4), (Some(at(20)), 1)]);
    }

    proptest! {
        #[test]
        fn taking_and_putting_back_changes_nothing(
            lots in prop::collection::vec((0..5_i64, 1..100_i64), 0..8),
            amount in 0..500_i64,
        ) {
            let mut wallet = Wallet::default();
            for (expires, amount) in lots {
                wallet.add(Lot { activates: None, expires: Some(at(expires)), amount }, at(-1)).unwrap();
            }
            let before = wallet.clone();
            for lot in wallet.take(amount, |_| true) {
                wallet.add(lot, at(-1)).unwrap();
            }
            prop_assert_eq!(wallet, before);
        }

        #[test]
        fn debt_and_active_lots_exclude_each_other(debt in 0..200_i64, amounts in prop::collection::vec(1..100_i64, 0..6)) {
            let mut wallet = Wallet { lots: Vec::new(), debt };
            let total: i64 = amounts.iter().sum();
            for amount in amounts {
                wallet.add(Lot { activates: None, expires: None, amount }, at(0)).unwrap();
            }
            prop_assert_eq!(wallet.available(), total - debt);
            prop_assert!(wallet.debt == 0 || wallet.lots.is_empty());
        }
    }
}
