//! Taxes on lines, and whether prices include them.

use guerdon_domain::money::Currency;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::money::{Amount, MoneySet, sum};
use crate::{
    PayloadError,
    json::{Number, or_default},
};

/// How the order's prices treat taxes; a refund does not say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taxes {
    Included,
    Added,
    Unknown,
}

/// A tax on a line.
#[derive(Deserialize)]
pub(super) struct TaxLine {
    rate: Option<Number>,
    price: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    price_set: MoneySet,
}

/// The sum of a line's taxes, in minor units.
pub(super) fn taxes_minor(
    all: &[TaxLine],
    currency: Currency,
    at: &str,
) -> Result<i64, PayloadError> {
    sum(all, &format!("{at}/tax_lines"), |tax, at| {
        let amount = Amount { set: &tax.price_set, plain: tax.price.as_ref() };
        Ok(amount.tax_minor(currency, &format!("{at}/price"))?.unwrap_or(0))
    })
}

/// Whether `base` includes `tax`: it is what the rates give for a price with tax, and is not what they give for one without,
/// or the other way round. `None` if it could be both or neither, a rate is missing, or the numbers are too large to say.
pub(super) fn includes(base: Decimal, lines: &[TaxLine], tax_minor: i64) -> Option<bool> {
    let tax = Decimal::from(tax_minor);
    let mut rate = Decimal::ZERO;
    for line in lines {
        rate = rate.checked_add(Decimal::from_str_exact(&line.rate.as_ref()?.0).ok()?)?;
    }
    let tolerance = Decimal::from(lines.len());
    let near = |expected: Decimal| tax.checked_sub(expected).map(|gap| gap.abs() <= tolerance);
    let added = base.checked_mul(rate)?;
    let within = near(added.checked_div(Decimal::ONE.checked_add(rate)?)?)?;
    (within != near(added)?).then_some(within)
}
