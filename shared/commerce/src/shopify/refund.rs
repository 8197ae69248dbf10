//! A refund, alone or inside its order.
//!
//! Goods that go back are lines; money that goes back without goods is an amount, where an adjustment states it, or else the
//! discrepancy of what the transactions paid and of lines, taxes, shipping and duties. A discrepancy can be negative: an edit of
//! an order takes goods away in a refund that pays nothing, and the money comes later, in one that names nothing. Quantities
//! say more than a line's `subtotal`, which can be above what the line was worth or, in a refund that comes without its
//! order, contain taxes nobody can tell apart; so whoever reads a refund should go by quantities first.

use std::collections::BTreeMap;

use guerdon_domain::{
    event::{self, Event, OrderEvent, RefundLine},
    money::Currency,
};
use serde::Deserialize;

use super::{
    Shop,
    adjustments::{Adjusted, Adjustment},
    duties::{Listed, Sold},
    money::{Amount, MoneySet, add, sum},
    payments::{Arrived, Transactions},
    refund_line::RefundLineItem,
    shipping::RefundShippingLine,
    taxes::Taxes,
};
use crate::{
    Meaning, PayloadError, Platform, Translation,
    json::{self, NumericId, or_default},
    meaning::Why,
};

#[derive(Deserialize)]
pub(super) struct Refund {
    pub(super) id: NumericId,
    order_id: Option<NumericId>,
    #[serde(default, rename = "refund_line_items", deserialize_with = "or_default")]
    pub(super) line_items: Vec<RefundLineItem>,
    #[serde(default)]
    transactions: Transactions,
    #[serde(default, deserialize_with = "or_default")]
    order_adjustments: Vec<Adjustment>,
    #[serde(default, rename = "refund_shipping_lines", deserialize_with = "or_default")]
    shipping_lines: Vec<RefundShippingLine>,
    #[serde(default, deserialize_with = "or_default")]
    duties: Listed<RefundDuty>,
    #[serde(default, deserialize_with = "or_default")]
    total_duties_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    total_additional_fees_set: MoneySet,
}

/// A duty given back; they are all in the total, where there is one.
#[derive(Deserialize)]
struct RefundDuty {
    #[serde(default, deserialize_with = "or_default")]
    amount_set: MoneySet,
}

/// What a refund is read by: its order tells, and the refund does not.
pub(super) struct Terms {
    pub(super) taxes: Taxes,
    /// Whether prices include duties; a refund that came without its order does not say.
    pub(super) duties_included: Option<bool>,
    /// What the order sold, by the platform's id of the line.
    pub(super) sold: BTreeMap<NumericId, Sold>,
}

impl Terms {
    fn of_a_refund_alone() -> Self {
        Self { taxes: Taxes::Unknown, duties_included: None, sold: BTreeMap::new() }
    }
}

/// The lines of a refund, in the domain's words, and money of all of them, in minor units.
struct Named {
    lines: Vec<RefundLine>,
    /// What they state, with tax; `None` if one of them does not.
    gross_minor: Option<i64>,
    /// What goods among them state, with tax: no more can be owed for them. `None` if one of them does not.
    goods_minor: Option<i64>,
    /// Duties on them that the prices include and their amounts leave out.
    duties_apart_minor: i64,
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
        refund.in_domain(currency, &Terms::of_a_refund_alone(), "")?
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
        terms: &Terms,
        at: &str,
    ) -> Result<event::Refund, PayloadError> {
        let taxes = match terms.taxes {
            Taxes::Unknown => self.taxes(currency, at)?,
            known => known,
        };
        let named = self.named(currency, taxes, terms, at)?;
        let adjusted = Adjusted::read(&self.order_adjustments, currency, at)?;
        // Of an amount whose tax is stated the duties still are not.
        let (goods_minor, with_tax) = match adjusted.goods_net() {
            Some(net) if !terms.sold.values().any(|sold| sold.duties_minor > 0) => (net, false),
            _ => (adjusted.goods_gross(), true),
        };
        let shipping =
            sum(&self.shipping_lines, &format!("{at}/refund_shipping_lines"), |line, at| {
                line.minor(currency, taxes, at)
            })?;
        let shipping = adjusted.shipping().max(shipping);
        let fees = Amount { set: &self.total_additional_fees_set, plain: None };
        let fees = fees.minor_or_zero(currency, &format!("{at}/total_additional_fees"))?;
        let duties = self.duties_minor(currency, at)?;
        let within = terms.duties_included == Some(true) && !named.lines.is_empty();
        let duties = if within { duties.min(named.duties_apart_minor) } else { duties };
        let others = add(add(shipping, fees, at)?, duties, at)?;
        let named_minor = named.gross_minor.map(|lines| add(lines, others, at)).transpose()?;
        let paid_minor = self.transactions.paid_minor(currency, at)?;
        let discrepancy_minor =
            paid_minor.zip(named_minor).map(|(paid, named)| paid.saturating_sub(named));
        let least_minor = named.goods_minor.map_or(i64::MIN, i64::saturating_neg);
        // What is on its way comes in this refund. What nobody tried to pay, be it shipping, may be paid by another.
        let discrepancy_minor = match self.transactions.arrived(currency) {
            Arrived::All => discrepancy_minor,
            Arrived::Part | Arrived::Nothing => discrepancy_minor.map(|it| it.max(least_minor)),
        };
        // What is stated is for itself, and what was kept of shipping, a gift card or a tip is no reason to earn on goods.
        let amount_minor =
            self.stated_minor(goods_minor, discrepancy_minor, currency).max(least_minor);
        Ok(event::Refund {
            lines: named.lines,
            amount_minor,
            taxed: amount_minor != 0 && with_tax,
            discrepancy_minor,
            currency: Some(currency),
            also: Vec::new(),
        })
    }

    /// Its lines.
    fn named(
        &self,
        currency: Currency,
        taxes: Taxes,
        terms: &Terms,
        at: &str,
    ) -> Result<Named, PayloadError> {
        let lines = Vec::with_capacity(self.line_items.len());
        let mut named =
            Named { lines, gross_minor: Some(0), goods_minor: Some(0), duties_apart_minor: 0 };
        for (index, item) in self.line_items.iter().enumerate() {
            let at = format!("{at}/refund_line_items/{index}");
            let given = item.given(currency, taxes, &at)?;
            let sold = terms.sold.get(&item.line_item_id);
            let with = |sum: Option<i64>| {
                let both = sum.zip(given);
                both.map(|(sum, given)| add(sum, given.gross_minor, &at)).transpose()
            };
            named.gross_minor = with(named.gross_minor)?;
            if sold.is_none_or(|sold| sold.goods) {
                named.goods_minor = with(named.goods_minor)?;
            }
            let mut line = item.line(given.map(|given| given.net_minor), &at)?;
            if let Some(sold) = sold {
                let within =
                    line.net_minor.map_or(0, |net| sold.within_minor(net, line.quantity_milli));
                line.net_minor = line.net_minor.map(|net| net.saturating_sub(within));
                let apart = sold.share_minor(line.quantity_milli).saturating_sub(within);
                named.duties_apart_minor = add(named.duties_apart_minor, apart, &at)?;
            } else if terms.duties_included.is_none() && !item.line_item.duties.all.is_empty() {
                // Whether they are in it only the order tells; until then the share of the units is right either way.
                line.net_minor = None;
            }
            named.lines.push(line);
        }
        // In one order, whichever they were told in: two reports of a refund are compared line by line.
        named.lines.sort_unstable();
        Ok(named)
    }

    /// How the order's prices treat taxes, as far as the lines of the refund prove it. If in doubt they are added, as in most
    /// shops.
    fn taxes(&self, currency: Currency, at: &str) -> Result<Taxes, PayloadError> {
        let mut proofs = Vec::new();
        for (index, line) in self.line_items.iter().enumerate() {
            let at = format!("{at}/refund_line_items/{index}/line_item");
            proofs.extend(line.line_item.includes_taxes(currency, &at)?);
        }
        for (index, line) in self.shipping_lines.iter().enumerate() {
            let at = format!("{at}/refund_shipping_lines/{index}");
            proofs.extend(line.includes_taxes(currency, &at)?);
        }
        let included = !proofs.is_empty() && proofs.into_iter().all(|included| included);
        Ok(if included { Taxes::Included } else { Taxes::Added })
    }

    /// The refund where nothing names the shop's currency: its amounts cannot be read, so only quantities are.
    ///
    /// What a transaction paid is in a currency of its own, the customer's. It goes along with that currency, and so counts
    /// only if the order is in it too; and only if it paid for nothing else. The order's own news tell the same refund in the
    /// shop's money.
    fn without_shop_currency(&self) -> Result<event::Refund, PayloadError> {
        self.check_amounts()?;
        let lines = self.line_items.iter().enumerate();
        let lines =
            lines.map(|(index, item)| item.line(None, &format!("/refund_line_items/{index}")));
        let lines: Vec<RefundLine> = lines.collect::<Result<_, _>>()?;
        let currency = self.transactions.currency();
        let others = [&self.total_duties_set, &self.total_additional_fees_set];
        let only_money = lines.is_empty()
            && self.order_adjustments.is_empty()
            && self.shipping_lines.is_empty()
            && self.duties.all.iter().all(|duty| duty.amount_set.is_empty())
            && others.into_iter().all(MoneySet::is_empty);
        let discrepancy_minor = match currency {
            Some(currency) if only_money => self.transactions.paid_minor(currency, "")?,
            _ => None,
        };
        Ok(event::Refund { lines, discrepancy_minor, currency, ..event::Refund::default() })
    }

    /// Refuses what is no amount in any currency.
    fn check_amounts(&self) -> Result<(), PayloadError> {
        for (index, line) in self.line_items.iter().enumerate() {
            line.check(&format!("/refund_line_items/{index}"))?;
        }
        for (index, adjustment) in self.order_adjustments.iter().enumerate() {
            adjustment.check(&format!("/order_adjustments/{index}"))?;
        }
        for (index, line) in self.shipping_lines.iter().enumerate() {
            line.check(&format!("/refund_shipping_lines/{index}"))?;
        }
        for (index, duty) in self.duties.all.iter().enumerate() {
            let duty = Amount { set: &duty.amount_set, plain: None };
            duty.check(&format!("{}/{index}/amount", self.duties.at()))?;
        }
        let totals = [
            ("/total_duties", &self.total_duties_set),
            ("/total_additional_fees", &self.total_additional_fees_set),
        ];
        for (at, set) in totals {
            Amount { set, plain: None }.check(at)?;
        }
        self.transactions.check("")
    }

    /// The shop's currency, from whatever shop money names it first. A transaction's own currency is the customer's.
    fn shop_currency(&self) -> Result<Option<Currency>, PayloadError> {
        let lines = self.line_items.iter().enumerate().flat_map(|(index, line)| {
            let at = format!("/refund_line_items/{index}");
            let sets =
                [("subtotal_set", &line.subtotal_set), ("total_tax_set", &line.total_tax_set)];
            sets.map(|(field, set)| (format!("{at}/{field}"), set))
        });
        let adjustments = self.order_adjustments.iter().enumerate().map(|(index, adjustment)| {
            (format!("/order_adjustments/{index}/amount_set"), adjustment.amount_set())
        });
        let shipping = self.shipping_lines.iter().enumerate().map(|(index, line)| {
            let at = format!("/refund_shipping_lines/{index}/subtotal_amount_set");
            (at, line.subtotal_amount_set())
        });
        let duties = self.duties.all.iter().enumerate();
        let duties = duties.map(|(index, duty)| {
            (format!("{}/{index}/amount_set", self.duties.at()), &duty.amount_set)
        });
        let totals = [
            ("/total_duties_set".to_owned(), &self.total_duties_set),
            ("/total_additional_fees_set".to_owned(), &self.total_additional_fees_set),
        ];
        let sets = lines.chain(adjustments).chain(shipping).chain(duties).chain(totals);
        let sets =
            sets.map(|(at, set)| (format!("{at}/shop_money/currency_code"), set.currency_code()));
        let unsettled = self.transactions.shop_currencies();
        let named = sets.chain(unsettled).find_map(|(at, code)| Some((at, code?)));
        named.map(|(at, code)| json::currency(code, &at)).transpose()
    }

    /// Minor units paid back for goods beyond the lines, or kept of them, that adjustments state; as much of it as has come, or
    /// has not come, as far as `discrepancy_minor` tells.
    fn stated_minor(
        &self,
        adjusted_minor: i64,
        discrepancy_minor: Option<i64>,
        currency: Currency,
    ) -> i64 {
        let discrepancy = discrepancy_minor.unwrap_or(adjusted_minor);
        if adjusted_minor < 0 {
            return adjusted_minor.max(discrepancy.min(0));
        }
        match self.transactions.arrived(currency) {
            Arrived::All => adjusted_minor,
            Arrived::Part => adjusted_minor.min(discrepancy.max(0)),
            Arrived::Nothing => 0,
        }
    }

    fn duties_minor(&self, currency: Currency, at: &str) -> Result<i64, PayloadError> {
        let total = Amount { set: &self.total_duties_set, plain: None };
        let total = total.minor_or_zero(currency, &format!("{at}/total_duties"))?;
        let listed = format!("{at}{}", self.duties.at());
        let parts = sum(&self.duties.all, &listed, |duty, at| {
            let amount = Amount { set: &duty.amount_set, plain: None };
            amount.minor_or_zero(currency, &format!("{at}/amount"))
        })?;
        Ok(total.max(parts))
    }
}
