//! The raffle of a history: its steps, as the function takes them, and its laws, checked on what is stored.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use guerdon_domain::{
    chance::ChanceKey,
    draw::{
        check,
        hash::Hash,
        list::{Entrant, Whole, check as lines},
        record::Record,
    },
    id::MemberId,
    programme::{Versions, raffle::GRACE},
    raffle::stage::{Announcement, Stage},
};
use guerdon_store::{Frozen, Ledger, PostError, PrizeError, StoreError};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::{
    history::History,
    laws::{Violation, ensure},
    operation::{Answer, random},
    programme::CHANCE,
    stored::{Account, Entry},
    table::{Item, RAFFLE as TABLE, Written, number, text},
};

/// The raffle's id, when it closes, and how many tickets of a member count.
pub(crate) const RAFFLE: &str = "spring";
pub(crate) const CLOSES: &str = "2027-02-01T12:00:00Z";
pub(crate) const LIMIT: i64 = 9;

/// The operator's seed of every history.
const SEED: Hash = Hash([9; 32]);

pub(crate) fn closes() -> Timestamp {
    CLOSES.parse().unwrap()
}

/// How long after the close something of interest happens: the second before, the close, the end of the grace and the second
/// before, the draw.
pub(crate) fn moments() -> [SignedDuration; 5] {
    let second = SignedDuration::from_secs(1);
    [-second, SignedDuration::ZERO, GRACE - second, GRACE, SignedDuration::from_hours(1)]
}

/// Takes the steps that are due. Freezing is interrupted after a read, by one chance in four.
pub(crate) async fn step(
    ledger: &Ledger,
    versions: &Versions,
    now: Timestamp,
    chance: u64,
) -> Result<Answer, StoreError> {
    let (interrupted, random) = (chance.is_multiple_of(4), &random(chance));
    for _ in 0..20 {
        let mut state = match ledger.raffle(RAFFLE).await? {
            Some(state) => state,
            None if now >= closes() => return Ok(Answer::Done),
            None => {
                let version = versions.at(now);
                let declared = version.programme.raffle(RAFFLE).unwrap();
                ledger.announce(Announcement::new(declared, version.version, &SEED)).await?
            }
        };
        let Some(next) = state.announcement.next(state.stage, now) else {
            return Ok(Answer::Done);
        };
        match next {
            Stage::Frozen => {
                if ledger.freeze(&mut state, || interrupted).await? == Frozen::Stopped {
                    return Ok(Answer::Done);
                }
            }
            Stage::Drawn => {
                let record = ledger.draw(&state, SEED, None).await?.expect("its list is frozen");
                ledger.put_record(&mut state, &record).await?;
            }
            Stage::Published => {
                let record = ledger.record(&state).await?.expect("it is drawn");
                let holders = record.holders().unwrap();
                match ledger.give_prizes(&record.announced, &holders, versions, now, random).await {
                    Ok(()) => {}
                    Err(PrizeError { source: PostError::Store(error), .. }) => return Err(error),
                    // Without a code left in its pool, it waits.
                    Err(PrizeError { source: PostError::Refused(_), .. }) => {
                        return Ok(Answer::Done);
                    }
                    Err(other) => panic!("a prize is never parked: {other}"),
                }
                ledger.move_raffle(&mut state, |state| state.stage = next).await?;
            }
            _ => {
                ledger.move_raffle(&mut state, |state| state.stage = next).await?;
            }
        }
    }
    Ok(Answer::Done)
}

/// Disqualifies one of those who have a prize, if it is drawn.
pub(crate) async fn disqualify(
    ledger: &Ledger,
    now: Timestamp,
    chance: u64,
) -> Result<Answer, StoreError> {
    let Some(mut state) = ledger.raffle(RAFFLE).await? else { return Ok(Answer::Done) };
    let Some(mut record) = ledger.record(&state).await? else { return Ok(Answer::Done) };
    let holders: Vec<Entrant> =
        record.holders().unwrap().into_iter().filter_map(|(_, holder)| holder).collect();
    let Some(chosen) = usize::try_from(chance).unwrap().checked_rem(holders.len()) else {
        return Ok(Answer::Done);
    };
    let at = Timestamp::from_second(now.as_second()).unwrap();
    record.disqualify(holders[chosen], "a member of staff".to_owned(), at).unwrap();
    // Whoever lost a race asks again.
    ledger.put_record(&mut state, &record).await?;
    Ok(Answer::Done)
}

fn item(history: &History) -> Option<&Item> {
    let place = (TABLE.to_owned(), format!("RAFFLE#{RAFFLE}"), "STATE".to_owned());
    history.tables.get(&place).map(|item| &**item)
}

/// What must hold at every moment: the list is what the members' tickets come to, nothing moves tickets from the close on, what is
/// frozen is the list, and what is drawn follows from it.
pub(crate) fn state(
    history: &History,
    accounts: &BTreeMap<String, Account>,
    entries: &BTreeMap<String, Vec<Entry>>,
) -> Result<(), Violation> {
    let asset = format!("tickets:{RAFFLE}");
    let end = closes().as_millisecond();
    let late = entries.values().flatten().find(|entry| {
        entry.recorded_at >= end && entry.postings.iter().any(|(_, of, _)| *of == asset)
    });
    ensure(late.is_none(), "7", || format!("{late:?} moves tickets after the close"))?;
    let prefix = format!("ENTRANTS#{RAFFLE}#");
    let listed: BTreeMap<&str, i64> = history
        .tables
        .under(TABLE, &prefix)
        .map(|(_, item)| (text(item, "member"), number(item, "tickets").unwrap()))
        .collect();
    for (member, account) in accounts {
        let [tickets, ..] = account.balance(&asset);
        let expected = tickets.clamp(0, LIMIT);
        let found = listed.get(member.as_str()).copied().unwrap_or(0);
        ensure(found == expected, "1", || {
            format!("{member} has {tickets} tickets, and {found} on the list")
        })?;
    }
    let record = record(history);
    prizes(history, record.as_ref(), entries)?;
    let Some(frozen) = item(history).and_then(|item| item.get("list")) else { return Ok(()) };
    let list = list(&listed);
    let mut whole = Whole::default();
    if let Some(part) = lines(list.as_bytes()).unwrap() {
        whole.add(&part).unwrap();
    }
    let found = whole.summary();
    let said = [&frozen["L"][0]["N"], &frozen["L"][1]["N"], &frozen["L"][2]["S"]];
    let said = said.map(|part| part.as_str().unwrap().to_owned());
    let expected = [found.entrants.to_string(), found.tickets.to_string(), found.root.to_string()];
    ensure(said == expected, "8", || format!("frozen as {said:?}, but the list is {expected:?}"))?;
    let Some(record) = record else { return Ok(()) };
    let faults: Vec<_> =
        check::record(&record).into_iter().filter_map(|finding| finding.fault).collect();
    ensure(faults.is_empty(), "8", || format!("{faults:?}"))?;
    ensure(check::list(&record, found).is_ok(), "8", || "drawn from another list".to_owned())?;
    let drawn = record.winners.iter().map(|winner| winner.entrant);
    let drawn: Vec<Entrant> =
        drawn.chain(record.reserves.iter().map(|reserve| reserve.entrant)).collect();
    let expected = by_hand(&record, &list);
    ensure(drawn == expected, "8", || format!("{drawn:?} are drawn, and not {expected:?}"))
}

/// Each prize is given to whoever has it, or had it until they were disqualified, once; and in the end to all who have one.
fn prizes(
    history: &History,
    record: Option<&Record>,
    entries: &BTreeMap<String, Vec<Entry>>,
) -> Result<(), Violation> {
    let key = ChanceKey::pseudonyms(&CHANCE, RAFFLE);
    let mut given: BTreeSet<(u64, Entrant)> = BTreeSet::new();
    for (member, entry) in
        entries.iter().flat_map(|(member, all)| all.iter().map(move |e| (member, e)))
    {
        let Some((place, entrant)) = prize_of(&entry.operation).filter(|_| entry.kind == "prize")
        else {
            continue;
        };
        ensure(given.insert((place, entrant)), "2", || {
            format!("{} is there twice", entry.operation)
        })?;
        let is_theirs = entrant == Entrant::of(&key, &MemberId::new(member.as_str()).unwrap());
        ensure(is_theirs, "7", || {
            format!("{member} has the prize of another: {}", entry.operation)
        })?;
    }
    let Some(record) = record else {
        return ensure(given.is_empty(), "8", || format!("{given:?} are given before the draw"));
    };
    let mut holders: Vec<Option<Entrant>> =
        record.winners.iter().map(|winner| Some(winner.entrant)).collect();
    for gone in &record.disqualified {
        if let Some(holder) = holders.iter_mut().find(|holder| **holder == Some(gone.entrant)) {
            *holder = gone.replaced_by;
        }
    }
    let holders: BTreeSet<(u64, Entrant)> =
        (1..).zip(holders).filter_map(|(place, holder)| Some((place, holder?))).collect();
    let out: BTreeSet<Entrant> = record.disqualified.iter().map(|gone| gone.entrant).collect();
    let wrong = given.iter().find(|prize| !holders.contains(*prize) && !out.contains(&prize.1));
    ensure(wrong.is_none(), "7", || format!("{wrong:?} is given, and of {holders:?}"))?;
    let over = item(history).is_some_and(|item| text(item, "stage") == "published");
    ensure(!over || holders.is_subset(&given), "10", || {
        format!("{holders:?} have prizes, and {given:?} are given")
    })
}

/// Which place of the raffle an operation gives the prize of, and to whom.
pub(crate) fn prize_of(operation: &str) -> Option<(u64, Entrant)> {
    let (raffle, prize) = operation.strip_prefix("prize#")?.split_once('#')?;
    let (place, entrant) = prize.split_once('#')?;
    assert_eq!(raffle, RAFFLE);
    Some((place.parse().unwrap(), entrant.parse().unwrap()))
}

/// The list's lines.
fn list(listed: &BTreeMap<&str, i64>) -> String {
    let key = ChanceKey::pseudonyms(&CHANCE, RAFFLE);
    let entrant = |member: &str| Entrant::of(&key, &MemberId::new(member).unwrap());
    let lines: BTreeMap<Entrant, i64> = listed
        .iter()
        .filter(|(_, tickets)| **tickets > 0)
        .map(|(member, tickets)| (entrant(member), *tickets))
        .collect();
    let mut first = 0;
    let mut list = String::new();
    for (entrant, tickets) in lines {
        writeln!(list, "{first} {tickets} {entrant}").unwrap();
        first += tickets;
    }
    list
}

/// Who is drawn, worked out from the published text as `docs/draw-protocol.md` says, by other code than the domain's: of each word
/// the top bits name one of the tickets that remain, and all tickets of their holder are taken out.
fn by_hand(record: &Record, list: &str) -> Vec<Entrant> {
    let holders = list.lines().flat_map(|line| {
        let mut parts = line.split(' ').skip(1);
        let tickets = parts.next().unwrap().parse().unwrap();
        std::iter::repeat_n(parts.next().unwrap(), tickets)
    });
    let mut remaining: Vec<&str> = holders.collect();
    let entrants = u64::try_from(list.lines().count()).unwrap();
    let wanted = usize::try_from(record.announced.wanted().min(entrants)).unwrap();
    let mut drawn = Vec::new();
    let mut words = 0_u64..;
    while drawn.len() < wanted {
        let number = words.next().unwrap();
        let hash =
            Sha256::new().chain_update(record.draw_seed.0).chain_update(number.to_be_bytes());
        let word = u64::from_be_bytes(hash.finalize()[..8].try_into().unwrap());
        let most = u64::try_from(remaining.len() - 1).unwrap();
        let ticket = if most == 0 { 0 } else { word >> most.leading_zeros() };
        let Some(holder) = remaining.get(usize::try_from(ticket).unwrap()) else { continue };
        let holder = *holder;
        drawn.push(holder.parse().unwrap());
        remaining.retain(|other| *other != holder);
    }
    drawn
}

/// The record, put together from its parts.
fn record(history: &History) -> Option<Record> {
    let digest = item(history)?.get("record")?["M"]["digest"]["S"].as_str()?;
    let (pk, prefix) = (format!("RAFFLE#{RAFFLE}"), format!("RECORD#{digest}#"));
    let parts = history.tables.under(TABLE, &pk).filter(|(place, _)| place.2.starts_with(&prefix));
    let text: String = parts.map(|(_, item)| text(item, "text")).collect();
    Some(Record::parse(text.as_bytes()).unwrap())
}

/// What must hold of every write: a raffle only moves on, its list is frozen after the grace, and it is drawn once.
pub(crate) fn transition(history: &History, written: &[Written]) -> Result<(), Violation> {
    let Some(write) = written.iter().find(|w| w.place.0 == TABLE && w.place.2 == "STATE") else {
        return Ok(());
    };
    let names = ["announced", "open", "closed", "frozen", "drawn", "published"];
    let rank = |item: &Item| names.iter().position(|name| *name == text(item, "stage")).unwrap();
    let Some(after) = write.after.as_deref() else { return Ok(()) };
    if let Some(before) = write.before.as_deref() {
        // A new edition of the record, in which somebody is disqualified, gives its prizes again. That it says the same of the draw,
        // `state` looks at.
        let edition = before.contains_key("record") && before.get("record") != after.get("record");
        ensure(rank(before) <= rank(after) || (edition && rank(after) == 4), "8", || {
            format!("from {} back to {}", text(before, "stage"), text(after, "stage"))
        })?;
        for once in ["list", "announcement"] {
            let was = before.get(once);
            ensure(was.is_none() || was == after.get(once), "8", || format!("another {once}"))?;
        }
    }
    let grace = closes() + GRACE;
    ensure(rank(after) < 3 || history.now >= grace, "8", || {
        format!("{} before the grace is over", text(after, "stage"))
    })
}
