//! Settling: what time alone does to an account. Activation, lapsed holds, expiry, mystery gifts, tiers.
//!
//! Time is an argument: `settle(t2)` after `settle(t1)` equals `settle(t2)`, entry for entry (law 6), because what is due is
//! worked off instant by instant, and each entry is dated at the instant that made it due.

use jiff::{SignedDuration, Timestamp};

use crate::{
    account::{Account, Asset, Hold, Lot, Overflow, sum},
    decision::{Decision, Draft, Journal},
    earn::{because_made_up, come_back},
    entry::{Kind, LedgerAccount, Reason},
    id::Operation,
    mystery,
    planted::{self, Bug},
    programme::{Published, Versions},
    tier,
};

/// Years of tier changes worked off for an account that was not touched for long; a tier is kept for two at most.
const TIER_YEARS_MAX: i16 = 3;

/// Settles what is due at `now`; `None` if nothing is.
pub fn settle(
    account: &Account,
    versions: &Versions,
    now: Timestamp,
) -> Result<Option<Decision>, Overflow> {
    let journal = Journal::open(account, versions, now)?;
    if journal.is_empty() { Ok(None) } else { Ok(Some(journal.close(None, Vec::new())?)) }
}

/// The account as it stands at `now`: what a member is shown, without writing anything.
pub fn as_of(account: &Account, versions: &Versions, now: Timestamp) -> Result<Account, Overflow> {
    Ok(Journal::open(account, versions, now)?.account)
}

/// The next instant at which there will be something to settle; `None` if never.
pub fn next_due(account: &Account, versions: &Versions) -> Option<Timestamp> {
    let tiers = tier_dates(account, versions, Timestamp::MAX).into_iter();
    let changes = |date: &Timestamp| {
        let held = tier::held(&account.qualifying, &versions.at(*date).programme, *date);
        held.map(|tier| &tier.id) != account.tier.as_ref()
    };
    dates(account).chain(tiers.filter(changes)).min()
}

/// Works off everything due up to and including the journal's now.
pub(crate) fn run(journal: &mut Journal) -> Result<(), Overflow> {
    let now = journal.now;
    let mut clock = Timestamp::MIN;
    let mut tier_dates = tier_dates(&journal.account, journal.versions, now).into_iter().peekable();
    loop {
        let dated = dates(&journal.account).min().filter(|due| *due <= now);
        let Some(due) = [dated, tier_dates.peek().copied()].into_iter().flatten().min() else {
            break;
        };
        clock = clock.max(due);
        journal.clock = clock;
        activate(journal, due, clock)?;
        lapse(journal, due, clock)?;
        expire(journal, due, clock)?;
        reveal(journal, due)?;
        if tier_dates.next_if(|date| *date <= due).is_some() {
            change_tier(journal, clock)?;
        }
    }
    journal.clock = now;
    journal.account.settled_to = journal.account.settled_to.max(now);
    change_tier(journal, now)
}

/// Every instant at which a lot, a hold or a gift changes by itself.
fn dates(account: &Account) -> impl Iterator<Item = Timestamp> {
    let lots = account.wallets.values().flat_map(|wallet| &wallet.lots);
    let lots = lots.filter_map(|lot| lot.activates.into_iter().chain(gone(lot)).min());
    let gifts = account.gifts.iter().filter_map(|gift| gift.opens);
    lots.chain(account.holds.iter().map(|hold| hold.lapses_at)).chain(gifts)
}

/// The instants from the last settlement to before `until` at which the tier may change by itself, in order: beginnings of
/// years, and new versions; and that of the settlement itself, for a version that came into force then or was published for
/// a date before. None before an account is first touched.
fn tier_dates(account: &Account, versions: &Versions, until: Timestamp) -> Vec<Timestamp> {
    let since = account.settled_to;
    if since == Timestamp::MIN || since >= until {
        return Vec::new();
    }
    let for_all = |published: &Published| {
        published.programme.tiers.iter().any(|tier| tier.qualifying_points <= 0)
    };
    if account.tier.is_none() && account.qualifying.is_empty() && !versions.all().any(for_all) {
        return Vec::new();
    }
    let mut dates = vec![since];
    let mut last_zone = None;
    for version in versions.all() {
        dates.push(version.effective);
        let zone = &version.programme.time_zone;
        if last_zone.replace(zone) != Some(zone) {
            let year = zone.year(since);
            dates.extend(
                (1..=TIER_YEARS_MAX).filter_map(|n| zone.start_of_year(year.saturating_add(n))),
            );
        }
    }
    dates.retain(|date| (since..until).contains(date));
    dates.sort_unstable();
    dates.dedup();
    dates
}

fn activate(journal: &mut Journal, due: Timestamp, at: Timestamp) -> Result<(), Overflow> {
    for asset in assets(&journal.account) {
        let lots =
            journal.debit(&asset, i64::MAX, |lot| lot.activates.is_some_and(|date| date <= due))?;
        if lots.is_empty() {
            continue;
        }
        for lot in lots {
            journal.credit(&asset, Lot { activates: None, ..lot })?;
        }
        record(journal, at, Kind::Activation, Vec::new())?;
    }
    Ok(())
}

fn expire(journal: &mut Journal, due: Timestamp, at: Timestamp) -> Result<(), Overflow> {
    for asset in assets(&journal.account) {
        let lots =
            journal.debit(&asset, i64::MAX, |lot| gone(lot).is_some_and(|date| date <= due))?;
        if lots.is_empty() {
            continue;
        }
        journal.post(LedgerAccount::Expired, &asset, sum(&lots));
        record(journal, at, Kind::Expiry, Vec::new())?;
    }
    Ok(())
}

/// The instant at which a lot is gone.
fn gone(lot: &Lot) -> Option<Timestamp> {
    if planted::is(Bug::LateExpiry) {
        let late = |date: Timestamp| date.saturating_add(SignedDuration::from_hours(24));
        return lot.expires.map(|date| late(date).unwrap_or(date));
    }
    lot.expires
}

fn lapse(journal: &mut Journal, due: Timestamp, at: Timestamp) -> Result<(), Overflow> {
    while let Some(index) = journal.account.holds.iter().position(|hold| hold.lapses_at <= due) {
        let hold = journal.account.holds.remove(index);
        let reasons = give_back(journal, &hold)?;
        record(journal, at, Kind::Lapse { hold: hold.id }, reasons)?;
    }
    Ok(())
}

/// Reveals the mystery gifts whose time has come.
fn reveal(journal: &mut Journal, due: Timestamp) -> Result<(), Overflow> {
    for gift in mystery::due(&mut journal.account, due) {
        let sequence = journal.account.sequence.checked_add(1).ok_or(Overflow)?;
        let operation = Operation::settle(journal.member(), sequence);
        // That nothing stands against it was seen to when it was sealed.
        mystery::reveal(journal, gift, operation, 0).map_err(|_| Overflow)?;
    }
    Ok(())
}

/// Puts the lots of a hold back where they came from.
pub(crate) fn give_back(journal: &mut Journal, hold: &Hold) -> Result<Vec<Reason>, Overflow> {
    Ok(because_made_up(&come_back(journal, LedgerAccount::Held, &hold.lots, hold.since)?))
}

/// Removes an open hold from the account.
pub(crate) fn remove_hold(account: &mut Account, hold: &crate::id::HoldId) -> Option<Hold> {
    let index = account.holds.iter().position(|open| open.id == *hold)?;
    Some(account.holds.remove(index))
}

fn change_tier(journal: &mut Journal, at: Timestamp) -> Result<(), Overflow> {
    let programme = &journal.versions.at(at).programme;
    let to = tier::held(&journal.account.qualifying, programme, at).map(|tier| &tier.id);
    if to == journal.account.tier.as_ref() {
        return Ok(());
    }
    let to = to.cloned();
    let from = std::mem::replace(&mut journal.account.tier, to.clone());
    record(journal, at, Kind::TierChange { from, to }, Vec::new())
}

fn assets(account: &Account) -> Vec<Asset> {
    account.wallets.keys().cloned().collect()
}

fn record(
    journal: &mut Journal,
    at: Timestamp,
    kind: Kind,
    reasons: Vec<Reason>,
) -> Result<(), Overflow> {
    let sequence = journal.account.sequence.checked_add(1).ok_or(Overflow)?;
    let operation = Operation::settle(journal.member(), sequence);
    let version = journal.versions.at(at).version;
    journal.record(Draft { operation, index: 0, at, version, kind, reasons })
}
