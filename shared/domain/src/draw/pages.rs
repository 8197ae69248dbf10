//! The frozen list as a tree of pages, so that a draw of k winners reads some 2k pages and not the list.
//!
//! A leaf page holds up to 1024 entrants and their tickets; an inner page, for up to 1024 pages of the level below, how many tickets
//! each holds and the root of its Merkle subtree. 1024 is a power of two, so pages are subtrees of RFC 9162, and inclusion proofs
//! come from the same pages. A raffle of 2^30 entrants has three levels: the draw reads the top once, and for each winner at most
//! one page of each level below.

use std::collections::BTreeMap;

use super::{
    TICKETS_MAX,
    hash::{Hash, Leaves},
    list::{Entrant, Line, Summary},
    merkle::{self, Proof},
    sampler::Counter,
    sequence::{Range, Sequence},
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

/// Why an entrant cannot be added to a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNext {
    /// They are the entrant before, or sort before them.
    #[error("entrant {0} does not come after the one before")]
    NotSorted(Entrant),
    /// They have no tickets.
    #[error("entrant {0} has no tickets")]
    NoTickets(Entrant),
    /// There would be more than [`TICKETS_MAX`] tickets.
    #[error("with entrant {0}, there are 2^53 tickets or more")]
    TooManyTickets(Entrant),
}

/// Makes the pages of a list from its entrants, in order, in memory for one page of each level.
///
/// A run that was interrupted goes on from [`Builder::to_bytes`], stored together with the pages given out before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Builder {
    entrants: u64,
    tickets: u64,
    last: Option<Entrant>,
    leaves: Vec<(Entrant, u64)>,
    /// The unfinished page of each level above the leaves, and how many of the level came before it.
    above: Vec<(u64, Vec<(u64, Hash)>)>,
}

impl Builder {
    /// Adds the next entrant; the pages that became complete.
    pub fn push(&mut self, entrant: Entrant, tickets: u64) -> Result<Vec<(PageId, Page)>, NotNext> {
        if self.last.is_some_and(|last| entrant <= last) {
            return Err(NotNext::NotSorted(entrant));
        }
        if tickets == 0 {
            return Err(NotNext::NoTickets(entrant));
        }
        let total = self.tickets.checked_add(tickets).filter(|total| *total <= TICKETS_MAX);
        let total = total.ok_or(NotNext::TooManyTickets(entrant))?;
        // A full page waits for the next entrant, so that a level is begun only if it is needed.
        let mut done = Vec::new();
        if self.leaves.len() == FAN_OUT {
            self.turn_leaf(&mut done);
        }
        self.leaves.push((entrant, tickets));
        self.entrants = self.entrants.saturating_add(1);
        self.tickets = total;
        self.last = Some(entrant);
        Ok(done)
    }

    /// Ends the list: the last pages, and what the list came to.
    pub fn finish(mut self) -> (Vec<(PageId, Page)>, Summary) {
        let mut done = Vec::new();
        let mut root = Hash::of(b"");
        if self.above.is_empty() && !self.leaves.is_empty() {
            let page = Page::Leaf(std::mem::take(&mut self.leaves));
            root = merkle::root(page.hashes(0));
            done.push((PageId { level: 0, number: 0 }, page));
        } else if !self.leaves.is_empty() {
            self.turn_leaf(&mut done);
            let mut level = 0;
            while level < self.above.len() {
                if level.saturating_add(1) == self.above.len() {
                    let page = self.take(level);
                    root = merkle::root(page.1.hashes(0));
                    done.push(page);
                } else {
                    self.turn(level, &mut done);
                }
                level = level.saturating_add(1);
            }
        }
        (done, Summary { entrants: self.entrants, tickets: self.tickets, root })
    }

    /// Closes the leaf page.
    fn turn_leaf(&mut self, done: &mut Vec<(PageId, Page)>) {
        let entries = std::mem::take(&mut self.leaves);
        let tickets = entries.iter().map(|(_, tickets)| *tickets).sum();
        let page = Page::Leaf(entries);
        let first = self.tickets.saturating_sub(tickets);
        let root = merkle::root(page.hashes(first));
        let number = self.entrants.saturating_sub(1) / ENTRIES;
        done.push((PageId { level: 0, number }, page));
        self.note(0, (tickets, root), done);
    }

    /// Closes the unfinished page of `above[level]`.
    fn turn(&mut self, level: usize, done: &mut Vec<(PageId, Page)>) {
        let (id, page) = self.take(level);
        let entry = (page.tickets().sum(), merkle::root(page.hashes(0)));
        done.push((id, page));
        self.note(level.saturating_add(1), entry, done);
    }

    fn take(&mut self, level: usize) -> (PageId, Page) {
        let (number, entries) = self.above.get_mut(level).map_or((0, Vec::new()), |above| {
            let number = above.0;
            above.0 = above.0.saturating_add(1);
            (number, std::mem::take(&mut above.1))
        });
        let level = u8::try_from(level.saturating_add(1)).unwrap_or(u8::MAX);
        (PageId { level, number }, Page::Inner(entries))
    }

    /// Notes a finished page in the level above it.
    fn note(&mut self, level: usize, entry: (u64, Hash), done: &mut Vec<(PageId, Page)>) {
        if self.above.len() <= level {
            self.above.push((0, Vec::new()));
        }
        if self.above.get(level).is_some_and(|(_, entries)| entries.len() == FAN_OUT) {
            self.turn(level, done);
        }
        if let Some((_, entries)) = self.above.get_mut(level) {
            entries.push(entry);
        }
    }

    /// What has to be kept to go on later: at most 24 KiB and 40 KiB for each level above the leaves.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(self.entrants.to_be_bytes());
        bytes.extend(self.tickets.to_be_bytes());
        bytes.push(u8::from(self.last.is_some()));
        bytes.extend(self.last.map_or([0; 16], |last| last.0));
        let mut page = |number: u64, page: Page| {
            let page = page.to_bytes();
            bytes.extend(number.to_be_bytes());
            bytes.extend((page.len() as u64).to_be_bytes());
            bytes.extend(page);
        };
        page(0, Page::Leaf(self.leaves.clone()));
        for (number, entries) in &self.above {
            page(*number, Page::Inner(entries.clone()));
        }
        bytes
    }

    /// Goes on from what [`Builder::to_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidPage> {
        fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], InvalidPage> {
            let (taken, rest) = bytes.split_first_chunk().ok_or(InvalidPage)?;
            *bytes = rest;
            Ok(*taken)
        }
        let rest = &mut &*bytes;
        let entrants = u64::from_be_bytes(take(rest)?);
        let tickets = u64::from_be_bytes(take(rest)?);
        let [some] = take(rest)?;
        let last = Some(Entrant(take(rest)?)).filter(|_| some == 1);
        let mut builder = Self { entrants, tickets, last, ..Self::default() };
        let mut level = 0_u8;
        while !rest.is_empty() {
            let number = u64::from_be_bytes(take(rest)?);
            let length =
                usize::try_from(u64::from_be_bytes(take(rest)?)).map_err(|_| InvalidPage)?;
            let (page, after) = rest.split_at_checked(length).ok_or(InvalidPage)?;
            *rest = after;
            match Page::from_bytes(level, page)? {
                Page::Leaf(entries) => builder.leaves = entries,
                Page::Inner(entries) => builder.above.push((number, entries)),
            }
            level = level.checked_add(1).ok_or(InvalidPage)?;
        }
        Ok(builder)
    }
}

/// One who was drawn, with the proof that they hold the ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Who.
    pub entrant: Entrant,
    /// Their tickets.
    pub range: Range,
    /// The ticket that was drawn.
    pub ticket: u64,
    /// That they hold these tickets.
    pub proof: Proof,
}

/// What the draw needs next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// This page, by [`Drawing::supply`].
    Read(PageId),
    /// Nothing: all wanted are drawn, or nobody is left.
    Done(Vec<Drawn>),
}

/// The page is not the one that was frozen, or not the one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("page {number} of level {level} is not the one that was frozen")]
pub struct WrongPage {
    /// Its level.
    pub level: u8,
    /// Its number.
    pub number: u64,
}

/// A draw over frozen pages: it says which page it needs, the caller reads it, with or without waiting.
///
/// Every page is checked against the page above it, the top against the root: a damaged page ends the draw, it never decides it.
#[derive(Debug, Clone)]
pub struct Drawing {
    list: Summary,
    wanted: usize,
    sequence: Sequence<Counter>,
    drawn: Vec<Drawn>,
    /// Inner pages, and as many leaf pages as [`LEAVES_KEPT`].
    pages: BTreeMap<PageId, Page>,
    asked: Option<Asked>,
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    id: PageId,
    first: u64,
    tickets: u64,
    root: Hash,
}

/// So many leaf pages stay in memory, for raffles so small that winners share them.
const LEAVES_KEPT: usize = 64;

impl Drawing {
    /// Draws at most `wanted` from `list` by the draw's seed.
    pub fn new(list: Summary, draw_seed: Hash, wanted: usize) -> Self {
        let sequence = Sequence::new(Counter::new(draw_seed), list.tickets);
        let (drawn, pages) = (Vec::new(), BTreeMap::new());
        Self { list, wanted, sequence, drawn, pages, asked: None }
    }

    /// Goes on as far as the pages at hand allow. If a page was asked for and not supplied, it is asked for again.
    pub fn step(&mut self) -> Result<Step, WrongPage> {
        while self.drawn.len() < self.wanted
            && let Some(ticket) = self.sequence.ticket()
        {
            match self.look_up(ticket)? {
                Found::Missing(asked) => {
                    self.asked = Some(asked);
                    return Ok(Step::Read(asked.id));
                }
                Found::Holder(drawn) => {
                    let wrong = WrongPage { level: 0, number: drawn.proof.index / ENTRIES };
                    self.sequence.leave_out(drawn.range).map_err(|_| wrong)?;
                    self.drawn.push(drawn);
                }
            }
        }
        Ok(Step::Done(self.drawn.clone()))
    }

    /// Takes the page that [`Drawing::step`] asked for.
    pub fn supply(&mut self, page: Page) -> Result<(), WrongPage> {
        let Some(asked) = self.asked.take() else { return Ok(()) };
        let id = asked.id;
        let wrong = WrongPage { level: id.level, number: id.number };
        let of_the_level = matches!(page, Page::Leaf(_)) == (id.level == 0);
        let tickets = page.tickets().try_fold(0_u64, u64::checked_add);
        if !of_the_level
            || tickets != Some(asked.tickets)
            || merkle::root(page.hashes(asked.first)) != asked.root
        {
            return Err(wrong);
        }
        let inner = PageId { level: 1, number: 0 };
        if id.level == 0 && self.pages.range(..inner).count() >= LEAVES_KEPT {
            self.pages.pop_first();
        }
        self.pages.insert(id, page);
        Ok(())
    }

    /// Goes down from the top to the holder of a ticket.
    fn look_up(&self, ticket: u64) -> Result<Found, WrongPage> {
        let top = top_level(self.list.entrants);
        let id = PageId { level: top, number: 0 };
        let Summary { tickets, root, .. } = self.list;
        let mut asked = Asked { id, first: 0, tickets, root };
        let mut path = Vec::new();
        loop {
            let id = asked.id;
            let wrong = WrongPage { level: id.level, number: id.number };
            let Some(page) = self.pages.get(&id) else { return Ok(Found::Missing(asked)) };
            let (place, range) = entry(page, asked.first, ticket).ok_or(wrong)?;
            let siblings = merkle::path(page.hashes(asked.first), place).ok_or(wrong)?;
            path.splice(..0, siblings);
            let number = id.number.saturating_mul(ENTRIES).saturating_add(place as u64);
            match page {
                Page::Leaf(entries) => {
                    let (entrant, _) = *entries.get(place).ok_or(wrong)?;
                    let proof = Proof { index: number, path };
                    return Ok(Found::Holder(Drawn { entrant, range, ticket, proof }));
                }
                Page::Inner(entries) => {
                    let (tickets, root) = *entries.get(place).ok_or(wrong)?;
                    let id = PageId { level: id.level.checked_sub(1).ok_or(wrong)?, number };
                    asked = Asked { id, first: range.first, tickets, root };
                }
            }
        }
    }
}

enum Found {
    Missing(Asked),
    Holder(Drawn),
}

/// The entry of a page that holds a ticket, if `first` tickets come before the page.
fn entry(page: &Page, mut first: u64, ticket: u64) -> Option<(usize, Range)> {
    for (place, tickets) in page.tickets().enumerate() {
        let range = Range { first, tickets };
        if range.contains(ticket) {
            return Some((place, range));
        }
        first = first.saturating_add(tickets);
    }
    None
}

/// The level of the one page at the top.
fn top_level(entrants: u64) -> u8 {
    let mut pages = entrants.div_ceil(ENTRIES);
    let mut level = 0_u8;
    while pages > 1 {
        pages = pages.div_ceil(ENTRIES);
        level = level.saturating_add(1);
    }
    level
}

#[cfg(test)]
mod tests {
    use super::*;

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
