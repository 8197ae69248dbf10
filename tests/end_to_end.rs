//! End to end: the real binaries under a Lambda runtime API, and the local stack over HTTP, each over a real engine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod end_to_end {
    mod bad_input;
    mod balances;
    mod bids;
    mod binary;
    mod failures;
    mod gifts;
    mod golden;
    mod local;
    mod openapi;
    mod parked;
    mod plays;
    mod portal;
    mod raffles;
    mod refusals;
    mod samples;
    mod statements;
}
