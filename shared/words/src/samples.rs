//! A programme and its words, for tests.

use guerdon_domain::{
    account::{Asset, Balance},
    entry::{Entry, Kind, LedgerAccount, Posting},
    id::Operation,
    money::{Currency, Money},
    programme::{Programme, parse},
};
use jiff::Timestamp;

use crate::{Language, Naming, Words};

/// The Beanery Club, whose points are beans.
pub(crate) fn programme() -> Programme {
    parse(include_str!("../../../programmes/coffee-shop.toml")).unwrap()
}

/// Its words.
pub(crate) fn words(language: Language) -> Words {
    Words::new(language, &Naming::of(&programme()))
}

/// An entry of an operation that moves so many points.
pub(crate) fn entry(operation: &str, kind: Kind, points: i64) -> Entry {
    let leg = Posting { account: LedgerAccount::Available, asset: Asset::Points, amount: points };
    Entry {
        operation: Operation::from(operation.to_owned()),
        index: 0,
        sequence: 1,
        at: at("2026-10-03T10:00:00Z"),
        recorded_at: at("2026-10-03T10:00:00Z"),
        version: 1,
        kind,
        postings: vec![leg],
        reasons: Vec::new(),
        balance: Balance::default(),
    }
}

/// An instant.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An amount such as "12.34 EUR".
pub(crate) fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// A currency.
pub(crate) fn currency(code: &str) -> Currency {
    code.parse().unwrap()
}

/// A text without invisible marks of direction, and with plain spaces: as it looks.
pub(crate) fn seen(text: &str) -> String {
    let marks = ['\u{200e}', '\u{200f}', '\u{61c}', '\u{2068}', '\u{2069}'];
    text.replace(marks, "").replace(['\u{a0}', '\u{202f}'], " ")
}
