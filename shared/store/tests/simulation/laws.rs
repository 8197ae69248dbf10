//! The laws of the ledger, checked on what is stored, on every write, and on every answer.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_domain::id::MemberId;

use crate::{
    bids,
    history::History,
    model,
    operation::{Action, Answer},
    plays,
    programme::{GIFTS, ONCE, POOL, SIXES, STOCK},
    raffle,
    stored::{self, Account, Entry},
    table::{LEDGER, PROGRAMME, Written, number, text},
};

/// A law that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) law: &'static str,
    pub(crate) detail: String,
}

pub(crate) fn broken(law: &'static str, detail: String) -> Violation {
    Violation { law, detail }
}

pub(crate) fn ensure(
    holds: bool,
    law: &'static str,
    detail: impl FnOnce() -> String,
) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(broken(law, detail())) }
}

/// What must hold of the tables at every moment: laws 1, 3, 5, 7.
pub(crate) fn state(history: &History) -> Result<(), Violation> {
    let accounts = stored::accounts(&history.tables);
    let entries = stored::entries(&history.tables);
    for (member, account) in &accounts {
        let entries = entries.get(member).map_or(&[][..], Vec::as_slice);
        conserved(member, account, entries)?;
        for (units, asset) in account.wallets.keys().map(|asset| (account.balance(asset), asset)) {
            let negative = units[0] < 0 && !(history.policy == 1 && asset == "points");
            ensure(!negative && units[1] >= 0 && units[2] >= 0, "3", || {
                format!("{member} has {units:?} {asset}")
            })?;
        }
        dates(member, account)?;
    }
    let strangers = entries.keys().filter(|member| !accounts.contains_key(*member));
    ensure(strangers.count() == 0, "1", || "entries without an account".to_owned())?;
    numbered(history)?;
    gifts(history, &accounts, &entries)?;
    raffle::state(history, &accounts, &entries)?;
    plays::state(history, &entries)?;
    bids::state(history, &accounts, &entries)?;
    stock(history, &entries)
}

/// Law 1: legs sum to zero, balances are the sums of legs, sequences have no gap.
fn conserved(member: &str, account: &Account, entries: &[Entry]) -> Result<(), Violation> {
    let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (entry, expected) in entries.iter().zip(1..) {
        let place = || format!("{member} entry {} of {}", entry.sequence, entry.operation);
        ensure(entry.sequence == expected, "1", || format!("{}: {expected} is expected", place()))?;
        let mut legs: BTreeMap<&str, i64> = BTreeMap::new();
        for (ledger, asset, units) in &entry.postings {
            *legs.entry(asset).or_default() += units;
            *sums.entry((ledger.clone(), asset.clone())).or_default() += units;
        }
        ensure(legs.values().all(|sum| *sum == 0), "1", || {
            format!("{}: {:?}", place(), entry.postings)
        })?;
        let balance = balance(&sums, "points");
        ensure(balance == entry.balance, "1", || {
            format!("{}: {:?} for {balance:?}", place(), entry.balance)
        })?;
    }
    let count = i64::try_from(entries.len()).unwrap();
    ensure(account.version == count, "1", || {
        format!("{member}: version {} of {count} entries", account.version)
    })?;
    let assets: BTreeSet<&String> =
        sums.keys().map(|(_, asset)| asset).chain(account.wallets.keys()).collect();
    for asset in assets {
        let (stored, summed) = (account.balance(asset), balance(&sums, asset));
        ensure(stored == summed, "1", || {
            format!("{member}: {stored:?} {asset}, but the legs say {summed:?}")
        })?;
    }
    Ok(())
}

fn balance(sums: &BTreeMap<(String, String), i64>, asset: &str) -> [i64; 3] {
    ["available", "pending", "held"]
        .map(|ledger| *sums.get(&(ledger.to_owned(), asset.to_owned())).unwrap_or(&0))
}

/// Law 5: what is due is gone; law 10: what will be due is found by the sweep.
fn dates(member: &str, account: &Account) -> Result<(), Violation> {
    let lots = account.wallets.values().flat_map(|(lots, _)| lots);
    let of_lots = lots.flat_map(|(activates, expires, _)| activates.iter().chain(expires)).copied();
    let of_gifts = account.gifts.iter().filter_map(|gift| gift.opens);
    let of_holds = account.holds.iter().map(|hold| hold.lapses_at);
    let next = of_lots.chain(of_holds).chain(of_gifts).min();
    let Some(next) = next else { return Ok(()) };
    let settled = account.settled_to;
    ensure(next > settled, "5", || {
        format!("{member}: settled to {settled}, and {next} is still to come")
    })?;
    let found = account.due.is_some_and(|due| due <= next);
    ensure(found, "10", || format!("{member}: due at {next}, but the index says {:?}", account.due))
}

/// Law 2: what an operation wrote is numbered without a gap.
fn numbered(history: &History) -> Result<(), Violation> {
    let mut last: Option<(&str, i64)> = None;
    for ((_, pk, sk), _) in history.tables.under(LEDGER, "OP#") {
        let index: i64 = sk.parse().unwrap();
        let expected = last.filter(|(same, _)| same == pk).map_or(0, |(_, last)| last + 1);
        ensure(index == expected, "2", || {
            format!("{pk} has {index} where {expected} is expected")
        })?;
        last = Some((pk, index));
    }
    Ok(())
}

/// Every mystery gift is sealed or revealed, once; and law 7 for what it turned out to be.
fn gifts(
    history: &History,
    accounts: &BTreeMap<String, Account>,
    entries: &BTreeMap<String, Vec<Entry>>,
) -> Result<(), Violation> {
    let mut sixes: BTreeMap<&str, i64> = BTreeMap::new();
    for (member, account) in accounts {
        let entries = entries.get(member).map_or(&[][..], Vec::as_slice);
        let given = entries
            .iter()
            .filter(|entry| entry.kind == "redemption" && GIFTS.contains(&entry.reward.as_str()));
        let given: BTreeSet<i64> = given.map(|entry| entry.sequence).collect();
        let sealed = account.gifts.iter().map(|gift| (gift.grant, &gift.reward, &gift.outcome));
        let revealed = entries.iter().filter_map(|entry| {
            entry.revealed.as_ref().map(|(grant, outcome)| (*grant, &entry.reward, outcome))
        });
        let mut found = BTreeSet::new();
        for (grant, reward, outcome) in sealed.chain(revealed) {
            *sixes.entry(reward).or_default() += i64::from(outcome == "six");
            ensure(found.insert(grant), "2", || format!("gift {grant} of {member} is twice"))?;
        }
        ensure(found == given, "2", || format!("{member} was given {given:?}, and has {found:?}"))?;
    }
    for reward in GIFTS {
        let place = (PROGRAMME.to_owned(), format!("STOCK#{reward}/six"), "STOCK".to_owned());
        let taken = history.tables.get(&place).and_then(|item| number(item, "taken")).unwrap_or(0);
        let given = sixes.get(reward).copied().unwrap_or(0);
        ensure(taken <= SIXES && given == taken, "7", || {
            format!("{reward}: {taken} sixes taken, {given} given, of {SIXES}")
        })?;
    }
    Ok(())
}

/// Law 7: stock, codes and limits.
fn stock(history: &History, entries: &BTreeMap<String, Vec<Entry>>) -> Result<(), Violation> {
    let all = || entries.values().flatten().filter(|entry| entry.kind == "redemption");
    for (reward, most) in STOCK {
        let place = (PROGRAMME.to_owned(), format!("STOCK#{reward}"), "STOCK".to_owned());
        let taken = history.tables.get(&place).and_then(|item| number(item, "taken")).unwrap_or(0);
        let given = i64::try_from(all().filter(|entry| entry.reward == reward).count()).unwrap();
        ensure(taken <= most && given == taken, "7", || {
            format!("{reward}: {taken} taken, {given} given, of {most}")
        })?;
    }
    let mut given = BTreeSet::new();
    for code in entries.values().flatten().flat_map(|entry| &entry.codes) {
        ensure(given.insert(code.clone()), "7", || format!("{code} is given twice"))?;
        let place = (PROGRAMME.to_owned(), format!("CODE#{code}"), "CODE".to_owned());
        ensure(history.tables.get(&place).is_some(), "7", || {
            format!("{code} is given, and not on the list")
        })?;
    }
    let free: BTreeSet<String> =
        history.tables.under(PROGRAMME, "POOL#").map(|(place, _)| place.2.clone()).collect();
    for code in POOL {
        let places = usize::from(free.contains(code)) + usize::from(given.contains(code));
        ensure(places == 1, "7", || format!("{code} is in {places} places"))?;
    }
    for (member, entries) in entries {
        let once = entries.iter().filter(|entry| entry.reward == ONCE).count();
        ensure(once <= 1, "7", || format!("{member} has had {ONCE} {once} times"))?;
    }
    Ok(())
}

/// What must hold of every write: an operation is one transaction, spends in order, and returns what it took.
pub(crate) fn transition(history: &History, written: &[Written]) -> Result<(), Violation> {
    raffle::transition(history, written)?;
    let entries: Vec<Entry> =
        written.iter().filter_map(|w| stored::entry(w.after.as_deref()?)).collect();
    let account = written.iter().find(|w| w.place.2 == "ACCOUNT");
    let Some(account) = account else {
        return ensure(entries.is_empty(), "1", || {
            "entries are written without their account".to_owned()
        });
    };
    let before = account.before.as_deref().map(stored::account).unwrap_or_default();
    let after = stored::account(account.after.as_deref().unwrap());
    let more = i64::try_from(entries.len()).unwrap();
    ensure(after.version == before.version + more, "1", || {
        format!(
            "{}: from {} to {} with {more} entries",
            account.place.1, before.version, after.version
        )
    })?;
    for write in written {
        let rewritten = write.before.is_some() && write.place.1.starts_with("OP#");
        ensure(!rewritten, "2", || format!("{:?} is written a second time", write.place))?;
    }
    if let [entry] = entries.as_slice() {
        match entry.kind.as_str() {
            "redemption" | "hold" | "play" => spent_in_order(entry, &before, &after)?,
            "bid" if before.bids.is_empty() => spent_in_order(entry, &before, &after)?,
            "release" | "lapse" | "bid_returned" => returned(entry, &before, &after)?,
            "reversal" => not_lapsed(history, entry)?,
            _ => {}
        }
    }
    Ok(())
}

/// Law 5: what expires first is spent first.
fn spent_in_order(entry: &Entry, before: &Account, after: &Account) -> Result<(), Violation> {
    let active =
        |account: &Account| Account::by_dates(account.lots().iter().filter(|lot| lot.0.is_none()));
    let (before, after) = (active(before), active(after));
    let key = |expires: Option<i64>| (expires.is_none(), expires);
    for ((_, expires), units) in &before {
        let spent = after.get(&(None, *expires)).is_none_or(|left| left < units);
        let earlier = after.keys().filter(|(_, other)| {
            key(*other) < key(*expires) && before.contains_key(&(None, *other))
        });
        let skipped = earlier.count();
        // A reward that gives points may fill up the lot that it emptied.
        let gives = entry.reward == "bundle" || entry.play.is_some();
        ensure(!spent || skipped == 0 || gives, "5", || {
            format!("{}: spends {expires:?} before earlier points", entry.operation)
        })?;
    }
    Ok(())
}

/// Law 5: a hold that ends gives its lots back with their dates.
fn returned(entry: &Entry, before: &Account, after: &Account) -> Result<(), Violation> {
    let gone =
        before.holds.iter().filter(|hold| !after.holds.iter().any(|open| open.id == hold.id));
    let bids = before.bids.iter().filter(|(auction, _)| !after.bids.contains_key(*auction));
    let bids = bids.flat_map(|(_, bid)| bid.lots.clone());
    let back: Vec<_> = gone.flat_map(|hold| hold.lots.clone()).chain(bids).collect();
    // What comes back pays a debt, and makes up for what was forgiven, before it is a lot again.
    let debt = before.wallets.get("points").is_some_and(|(_, debt)| *debt > 0);
    let made_up = entry.postings.iter().any(|(ledger, ..)| ledger == "forgiven");
    let mut expected = Account::by_dates(before.lots().iter().chain(&back));
    expected.retain(|_, units| *units > 0);
    let found = Account::by_dates(after.lots());
    ensure(debt || made_up || expected == found, "5", || {
        format!("{}: {found:?}, not {expected:?}", entry.operation)
    })
}

/// Law 5: what has lapsed is not taken a second time.
fn not_lapsed(history: &History, entry: &Entry) -> Result<(), Violation> {
    let Some(expires) = model::expires(history, &entry.operation) else { return Ok(()) };
    let mine = |(ledger, asset, _): &&(String, String, i64)| {
        ["available", "pending"].contains(&ledger.as_str()) && asset == "points"
    };
    let taken: i64 = entry.postings.iter().filter(mine).map(|(.., units)| units).sum();
    let lapsed = entry.recorded_at >= expires.as_millisecond();
    ensure(!lapsed || taken == 0, "5", || {
        format!("{}: its points lapsed, and {taken} others moved", entry.operation)
    })
}

/// What must hold of every answer at the moment it is given: laws 2, 9, 10.
pub(crate) fn answered(
    history: &History,
    operation: usize,
    answer: &Answer,
) -> Result<(), Violation> {
    let Some(name) = history.name(operation) else { return Ok(()) };
    let what = &history.operations[operation];
    let digest = what.request.as_ref().map(|request| request.digest.as_str());
    let first = history.first_entry(&name);
    let same = first.is_some_and(|item| Some(text(item, "digest")) == digest);
    match answer {
        Answer::Refused(reason) => {
            ensure(!same, "2", || format!("{name} is refused after it was posted: {reason}"))?;
            ensure(reason.contains("(version "), "9", || {
                format!("{name}: {reason:?} names no version")
            })
        }
        Answer::Nothing { .. } => {
            let noted = first.is_some_and(|item| number(item, "sequence").is_none());
            ensure(noted, "2", || format!("{name} gives nothing, and may give something later"))
        }
        Answer::KeyReused => ensure(first.is_some() && !same, "2", || {
            format!("{name} is taken for used, and is not")
        }),
        Answer::Entries { entries, .. } => {
            ensure(same, "2", || format!("{name} is answered with what another request did"))?;
            ensure(!entries.is_empty(), "10", || format!("{name} is accepted without an entry"))?;
            match &history.answers[operation] {
                Some(Answer::Entries { entries: first, .. }) => {
                    ensure(first == entries, "2", || {
                        format!("{name} is answered {entries:?} after {first:?}")
                    })
                }
                _ => Ok(()),
            }
        }
        Answer::Done => ensure(same, "10", || format!("{name} is claimed, and not written")),
        Answer::News { .. } | Answer::Parked => Ok(()),
    }
}

/// Laws 4 and 10 of orders, against a model that knows no order of arrival.
pub(crate) fn orders(history: &mut History) -> Result<(), Violation> {
    model::orders(history)
}

/// Law 10: what was answered is there.
pub(crate) fn claims(history: &History) -> Result<(), Violation> {
    for (operation, answer) in history.answers.iter().enumerate() {
        let Some(Answer::Entries { entries, .. }) = answer else { continue };
        let name = history.name(operation).unwrap();
        let place = (LEDGER.to_owned(), format!("OP#{name}"));
        let all = history.tables.under(&place.0, &place.1).filter(|(found, _)| found.1 == place.1);
        let kept: Vec<i64> = all.filter_map(|(_, item)| number(item, "sequence")).collect();
        let told: Vec<i64> =
            entries.iter().map(|entry| i64::try_from(entry.sequence).unwrap()).collect();
        ensure(kept == told, "10", || {
            format!("{name} was answered with {told:?}, and {kept:?} are kept")
        })?;
    }
    Ok(())
}

/// A member's pages show every entry once, newest first.
pub(crate) fn pages(history: &mut History) -> Result<(), Violation> {
    for (member, entries) in stored::entries(&history.tables) {
        let id = MemberId::new(member.as_str()).unwrap();
        let shown: Vec<u64> = history.look(async move |ledger| {
            let (mut shown, mut before) = (Vec::new(), None);
            loop {
                let page = ledger.history(&id, before, 3).await.unwrap();
                shown.extend(page.entries.iter().map(|entry| entry.sequence));
                before = page.before;
                if before.is_none() {
                    return shown;
                }
            }
        });
        let kept = (1..=u64::try_from(entries.len()).unwrap()).rev();
        ensure(shown.iter().copied().eq(kept), "10", || format!("{member} is shown {shown:?}"))?;
    }
    Ok(())
}

/// Law 8: every play can be checked when its game is over.
pub(crate) fn plays(history: &mut History) -> Result<(), Violation> {
    plays::checked(history)
}

/// Law 7: in the end the highest bids have won, and none is held.
pub(crate) fn bids(history: &mut History) -> Result<(), Violation> {
    bids::checked(history)
}

/// The same writes, replayed one after the other on a ledger in memory, come to the same accounts.
pub(crate) fn replayed(history: &mut History) -> Result<(), Violation> {
    model::replayed(history)
}

/// Law 2: all that had an effect, delivered again, at once or years later, writes nothing and is answered the same.
pub(crate) fn twice(history: &mut History, later: bool) -> Result<(), Violation> {
    if later {
        history.years_pass();
    }
    let writes = history.tables.writes;
    for operation in 0..history.operations.len() {
        let news = matches!(history.operations[operation].action, Action::Order(_));
        let before = history.answers[operation].clone();
        let accepted = matches!(
            before,
            Some(Answer::Entries { .. } | Answer::Nothing { .. } | Answer::KeyReused)
        );
        let told = news && before != Some(Answer::Parked);
        if !accepted && !told {
            continue;
        }
        let answer = history.deliver_quietly(operation)?;
        let same = match (&before, &answer) {
            (Some(Answer::Entries { .. }), Answer::Entries { replayed, .. })
            | (Some(Answer::Nothing { .. }), Answer::Nothing { replayed }) => *replayed,
            (Some(Answer::KeyReused), Answer::KeyReused) => true,
            (Some(Answer::News { .. }), Answer::News { new, .. }) => !new,
            _ => false,
        };
        let name = history.name(operation).unwrap();
        ensure(same, "2", || format!("{name} is answered {answer:?} after {before:?}"))?;
    }
    let more = history.tables.writes - writes;
    ensure(more == 0, "2", || format!("what was done is done again: {more} writes"))
}
