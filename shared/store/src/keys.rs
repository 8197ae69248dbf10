//! The primary key of every item. No other module spells a key.
//!
//! | table | partition key | sort key | item |
//! |---|---|---|---|
//! | Ledger | `MEMBER#<member>` | `ACCOUNT` | balances, lots, counters, version |
//! | Ledger | `MEMBER#<member>` | `GRANT#<sequence>` | what a redemption gave |
//! | Ledger | `MEMBER#<member>` | `PROFILE` | what the member tells of themselves: the one item with personal data |
//! | Ledger | `MEMBER#<member>` | `USED#<token>` | a link that was used |
//! | Ledger | `OP#<operation>` | `<index>` | an entry, or a note of an order: the guard of the operation, for ever |
//! | Ledger | `LEADERS#<shard>` | `<member>` | a member who is on the leaderboard, by the first digit of their digest |
//! | Ledger | `LEADERS` | `BOARD` | the best of them, as last ranked |
//! | Ledger | `PARKED` | `<digest>` | an event that waits for a repaired rule |
//! | Programme | `PROGRAMME` | `VERSION#<version>` | a published version |
//! | Programme | `STOCK#<reward>` | `STOCK` | pieces taken: of a reward, of an outcome (`<reward>/<outcome>`), of a prize (`play:<game>/<prize>`) |
//! | Programme | `POOL#<pool>` | `<code>` | a free code |
//! | Programme | `CODE#<code>` | `CODE` | a code: the pool it waits in, or to whom it was given |
//! | Raffle | `RAFFLE#<raffle>` | `STATE` | a raffle: what was announced, how far it is |
//! | Raffle | `RAFFLE#<raffle>` | `RECORD#<digest>#<part>` | a part of an edition of the record of its draw |
//! | Raffle | `ENTRANTS#<raffle>#<shard>` | `<entrant>` | an entrant, by the first byte of their pseudonym: the list's order |
//! | Raffle | `COUNTER#<game>#<counter>` | `COUNTER` | plays that a counter of an instant win has accepted |
//! | Raffle | `MOMENTS#<game>` | `<moment>` | a winning moment that was taken |
//! | Raffle | `BOARD#<auction>` | `BOARD` | the bids that lead an auction, and whether it is over |
//! | Raffle | `BIDS#<auction>#<shard>` | `<bidder>` | a bid whose points are held, by the first digit of its bidder's pseudonym |
//! | Raffle | `PAGES#<raffle>#<level>` | `<number>` | a page of the frozen list |
//!
//! Index `history` of the Ledger: (`member`, `sequence`). Index `due`: (`due_shard`, `due`).

use guerdon_domain::{
    draw::{hash::Hash, list::Entrant, pages::PageId},
    id::{MemberId, Operation},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Partition and sort key, flattened into each item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// The index that lists a member's entries by sequence.
pub(crate) const HISTORY: &str = "history";
/// The sparse index that lists accounts by the next instant at which something is due.
pub(crate) const DUE: &str = "due";
/// Partitions of the index `due`, so that it has no hot one.
pub(crate) const DUE_SHARDS: u8 = 16;
/// Sort-key prefix of a member's grants.
pub(crate) const GRANT_PREFIX: &str = "GRANT#";
/// Sort-key prefix of the marks of a member's links that were used.
const USED_PREFIX: &str = "USED#";
/// Partition of parked events.
pub(crate) const PARKED: &str = "PARKED";
/// Partition of the leaderboard, and what those of its members begin with.
const LEADERS: &str = "LEADERS";
/// Partition of published versions.
pub(crate) const PROGRAMME: &str = "PROGRAMME";

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    pub(crate) fn account(member: &MemberId) -> Self {
        Self::new(member_partition(member), "ACCOUNT")
    }

    pub(crate) fn grant(member: &MemberId, sequence: u64) -> Self {
        Self::new(member_partition(member), format!("{GRANT_PREFIX}{sequence:012}"))
    }

    pub(crate) fn profile(member: &MemberId) -> Self {
        Self::new(member_partition(member), "PROFILE")
    }

    pub(crate) fn used(member: &MemberId, token: &str) -> Self {
        Self::new(member_partition(member), format!("{USED_PREFIX}{token}"))
    }

    pub(crate) fn entry(operation: &Operation, index: u32) -> Self {
        Self::new(operation_partition(operation), format!("{index:06}"))
    }

    /// The operation and the index that an entry's key is made of.
    pub(crate) fn named(&self) -> Option<(Operation, u32)> {
        let operation = self.pk.strip_prefix("OP#")?;
        Some((Operation::from(operation.to_owned()), self.sk.parse().ok()?))
    }

    pub(crate) fn parked(digest: &str) -> Self {
        Self::new(PARKED, digest)
    }

    pub(crate) fn leader(member: &MemberId) -> Self {
        Self::new(leaders_partition(digest_byte(member) >> 4), member.as_str())
    }

    pub(crate) fn leaders() -> Self {
        Self::new(LEADERS, "BOARD")
    }

    pub(crate) fn version(version: u32) -> Self {
        Self::new(PROGRAMME, format!("VERSION#{version:06}"))
    }

    pub(crate) fn stock(reward: &str) -> Self {
        Self::new(format!("STOCK#{reward}"), "STOCK")
    }

    pub(crate) fn free_code(pool: &str, code: &str) -> Self {
        Self::new(pool_partition(pool), code)
    }

    pub(crate) fn code(code: &str) -> Self {
        Self::new(format!("CODE#{code}"), "CODE")
    }

    pub(crate) fn raffle(raffle: &str) -> Self {
        Self::new(format!("RAFFLE#{raffle}"), "STATE")
    }

    pub(crate) fn record(raffle: &str, digest: &Hash, part: u32) -> Self {
        Self::new(format!("RAFFLE#{raffle}"), format!("RECORD#{digest}#{part:04}"))
    }

    pub(crate) fn entrant(raffle: &str, entrant: Entrant) -> Self {
        let [shard, ..] = entrant.0;
        Self::new(entrants_partition(raffle, shard), entrant.to_string())
    }

    pub(crate) fn counter(game: &str, counter: u64) -> Self {
        Self::new(format!("COUNTER#{game}#{counter:03}"), "COUNTER")
    }

    pub(crate) fn moment(game: &str, moment: u64) -> Self {
        Self::new(moments_partition(game), format!("{moment:06}"))
    }

    pub(crate) fn board(auction: &str) -> Self {
        Self::new(format!("BOARD#{auction}"), "BOARD")
    }

    pub(crate) fn bid(auction: &str, bidder: Entrant) -> Self {
        let [first, ..] = bidder.0;
        Self::new(bids_partition(auction, first >> 4), bidder.to_string())
    }

    pub(crate) fn page(raffle: &str, page: PageId) -> Self {
        Self::new(format!("PAGES#{raffle}#{}", page.level), format!("{:09}", page.number))
    }
}

/// The partition that holds the entrants of a raffle whose pseudonym begins with this byte.
pub(crate) fn entrants_partition(raffle: &str, shard: u8) -> String {
    format!("ENTRANTS#{raffle}#{shard:02x}")
}

/// The partition that holds the moments of a game that were taken.
pub(crate) fn moments_partition(game: &str) -> String {
    format!("MOMENTS#{game}")
}

/// Partitions that the bids of an auction are spread over, so that none is hot.
pub(crate) const BID_SHARDS: u8 = 16;

/// The partition that holds the bids of an auction by whose pseudonym begins with this digit.
pub(crate) fn bids_partition(auction: &str, shard: u8) -> String {
    format!("BIDS#{auction}#{shard:x}")
}

/// Partitions that those who are on the leaderboard are spread over.
pub(crate) const LEADER_SHARDS: u8 = 16;

/// The partition that holds those who are on the leaderboard by whose digest begins with this digit.
pub(crate) fn leaders_partition(shard: u8) -> String {
    format!("{LEADERS}#{shard:x}")
}

/// The partition that holds a member's account and grants.
pub(crate) fn member_partition(member: &MemberId) -> String {
    format!("MEMBER#{member}")
}

/// What the partitions of members begin with.
pub(crate) const MEMBER_PREFIX: &str = "MEMBER#";

/// What an item of a member's partition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Account,
    Profile,
    Grant,
    /// The mark of a link that was used.
    Used,
    Other,
}

/// What the item of a sort key is, in a member's partition.
pub(crate) fn part(sk: &str) -> Part {
    match sk {
        "ACCOUNT" => Part::Account,
        "PROFILE" => Part::Profile,
        _ if sk.starts_with(GRANT_PREFIX) => Part::Grant,
        _ if sk.starts_with(USED_PREFIX) => Part::Used,
        _ => Part::Other,
    }
}

/// The member of such a partition.
pub(crate) fn member_of(partition: &str) -> Option<MemberId> {
    MemberId::new(partition.strip_prefix("MEMBER#")?).ok()
}

/// The partition that holds all that an operation wrote.
pub(crate) fn operation_partition(operation: &Operation) -> String {
    format!("OP#{operation}")
}

/// The partition that holds the free codes of a pool.
pub(crate) fn pool_partition(pool: &str) -> String {
    format!("POOL#{pool}")
}

/// The partition of the index `due` for a member.
pub(crate) fn due_shard(member: &MemberId) -> String {
    shard_name(digest_byte(member) % DUE_SHARDS)
}

/// The first byte of a member's digest, which spreads members over partitions.
fn digest_byte(member: &MemberId) -> u8 {
    Sha256::digest(member.as_str()).first().copied().unwrap_or(0)
}

/// The name of the n-th partition of the index `due`.
pub(crate) fn shard_name(shard: u8) -> String {
    format!("{shard:02}")
}

#[cfg(test)]
mod tests {
    use guerdon_domain::id::{OrderId, RequestKey};

    use super::*;

    #[test]
    fn all_keys() {
        let member = MemberId::new("shopify:acme.myshopify.com:7").unwrap();
        let order = Operation::order(&OrderId::new("shopify:acme.myshopify.com:1001").unwrap());
        let request = Operation::request(&member, &RequestKey::new("k-1").unwrap());
        let keys = [
            Key::account(&member),
            Key::grant(&member, 12),
            Key::profile(&member),
            Key::used(&member, "00ff"),
            Key::entry(&order, 3),
            Key::entry(&request, 0),
            Key::entry(&Operation::once(&member, "sign-up"), 0),
            Key::entry(&Operation::settle(&member, 9), 0),
            Key::parked("00ff"),
            Key::leader(&member),
            Key::leaders(),
            Key::version(2),
            Key::stock("latte"),
            Key::free_code("spring", "A1"),
            Key::code("A1"),
            Key::raffle("spring"),
            Key::record("spring", &Hash([1; 32]), 0),
            Key::entrant("spring", Entrant([7; 16])),
            Key::counter("lucky-cup", 7),
            Key::moment("lucky-cup", 12),
            Key::board("tasting"),
            Key::bid("tasting", Entrant([0xa7; 16])),
            Key::page("spring", PageId { level: 1, number: 12 }),
        ];
        let table: Vec<String> =
            keys.iter().map(|key| format!("{} | {}", key.pk, key.sk)).collect();
        insta::assert_snapshot!("keys", table.join("\n"));
    }
}
