//! SHA-256, and the two shapes of message that a list is made of, hashed without a buffer.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, block_api::compress256};

/// 32 bytes: a SHA-256, a seed, or randomness. Shown as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; 32]);

/// The text is not what was expected: so many lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {digits} lower-case hex digits")]
pub struct InvalidHex {
    /// How many digits were expected.
    pub digits: usize,
}

/// Reads exactly `N` bytes of lower-case hex; upper case would make two texts of one value.
pub(super) fn from_hex<const N: usize>(text: &str) -> Result<[u8; N], InvalidHex> {
    let invalid = InvalidHex { digits: N.saturating_mul(2) };
    let mut bytes = [0; N];
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(invalid);
    }
    hex::decode_to_slice(text, &mut bytes).map_err(|_| invalid)?;
    Ok(bytes)
}

impl Hash {
    /// SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of a leaf of the list: SHA-256(0x00 || line), RFC 9162 section 2.1.1.
    pub fn leaf(line: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if write_leaf(&mut block, line).is_some() {
            return Self::compressed(&[block]);
        }
        Self(Sha256::new().chain_update([0]).chain_update(line).finalize().into())
    }

    /// The hash of an inner node: SHA-256(0x01 || left || right), RFC 9162 section 2.1.1.
    pub fn node(left: &Self, right: &Self) -> Self {
        let mut blocks = NODE;
        write_node(&mut blocks, left, right);
        Self::compressed(&blocks)
    }

    /// The hash of a message that is already padded to blocks.
    fn compressed(blocks: &[[u8; BLOCK]]) -> Self {
        let mut state = START;
        compress256(&mut state, blocks);
        let mut bytes = [0; 32];
        for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
            *place = word.to_be_bytes();
        }
        Self(bytes)
    }
}

/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// The initial hash value of SHA-256, FIPS 180-4 section 5.3.3.
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// SHA-256(0x01 || left || right) before it is filled in: the prefix, and the padding of a message of 65 bytes.
const NODE: [[u8; BLOCK]; 2] = {
    let mut blocks = [[0; BLOCK]; 2];
    blocks[0][0] = 0x01;
    blocks[1][1] = 0x80;
    [blocks[1][62], blocks[1][63]] = (65 * 8_u16).to_be_bytes();
    blocks
};

fn write_node([one, two]: &mut [[u8; BLOCK]; 2], left: &Hash, right: &Hash) {
    one[1..33].copy_from_slice(&left.0);
    one[33..].copy_from_slice(&right.0[..31]);
    two[0] = right.0[31];
}

/// Writes the message 0x00 || line with its padding; `None` if it takes more than one block, which leaves 54 bytes for the line.
fn write_leaf(block: &mut [u8; BLOCK], line: &[u8]) -> Option<()> {
    let length = line.len();
    if length > 54 {
        return None;
    }
    *block = [0; BLOCK];
    let (message, bits) = block.split_last_chunk_mut::<8>()?;
    let (place, end) = message.get_mut(1..)?.split_at_mut_checked(length)?;
    place.copy_from_slice(line);
    *end.first_mut()? = 0x80;
    *bits = (length as u64).wrapping_add(1).wrapping_mul(8).to_be_bytes();
    Some(())
}

/// So many messages are written before the first is hashed. A processor that reads back what it has just written, in pieces of
/// other sizes, waits each time; this takes a quarter off the time of a long list.
const BATCH: usize = 16;

/// The level above `hashes`: neighbours paired, an odd last one as it is.
pub(super) fn parents(hashes: &[Hash]) -> Vec<Hash> {
    let mut parents = Vec::with_capacity(hashes.len().div_ceil(2));
    let (pairs, odd) = hashes.as_chunks::<2>();
    let mut messages = [NODE; BATCH];
    for pairs in pairs.chunks(BATCH) {
        for (message, [left, right]) in messages.iter_mut().zip(pairs) {
            write_node(message, left, right);
        }
        parents.extend(messages.iter().take(pairs.len()).map(|message| Hash::compressed(message)));
    }
    parents.extend(odd);
    parents
}

/// Leaf hashes of lines, in order.
#[derive(Debug)]
pub(super) struct Leaves {
    hashes: Vec<Hash>,
    blocks: [[u8; BLOCK]; BATCH],
    waiting: usize,
}

impl Default for Leaves {
    fn default() -> Self {
        Self { hashes: Vec::new(), blocks: [[0; BLOCK]; BATCH], waiting: 0 }
    }
}

impl Leaves {
    /// Room for so many.
    pub(super) fn with_capacity(lines: usize) -> Self {
        Self { hashes: Vec::with_capacity(lines), ..Self::default() }
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &[u8]) {
        if self.waiting == BATCH {
            self.flush();
        }
        let block = self.blocks.get_mut(self.waiting);
        if block.and_then(|block| write_leaf(block, line)).is_some() {
            self.waiting = self.waiting.wrapping_add(1);
        } else {
            self.flush();
            self.hashes.push(Hash::leaf(line));
        }
    }

    /// How many were added.
    pub(super) fn count(&self) -> u64 {
        (self.hashes.len() as u64).wrapping_add(self.waiting as u64)
    }

    /// The hashes.
    pub(super) fn finish(mut self) -> Vec<Hash> {
        self.flush();
        self.hashes
    }

    fn flush(&mut self) {
        let blocks = self.blocks.iter().take(self.waiting);
        self.hashes.extend(blocks.map(|block| Hash::compressed(std::slice::from_ref(block))));
        self.waiting = 0;
    }
}

impl FromStr for Hash {
    type Err = InvalidHex;

    fn from_str(text: &str) -> Result<Self, InvalidHex> {
        from_hex(text).map(Self)
    }
}

impl TryFrom<String> for Hash {
    type Error = InvalidHex;

    fn try_from(text: String) -> Result<Self, InvalidHex> {
        text.parse()
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(parts: &[&[u8]]) -> Hash {
        Hash::of(&parts.concat())
    }

    #[test]
    fn leaves_and_nodes_hash_like_plain_sha_256() {
        for length in 0..200 {
            let line = vec![b'7'; length];
            assert_eq!(Hash::leaf(&line), plain(&[&[0], &line]), "{length}");
        }
        let (left, right) = (Hash::of(b"left"), Hash::of(b"right"));
        assert_eq!(Hash::node(&left, &right), plain(&[&[1], &left.0, &right.0]));
    }

    #[test]
    fn only_lower_case_hex_of_the_right_length_is_a_hash() {
        let text = "0f".repeat(32);
        assert_eq!(text.parse::<Hash>().unwrap().to_string(), text);
        for wrong in ["", "0f", &"0F".repeat(32), &"0f".repeat(33), &"0g".repeat(32)] {
            assert_eq!(wrong.parse::<Hash>(), Err(InvalidHex { digits: 64 }), "{wrong}");
        }
    }
}
