//! The public beacon: rounds of drand's quicknet, and when they are.
//!
//! Only arithmetic: a round's signature is verified in `guerdon-verifier`, so that functions that draw nothing do not link pairings.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::hash::Hash;

/// Quicknet's chain hash.
pub const CHAIN: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

/// Quicknet's first round, in Unix seconds.
const GENESIS: i64 = 1_692_803_367;

/// Seconds from one round to the next.
const PERIOD: i64 = 3;

/// What the beacon published for a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beacon {
    /// The chain: [`CHAIN`].
    pub chain: String,
    /// The round.
    pub round: u64,
    /// Its BLS signature, 48 bytes in lower-case hex.
    pub signature: String,
    /// SHA-256 of the signature.
    pub randomness: Hash,
}

impl Beacon {
    /// The signature's bytes.
    pub fn signature(&self) -> Option<[u8; 48]> {
        super::hash::from_hex(&self.signature).ok()
    }
}

/// The first round at or after a time: the one that a raffle drawn then uses. 1 for all times before the chain began.
pub fn round_at(time: Timestamp) -> u64 {
    let whole = i64::from(time.subsec_nanosecond() > 0);
    let since = time.as_second().saturating_add(whole).saturating_sub(GENESIS).max(0);
    let before = since.cast_unsigned().div_ceil(PERIOD.cast_unsigned());
    before.saturating_add(1)
}

/// When a round is published; `None` for round 0, which is none, and beyond the year 9999.
pub fn time_of(round: u64) -> Option<Timestamp> {
    let before = i64::try_from(round.checked_sub(1)?).ok()?;
    let second = before.checked_mul(PERIOD)?.checked_add(GENESIS)?;
    Timestamp::from_second(second).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_raffle_uses_the_first_round_at_or_after_its_time() {
        assert_eq!(round_at(at("2023-08-23T15:09:27Z")), 1);
        assert_eq!(round_at(at("2023-08-23T15:09:27.000000001Z")), 2);
        assert_eq!(round_at(at("2023-08-23T15:09:28Z")), 2);
        assert_eq!(round_at(at("2023-08-23T15:09:30Z")), 2);
        assert_eq!(round_at(at("2023-08-23T15:09:31Z")), 3);
        assert_eq!(round_at(at("1970-01-01T00:00:00Z")), 1);
        assert_eq!(round_at(Timestamp::MIN), 1);
    }

    #[test]
    fn rounds_and_times_are_inverse() {
        for round in (1..100).chain([1_000_000, 50_000_000]) {
            let time = time_of(round).unwrap();
            assert_eq!(round_at(time), round);
            assert_eq!(round_at(time - jiff::SignedDuration::from_nanos(1)), round);
            assert_eq!(round_at(time + jiff::SignedDuration::from_nanos(1)), round + 1);
        }
        assert_eq!(time_of(0), None);
        assert_eq!(time_of(u64::MAX), None);
        assert!(
            time_of(round_at(Timestamp::MAX)).is_none_or(|time| time > at("9999-01-01T00:00:00Z"))
        );
    }
}
