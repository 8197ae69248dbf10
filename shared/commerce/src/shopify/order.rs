//! An order, in whatever state a topic reports it.

use std::collections::BTreeMap;

use guerdon_domain::{
    event::{Event, Line, OrderEvent, Snapshot, Status},
    money::Currency,
};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{
    Shop,
    duties::{Duty, Sold},
    money::{Amount, MoneySet, add, out_of_range, sum},
    refund::{self, Terms},
    taxes::{TaxLine, Taxes, taxes_minor},
};
use crate::{
    Meaning, PayloadError, Platform, Translation,
    json::{self, Number, NumericId, Text, or_default},
    meaning::Why,
};

#[derive(Deserialize)]
struct Order {
    id: NumericId,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    processed_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "or_default")]
    test: bool,
    currency: String,
    financial_status: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    taxes_included: bool,
    #[serde(default, deserialize_with = "or_default")]
    duties_included: bool,
    customer: Option<Customer>,
    line_items: Vec<LineItem>,
    #[serde(default, deserialize_with = "or_default")]
    refunds: Vec<refund::Refund>,
}

/// Without approval for personal data, a customer is an id and nothing else.
#[derive(Deserialize)]
struct Customer {
    id: Option<NumericId>,
}

/// A line, as it stands in an order and again in each line of a refund.
#[derive(Deserialize)]
struct LineItem {
    id: NumericId,
    product_id: Option<NumericId>,
    sku: Option<Text>,
    product_type: Option<String>,
    current_quantity: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    gift_card: bool,
    #[serde(default)]
    tip: Mark,
    #[serde(default)]
    tip_payment_gateway: Mark,
    #[serde(default)]
    tip_payment_method: Mark,
    quantity: Number,
    price: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    price_set: MoneySet,
    #[serde(default, deserialize_with = "or_default")]
    discount_allocations: Vec<Allocation>,
    #[serde(default, deserialize_with = "or_default")]
    tax_lines: Vec<TaxLine>,
    #[serde(default, deserialize_with = "or_default")]
    duties: Vec<Duty>,
}

/// What the prices of an order include.
#[derive(Clone, Copy)]
struct Included {
    taxes: bool,
    duties: bool,
}

/// A field that only some lines have.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Mark {
    #[default]
    Absent,
    /// It is there, and `null`, or `false`.
    Empty,
    Set,
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        Ok(if matches!(raw, "null" | "false") { Self::Empty } else { Self::Set })
    }
}

/// A line's share of a discount.
#[derive(Deserialize)]
pub(super) struct Allocation {
    amount: Option<Number>,
    #[serde(default, deserialize_with = "or_default")]
    amount_set: MoneySet,
}

pub(super) fn translate(
    topic: &str,
    shop: &Shop,
    body: &[u8],
) -> Result<Translation, PayloadError> {
    let order: Order = json::read(body)?;
    let currency = json::currency(&order.currency, "/currency")?;
    let (status, note) = status(&order);
    let created_at =
        order.created_at.ok_or_else(|| PayloadError::malformed("/created_at", "missing"));
    json::at_most(order.line_items.len(), json::LINES_MAX, "/line_items")?;
    let counts = order.refunds.iter().map(|refund| refund.line_items.len());
    json::check_refunds(counts, "/refunds")?;
    let included = Included { taxes: order.taxes_included, duties: order.duties_included };
    let lines = order.line_items.iter().enumerate();
    let lines = lines
        .map(|(index, item)| item.line(currency, included, &format!("/line_items/{index}")))
        .collect::<Result<Vec<Line>, _>>()?;
    json::check_lines(&lines, "/line_items")?;
    let goods = |item: &LineItem| !item.gift_card && !item.is_tip();
    let mut goods = order.line_items.iter().enumerate().filter(|(_, item)| goods(item));
    let tax_minor = goods.try_fold(0, |sum, (index, item)| {
        let at = format!("/line_items/{index}");
        add(sum, item.beyond_net_minor(currency, included, &at)?, &at)
    })?;
    let member = order.customer.as_ref().and_then(|customer| customer.id);
    let snapshot = Snapshot {
        updated_at: order.updated_at.map_or_else(|| created_at.clone(), Ok)?,
        status,
        member: member.map(|id| shop.member(id, "/customer/id")).transpose()?,
        placed_at: order.processed_at.map_or(created_at, Ok)?,
        test: order.test,
        currency,
        lines,
        paid_with_points_minor: 0,
        tax_minor,
    };
    let terms = order.terms(currency, &snapshot.lines, included)?;
    let mut refunds = BTreeMap::new();
    for (index, refund) in order.refunds.iter().enumerate() {
        let at = format!("/refunds/{index}");
        let told = refund.in_domain(currency, &terms, &at)?;
        json::add_refund(&mut refunds, refund.id.to_string(), told, &at)?;
    }
    let event = Event::Order(OrderEvent {
        order: shop.order(order.id, "/id")?,
        snapshot: Some(snapshot.into()),
        refunds,
    });
    let meaning = Meaning::of(Platform::Shopify, topic, &event, None, note.into_iter().collect());
    Ok(Translation::Event(Box::new(event), meaning))
}

/// How far the order has come; a status that nobody knows yet does not earn, and is noted.
fn status(order: &Order) -> (Status, Option<Why>) {
    if order.cancelled_at.is_some() {
        return (Status::Cancelled, None);
    }
    let status = match order.financial_status.as_deref().unwrap_or("pending") {
        "paid" | "partially_refunded" => Status::Paid,
        "refunded" => Status::Refunded,
        "voided" => Status::Voided,
        "pending" | "authorized" | "partially_paid" | "expired" | "unpaid" => Status::Unpaid,
        unknown => {
            let name: String = unknown.chars().take(40).collect();
            let text =
                format!("the financial status {name:?} is unknown here and counts as unpaid");
            return (Status::Unpaid, Some(Why::new("unknown-status", text)));
        }
    };
    (status, None)
}

impl Order {
    /// What its refunds are read by. `lines` are its own, in the domain's words.
    fn terms(
        &self,
        currency: Currency,
        lines: &[Line],
        included: Included,
    ) -> Result<Terms, PayloadError> {
        let mut terms = Terms {
            taxes: if included.taxes { Taxes::Included } else { Taxes::Added },
            duties_included: Some(included.duties),
            sold: BTreeMap::new(),
        };
        for (index, (item, line)) in self.line_items.iter().zip(lines).enumerate() {
            let at = format!("/line_items/{index}");
            let sold = Sold {
                milli: line.quantity_milli,
                net_minor: line.net_minor,
                duties_minor: item.duties_minor(currency, included, &at)?,
                goods: line.is_goods(),
            };
            terms.sold.insert(item.id, sold);
        }
        Ok(terms)
    }
}

impl LineItem {
    fn line(&self, currency: Currency, included: Included, at: &str) -> Result<Line, PayloadError> {
        let quantity_milli = json::whole_milli(&self.quantity, &format!("{at}/quantity"))?;
        let category = self.product_type.as_deref().filter(|category| !category.is_empty());
        json::check_text(category.unwrap_or_default(), format_args!("{at}/product_type"))?;
        let current = self.current_quantity.as_ref();
        let current_milli =
            current.map(|current| json::milli(current, &format!("{at}/current_quantity")));
        Ok(Line {
            id: self.id.to_string(),
            product: self.product_id.map(|id| id.to_string()),
            sku: self.sku.as_ref().map(|sku| sku.0.clone()).filter(|sku| !sku.is_empty()),
            categories: category.into_iter().map(str::to_owned).collect(),
            quantity_milli,
            current_milli: current_milli.transpose()?.unwrap_or(quantity_milli),
            net_minor: self.net_minor(currency, quantity_milli, included, at)?,
            gift_card: self.gift_card,
            tip: self.is_tip(),
        })
    }

    /// Whether the line is a tip: only tips say how they were paid, if only that they do not know. A product is none whatever
    /// an export adds that spells every field out.
    fn is_tip(&self) -> bool {
        let payment = [self.tip_payment_gateway, self.tip_payment_method];
        self.tip == Mark::Set
            || payment.contains(&Mark::Set)
            || (payment.contains(&Mark::Empty) && self.product_id.is_none())
    }

    /// Price × quantity, less the allocated discounts, less the taxes and duties that the price includes; at least nothing.
    ///
    /// `total_discount` is never read: it leaves out what a code takes off the whole order, and the allocations have both.
    fn net_minor(
        &self,
        currency: Currency,
        milli: i64,
        included: Included,
        at: &str,
    ) -> Result<i64, PayloadError> {
        let place = format!("{at}/price");
        let price =
            Amount { set: &self.price_set, plain: self.price.as_ref() }.minor(currency, &place)?;
        let price = price.ok_or_else(|| PayloadError::malformed(&place, "missing"))?;
        let gross = i128::from(price).saturating_mul(i128::from(milli)) / 1000;
        let gross = i64::try_from(gross).map_err(|_| out_of_range(&place))?;
        let mut less = discounts_minor(&self.discount_allocations, currency, at)?;
        if included.taxes {
            less = add(less, taxes_minor(&self.tax_lines, currency, at)?, at)?;
        }
        less = add(less, self.duties_minor(currency, included, at)?, at)?;
        Ok(gross.saturating_sub(less).max(0))
    }

    /// What was paid for the line beyond its net, in minor units: taxes, and duties where the price includes them. Their tax
    /// was paid as well, whether the price includes it or not.
    fn beyond_net_minor(
        &self,
        currency: Currency,
        included: Included,
        at: &str,
    ) -> Result<i64, PayloadError> {
        let taxes = taxes_minor(&self.tax_lines, currency, at)?;
        if !included.duties {
            return Ok(taxes);
        }
        let duties =
            sum(&self.duties, &format!("{at}/duties"), |duty, at| duty.taxed_minor(currency, at))?;
        add(taxes, duties, at)
    }

    /// Minor units of the duties that the price includes, with the tax on them where it includes taxes.
    fn duties_minor(
        &self,
        currency: Currency,
        included: Included,
        at: &str,
    ) -> Result<i64, PayloadError> {
        if !included.duties {
            return Ok(0);
        }
        sum(&self.duties, &format!("{at}/duties"), |duty, at| {
            if included.taxes { duty.taxed_minor(currency, at) } else { duty.minor(currency, at) }
        })
    }
}

/// The sum of a line's discounts, in minor units.
pub(super) fn discounts_minor(
    all: &[Allocation],
    currency: Currency,
    at: &str,
) -> Result<i64, PayloadError> {
    sum(all, &format!("{at}/discount_allocations"), |allocation, at| {
        let amount = Amount { set: &allocation.amount_set, plain: allocation.amount.as_ref() };
        amount.minor_or_zero(currency, &format!("{at}/amount"))
    })
}
