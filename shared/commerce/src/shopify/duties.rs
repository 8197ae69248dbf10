//! Duties on lines, and what of them the amounts of a refund contain.

use std::{fmt, marker::PhantomData};

use guerdon_domain::money::{Currency, Rounding, proportion};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer},
};

use super::{
    money::{Amount, MoneySet, ShopMoney, add},
    taxes::{TaxLine, taxes_minor},
};
use crate::{PayloadError, json::or_default};

/// A duty on a line, in either of two spellings.
#[derive(Deserialize)]
pub(super) struct Duty {
    #[serde(default, deserialize_with = "or_default")]
    shop_money: ShopMoney,
    #[serde(default, deserialize_with = "or_default")]
    price_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    tax_lines: Vec<TaxLine>,
}

impl Duty {
    /// Minor units, without the tax on it.
    pub(super) fn minor(&self, currency: Currency, at: &str) -> Result<i64, PayloadError> {
        let own = self.shop_money.minor_or_zero(currency, &format!("{at}/shop_money"))?;
        let set = Amount { set: &self.price_set, plain: None };
        Ok(own.max(set.minor_or_zero(currency, &format!("{at}/price"))?))
    }

    /// The same with the tax on it.
    pub(super) fn taxed_minor(&self, currency: Currency, at: &str) -> Result<i64, PayloadError> {
        add(self.minor(currency, at)?, taxes_minor(&self.tax_lines, currency, at)?, at)
    }
}

/// What an order tells of a line, to read its refunds by.
#[derive(Clone, Copy)]
pub(super) struct Sold {
    /// Units, in thousandths.
    pub(super) milli: i64,
    /// Minor units for all of them, as the line earns.
    pub(super) net_minor: i64,
    /// Minor units of the duties that the price includes, with what it includes of their tax.
    pub(super) duties_minor: i64,
    /// A gift card and a tip are none.
    pub(super) goods: bool,
}

impl Sold {
    /// Minor units of the duties that the price of so many units includes.
    pub(super) fn share_minor(&self, milli: i64) -> i64 {
        proportion(self.duties_minor, milli, self.milli, Rounding::Up)
    }

    /// What of the minor units that a refund states for so many units, without tax, is their duties.
    ///
    /// A refund does not say whether it has them in it. What is beyond the units' share of the line's net is, up to their share
    /// of the duties.
    pub(super) fn within_minor(&self, stated_minor: i64, milli: i64) -> i64 {
        let net = proportion(self.net_minor, milli, self.milli, Rounding::Up);
        stated_minor.saturating_sub(net).clamp(0, self.share_minor(milli))
    }
}

/// A list of duties, as a refund has them: a list, or an object with the list inside, as Shopify's published example prints it.
pub(super) struct Listed<T> {
    pub(super) all: Vec<T>,
    within: bool,
}

impl<T> Listed<T> {
    /// The JSON pointer of the list, within what has it.
    pub(super) fn at(&self) -> &'static str {
        if self.within { "/duties/duties" } else { "/duties" }
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { all: Vec::new(), within: false }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListedVisitor(PhantomData))
    }
}

struct ListedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListedVisitor<T> {
    type Value = Listed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of duties")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Listed<T>, A::Error> {
        let all = Vec::deserialize(SeqAccessDeserializer::new(list))?;
        Ok(Listed { all, within: false })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Listed<T>, A::Error> {
        let mut all = None;
        while let Some(field) = object.next_key::<String>()? {
            if field != "duties" {
                object.next_value::<IgnoredAny>()?;
            } else if all.is_some() {
                return Err(A::Error::duplicate_field("duties"));
            } else {
                all = Some(object.next_value::<Option<Vec<T>>>()?.unwrap_or_default());
            }
        }
        Ok(Listed { all: all.unwrap_or_default(), within: true })
    }
}
