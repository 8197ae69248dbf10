//! The full check of a list of 100 million tickets, against bare SHA-256 over as many blocks on the same threads.
//!
//! `cargo bench -p guerdon-verifier`. Ten million entrants with ten tickets each; the list lies in memory.

use std::{
    collections::BTreeMap,
    hint::black_box,
    io::Write,
    num::NonZero,
    thread,
    time::{Duration, Instant},
};

use guerdon_domain::draw::{
    list::{Entrant, Line},
    sequence::Range,
};
use guerdon_verifier::recheck::recheck;
use sha2::{Digest, Sha256};

const ENTRANTS: u64 = 10_000_000;
const TICKETS: u64 = 10;

/// A leaf of less than 55 bytes is one block of 64, a node of 65 is two, and there is one node less than leaves.
const BLOCKS: u64 = 3 * ENTRANTS - 2;

fn main() {
    let threads = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let list = list();
    println!("entrants: {ENTRANTS}, tickets: {}, bytes: {}", ENTRANTS * TICKETS, list.len());
    let mut rounds: Vec<(u128, Duration, Duration)> = (0..7)
        .map(|_| {
            let start = Instant::now();
            let found = recheck(&*list, &BTreeMap::new(), threads, &|_| ()).expect("in order");
            let checked = start.elapsed();
            assert_eq!((found.entrants, found.tickets), (ENTRANTS, ENTRANTS * TICKETS));
            let bare = bare(threads);
            (bare.as_nanos() * 1000 / checked.as_nanos(), checked, bare)
        })
        .collect();
    rounds.sort_unstable();
    let (ratio, checked, bare) = rounds[3];
    println!("checked on {threads} threads, in ms:                  {}", checked.as_millis());
    println!("bare SHA-256 over {BLOCKS} blocks, in ms:    {}", bare.as_millis());
    println!("speed of the check, in thousandths of bare:    {ratio}");
}

/// Hashes as many blocks as the check has to, in one long message for each thread.
fn bare(threads: NonZero<usize>) -> Duration {
    let start = Instant::now();
    let each = BLOCKS / threads.get() as u64;
    thread::scope(|scope| {
        for _ in 0..threads.get() {
            scope.spawn(move || {
                let buffer = vec![0x5a; 64 * 1024];
                let mut hasher = Sha256::new();
                for _ in 0..each / 1024 {
                    hasher.update(black_box(&buffer));
                }
                black_box(hasher.finalize());
            });
        }
    });
    start.elapsed()
}

fn list() -> Vec<u8> {
    let mut text = Vec::new();
    for n in 0..ENTRANTS {
        // Scattered digits, in order: the number, and its product with an odd constant.
        let mut entrant = [0; 16];
        entrant[..8].copy_from_slice(&n.to_be_bytes());
        entrant[8..].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let range = Range { first: n * TICKETS, tickets: TICKETS };
        writeln!(text, "{}", Line { range, entrant: Entrant(entrant) }).expect("memory");
    }
    text
}
