//! The draw: who wins a raffle, as a function of published data (law 8).
//!
//! `docs/draw-protocol.md` specifies it; this module is one implementation, `docs/verify-draw.py` another that shares no code
//! with it. Nothing here chooses anything: the seed, the beacon's randomness and the list are arguments.

pub mod beacon;
pub mod check;
pub mod hash;
pub mod list;
pub mod merkle;
pub mod pages;
pub mod record;
pub mod sampler;
pub mod sequence;

use self::hash::Hash;

/// The name and version of the protocol.
pub const PROTOCOL: &str = "guerdon-draw/1";

/// The most tickets a raffle can have: every integer below 2^53 is exact in every JSON reader.
pub const TICKETS_MAX: u64 = (1 << 53) - 1;

/// What is published at the announcement: the operator can no longer exchange the seed.
pub fn commitment(operator_seed: &Hash) -> Hash {
    Hash::of(&operator_seed.0)
}

/// The seed of the draw; `randomness` is the beacon's, `None` if the raffle has no beacon.
pub fn draw_seed(
    raffle: &str,
    root: &Hash,
    operator_seed: &Hash,
    randomness: Option<&Hash>,
) -> Hash {
    let randomness = randomness.map_or_else(|| "none".to_owned(), Hash::to_string);
    let text = format!("{PROTOCOL}\n{raffle}\n{root}\n{operator_seed}\n{randomness}\n");
    Hash::of(text.as_bytes())
}
