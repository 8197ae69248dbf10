//! The laws of instant wins, checked on what is stored.

use std::collections::{BTreeMap, BTreeSet};

use guerdon_domain::{
    id::Operation,
    play::{
        self, Played,
        check::{Game, check},
    },
};
use jiff::Timestamp;

use crate::{
    history::History,
    laws::{Violation, ensure},
    programme::{CHANCE, MUGS},
    stored::{Entry, Play},
    table::{PROGRAMME, RAFFLE as TABLE, number},
};

/// Games that members ask to play: by count, by chance, at moments.
pub(crate) const GAMES: [&str; 3] = ["third", "cup", "golden"];
/// The game that signing up plays, and every so-manieth wins one of so many.
pub(crate) const SECOND: &str = "second";
pub(crate) const EVERY: [(&str, i64); 2] = [("third", 3), (SECOND, 2)];

/// What must hold at every moment: laws 7 and 8 of plays.
pub(crate) fn state(
    history: &History,
    entries: &BTreeMap<String, Vec<Entry>>,
) -> Result<(), Violation> {
    let plays =
        || entries.values().flatten().filter_map(|entry| Some((entry, entry.play.as_ref()?)));
    for (game, every) in EVERY {
        let mut numbers: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (entry, play) in plays().filter(|(_, play)| play.game == game) {
            let (counter, number) = play.number.unwrap();
            numbers.entry(counter).or_default().push(number);
            ensure((number % every == 0) == play.prize.is_some(), "8", || {
                format!("{} is number {number}, and won {:?}", entry.operation, play.prize)
            })?;
        }
        for (counter, mut numbers) in numbers {
            numbers.sort_unstable();
            let all: Vec<i64> = (1..=i64::try_from(numbers.len()).unwrap()).collect();
            ensure(numbers == all, "7", || format!("{game} has the numbers {numbers:?}"))?;
            let place =
                (TABLE.to_owned(), format!("COUNTER#{game}#{counter:03}"), "COUNTER".to_owned());
            let counted = history.tables.get(&place).and_then(|item| number(item, "plays"));
            ensure(counted == all.last().copied(), "7", || {
                format!("{game} has counted {counted:?} of {numbers:?}")
            })?;
        }
    }
    let golden = || plays().filter(|(_, play)| play.game == "golden" && play.prize.is_some());
    let mut taken: Vec<i64> = golden().map(|(_, play)| play.taken.unwrap()).collect();
    taken.sort_unstable();
    let all: Vec<i64> = (0..i64::try_from(taken.len()).unwrap()).collect();
    ensure(taken == all, "7", || format!("the moments {taken:?} are taken"))?;
    for (game, prize, stock) in [("cup", "mug", MUGS), (SECOND, "hello", 1)] {
        let place =
            (PROGRAMME.to_owned(), format!("STOCK#play:{game}/{prize}"), "STOCK".to_owned());
        let taken = history.tables.get(&place).and_then(|item| number(item, "taken")).unwrap_or(0);
        let won =
            plays().filter(|(_, play)| play.game == game && play.prize.as_deref() == Some(prize));
        let won = i64::try_from(won.count()).unwrap();
        ensure(won == taken && taken <= stock, "7", || {
            format!("{prize} of {game}: {taken} taken, {won} won, of {stock}")
        })?;
    }
    Ok(())
}

/// After the history, whoever played can check their play.
pub(crate) fn checked(history: &mut History) -> Result<(), Violation> {
    let entries = crate::stored::entries(&history.tables);
    let versions = history.versions();
    let plays = entries.values().flatten().filter_map(|entry| entry.play.as_ref());
    let played: BTreeSet<&str> = plays.map(|play| play.game.as_str()).collect();
    for game in GAMES.into_iter().chain([SECOND]).filter(|game| played.contains(game)) {
        let declared = versions.instant_win(game).unwrap().clone();
        let seed = play::seed(&CHANCE, game);
        let over = declared.closes;
        let public: Game = history.look({
            let declared = declared.clone();
            async move |ledger| {
                ledger.game(&declared, over + jiff::SignedDuration::from_hours(1)).await.unwrap()
            }
        });
        ensure(public.seed == Some(seed), "8", || format!("the seed of {game} is not revealed"))?;
        for entry in entries.values().flatten() {
            let Some(Play { game: of, played, .. }) = &entry.play else { continue };
            if of != game {
                continue;
            }
            let at = Timestamp::from_millisecond(entry.at).unwrap();
            let operation = Operation::from(entry.operation.clone());
            let found = check(&public, &operation, at, played);
            ensure(found.is_ok(), "8", || format!("{}: {found:?} of {played:?}", entry.operation))?;
        }
    }
    Ok(())
}

/// A play as it is stored.
pub(crate) fn read(kind: &serde_json::Value) -> Option<Play> {
    let played = kind.get("played")?;
    let played: Played = serde_json::from_value(plain(played)).unwrap();
    let by = &kind["played"]["M"]["by"]["M"];
    let int = |value: &serde_json::Value| value["N"].as_str().map(|n| n.parse::<i64>().unwrap());
    let every = by.get("every").map(|every| &every["M"]);
    Some(Play {
        game: kind["game"]["S"].as_str().unwrap().to_owned(),
        number: every
            .map(|every| (int(&every["counter"]).unwrap(), int(&every["number"]).unwrap())),
        taken: by.get("moment").and_then(|moment| int(&moment["M"]["taken"])),
        prize: kind["played"]["M"]
            .get("prize")
            .and_then(|prize| prize["S"].as_str())
            .map(str::to_owned),
        played,
    })
}

/// DynamoDB's JSON as plain JSON.
fn plain(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    let (kind, inner) = value.as_object().unwrap().iter().next().unwrap();
    match (kind.as_str(), inner) {
        ("M", Value::Object(map)) => {
            map.iter().map(|(key, value)| (key.clone(), plain(value))).collect()
        }
        ("L", Value::Array(list)) => list.iter().map(plain).collect(),
        ("N", Value::String(number)) => serde_json::from_str(number).unwrap(),
        _ => inner.clone(),
    }
}
