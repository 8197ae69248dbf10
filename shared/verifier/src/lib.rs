//! What checks a draw beyond the domain: the beacon's signature, and lists of any length on all cores.
//!
//! It stands apart because it links pairings and starts threads, which functions that draw nothing should not carry.

pub mod beacon;
pub mod recheck;
pub mod report;
