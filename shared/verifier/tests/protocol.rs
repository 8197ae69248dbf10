//! The worked example of `docs/draw-protocol.md`, recomputed: `GUERDON_BLESS=1` writes it anew.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod raffle;

use std::{fmt::Write, fs, num::NonZero};

use guerdon_domain::draw::{
    commitment,
    hash::Hash,
    list::Entrant,
    record::Record,
    sampler::{Counter, Words},
};
use guerdon_verifier::report::{self, List, Outcome};
use raffle::{Raffle, announced, beacon, docs, draw};

const HEADING: &str = "## Worked example\n";

/// Five entrants, chosen with a seed for which a word is thrown away and tickets are passed over.
fn example() -> Raffle {
    let pseudonym = |name: &str| {
        let hash = Hash::of(name.as_bytes());
        Entrant(*hash.0.first_chunk().unwrap())
    };
    let people = [("Ada", 3), ("Blaise", 1), ("Carl", 4), ("Daniel", 1), ("Emmy", 2)];
    let entrants = people.map(|(name, tickets)| (pseudonym(name), tickets)).into();
    let prizes = [("bike", "A bike", 1), ("mug", "A mug", 1)];
    draw(announced("example", &prizes, 1), Hash([SEED; 32]), Some(beacon()), &entrants)
}

const SEED: u8 = 7;

/// The example as the document has it.
fn worked(Raffle { record, list }: &Raffle) -> String {
    let mut text = format!("{HEADING}
[draw-example.json](draw-example.json) is the record, [draw-example.entrants](draw-example.entrants) the list. A test recomputes all values
below.

The operator seed is the byte 0x{SEED:02x}, 32 times. Its commitment is

    {commitment}

The list:

{list}
The hashes of its lines, and of the nodes above them: of 0 and 1, of 2 and 3, of these two, and with line 4 the root.

", commitment = commitment(&record.operator_seed), list = indented(list));
    let leaves: Vec<Hash> = list.lines().map(|line| Hash::leaf(line.as_bytes())).collect();
    let [zero, one, two, three, four] = *leaves.as_array().unwrap();
    let (left, right) = (Hash::node(&zero, &one), Hash::node(&two, &three));
    let all = Hash::node(&left, &right);
    let root = Hash::node(&all, &four);
    assert_eq!(root, record.root);
    for (name, hash) in [
        ("line 0", zero),
        ("line 1", one),
        ("line 2", two),
        ("line 3", three),
        ("line 4", four),
        ("0 to 1", left),
        ("2 to 3", right),
        ("0 to 3", all),
        ("root", root),
    ] {
        writeln!(text, "    {name}  {}{hash}", " ".repeat(6 - name.len())).unwrap();
    }
    let beacon = record.beacon.as_ref().unwrap();
    write!(
        text,
        "
Round {} of the beacon is the first at or after {}. Its signature, and the randomness:

    {}
    {}

The text whose hash is the draw seed, and the draw seed:

    {}
    {}
    {root}
    {}
    {}

    {}

The draw. Of each word, the top b bits are compared with n, the tickets that remain.

| i | W(i), hex | n | b | value | | `ticket` | entrant |
|--:|---|--:|--:|--:|---|--:|---|
",
        beacon.round,
        record.announced.draws,
        beacon.signature,
        beacon.randomness,
        record.protocol,
        record.announced.raffle,
        record.operator_seed,
        beacon.randomness,
        record.draw_seed
    )
    .unwrap();
    rows(record, &mut text);
    let places =
        record.winners.iter().map(|winner| format!("{} wins the {}", winner.entrant, winner.prize));
    let reserves =
        record.reserves.iter().map(|reserve| format!("{} is the alternate", reserve.entrant));
    let told: Vec<String> = places.chain(reserves).collect();
    let path: Vec<String> = record.winners[0].proof.path.iter().map(Hash::to_string).collect();
    write!(
        text,
        "
So {}. The proof of place 1 has the index {} and the path

    {}

The record's digest is

    {}
",
        told.join(", "),
        record.winners[0].proof.index,
        path.join("\n    "),
        record.digest()
    )
    .unwrap();
    text
}

/// The words taken, by the rule of section 6, written out once more.
fn rows(record: &Record, text: &mut String) {
    let mut words = Counter::new(record.draw_seed);
    let mut remaining = record.tickets;
    let mut i = 0;
    for drawn in record.drawn() {
        let bits = 64 - (remaining - 1).leading_zeros();
        loop {
            let word = words.word();
            let value = word.checked_shr(64 - bits).unwrap_or(0);
            write!(text, "| {i} | `{word:016x}` | {remaining} | {bits} | {value} |").unwrap();
            i += 1;
            if value < remaining {
                writeln!(text, " taken | {} | `{}` |", drawn.ticket, drawn.entrant).unwrap();
                break;
            }
            writeln!(text, " thrown away | | |").unwrap();
        }
        remaining -= drawn.range.tickets;
    }
}

fn indented(text: &str) -> String {
    text.lines().flat_map(|line| ["    ", line, "\n"]).collect()
}

#[test]
fn the_worked_example_is_what_the_protocol_gives() {
    let example = example();
    let [page, record, list] = ["draw-protocol.md", "draw-example.json", "draw-example.entrants"]
        .map(|name| docs().join(name));
    let found = fs::read_to_string(&page).unwrap();
    let (before, _) = found.split_once(HEADING).unwrap();
    let expected = format!("{before}{}", worked(&example));
    if std::env::var_os("GUERDON_BLESS").is_some() {
        fs::write(&page, &expected).unwrap();
        fs::write(&record, example.record.canonical()).unwrap();
        fs::write(&list, &example.list).unwrap();
    }
    assert_eq!(fs::read_to_string(page).unwrap(), expected);
    assert_eq!(fs::read_to_string(record).unwrap(), example.record.canonical());
    assert_eq!(fs::read_to_string(list).unwrap(), example.list);
    assert!(expected.contains("thrown away"), "the example shows a word that is thrown away");
}

#[test]
fn the_worked_example_is_verified() {
    let text = fs::read(docs().join("draw-example.json")).unwrap();
    let list = fs::File::open(docs().join("draw-example.entrants")).unwrap();
    let list = List { text: list, threads: NonZero::<usize>::MIN, progress: &|_| () };
    let (_, checks) = report::verify(&text, Some(list));
    assert!(checks.iter().all(|check| check.outcome == Outcome::Holds), "{checks:#?}");
}
