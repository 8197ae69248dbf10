//! The frozen list as a tree of pages, so that a draw of k winners reads some 2k pages and not the list.
//!
//! A leaf page holds up to 1024 entrants and their tickets; an inner page, for up to 1024 pages of the level below, how many tickets
//! each holds and the root of its Merkle subtree. 1024 is a power of two, so pages are subtrees of RFC 9162, and inclusion proofs
//! come from the same pages. A raffle of 2^30 entrants has three levels: the draw reads the top once, and for each winner at most
//! one page of each level below.

mod builder;
mod drawing;
mod place;

pub use self::{
    builder::{Builder, NotNext},
    drawing::{Drawing, Drawn, Step, WrongPage},
    place::{Next, Place},
};
use super::{
    hash::{Hash, Leaves},
    list::{Entrant, Line},
    sequence::Range,
};

/// How many entries a page has; only the last of a level has fewer.
pub const FAN_OUT: usize = 1024;

/// The same, to count with.
const ENTRIES: u64 = 1024;

/// Where a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageId {
    /// 0 for leaf pages.
    pub level: u8,
    /// From 0, in the list's order.
    pub number: u64,
}

/// A frozen page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// Entrants and their tickets, in the list's order.
    Leaf(Vec<(Entrant, u64)>),
    /// The tickets and the Merkle root of each page below, in order.
    Inner(Vec<(u64, Hash)>),
}

/// A page's bytes are not those of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not a page of this level")]
pub struct InvalidPage;

impl Page {
    /// Its bytes: entrant (16) and tickets (8, big-endian), or tickets (8) and root (32), for each entry; at most 40 KiB.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self {
            Self::Leaf(entries) => entries.iter().for_each(|(entrant, tickets)| {
                bytes.extend(entrant.0);
                bytes.extend(tickets.to_be_bytes());
            }),
            Self::Inner(entries) => entries.iter().for_each(|(tickets, root)| {
                bytes.extend(tickets.to_be_bytes());
                bytes.extend(root.0);
            }),
        }
        bytes
    }

    /// Reads the bytes of a page of `level`.
    pub fn from_bytes(level: u8, bytes: &[u8]) -> Result<Self, InvalidPage> {
        if level == 0 {
            let (entries, []) = bytes.as_chunks::<24>() else { return Err(InvalidPage) };
            let entries = entries.iter().map(|entry| {
                let (entrant, tickets) = entry.split_first_chunk().ok_or(InvalidPage)?;
                let tickets = tickets.try_into().map_err(|_| InvalidPage)?;
                Ok((Entrant(*entrant), u64::from_be_bytes(tickets)))
            });
            return entries.collect::<Result<_, _>>().map(Self::Leaf);
        }
        let (entries, []) = bytes.as_chunks::<40>() else { return Err(InvalidPage) };
        let entries = entries.iter().map(|entry| {
            let (tickets, root) = entry.split_first_chunk().ok_or(InvalidPage)?;
            let root = root.try_into().map_err(|_| InvalidPage)?;
            Ok((u64::from_be_bytes(*tickets), Hash(root)))
        });
        entries.collect::<Result<_, _>>().map(Self::Inner)
    }

    /// The lines of a leaf page, if `first` tickets come before it.
    pub fn lines(&self, first: u64) -> Vec<Line> {
        let Self::Leaf(entries) = self else { return Vec::new() };
        let mut first = first;
        let mut lines = Vec::with_capacity(entries.len());
        for (entrant, tickets) in entries {
            let range = Range { first, tickets: *tickets };
            lines.push(Line { range, entrant: *entrant });
            first = first.saturating_add(*tickets);
        }
        lines
    }

    /// The tickets of each entry, in order.
    fn tickets(&self) -> Box<dyn Iterator<Item = u64> + '_> {
        match self {
            Self::Leaf(entries) => Box::new(entries.iter().map(|(_, tickets)| *tickets)),
            Self::Inner(entries) => Box::new(entries.iter().map(|(tickets, _)| *tickets)),
        }
    }

    /// The Merkle hash of each entry, if `first` tickets come before the page.
    fn hashes(&self, first: u64) -> Vec<Hash> {
        match self {
            Self::Leaf(entries) => {
                let mut first = first;
                let mut leaves = Leaves::with_capacity(entries.len());
                for (entrant, tickets) in entries {
                    let range = Range { first, tickets: *tickets };
                    leaves.push(Line { range, entrant: *entrant }.to_string().as_bytes());
                    first = first.saturating_add(*tickets);
                }
                leaves.finish()
            }
            Self::Inner(entries) => entries.iter().map(|(_, root)| *root).collect(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::draw::{TICKETS_MAX, list::Summary, merkle, sampler::Counter, sequence::Sequence};

    /// A list whose entrants are numbers, with their tickets.
    fn entrant(n: u64) -> Entrant {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        Entrant(bytes)
    }

    fn tickets(n: u64) -> u64 {
        n % 5 + 1
    }

    fn build(entrants: u64) -> (BTreeMap<PageId, Page>, Summary) {
        let mut builder = Builder::default();
        let mut pages = BTreeMap::new();
        for n in 0..entrants {
            pages.extend(builder.push(entrant(n), tickets(n)).unwrap());
        }
        let (last, summary) = builder.finish();
        pages.extend(last);
        (pages, summary)
    }

    /// Draws, and counts the pages read.
    fn draw(
        pages: &BTreeMap<PageId, Page>,
        list: Summary,
        wanted: usize,
    ) -> Result<(Vec<Drawn>, usize), WrongPage> {
        let mut drawing = Drawing::new(list, Hash::of(b"seed"), wanted);
        let mut reads = 0;
        loop {
            match drawing.step()? {
                Step::Read(id) => {
                    reads += 1;
                    drawing.supply(pages[&id].clone())?;
                }
                Step::Done(drawn) => {
                    assert_eq!(drawing.step(), Ok(Step::Done(drawn.clone())), "it ends once");
                    return Ok((drawn, reads));
                }
            }
        }
    }

    /// The lines of the list, one by one.
    fn lines(entrants: u64) -> Vec<Line> {
        let mut first = 0;
        let line = |n| {
            let range = Range { first, tickets: tickets(n) };
            first += tickets(n);
            Line { range, entrant: entrant(n) }
        };
        (0..entrants).map(line).collect()
    }

    #[test]
    fn pages_of_any_number_of_entrants_have_the_lists_root_and_prove_its_lines() {
        for entrants in [0, 1, 2, 1023, 1024, 1025, 2048, 2049, 5000, 1_048_576, 1_048_577] {
            let (pages, summary) = build(entrants);
            let lines = lines(entrants);
            let leaves = lines.iter().map(Line::leaf).collect();
            assert_eq!(summary.root, merkle::root(leaves), "{entrants}");
            assert_eq!(summary.entrants, entrants);
            let (drawn, reads) = draw(&pages, summary, 7).unwrap();
            assert_eq!(drawn.len() as u64, entrants.min(7));
            assert!(reads <= 2 * drawn.len() + 1, "{reads} reads of {entrants}");
            for drawn in drawn {
                let line = lines[usize::try_from(drawn.proof.index).unwrap()];
                assert_eq!((line.entrant, line.range), (drawn.entrant, drawn.range));
                assert_eq!(drawn.proof.root(line.leaf(), entrants), Some(summary.root));
                assert!(line.range.contains(drawn.ticket));
            }
        }
    }

    #[test]
    fn everybody_is_drawn_once_from_pages_as_from_the_list() {
        let (pages, summary) = build(3_000);
        let lines = lines(3_000);
        let (drawn, _) = draw(&pages, summary, 4_000).unwrap();
        assert_eq!(drawn.len(), 3_000);
        let mut sequence = Sequence::new(Counter::new(Hash::of(b"seed")), summary.tickets);
        for drawn in drawn {
            assert_eq!(sequence.ticket(), Some(drawn.ticket));
            let line = lines.iter().find(|line| line.range.contains(drawn.ticket)).unwrap();
            assert_eq!(line.entrant, drawn.entrant);
            sequence.leave_out(line.range).unwrap();
        }
    }

    #[test]
    fn a_builder_goes_on_from_its_bytes_wherever_it_was_interrupted() {
        let (expected, summary) = build(5_000);
        for stop in [0, 1, 1023, 1024, 1025, 3_000, 4_999] {
            let mut builder = Builder::default();
            let mut pages = BTreeMap::new();
            for n in 0..5_000 {
                if n == stop {
                    let bytes = builder.to_bytes();
                    let again = Builder::from_bytes(&bytes).unwrap();
                    assert_eq!(again, builder);
                    builder = again;
                }
                for (id, page) in builder.push(entrant(n), tickets(n)).unwrap() {
                    let bytes = page.to_bytes();
                    assert_eq!(Page::from_bytes(id.level, &bytes), Ok(page.clone()));
                    pages.insert(id, page);
                }
            }
            let (last, found) = builder.finish();
            pages.extend(last);
            assert_eq!((&pages, found), (&expected, summary));
        }
        assert_eq!(Builder::from_bytes(b"short"), Err(InvalidPage));
        assert_eq!(Page::from_bytes(0, &[0; 25]), Err(InvalidPage));
        assert_eq!(Page::from_bytes(1, &[0; 24]), Err(InvalidPage));
    }

    #[test]
    fn a_damaged_page_ends_the_draw() {
        let (pages, summary) = build(3_000);
        for id in pages.keys() {
            let mut damaged = pages.clone();
            match damaged.get_mut(id).unwrap() {
                Page::Leaf(entries) => {
                    let (one, other) = (entries[0].1, entries[1].1);
                    (entries[0].1, entries[1].1) = (other, one);
                }
                Page::Inner(entries) => entries[0].1.0[0] ^= 1,
            }
            let wrong = WrongPage { level: id.level, number: id.number };
            assert_eq!(draw(&damaged, summary, 3_000), Err(wrong));
        }
    }

    #[test]
    fn only_the_next_entrant_is_taken() {
        let mut builder = Builder::default();
        builder.push(entrant(5), 1).unwrap();
        let kept = builder.clone();
        let (same, before, next) = (entrant(5), entrant(4), entrant(6));
        assert_eq!(builder.push(same, 1), Err(NotNext::NotSorted(same)));
        assert_eq!(builder.push(before, 1), Err(NotNext::NotSorted(before)));
        assert_eq!(builder.push(next, 0), Err(NotNext::NoTickets(next)));
        assert_eq!(builder.push(next, TICKETS_MAX), Err(NotNext::TooManyTickets(next)));
        assert_eq!(builder, kept, "a refusal changes nothing");
        assert!(builder.push(next, TICKETS_MAX - 1).is_ok());
    }
}
