//! Earning: what the rules give for an order or an event, posted as the difference to what they gave before.

use jiff::Timestamp;

use crate::{
    account::{Account, Asset, Capped, Lot, Overflow, sum},
    calendar::{day_end, month_end},
    condition::Facts,
    decision::{Decision, Draft, Journal},
    entry::{Because, Kind, LedgerAccount, Reason},
    event::{MemberEvent, OrderEvent, SIGN_UP, Snapshot, Status},
    id::{Operation, OrderId},
    money::Ratio,
    order::{Basis, OrderState, Part, Payment, Pin},
    planted::{self, Bug},
    programme::{Award, Cap, Clawback, Conditions, EarnRule, Expiry, Programme, Published, RoundedTo, Selection, Trigger, Versions},
    rejection::{RuleError, RuleFailure},
    tier,
};

/// What news of an order come to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing new: nothing is written.
    Unchanged,
    /// News worth remembering that move no points, and why they do not.
    Noted(Box<OrderState>, Vec<Reason>),
    /// Points move.
    Posted(Box<Decision>),
}

/// Decides what news of an order post to its member's account, given what was known of the order before.
///
/// # Errors
/// If a rule cannot be evaluated; the event is then parked, never taken for "no points".
pub fn order(
    account: &Account,
    versions: &Versions,
    state: &OrderState,
    event: &OrderEvent,
    now: Timestamp,
) -> Result<Outcome, RuleError> {
    let mut state = state.clone();
    if !state.knowledge.merge(event) {
        return Ok(Outcome::Unchanged);
    }
    let mut journal = Journal::open(account, versions, now).map_err(|error| ledger_failure(versions, now, error))?;
    let settled = journal.account.sequence;
    let reasons = rebalance(&mut journal, &event.order, &mut state)?;
    if journal.account.sequence == settled {
        state.written = state.written.saturating_add(1);
        return Ok(Outcome::Noted(Box::new(state), reasons));
    }
    let decision = journal.close(Some((event.order.clone(), state)), Vec::new());
    Ok(Outcome::Posted(Box::new(decision.map_err(|error| ledger_failure(versions, now, error))?)))
}

/// What is remembered of news that concern no member yet: a guest's order, or a refund that came before its order.
/// `None` if nothing is new.
pub fn note(state: &OrderState, event: &OrderEvent) -> Option<OrderState> {
    let mut state = state.clone();
    state.knowledge.merge(event).then(|| {
        state.written = state.written.saturating_add(1);
        state
    })
}

/// Whose account an order concerns: the one its points moved on, else the customer the shop names.
pub fn member_of<'a>(state: &'a OrderState, event: &'a OrderEvent) -> Option<&'a crate::id::MemberId> {
    let newest = state.knowledge.snapshot.as_ref().max(event.snapshot.as_ref());
    state.member.as_ref().or(newest.and_then(|snapshot| snapshot.member.as_ref()))
}

/// Posts the difference between what the order should have moved by now and what it has. Returns why rules gave nothing.
pub(crate) fn rebalance(
    journal: &mut Journal,
    order: &OrderId,
    state: &mut OrderState,
) -> Result<Vec<Reason>, RuleError> {
    let Some(mut snapshot) = state.knowledge.snapshot.clone() else { return Ok(Vec::new()) };
    if let Some(pin) = &state.pin {
        // A shop that moves an order's date moves neither its periods nor its lots, or a refund would miss them.
        snapshot.placed_at = pin.placed_at;
    }
    if state.member.as_ref().or(snapshot.member.as_ref()) != Some(journal.member()) {
        return Ok(Vec::new());
    }
    let version = match &state.pin {
        Some(_) if planted::is(Bug::DropThePin) => journal.versions.at(journal.now),
        Some(pin) => journal.versions.number(pin.version),
        None => journal.versions.at(snapshot.placed_at),
    };
    let (version, parts, mut reasons) = match not_earning(&snapshot) {
        Some(because) => {
            (version, Vec::new(), vec![Reason { rule: "order".to_owned(), points: 0, because }])
        }
        None => judge(journal, order, state, &snapshot, version.version)?,
    };
    let fail = |error: Overflow| failure("ledger", version.version, error);

    let counters = (journal.account.caps.clone(), journal.account.qualifying.clone());
    let difference = replace_parts(journal, version, &snapshot, state, parts, &mut reasons).map_err(fail)?;
    let dates = Dates::of(&version.programme, snapshot.placed_at).ok_or(Overflow).map_err(fail)?;
    let counted = (&journal.account.caps, &journal.account.qualifying) != (&counters.0, &counters.1);
    if difference != 0 || counted {
        state.member = Some(journal.member().clone());
        if difference > 0 {
            accrue(journal, &dates, difference, &mut state.forgiven, &mut reasons).map_err(fail)?;
        } else if difference < 0 {
            let owed = difference.checked_neg().ok_or(Overflow).map_err(fail)?;
            reverse(journal, version.programme.clawback, dates, owed, &mut state.forgiven, &mut reasons).map_err(fail)?;
        }
        let kind = if difference < 0 { Kind::Reversal } else { Kind::Accrual { what: "order".to_owned() } };
        write(journal, order, state, &snapshot, version.version, kind, std::mem::take(&mut reasons)).map_err(fail)?;
    }
    give_back_points(journal, state).map_err(fail)?;
    if journal.has_legs() {
        state.member = Some(journal.member().clone());
        write(journal, order, state, &snapshot, version.version, Kind::Return, Vec::new()).map_err(fail)?;
    }
    Ok(reasons)
}

/// What the rules give for a paid order, by the version pinned to it, or the first later one in force that does not fail;
/// that version is pinned from now on.
fn judge<'a>(
    journal: &Journal<'a>,
    order: &OrderId,
    state: &mut OrderState,
    snapshot: &Snapshot,
    version: u32,
) -> Result<(&'a Published, Vec<Part>, Vec<Reason>), RuleError> {
    let basis = state.basis().unwrap_or_else(|| crate::order::basis(snapshot, &state.knowledge.refunds, 0));
    let versions = journal.versions;
    let mut first_failure = None;
    for judge in versions.judges(version, journal.now) {
        let held = match &state.pin {
            Some(pin) => pin.tier.clone(),
            None => tier::held(&journal.account.qualifying, &judge.programme, snapshot.placed_at).map(|t| t.id.clone()),
        };
        match evaluate(judge, snapshot, order, &basis, held.as_deref()) {
            Ok((parts, reasons)) => {
                if state.pin.as_ref().is_none_or(|pin| pin.version != judge.version) {
                    state.pin = Some(Pin { version: judge.version, tier: held, placed_at: snapshot.placed_at });
                }
                return Ok((judge, parts, reasons));
            }
            Err(failure) => first_failure = first_failure.or(Some(failure)),
        }
    }
    Err(first_failure.unwrap_or_else(|| failure("ledger", version, Overflow)))
}

fn write(
    journal: &mut Journal,
    order: &OrderId,
    state: &mut OrderState,
    snapshot: &Snapshot,
    version: u32,
    kind: Kind,
    reasons: Vec<Reason>,
) -> Result<(), Overflow> {
    let index = state.written;
    state.written = index.checked_add(1).ok_or(Overflow)?;
    let operation = Operation::order(order);
    journal.record(Draft { operation, index, at: snapshot.placed_at, version, kind, reasons })
}

/// Why an order as a whole does not earn.
fn not_earning(snapshot: &Snapshot) -> Option<Because> {
    match snapshot.status {
        _ if snapshot.test => Some(Because::Test),
        Status::Paid => None,
        Status::Unpaid | Status::Refunded | Status::Voided | Status::Cancelled => Some(Because::NotPaid),
    }
}

/// When points of an order become available, and when they are gone.
#[derive(Debug, Clone, Copy)]
struct Dates {
    activates: Option<Timestamp>,
    expires: Option<Timestamp>,
}

impl Dates {
    fn of(programme: &Programme, at: Timestamp) -> Option<Self> {
        let activates = match programme.pending {
            Some(pending) => Some(pending.after(at, &programme.time_zone)?),
            None => None,
        };
        Some(Self { activates, expires: expires(programme, at)? })
    }

    fn lot(self, amount: i64, now: Timestamp) -> Lot {
        Lot { activates: self.activates.filter(|date| *date > now), expires: self.expires, amount }
    }
}

/// When points earned at `at` are gone: `Some(None)` is never, `None` a date beyond the calendar.
pub(crate) fn expires(programme: &Programme, at: Timestamp) -> Option<Option<Timestamp>> {
    let Expiry::Rolling { after, rounded } = programme.expiry else { return Some(None) };
    let zone = &programme.time_zone;
    let expires = after.after(at, zone)?;
    let expires = match rounded {
        RoundedTo::Instant => Some(expires),
        RoundedTo::DayEnd => day_end(expires, zone),
        RoundedTo::MonthEnd => month_end(expires, zone),
    };
    Some(Some(expires?))
}

/// Credits what the order newly earned; what was forgiven before is made up for first.
fn accrue(
    journal: &mut Journal,
    dates: &Dates,
    points: i64,
    forgiven: &mut i64,
    reasons: &mut Vec<Reason>,
) -> Result<(), Overflow> {
    let made_up = points.min(*forgiven);
    if made_up > 0 {
        *forgiven = forgiven.saturating_sub(made_up);
        journal.post(LedgerAccount::Forgiven, Asset::Points, made_up);
        reasons.push(Reason { rule: "clawback".to_owned(), points: made_up.saturating_neg(), because: Because::MadeUp });
    }
    let lot = dates.lot(points.saturating_sub(made_up), journal.now);
    journal.credit(Asset::Points, lot)?;
    journal.post(LedgerAccount::Issued, Asset::Points, points.checked_neg().ok_or(Overflow)?);
    Ok(())
}

/// Takes back what the order no longer earns, as far as the clawback policy goes.
///
/// First the very points of the order (same dates), pending before available; then other points the member can spend;
/// within the balance, at last those that others wait for. Points that have lapsed since are not taken a second time, from other points.
fn reverse(
    journal: &mut Journal,
    policy: Clawback,
    dates: Dates,
    points: i64,
    forgiven: &mut i64,
    reasons: &mut Vec<Reason>,
) -> Result<(), Overflow> {
    let mut owed = points;
    let lapsed = dates.expires.is_some_and(|date| date <= journal.now) && !planted::is(Bug::TakeLapsedTwice);
    let pending = |lot: &Lot| lot.activates.is_some() && lot.activates == dates.activates && lot.expires == dates.expires;
    owed = owed.saturating_sub(sum(&journal.debit(Asset::Points, owed, pending)?));
    if policy != Clawback::PendingOnly && !lapsed {
        let own = |lot: &Lot| lot.activates.is_none() && lot.expires == dates.expires;
        owed = owed.saturating_sub(sum(&journal.debit(Asset::Points, owed, own)?));
        owed = owed.saturating_sub(sum(&journal.debit(Asset::Points, owed, |lot| lot.activates.is_none())?));
    }
    if policy == Clawback::WithinBalance && !lapsed {
        // An order that shares a cap may have to give back what a later one waits for.
        owed = owed.saturating_sub(sum(&journal.debit(Asset::Points, owed, |lot| lot.activates.is_some())?));
    }
    if owed > 0 && policy == Clawback::AllowNegative && !lapsed {
        let wallet = journal.account.wallet(Asset::Points);
        wallet.debt = wallet.debt.checked_add(owed).ok_or(Overflow)?;
        journal.post(LedgerAccount::Available, Asset::Points, owed.checked_neg().ok_or(Overflow)?);
        owed = 0;
    }
    if owed > 0 {
        *forgiven = forgiven.checked_add(owed).ok_or(Overflow)?;
        journal.post(LedgerAccount::Forgiven, Asset::Points, owed.checked_neg().ok_or(Overflow)?);
        reasons.push(Reason { rule: "clawback".to_owned(), points: owed, because: Because::Forgiven });
    }
    journal.post(LedgerAccount::Issued, Asset::Points, points);
    Ok(())
}

/// Replaces what rules gave for the order, and returns by how many points the member's balance has to change.
fn replace_parts(
    journal: &mut Journal,
    version: &Published,
    snapshot: &Snapshot,
    state: &mut OrderState,
    parts: Vec<Part>,
    reasons: &mut Vec<Reason>,
) -> Result<i64, Overflow> {
    let year = version.programme.time_zone.year(snapshot.placed_at);
    let old = std::mem::take(&mut state.parts);
    let mut difference = 0_i64;
    let mut qualifying = 0_i64;
    let gone = old.iter().filter(|part| !parts.iter().any(|new| new.rule == part.rule));
    let gone: Vec<Part> = gone.map(|part| Part { wanted: 0, qualifying: 0, ..part.clone() }).collect();
    for part in parts.iter().chain(&gone) {
        let before = old.iter().find(|old| old.rule == part.rule && !planted::is(Bug::PostTheWhole));
        let change = Capped {
            wanted: part.wanted.checked_sub(before.map_or(0, |part| part.wanted)).ok_or(Overflow)?,
            qualifying: part.qualifying.checked_sub(before.map_or(0, |part| part.qualifying)).ok_or(Overflow)?,
        };
        let given = count(journal, version, part, change, reasons)?;
        if !reasons.iter().any(|reason| reason.rule == part.rule) {
            let whole = reasons.iter().find(|reason| reason.rule == "order").map(|reason| reason.because.clone());
            let because = whole.unwrap_or(Because::NoEligibleLine);
            reasons.push(Reason { rule: part.rule.clone(), points: 0, because });
        }
        if let Some(reason) = reasons.iter_mut().find(|reason| reason.rule == part.rule) {
            reason.points = given.wanted;
        }
        difference = difference.checked_add(given.wanted).ok_or(Overflow)?;
        qualifying = qualifying.checked_add(given.qualifying).ok_or(Overflow)?;
    }
    state.parts = parts;
    add_qualifying(&mut journal.account, year, qualifying)?;
    Ok(difference)
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

/// Counts what a rule is asked to give towards its cap; returns what it gives more (or less) for it.
fn count(
    journal: &mut Journal,
    version: &Published,
    part: &Part,
    change: Capped,
    reasons: &mut Vec<Reason>,
) -> Result<Capped, Overflow> {
    let (Some(Cap { points: cap, per }), Some(period)) = (limit(version, &part.rule), &part.period) else {
        return Ok(change);
    };
    let (versions, account) = (journal.versions, &mut journal.account);
    let given_before = given(account, versions, &part.rule, period);
    let key = (part.rule.clone(), counter(period, version));
    let before = account.caps.get(&key).copied().unwrap_or_default();
    let after = Capped {
        wanted: before.wanted.checked_add(change.wanted).ok_or(Overflow)?,
        qualifying: before.qualifying.checked_add(change.qualifying).ok_or(Overflow)?,
    };
    if after == Capped::default() {
        account.caps.remove(&key);
    } else {
        account.caps.insert(key, after);
    }
    let given_after = given(account, versions, &part.rule, period);
    let given = Capped {
        wanted: given_after.wanted.checked_sub(given_before.wanted).ok_or(Overflow)?,
        qualifying: given_after.qualifying.checked_sub(given_before.qualifying).ok_or(Overflow)?,
    };
    if after.wanted > cap || given.wanted != change.wanted {
        let because = Because::Capped { cap, per, wanted: after.wanted };
        match reasons.iter_mut().find(|reason| reason.rule == part.rule) {
            Some(reason) => reason.because = because,
            None => reasons.push(Reason { rule: part.rule.clone(), points: 0, because }),
        }
    }
    Ok(given)
}

/// What a capped rule has given in a period.
///
/// Each version counts for itself, because a cap may change within a period, and gives what the older ones leave of its
/// own cap. So it is a function of the sums alone, and orders of any version may change in any order (law 4).
fn given(account: &Account, versions: &Versions, rule: &str, period: &str) -> Capped {
    let mut given = Capped::default();
    for version in versions.all() {
        let Some(Cap { points: cap, .. }) = limit(version, rule) else { continue };
        let Some(counted) = account.caps.get(&(rule.to_owned(), counter(period, version))) else { continue };
        let more = |wanted: i64, given: i64| given.saturating_add(wanted.min(cap.saturating_sub(given).max(0)));
        given.wanted = more(counted.wanted, given.wanted);
        given.qualifying = more(counted.qualifying, given.qualifying);
    }
    given
}

fn limit(version: &Published, rule: &str) -> Option<Cap> {
    version.programme.earn.iter().find(|earn| earn.id == rule).and_then(|earn| earn.limit)
}

/// The name of a version's counter in a period: "2026-11@3".
fn counter(period: &str, version: &Published) -> String {
    format!("{period}@{}", version.version)
}

/// Returns points that paid for goods that went back, to the lots they came from; what was taken last goes back first.
fn give_back_points(journal: &mut Journal, state: &mut OrderState) -> Result<(), Overflow> {
    let targets: Vec<i64> = state.payments.iter().map(|payment| state.points_to_return(payment)).collect();
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
        let (still_spent, _) = crate::account::split(&payment.lots, spent);
        let (_, back) = crate::account::split(&still_spent, spent.saturating_sub(more));
        journal.post(LedgerAccount::Redeemed, Asset::Points, sum(&back).checked_neg().ok_or(Overflow)?);
        for lot in back {
            journal.credit(Asset::Points, lot)?;
        }
        payment.returned = target;
    }
    Ok(())
}

/// Takes back what was returned for an order that stands again (a failed payment was made good, a line put back), from the
/// lots it was returned to and as far as it still is there.
fn spend_again(journal: &mut Journal, payment: &mut Payment, spent: i64, points: i64) -> Result<(), Overflow> {
    let (_, returned) = crate::account::split(&payment.lots, spent);
    let (again, _) = crate::account::split(&returned, points);
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

/// What each rule gives for a paid order, before caps, and why the others give nothing.
///
/// # Errors
/// If an amount overflows or a condition fails.
pub fn evaluate(
    version: &Published,
    snapshot: &Snapshot,
    order: &OrderId,
    basis: &Basis,
    tier: Option<&str>,
) -> Result<(Vec<Part>, Vec<Reason>), RuleError> {
    let programme = &*version.programme;
    let mut parts = Vec::new();
    let mut reasons = Vec::new();
    let Some(rate) = programme.rate(snapshot.currency) else {
        reasons.push(Reason { rule: "order".to_owned(), points: 0, because: Because::Currency });
        return Ok((parts, reasons));
    };
    let on_order = || programme.earn.iter().filter(|rule| rule.on == Trigger::Order);
    if basis.net() == 0 {
        // Nothing is left to earn on, so no condition is asked: one that divides by the net must not park a full refund.
        let none = |rule: &EarnRule| Reason { rule: rule.id.clone(), points: 0, because: Because::NoEligibleLine };
        return Ok((parts, on_order().map(none).collect()));
    }
    let facts = facts(programme, snapshot, order, basis, rate, tier);
    let mut per_unit = 0_i64;
    let multiplies = |rule: &&EarnRule| matches!(rule.award, Award::Multiply(_));
    for rule in on_order().filter(|rule| !multiplies(rule)).chain(on_order().filter(multiplies)) {
        let fail = |cause: RuleFailure| RuleError { rule: rule.id.clone(), version: version.version, cause };
        if let Some(because) = not_met(programme, &rule.conditions, snapshot.placed_at, tier, &facts).map_err(fail)? {
            reasons.push(Reason { rule: rule.id.clone(), points: 0, because });
            continue;
        }
        let eligible = basis.share(eligible(snapshot, basis, &rule.conditions));
        let overflow = || fail(Overflow.into());
        let (points, unmultiplied, because) = match &rule.award {
            Award::PerUnit { give, per_minor, tier: multipliers } => {
                let base = Ratio::new(*give, *per_minor).and_then(|base| base.times(rate)).ok_or_else(overflow)?;
                let multiplier = tier.and_then(|tier| multipliers.iter().find(|(id, _)| id == tier));
                let ratio = match multiplier {
                    Some((_, multiplier)) => base.times(*multiplier).ok_or_else(overflow)?,
                    None => base,
                };
                let mut points = ratio.of(eligible, programme.rounding).ok_or_else(overflow)?;
                if planted::is(Bug::RoundPerLine) {
                    points = basis.lines.iter().filter_map(|line| ratio.of(*line, programme.rounding)).sum();
                }
                let unmultiplied = base.of(eligible, programme.rounding).ok_or_else(overflow)?;
                per_unit = per_unit.checked_add(points).ok_or_else(overflow)?;
                (points, unmultiplied, Because::Net(eligible))
            }
            Award::Fixed(points) if eligible > 0 => (*points, *points, Because::Fixed),
            Award::Fixed(_) => (0, 0, Because::Fixed),
            Award::Multiply(ratio) => {
                let multiplied = ratio.of(per_unit, programme.rounding).ok_or_else(overflow)?;
                let bonus = multiplied.saturating_sub(per_unit);
                (bonus, bonus, Because::Multiple(per_unit))
            }
        };
        if points == 0 {
            let because = if eligible == 0 { Because::NoEligibleLine } else { Because::TooSmall(eligible) };
            reasons.push(Reason { rule: rule.id.clone(), points: 0, because });
            continue;
        }
        reasons.push(Reason { rule: rule.id.clone(), points, because });
        parts.push(Part {
            rule: rule.id.clone(),
            wanted: points,
            qualifying: if rule.qualifies { unmultiplied } else { 0 },
            period: rule.limit.map(|cap| cap.per.period(snapshot.placed_at, &programme.time_zone)),
        });
    }
    Ok((parts, reasons))
}

/// The net of the lines a rule is for.
fn eligible(snapshot: &Snapshot, basis: &Basis, conditions: &Conditions) -> i64 {
    if conditions.only.is_empty() && conditions.except.is_empty() {
        return basis.total;
    }
    let lines = snapshot.lines.iter().zip(&basis.lines).filter(|(line, _)| {
        (conditions.only.is_empty() || selects(&conditions.only, line)) && !selects(&conditions.except, line)
    });
    lines.fold(0_i64, |sum, (_, net)| sum.saturating_add(*net))
}

fn selects(selection: &Selection, line: &crate::event::Line) -> bool {
    let product = |id: &String| line.product.as_ref() == Some(id) || line.sku.as_ref() == Some(id);
    selection.products.iter().any(product)
        || selection.categories.iter().any(|category| line.categories.contains(category))
}

/// The first condition of an offer that is not met.
fn not_met(
    programme: &Programme,
    conditions: &Conditions,
    at: Timestamp,
    tier: Option<&str>,
    facts: &Facts,
) -> Result<Option<Because>, RuleFailure> {
    let early = conditions.from.is_some_and(|from| at < from);
    if early || conditions.until.is_some_and(|until| at >= until) {
        return Ok(Some(Because::Window));
    }
    if let Some(needed) = &conditions.tier
        && programme.rank(tier) < programme.rank(Some(needed))
    {
        return Ok(Some(Because::Tier { needed: needed.clone() }));
    }
    match &conditions.when {
        Some(when) if !when.holds(facts)? => Ok(Some(Because::When)),
        _ => Ok(None),
    }
}

/// What `when` may ask of an order, built once per order.
fn facts<'a>(
    programme: &Programme,
    snapshot: &'a Snapshot,
    order: &'a OrderId,
    basis: &Basis,
    rate: Ratio,
    tier: Option<&'a str>,
) -> Facts<'a> {
    let local = programme.time_zone.local(snapshot.placed_at);
    let quantity = snapshot.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.current_milli));
    Facts {
        order_net: rate.of(basis.net(), crate::money::Rounding::Down).unwrap_or(i64::MAX),
        order_quantity: quantity.checked_div(1000).unwrap_or(0),
        order_lines: i64::try_from(snapshot.lines.len()).unwrap_or(i64::MAX),
        order_weekday: i64::from(local.weekday().to_monday_one_offset()),
        order_day: i64::from(local.day()),
        order_month: i64::from(local.month()),
        order_year: i64::from(local.year()),
        order_hour: i64::from(local.hour()),
        order_currency: snapshot.currency.code(),
        order_platform: order.as_str().split(':').next().unwrap_or_default(),
        member_tier: tier.unwrap_or_default(),
        event_name: "",
    }
}

/// What an event other than an order comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum EventOutcome {
    /// No rule gives anything for it, and why.
    Nothing(Vec<Reason>),
    /// Points.
    Posted(Box<Decision>),
}

/// The name of the operation of an event: once in a life, or by its key.
pub fn operation(event: &MemberEvent) -> Operation {
    match &event.key {
        Some(key) => Operation::event(&event.member, key),
        None => Operation::once(&event.member, &event.name),
    }
}

/// Decides what an event other than an order gives.
///
/// # Errors
/// If a rule cannot be evaluated.
pub fn event(
    account: &Account,
    versions: &Versions,
    operation: &Operation,
    event: &MemberEvent,
    now: Timestamp,
) -> Result<EventOutcome, RuleError> {
    let mut first_failure = None;
    for judge in versions.judges(versions.at(event.at).version, now) {
        match event_by(judge, account, versions, operation, event, now) {
            Ok(outcome) => return Ok(outcome),
            Err(failure) => first_failure = first_failure.or(Some(failure)),
        }
    }
    Err(first_failure.unwrap_or_else(|| ledger_failure(versions, now, Overflow)))
}

/// Decides what an event gives by one version.
fn event_by(
    version: &Published,
    account: &Account,
    versions: &Versions,
    operation: &Operation,
    event: &MemberEvent,
    now: Timestamp,
) -> Result<EventOutcome, RuleError> {
    let programme = &*version.programme;
    let ledger = |error: Overflow| failure("ledger", version.version, error);
    let mut journal = Journal::open(account, versions, now).map_err(ledger)?;
    let held = tier::held(&journal.account.qualifying, programme, event.at).map(|tier| tier.id.clone());
    let mut reasons = Vec::new();
    let mut total = 0_i64;
    for rule in programme.earn.iter().filter(|rule| triggers(&rule.on, &event.name)) {
        let fail = |cause: RuleFailure| RuleError { rule: rule.id.clone(), version: version.version, cause };
        let facts = Facts { member_tier: held.as_deref().unwrap_or_default(), event_name: &event.name, ..Facts::default() };
        if let Some(because) = not_met(programme, &rule.conditions, event.at, held.as_deref(), &facts).map_err(fail)? {
            reasons.push(Reason { rule: rule.id.clone(), points: 0, because });
            continue;
        }
        let Award::Fixed(points) = rule.award else { continue };
        let period = rule.limit.map(|cap| cap.per.period(event.at, &programme.time_zone));
        let part = Part { rule: rule.id.clone(), wanted: points, qualifying: 0, period };
        reasons.push(Reason { rule: rule.id.clone(), points, because: Because::Fixed });
        let wanted = Capped { wanted: points, qualifying: if rule.qualifies { points } else { 0 } };
        let given = count(&mut journal, version, &part, wanted, &mut reasons).map_err(ledger)?;
        if let Some(reason) = reasons.iter_mut().find(|reason| reason.rule == rule.id) {
            reason.points = given.wanted;
        }
        add_qualifying(&mut journal.account, programme.time_zone.year(event.at), given.qualifying).map_err(ledger)?;
        total = total.checked_add(given.wanted).ok_or_else(|| ledger(Overflow))?;
    }
    if total == 0 {
        return Ok(EventOutcome::Nothing(reasons));
    }
    let expires = expires(programme, event.at).ok_or_else(|| ledger(Overflow))?;
    let lot = Lot { activates: None, expires, amount: total };
    let posted = journal.credit(Asset::Points, lot).and_then(|()| {
        journal.post(LedgerAccount::Issued, Asset::Points, total.checked_neg().ok_or(Overflow)?);
        let (operation, kind) = (operation.clone(), Kind::Accrual { what: event.name.clone() });
        journal.record(Draft { operation, index: 0, at: event.at, version: version.version, kind, reasons })?;
        journal.close(None, Vec::new())
    });
    Ok(EventOutcome::Posted(Box::new(posted.map_err(ledger)?)))
}

fn triggers(trigger: &Trigger, name: &str) -> bool {
    match trigger {
        Trigger::Order => false,
        Trigger::SignUp => name == SIGN_UP,
        Trigger::Event(event) => event == name,
    }
}

fn failure(rule: &str, version: u32, cause: impl Into<RuleFailure>) -> RuleError {
    RuleError { rule: rule.to_owned(), version, cause: cause.into() }
}

fn ledger_failure(versions: &Versions, now: Timestamp, error: Overflow) -> RuleError {
    failure("ledger", versions.at(now).version, error)
}
