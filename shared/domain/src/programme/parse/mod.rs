//! From the text of a programme file to a [`Programme`], or to everything that is wrong with it.

mod auction;
mod brand;
mod earn;
mod escapes;
mod fault;
mod instant_win;
mod mystery;
mod raffle;
mod reader;
mod reward;
mod settings;
#[cfg(test)]
mod tests;
mod values;

use toml::de::DeTable;

pub use crate::programme::parse::fault::{Fault, render};
use crate::{
    money::Currency,
    programme::{
        Brand, Clawback, EarnRules, Expiry, PointsTerms, Programme,
        parse::reader::{At, Reader, Table},
        schema::fields::FILE,
    },
};

/// The largest programme file, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;

/// Parses and checks a programme file.
///
/// All faults are reported at once, in the order of the file. Two files are the same programme if what they parse to is
/// equal: comments, spacing and the order of keys do not matter.
pub fn parse(source: &str) -> Result<Programme, Vec<Fault>> {
    if source.len() > MAX_BYTES {
        let message = format!("the file is larger than {} KiB", MAX_BYTES.div_euclid(1024));
        return Err(vec![Fault::new(source, 0..0, message, None)]);
    }
    let (document, errors) = DeTable::parse_recoverable(source);
    let mut reader = Reader::new(source, &errors);
    let programme = file(&mut reader, document.get_ref());
    let faults = reader.finish();
    if faults.is_empty() { Ok(programme) } else { Err(faults) }
}

/// Reads the whole file. What is faulty stands in as a placeholder, so that everything else is still checked.
fn file(reader: &mut Reader<'_>, document: &DeTable<'_>) -> Programme {
    let root = reader.open(document, 0..0, &FILE);
    let head = reader.table(&root, "programme");
    let tiers = reader.tables(&root, "tier");
    let mut programme = head.map_or_else(placeholder, |head| settings::programme(reader, &head));
    let look = reader.table(&root, "brand");
    programme.brand = look.map(|look| brand::brand(reader, &look)).unwrap_or_default();
    programme.tiers = settings::tiers(reader, &tiers);
    let raffles = reader.tables(&root, "raffle");
    programme.raffles = raffle::raffles(reader, &raffles);
    let games = reader.tables(&root, "instant_win");
    programme.instant_wins = instant_win::instant_wins(reader, &games, &programme.points);
    let auctions = reader.tables(&root, "auction");
    programme.auctions = auction::auctions(reader, &auctions);
    let rules = reader.tables(&root, "earn");
    programme.earn = earn::rules(reader, &rules, &programme);
    let rewards = reader.tables(&root, "reward");
    programme.rewards = reward::rewards(reader, &rewards, &programme.points);
    let pay = reader.table(&root, "pay");
    programme.pay = pay.and_then(|pay| settings::pay(reader, &pay, &programme.points));
    raffle::can_be_entered(reader, &raffles, &programme);
    instant_win::can_be_played(reader, &games, &programme);
    programme
}

fn placeholder() -> Programme {
    Programme {
        name: String::new(),
        brand: Brand::default(),
        currency: Currency::EUR,
        accepts: Vec::new(),
        time_zone: crate::calendar::Zone::utc(),
        points: PointsTerms { one: "point".to_owned(), many: "points".to_owned(), value: None },
        expiry: Expiry::Never,
        pending: None,
        clawback: Clawback::WithinBalance,
        rounding: crate::money::Rounding::Down,
        tiers: Vec::new(),
        earn: EarnRules::default(),
        rewards: Vec::new(),
        pay: None,
        raffles: Vec::new(),
        instant_wins: Vec::new(),
        auctions: Vec::new(),
    }
}

/// What `an` stands before.
const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// The id of each table of a list; an id that an earlier one has is a fault.
fn unique_ids(reader: &mut Reader<'_>, tables: &[Table<'_>], what: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for table in tables {
        let id = reader.id(table, "id");
        if let Some(At { value, span }) = &id
            && ids.contains(value)
        {
            let article = if what.starts_with(VOWELS) { "an" } else { "a" };
            reader.fault(span.clone(), format!("there is already {article} {what} {value:?}"));
        }
        ids.push(id.map(|id| id.value).unwrap_or_default());
    }
    ids
}
