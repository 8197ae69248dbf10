//! A line of a refund.

use guerdon_domain::{event::RefundLine, money::Currency};
use rust_decimal::Decimal;
use serde::{Deserialize, de::IgnoredAny};

use super::{
    duties::Listed,
    money::{Amount, MoneySet, add},
    order::{Allocation, discounts_minor},
    taxes::{TaxLine, Taxes, includes, taxes_minor},
};
use crate::{
    PayloadError,
    json::{self, Number, NumericId, or_default},
};

#[derive(Deserialize)]
pub(super) struct RefundLineItem {
    pub(super) line_item_id: NumericId,
    quantity: Number,
    subtotal: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) subtotal_set: MoneySet,
    total_tax: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) total_tax_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) line_item: Item,
}

/// The order's line, repeated in the refund.
#[derive(Deserialize, Default)]
pub(super) struct Item {
    quantity: Option<Number>,
    price: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    price_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    discount_allocations: Vec<Allocation>,
    #[serde(default, deserialize_with = "or_default")]
    tax_lines: Vec<TaxLine>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) duties: Listed<IgnoredAny>,
}

/// Money of a refund line, in minor units.
#[derive(Clone, Copy)]
pub(super) struct Given {
    /// Without tax.
    pub(super) net_minor: i64,
    /// With tax.
    pub(super) gross_minor: i64,
}

impl RefundLineItem {
    pub(super) fn line(
        &self,
        net_minor: Option<i64>,
        at: &str,
    ) -> Result<RefundLine, PayloadError> {
        let quantity_milli = json::whole_milli(&self.quantity, &format!("{at}/quantity"))?;
        Ok(RefundLine { line: self.line_item_id.to_string(), quantity_milli, net_minor })
    }

    fn subtotal(&self) -> Amount<'_> {
        Amount { set: &self.subtotal_set, plain: self.subtotal.as_ref() }
    }

    fn tax(&self) -> Amount<'_> {
        Amount { set: &self.total_tax_set, plain: self.total_tax.as_ref() }
    }

    /// Refuses what is no amount in any currency.
    pub(super) fn check(&self, at: &str) -> Result<(), PayloadError> {
        self.subtotal().check(&format!("{at}/subtotal"))?;
        self.tax().check(&format!("{at}/total_tax"))
    }

    /// What was given back for it; `None` if the refund does not say.
    pub(super) fn given(
        &self,
        currency: Currency,
        taxes: Taxes,
        at: &str,
    ) -> Result<Option<Given>, PayloadError> {
        let subtotal = self.subtotal().minor(currency, &format!("{at}/subtotal"))?;
        let tax = self.tax().tax_minor(currency, &format!("{at}/total_tax"))?.unwrap_or(0);
        let Some(subtotal) = subtotal else { return Ok(None) };
        if taxes == Taxes::Included {
            return Ok(Some(Given {
                net_minor: subtotal.saturating_sub(tax).max(0),
                gross_minor: subtotal.max(tax),
            }));
        }
        Ok(Some(Given { net_minor: subtotal, gross_minor: add(subtotal, tax, at)? }))
    }
}

impl Item {
    /// Whether the price includes the taxes, if that is proved.
    pub(super) fn includes_taxes(
        &self,
        currency: Currency,
        at: &str,
    ) -> Result<Option<bool>, PayloadError> {
        let price = Amount { set: &self.price_set, plain: self.price.as_ref() }
            .minor(currency, &format!("{at}/price"))?;
        let quantity =
            self.quantity.as_ref().map(|quantity| json::milli(quantity, &format!("{at}/quantity")));
        let discounts = discounts_minor(&self.discount_allocations, currency, at)?;
        let tax = taxes_minor(&self.tax_lines, currency, at)?;
        let (Some(price), Some(milli)) = (price, quantity.transpose()?) else { return Ok(None) };
        let base = Decimal::from(price).checked_mul(Decimal::new(milli, 3));
        let base = base.and_then(|base| base.checked_sub(Decimal::from(discounts)));
        Ok(base.and_then(|base| includes(base, &self.tax_lines, tax)))
    }
}
