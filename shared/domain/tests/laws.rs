//! The laws of `DESIGN.md` that the pure domain can break, each tried on random histories, and some cases by hand.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all of it is in test functions"
)]

#[path = "laws/always.rs"]
mod always;
#[path = "laws/any_order.rs"]
mod any_order;
#[path = "laws/by_hand.rs"]
mod by_hand;
#[path = "laws/life.rs"]
mod life;
#[path = "laws/lots.rs"]
mod lots;
#[path = "laws/mystery.rs"]
mod mystery;
#[path = "laws/once.rs"]
mod once;
#[path = "laws/paying.rs"]
mod paying;
#[path = "laws/plays.rs"]
mod plays;
#[path = "laws/policy.rs"]
mod policy;
#[path = "laws/refunds.rs"]
mod refunds;
#[path = "laws/statements.rs"]
mod statements;
#[path = "laws/time.rs"]
mod time;
#[path = "laws/world.rs"]
mod world;
