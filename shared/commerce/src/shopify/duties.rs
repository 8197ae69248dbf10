//! Duties on lines, and what of them the amounts of a refund contain.

use guerdon_domain::money::{Currency, Rounding, proportion};
use serde::Deserialize;

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
