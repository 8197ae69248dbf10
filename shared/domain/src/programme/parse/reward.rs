//! `[[reward]]`: what members can have for points.

use crate::programme::{
    Badge, Codes, Grant, PointsTerms, Reward, TimesLimit, Voucher,
    parse::{
        earn::{Asks, conditions, worth_more},
        mystery,
        reader::{Item, Reader, Table},
        unique_ids,
    },
    schema::offers::NOT_YET,
};

/// More grants in one reward than anyone gives.
const GRANTS_MAX: usize = 20;

pub(super) fn rewards(
    reader: &mut Reader<'_>,
    tables: &[Table<'_>],
    points: &PointsTerms,
) -> Vec<Reward> {
    let ids = unique_ids(reader, tables, "reward");
    let mut rewards = Vec::new();
    for (table, id) in tables.iter().zip(ids) {
        rewards.push(reward(reader, table, id, points));
    }
    rewards
}

fn reward(reader: &mut Reader<'_>, table: &Table<'_>, id: String, points: &PointsTerms) -> Reward {
    let price = reader.table(table, "price").and_then(|price| reader.whole(&price, "points"));
    let stock = reader.whole(table, "stock");
    let limit = times_limit(reader, table, "limit", "times");
    let gives = gives(reader, table, Of::Reward);
    if let Some(price) = price {
        pump(reader, table, &gives, price, limit.is_some(), points);
    }
    Reward {
        name: reader.name(table, "name").unwrap_or_else(|| id.clone()),
        id,
        price_points: price.unwrap_or(0),
        stock,
        conditions: conditions(reader, table, Asks::Member),
        limit,
        gives,
    }
}

/// `limit = { times = 3, per = "day" }`
pub(super) fn times_limit(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    key: &str,
    times: &str,
) -> Option<TimesLimit> {
    let limit = reader.table(table, key)?;
    let (times, per) = (reader.whole(&limit, times), reader.per(&limit, "per"));
    Some(TimesLimit { times: times?, per: per? })
}

/// What gives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A reward.
    Reward,
    /// An outcome of a mystery gift, or a prize: what chance decided is not decided again.
    Outcome,
    /// An auction: whoever bids knows for what.
    Auction,
}

/// What a reward or an outcome gives: something.
pub(super) fn gives(reader: &mut Reader<'_>, table: &Table<'_>, of: Of) -> Vec<Grant> {
    let what = match of {
        Of::Reward => "the reward",
        Of::Outcome => "the outcome",
        Of::Auction => "the auction",
    };
    let Some(item) = reader.item(table, "gives") else { return Vec::new() };
    if item.value.as_array().is_some_and(|array| array.is_empty()) {
        let help = "write, for example, gives = [{ credit = \"5.00 EUR\" }]";
        reader.fault_with_help(item.span, format!("{what} gives nothing"), help);
    }
    grants(reader, table, of)
}

/// The grants of `gives`, of whatever has one.
pub(super) fn grants(reader: &mut Reader<'_>, table: &Table<'_>, of: Of) -> Vec<Grant> {
    let Some(item) = reader.item(table, "gives") else { return Vec::new() };
    let tables = reader.tables(table, "gives");
    if tables.len() > GRANTS_MAX {
        reader.fault(item.span, format!("`gives` holds at most {GRANTS_MAX} things"));
    }
    if let Some(second) = tables.iter().filter(|table| table.has("mystery")).nth(1) {
        let help = "write its outcomes into the first";
        reader.fault_with_help(second.span.clone(), "a reward has one mystery gift", help);
    }
    tables.iter().filter_map(|table| grant(reader, table, of)).collect()
}

fn grant(reader: &mut Reader<'_>, table: &Table<'_>, of: Of) -> Option<Grant> {
    let kinds = match of {
        Of::Reward => &["voucher", "credit", "points", "badge", "mystery"][..],
        Of::Outcome | Of::Auction => &["voucher", "credit", "points", "badge"],
    };
    let given: Vec<&str> =
        kinds.iter().copied().filter(|kind| reader.item(table, kind).is_some()).collect();
    if given.len() > 1 {
        let message = format!("one grant is a {}, not also {}", given.first()?, given.get(1)?);
        reader.fault_with_help(table.span.clone(), message, "write each in braces of its own");
    }
    let details = [("voucher", &["sku", "amount", "valid", "codes"][..]), ("badge", &["name"])];
    for (kind, details) in details.into_iter().filter(|(kind, _)| !given.contains(kind)) {
        for detail in details {
            if let Some(item) = reader.item(table, detail) {
                reader.fault(item.span, format!("`{detail}` belongs to a {kind}"));
            }
        }
    }
    let voucher = voucher(reader, table);
    let credit = reader.money(table, "credit");
    let points = reader.whole(table, "points");
    let badge = badge(reader, table);
    let not_yet = NOT_YET.iter().any(|(key, _)| table.has(key));
    if given.is_empty() && !not_yet {
        let help = match of {
            Of::Reward => "write a `voucher`, `credit`, `points`, `badge` or `mystery`",
            Of::Outcome | Of::Auction => "write a `voucher`, `credit`, `points` or `badge`",
        };
        reader.missing(table.span.clone(), "this gives nothing", help);
    }
    let mystery = if of == Of::Reward { mystery::mystery(reader, table) } else { None };
    let plain = voucher.map(Grant::Voucher).or(credit.map(Grant::Credit));
    let plain = plain.or(points.map(Grant::Points)).or(badge.map(Grant::Badge));
    plain.or(mystery.map(Grant::Mystery))
}

fn badge(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Badge> {
    let id = reader.id(table, "badge")?.value;
    let name = reader.name(table, "name").unwrap_or_else(|| id.clone());
    Some(Badge { id, name })
}

fn voucher(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Voucher> {
    let kind = reader.choice(table, "voucher");
    let sku = reader.word(table, "sku");
    let amount = if table.has("voucher") { reader.money(table, "amount") } else { None };
    let valid = if table.has("voucher") { reader.length(table, "valid") } else { None };
    let codes = if table.has("voucher") { codes(reader, table) } else { Codes::Generated };
    for (needs, key, example) in
        [("product", "sku", "sku = \"LATTE\""), ("amount", "amount", "amount = \"5.00 EUR\"")]
    {
        let item = reader.item(table, key);
        match (kind == Some(needs), item) {
            (true, None) => {
                let message = format!("a voucher for {needs} has no `{key}`");
                reader.missing(
                    table.span.clone(),
                    message,
                    format!("write, for example, {example}"),
                );
            }
            (false, Some(item)) if kind.is_some() => {
                reader.fault(item.span, format!("`{key}` belongs to a voucher for {needs}"));
            }
            _ => {}
        }
    }
    Some(Voucher { kind: kind?.to_owned(), sku, amount, codes, valid })
}

fn codes(reader: &mut Reader<'_>, table: &Table<'_>) -> Codes {
    let Some(item) = reader.item(table, "codes") else { return Codes::Generated };
    if item.value.as_str() == Some("pool") {
        let help = "name the pool: codes = { pool = \"spring\" }";
        reader.fault_with_help(item.span, "which pool do the codes come from?", help);
        return Codes::Generated;
    }
    if item.value.is_str() {
        let _generated = reader.item_choice(&item);
        return Codes::Generated;
    }
    let pool = reader.item_table(&item).and_then(|pool| reader.id(&pool, "pool"));
    pool.map_or(Codes::Generated, |pool| Codes::Pool(pool.value))
}

/// A reward that gives back its own price, or more, can be had for ever.
fn pump(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    gives: &[Grant],
    price: i64,
    limited: bool,
    terms: &PointsTerms,
) {
    let Some(item) = reader.item(table, "gives") else { return };
    let points = mystery::without_end(gives, points_of);
    let credit = mystery::without_end(gives, credit_of);
    if price == 0 {
        if !limited && (points > 0 || credit > 0) {
            let help = "set a price, or a limit such as limit = { times = 1, per = \"ever\" }";
            reader.fault_with_help(
                item.span,
                "a money pump: it is free and can be had without end",
                help,
            );
        }
        return;
    }
    pays_back(reader, &item, price, (points, credit), terms);
}

/// The points of a grant.
pub(super) fn points_of(grant: &Grant) -> i64 {
    if let Grant::Points(points) = grant { *points } else { 0 }
}

/// The minor units of credit of a grant.
pub(super) fn credit_of(grant: &Grant) -> i64 {
    if let Grant::Credit(money) = grant { money.minor } else { 0 }
}

/// Says so if what costs points gives as much back: in points, or in credit that is worth more than they are.
pub(super) fn pays_back(
    reader: &mut Reader<'_>,
    item: &Item<'_>,
    price: i64,
    (points, credit): (i64, i64),
    terms: &PointsTerms,
) {
    let left = price.saturating_sub(points);
    if left <= 0 {
        let message = format!("a money pump: it costs {price} points and gives {points}");
        reader.fault_with_help(
            item.span.clone(),
            message,
            "the price must be above the points that it gives",
        );
    } else if let (Some(value), Some(currency)) = (terms.value, reader.currency)
        && worth_more(credit, left, value)
    {
        let credit = crate::money::Money { minor: credit, currency };
        let message = format!(
            "a money pump: {left} points are worth less than the {credit} of credit they buy"
        );
        reader.fault_with_help(
            item.span.clone(),
            message,
            "raise the price, give less credit, or state a higher `value` of a point",
        );
    }
}
