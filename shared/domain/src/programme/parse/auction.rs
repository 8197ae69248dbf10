//! `[[auction]]`: what members bid points for.

use jiff::Timestamp;

use crate::programme::{
    Auction,
    parse::{
        earn::{Asks, who},
        raffle::window,
        reader::{Reader, Table},
        reward::{Of, gives},
        unique_ids,
    },
};

pub(super) fn auctions(reader: &mut Reader<'_>, tables: &[Table<'_>]) -> Vec<Auction> {
    let ids = unique_ids(reader, tables, "auction");
    tables.iter().zip(ids).map(|(table, id)| auction(reader, table, id)).collect()
}

fn auction(reader: &mut Reader<'_>, table: &Table<'_>, id: String) -> Auction {
    let name = reader.name(table, "name").unwrap_or_else(|| id.clone());
    let (opens, closes) = window(reader, table);
    Auction {
        name,
        id,
        opens: opens.map_or(Timestamp::MIN, |opens| opens.value),
        closes: closes.map_or(Timestamp::MIN, |closes| closes.value),
        winners: reader.whole(table, "winners").unwrap_or(1).unsigned_abs(),
        min: reader.whole(table, "min").unwrap_or(1),
        step: reader.whole(table, "step").unwrap_or(1),
        sealed: reader.flag(table, "sealed").unwrap_or(false),
        conditions: who(reader, table, Asks::Member),
        gives: gives(reader, table, Of::Auction),
    }
}
