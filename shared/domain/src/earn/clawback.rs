//! Crediting and taking back: the dates of an order's points, the clawback policies, and points that come back.

use jiff::Timestamp;

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
    expires: Option<Timestamp>,
}

impl Dates {
    pub(super) fn of(programme: &Programme, at: Timestamp) -> Result<Self, Overflow> {
        let activates = match programme.pending {
            Some(pending) => Some(pending.after(at, &programme.time_zone).ok_or(Overflow)?),
            None => None,
        };
        Ok(Self { activates, expires: expires(programme, at)? })
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
    let Expiry::Rolling { after, rounded } = programme.expiry else { return Ok(None) };
    let zone = &programme.time_zone;
    let expires = after.after(at, zone).and_then(|expires| match rounded {
        RoundedTo::Instant => Some(expires),
        RoundedTo::DayEnd => day_end(expires, zone),
        RoundedTo::MonthEnd => month_end(expires, zone),
    });
    expires.map(Some).ok_or(Overflow)
}

/// Credits what the order newly earned; what was forgiven it before is made up for first.
pub(super) fn accrue(
    journal: &mut Journal,
    order: &OrderId,
    dates: Dates,
    points: i64,
    reasons: &mut Vec<Reason>,
) -> Result<(), Overflow> {
    let made_up = journal.account.make_up(points, |forgiven| forgiven.order == *order);
    if made_up > 0 {
        journal.post(LedgerAccount::Forgiven, Asset::Points, made_up);
        reasons.push(Reason {
            rule: "clawback".into(),
            points: made_up.saturating_neg(),
            because: Because::MadeUp,
        });
    }
    let lot = dates.lot(points.saturating_sub(made_up), journal.now);
    journal.credit(Asset::Points, lot)?;
    journal.post(LedgerAccount::Issued, Asset::Points, points.checked_neg().ok_or(Overflow)?);
    Ok(())
}

/// Takes back what the order no longer earns, as far as the clawback policy goes.
///
/// First the very points of the order (same dates), pending before available; then other points the member can spend;
/// within the balance, at last those that others wait for. Points that have lapsed since are not taken a second time, from
/// other points. What is out (held, or paid for an order) and comes back later is taken then: see [`come_back`].
pub(super) fn reverse(
    journal: &mut Journal,
    order: &OrderId,
    policy: Clawback,
    dates: Dates,
    points: i64,
    reasons: &mut Vec<Reason>,
) -> Result<(), Overflow> {
    let mut owed = points;
    let lapsed =
        dates.expires.is_some_and(|date| date <= journal.now) && !planted::is(Bug::TakeLapsedTwice);
    let pending = |lot: &Lot| {
        lot.activates.is_some() && lot.activates == dates.activates && lot.expires == dates.expires
    };
    owed = owed.saturating_sub(sum(&journal.debit(Asset::Points, owed, pending)?));
    if policy != Clawback::PendingOnly && !lapsed {
        let own = |lot: &Lot| lot.activates.is_none() && lot.expires == dates.expires;
        owed = owed.saturating_sub(sum(&journal.debit(Asset::Points, owed, own)?));
        owed = owed.saturating_sub(sum(
            &journal.debit(Asset::Points, owed, |lot| lot.activates.is_none())?
        ));
    }
    if policy == Clawback::WithinBalance && !lapsed {
        // An order that shares a cap may have to give back what a later one waits for.
        owed = owed.saturating_sub(sum(
            &journal.debit(Asset::Points, owed, |lot| lot.activates.is_some())?
        ));
    }
    if owed > 0 && policy == Clawback::AllowNegative && !lapsed {
        let wallet = journal.account.wallet(Asset::Points);
        wallet.debt = wallet.debt.checked_add(owed).ok_or(Overflow)?;
        journal.post(LedgerAccount::Available, Asset::Points, owed.checked_neg().ok_or(Overflow)?);
        owed = 0;
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
        journal.post(LedgerAccount::Forgiven, Asset::Points, owed.checked_neg().ok_or(Overflow)?);
        reasons.push(Reason { rule: "clawback".into(), points: owed, because: Because::Forgiven });
    }
    journal.post(LedgerAccount::Issued, Asset::Points, points);
    Ok(())
}

/// Puts points that were out since entry `since` back into their lots, with their dates (law 5).
///
/// A reversal that happened while they were out could not take them. So they make up for what it forgave first, or a member
/// could keep the points of a cancelled order by holding them over its cancellation.
pub(crate) fn come_back(
    journal: &mut Journal,
    from: LedgerAccount,
    lots: &[Lot],
    since: u64,
) -> Result<Vec<Reason>, Overflow> {
    let points = sum(lots);
    journal.post(from, Asset::Points, points.checked_neg().ok_or(Overflow)?);
    let made_up = journal.account.make_up(points, |forgiven| forgiven.since > since);
    journal.post(LedgerAccount::Forgiven, Asset::Points, made_up);
    let (_, back) = split(lots, made_up);
    let new = planted::is(Bug::ReleaseIntoNewLot);
    for lot in back {
        journal.credit(Asset::Points, Lot { expires: lot.expires.filter(|_| !new), ..lot })?;
    }
    let reason = Reason {
        rule: "clawback".into(),
        points: made_up.saturating_neg(),
        because: Because::MadeUp,
    };
    Ok(if made_up > 0 { vec![reason] } else { Vec::new() })
}

/// Returns points that paid for goods that went back, to the lots they came from; what was taken last goes back first.
pub(super) fn give_back_points(
    journal: &mut Journal,
    state: &mut OrderState,
    snapshot: &Snapshot,
) -> Result<Vec<Reason>, Overflow> {
    let mut reasons = Vec::new();
    let targets: Vec<i64> =
        state.payments.iter().map(|payment| state.points_to_return(snapshot, payment)).collect();
    for (payment, target) in state.payments.iter_mut().zip(targets) {
        let more = target.saturating_sub(payment.returned);
        let points = sum(&payment.lots);
        let spent = points.saturating_sub(payment.returned);
        if more < 0 {
            spend_again(journal, payment, spent, more.saturating_neg())?;
        }
        if more <= 0 {
            continue;
        }
        let (still_spent, _) = split(&payment.lots, spent);
        let (_, back) = split(&still_spent, spent.saturating_sub(more));
        reasons.extend(come_back(journal, LedgerAccount::Redeemed, &back, payment.since)?);
        payment.returned = target;
    }
    Ok(reasons)
}

/// Takes back what was returned for an order that stands again (a failed payment was made good, a line put back), from the
/// lots it was returned to and as far as it still is there.
fn spend_again(
    journal: &mut Journal,
    payment: &mut Payment,
    spent: i64,
    points: i64,
) -> Result<(), Overflow> {
    let (_, returned) = split(&payment.lots, spent);
    let (again, _) = split(&returned, points);
    for lot in again {
        let same = |other: &Lot| other.activates.is_none() && other.expires == lot.expires;
        let taken = sum(&journal.debit(Asset::Points, lot.amount, same)?);
        journal.post(LedgerAccount::Redeemed, Asset::Points, taken);
        payment.returned = payment.returned.saturating_sub(taken);
        if taken < lot.amount {
            break;
        }
    }
    Ok(())
}
