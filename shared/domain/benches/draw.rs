//! Draws 100 winners of 100 million tickets from frozen pages: how many pages it reads, and how long it computes.
//!
//! `cargo bench -p guerdon-domain --bench draw`. Ten million entrants with ten tickets each; the pages lie in memory as the bytes
//! that a store would keep.
#![expect(clippy::disallowed_methods, reason = "a benchmark has a clock, the domain has none")]

use std::{collections::BTreeMap, time::Instant};

use guerdon_domain::draw::{
    hash::Hash,
    list::Entrant,
    pages::{Builder, Drawing, Page, PageId, Step},
};

const ENTRANTS: u64 = 10_000_000;
const TICKETS: u64 = 10;
const WINNERS: usize = 100;

fn main() {
    let start = Instant::now();
    let mut builder = Builder::default();
    let mut pages: BTreeMap<PageId, Vec<u8>> = BTreeMap::new();
    for n in 0..ENTRANTS {
        let mut entrant = [0; 16];
        entrant[..8].copy_from_slice(&n.to_be_bytes());
        let done = builder.push(Entrant(entrant), TICKETS).expect("in order");
        pages.extend(done.into_iter().map(|(id, page)| (id, page.to_bytes())));
    }
    let (done, list) = builder.finish();
    pages.extend(done.into_iter().map(|(id, page)| (id, page.to_bytes())));
    let built = start.elapsed().as_millis();
    println!("entrants: {}, tickets: {}, pages: {}", list.entrants, list.tickets, pages.len());
    println!("frozen, on one core, in ms:               {built}");

    let mut rounds: Vec<(u128, usize)> = (0..9_u8)
        .map(|round| {
            let start = Instant::now();
            let mut reads = 0;
            let mut drawing = Drawing::new(list, Hash::of(&[round]), WINNERS);
            let drawn = loop {
                match drawing.step().expect("the pages are as they were frozen") {
                    Step::Done(drawn) => break drawn,
                    Step::Read(id) => {
                        reads += 1;
                        let page = Page::from_bytes(id.level, &pages[&id]).expect("a page");
                        drawing.supply(page).expect("the page asked for");
                    }
                }
            };
            assert_eq!(drawn.len(), WINNERS);
            (start.elapsed().as_micros(), reads)
        })
        .collect();
    rounds.sort_unstable();
    let most = rounds.iter().map(|(_, reads)| reads).max().expect("nine rounds");
    println!("{WINNERS} winners drawn and proven, median, in us:  {}", rounds[4].0);
    println!("pages read, at most of nine draws:        {most}");
}
