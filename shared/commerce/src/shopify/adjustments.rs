//! What the adjustments of a refund state.

use guerdon_domain::money::Currency;
use serde::Deserialize;

use super::money::{Amount, MoneySet, add};
use crate::{
    PayloadError,
    json::{Number, or_default},
};

#[derive(Deserialize)]
pub(super) struct Adjustment {
    /// Newer API versions leave it out, and tell the reason.
    kind: Option<String>,
    reason: Option<String>,
    amount: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    amount_set: MoneySet,
    tax_amount: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    tax_amount_set: MoneySet,
}

impl Adjustment {
    pub(super) fn amount_set(&self) -> &MoneySet {
        &self.amount_set
    }

    fn amount(&self) -> Amount<'_> {
        Amount { set: &self.amount_set, plain: self.amount.as_ref() }
    }

    fn tax(&self) -> Amount<'_> {
        Amount { set: &self.tax_amount_set, plain: self.tax_amount.as_ref() }
    }

    /// Refuses what is no amount in any currency.
    pub(super) fn check(&self, at: &str) -> Result<(), PayloadError> {
        self.amount().check_signed(&format!("{at}/amount"))?;
        self.tax().check_signed(&format!("{at}/tax_amount"))
    }

    /// What neither its kind nor its reason calls shipping is a discrepancy.
    fn is_shipping(&self) -> bool {
        let kind = self.kind.as_deref().or(self.reason.as_deref());
        matches!(kind, Some("shipping_refund" | "Shipping refund"))
    }
}

/// Money of adjustments, in minor units.
///
/// Discrepancies of both signs cancel each other: while money is on its way there is one, and another takes it back when the
/// money has come. What is positive in the end is money that the shop kept: the goods are back all the same, and the money may
/// follow in another refund.
#[derive(Default)]
pub(super) struct Adjusted {
    /// For goods beyond the lines, without the tax that is stated beside it; negative, if it was kept.
    net: i64,
    /// That tax.
    tax: i64,
    /// The same where no tax is stated. Shopify writes 0.00 beside every amount that a person typed in, so that says nothing.
    unclear: i64,
    /// For shipping, with its tax.
    shipping: i64,
}

impl Adjusted {
    /// Adds up the adjustments of the refund at `at`.
    pub(super) fn read(
        all: &[Adjustment],
        currency: Currency,
        at: &str,
    ) -> Result<Self, PayloadError> {
        let mut sums = Self::default();
        for (index, adjustment) in all.iter().enumerate() {
            let at = format!("{at}/order_adjustments/{index}");
            let amount = adjustment.amount().signed_minor(currency, &format!("{at}/amount"))?;
            let tax = adjustment.tax().signed_tax_minor(currency, &format!("{at}/tax_amount"))?;
            let (amount, tax) = (amount.unwrap_or(0), tax.unwrap_or(0));
            if adjustment.is_shipping() {
                sums.shipping = add(add(sums.shipping, amount, &at)?, tax, &at)?;
            } else if tax == 0 {
                sums.unclear = add(sums.unclear, amount.saturating_neg(), &at)?;
            } else if amount != 0 {
                // Tax alone is no money for goods.
                sums.net = add(sums.net, amount.saturating_neg(), &at)?;
                sums.tax = add(sums.tax, tax.saturating_neg(), &at)?;
            }
        }
        Ok(sums)
    }

    /// What was paid for goods, without tax, if the tax on all of it is stated.
    pub(super) fn goods_net(&self) -> Option<i64> {
        Some(self.net).filter(|_| self.unclear == 0)
    }

    /// What was paid for goods, with tax.
    pub(super) fn goods_gross(&self) -> i64 {
        self.net.saturating_add(self.tax).saturating_add(self.unclear)
    }

    /// What was paid for shipping, with tax. Its sign is not reliable, and where one of two takes the other back they differ in
    /// it.
    pub(super) fn shipping(&self) -> i64 {
        self.shipping.saturating_abs()
    }
}
