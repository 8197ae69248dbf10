//! Raffles for tests: drawn from their pages, with the text of their list.

use guerdon_domain::draw::{
    beacon::Beacon,
    draw_seed,
    hash::Hash,
    list::{Entrant, Line},
    pages::{Builder, Drawing, PageId, Step},
    record::{Announced, Prize, Record},
    sequence::Range,
};
use jiff::Timestamp;
use std::{collections::BTreeMap, path::PathBuf, sync::LazyLock};

/// A record and its list's text.
#[derive(Debug)]
pub(crate) struct Raffle {
    pub(crate) record: Record,
    pub(crate) list: String,
}

/// The folder of the documents.
pub(crate) fn docs() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs"))
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Quicknet's round 123, as published. Verified once: pairings are slow in this profile.
pub(crate) fn beacon() -> Beacon {
    static BEACON: LazyLock<Beacon> = LazyLock::new(|| {
        let signature = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";
        guerdon_verifier::beacon::received(123, signature).unwrap()
    });
    BEACON.clone()
}

/// A raffle with these prizes, drawn at round 123.
pub(crate) fn announced(raffle: &str, prizes: &[(&str, &str, u64)], alternates: u64) -> Announced {
    let prize = |(id, name, count): &(&str, &str, u64)| Prize {
        id: (*id).to_owned(),
        name: (*name).to_owned(),
        count: *count,
    };
    Announced {
        raffle: raffle.to_owned(),
        name: "Summer raffle".to_owned(),
        programme_version: 1,
        prizes: prizes.iter().map(prize).collect(),
        alternates,
        opens: at("2023-08-01T00:00:00Z"),
        closes: at("2023-08-23T15:00:00Z"),
        draws: at("2023-08-23T15:15:33Z"),
    }
}

/// Freezes the entrants and draws.
pub(crate) fn draw(
    announced: Announced,
    operator_seed: Hash,
    beacon: Option<Beacon>,
    entrants: &BTreeMap<Entrant, u64>,
) -> Raffle {
    let mut builder = Builder::default();
    let mut pages: BTreeMap<PageId, _> = BTreeMap::new();
    let (mut first, mut list) = (0, String::new());
    for (entrant, tickets) in entrants {
        pages.extend(builder.push(*entrant, *tickets).unwrap());
        let line = Line { range: Range { first, tickets: *tickets }, entrant: *entrant };
        list.extend([line.to_string(), "\n".to_owned()]);
        first += tickets;
    }
    let (rest, summary) = builder.finish();
    pages.extend(rest);
    let randomness = beacon.as_ref().map(|beacon| &beacon.randomness);
    let seed = draw_seed(&announced.raffle, &summary.root, &operator_seed, randomness);
    let mut drawing =
        Drawing::new(summary, seed, usize::try_from(announced.wanted()).unwrap_or(usize::MAX));
    let drawn = loop {
        match drawing.step().unwrap() {
            Step::Read(id) => drawing.supply(pages[&id].clone()).unwrap(),
            Step::Done(drawn) => break drawn,
        }
    };
    Raffle { record: Record::new(announced, summary, operator_seed, beacon, drawn), list }
}
