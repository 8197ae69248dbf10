//! The canonical list of entrants: its lines, and how a list of any length is checked in parts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    TICKETS_MAX,
    hash::{Hash, InvalidHex, Leaves, from_hex},
    merkle::{self, Peaks},
    sequence::Range,
};
use crate::{chance::mac, id::MemberId};

/// An entrant's pseudonym in one raffle: 16 bytes, shown as 32 lower-case hex digits, which sort like the bytes.
///
/// It is the first half of HMAC-SHA256(the raffle's pseudonym key, member id). The key is never revealed: with it, or with a plain
/// hash, anyone could unmask entrants by hashing member ids, which are guessable.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Entrant(pub [u8; 16]);

impl Entrant {
    /// The pseudonym of a member in the raffle that has this key.
    pub fn of(pseudonym_key: &[u8; 32], member: &MemberId) -> Self {
        let mac = mac(pseudonym_key, &[member.as_str().as_bytes()]);
        let mut half = [0; 16];
        half.copy_from_slice(&mac[..16]);
        Self(half)
    }
}

impl std::str::FromStr for Entrant {
    type Err = InvalidHex;

    fn from_str(text: &str) -> Result<Self, InvalidHex> {
        from_hex(text).map(Self)
    }
}

impl TryFrom<String> for Entrant {
    type Error = InvalidHex;

    fn try_from(text: String) -> Result<Self, InvalidHex> {
        text.parse()
    }
}

impl From<Entrant> for String {
    fn from(entrant: Entrant) -> Self {
        entrant.to_string()
    }
}

impl fmt::Display for Entrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Entrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// One line of the list, shown without its line feed: `{first} {tickets} {entrant}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The entrant's tickets.
    pub range: Range,
    /// Who.
    pub entrant: Entrant,
}

impl Line {
    /// The line's hash as a leaf of the list's Merkle tree.
    pub fn leaf(&self) -> Hash {
        Hash::leaf(self.to_string().as_bytes())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.range.first, self.range.tickets, self.entrant)
    }
}

/// What is wrong with a line of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the list {reason}")]
pub struct ListFault {
    /// Which, from 1.
    pub line: u64,
    /// Why.
    pub reason: LineFault,
}

/// What is wrong with a line; each completes the sentence "line 7 of the list …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It does not have the form of one.
    #[error("is not of the form `first tickets entrant` with a line feed at its end")]
    Malformed,
    /// It gives nobody a ticket.
    #[error("has no tickets")]
    NoTickets,
    /// Its `first` is not the sum of the tickets before it.
    #[error("says that {said} tickets come before it, but there are {counted}")]
    WrongFirst {
        /// What it says.
        said: u64,
        /// What is so.
        counted: u64,
    },
    /// The entrant is the one before, or sorts before them.
    #[error("names an entrant that does not come after the one before")]
    NotSorted,
    /// The tickets up to it are more than [`TICKETS_MAX`].
    #[error("brings the tickets to 2^53 or more")]
    TooManyTickets,
}

/// A run of lines that was checked by itself: all but the last part of a list have the same power of two of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// How many lines.
    pub lines: u64,
    /// The tickets of all.
    pub range: Range,
    /// The first entrant, as in the text.
    lowest: [u8; 32],
    /// The last one.
    highest: [u8; 32],
    /// The root of the lines' subtree.
    pub root: Hash,
}

/// Checks the lines of one part, which may stand anywhere in the list, and hashes them. `None` if there are none.
///
/// The first line's `first` is taken as it is: [`Whole::add`] checks it. A fault's line counts from the part's start.
pub fn check(mut text: &[u8]) -> Result<Option<Part>, ListFault> {
    let mut leaves = Leaves::with_capacity(text.len() / 38);
    let Some((start, mut highest)) = peek(text) else {
        let fault = ListFault { line: 1, reason: LineFault::Malformed };
        return if text.is_empty() { Ok(None) } else { Err(fault) };
    };
    let (mut end, lowest) = (start, highest);
    while !text.is_empty() {
        let number = leaves.count().wrapping_add(1);
        let fault = |reason| ListFault { line: number, reason };
        let parsed = parse(text).ok_or_else(|| fault(LineFault::Malformed))?;
        if parsed.tickets == 0 {
            return Err(fault(LineFault::NoTickets));
        }
        if parsed.first != end {
            return Err(fault(LineFault::WrongFirst { said: parsed.first, counted: end }));
        }
        if number > 1 && *parsed.entrant <= highest {
            return Err(fault(LineFault::NotSorted));
        }
        // Both are of at most 16 digits: no overflow.
        end = end.wrapping_add(parsed.tickets);
        if end > TICKETS_MAX {
            return Err(fault(LineFault::TooManyTickets));
        }
        highest = *parsed.entrant;
        leaves.push(parsed.line);
        text = parsed.rest;
    }
    let (lines, tickets) = (leaves.count(), end.wrapping_sub(start));
    let range = Range { first: start, tickets };
    Ok(Some(Part { lines, range, lowest, highest, root: merkle::root(leaves.finish()) }))
}

/// The list put together from its parts, in order.
#[derive(Debug, Clone, Default)]
pub struct Whole {
    peaks: Peaks,
    entrants: u64,
    tickets: u64,
    highest: Option<[u8; 32]>,
}

impl Whole {
    /// Adds the next part, which must continue where the last ended.
    pub fn add(&mut self, part: &Part) -> Result<(), ListFault> {
        let fault = |reason| ListFault { line: self.entrants.wrapping_add(1), reason };
        if part.range.first != self.tickets {
            let (said, counted) = (part.range.first, self.tickets);
            return Err(fault(LineFault::WrongFirst { said, counted }));
        }
        if self.highest.is_some_and(|highest| part.lowest <= highest) {
            return Err(fault(LineFault::NotSorted));
        }
        self.peaks.push(part.root);
        self.entrants = self.entrants.saturating_add(part.lines);
        self.tickets = self.tickets.saturating_add(part.range.tickets);
        self.highest = Some(part.highest);
        Ok(())
    }

    /// What the list came to.
    pub fn summary(&self) -> Summary {
        Summary { entrants: self.entrants, tickets: self.tickets, root: self.peaks.root() }
    }
}

/// What a draw says of its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// How many lines.
    pub entrants: u64,
    /// How many tickets, of all together.
    pub tickets: u64,
    /// The Merkle root over the lines.
    pub root: Hash,
}

/// A line as it stands in the text.
struct Parsed<'a> {
    first: u64,
    tickets: u64,
    entrant: &'a [u8; 32],
    /// Without its line feed.
    line: &'a [u8],
    rest: &'a [u8],
}

#[inline]
fn parse(text: &[u8]) -> Option<Parsed<'_>> {
    let (first, after) = number(text)?;
    let (tickets, after) = number(after)?;
    let (entrant, after) = after.split_first_chunk::<32>()?;
    let rest = after.strip_prefix(b"\n")?;
    let line = text.get(..text.len().wrapping_sub(after.len()))?;
    entrant_digits(entrant).then_some(Parsed { first, tickets, entrant, line, rest })
}

/// A line's first number and entrant, to begin with.
fn peek(text: &[u8]) -> Option<(u64, [u8; 32])> {
    parse(text).map(|parsed| (parsed.first, *parsed.entrant))
}

/// Whether all are lower-case hex digits. Without an early end, so that it compiles to a few wide instructions.
fn entrant_digits(entrant: &[u8; 32]) -> bool {
    entrant.iter().fold(true, |so_far, byte| {
        so_far & (byte.wrapping_sub(b'0') < 10 || byte.wrapping_sub(b'a') < 6)
    })
}

/// A decimal number of at most 16 digits without leading zeros, and what follows the space after it.
#[inline]
fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (length, byte) in text.iter().take(17).enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            continue;
        }
        let leading_zero = length > 1 && text.first() == Some(&b'0');
        let rest = text.get(length.wrapping_add(1)..)?;
        return (*byte == b' ' && length > 0 && !leading_zero).then_some((value, rest));
    }
    None
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    use super::*;

    fn entrant(n: u8) -> Entrant {
        Entrant([n; 16])
    }

    #[test]
    fn a_pseudonym_is_half_an_hmac_of_the_member() {
        let member = MemberId::new("shopify:acme.myshopify.com:7").unwrap();
        let expected = "66faab89601b07a97a57f9c622372990";
        assert_eq!(Entrant::of(&[1; 32], &member).to_string(), expected);
        assert_ne!(Entrant::of(&[2; 32], &member).to_string(), expected);
    }

    fn text(entries: &[(u64, u8)]) -> String {
        let mut first = 0;
        let mut text = String::new();
        for (tickets, n) in entries {
            let range = Range { first, tickets: *tickets };
            text.extend([Line { range, entrant: entrant(*n) }.to_string(), "\n".to_owned()]);
            first += tickets;
        }
        text
    }

    /// Checks a text in parts of `size` lines.
    fn whole(text: &str, size: usize) -> Result<Summary, ListFault> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut whole = Whole::default();
        for part in lines.chunks(size) {
            if let Some(part) = check(part.concat().as_bytes())? {
                whole.add(&part)?;
            }
        }
        Ok(whole.summary())
    }

    #[test]
    fn a_list_is_the_same_in_parts_of_any_size() {
        let entries: Vec<(u64, u8)> = (0..100).map(|n| (u64::from(n % 9) + 1, n)).collect();
        let text = text(&entries);
        let leaves = text.lines().map(|line| Hash::leaf(line.as_bytes())).collect();
        let tickets = entries.iter().map(|(tickets, _)| tickets).sum();
        let expected = Summary { entrants: 100, tickets, root: merkle::root(leaves) };
        for size in [1, 2, 4, 8, 16, 32, 64, 128] {
            assert_eq!(whole(&text, size), Ok(expected), "in parts of {size}");
        }
    }

    #[test]
    fn an_empty_list_has_the_root_of_nothing() {
        let expected = Summary { entrants: 0, tickets: 0, root: Hash::of(b"") };
        assert_eq!(whole("", 8), Ok(expected));
    }

    #[test]
    fn every_fault_is_found_at_its_line() {
        let good = text(&[(1, 1), (2, 2), (3, 3)]);
        let fault = |line, reason| Err(ListFault { line, reason });
        let swapped = text(&[(1, 1), (2, 3), (3, 2)]);
        let twice = text(&[(1, 1), (2, 2), (3, 2)]);
        let none = text(&[(1, 1), (0, 2)]);
        let many = text(&[(TICKETS_MAX, 1), (1, 2)]);
        let said = good.replace("\n3 3 ", "\n4 3 ");
        let wrong = LineFault::WrongFirst { said: 4, counted: 3 };
        assert_eq!(whole(&swapped, 8), fault(3, LineFault::NotSorted));
        assert_eq!(whole(&twice, 8), fault(3, LineFault::NotSorted));
        assert_eq!(whole(&none, 8), fault(2, LineFault::NoTickets));
        assert_eq!(whole(&many, 8), fault(2, LineFault::TooManyTickets));
        assert_eq!(whole(&said, 8), fault(3, wrong));
        // Where two parts meet, it is the whole that finds it.
        assert_eq!(whole(&said, 2), fault(3, wrong));
        assert_eq!(whole(&swapped, 2), fault(3, LineFault::NotSorted));
        for (from, to) in [
            ("\n1 2", "\n01 2"),
            ("\n1 2", "\n+1 2"),
            ("\n1 2", "\n 1 2"),
            ("\n1 2", "\n1  2"),
            ("\n1 2", "\n1 02"),
            ("\n1 2", "\n1 20000000000000000"),
            ("\n1 2", "\n1"),
            ("02\n", "0A\n"),
            ("02\n", "02 \n"),
            ("02\n", "02\r\n"),
            ("02\n", "2\n"),
            ("02\n", "02\n\n"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good, "{from:?}");
            let found = whole(&bad, 8).unwrap_err();
            assert_eq!(found.reason, LineFault::Malformed, "{to:?}");
        }
        assert_eq!(
            check(good.trim_end().as_bytes()),
            Err(ListFault { line: 3, reason: LineFault::Malformed })
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(bytes: Vec<u8>, line in "[0-9 ]{0,40}[0-9a-g]{30,34}\n?") {
            let _ = check(&bytes);
            let _ = check(line.as_bytes());
        }
    }
}
