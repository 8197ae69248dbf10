//! Shipping that a refund gives back.

use guerdon_domain::money::{Currency, Rounding, proportion};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{
    money::{Amount, MoneySet, add},
    taxes::{TaxLine, Taxes, includes, taxes_minor},
};
use crate::{
    PayloadError,
    json::{Number, or_default},
};

/// Shipping given back. Until API version 2024-10 it is only an adjustment; for some versions it is both.
#[derive(Deserialize)]
pub(super) struct RefundShippingLine {
    #[serde(default, deserialize_with = "or_default")]
    subtotal_amount_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    tax_amount_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    shipping_line: ShippingLine,
}

#[derive(Deserialize, Default)]
struct ShippingLine {
    discounted_price: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    discounted_price_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    tax_lines: Vec<TaxLine>,
}

impl RefundShippingLine {
    pub(super) fn subtotal_amount_set(&self) -> &MoneySet {
        &self.subtotal_amount_set
    }

    fn subtotal(&self) -> Amount<'_> {
        Amount { set: &self.subtotal_amount_set, plain: None }
    }

    fn tax(&self) -> Amount<'_> {
        Amount { set: &self.tax_amount_set, plain: None }
    }

    /// Refuses what is no amount in any currency.
    pub(super) fn check(&self, at: &str) -> Result<(), PayloadError> {
        self.subtotal().check(&format!("{at}/subtotal_amount"))?;
        self.tax().check(&format!("{at}/tax_amount"))
    }

    /// Minor units, with tax. Where the line leaves the tax out, it is the same share of the shipping line's taxes, rounded up.
    /// Where prices include taxes, the line does as well, unless what it states makes up the price only together.
    pub(super) fn minor(
        &self,
        currency: Currency,
        taxes: Taxes,
        at: &str,
    ) -> Result<i64, PayloadError> {
        let subtotal = self.subtotal().minor_or_zero(currency, &format!("{at}/subtotal_amount"))?;
        let tax = self.tax().tax_minor(currency, &format!("{at}/tax_amount"))?;
        let tax = match (taxes, tax) {
            (Taxes::Included, tax) => {
                let at = format!("{at}/shipping_line");
                let price = self.shipping_line.price_minor(currency, &at)?;
                tax.filter(|tax| price == subtotal.checked_add(*tax)).unwrap_or(0)
            }
            (_, Some(tax)) => tax,
            (_, None) => self.shipping_line.tax_share_minor(subtotal, currency, at)?,
        };
        add(subtotal, tax, at)
    }

    /// Whether the price includes the taxes, if that is proved.
    pub(super) fn includes_taxes(
        &self,
        currency: Currency,
        at: &str,
    ) -> Result<Option<bool>, PayloadError> {
        let (line, at) = (&self.shipping_line, format!("{at}/shipping_line"));
        let Some(price) = line.price_minor(currency, &at)? else { return Ok(None) };
        let tax = taxes_minor(&line.tax_lines, currency, &at)?;
        Ok(includes(Decimal::from(price), &line.tax_lines, tax))
    }
}

impl ShippingLine {
    fn price_minor(&self, currency: Currency, at: &str) -> Result<Option<i64>, PayloadError> {
        Amount { set: &self.discounted_price_set, plain: self.discounted_price.as_ref() }
            .minor(currency, &format!("{at}/discounted_price"))
    }

    fn tax_share_minor(
        &self,
        part_minor: i64,
        currency: Currency,
        at: &str,
    ) -> Result<i64, PayloadError> {
        let at = format!("{at}/shipping_line");
        let whole = self.price_minor(currency, &at)?.unwrap_or(0);
        let tax = taxes_minor(&self.tax_lines, currency, &at)?;
        Ok(proportion(tax, part_minor, whole, Rounding::Up))
    }
}
