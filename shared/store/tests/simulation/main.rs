//! Seeded histories against the real store and the real SDK, over a fake DynamoDB that loses answers, conflicts, throttles
//! and lags, with clients that crash and a clock that jumps.
//!
//! ```text
//! cargo test -p guerdon-store --test simulation
//! GUERDON_SIMULATION_HISTORIES=100000 GUERDON_SIMULATION_SECONDS=900 cargo test -p guerdon-store --test simulation histories
//! GUERDON_SIMULATION_SEED=4711 cargo test -p guerdon-store --test simulation histories -- --nocapture
//! ```
#![expect(clippy::unwrap_used, reason = "what a test did not foresee may end it")]

mod bids;
mod crash;
mod history;
mod laws;
mod model;
mod operation;
mod plan;
mod plays;
mod programme;
mod raffle;
mod seed;
mod stored;
mod table;
mod wire;

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::{
        Once,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use guerdon_domain::planted::{Bug, plant};

use crate::{
    history::History,
    laws::{Violation, broken},
};

/// A fifth of a history was the standard allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Histories of a plain `cargo test`.
const HISTORIES: u64 = 1000;
/// Histories in which every planted bug must be found.
const HISTORIES_PER_BUG: usize = 20_000;
/// Bugs that show only where a raffle and the auctions come to their end. They are looked for in those few histories alone.
const AT_THE_END: [Bug; 6] = [
    Bug::EntryAfterTheClose,
    Bug::FreezeWithoutGrace,
    Bug::DrawBeforeFrozen,
    Bug::ModuloInsteadOfRejection,
    Bug::PrizeToTheDrawn,
    Bug::CloseWithoutGrace,
];

fn from_environment(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.replace('_', "").parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs one history; a panic in the code under test is a broken law too. Returns the trace, if one was asked for.
fn run(seed: u64, traced: bool) -> (Result<(), Violation>, String) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                default(info);
            }
        }));
    });
    QUIET.set(true);
    let mut history = History::new(seed, traced);
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| history.run()));
    QUIET.set(false);
    let outcome = outcome.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(broken("panic", text.unwrap_or_default()))
    });
    (outcome, history.trace().to_owned())
}

/// Fails with the whole story of a seed.
fn tell(seed: u64) {
    let (outcome, trace) = run(seed, true);
    println!("{trace}");
    if let Err(Violation { law, detail }) = outcome {
        panic!("seed {seed} breaks law {law}: {detail}\nagain: GUERDON_SIMULATION_SEED={seed}");
    }
}

#[test]
fn histories_break_no_law() {
    if let Some(seed) = from_environment("GUERDON_SIMULATION_SEED") {
        return tell(seed);
    }
    let histories = from_environment("GUERDON_SIMULATION_HISTORIES").unwrap_or(HISTORIES);
    let seconds = from_environment("GUERDON_SIMULATION_SECONDS").unwrap_or(u64::MAX);
    let (next, done, started) = (AtomicU64::new(0), AtomicU64::new(0), Instant::now());
    let batch = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= histories || started.elapsed().as_secs() >= seconds {
                return None;
            }
            done.fetch_add(1, Ordering::Relaxed);
            if run(seed, false).0.is_err() {
                next.store(histories, Ordering::Relaxed);
                return Some(seed);
            }
        }
    };
    let broken = thread::scope(|scope| {
        let threads = [scope.spawn(batch), scope.spawn(batch)];
        threads.map(|thread| thread.join().unwrap()).into_iter().flatten().min()
    });
    if let Some(seed) = broken {
        tell(seed);
        panic!("seed {seed} broke a law, but does not when it is told again");
    }
    let (done, took) = (done.into_inner(), started.elapsed().as_secs().max(1));
    println!("{done} of {histories} histories in {took} s: {} a second", done / took);
}

#[test]
fn a_history_is_a_function_of_its_seed() {
    for seed in 0..50 {
        assert_eq!(run(seed, true).1, run(seed, true).1, "seed {seed}");
    }
}

#[test]
fn every_crash_point_comes_to_the_same() {
    crash::every_crash_point_comes_to_the_same();
}

#[test]
fn planted_bugs_are_found() {
    let next = AtomicU64::new(0);
    let batch = || {
        let mut found = Vec::new();
        while let Some(bug) =
            Bug::ALL.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap())
        {
            plant(Some(*bug));
            let fit = |seed: &u64| !AT_THE_END.contains(bug) || plan::comes_to_the_end(*seed);
            let seeds = (0..).filter(fit).take(HISTORIES_PER_BUG).zip(1..);
            let first = seeds
                .map(|(seed, histories)| (seed, histories, run(seed, false).0))
                .find_map(|(seed, histories, ran)| Some((seed, histories, ran.err()?)));
            plant(None);
            if let Some((seed, ..)) = &first {
                assert_eq!(run(*seed, false).0, Ok(()), "{bug:?} is found where there is another");
            }
            found.push((*bug, first));
        }
        found
    };
    let mut found = thread::scope(|scope| {
        let threads = [scope.spawn(batch), scope.spawn(batch)];
        threads.map(|thread| thread.join().unwrap()).concat()
    });
    found.sort_by_key(|(bug, _)| *bug);
    for (bug, first) in &found {
        match first {
            Some((_, histories, violation)) => {
                println!("{bug:?} | law {} | {histories} histories", violation.law);
            }
            None => println!("{bug:?} | not found in {HISTORIES_PER_BUG} histories"),
        }
    }
    let missed: Vec<_> =
        found.iter().filter(|(_, first)| first.is_none()).map(|(bug, _)| bug).collect();
    assert!(missed.is_empty(), "not found: {missed:?}");
}
