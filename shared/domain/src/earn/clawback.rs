//! Crediting and taking back: the dates of an order's points, the clawback policies, and points that come back.

use jiff::{Timestamp, Zoned};

use crate::{
    account::{Asset, Forgiven, Lot, Overflow, split, sum},
    calendar::{day_end, month_end},
    decision::Journal,
    entry::{Because, LedgerAccount, Reason},
    event::Snapshot,
    id::OrderId,
    order::{OrderState, Payment},
    planted::{self, Bug},
    programme::{Clawback, Expiry, Programme, RoundedTo},
};

/// When points of an order become available, and when they are gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dates {
    activates: Option<Timestamp>,
    pub(super) expires: Option<Timestamp>,
}

/// Which lots the points are in that a reversal takes back.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lots {
    /// Those of the order.
    Of(Dates),
    /// Those of another order that shares a cap, of which no more is known than their expiry.
    Expiring(Option<Timestamp>),
}

impl Lots {
    fn expires(self) -> Option<Timestamp> {
        match self {
            Self::Of(Dates { expires, .. }) | Self::Expiring(expires) => expires,
        }
    }

    fn is_pending(self, lot: &Lot) -> bool {
        let activates = match self {
            Self::Of(dates) => lot.activates == dates.activates,
            Self::Expiring(_) => true,
        };
        lot.activates.is_some() && activates && lot.expires == self.expires()
    }
}

impl Dates {
    /// Of an order that was placed at a local time of the programme.
    pub(super) fn of(programme: &Programme, placed: &Zoned) -> Result<Self, Overflow> {
        let activates = match programme.pending {
            Some(pending) => Some(pending.after_local(placed).ok_or(Overflow)?),
            None => None,
        };
        Ok(Self { activates, expires: expires_local(programme, placed)? })
    }

    pub(super) fn lot(self, amount: i64, now: Timestamp) -> Lot {
        Lot { activates: self.activates.filter(|date| *date > now), expires: self.expires, amount }
    }
}

/// When points earned at `at` are gone; `None` is never.
///
/// # Errors
/// If the date lies beyond the calendar.
pub(crate) fn expires(programme: &Programme, at: Timestamp) -> Result<Option<Timestamp>, Overflow> {
    expires_local(programme, &programme.time_zone.local(at))
}

fn expires_local(programme: &Programme, at: &Zoned) -> Result<Option<Timestamp>, Overflow> {
    let Expiry::Rolling { after, rounded } = programme.expiry else { return Ok(None) };
    let zone = &programme.time_zone;
    let expires = after.after_local(at).and_then(|expires| match rounded {
        RoundedTo::Instant => Some(expires),
        RoundedTo::DayEnd => day_end(expires, zone),
        RoundedTo::MonthEnd => month_end(expires, zone),
    });
    expires.map(Some).ok_or(Overflow)
}

/// Credits what the order newly earned; what it was forgiven, or still owes, is made up for first.
pub(super) fn accrue(
    journal: &mut Journal,
    order: &OrderId,
    owed: &mut i64,
    dates: Dates,
    points: i64,
    reasons: &mut Vec<Reason>,
) -> Result<(), Overflow> {
    let made_up = journal.account.make_up(points, |forgiven| forgiven.order == *order);
    let made_up = forgiven(&made_up);
    if made_up > 0 {
        journal.post(LedgerAccount::Forgiven, &Asset::Points, made_up);
        reasons.push(Reason {
            rule: "clawback".into(),
            points: made_up.saturating_neg(),
            because: Because::MadeUp,
        });
    }
    let left = points.saturating_sub(made_up);
    let again = left.min(*owed);
    *owed = owed.saturating_sub(again);
    let lot = dates.lot(left, journal.now);
    if lot.is_gone(journal.now) {
        // These very points were taken when the order was reversed: they fill the debt of then, lapsed or not.
        let wallet = journal.account.wallet(&Asset::Points);
        let filled = again.min(wallet.debt);
        wallet.debt = wallet.debt.saturating_sub(filled);
        journal.post(LedgerAccount::Available, &Asset::Points, filled);
        journal.issue(&Asset::Points, Lot { amount: left.saturating_sub(filled), ..lot })?;
    } else {
        journal.issue(&Asset::Points, lot)?;
    }
    journal.post(LedgerAccount::Issued, &Asset::Points, points.checked_neg().ok_or(Overflow)?);
    Ok(())
}

/// Takes back what the order no longer earns, as far as the clawback policy goes.
///
/// First the very points of the order (same dates), pending before available; then other points the member can spend;
/// within the balance, at last those that others wait for. Points that have lapsed since are not taken a second time, from
/// other points: after their date nothing is known of them but that they are gone. What is out (held, or paid for an order)
/// and comes back later is taken then: see [`come_back`]. Returns what was taken beyond the balance.
pub(super) fn reverse(
    journal: &mut Journal,
    order: &OrderId,
    policy: Clawback,
    lots: Lots,
    points: i64,
    reasons: &mut Vec<Reason>,
) -> Result<i64, Overflow> {
    let mut owed = points;
    let mut in_debt = 0;
    let expires = lots.expires();
    let lapsed =
        expires.is_some_and(|date| date <= journal.now) && !planted::is(Bug::TakeLapsedTwice);
    let pending = journal.debit(&Asset::Points, owed, |lot| lots.is_pending(lot))?;
    owed = owed.saturating_sub(sum(&pending));
    if policy != Clawback::PendingOnly && !lapsed {
        let own = |lot: &Lot| lot.activates.is_none() && lot.expires == expires;
        owed = owed.saturating_sub(sum(&journal.debit(&Asset::Points, owed, own)?));
        owed = owed.saturating_sub(sum(
            &journal.debit(&Asset::Points, owed, |lot| lot.activates.is_none())?
        ));
    }
    if policy == Clawback::WithinBalance && !lapsed {
        // An order that shares a cap may have to give back what a later one waits for.
        owed = owed.saturating_sub(sum(
            &journal.debit(&Asset::Points, owed, |lot| lot.activates.is_some())?
        ));
    }
    if owed > 0 && policy == Clawback::AllowNegative && !lapsed {
        let wallet = journal.account.wallet(&Asset::Points);
        wallet.debt = wallet.debt.checked_add(owed).ok_or(Overflow)?;
        journal.post(LedgerAccount::Available, &Asset::Points, owed.checked_neg().ok_or(Overflow)?);
        in_debt = std::mem::take(&mut owed);
    }
    if owed > 0 {
        if !lapsed {
            // Zero is before every hold: what a policy leaves to the member is not taken when points come back.
            let since = if policy == Clawback::WithinBalance {
                journal.account.sequence.saturating_add(1)
            } else {
                0
            };
            journal.account.forgiven.push(Forgiven { order: order.clone(), points: owed, since });
        }
        journal.post(LedgerAccount::Forgiven, &Asset::Points, owed.checked_neg().ok_or(Overflow)?);
        reasons.push(Reason { rule: "clawback".into(), points: owed, because: Because::Forgiven });
    }
    journal.post(LedgerAccount::Issued, &Asset::Points, points);
    Ok(in_debt)
}

/// Puts points that were out since entry `since` back into their lots, with their dates (law 5). Returns what they made up for.
///
/// A reversal that happened while they were out could not take them. So they make up for what it forgave first, or a member
/// could keep the points of a cancelled order by holding them over its cancellation. Those that have lapsed meanwhile only
/// come back to lapse.
pub(crate) fn come_back(
    journal: &mut Journal,
    from: LedgerAccount,
    lots: &[Lot],
    since: u64,
) -> Result<Vec<Forgiven>, Overflow> {
    journal.post(from, &Asset::Points, sum(lots).checked_neg().ok_or(Overflow)?);
    let (gone, live): (Vec<Lot>, Vec<Lot>) =
        lots.iter().partition(|lot| lot.is_gone(journal.clock));
    let made_up = journal.account.make_up(sum(&live), |forgiven| forgiven.since > since);
    journal.post(LedgerAccount::Forgiven, &Asset::Points, forgiven(&made_up));
    let (_, back) = split(&live, forgiven(&made_up));
    let new = planted::is(Bug::ReleaseIntoNewLot);
    for lot in gone.into_iter().chain(back) {
        journal.credit(&Asset::Points, Lot { expires: lot.expires.filter(|_| !new), ..lot })?;
    }
    Ok(made_up)
}

/// The sum of what was forgiven.
fn forgiven(parts: &[Forgiven]) -> i64 {
    parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.points))
}

/// Why fewer points came back than were out.
pub(crate) fn because_made_up(made_up: &[Forgiven]) -> Vec<Reason> {
    let points = forgiven(made_up).saturating_neg();
    let reason = Reason { rule: "clawback".into(), points, because: Because::MadeUp };
    if points == 0 { Vec::new() } else { vec![reason] }
}

/// Returns points that paid for goods that went back, to the lots they came from; what was taken last goes back first. Takes
/// them again if the goods are back on the order.
pub(super) fn give_back_points(
    journal: &mut Journal,
    order: &OrderId,
    state: &mut OrderState,
    snapshot: &Snapshot,
    policy: Clawback,
) -> Result<Vec<Reason>, Overflow> {
    let mut reasons = Vec::new();
    let targets: Vec<i64> =
        state.payments.iter().map(|payment| state.points_to_return(snapshot, payment)).collect();
    for (payment, target) in state.payments.iter_mut().zip(targets) {
        let more = target.saturating_sub(payment.returned);
        let points = sum(&payment.lots);
        let spent = points.saturating_sub(payment.returned);
        if more < 0 {
            spend_again(journal, order, payment, more.saturating_neg(), policy, &mut reasons)?;
        }
        if more <= 0 {
            continue;
        }
        let (still_spent, _) = split(&payment.lots, spent);
        let (_, back) = split(&still_spent, spent.saturating_sub(more));
        let made_up = come_back(journal, LedgerAccount::Redeemed, &back, payment.since)?;
        reasons.extend(because_made_up(&made_up));
        payment.made_up.extend(made_up);
        payment.returned = target;
    }
    Ok(reasons)
}

/// Takes back points that were returned for an order that stands again: a failed payment was made good, a line put back.
///
/// From the lots they were returned to; then from others, because points are as good as each other; then what they had made
/// up for is forgiven again; and what the member has not got is forgiven, or owed, as after a reversal. What lapsed since it
/// was returned stays lapsed, and is not taken a second time.
fn spend_again(
    journal: &mut Journal,
    order: &OrderId,
    payment: &mut Payment,
    points: i64,
    policy: Clawback,
    reasons: &mut Vec<Reason>,
) -> Result<(), Overflow> {
    let spent = sum(&payment.lots).saturating_sub(payment.returned);
    let (_, returned) = split(&payment.lots, spent);
    let (again, _) = split(&returned, points);
    let (mut taken, mut lapsed) = (0_i64, 0_i64);
    for lot in again {
        if lot.is_gone(journal.now) {
            lapsed = lapsed.saturating_add(lot.amount);
            continue;
        }
        let same = |other: &Lot| other.activates.is_none() && other.expires == lot.expires;
        let own = sum(&journal.debit(&Asset::Points, lot.amount, same)?);
        let rest = lot.amount.saturating_sub(own);
        let other = sum(&journal.debit(&Asset::Points, rest, |lot| lot.activates.is_none())?);
        taken = taken.saturating_add(own).saturating_add(other);
    }
    let mut left = points.saturating_sub(lapsed).saturating_sub(taken);
    let mut forgiven_again = 0_i64;
    while let Some(made_up) = payment.made_up.pop() {
        let part = made_up.points.min(left.saturating_add(lapsed));
        if part < made_up.points {
            let rest = made_up.points.saturating_sub(part);
            payment.made_up.push(Forgiven { points: rest, ..made_up.clone() });
        }
        if part == 0 {
            break;
        }
        let of_lapsed = part.saturating_sub(left).max(0);
        lapsed = lapsed.saturating_sub(of_lapsed);
        left = left.saturating_sub(part).max(0);
        forgiven_again = forgiven_again.saturating_add(part);
        journal.account.forgiven.push(Forgiven { points: part, ..made_up });
    }
    if left > 0 && policy == Clawback::AllowNegative {
        let wallet = journal.account.wallet(&Asset::Points);
        wallet.debt = wallet.debt.checked_add(left).ok_or(Overflow)?;
        journal.post(LedgerAccount::Available, &Asset::Points, left.saturating_neg());
    } else if left > 0 {
        let since = journal.account.sequence.saturating_add(1);
        journal.account.forgiven.push(Forgiven { order: order.clone(), points: left, since });
        forgiven_again = forgiven_again.saturating_add(left);
    }
    if forgiven_again > 0 {
        journal.post(LedgerAccount::Forgiven, &Asset::Points, forgiven_again.saturating_neg());
        let because = Because::Forgiven;
        reasons.push(Reason { rule: "clawback".into(), points: forgiven_again, because });
    }
    let again = points.saturating_sub(lapsed);
    journal.post(LedgerAccount::Redeemed, &Asset::Points, again);
    payment.returned = payment.returned.saturating_sub(again);
    Ok(())
}
