//! The ledger in DynamoDB: loads accounts, applies decisions atomically, and remembers every operation for ever.
//!
//! `keys.rs` alone spells a key, `items` alone knows the stored format.

mod auctions;
mod commit;
mod error;
mod items;
mod keys;
mod leaders;
mod ledger;
mod orders;
mod parked;
mod plays;
mod prizes;
mod profiles;
mod programmes;
mod raffles;
mod read;
mod redemptions;
mod settling;
mod statements;

pub use crate::{
    commit::Tables,
    error::{PostError, StoreError},
    items::GrantRecord,
    leaders::{Leader, Ranking},
    ledger::{EventAnswer, Ledger, Posted, Request},
    orders::OrderAnswer,
    parked::{Parked, Parking, Task, Waits},
    prizes::PrizeError,
    programmes::{Notice, Programmes, Publication, PublishError, PublishedSource},
    raffles::{Edition, Entry as ListEntry, Freezing, Frozen, RaffleState},
    read::{Export, Page},
    statements::{Members, Record},
};
