//! Makes the pages of a list, from its entrants in order.

use super::{ENTRIES, FAN_OUT, InvalidPage, Page, PageId};
use crate::draw::{
    TICKETS_MAX,
    hash::Hash,
    list::{Entrant, Summary},
    merkle,
};

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
