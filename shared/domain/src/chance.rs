//! The key of chance: what pseudonyms of entrants, and seeds of games, are made from.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::draw::hash::{Hash, InvalidHex};

/// A deployment's secret: 32 bytes of the operating system's randomness, never revealed.
#[derive(Clone, PartialEq, Eq)]
pub struct ChanceKey(pub [u8; 32]);

impl fmt::Debug for ChanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChanceKey")
    }
}

impl std::str::FromStr for ChanceKey {
    type Err = InvalidHex;

    fn from_str(text: &str) -> Result<Self, InvalidHex> {
        text.parse::<Hash>().map(|hash| Self(hash.0))
    }
}

impl ChanceKey {
    /// A key for one purpose: HMAC-SHA256(key, purpose NUL name). What follows from one can be revealed without the others.
    pub fn derive(&self, purpose: &str, name: &str) -> [u8; 32] {
        mac(&self.0, &[purpose.as_bytes(), &[0], name.as_bytes()])
    }

    /// The pseudonym key of a raffle.
    pub fn pseudonyms(&self, raffle: &str) -> [u8; 32] {
        self.derive("pseudonyms", raffle)
    }

    /// The pseudonym key of an auction's bidders.
    pub fn bidders(&self, auction: &str) -> [u8; 32] {
        self.derive("bidders", auction)
    }
}

/// HMAC-SHA256 (RFC 2104) of some parts, one after the other.
pub(crate) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A key shorter than a block is filled up with zeros: RFC 2104.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_different_names_differ_and_none_is_shown() {
        let key: ChanceKey = "07".repeat(32).parse().unwrap();
        assert_ne!(key.pseudonyms("spring"), key.pseudonyms("autumn"));
        assert_ne!(key.pseudonyms("spring"), key.derive("seed", "spring"));
        assert_ne!(key.derive("a", "bc"), key.derive("ab", "c"));
        assert_eq!(format!("{key:?}"), "ChanceKey");
        assert!("07".parse::<ChanceKey>().is_err());
    }

    /// RFC 4231, test case 2, with its key filled up to 32 bytes: zeros after a key change nothing.
    #[test]
    fn the_code_is_hmac_sha256() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let code = mac(&key, &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(
            hex::encode(code),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
