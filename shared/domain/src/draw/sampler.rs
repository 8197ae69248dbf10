//! Uniform numbers from the draw's seed: counter-mode SHA-256, bounded by rejection.
//!
//! Both are specified here and not taken from a library, so that a verifier in any language gets the same numbers for ever. No
//! remainder is taken: `word % n` favours small numbers.

use super::hash::Hash;
use crate::planted::{self, Bug};

/// An endless sequence of words of 64 uniform bits.
pub trait Words {
    /// The next word.
    fn word(&mut self) -> u64;
}

/// W(0), W(1), …: the first 8 bytes, big-endian, of SHA-256(seed || i as 8 bytes, big-endian).
#[derive(Debug, Clone)]
pub struct Counter {
    seed: Hash,
    next: u64,
}

impl Counter {
    /// The sequence of `seed` from its start.
    pub fn new(seed: Hash) -> Self {
        Self { seed, next: 0 }
    }
}

impl Words for Counter {
    fn word(&mut self) -> u64 {
        let mut message = [0; 40];
        message[..32].copy_from_slice(&self.seed.0);
        message[32..].copy_from_slice(&self.next.to_be_bytes());
        // 2^64 words are more than any draw can take.
        self.next = self.next.wrapping_add(1);
        let hash = Hash::of(&message).0;
        hash.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
    }
}

/// A uniform number below `n`: the top bits of a word, as many as `n - 1` has; if they are not below `n`, those of the next word.
///
/// Each attempt takes one word, even for `n = 1`, and succeeds with a probability of more than a half. `n = 0` has no answer.
pub fn below(words: &mut impl Words, n: u64) -> Option<u64> {
    let most = n.checked_sub(1)?;
    if planted::is(Bug::ModuloInsteadOfRejection) {
        return words.word().checked_rem(n);
    }
    loop {
        // `None` only for a shift of 64, when `n` is 1: no bits.
        let value = words.word().checked_shr(most.leading_zeros()).unwrap_or(0);
        if value <= most {
            return Some(value);
        }
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    use super::*;

    /// Words that a test gives.
    struct Given<'a>(&'a [u64], usize);

    impl Words for Given<'_> {
        fn word(&mut self) -> u64 {
            self.1 += 1;
            self.0[self.1 - 1]
        }
    }

    #[test]
    fn every_number_below_n_comes_from_equally_many_words() {
        for n in 1..=70_u64 {
            let bits = u64::BITS - (n - 1).leading_zeros();
            let tops = 0..1_u64 << bits;
            let mut counts = vec![0; usize::try_from(n).unwrap()];
            for top in tops {
                // Whatever the lower bits are; and a refused word is followed by one that is taken.
                for low in [0, u64::MAX.checked_shr(bits).unwrap_or(0)] {
                    let word = top.checked_shl(64 - bits).unwrap_or(0) | low;
                    let mut words = Given(&[word, 0], 0);
                    let value = below(&mut words, n).unwrap();
                    if words.1 == 1 {
                        counts[usize::try_from(value).unwrap()] += 1;
                    } else {
                        assert!(top >= n, "{top} is refused below {n}");
                    }
                }
            }
            assert!(counts.iter().all(|count| *count == 2), "below {n}: {counts:?}");
        }
    }

    #[test]
    fn no_modulo_bias() {
        // The word 3 · 2^62 + 1 has the remainder 1 by 3 and would be taken; here its top two bits are 3, so it is refused.
        assert_eq!(below(&mut Given(&[(3 << 62) + 1, 1 << 63], 0), 3), Some(2));
    }

    #[test]
    fn one_ticket_takes_one_word_and_none_has_no_answer() {
        let mut words = Given(&[u64::MAX], 0);
        assert_eq!((below(&mut words, 1), words.1), (Some(0), 1));
        assert_eq!(below(&mut words, 0), None);
        assert_eq!(below(&mut Given(&[u64::MAX, 7], 0), u64::MAX), Some(7));
    }
}
