//! Caps, as functions of sums: what a capped rule gives may change in any order (law 4).

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    account::{self, Account, CapKey, Capped, Forgiven, Lot, Overflow, join},
    calendar::Per,
    decision::Journal,
    earn::dates::Dates,
    entry::{Because, Reason},
    id::{ChanceId, OrderId, RuleId},
    order::{MadeUp, OrderState, Part},
    planted::{self, Bug},
    programme::{Cap, Published, Versions},
};

/// What replacing an order's parts comes to.
pub(super) struct Replaced {
    /// By how many points of the order's own dates the member's balance has to change, by rules without a cap.
    pub(super) uncapped: i64,
    /// The same of each cap.
    pub(super) capped: Vec<CapChange>,
    /// By how many tickets, of what.
    pub(super) tickets: Vec<(ChanceId, i64)>,
    /// Whether a counter moved, of a cap or of qualifying points: worth an entry even if no point does.
    pub(super) counted: bool,
}

/// By how many points what a cap has given changes.
pub(super) struct CapChange {
    pub(super) cap: CapKey,
    /// Points of the order's own dates.
    pub(super) own: i64,
    /// By how many more (or less) of the order's points the cap has only the room of points that were forgiven other orders.
    pub(super) freed: i64,
    /// What goes back of points that the cap gave for other orders, with their dates.
    pub(super) others: Vec<Lot>,
}

impl Replaced {
    /// By how many points the balance has to change.
    pub(super) fn points(&self) -> i64 {
        self.capped.iter().fold(self.uncapped, |sum, change| {
            sum.saturating_add(change.own).saturating_sub(account::sum(&change.others))
        })
    }
}

/// What rules give for an order, and the version whose caps count it.
pub(super) struct Counted<'a> {
    pub(super) by: &'a Published,
    pub(super) parts: Vec<Part>,
}

/// Replaces what rules gave for an order of a calendar year by what they give now. What they gave is taken out of the counters
/// of the version that counted it, which may be another. Points of the order have `dates`.
pub(super) fn replace_parts(
    journal: &mut Journal,
    order: &OrderId,
    counted_by: &Published,
    (year, dates): (i16, Dates),
    state: &mut OrderState,
    new: Counted<'_>,
    reasons: &mut Vec<Reason>,
) -> Result<Replaced, Overflow> {
    let old = std::mem::take(&mut state.parts);
    let same = counted_by.version == new.by.version;
    let before = |rule: &RuleId| {
        let before = old.iter().find(|part| part.rule == *rule);
        before.filter(|_| same && !planted::is(Bug::PostTheWhole))
    };
    let gone = |part: &&Part| !same || !new.parts.iter().any(|new| new.rule == part.rule);
    let gone = old.iter().filter(gone).map(|part| (counted_by, None, Some(part)));
    let given = new.parts.iter().map(|part| (new.by, Some(part), before(&part.rule)));
    let mut replaced =
        Replaced { uncapped: 0, capped: Vec::new(), tickets: Vec::new(), counted: false };
    let mut capped: Vec<(CapKey, i64)> = Vec::new();
    for (version, now, before) in gone.chain(given) {
        let Some(part) = now.or(before) else { continue };
        let change = Capped {
            wanted: less(now, before, |part| part.wanted)?,
            qualifying: less(now, before, |part| part.qualifying)?,
        };
        let judged_anew = now.is_none() && new.parts.iter().any(|new| new.rule == part.rule);
        let said = if judged_anew { &mut Vec::new() } else { &mut *reasons };
        let given = count(journal, version, part, (year, change), said)?;
        replaced.counted |= part.period.is_some() && change != Capped::default();
        if let Some(reason) = reasons.iter_mut().find(|reason| reason.rule == part.rule) {
            reason.add(given.wanted, part.tickets.is_some())?;
        } else {
            let whole = reasons.iter().find(|reason| reason.rule == "order");
            let because = whole.map_or(Because::NoEligibleLine, |reason| reason.because.clone());
            let mut reason = Reason { rule: part.rule, points: 0, because };
            reason.add(given.wanted, part.tickets.is_some())?;
            reasons.push(reason);
        }
        if let Some(of) = &part.tickets {
            if given.wanted != 0 {
                replaced.tickets.push((of.clone(), given.wanted));
            }
            continue;
        }
        let add = |sum: &mut i64, more: i64| {
            *sum = sum.checked_add(more).ok_or(Overflow)?;
            Ok::<_, Overflow>(())
        };
        if let Some(cap) = part.cap() {
            match capped.iter_mut().find(|(other, _)| *other == cap) {
                Some((_, sum)) => add(sum, given.wanted)?,
                None => capped.push((cap, given.wanted)),
            }
        } else {
            add(&mut replaced.uncapped, given.wanted)?;
        }
        replaced.counted |= given.qualifying != 0;
    }
    // Traced when all is counted: what one version of a rule gives less and another more has not moved.
    for (cap, given) in capped.into_iter().filter(|(_, given)| *given != 0) {
        let part = new.parts.iter().find(|part| part.cap().as_ref() == Some(&cap));
        let wanted = part.map_or(0, |part| part.wanted);
        let freed = freed(journal, (order, &state.made_up), (new.by, &cap), wanted);
        let change = CapChange { cap, own: given, freed, others: Vec::new() };
        replaced.capped.push(trace(journal, change, dates)?);
    }
    state.parts = new.parts;
    Ok(replaced)
}

/// By how much a number of a part is more than before.
fn less(
    now: Option<&Part>,
    before: Option<&Part>,
    number: impl Fn(&Part) -> i64,
) -> Result<i64, Overflow> {
    let (now, before) = (now.map_or(0, &number), before.map_or(0, &number));
    now.checked_sub(before).ok_or(Overflow)
}

fn add_qualifying(account: &mut Account, year: i16, points: i64) -> Result<(), Overflow> {
    if points == 0 {
        return Ok(());
    }
    let total = account.qualifying.entry(year).or_default();
    *total = total.checked_add(points).ok_or(Overflow)?;
    if *total == 0 {
        account.qualifying.remove(&year);
    }
    Ok(())
}

/// Counts what a rule is asked to give in a calendar year towards its cap, and what of it qualifies; returns what it gives more
/// (or less) for it.
pub(super) fn count(
    journal: &mut Journal,
    version: &Published,
    part: &Part,
    (year, change): (i16, Capped),
    reasons: &mut Vec<Reason>,
) -> Result<Capped, Overflow> {
    let (versions, account) = (journal.versions, &mut journal.account);
    let capped = part.period.as_ref().zip(limit(version, &part.rule));
    let Some((period, Cap { points: cap, per })) = capped else {
        add_qualifying(account, year, change.qualifying)?;
        return Ok(change);
    };
    let before = given(account, versions, &part.rule, period, (0, 0));
    let counter = counter(period, version);
    // Of what years the qualifying points are that a cap for ever gives, changes with its orders.
    let of_year = if per == Per::Ever { in_year(&counter, year) } else { counter.clone() };
    let Capped { wanted, qualifying } = change;
    add(account, (part.rule, counter), Capped { wanted, qualifying: 0 })?;
    add(account, (part.rule, of_year), Capped { wanted: 0, qualifying })?;
    let after = given(account, versions, &part.rule, period, (0, 0));
    let mut more =
        Capped { wanted: after.wanted.checked_sub(before.wanted).ok_or(Overflow)?, qualifying: 0 };
    for counted in before.qualifying.keys().chain(after.qualifying.keys()).collect::<BTreeSet<_>>()
    {
        let points = |given: &Given| given.qualifying.get(counted).copied().unwrap_or(0);
        let points = points(&after).checked_sub(points(&before)).ok_or(Overflow)?;
        add_qualifying(account, counted.unwrap_or(year), points)?;
        more.qualifying = more.qualifying.checked_add(points).ok_or(Overflow)?;
    }
    let wanted = wanted_in_all(account, versions, &part.rule, period);
    if wanted > cap || more.wanted != change.wanted {
        let because = Because::Capped { cap, per, wanted };
        match reasons.iter_mut().find(|reason| reason.rule == part.rule) {
            Some(reason) => reason.because = because,
            None => reasons.push(Reason { rule: part.rule, points: 0, because }),
        }
    }
    Ok(more)
}

/// Adds to a counter; one of nothing is none.
fn add(account: &mut Account, key: CapKey, more: Capped) -> Result<(), Overflow> {
    let before = account.caps.get(&key).copied().unwrap_or_default();
    let after = Capped {
        wanted: before.wanted.checked_add(more.wanted).ok_or(Overflow)?,
        qualifying: before.qualifying.checked_add(more.qualifying).ok_or(Overflow)?,
    };
    if after == Capped::default() {
        account.caps.remove(&key);
    } else {
        account.caps.insert(key, after);
    }
    Ok(())
}

/// How many more of the points that a cap gives an order it would not, had other orders kept what was forgiven them: those are
/// given a second time.
fn freed(
    journal: &Journal,
    (order, made_up): (&OrderId, &[MadeUp]),
    (version, cap): (&Published, &CapKey),
    wanted: i64,
) -> i64 {
    let account = &journal.account;
    let of_others =
        |forgiven: &&Forgiven| forgiven.cap.as_ref() == Some(cap) && forgiven.order != *order;
    let made_up = made_up.iter().filter(|made_up| made_up.cap.as_ref() == Some(cap));
    let sum = |sum: i64, forgiven: &Forgiven| sum.saturating_add(forgiven.points);
    let made_up = made_up.flat_map(|made_up| &made_up.forgiven).filter(of_others).fold(0, sum);
    let forgiven = account.forgiven.iter().filter(of_others).fold(made_up, sum);
    if forgiven == 0 {
        return 0;
    }
    let (rule, period) = cap;
    let with =
        |more: i64| given(account, journal.versions, rule, period, (version.version, more)).wanted;
    let gives = with(0).saturating_sub(with(wanted.saturating_neg()));
    let anyhow = with(forgiven).saturating_sub(with(forgiven.saturating_sub(wanted)));
    gives.saturating_sub(anyhow).max(0).saturating_sub(made_up)
}

/// Notes of which dates the points are that a cap gave for an order, more or less. What the order's own dates do not
/// cover is taken of other orders' points, first of those that expire first.
fn trace(
    journal: &mut Journal,
    mut change: CapChange,
    dates: Dates,
) -> Result<CapChange, Overflow> {
    let (now, given) = (journal.now, change.own);
    let gave = journal.account.capped.entry(change.cap.clone()).or_default();
    join(gave, now)?;
    let mut own = dates.lot(given.max(0), now);
    if let Some(lapsed) = gave.iter().find(|lot| own.is_gone(now) && lot.is_gone(now)) {
        own = Lot { amount: own.amount, ..*lapsed };
    }
    if given > 0 {
        gave.push(own);
    } else {
        let mut less = given.checked_neg().ok_or(Overflow)?;
        let order = |lot: &Lot| (!lot.same_dates(&own), lot.expires.is_none(), lot.expires);
        gave.sort_by_key(order);
        for lot in gave.iter_mut() {
            let part = lot.amount.min(less);
            less = less.saturating_sub(part);
            lot.amount = lot.amount.saturating_sub(part);
            if part > 0 && !lot.same_dates(&own) {
                change.own = change.own.saturating_add(part);
                change.others.push(Lot { amount: part, ..*lot });
            }
        }
    }
    join(gave, now)?;
    if gave.is_empty() {
        journal.account.capped.remove(&change.cap);
    }
    Ok(change)
}

/// What a capped rule has given in a period.
#[derive(Default)]
struct Given {
    wanted: i64,
    /// Of these, qualifying points; of a cap for ever by their calendar year, else of the one year that the period lies in (`None`).
    qualifying: BTreeMap<Option<i16>, i64>,
}

/// What a capped rule has given in a period.
///
/// Each version counts for itself, because a cap may change within a period, and gives what the older ones leave of its
/// own cap; the first years come first. So it is a function of the sums alone, and orders of any version may change in any order
/// (law 4). One version may be asked for so many points more than are counted.
fn given(
    account: &Account,
    versions: &Versions,
    rule: &RuleId,
    period: &str,
    (of, more_wanted): (u32, i64),
) -> Given {
    let mut given = Given::default();
    for version in versions.all() {
        let Some(Cap { points: cap, .. }) = limit(version, rule) else { continue };
        let counter = counter(period, version);
        let room = cap.saturating_sub(given.wanted).max(0);
        // Points that the cap withholds do not qualify either.
        let mut left = room;
        for (year, counted) in qualifying(account, rule, &counter) {
            let points = counted.min(left);
            left = left.saturating_sub(points);
            let sum = given.qualifying.entry(year).or_default();
            *sum = sum.saturating_add(points);
        }
        let also = if version.version == of { more_wanted } else { 0 };
        let asked = account.caps.get(&(*rule, counter)).map_or(0, |counted| counted.wanted);
        let wanted = asked.saturating_add(also).min(room);
        given.wanted = given.wanted.saturating_add(wanted);
    }
    given
}

/// The qualifying points that a counter of a rule was asked for, by year where it is one for ever.
fn qualifying<'a>(
    account: &'a Account,
    rule: &RuleId,
    counter: &'a str,
) -> impl Iterator<Item = (Option<i16>, i64)> {
    let from = (*rule, counter.to_owned());
    let own = account.caps.range(from..).take_while({
        let rule = *rule;
        move |((other, name), _)| *other == rule && name.starts_with(counter)
    });
    own.filter_map(move |((_, name), counted)| {
        let year = match name.strip_prefix(counter)? {
            "" => None,
            year => Some(year.strip_prefix('/')?.parse().ok()?),
        };
        Some((year, counted.qualifying)).filter(|(_, points)| *points != 0)
    })
}

/// What a rule was asked to give in a period, by whichever version.
fn wanted_in_all(account: &Account, versions: &Versions, rule: &RuleId, period: &str) -> i64 {
    let counted = |version| account.caps.get(&(*rule, counter(period, version)));
    let counted = versions.all().filter_map(counted);
    counted.fold(0_i64, |sum, counted| sum.saturating_add(counted.wanted))
}

fn limit(version: &Published, rule: &RuleId) -> Option<Cap> {
    version.programme.earn.iter().find(|earn| earn.id == *rule).and_then(|earn| earn.limit)
}

/// The name of a version's counter in a period: "2026-11@3".
fn counter(period: &str, version: &Published) -> String {
    format!("{period}@{}", version.version)
}

/// The name of its counter of what qualifies in a year: "ever@3/2026".
fn in_year(counter: &str, year: i16) -> String {
    format!("{counter}/{year:04}")
}
