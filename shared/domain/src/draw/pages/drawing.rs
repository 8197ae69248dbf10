//! Draws from pages: says which it needs, and checks each against the page above it.

use std::collections::BTreeMap;

use super::{ENTRIES, Page, PageId};
use crate::draw::{
    hash::Hash,
    list::{Entrant, Summary},
    merkle::{self, Proof},
    sampler::Counter,
    sequence::{Range, Sequence},
};

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
pub(super) fn top_level(entrants: u64) -> u8 {
    let mut pages = entrants.div_ceil(ENTRIES);
    let mut level = 0_u8;
    while pages > 1 {
        pages = pages.div_ceil(ENTRIES);
        level = level.saturating_add(1);
    }
    level
}
