//! Whether a beacon's signature is drand's.

use drand_verify::{G2PubkeyRfc, Pubkey};
use guerdon_domain::draw::{
    beacon::{Beacon, CHAIN},
    check::Fault,
    hash::Hash,
};

/// Quicknet's public key, a point of G2.
const KEY: &str = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451\
     0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";

/// Refuses a beacon that is not quicknet's: another chain, a signature that is not that of its round, another randomness.
pub fn verify(beacon: &Beacon) -> Result<(), Fault> {
    if beacon.chain != CHAIN {
        return Err(Fault::Chain(beacon.chain.clone()));
    }
    let wrong = Fault::Signature(beacon.round);
    let signature = beacon.signature().ok_or_else(|| wrong.clone())?;
    let mut key = [0; 96];
    hex::decode_to_slice(KEY, &mut key).map_err(|_| wrong.clone())?;
    let key = G2PubkeyRfc::from_fixed(key).map_err(|_| wrong.clone())?;
    if !key.verify(beacon.round, b"", &signature).unwrap_or(false) {
        return Err(wrong);
    }
    if Hash::of(&signature) == beacon.randomness { Ok(()) } else { Err(Fault::Randomness) }
}

/// The beacon of a round, from the signature that a source gave for it, in hex; refused unless it is quicknet's.
pub fn received(round: u64, signature: &str) -> Result<Beacon, Fault> {
    let mut beacon = Beacon {
        chain: CHAIN.to_owned(),
        round,
        signature: signature.to_owned(),
        randomness: Hash([0; 32]),
    };
    let bytes = beacon.signature().ok_or(Fault::Signature(round))?;
    beacon.randomness = Hash::of(&bytes);
    verify(&beacon)?;
    Ok(beacon)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quicknet's round 123, as published.
    const SIGNATURE: &str = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";

    #[test]
    fn a_published_round_is_verified() {
        let beacon = received(123, SIGNATURE).unwrap();
        assert_eq!(verify(&beacon), Ok(()));
    }

    #[test]
    fn the_signature_of_another_round_is_refused() {
        assert_eq!(received(124, SIGNATURE), Err(Fault::Signature(124)));
    }

    #[test]
    fn a_signature_with_any_byte_changed_is_refused() {
        for place in [0, 1, 20, 47] {
            let mut bytes = hex::decode(SIGNATURE).unwrap();
            bytes[place] ^= 1;
            let refused = received(123, &hex::encode(bytes));
            assert_eq!(refused, Err(Fault::Signature(123)), "byte {place}");
        }
        for wrong in ["", "00", &"00".repeat(48), &"ff".repeat(48), &SIGNATURE.to_uppercase()] {
            assert_eq!(received(123, wrong), Err(Fault::Signature(123)));
        }
        // The point at infinity is no signature of anything.
        let infinity = format!("c0{}", "00".repeat(47));
        assert_eq!(received(123, &infinity), Err(Fault::Signature(123)));
    }

    /// Rounds that other chains of the same scheme and curve published.
    #[test]
    fn a_round_of_another_chain_is_refused() {
        let fastnet = "98401ef9833e75bf06fda3243e4fcf6d075d62b45c2a59d26df5d5fcbdfd0c14ee89fc035abd5528a8c25b68fbecae65";
        assert_eq!(received(23_456, fastnet), Err(Fault::Signature(23_456)));
        let local = "b98dae74f6a9d2ec79d75ba273dcfda86a45d589412860eb4c0fd056b00654dbf667c1b6884987c9aee0d43f8ba9db52";
        assert_eq!(received(3, local), Err(Fault::Signature(3)));
        let mut beacon = received(123, SIGNATURE).unwrap();
        "dbd506d6ef76e5f386f41c651dcb808c5bcbd75471cc4eafa3f4df7ad4e4c493"
            .clone_into(&mut beacon.chain);
        assert_eq!(verify(&beacon), Err(Fault::Chain(beacon.chain.clone())));
    }
}
