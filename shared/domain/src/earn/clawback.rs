//! Crediting and taking back what orders earn: the clawback policies, and how earning again undoes what they did.

use crate::{
    account::{Asset, CapKey, ClawedBack, Forgiven, Lot, Overflow, join, split, sum},
    decision::Journal,
    earn::{
        caps::{CapChange, Replaced},
        dates::{Dates, expires},
        returns::forgiven,
    },
    entry::{Because, LedgerAccount, Reason},
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
    pub(super) reasons: &'a mut Vec<Reason>,
}

impl Movement<'_, '_> {
    /// Credits what is newly earned, with the order's dates, or takes back what is no longer earned.
    ///
    /// What one rule gives more and another less has not moved, whatever the policy.
    pub(super) fn run(&mut self, replaced: Replaced, dates: Dates) -> Result<(), Overflow> {
        let Replaced { mut uncapped, mut capped, .. } = replaced;
        let lapsed = dates.lot(0, self.journal.now).is_gone(self.journal.now);
        self.remember(None, &mut uncapped, (&mut Vec::new(), 0), lapsed);
        for CapChange { cap, own, freed, others } in &mut capped {
            self.remember(Some(cap), own, (others, *freed), lapsed);
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
                self.accrue(cap, dates, all.saturating_sub(kept))?;
            } else {
                self.reverse(cap, dates, all.saturating_sub(kept))?;
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
        }
        Ok(())
    }

    /// Does what moves nothing but memory: forgives again what points made up for that are no longer earned, and makes up for
    /// what could not be taken back of the very points that are earned again, by this order or because another one left the cap
    /// room. Lessens what is left to do.
    fn remember(
        &mut self,
        cap: Option<&CapKey>,
        own: &mut i64,
        (others, freed): (&mut Vec<Lot>, i64),
        lapsed: bool,
    ) {
        let lost = own.saturating_neg().saturating_add(sum(others)).max(0);
        let order = self.order;
        let of_others = freed.saturating_neg().clamp(0, lost);
        let of_others = self.forgive_again(cap, of_others, lapsed, |f| f.order != *order);
        let credited = self.take_credited(cap, lost.saturating_sub(of_others));
        let rest = lost.saturating_sub(of_others).saturating_sub(credited);
        let again = self.forgive_again(cap, rest, lapsed, |_| true).saturating_add(of_others);
        let of_own = again.min(own.saturating_neg()).max(0);
        *own = own.saturating_add(of_own);
        *others = split(others, sum(others).saturating_add(of_own).saturating_sub(again)).0;
        let same = |forgiven: &Forgiven| forgiven.cap.as_ref() == cap;
        *own = self.make_up(cap, *own, |forgiven| forgiven.order == *order && same(forgiven));
        let freed = freed.clamp(0, (*own).max(0));
        let kept = self.make_up(cap, freed, |forgiven| cap.is_some() && same(forgiven));
        *own = own.saturating_sub(freed).saturating_add(kept);
    }

    /// Forgives again what points of the order made up for, at most so many. Returns how many it were. It is not
    /// remembered if they have lapsed: they would make up for nothing any more.
    fn forgive_again(
        &mut self,
        cap: Option<&CapKey>,
        most: i64,
        lapsed: bool,
        which: impl Fn(&Forgiven) -> bool,
    ) -> i64 {
        let memory = self.state.made_up.iter_mut().find(|memory| memory.cap.as_ref() == cap);
        let Some(memory) = memory else { return 0 };
        let mut left = most;
        for part in std::mem::take(&mut memory.forgiven).into_iter().rev() {
            let points = if which(&part) { part.points.min(left) } else { 0 };
            left = left.saturating_sub(points);
            let kept = part.points.saturating_sub(points);
            if !lapsed {
                Forgiven { points, ..part.clone() }.add_to(&mut self.journal.account.forgiven);
            }
            Forgiven { points: kept, ..part }.add_to(&mut memory.forgiven);
        }
        let again = most.saturating_sub(left);
        self.post_forgiven(again);
        again
    }

    /// Of so many points that are taken back, those that were credited since the order made up for others.
    fn take_credited(&mut self, cap: Option<&CapKey>, lost: i64) -> i64 {
        let memory = self.state.made_up.iter_mut().find(|memory| memory.cap.as_ref() == cap);
        let Some(memory) = memory else { return 0 };
        let credited = lost.min(memory.credited);
        memory.credited = memory.credited.saturating_sub(credited);
        credited
    }

    /// Notes points that are taken back before any is forgiven again.
    fn credited(&mut self, cap: Option<&CapKey>, points: i64) {
        let memory = self.state.made_up.iter_mut().find(|memory| memory.cap.as_ref() == cap);
        if let Some(memory) = memory {
            memory.credited = memory.credited.saturating_add(points);
        }
    }

    /// Makes up for what was forgiven with points newly earned, as far as they go. Returns what is left of them.
    fn make_up(
        &mut self,
        cap: Option<&CapKey>,
        points: i64,
        which: impl Fn(&Forgiven) -> bool,
    ) -> i64 {
        if points <= 0 || self.journal.account.forgiven.is_empty() {
            return points;
        }
        let parts = self.journal.account.make_up(points, which);
        let made_up = forgiven(&parts);
        self.post_forgiven(made_up.saturating_neg());
        if made_up > 0 && self.programme.clawback == Clawback::PendingOnly {
            let all = &mut self.state.made_up;
            let place = all.iter().position(|memory| memory.cap.as_ref() == cap);
            let mut memory = match place {
                Some(place) => all.swap_remove(place),
                None => MadeUp { cap: cap.cloned(), forgiven: Vec::new(), credited: 0 },
            };
            for part in parts {
                part.add_to(&mut memory.forgiven);
            }
            all.push(memory);
        }
        points.saturating_sub(made_up)
    }

    /// Posts what is forgiven, or made up for, with the reason.
    fn post_forgiven(&mut self, points: i64) {
        if points == 0 {
            return;
        }
        self.journal.post(LedgerAccount::Forgiven, &Asset::Points, points.saturating_neg());
        self.journal.post(LedgerAccount::Issued, &Asset::Points, points);
        let because = if points > 0 { Because::Forgiven } else { Because::MadeUp };
        match self.reasons.iter_mut().find(|reason| reason.because == because) {
            Some(reason) => reason.points = reason.points.saturating_add(points),
            None => self.reasons.push(Reason { rule: "clawback".into(), points, because }),
        }
    }

    /// Credits points. It undoes what reversals did, the last first: what is still owed is paid, other points that were taken
    /// come back as they were. Only what is left then is new.
    fn accrue(&mut self, cap: Option<&CapKey>, dates: Dates, points: i64) -> Result<(), Overflow> {
        // Whichever rule gave them: for this order, points have been forgiven.
        let order = self.order;
        let points = self.make_up(cap, points, |forgiven| forgiven.order == *order);
        if points == 0 {
            return Ok(());
        }
        let ClawedBack { others, owed } = std::mem::take(&mut self.state.clawed_back);
        let journal = &mut *self.journal;
        let (now, lot) = (journal.now, dates.lot(0, journal.now));
        let again = points.min(owed);
        let wallet = journal.account.wallet(&Asset::Points);
        let paid = again.min(wallet.debt);
        wallet.debt = wallet.debt.saturating_sub(paid);
        journal.post(LedgerAccount::Available, &Asset::Points, paid);
        let mut left = points.saturating_sub(paid);
        if lot.is_gone(now) {
            // Other points have filled the debt since, of dates that nobody knows any more.
            let filled = again.saturating_sub(paid);
            let expires = expires(self.programme, now)?;
            journal.issue(&Asset::Points, Lot { activates: None, expires, amount: filled })?;
            left = left.saturating_sub(filled);
        }
        let (others, back) = split(&others, sum(&others).saturating_sub(left).max(0));
        for Lot { activates, expires, amount } in back {
            journal.issue(&Asset::Points, Dates { activates, expires }.lot(amount, now))?;
            left = left.saturating_sub(amount);
        }
        journal.issue(&Asset::Points, Lot { amount: left, ..lot })?;
        journal.post(LedgerAccount::Issued, &Asset::Points, points.checked_neg().ok_or(Overflow)?);
        let owed = owed.saturating_sub(again);
        self.state.clawed_back = ClawedBack { others, owed };
        self.credited(cap, points);
        Ok(())
    }

    /// Takes points back, as far as the clawback policy goes.
    ///
    /// First the very points (same dates), pending before available; then other points the member can spend;
    /// within the balance, at last those that others wait for. Points that have lapsed since are not taken a second time, from
    /// other points: after their date nothing is known of them but that they are gone. What is out (held, or paid for an order)
    /// and comes back later is taken then: see [`come_back`](super::come_back).
    fn reverse(&mut self, cap: Option<&CapKey>, dates: Dates, points: i64) -> Result<(), Overflow> {
        if points == 0 {
            return Ok(());
        }
        let Dates { activates, expires } = dates;
        let (journal, policy) = (&mut *self.journal, self.programme.clawback);
        let lapsed =
            expires.is_some_and(|date| date <= journal.now) && !planted::is(Bug::TakeLapsedTwice);
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
        journal.post(LedgerAccount::Issued, &Asset::Points, points.saturating_sub(left));
        let now = journal.now;
        if left > 0 && policy == Clawback::AllowNegative && !lapsed {
            let wallet = journal.account.wallet(&Asset::Points);
            wallet.debt = wallet.debt.checked_add(left).ok_or(Overflow)?;
            journal.post(LedgerAccount::Available, &Asset::Points, left.saturating_neg());
            journal.post(LedgerAccount::Issued, &Asset::Points, left);
            let owed = &mut self.state.clawed_back.owed;
            *owed = owed.checked_add(left).ok_or(Overflow)?;
        } else if left > 0 {
            if !lapsed {
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
        if !others.is_empty() {
            let memory = &mut self.state.clawed_back.others;
            memory.extend(others);
            join(memory, now)?;
        }
        Ok(())
    }
}
