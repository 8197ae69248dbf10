//! A refund, alone or inside its order.
//!
//! Goods that go back are lines; money that goes back without goods is an amount. Shopify gives neither: an amount is what
//! the transactions paid beyond lines, taxes, shipping and duties. Quantities say more than a line's `subtotal`, which can
//! be above what the line was worth or, in a refund that comes without its order, contain taxes nobody can tell apart; so
//! whoever reads a refund should go by quantities first.

use std::collections::BTreeMap;

use guerdon_domain::{
    event::{self, Event, OrderEvent, RefundLine},
    money::{Currency, Rounding, proportion},
};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{
    Shop,
    money::{Amount, MoneySet, add},
    order::{Allocation, TaxLine, discounts_minor, taxes_minor},
};
use crate::{
    Meaning, PayloadError, Platform, Translation,
    json::{self, Number, NumericId, or_default},
    meaning::Why,
};

#[derive(Deserialize)]
pub(super) struct Refund {
    pub(super) id: NumericId,
    order_id: Option<NumericId>,
    #[serde(default, rename = "refund_line_items", deserialize_with = "or_default")]
    pub(super) line_items: Vec<RefundLineItem>,
    #[serde(default, deserialize_with = "or_default")]
    transactions: Vec<Transaction>,
    #[serde(default, deserialize_with = "or_default")]
    order_adjustments: Vec<Adjustment>,
    #[serde(default, rename = "refund_shipping_lines", deserialize_with = "or_default")]
    shipping_lines: Vec<RefundShippingLine>,
    #[serde(default, deserialize_with = "or_default")]
    total_duties_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    total_additional_fees_set: MoneySet,
}

#[derive(Deserialize)]
pub(super) struct RefundLineItem {
    line_item_id: NumericId,
    quantity: Number,
    subtotal: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    subtotal_set: MoneySet,
    total_tax: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    total_tax_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    line_item: Item,
}

/// The order's line, repeated in the refund.
#[derive(Deserialize, Default)]
struct Item {
    quantity: Option<Number>,
    price: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    price_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    discount_allocations: Vec<Allocation>,
    #[serde(default, deserialize_with = "or_default")]
    tax_lines: Vec<TaxLine>,
}

#[derive(Deserialize)]
struct Transaction {
    kind: Option<String>,
    status: Option<String>,
    amount: Option<Number>,
    /// Of `amount`: the customer's.
    currency: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    total_unsettled_set: Unsettled,
}

/// Here the currency is not called `currency_code`.
#[derive(Deserialize, Default)]
struct Unsettled {
    #[serde(default, deserialize_with = "or_default")]
    shop_money: UnsettledMoney,
}

#[derive(Deserialize, Default)]
struct UnsettledMoney {
    currency: Option<String>,
}

#[derive(Deserialize)]
struct Adjustment {
    kind: Option<String>,
    amount: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    amount_set: MoneySet,
    tax_amount: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    tax_amount_set: MoneySet,
}

/// Shipping given back. Until API version 2024-10 it is only an adjustment; for some versions it is both.
#[derive(Deserialize)]
struct RefundShippingLine {
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

/// How the order's prices treat taxes; a refund does not say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taxes {
    Included,
    Added,
    Unknown,
}

/// Money of adjustments, in minor units.
#[derive(Default)]
struct Adjusted {
    /// For goods beyond the lines.
    goods: i64,
    /// Tax on them, if it is stated.
    goods_tax: i64,
    /// For shipping, with its tax.
    shipping: i64,
}

/// How much of a refund's money has been paid back.
enum Arrived {
    All,
    /// Another attempt is on its way, or failed.
    Part,
    Nothing,
}

/// Money of a refund line, in minor units.
struct Given {
    /// Without tax.
    net_minor: i64,
    /// With tax.
    gross_minor: i64,
}

pub(super) fn translate(
    topic: &str,
    shop: &Shop,
    body: &[u8],
) -> Result<Translation, PayloadError> {
    let refund: Refund = json::read(body)?;
    json::check_refunds([refund.line_items.len()].into_iter(), "/refund_line_items")?;
    let order = refund.order_id.ok_or_else(|| PayloadError::malformed("/order_id", "missing"))?;
    let order = shop.order(order, "/order_id")?;
    let mut notes = Vec::new();
    let in_domain = if let Some(currency) = refund.shop_currency()? {
        refund.in_domain(currency, Taxes::Unknown, "")?
    } else {
        notes.push(Why::new(
            "no-currency",
            "the shop's currency is not named: quantities count; money without lines counts if the order is in the currency \
             it was paid in",
        ));
        refund.without_shop_currency()?
    };
    let currency = in_domain.currency;
    let refunds = BTreeMap::from([(refund.id.to_string(), in_domain)]);
    let event = Event::Order(OrderEvent { order, snapshot: None, refunds });
    let meaning = Meaning::of(Platform::Shopify, topic, &event, currency, notes);
    Ok(Translation::Event(Box::new(event), meaning))
}

impl Refund {
    /// The refund in the domain's words; `at` is its JSON pointer.
    pub(super) fn in_domain(
        &self,
        currency: Currency,
        taxes: Taxes,
        at: &str,
    ) -> Result<event::Refund, PayloadError> {
        let mut lines = Vec::with_capacity(self.line_items.len());
        let mut gross_minor = 0;
        for (index, item) in self.line_items.iter().enumerate() {
            let at = format!("{at}/refund_line_items/{index}");
            let given = item.given(currency, taxes, &at)?;
            gross_minor = add(gross_minor, given.gross_minor, &at)?;
            lines.push(item.line(Some(given.net_minor), &at)?);
        }
        let (amount_minor, with_tax) = self.amount_minor(currency, taxes, gross_minor, at)?;
        Ok(event::Refund {
            lines,
            amount_minor,
            taxed: with_tax && amount_minor > 0,
            currency: Some(currency),
            also: Vec::new(),
        })
    }

    /// The refund where nothing names the shop's currency: its amounts cannot be read, so only quantities are.
    ///
    /// What a transaction paid is in a currency of its own, the customer's. It goes along with that currency, and so counts
    /// only if the order is in it too; and only if it paid for nothing else. The order's own news tell the same refund in the
    /// shop's money.
    fn without_shop_currency(&self) -> Result<event::Refund, PayloadError> {
        let lines = self.line_items.iter().enumerate();
        let lines =
            lines.map(|(index, item)| item.line(None, &format!("/refund_line_items/{index}")));
        let lines: Vec<RefundLine> = lines.collect::<Result<_, _>>()?;
        let currency: Option<Currency> =
            self.transactions.iter().find_map(|t| t.currency.as_deref()?.parse().ok());
        let only_money =
            lines.is_empty() && self.order_adjustments.is_empty() && self.shipping_lines.is_empty();
        let amount_minor = match currency {
            Some(currency) if only_money => self.paid_minor(currency, "")?,
            _ => 0,
        };
        Ok(event::Refund {
            lines,
            amount_minor,
            taxed: amount_minor > 0,
            currency,
            also: Vec::new(),
        })
    }

    /// The shop's currency, from whatever shop money names it first. A transaction's own currency is the customer's.
    fn shop_currency(&self) -> Result<Option<Currency>, PayloadError> {
        let lines = self.line_items.iter().map(|line| ("refund_line_items", &line.subtotal_set));
        let adjustments =
            self.order_adjustments.iter().map(|a| ("order_adjustments", &a.amount_set));
        let shipping = self
            .shipping_lines
            .iter()
            .map(|line| ("refund_shipping_lines", &line.subtotal_amount_set));
        let sets = lines
            .chain(adjustments)
            .chain(shipping)
            .chain([("total_duties_set", &self.total_duties_set)]);
        let sets = sets.map(|(field, set)| (field, set.currency_code()));
        let unsettled = self
            .transactions
            .iter()
            .map(|t| ("transactions", t.total_unsettled_set.shop_money.currency.as_deref()));
        let named = sets.chain(unsettled).find_map(|(field, code)| Some((field, code?)));
        named.map(|(field, code)| json::currency(code, &format!("/{field}"))).transpose()
    }

    /// Minor units paid back for goods without naming lines: what the shop recorded as paid beyond the lines, or else what
    /// the transactions paid beyond lines, shipping, duties and fees. And whether tax is in it, as it is unless the shop
    /// recorded the tax beside it.
    fn amount_minor(
        &self,
        currency: Currency,
        taxes: Taxes,
        lines_minor: i64,
        at: &str,
    ) -> Result<(i64, bool), PayloadError> {
        let adjusted = self.adjustments_minor(currency, at)?;
        let beyond = || {
            let shipping = adjusted.shipping.max(self.shipping_minor(currency, taxes, at)?);
            let lines_and_shipping = add(lines_minor, shipping, at)?;
            self.paid_beyond_minor(lines_and_shipping, currency, at)
        };
        if adjusted.goods == 0 {
            return Ok((beyond()?, true));
        }
        let paid = match self.arrived(currency) {
            Arrived::All => adjusted.goods,
            Arrived::Part => adjusted.goods.min(beyond()?),
            Arrived::Nothing => 0,
        };
        Ok((paid, adjusted.goods_tax == 0))
    }

    /// What the transactions paid beyond what else the refund is for, and duties and fees.
    fn paid_beyond_minor(
        &self,
        named_minor: i64,
        currency: Currency,
        at: &str,
    ) -> Result<i64, PayloadError> {
        let duties = Amount { set: &self.total_duties_set, plain: None };
        let duties = duties.minor_or_zero(currency, &format!("{at}/total_duties"))?;
        let fees = Amount { set: &self.total_additional_fees_set, plain: None };
        let fees = fees.minor_or_zero(currency, &format!("{at}/total_additional_fees"))?;
        let paid = self.paid_minor(currency, at)?;
        let rest = [named_minor, duties, fees].into_iter().fold(paid, i64::saturating_sub);
        Ok(rest.max(0))
    }

    /// What the transactions gave back in a currency.
    fn paid_minor(&self, currency: Currency, at: &str) -> Result<i64, PayloadError> {
        self.transactions.iter().enumerate().try_fold(0, |sum, (index, transaction)| {
            let place = format!("{at}/transactions/{index}/amount");
            add(sum, transaction.paid_minor(currency, &place)?, &format!("{at}/transactions"))
        })
    }

    /// How much of the money has been paid back, as far as the attempts to do so tell.
    fn arrived(&self, currency: Currency) -> Arrived {
        let attempts = || self.transactions.iter().filter(|transaction| transaction.is_refund());
        let done = attempts().filter(|attempt| attempt.is_done()).count();
        if done == attempts().count() {
            Arrived::All
        } else if done == 0 {
            Arrived::Nothing
        } else if attempts().all(|attempt| attempt.is_in(currency)) {
            Arrived::Part
        } else {
            // What a part in another currency is worth, nobody can tell.
            Arrived::All
        }
    }

    /// What adjustments say was paid.
    ///
    /// A `tax_amount` comes on top of its `amount`. Shopify writes 0.00 beside every amount that a person typed in, so that
    /// says nothing of its tax.
    ///
    /// Discrepancies of both signs cancel each other: while money is on its way there is one, and another takes it back when
    /// the money has come. What is positive in the end is money that the shop kept: the goods are back all the same. Without
    /// a kind (which newer API versions leave out) an adjustment is a discrepancy, because shipping has its own list there.
    fn adjustments_minor(&self, currency: Currency, at: &str) -> Result<Adjusted, PayloadError> {
        let mut sums = Adjusted::default();
        for (index, adjustment) in self.order_adjustments.iter().enumerate() {
            let at = format!("{at}/order_adjustments/{index}");
            let amount = Amount { set: &adjustment.amount_set, plain: adjustment.amount.as_ref() };
            let amount = amount.signed_minor(currency, &format!("{at}/amount"))?.unwrap_or(0);
            let tax =
                Amount { set: &adjustment.tax_amount_set, plain: adjustment.tax_amount.as_ref() };
            let tax = tax.signed_minor(currency, &format!("{at}/tax_amount"))?.unwrap_or(0);
            if adjustment.kind.as_deref() == Some("shipping_refund") {
                let paid = add(amount.saturating_abs(), tax.saturating_abs(), &at)?;
                sums.shipping = add(sums.shipping, paid, &at)?;
            } else {
                sums.goods = add(sums.goods, amount.saturating_neg(), &at)?;
                sums.goods_tax = add(sums.goods_tax, tax.saturating_neg(), &at)?;
            }
        }
        sums.goods = sums.goods.max(0);
        Ok(sums)
    }

    /// Shipping given back, with tax. The list leaves the tax out, so it is the same share of the shipping line's taxes,
    /// rounded up.
    fn shipping_minor(
        &self,
        currency: Currency,
        taxes: Taxes,
        at: &str,
    ) -> Result<i64, PayloadError> {
        let mut sum = 0;
        for (index, line) in self.shipping_lines.iter().enumerate() {
            let at = format!("{at}/refund_shipping_lines/{index}");
            let subtotal = Amount { set: &line.subtotal_amount_set, plain: None };
            let subtotal = subtotal.minor_or_zero(currency, &format!("{at}/subtotal_amount"))?;
            sum = add(sum, subtotal, &at)?;
            if taxes == Taxes::Included {
                continue;
            }
            let tax = Amount { set: &line.tax_amount_set, plain: None }
                .minor(currency, &format!("{at}/tax_amount"))?;
            let tax = tax
                .map_or_else(|| line.shipping_line.tax_share_minor(subtotal, currency, &at), Ok)?;
            sum = add(sum, tax, &at)?;
        }
        Ok(sum)
    }
}

impl ShippingLine {
    fn tax_share_minor(
        &self,
        part_minor: i64,
        currency: Currency,
        at: &str,
    ) -> Result<i64, PayloadError> {
        let at = format!("{at}/shipping_line");
        let whole =
            Amount { set: &self.discounted_price_set, plain: self.discounted_price.as_ref() };
        let whole = whole.minor_or_zero(currency, &format!("{at}/discounted_price"))?;
        let tax = taxes_minor(&self.tax_lines, currency, &at)?;
        Ok(proportion(tax, part_minor, whole, Rounding::Up))
    }
}

impl Transaction {
    fn is_refund(&self) -> bool {
        self.kind.as_deref() == Some("refund")
    }

    fn is_done(&self) -> bool {
        self.status.as_deref().is_none_or(|status| status == "success")
    }

    fn is_in(&self, currency: Currency) -> bool {
        self.currency.as_deref().is_none_or(|code| code == currency.code())
    }

    /// Minor units that this transaction gave back; nothing if it did not, did not yet, or in another currency.
    fn paid_minor(&self, currency: Currency, pointer: &str) -> Result<i64, PayloadError> {
        match &self.amount {
            Some(amount) if self.is_refund() && self.is_done() && self.is_in(currency) => {
                json::minor(amount, currency, pointer)
            }
            _ => Ok(0),
        }
    }
}

impl RefundLineItem {
    fn line(&self, net_minor: Option<i64>, at: &str) -> Result<RefundLine, PayloadError> {
        let quantity_milli = json::milli(&self.quantity, &format!("{at}/quantity"))?;
        Ok(RefundLine { line: self.line_item_id.to_string(), quantity_milli, net_minor })
    }

    fn given(&self, currency: Currency, taxes: Taxes, at: &str) -> Result<Given, PayloadError> {
        let subtotal = Amount { set: &self.subtotal_set, plain: self.subtotal.as_ref() };
        let subtotal = subtotal.minor_or_zero(currency, &format!("{at}/subtotal"))?;
        let tax = Amount { set: &self.total_tax_set, plain: self.total_tax.as_ref() };
        let tax = tax.minor_or_zero(currency, &format!("{at}/total_tax"))?;
        let included = match taxes {
            Taxes::Included => true,
            Taxes::Added => false,
            Taxes::Unknown => {
                self.line_item.includes_taxes(currency, &format!("{at}/line_item"))?
            }
        };
        if included {
            return Ok(Given {
                net_minor: subtotal.saturating_sub(tax).max(0),
                gross_minor: subtotal.max(tax),
            });
        }
        Ok(Given { net_minor: subtotal, gross_minor: add(subtotal, tax, at)? })
    }
}

impl Item {
    /// Whether the price provably includes the taxes: they are what the rates give for a price with tax, and are not what
    /// the rates give for a price without. If in doubt they are added, as most shops do.
    fn includes_taxes(&self, currency: Currency, at: &str) -> Result<bool, PayloadError> {
        let price = Amount { set: &self.price_set, plain: self.price.as_ref() }
            .minor(currency, &format!("{at}/price"))?;
        let quantity =
            self.quantity.as_ref().map(|quantity| json::milli(quantity, &format!("{at}/quantity")));
        let discounts = discounts_minor(&self.discount_allocations, currency, at)?;
        let tax = taxes_minor(&self.tax_lines, currency, at)?;
        let (Some(price), Some(milli)) = (price, quantity.transpose()?) else { return Ok(false) };
        let base = Decimal::from(price).checked_mul(Decimal::new(milli, 3));
        let base = base.and_then(|base| base.checked_sub(Decimal::from(discounts)));
        Ok(base.and_then(|base| self.tax_is_within(base, Decimal::from(tax))).unwrap_or(false))
    }

    /// Whether `tax` is part of `base` by the rates; `None` if a rate is missing or the numbers are too large to say.
    fn tax_is_within(&self, base: Decimal, tax: Decimal) -> Option<bool> {
        let mut rate = Decimal::ZERO;
        for line in &self.tax_lines {
            rate = rate.checked_add(Decimal::from_str_exact(&line.rate.as_ref()?.0).ok()?)?;
        }
        let tolerance = Decimal::from(self.tax_lines.len());
        let near = |expected: Decimal| tax.checked_sub(expected).map(|gap| gap.abs() <= tolerance);
        let added = base.checked_mul(rate)?;
        let within = added.checked_div(Decimal::ONE.checked_add(rate)?)?;
        Some(near(within)? && !near(added)?)
    }
}
