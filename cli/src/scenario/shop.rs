//! The shop that the scenario's orders are placed in: it remembers each order, so that the file need not repeat it.

use std::{collections::BTreeMap, ops::Range};

use guerdon_domain::{
    event::{Line, OrderEvent, Refund, RefundLine, Snapshot},
    id::OrderId,
    money::{Currency, Rounding, proportion},
    spelling::nearest,
};

use crate::scenario::{fault::Trouble, values::Amount};

/// Orders by the name that the file gives them.
#[derive(Debug, Clone, Default)]
pub(super) struct Shop {
    orders: BTreeMap<String, Placed>,
}

/// What the shop knows of an order.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    /// Its id.
    pub(super) id: OrderId,
    /// Its state; `None` if only refunds were spoken of.
    pub(super) state: Option<Snapshot>,
    /// Where it was first spoken of.
    pub(super) first: Range<usize>,
    refunds: BTreeMap<String, Refund>,
}

/// Goods of a line that go back.
#[derive(Debug, Clone)]
pub(super) struct Returned {
    /// The line's id.
    pub(super) line: String,
    /// Where it was named.
    pub(super) span: Range<usize>,
    /// Thousandths of units.
    pub(super) quantity_milli: i64,
    /// The money, if it was written.
    pub(super) amount: Option<Amount>,
}

impl Shop {
    /// The order of this name, however little is known of it.
    pub(super) fn get(&self, name: &str) -> Option<&Placed> {
        self.orders.get(name)
    }

    /// An order that was placed before.
    pub(super) fn placed(
        &mut self,
        name: &str,
        span: &Range<usize>,
    ) -> Result<(&OrderId, &mut Snapshot), Trouble> {
        let known = self
            .orders
            .iter()
            .filter(|(_, order)| order.state.is_some())
            .map(|(name, _)| name.as_str());
        let help = match nearest(name, known) {
            Some(known) if known != name => format!("did you mean {known}?"),
            _ => format!("place it first: ann buys {name} 25.00 EUR"),
        };
        match self.orders.get_mut(name).map(|order| (&order.id, order.state.as_mut())) {
            Some((id, Some(state))) => Ok((id, state)),
            _ => {
                Err(Trouble::new(span.clone(), format!("there is no order {name} so far"))
                    .help(help))
            }
        }
    }

    /// A new order.
    pub(super) fn place(
        &mut self,
        name: &str,
        id: OrderId,
        span: Range<usize>,
        state: Snapshot,
    ) -> Result<(), Trouble> {
        let order = self.known(name, id, &span);
        if order.state.is_some() {
            let help = "change an order with `edits`, `pays`, `cancels` or `refunds`, or give the new one another name";
            return Err(Trouble::new(span, format!("order {name} was placed before")).help(help));
        }
        order.state = Some(state);
        Ok(())
    }

    fn known(&mut self, name: &str, id: OrderId, span: &Range<usize>) -> &mut Placed {
        self.orders.entry(name.to_owned()).or_insert_with(|| Placed {
            id,
            state: None,
            first: span.clone(),
            refunds: BTreeMap::new(),
        })
    }

    /// Money or goods that go back. What the file leaves open is worked out from the order.
    pub(super) fn refund(
        &mut self,
        (name, id, span): (&str, OrderId, &Range<usize>),
        refund_id: Option<String>,
        lines: &[Returned],
        amount_minor: i64,
        (currency, told): (Currency, Option<Currency>),
    ) -> Result<OrderEvent, Trouble> {
        let order = self.known(name, id, span);
        let mut names = (1..).map(|n| format!("refund-{n}"));
        let free = names.find(|name| !order.refunds.contains_key(name)).unwrap_or_default();
        let refund_id = refund_id.unwrap_or(free);
        let mut returned = Vec::with_capacity(lines.len());
        for line in lines {
            let quantity_milli = line.quantity_milli;
            let net_minor = match &line.amount {
                Some(amount) => amount.not_negative(currency)?,
                None => order.worth(&refund_id, line)?,
            };
            returned.push(RefundLine {
                line: line.line.clone(),
                quantity_milli,
                net_minor: Some(net_minor),
            });
        }
        let refund = Refund { lines: returned, amount_minor, currency: told, ..Refund::default() };
        order.refunds.insert(refund_id.clone(), refund.clone());
        let refunds = BTreeMap::from([(refund_id, refund)]);
        Ok(OrderEvent { order: order.id.clone(), snapshot: None, refunds })
    }

    /// Orders of which only refunds are known.
    pub(super) fn never_placed(&self) -> impl Iterator<Item = (&str, &Range<usize>)> {
        let missing = self.orders.iter().filter(|(_, order)| order.state.is_none());
        missing.map(|(name, order)| (name.as_str(), &order.first))
    }
}

impl Placed {
    /// What units of a line cost: their share, rounded down; the last ones, what is left.
    fn worth(&self, refund: &str, returned: &Returned) -> Result<i64, Trouble> {
        let wrong = |message: String, help: String| {
            Err(Trouble::new(returned.span.clone(), message).help(help))
        };
        let Some(state) = &self.state else {
            let help = format!("write the money: line {} 1 amount 9.50", returned.line);
            return wrong(
                "the order is not placed yet, so what the line cost is not known".to_owned(),
                help,
            );
        };
        let Some(line) = state.lines.iter().find(|line| line.id == returned.line) else {
            let ids: Vec<&str> = state.lines.iter().map(|line| line.id.as_str()).collect();
            return wrong(
                format!("the order has no line {}", returned.line),
                format!("its lines are: {}", ids.join(", ")),
            );
        };
        let others = self
            .refunds
            .iter()
            .filter(|(id, _)| *id != refund)
            .flat_map(|(_, refund)| &refund.lines);
        let (mut gone, mut paid) = (0_i64, 0_i64);
        for other in others.filter(|other| other.line == returned.line) {
            gone = gone.saturating_add(other.quantity_milli);
            paid = paid.saturating_add(other.net_minor.unwrap_or(0));
        }
        if gone.saturating_add(returned.quantity_milli) > line.quantity_milli {
            let help =
                "write the money, if the shop really says so: line l1 9 amount 9.50".to_owned();
            return wrong(format!("more of line {} goes back than there is", line.id), help);
        }
        if gone.saturating_add(returned.quantity_milli) == line.quantity_milli {
            return Ok(line.net_minor.saturating_sub(paid).max(0));
        }
        Ok(proportion(line.net_minor, returned.quantity_milli, line.quantity_milli, Rounding::Down))
    }
}

/// An order with one line that comes to this.
pub(super) fn whole_line(net_minor: i64) -> Line {
    Line {
        id: "1".to_owned(),
        product: None,
        sku: None,
        categories: Vec::new(),
        quantity_milli: 1000,
        current_milli: 1000,
        net_minor,
        gift_card: false,
        tip: false,
    }
}
