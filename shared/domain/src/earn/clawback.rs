//! Crediting and taking back what orders earn: the clawback policies, and how earning again undoes what they did.

use crate::{
    account::{Asset, CapKey, Forgiven, Lot, Overflow, join, split, sum},
    decision::Journal,
    earn::{
        caps::{CapChange, Replaced},
        dates::{Dates, expires},
    },
    entry::{LedgerAccount, Reason},
    id::OrderId,
    order::{MadeUp, OrderState},
    planted::{self, Bug},
    programme::{Clawback, Programme},
};

/// The points of an order, about to be credited or taken back.
///
/// Points are given by a cap, which other orders may share, or by the order alone (`None`). What is forgiven is remembered of each.
pub(super) struct Movement<'a, 'j> {
    pub(super) journal: &'a mut Journal<'j>,
    pub(super) order: &'a OrderId,
    pub(super) state: &'a mut OrderState,
    /// Whose terms hold for the order.
    pub(super) programme: &'a Programme,
    /// Those of its points.
    pub(super) dates: Dates,
    pub(super) reasons: &'a mut Vec<Reason>,
}

/// What undoing reversals came to.
struct Undone {
    /// Points that had lapsed: they are only here to lapse.
    lapsed: i64,
    /// Of those left, points that were taken after others had been forgiven: they come back before those are made up for.
    first: i64,
    /// Points left.
    left: i64,
}

impl Movement<'_, '_> {
    /// Credits what is newly earned, or takes back what is no longer earned.
    ///
    /// What one rule gives more and another less has not moved, whatever the policy.
    pub(super) fn run(&mut self, replaced: Replaced) -> Result<(), Overflow> {
        let Replaced { mut uncapped, mut capped, .. } = replaced;
        self.remember(None, &mut uncapped, (&mut Vec::new(), 0));
        for CapChange { cap, own, freed, others } in &mut capped {
            self.remember(Some(cap), own, (others, *freed));
        }
        let own = || {
            let capped = capped.iter().map(|change| (Some(&change.cap), change.own));
            std::iter::once((None, uncapped)).chain(capped)
        };
        let sum = |sign: i64| {
            let parts = own().map(|(_, points)| points.saturating_mul(sign).max(0));
            parts.fold(0_i64, i64::saturating_add)
        };
        let stays = sum(1).min(sum(-1));
        let (mut more, mut less) = (stays, stays);
        for (cap, points) in own() {
            let stays = if points > 0 { &mut more } else { &mut less };
            let all = points.checked_abs().ok_or(Overflow)?;
            let kept = all.min(*stays);
            *stays = stays.saturating_sub(kept);
            if points > 0 {
                self.credited(cap, kept);
                self.accrue(cap, all.saturating_sub(kept))?;
            } else {
                self.reverse(cap, self.dates, all.saturating_sub(kept))?;
            }
        }
        for CapChange { cap, others, .. } in &capped {
            for Lot { activates, expires, amount } in others.iter().copied() {
                self.reverse(Some(cap), Dates { activates, expires }, amount)?;
            }
        }
        if !self.state.made_up.is_empty() {
            let parts = &self.state.parts;
            let given = |memory: &MadeUp| parts.iter().any(|part| part.cap() == memory.cap);
            self.state.made_up.retain(|memory| !memory.forgiven.is_empty() && given(memory));
            if self.state.made_up.is_empty() {
                let order = self.order;
                self.journal.account.made_up.retain(|note| note.order != *order);
            }
        }
        Ok(())
    }

    /// Credits points. It undoes what reversals did, the last first; only what is left then is new.
    fn accrue(&mut self, cap: Option<&CapKey>, points: i64) -> Result<(), Overflow> {
        // Whichever rule gave them: for this order, points have been forgiven.
        let (order, since) = (self.order, self.since());
        let latest = |forgiven: &Forgiven| forgiven.order == *order && forgiven.since >= since;
        let points = self.make_up(cap, points, latest);
        if points == 0 {
            return Ok(());
        }
        let Undone { lapsed, first, left } = self.undo(points)?;
        let rest = self.make_up(cap, left.saturating_sub(first), |f| f.order == *order);
        let rest = rest.saturating_add(first);
        let issued = points.saturating_sub(left).saturating_add(rest);
        let new = self.dates.lot(rest.saturating_add(lapsed), self.journal.now);
        self.journal.issue(&Asset::Points, new)?;
        self.journal.post(LedgerAccount::Issued, &Asset::Points, issued.saturating_neg());
        self.credited(cap, issued);
        Ok(())
    }

    /// Undoes with so many points what reversals did: what had lapsed is only here to lapse, what is still owed is paid, other
    /// points that were taken come back as they were.
    fn undo(&mut self, points: i64) -> Result<Undone, Overflow> {
        if self.state.clawed_back.is_empty() {
            return Ok(Undone { lapsed: 0, first: 0, left: points });
        }
        let gone = self.has_lapsed(self.dates);
        let (journal, memory) = (&mut *self.journal, &mut self.state.clawed_back);
        let now = journal.now;
        let lapsed = points.min(memory.lapsed);
        memory.lapsed = memory.lapsed.saturating_sub(lapsed);
        let mut left = points.saturating_sub(lapsed);
        let again = left.min(memory.owed);
        memory.owed = memory.owed.saturating_sub(again);
        let wallet = journal.account.wallet(&Asset::Points);
        let paid = again.min(wallet.debt);
        wallet.debt = wallet.debt.saturating_sub(paid);
        journal.post(LedgerAccount::Available, &Asset::Points, paid);
        left = left.saturating_sub(paid);
        let mut back = Vec::new();
        if gone {
            memory.paid = memory.paid.saturating_add(paid);
            // Other points have filled the debt since, of dates that nobody knows any more.
            let amount = again.saturating_sub(paid);
            back.push(Lot { activates: None, expires: expires(self.programme, now)?, amount });
            left = left.saturating_sub(amount);
        }
        let (others, taken) =
            split(&memory.others, sum(&memory.others).saturating_sub(left).max(0));
        memory.others = others;
        left = left.saturating_sub(sum(&taken));
        back.extend(taken);
        for Lot { activates, expires, amount } in &back {
            let dates = Dates { activates: *activates, expires: *expires };
            journal.issue(&Asset::Points, dates.lot(*amount, now))?;
        }
        if gone {
            memory.returned.extend(back);
            join(&mut memory.returned, now)?;
        }
        let first = memory.taken.min(points);
        memory.taken = memory.taken.saturating_sub(first);
        let first = first.saturating_sub(points.saturating_sub(left)).max(0);
        Ok(Undone { lapsed, first, left })
    }

    /// Takes points back, as far as the clawback policy goes.
    ///
    /// First the very points (same dates), pending before available; then other points the member can spend;
    /// within the balance, at last those that others wait for. Points that have lapsed since are not taken a second time, from
    /// other points: after their date nothing is known of them but that they are gone; only what came back in their place is. What
    /// is out (held, or paid for an order) and comes back later is taken then: see [`come_back`](super::come_back).
    fn reverse(&mut self, cap: Option<&CapKey>, dates: Dates, points: i64) -> Result<(), Overflow> {
        if points == 0 {
            return Ok(());
        }
        let Dates { activates, expires } = dates;
        let lapsed = self.has_lapsed(dates) && !planted::is(Bug::TakeLapsedTwice);
        let points = if lapsed { self.take_returned(cap, points)? } else { points };
        let (journal, policy) = (&mut *self.journal, self.programme.clawback);
        let mut left = points;
        let mut take = |which: &dyn Fn(&Lot) -> bool| {
            let taken = journal.debit(&Asset::Points, left, which)?;
            left = left.saturating_sub(sum(&taken));
            Ok::<_, Overflow>(taken)
        };
        let mut others = Vec::new();
        take(&|lot| {
            lot.activates.is_some() && lot.activates == activates && lot.expires == expires
        })?;
        if policy != Clawback::PendingOnly && !lapsed {
            take(&|lot| lot.activates.is_none() && lot.expires == expires)?;
            others.extend(take(&|lot| lot.activates.is_none())?);
        }
        if policy == Clawback::WithinBalance && !lapsed {
            // An order that shares a cap may have to give back what a later one waits for.
            others.extend(take(&|lot| lot.activates.is_some())?);
        }
        let taken = points.saturating_sub(left);
        journal.post(LedgerAccount::Issued, &Asset::Points, taken);
        let owes = |forgiven: &Forgiven| forgiven.order == *self.order;
        if policy == Clawback::WithinBalance
            && taken > 0
            && journal.account.forgiven.iter().any(owes)
        {
            let memory = &mut self.state.clawed_back;
            memory.taken = memory.taken.saturating_add(taken);
            memory.since = Some(journal.account.sequence.saturating_add(1));
        }
        if left > 0 && policy == Clawback::AllowNegative && !lapsed {
            self.owe(left)?;
        } else if left > 0 {
            if lapsed {
                let memory = &mut self.state.clawed_back;
                memory.lapsed = memory.lapsed.saturating_add(left);
            } else {
                // Zero is before every hold: what a policy leaves to the member is not taken when points come back.
                let since = match policy {
                    Clawback::WithinBalance => journal.account.sequence.saturating_add(1),
                    Clawback::PendingOnly | Clawback::AllowNegative => 0,
                };
                let (order, cap) = (self.order.clone(), cap.cloned());
                let forgiven = Forgiven { order, cap, points: left, since };
                forgiven.add_to(&mut journal.account.forgiven);
            }
            self.post_forgiven(left);
        }
        self.took(others)
    }

    /// Takes back what came in place of the order's own points when those had lapsed, and owes again what it paid. Returns how
    /// many points are left.
    fn take_returned(&mut self, cap: Option<&CapKey>, points: i64) -> Result<i64, Overflow> {
        let memory = &mut self.state.clawed_back;
        let kept = sum(&memory.returned).saturating_sub(points).max(0);
        let (kept, back) = split(&memory.returned, kept);
        memory.returned = kept;
        let mut left = points.saturating_sub(sum(&back));
        let again = left.min(memory.paid);
        memory.paid = memory.paid.saturating_sub(again);
        self.owe(again)?;
        left = left.saturating_sub(again);
        for lot in back {
            if lot.is_gone(self.journal.now) {
                left = left.saturating_add(lot.amount);
                continue;
            }
            let same = |other: &Lot| other.activates.is_none() && other.expires == lot.expires;
            let taken = self.journal.debit(&Asset::Points, lot.amount, same)?;
            let there = sum(&taken);
            self.journal.post(LedgerAccount::Issued, &Asset::Points, there);
            self.took(taken)?;
            let Lot { activates, expires, amount } = lot;
            self.reverse(cap, Dates { activates, expires }, amount.saturating_sub(there))?;
        }
        Ok(left)
    }

    /// Notes other points that were taken.
    fn took(&mut self, others: Vec<Lot>) -> Result<(), Overflow> {
        if others.is_empty() {
            return Ok(());
        }
        let memory = &mut self.state.clawed_back;
        memory.others.extend(others);
        join(&mut memory.others, self.journal.now)
    }

    /// Takes points beyond the balance.
    fn owe(&mut self, points: i64) -> Result<(), Overflow> {
        if points == 0 {
            return Ok(());
        }
        let wallet = self.journal.account.wallet(&Asset::Points);
        wallet.debt = wallet.debt.checked_add(points).ok_or(Overflow)?;
        self.journal.post(LedgerAccount::Available, &Asset::Points, points.saturating_neg());
        self.journal.post(LedgerAccount::Issued, &Asset::Points, points);
        let owed = &mut self.state.clawed_back.owed;
        *owed = owed.checked_add(points).ok_or(Overflow)?;
        Ok(())
    }

    /// Whether points of such dates are gone by now.
    pub(super) fn has_lapsed(&self, dates: Dates) -> bool {
        dates.lot(0, self.journal.now).is_gone(self.journal.now)
    }
}
