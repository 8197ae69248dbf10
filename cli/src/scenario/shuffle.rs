//! News delivered in another order than they happened: `shuffle seed 7 each 2 times` … `end`.

use std::ops::Range;

use jiff::Timestamp;

use crate::scenario::{
    cursor::Cursor,
    fault::Trouble,
    script::{Command, Step},
    values::whole,
};

/// The most deliveries of one block.
const DELIVERIES_MAX: usize = 10_000;

/// A block that is being read.
#[derive(Debug, Clone)]
pub(super) struct Shuffle {
    /// Where it began.
    pub(super) span: Range<usize>,
    seed: u64,
    each: usize,
    steps: Vec<Step>,
}

impl Shuffle {
    /// Reads what comes after the word.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, Trouble> {
        let span = cursor.here();
        let (mut seed, mut each) = (1, 1);
        while !cursor.done() {
            if cursor.eat(&["seed"]) {
                seed = whole(cursor, "a seed", "shuffle seed 7")?;
            } else if cursor.eat(&["each"]) {
                if cursor.eat(&["twice"]) {
                    each = 2;
                } else {
                    each = whole(cursor, "how often each is delivered", "shuffle each 3 times")?;
                    cursor.eat(&["times", "time"]);
                }
            } else if !cursor.eat(&["{"]) {
                return Err(cursor.stray("write: shuffle seed 7 each 2 times"));
            }
        }
        let wrong = |message: &str| {
            Trouble::new(span.clone(), message).help("write: shuffle seed 7 each 2 times")
        };
        let seed = u64::try_from(seed).map_err(|_| wrong("a seed is not negative"))?;
        let each = usize::try_from(each).ok().filter(|each| (1..=100).contains(each));
        let each = each.ok_or_else(|| wrong("each is delivered from 1 to 100 times"))?;
        Ok(Self { span, seed, each, steps: Vec::new() })
    }

    /// Adds a statement of the block.
    pub(super) fn add(&mut self, step: Step, span: &Range<usize>) -> Result<(), Trouble> {
        if !matches!(step.command, Command::Order(_) | Command::Event(_)) {
            let help = "put it before or after the block: only news of orders and events come in any order";
            return Err(Trouble::new(span.clone(), "this cannot be shuffled").help(help));
        }
        if self.steps.len().saturating_mul(self.each) >= DELIVERIES_MAX {
            return Err(Trouble::new(
                span.clone(),
                format!("a block delivers at most {DELIVERIES_MAX} times"),
            ));
        }
        self.steps.push(step);
        Ok(())
    }

    /// The deliveries, in their new order, all at the time of the last.
    pub(super) fn deliver(self) -> Vec<Step> {
        let now = self.steps.iter().map(|step| step.now).max().unwrap_or(Timestamp::UNIX_EPOCH);
        let mut all = Vec::with_capacity(self.steps.len().saturating_mul(self.each));
        for _ in 0..self.each {
            all.extend(self.steps.iter().cloned().map(|step| Step { now, ..step }));
        }
        let mut state = self.seed;
        for last in (1..all.len()).rev() {
            let below = u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1);
            let chosen =
                usize::try_from(split_mix(&mut state).checked_rem(below).unwrap_or(0)).unwrap_or(0);
            all.swap(last, chosen);
        }
        all
    }
}

/// `SplitMix64` (Steele, Lea and Flood, 2014): small, and the same everywhere for ever.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_split_mix() {
        let mut state = 1_234_567;
        assert_eq!(split_mix(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(split_mix(&mut state), 3_203_168_211_198_807_973);
    }
}
