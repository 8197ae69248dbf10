//! What the store does on a real engine: on the embedded one always, and on Amazon's DynamoDB Local, step by step the same,
//! where `GUERDON_DYNAMODB_LOCAL` says that one answers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod engines {
    mod behaviour;
    mod bench;
    mod bids;
    mod differential;
    mod gifts;
    mod leaders;
    mod plays;
    mod raffles;
    mod statements;
    mod versions;
}
