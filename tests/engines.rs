//! What the store does on a real engine: on the embedded one always, and on Amazon's DynamoDB Local, step by step the same,
//! where `GUERDON_DYNAMODB_LOCAL` says that one answers.

mod engines {
    mod bench;
    mod behaviour;
    mod differential;
}
