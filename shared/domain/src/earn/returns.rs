//! Points that come back: from a hold or a bid, or because the order that they paid for was refunded.

use crate::{
    account::{Asset, Forgiven, Lot, Overflow, split, sum},
    decision::Journal,
    entry::{Because, LedgerAccount, Reason},
    event::Snapshot,
    id::{OrderId, RuleId},
    order::{OrderState, Payment},
    planted::{self, Bug},
    programme::Clawback,
};

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
    let then = |forgiven: &Forgiven| forgiven.since > since;
    let account = &mut journal.account;
    let made_up = Forgiven::take_from(&mut account.forgiven, sum(&live), then);
    let (_, back) = split(&live, forgiven(&made_up));
    // Points of an order that is paid again by now are there again: a reversal takes them as it takes any.
    Forgiven::take_from(&mut account.made_up, sum(&back), then);
    journal.post(LedgerAccount::Forgiven, &Asset::Points, forgiven(&made_up));
    let new = planted::is(Bug::ReleaseIntoNewLot);
    for lot in gone.into_iter().chain(back) {
        journal.credit(&Asset::Points, Lot { expires: lot.expires.filter(|_| !new), ..lot })?;
    }
    Ok(made_up)
}

/// The sum of what was forgiven.
pub(super) fn forgiven(parts: &[Forgiven]) -> i64 {
    parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.points))
}

/// Why fewer points came back than were out.
pub(crate) fn because_made_up(made_up: &[Forgiven]) -> Vec<Reason> {
    let points = forgiven(made_up).saturating_neg();
    let reason = Reason { rule: RuleId::of("clawback"), points, because: Because::MadeUp };
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
        Forgiven { points: part, ..made_up }.add_to(&mut journal.account.forgiven);
    }
    if left > 0 && policy == Clawback::AllowNegative {
        let wallet = journal.account.wallet(&Asset::Points);
        wallet.debt = wallet.debt.checked_add(left).ok_or(Overflow)?;
        journal.post(LedgerAccount::Available, &Asset::Points, left.saturating_neg());
    } else if left > 0 {
        let since = journal.account.sequence.saturating_add(1);
        let forgiven = Forgiven { order: order.clone(), cap: None, points: left, since };
        forgiven.add_to(&mut journal.account.forgiven);
        forgiven_again = forgiven_again.saturating_add(left);
    }
    if forgiven_again == 0 && spent == 0 {
        // All of them went out anew, from what the member had: what was forgiven before is none of theirs.
        payment.since = journal.account.sequence.saturating_add(1);
    }
    if forgiven_again > 0 {
        journal.post(LedgerAccount::Forgiven, &Asset::Points, forgiven_again.saturating_neg());
        let because = Because::Forgiven;
        reasons.push(Reason { rule: RuleId::of("clawback"), points: forgiven_again, because });
    }
    let again = points.saturating_sub(lapsed);
    journal.post(LedgerAccount::Redeemed, &Asset::Points, again);
    payment.returned = payment.returned.saturating_sub(again);
    Ok(())
}
