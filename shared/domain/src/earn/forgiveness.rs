//! What reversals forgive, and points make up for; and how each undoes the other when an order is refunded or paid again.

use crate::{
    account::{Asset, CapKey, Forgiven, Lot, split, sum},
    earn::{clawback::Movement, returns::forgiven},
    entry::{Because, LedgerAccount, Reason},
    id::RuleId,
    order::MadeUp,
    programme::Clawback,
};

impl Movement<'_, '_> {
    /// Does what moves nothing but memory: forgives again what points made up for that are no longer earned, and makes up for
    /// what could not be taken back of the very points that are earned again, by this order or because another one left the cap
    /// room. Lessens what is left to do.
    pub(super) fn remember(
        &mut self,
        cap: Option<&CapKey>,
        own: &mut i64,
        (others, freed): (&mut Vec<Lot>, i64),
    ) {
        let nothing = self.journal.account.forgiven.is_empty() && self.state.made_up.is_empty();
        if nothing && others.is_empty() {
            // Nearly every order.
            return;
        }
        let lost = own.saturating_neg().saturating_add(sum(others)).max(0);
        let order = self.order;
        let of_others = freed.saturating_neg().clamp(0, lost);
        let of_others = self.forgive_again(cap, of_others, |f| f.order != *order);
        let mut rest = lost.saturating_sub(of_others);
        if let Some(memory) = self.made_up(cap) {
            let credited = rest.min(memory.credited);
            memory.credited = memory.credited.saturating_sub(credited);
            rest = rest.saturating_sub(credited);
        }
        let again = self.forgive_again(cap, rest, |_| true).saturating_add(of_others);
        let of_own = again.min(own.saturating_neg()).max(0);
        *own = own.saturating_add(of_own);
        *others = split(others, sum(others).saturating_add(of_own).saturating_sub(again)).0;
        let same = |forgiven: &Forgiven| forgiven.cap.as_ref() == cap;
        let since = self.since();
        let latest = |forgiven: &Forgiven| forgiven.order == *order && forgiven.since >= since;
        *own = self.make_up(cap, *own, |forgiven| same(forgiven) && latest(forgiven));
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
        which: impl Fn(&Forgiven) -> bool,
    ) -> i64 {
        let lapsed = self.has_lapsed(self.dates);
        self.count_what_came_back(cap);
        let Some(memory) = self.made_up(cap) else { return 0 };
        let (mut left, mut again) = (most, Vec::new());
        for part in std::mem::take(&mut memory.forgiven).into_iter().rev() {
            let points = if which(&part) { part.points.min(left) } else { 0 };
            left = left.saturating_sub(points);
            let kept = part.points.saturating_sub(points);
            again.push(Forgiven { points, ..part.clone() });
            Forgiven { points: kept, ..part }.add_to(&mut memory.forgiven);
        }
        let account = &mut self.journal.account;
        for part in again {
            Forgiven::take_from(&mut account.made_up, part.points, |note| note.is_of(&part));
            if !lapsed {
                part.add_to(&mut account.forgiven);
            }
        }
        let again = most.saturating_sub(left);
        self.post_forgiven(again);
        again
    }

    /// Counts points that came back since they were forgiven as credited: they are there to be taken.
    fn count_what_came_back(&mut self, cap: Option<&CapKey>) {
        if self.programme.clawback != Clawback::WithinBalance {
            return;
        }
        let notes = &self.journal.account.made_up;
        let mut memories = self.state.made_up.iter_mut();
        let Some(memory) = memories.find(|memory| memory.cap.as_ref() == cap) else { return };
        for part in &mut memory.forgiven {
            let note = notes.iter().find(|note| note.is_of(part));
            let out = note.map_or(0, |note| note.points).min(part.points);
            memory.credited = memory.credited.saturating_add(part.points.saturating_sub(out));
            part.points = out;
        }
        memory.forgiven.retain(|part| part.points > 0);
    }

    /// The reversal that took points last, when others had been forgiven: they come back before those are made up for.
    pub(super) fn since(&self) -> u64 {
        let memory = &self.state.clawed_back;
        memory.since.filter(|_| memory.taken > 0).unwrap_or(0)
    }

    /// What points of the order that a cap gave, or none, have made up for.
    fn made_up(&mut self, cap: Option<&CapKey>) -> Option<&mut MadeUp> {
        self.state.made_up.iter_mut().find(|memory| memory.cap.as_ref() == cap)
    }

    /// Notes points that are taken back before any is forgiven again.
    pub(super) fn credited(&mut self, cap: Option<&CapKey>, points: i64) {
        if let Some(memory) = self.made_up(cap) {
            memory.credited = memory.credited.saturating_add(points);
        }
    }

    /// Makes up for what was forgiven with points newly earned, as far as they go. Returns what is left of them.
    pub(super) fn make_up(
        &mut self,
        cap: Option<&CapKey>,
        points: i64,
        which: impl Fn(&Forgiven) -> bool,
    ) -> i64 {
        if points <= 0 || self.journal.account.forgiven.is_empty() {
            return points;
        }
        let parts = Forgiven::take_from(&mut self.journal.account.forgiven, points, which);
        let made_up = forgiven(&parts);
        self.post_forgiven(made_up.saturating_neg());
        for part in parts {
            if !self.remembers(cap, &part) {
                continue;
            }
            if self.programme.clawback == Clawback::WithinBalance {
                part.clone().add_to(&mut self.journal.account.made_up);
            }
            if self.made_up(cap).is_none() {
                let memory = MadeUp { cap: cap.cloned(), forgiven: Vec::new(), credited: 0 };
                self.state.made_up.push(memory);
            }
            if let Some(memory) = self.made_up(cap) {
                part.add_to(&mut memory.forgiven);
            }
        }
        points.saturating_sub(made_up)
    }

    /// Whether it is remembered that points made up for what was forgiven: it is forgiven again when they are taken back. Not of
    /// what others may share, where a reversal takes what the member has.
    fn remembers(&self, cap: Option<&CapKey>, forgiven: &Forgiven) -> bool {
        match self.programme.clawback {
            Clawback::PendingOnly => true,
            Clawback::WithinBalance => {
                cap.is_none() && forgiven.cap.is_none() && forgiven.order == *self.order
            }
            Clawback::AllowNegative => false,
        }
    }

    /// Posts what is forgiven, or made up for, with the reason.
    pub(super) fn post_forgiven(&mut self, points: i64) {
        if points == 0 {
            return;
        }
        self.journal.post(LedgerAccount::Forgiven, &Asset::Points, points.saturating_neg());
        self.journal.post(LedgerAccount::Issued, &Asset::Points, points);
        let because = if points > 0 { Because::Forgiven } else { Because::MadeUp };
        match self.reasons.iter_mut().find(|reason| reason.because == because) {
            Some(reason) => reason.points = reason.points.saturating_add(points),
            None => self.reasons.push(Reason { rule: RuleId::of("clawback"), points, because }),
        }
    }
}
