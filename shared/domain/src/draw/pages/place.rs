//! Where an entrant stands in frozen pages, with the proof: a binary search over the leaf pages, then the pages above.

use super::{ENTRIES, Page, PageId, drawing::top_level};
use crate::draw::{
    list::{Entrant, Summary},
    merkle::{self, Proof},
    sequence::Range,
};

/// What the search needs next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// This page, by [`Place::supply`].
    Read(PageId),
    /// Nothing: here they are, or they are not on the list.
    Found(Option<(Range, Proof)>),
}

/// A search for an entrant. Each page is read once: of ten million entrants' pages about sixteen.
#[derive(Debug, Clone)]
pub struct Place {
    entrant: Entrant,
    entrants: u64,
    /// Leaf pages that may hold them: from, and before.
    leaves: (u64, u64),
    /// The leaf page that holds them, their place on it, and the pages above, from below.
    path: Vec<Page>,
    at: Option<(u64, usize)>,
    absent: bool,
}

impl Place {
    /// A search for an entrant of a list.
    pub fn new(list: Summary, entrant: Entrant) -> Self {
        let leaves = (0, list.entrants.div_ceil(ENTRIES));
        let (entrants, absent) = (list.entrants, list.entrants == 0);
        Self { entrant, entrants, leaves, path: Vec::new(), at: None, absent }
    }

    /// What is needed next.
    pub fn next(&self) -> Next {
        if self.absent {
            return Next::Found(None);
        }
        let Some((number, place)) = self.at else {
            let (from, before) = self.leaves;
            return Next::Read(PageId {
                level: 0,
                number: from.midpoint(before.saturating_sub(1)),
            });
        };
        let level = u8::try_from(self.path.len()).unwrap_or(u8::MAX);
        if level <= top_level(self.entrants) {
            let number = (0..level).fold(number, |number, _| number / ENTRIES);
            return Next::Read(PageId { level, number });
        }
        Next::Found(self.proof(number, place))
    }

    /// Takes the page that [`Place::next`] asked for.
    pub fn supply(&mut self, id: PageId, page: Page) {
        if let (None, Page::Leaf(entries)) = (self.at, &page) {
            match entries.binary_search_by_key(&self.entrant, |(entrant, _)| *entrant) {
                Ok(place) => self.at = Some((id.number, place)),
                Err(0) => self.leaves.1 = id.number,
                Err(place) if place == entries.len() => {
                    self.leaves.0 = id.number.saturating_add(1);
                }
                Err(_) => self.absent = true,
            }
            self.absent |= self.leaves.0 >= self.leaves.1;
            if self.at.is_none() {
                return;
            }
        }
        self.path.push(page);
    }

    fn proof(&self, number: u64, place: usize) -> Option<(Range, Proof)> {
        let index = number.saturating_mul(ENTRIES).saturating_add(place as u64);
        // From above, so that each page is told how many tickets come before it.
        let (mut first, mut path) = (0_u64, Vec::new());
        let mut tickets = 0;
        for (level, page) in self.path.iter().enumerate().rev() {
            let below = ENTRIES.saturating_pow(u32::try_from(level).ok()?);
            let place = usize::try_from(index.checked_div(below)? % ENTRIES).ok()?;
            path.splice(..0, merkle::path(page.hashes(first), place)?);
            let before = page.tickets().take(place).fold(0, u64::saturating_add);
            tickets = page.tickets().nth(place)?;
            first = first.saturating_add(before);
        }
        Some((Range { first, tickets }, Proof { index, path }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::draw::{list::Line, pages::Builder};

    fn entrant(number: u32) -> Entrant {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        Entrant(bytes)
    }

    #[test]
    fn everybody_on_a_list_is_found_with_a_proof_and_nobody_else() {
        for size in [0_u32, 1, 2, 1023, 1024, 1025, 3000] {
            let mut builder = Builder::default();
            let mut pages = BTreeMap::new();
            for number in 0..size {
                let tickets = u64::from(number % 7 + 1);
                pages.extend(builder.push(entrant(2 * number + 1), tickets).unwrap());
            }
            let (rest, list) = builder.finish();
            pages.extend(rest);
            let find = |entrant| {
                let mut search = Place::new(list, entrant);
                loop {
                    match search.next() {
                        Next::Found(found) => return found,
                        Next::Read(id) => search.supply(id, pages[&id].clone()),
                    }
                }
            };
            let mut first = 0;
            for number in 0..size {
                let tickets = u64::from(number % 7 + 1);
                assert_eq!(find(entrant(2 * number)), None, "{number} of {size}");
                if number % 97 == 0 || number < 3 || number + 3 > size {
                    let entrant = entrant(2 * number + 1);
                    let (range, proof) = find(entrant).unwrap();
                    assert_eq!((range, proof.index), (Range { first, tickets }, u64::from(number)));
                    let leaf = Line { range, entrant }.leaf();
                    assert_eq!(proof.root(leaf, list.entrants), Some(list.root));
                }
                first += tickets;
            }
            assert_eq!(find(entrant(2 * size)), None);
        }
    }
}
