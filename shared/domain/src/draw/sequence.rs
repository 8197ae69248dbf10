//! Who is drawn, one after another, without replacement.

use super::sampler::{Words, below};

/// The tickets of one entrant: `first`, and the next ones up to `tickets` in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// Index of the first, from 0: the sum of the tickets before it in the list.
    pub first: u64,
    /// How many; positive.
    pub tickets: u64,
}

impl Range {
    /// Whether a ticket is among them.
    pub fn contains(self, ticket: u64) -> bool {
        ticket.checked_sub(self.first).is_some_and(|offset| offset < self.tickets)
    }
}

/// The entrant offered does not hold the ticket that was drawn: the list that was asked is not the one that is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ticket {ticket} was drawn, but {first} to {last} were offered as its holder's")]
pub struct NotTheHolder {
    /// The ticket drawn.
    pub ticket: u64,
    /// The first ticket of who was offered.
    pub first: u64,
    /// The last one.
    pub last: u64,
}

/// The tickets drawn so far, and who is left out for the next.
///
/// In turns: [`Sequence::ticket`] names the next ticket, the caller looks up who holds it, [`Sequence::leave_out`] takes all
/// their tickets out. So it ends even if one entrant holds nearly all tickets, and the caller may look up at its own pace.
#[derive(Debug, Clone)]
pub struct Sequence<W> {
    words: W,
    remaining: u64,
    drawn: Option<u64>,
    /// Who is left out, by their first ticket, in blocks: a draw of k passes over √k of them, not all.
    left_out: Vec<Block>,
}

#[derive(Debug, Clone, Default)]
struct Block {
    ranges: Vec<Range>,
    tickets: u64,
}

/// A block is halved when it has more ranges than this.
const BLOCK_MAX: usize = 512;

impl<W: Words> Sequence<W> {
    /// The sequence over a list of `tickets`.
    pub fn new(words: W, tickets: u64) -> Self {
        Self { words, remaining: tickets, drawn: None, left_out: vec![Block::default()] }
    }

    /// The next ticket drawn, as its index in the whole list, or `None` if nobody is left. The same until its holder is left out.
    pub fn ticket(&mut self) -> Option<u64> {
        if self.drawn.is_none() {
            let index = below(&mut self.words, self.remaining)?;
            self.drawn = Some(self.in_the_whole_list(index));
        }
        self.drawn
    }

    /// Takes out the holder of the ticket drawn.
    pub fn leave_out(&mut self, holder: Range) -> Result<(), NotTheHolder> {
        if let Some(ticket) = self.drawn
            && !holder.contains(ticket)
        {
            let last = holder.first.saturating_add(holder.tickets).saturating_sub(1);
            return Err(NotTheHolder { ticket, first: holder.first, last });
        }
        self.drawn = None;
        self.remaining = self.remaining.saturating_sub(holder.tickets);
        let after = |block: &Block| block.ranges.first().is_some_and(|first| *first < holder);
        let at = self.left_out.partition_point(after).saturating_sub(1);
        if let Some(block) = self.left_out.get_mut(at) {
            let place = block.ranges.partition_point(|range| *range < holder);
            block.ranges.insert(place, holder);
            block.tickets = block.tickets.saturating_add(holder.tickets);
            if block.ranges.len() > BLOCK_MAX {
                let ranges = block.ranges.split_off(BLOCK_MAX / 2);
                let tickets = ranges.iter().map(|range| range.tickets).sum();
                block.tickets = block.tickets.saturating_sub(tickets);
                self.left_out.insert(at.saturating_add(1), Block { ranges, tickets });
            }
        }
        Ok(())
    }

    /// Counts `index` through the list with those left out passed over.
    fn in_the_whole_list(&self, index: u64) -> u64 {
        let mut ticket = index;
        for block in &self.left_out {
            // If the last of a block is passed over, so are all before it.
            if let Some(last) = block.ranges.last()
                && last.first <= ticket.saturating_add(block.tickets.saturating_sub(last.tickets))
            {
                ticket = ticket.saturating_add(block.tickets);
                continue;
            }
            for range in &block.ranges {
                if range.first > ticket {
                    return ticket;
                }
                ticket = ticket.saturating_add(range.tickets);
            }
        }
        ticket
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    use super::*;
    use crate::draw::{hash::Hash, sampler::Counter};

    /// Draws from a list of ticket counts; who is drawn, by their places in it.
    fn draw(tickets: &[u64], words: impl Words, wanted: usize) -> Vec<usize> {
        let mut sequence = Sequence::new(words, tickets.iter().sum());
        let mut drawn = Vec::new();
        while drawn.len() < wanted
            && let Some(ticket) = sequence.ticket()
        {
            let (place, range) = holder(tickets, ticket);
            sequence.leave_out(range).unwrap();
            drawn.push(place);
        }
        drawn
    }

    fn holder(tickets: &[u64], ticket: u64) -> (usize, Range) {
        let mut first = 0;
        for (place, tickets) in tickets.iter().enumerate() {
            if ticket < first + tickets {
                return (place, Range { first, tickets: *tickets });
            }
            first += tickets;
        }
        panic!("no ticket {ticket}")
    }

    /// Words whose top bits are the given indices: what the sampler accepts, chosen by the test.
    struct Indices<'a> {
        chosen: &'a [u64],
        tickets: Vec<u64>,
        next: usize,
    }

    impl Words for Indices<'_> {
        fn word(&mut self) -> u64 {
            let remaining = self.tickets[self.next];
            let bits = u64::BITS - (remaining - 1).leading_zeros();
            self.next += 1;
            self.chosen[self.next - 1].checked_shl(64 - bits).unwrap_or(0)
        }
    }

    /// All ways to give `total` tickets to a row of entrants.
    fn lists(total: u64) -> Vec<Vec<u64>> {
        if total == 0 {
            return vec![Vec::new()];
        }
        let with_first = |first: u64| {
            let rest = lists(total - first).into_iter();
            rest.map(move |rest| [vec![first], rest].concat())
        };
        (1..=total).flat_map(with_first).collect()
    }

    /// The divisor that makes all probabilities below whole numbers: every number of tickets up to 6 divides 60.
    const WHOLE: u64 = 60;

    /// Adds up how likely each list of winners is, in parts of 60^winners, over all index sequences.
    fn enumerate(
        tickets: &[u64],
        wanted: usize,
        indices: &mut Vec<u64>,
        remaining: &mut Vec<u64>,
        weight: u64,
        found: &mut std::collections::BTreeMap<Vec<usize>, u64>,
    ) {
        let left: u64 = {
            let words = Indices { chosen: indices, tickets: remaining.clone(), next: 0 };
            let drawn = draw(tickets, words, indices.len());
            let gone: u64 = drawn.iter().map(|place| tickets[*place]).sum();
            if drawn.len() == wanted.min(tickets.len()) {
                *found.entry(drawn).or_default() += weight;
                return;
            }
            tickets.iter().sum::<u64>() - gone
        };
        for index in 0..left {
            indices.push(index);
            remaining.push(left);
            enumerate(tickets, wanted, indices, remaining, weight * (WHOLE / left), found);
            indices.pop();
            remaining.pop();
        }
    }

    /// What theory says: each next winner in proportion to their tickets among those left.
    fn theory(tickets: &[u64], winners: &[usize]) -> u64 {
        let mut left: u64 = tickets.iter().sum();
        let mut weight = 1;
        for winner in winners {
            weight *= WHOLE / left * tickets[*winner];
            left -= tickets[*winner];
        }
        weight
    }

    #[test]
    fn all_small_raffles_are_drawn_with_exactly_the_odds_of_theory() {
        let mut cases = 0;
        for tickets in (1..=6).flat_map(lists) {
            for wanted in 1..=3_usize {
                let mut found = std::collections::BTreeMap::new();
                enumerate(&tickets, wanted, &mut Vec::new(), &mut Vec::new(), 1, &mut found);
                let places = u32::try_from(wanted.min(tickets.len())).unwrap();
                assert_eq!(found.values().sum::<u64>(), WHOLE.pow(places), "{tickets:?}");
                let entrants = tickets.len();
                let expected =
                    (0..places).fold(1, |ways, place| ways * (entrants - place as usize));
                assert_eq!(found.len(), expected, "every order of winners can happen");
                for (winners, weight) in found {
                    assert_eq!(weight, theory(&tickets, &winners), "{winners:?} of {tickets:?}");
                    cases += 1;
                }
            }
        }
        // The lists with m entrants are C(6, m), for each all orders of 1, 2 and 3 of them.
        assert_eq!(cases, 1_674);
    }

    /// χ² of a million draws, in millionths; the entrants' tickets sum to a thousand.
    fn chi_squared(counts: &[u64], tickets: &[u64]) -> u64 {
        let terms = counts.iter().zip(tickets).map(|(count, tickets)| {
            let expected = tickets * 1_000;
            let off = count.abs_diff(expected);
            off * off * 1_000_000 / expected
        });
        terms.sum()
    }

    #[test]
    fn a_million_draws_are_spread_like_the_tickets_also_over_the_first_and_the_last() {
        let tickets = [1, 99, 250, 7, 3, 140, 200, 199, 100, 1];
        let mut counts = [0; 10];
        let mut words = Counter::new(Hash::of(b"a million draws"));
        for _ in 0..1_000_000 {
            let ticket = below(&mut words, 1_000).unwrap();
            counts[holder(&tickets, ticket).0] += 1;
        }
        // With 9 degrees of freedom, 27.88 is exceeded once in a thousand seeds.
        let chi_squared = chi_squared(&counts, &tickets);
        assert!(chi_squared < 27_880_000, "{chi_squared} {counts:?}");
        // A peer gave its first and last entry half their chance: this test would have found it.
        let (mut peer, half) = (counts, 500);
        (peer[0], peer[9]) = (peer[0] - half, peer[9] - half);
        assert!(self::chi_squared(&peer, &tickets) > 27_880_000);
    }

    #[test]
    fn the_second_winner_is_spread_like_the_tickets_that_are_left() {
        let tickets = [500, 125, 250, 125];
        let mut counts = [0; 4];
        for n in 0..100_000_u32 {
            let seed = Hash::of(&n.to_be_bytes());
            let drawn = draw(&tickets, Counter::new(seed), 2);
            assert_ne!(drawn[0], drawn[1]);
            if drawn[0] == 0 {
                counts[drawn[1]] += 1;
            }
        }
        let all: u64 = counts.iter().sum();
        assert_eq!(counts[0], 0);
        for (count, share) in counts[1..].iter().zip([4, 2, 4]) {
            assert!(count.abs_diff(all / share) < all / 50, "{counts:?}");
        }
    }

    #[test]
    fn the_same_people_in_the_same_order_do_not_win_again() {
        let tickets = [1; 1_000];
        let winners = |raffle: &str| {
            let seed = crate::draw::draw_seed(raffle, &Hash::of(b""), &Hash::of(b"s"), None);
            draw(&tickets, Counter::new(seed), 3)
        };
        assert_eq!(winners("may"), winners("may"));
        assert_ne!(winners("may"), winners("june"));
    }

    #[test]
    fn one_who_holds_nearly_all_tickets_does_not_hold_up_the_draw() {
        let tickets = [1, super::super::TICKETS_MAX - 2, 1];
        for n in 0..20_u8 {
            let mut drawn = draw(&tickets, Counter::new(Hash::of(&[n])), 9);
            drawn.sort_unstable();
            assert_eq!(drawn, [0, 1, 2], "all, once, and then it ends");
        }
    }

    #[test]
    fn thousands_of_winners_are_counted_past_like_one_by_one() {
        let tickets: Vec<u64> = (0..3_000).map(|n| n % 7 + 1).collect();
        let total = tickets.iter().sum();
        let mut sequence = Sequence::new(Counter::new(Hash::of(b"many")), total);
        let mut words = Counter::new(Hash::of(b"many"));
        let mut left: Vec<bool> = vec![true; tickets.len()];
        let mut remaining = total;
        while let Some(ticket) = sequence.ticket() {
            let mut index = below(&mut words, remaining).unwrap();
            let place = (0..tickets.len())
                .filter(|place| left[*place])
                .find(|place| {
                    let here = index < tickets[*place];
                    index -= if here { 0 } else { tickets[*place] };
                    here
                })
                .unwrap();
            let (found, range) = holder(&tickets, ticket);
            assert_eq!((found, ticket - range.first), (place, index));
            sequence.leave_out(range).unwrap();
            left[place] = false;
            remaining -= range.tickets;
        }
        assert_eq!(remaining, 0);
    }

    #[test]
    fn who_does_not_hold_the_ticket_is_not_taken_for_its_holder() {
        let mut sequence = Sequence::new(Counter::new(Hash::of(b"")), 10);
        let ticket = sequence.ticket().unwrap();
        assert_eq!(sequence.ticket(), Some(ticket), "it stays the same until it is answered");
        let other = Range { first: (ticket + 1) % 10, tickets: 1 };
        let refused = sequence.leave_out(other).unwrap_err();
        assert_eq!(
            (refused.ticket, refused.first, refused.last),
            (ticket, other.first, other.first)
        );
        assert!(sequence.leave_out(Range { first: 0, tickets: 10 }).is_ok());
        assert_eq!(sequence.ticket(), None);
    }
}
