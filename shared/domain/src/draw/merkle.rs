//! Merkle trees as in RFC 9162 section 2.1: roots, inclusion proofs, and how they are checked.
//!
//! The split at the largest power of two smaller than `n` is the same tree as pairing neighbours level by level and carrying an
//! odd last one up. So every aligned block of 2^k leaves is a subtree, and the tree over the blocks' roots is the tree itself:
//! blocks can be hashed apart, on other cores or on other days.

use serde::{Deserialize, Serialize};

use super::hash::{Hash, parents};

/// The root over leaf hashes, or over the roots of blocks of 2^k leaves of which only the last is shorter.
pub fn root(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = parents(&hashes);
    }
    hashes.first().copied().unwrap_or_else(|| Hash::of(b""))
}

/// The siblings from a leaf up to the root, lowest first (RFC 9162 section 2.1.3.1); `None` if there is no such leaf.
pub fn path(mut hashes: Vec<Hash>, mut index: usize) -> Option<Vec<Hash>> {
    hashes.get(index)?;
    let mut path = Vec::new();
    while hashes.len() > 1 {
        path.extend(hashes.get(index ^ 1));
        hashes = parents(&hashes);
        index /= 2;
    }
    Some(path)
}

/// Shows that a leaf stands at a place of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Its place, from 0.
    pub index: u64,
    /// The siblings, lowest first.
    pub path: Vec<Hash>,
}

impl Proof {
    /// The root this proves for `leaf` in a list of `size`, or `None` if its length cannot be right (RFC 9162 section 2.1.3.2).
    pub fn root(&self, leaf: Hash, size: u64) -> Option<Hash> {
        let (mut place, mut last) = (self.index, size.checked_sub(1)?);
        if place > last {
            return None;
        }
        let mut root = leaf;
        for sibling in &self.path {
            if last == 0 {
                return None;
            }
            if place % 2 == 1 || place == last {
                root = Hash::node(sibling, &root);
                // The last of an odd level is carried up as it is: no sibling there.
                while place.is_multiple_of(2) && place != 0 {
                    (place, last) = (place / 2, last / 2);
                }
            } else {
                root = Hash::node(&root, sibling);
            }
            (place, last) = (place / 2, last / 2);
        }
        (last == 0).then_some(root)
    }
}

/// A root over hashes that come one by one, in memory for its peaks only.
#[derive(Debug, Clone, Default)]
pub struct Peaks {
    /// Roots of complete subtrees, largest first: one for each bit of the count.
    peaks: Vec<Hash>,
    count: u64,
}

impl Peaks {
    /// Adds the next leaf hash, or the next block's root.
    pub fn push(&mut self, mut hash: Hash) {
        for _ in 0..self.count.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = Hash::node(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.count = self.count.wrapping_add(1);
    }

    /// The root over all that was pushed.
    pub fn root(&self) -> Hash {
        let above = |right: Hash, left: &Hash| Hash::node(left, &right);
        let mut peaks = self.peaks.iter().rev();
        peaks.next().map_or_else(|| Hash::of(b""), |last| peaks.fold(*last, above))
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    use super::*;

    /// The definition, word by word: MTH of RFC 9162 section 2.1.1.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(b""),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                Hash::node(&by_definition(left), &by_definition(right))
            }
        }
    }

    /// PATH of RFC 9162 section 2.1.3.1.
    fn path_by_definition(leaves: &[Hash], index: usize) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let at = split(leaves.len());
        let (left, right) = leaves.split_at(at);
        let (mut path, sibling) = if index < at {
            (path_by_definition(left, index), by_definition(right))
        } else {
            (path_by_definition(right, index - at), by_definition(left))
        };
        path.push(sibling);
        path
    }

    fn split(length: usize) -> usize {
        length.next_power_of_two() / 2
    }

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| Hash::leaf(n.to_string().as_bytes())).collect()
    }

    /// The eight leaves and their roots that the certificate transparency reference code is tested with.
    #[test]
    fn the_roots_are_those_of_the_published_vectors() {
        let inputs: [&[u8]; 8] = [
            &[],
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
                0x6e, 0x6f,
            ],
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        for (size, expected) in roots.iter().enumerate() {
            let hashes: Vec<Hash> = inputs[..size].iter().map(|line| Hash::leaf(line)).collect();
            assert_eq!(root(hashes).to_string(), *expected, "{size}");
        }
    }

    #[test]
    fn roots_and_proofs_follow_the_definition_for_all_sizes_to_70() {
        for size in 0..=70 {
            let leaves = leaves(size);
            let expected = by_definition(&leaves);
            assert_eq!(root(leaves.clone()), expected, "{size}");
            let mut peaks = Peaks::default();
            for leaf in &leaves {
                peaks.push(*leaf);
            }
            assert_eq!(peaks.root(), expected, "{size}");
            for (index, leaf) in leaves.iter().enumerate() {
                let path = path(leaves.clone(), index).unwrap();
                assert_eq!(path, path_by_definition(&leaves, index), "{index} of {size}");
                let proof = Proof { index: index as u64, path };
                assert_eq!(proof.root(*leaf, size as u64), Some(expected), "{index} of {size}");
            }
            assert_eq!(path(leaves, size), None);
        }
    }

    #[test]
    fn a_proof_for_another_leaf_place_size_or_length_is_none() {
        for size in 1..=20_u64 {
            let leaves = leaves(usize::try_from(size).unwrap());
            let expected = Some(root(leaves.clone()));
            for index in 0..size {
                let place = usize::try_from(index).unwrap();
                let proof = Proof { index, path: path(leaves.clone(), place).unwrap() };
                let leaf = leaves[place];
                assert_ne!(proof.root(Hash::leaf(b"another"), size), expected);
                for other in (0..size).filter(|other| *other != index) {
                    let moved = Proof { index: other, ..proof.clone() };
                    assert_ne!(moved.root(leaf, size), expected, "{index} as {other} of {size}");
                }
                let mut longer = proof.clone();
                longer.path.push(leaf);
                assert_eq!(longer.root(leaf, size), None);
                let mut shorter = proof.clone();
                if shorter.path.pop().is_some() {
                    assert_eq!(shorter.root(leaf, size), None);
                }
            }
            assert_eq!(Proof { index: size, path: Vec::new() }.root(leaves[0], size), None);
        }
        assert_eq!(Proof { index: 0, path: Vec::new() }.root(Hash::of(b""), 0), None);
    }

    #[test]
    fn blocks_of_a_power_of_two_are_subtrees() {
        for size in 0..=70 {
            let leaves = leaves(size);
            for block in [1, 2, 4, 8, 16] {
                let blocks = leaves.chunks(block).map(|block| root(block.to_vec())).collect();
                assert_eq!(root(blocks), root(leaves.clone()), "{size} in blocks of {block}");
            }
        }
    }
}
