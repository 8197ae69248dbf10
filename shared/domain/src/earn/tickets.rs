//! Tickets that rules give: entries of raffles and plays of instant wins, by difference like points, until those close.

use jiff::Timestamp;

use crate::{
    account::{Asset, Lot, Overflow},
    decision::Journal,
    entry::{Because, LedgerAccount, Reason},
    id::ChanceId,
    order::Part,
    programme::{Programme, Published},
};

/// Whether a part gives tickets of what takes none any more.
///
/// What counts is when Guerdon learns of it, not when it happened: the list of a closed raffle does not change.
pub(super) fn is_closed(programme: &Programme, part: &Part, now: Timestamp) -> bool {
    let Some(of) = &part.tickets else { return false };
    let raffle = programme.raffle(of.as_str()).map(|raffle| raffle.closes);
    let closes = raffle.or(programme.instant_win(of.as_str()).map(|game| game.closes));
    closes.is_some_and(|closes| now >= closes)
}

/// Leaves what an order gave for raffles and games that have closed as it was, whatever the rules say of it now.
pub(super) fn keep_closed(
    (old, counted_by): (&[Part], &Published),
    (new, judge): (&mut Vec<Part>, &Published),
    now: Timestamp,
    reasons: &mut Vec<Reason>,
) {
    let said = |reasons: &mut Vec<Reason>, part: &Part| {
        reasons.retain(|reason| reason.rule != part.rule);
        let because = Because::EntriesClosed;
        reasons.push(Reason { rule: part.rule, points: 0, because });
    };
    let closed_before = |part: &&Part| is_closed(&counted_by.programme, part, now);
    let kept: Vec<Part> = old.iter().filter(closed_before).cloned().collect();
    let unwanted = kept.iter().filter(|part| !new.contains(part));
    let too_late = new.iter().filter(|part| is_closed(&judge.programme, part, now));
    for part in unwanted.chain(too_late.filter(|part| !kept.contains(part))) {
        said(reasons, part);
    }
    new.retain(|part| {
        !is_closed(&judge.programme, part, now) && !kept.iter().any(|kept| kept.rule == part.rule)
    });
    new.extend(kept);
}

/// Gives tickets, or takes them: those that were used up already become a debt that the next ones fill.
pub(super) fn move_tickets(
    journal: &mut Journal,
    tickets: &[(ChanceId, i64)],
) -> Result<(), Overflow> {
    for (of, more) in tickets {
        let asset = Asset::Tickets(of.clone());
        if *more > 0 {
            journal.issue(&asset, Lot { activates: None, expires: None, amount: *more })?;
        } else {
            let owed = more.checked_neg().ok_or(Overflow)?;
            let taken = journal.debit(&asset, owed, |_| true)?;
            let short = owed.saturating_sub(crate::account::sum(&taken));
            let wallet = journal.account.wallet(&asset);
            wallet.debt = wallet.debt.checked_add(short).ok_or(Overflow)?;
            journal.post(LedgerAccount::Available, &asset, short.checked_neg().ok_or(Overflow)?);
        }
        journal.post(LedgerAccount::Issued, &asset, more.checked_neg().ok_or(Overflow)?);
    }
    Ok(())
}
