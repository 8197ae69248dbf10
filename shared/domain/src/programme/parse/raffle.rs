//! `[[raffle]]`: what members enter, and win by a draw.

use jiff::Timestamp;

use crate::programme::{
    Programme, Raffle,
    parse::{
        earn::{Asks, who},
        reader::{At, Reader, Table},
        reward::{Of, grants},
        unique_ids,
    },
    raffle::{CLOSE_TO_DRAW_MIN, FreeRoute, RafflePrize},
};

/// The most places of a draw, alternates included: a record is read by people.
const PLACES_MAX: u64 = 10_000;

pub(super) fn raffles(reader: &mut Reader<'_>, tables: &[Table<'_>]) -> Vec<Raffle> {
    let ids = unique_ids(reader, tables, "raffle");
    reader.raffles.clone_from(&ids);
    let mut raffles = Vec::new();
    for (table, id) in tables.iter().zip(ids) {
        raffles.push(raffle(reader, table, id));
    }
    raffles
}

fn raffle(reader: &mut Reader<'_>, table: &Table<'_>, id: String) -> Raffle {
    let name = reader.name(table, "name").unwrap_or_else(|| id.clone());
    let (opens, closes, draws) = times(reader, table);
    let prizes = prizes(reader, table);
    let alternates = reader.whole(table, "alternates").unwrap_or(0).unsigned_abs();
    let places = prizes.iter().fold(alternates, |sum, prize| sum.saturating_add(prize.count));
    if places > PLACES_MAX {
        let message =
            format!("{places} places are drawn, alternates included: at most {PLACES_MAX} may be");
        reader.fault(table.span.clone(), message);
    }
    let price = reader.table(table, "price").and_then(|price| reader.whole(&price, "points"));
    Raffle {
        name,
        id,
        opens,
        closes,
        draws,
        prizes,
        alternates,
        beacon: reader.choice(table, "beacon") != Some("none"),
        conditions: who(reader, table, Asks::Member),
        price_points: price,
        free: free(reader, table),
        limit: reader.whole(table, "limit"),
    }
}

/// A time in whole seconds.
fn whole_second(reader: &mut Reader<'_>, table: &Table<'_>, key: &str) -> Option<At<Timestamp>> {
    let time = reader.time(table, key)?;
    if time.value.subsec_nanosecond() != 0 {
        reader.fault(time.span.clone(), format!("`{key}` must be a whole second"));
    }
    Some(time)
}

/// Opening and closing.
pub(super) fn window(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
) -> (Option<At<Timestamp>>, Option<At<Timestamp>>) {
    let opens = whole_second(reader, table, "opens");
    let closes = whole_second(reader, table, "closes");
    if let (Some(opens), Some(closes)) = (&opens, &closes)
        && closes.value <= opens.value
    {
        reader.fault(closes.span.clone(), "`closes` is not after `opens`: nobody could take part");
    }
    (opens, closes)
}

/// Opening, closing, drawing; what is faulty stands in as the instant before.
fn times(reader: &mut Reader<'_>, table: &Table<'_>) -> (Timestamp, Timestamp, Timestamp) {
    let (opens, closes) = window(reader, table);
    let draws = whole_second(reader, table, "draws");
    if let (Some(closes), Some(draws)) = (&closes, &draws) {
        let earliest = closes.value.saturating_add(CLOSE_TO_DRAW_MIN).unwrap_or(Timestamp::MAX);
        if draws.value < earliest {
            let help = format!("write \"{earliest}\" or later");
            let message = format!(
                "`draws` is too soon: the list of entrants is frozen and published first, and may take {} minutes",
                CLOSE_TO_DRAW_MIN.as_mins()
            );
            reader.fault_with_help(draws.span.clone(), message, help);
        }
    }
    let value = |at: Option<At<Timestamp>>| at.map_or(Timestamp::MIN, |at| at.value);
    let closes = value(closes);
    let an_hour_later = closes.saturating_add(jiff::SignedDuration::from_hours(1));
    let draws = draws.map_or(an_hour_later.unwrap_or(closes), |draws| draws.value);
    (value(opens), closes, draws)
}

fn prizes(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<RafflePrize> {
    let tables = reader.tables(table, "prizes");
    if let Some(item) = reader.item(table, "prizes").filter(|_| tables.is_empty()) {
        reader.fault(item.span, "a raffle without prizes draws nothing");
    }
    let ids = unique_ids(reader, &tables, "prize");
    let mut prizes = Vec::new();
    for (table, id) in tables.iter().zip(ids) {
        prizes.push(RafflePrize {
            name: reader.name(table, "name").unwrap_or_else(|| id.clone()),
            id,
            count: reader.whole(table, "count").unwrap_or(1).unsigned_abs(),
            gives: grants(reader, table, Of::Outcome),
        });
    }
    prizes
}

/// The free route, or why there is none: a raffle that can only be entered by paying may be a lottery before the law.
fn free(reader: &mut Reader<'_>, table: &Table<'_>) -> FreeRoute {
    let entries = reader.table(table, "free").and_then(|free| {
        let (entries, per) = (reader.whole(&free, "entries"), reader.per(&free, "per"));
        Some(FreeRoute::Entries { entries: entries?, per: per? })
    });
    let none = reader.sentence(table, "no_free_route");
    match (table.has("free"), table.has("no_free_route")) {
        (true, true) => {
            reader.fault(
                table.span.clone(),
                "a raffle has either a `free` route or a reason for having none, not both",
            );
        }
        (false, false) => reader.missing(
            table.span.clone(),
            "the raffle has no free route, and does not say why not",
            "write free = { entries = 1, per = \"day\" }, or no_free_route = \"the reason, for members to read\"",
        ),
        _ => {}
    }
    entries.unwrap_or(FreeRoute::None { reason: none.unwrap_or_default() })
}

/// A raffle that no rule gives entries of, and that can neither be bought into nor entered for nothing, has no entrants.
pub(super) fn can_be_entered(reader: &mut Reader<'_>, tables: &[Table<'_>], programme: &Programme) {
    for (table, raffle) in tables.iter().zip(&programme.raffles) {
        let earned = programme
            .earn
            .iter()
            .any(|rule| rule.tickets.as_ref().is_some_and(|of| of.as_str() == raffle.id));
        if !earned && !table.has("price") && !table.has("free") {
            reader.missing(
                table.span.clone(),
                format!("nobody can enter the raffle {:?}", raffle.id),
                "give it a `price` or a `free` route, or write a rule with entries = { raffle = \"…\", give = 1 }",
            );
        }
    }
}
