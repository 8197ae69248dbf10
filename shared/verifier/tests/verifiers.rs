//! Both verifiers, ours and the Python one that shares no code with it, on raffles of all kinds.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod raffle;

use std::{collections::BTreeMap, io::ErrorKind, num::NonZero, process::Command};

use guerdon_domain::draw::{
    hash::Hash,
    list::Entrant,
    record::{Announced, Record},
};
use guerdon_verifier::report::{self, Check, List, Outcome};
use proptest::{prelude::*, test_runner::TestRunner};
use raffle::{Raffle, announced, at, beacon, docs, draw};

/// Our verdict: the first thing that does not hold.
fn ours(text: &[u8], list: Option<&[u8]>) -> Result<(), Check> {
    let threads = NonZero::new(2).unwrap();
    let list = list.map(|text| List { text, threads, progress: &|_| () });
    let (record, checks) = report::verify(text, list);
    let fault = checks.into_iter().find(Check::fails);
    assert!(record.is_some() || fault.is_some());
    fault.map_or(Ok(()), Err)
}

/// The verdict of `docs/verify-draw.py` and what it printed; `None` on a machine without a Python.
fn pythons(raffle: &Raffle) -> Option<(bool, String)> {
    let folder = tempfile::tempdir().unwrap();
    let (record, list) = (folder.path().join("record.json"), folder.path().join("list.entrants"));
    std::fs::write(&record, raffle.record.canonical()).unwrap();
    std::fs::write(&list, &raffle.list).unwrap();
    let script = docs().join("verify-draw.py");
    let run = match Command::new("python3").arg(script).arg(record).arg(list).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        run => run.unwrap(),
    };
    let text = [run.stdout, run.stderr].concat();
    Some((run.status.success(), String::from_utf8(text).unwrap()))
}

/// A small raffle to damage.
fn sample() -> Raffle {
    let entrants = (1..=40).map(|n| (Entrant([n * 5; 16]), u64::from(n))).collect();
    let prizes = [("bike", "A bike", 1), ("mug", "A mug", 5)];
    draw(announced("sample", &prizes, 4), Hash::of(b"seed"), Some(beacon()), &entrants)
}

fn raffles() -> impl Strategy<Value = Raffle> {
    let tickets = prop_oneof![1..5_u64, 1..2000_u64, 1..1_u64 << 45];
    let entrants = proptest::collection::btree_map(any::<[u8; 16]>(), tickets, 0..120);
    let prizes = proptest::collection::vec(1..6_u64, 0..4);
    (entrants, prizes, 0..6_u64, any::<[u8; 32]>(), any::<bool>(), "[!-~]{1,30}").prop_map(
        |(entrants, counts, alternates, seed, public, id)| {
            let ids: Vec<String> = (1..=counts.len()).map(|n| format!("prize-{n}")).collect();
            let prizes: Vec<(&str, &str, u64)> = ids
                .iter()
                .zip(counts)
                .map(|(id, count)| (&**id, "Präis \"1\" \\ \u{1}", count))
                .collect();
            let entrants: BTreeMap<Entrant, u64> =
                entrants.into_iter().map(|(bytes, tickets)| (Entrant(bytes), tickets)).collect();
            let beacon = public.then(beacon);
            draw(announced(&id, &prizes, alternates), Hash(seed), beacon, &entrants)
        },
    )
}

/// Not by the macro: an environment that asks for more cases of everything would start a thousand Pythons.
#[test]
fn the_two_verifiers_agree_bit_for_bit_on_random_raffles() {
    let config =
        ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    let agree = |raffle: Raffle| {
        let text = raffle.record.canonical();
        prop_assert_eq!(ours(text.as_bytes(), Some(raffle.list.as_bytes())), Ok(()));
        let Some((holds, printed)) = pythons(&raffle) else { return Ok(()) };
        prop_assert!(holds, "{}\n{}\n{}", printed, text, raffle.list);
        for drawn in raffle.record.drawn() {
            let line = format!("{}, ticket {}", drawn.entrant, drawn.ticket);
            prop_assert!(printed.contains(&line), "{}", printed);
        }
        Ok(())
    };
    TestRunner::new(config).run(&raffles(), agree).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_verifier_panic(record: Vec<u8>, list: Vec<u8>, place: usize, byte: u8) {
        let _ = ours(&record, Some(&list));
        let Raffle { record, list: whole } = sample();
        let mut text = record.canonical().into_bytes();
        prop_assert!(ours(&text, Some(&list)).is_err());
        let place = place % text.len();
        let same = text[place] == byte;
        text[place] = byte;
        prop_assert_eq!(ours(&text, Some(whole.as_bytes())).is_ok(), same);
    }

    /// Numbers at the edges, where a forger would look for an overflow.
    #[test]
    fn no_record_of_a_forger_makes_the_verifier_panic(which in 0..12_usize, value in prop_oneof![Just(0), Just((1_u64 << 53) - 1), 0..100_u64]) {
        let Raffle { mut record, list } = sample();
        let places: [&mut u64; 12] = {
            let Record { announced, entrants, tickets, winners, reserves, beacon, .. } = &mut record;
            let Announced { alternates, prizes, .. } = announced;
            let [winner, ..] = &mut **winners else { unreachable!() };
            let [reserve, ..] = &mut **reserves else { unreachable!() };
            [
                entrants, tickets, alternates, &mut prizes[1].count, &mut winner.place, &mut winner.first,
                &mut winner.tickets, &mut winner.ticket, &mut winner.proof.index, &mut reserve.tickets,
                &mut reserve.first, &mut beacon.as_mut().unwrap().round,
            ]
        };
        let place = places.into_iter().nth(which).unwrap();
        let same = *place == value;
        *place = value;
        let verdict = ours(record.canonical().as_bytes(), Some(list.as_bytes()));
        prop_assert_eq!(verdict.is_ok(), same, "{:?}", verdict);
    }
}

#[test]
fn both_find_a_list_with_any_line_changed() {
    let Raffle { record, list } = sample();
    let lines: Vec<&str> = list.split_inclusive('\n').collect();
    for place in [0, 1, 17, 39] {
        let other: String = {
            let mut lines = lines.clone();
            lines.remove(place);
            lines.concat()
        };
        for list in [other, list.replacen(lines[place], &lines[place].replace(' ', "  "), 1)] {
            assert!(ours(record.canonical().as_bytes(), Some(list.as_bytes())).is_err());
            let Some((holds, printed)) = pythons(&Raffle { record: record.clone(), list }) else {
                return;
            };
            assert!(!holds && printed.contains("WRONG"), "{printed}");
        }
    }
}

#[test]
fn both_find_another_winner() {
    let Raffle { mut record, list } = sample();
    record.winners.swap(0, 1);
    assert!(ours(record.canonical().as_bytes(), None).is_err());
    let Some((holds, printed)) = pythons(&Raffle { record, list }) else { return };
    assert!(!holds && printed.contains("WRONG place 1, bike"), "{printed}");
}

#[test]
fn a_beacon_of_another_chain_or_round_is_found_though_all_else_follows_from_it() {
    let Raffle { record, .. } = sample();
    let entrants: BTreeMap<Entrant, u64> = (1..=9).map(|n| (Entrant([n; 16]), 1)).collect();
    let mut forged = beacon();
    // A signature of fastnet, with the randomness that belongs to it.
    "98401ef9833e75bf06fda3243e4fcf6d075d62b45c2a59d26df5d5fcbdfd0c14ee89fc035abd5528a8c25b68fbecae65"
        .clone_into(&mut forged.signature);
    forged.randomness = Hash::of(&forged.signature().unwrap());
    let prizes = [("mug", "A mug", 2)];
    let raffle =
        draw(announced("forged", &prizes, 0), record.operator_seed, Some(forged), &entrants);
    let fault = ours(raffle.record.canonical().as_bytes(), Some(raffle.list.as_bytes()));
    assert_eq!(
        fault.unwrap_err().outcome,
        Outcome::Fails(
            "the beacon's signature is not that of round 123 of drand's quicknet".to_owned()
        )
    );
}

#[test]
fn a_disqualified_winner_is_on_the_record_and_both_still_agree() {
    let Raffle { mut record, list } = sample();
    let winner = record.winners[0].entrant;
    let next = record.disqualify(winner, "Under age.".to_owned(), at("2023-08-24T09:00:00Z"));
    assert_eq!(next, Ok(Some(record.reserves[0].entrant)));
    assert_eq!(ours(record.canonical().as_bytes(), Some(list.as_bytes())), Ok(()));
    assert!(pythons(&Raffle { record, list }).is_none_or(|(holds, _)| holds));
}
