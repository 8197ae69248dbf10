//! What the file says of orders: `buys`, `places`, `pays`, `edits`, `refunds`, `cancels`, `voids`.

use std::{collections::BTreeMap, ops::Range};

use guerdon_domain::{
    event::{Line, OrderEvent, Snapshot, Status},
    id::{MemberId, OrderId},
    money::Currency,
};
use jiff::Timestamp;

use crate::scenario::{
    compile::{Compiler, When},
    cursor::Cursor,
    fault::Trouble,
    line::{self, LineText},
    script::Command,
    shop::{Returned, whole_line},
    text::Word,
    values::{Amount, amount, currency, quantity, time},
};

/// Who an order's news come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Customer {
    /// A member.
    Member(MemberId),
    /// Somebody without an account.
    Guest,
    /// The shop: whose order it is does not change.
    Shop,
}

/// What happens to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Placed, not paid.
    Places,
    /// Placed and paid.
    Buys,
    /// Paid.
    Pays,
    /// Changed.
    Edits,
    /// Goods or money go back.
    Refunds,
    /// Cancelled.
    Cancels,
    /// The payment is void.
    Voids,
}

/// What a statement says of an order.
#[derive(Debug, Default)]
struct Said {
    total: Option<Amount>,
    lines: Vec<LineText>,
    currency: Option<(Currency, Range<usize>)>,
    test: bool,
    paid: bool,
    with_points: Option<Amount>,
    updated: Option<Timestamp>,
    recorded: Option<Timestamp>,
}

const ORDER_HELP: &str = "after an order's name there may be: an amount, `line`s, `in USD`, `test`, `paid`, \
    `paid with points 5.00`, `updated TIME`, `recorded TIME`";
const REFUND_HELP: &str = "write one of: refunds o1 all / refunds o1 line l1 1 / refunds o1 amount 5.00 / refunds o1 shipping 3.00";

impl Compiler<'_> {
    /// Reads what comes after the verb.
    pub(super) fn order(
        &mut self,
        cursor: &mut Cursor<'_>,
        customer: Customer,
        verb: Verb,
        when: When,
    ) -> Result<(When, Command), Trouble> {
        cursor.eat(&["order", "the"]);
        cursor.eat(&["order"]);
        let word = cursor.next("an order's name", "ann buys o1 25.00 EUR")?;
        let id = order_id(word)?;
        if verb == Verb::Refunds {
            return self.refund(cursor, (word, id), &customer, when);
        }
        let said = self.said(cursor)?;
        let recorded = when.told(said.recorded);
        let updated_at = said.updated.unwrap_or(recorded.at);
        let state = match verb {
            Verb::Places | Verb::Buys => {
                let member = match customer {
                    Customer::Member(member) => Some(member),
                    Customer::Guest => None,
                    Customer::Shop => {
                        let help = "write who buys: a member's name, or guest";
                        return Err(Trouble::new(
                            word.span.clone(),
                            "a shop buys nothing from itself",
                        )
                        .help(help));
                    }
                };
                let currency = said.currency(self.currency)?;
                let status =
                    if verb == Verb::Buys || said.paid { Status::Paid } else { Status::Unpaid };
                let lines = said.goods(currency)?.ok_or_else(|| {
                    cursor.missing(
                        "what the order comes to",
                        "ann buys o1 25.00 EUR, or lines under it: line l1 2 x 10.00",
                    )
                })?;
                let state = Snapshot {
                    updated_at,
                    status,
                    member,
                    placed_at: recorded.at,
                    test: said.test,
                    currency,
                    lines,
                    paid_with_points_minor: said.with_points(currency)?.unwrap_or(0),
                    tax_minor: 0,
                };
                self.shop.place(&word.text, id.clone(), word.span.clone(), state.clone())?;
                state
            }
            Verb::Pays | Verb::Edits | Verb::Cancels | Verb::Voids | Verb::Refunds => {
                let (_, state) = self.shop.placed(&word.text, &word.span)?;
                state.updated_at = updated_at;
                change(state, &said, (word, verb), &customer)?;
                state.clone()
            }
        };
        Ok((
            recorded,
            Command::Order(OrderEvent {
                order: id,
                snapshot: Some(state.into()),
                refunds: BTreeMap::new(),
            }),
        ))
    }

    fn said(&self, cursor: &mut Cursor<'_>) -> Result<Said, Trouble> {
        let mut said = Said::default();
        while let Some(word) = cursor.peek() {
            if cursor.eat(&[",", "and", "for", "of"]) {
            } else if cursor.eat(&["line"]) {
                said.lines.push(line::read(cursor, said.lines.len())?);
            } else if cursor.eat(&["in"]) {
                said.currency = Some((currency(cursor)?, word.span.clone()));
            } else if cursor.eat(&["test"]) {
                said.test = true;
            } else if cursor.eat_all(&["paid", "with", "points"])
                || cursor.eat(&["paid-with-points"])
            {
                said.with_points = Some(amount(cursor, "the amount that points paid")?);
            } else if cursor.eat(&["paid"]) {
                said.paid = true;
            } else if cursor.eat(&["updated"]) {
                said.updated = Some(needed(cursor, self)?);
            } else if cursor.eat(&["recorded", "arrives", "arrived"]) {
                said.recorded = Some(needed(cursor, self)?);
            } else if said.total.is_none() && said.lines.is_empty() && line::starts_amount(word) {
                said.total = Some(amount(cursor, "what the order comes to")?);
            } else {
                return Err(cursor.stray(ORDER_HELP));
            }
        }
        Ok(said)
    }

    fn refund(
        &mut self,
        cursor: &mut Cursor<'_>,
        (word, id): (&Word, OrderId),
        customer: &Customer,
        when: When,
    ) -> Result<(When, Command), Trouble> {
        let state = self.shop.get(&word.text).and_then(|order| order.state.clone());
        let owner = state.as_ref().and_then(|state| state.member.clone());
        if let Customer::Member(member) = customer
            && state.is_some()
            && owner.as_ref() != Some(member)
        {
            return Err(not_theirs(word, owner.as_ref(), member));
        }
        let (mut lines, mut amounts, mut shipping, mut all) = (Vec::new(), None, None, false);
        let (mut refund_id, mut recorded, mut updated, mut in_currency) = (None, None, None, None);
        while let Some(next) = cursor.peek() {
            if cursor.eat(&[",", "and"]) {
            } else if cursor.eat(&["line"]) {
                let line = cursor.next("a line's name", "refunds o1 line l1 1")?;
                let quantity_milli = match cursor
                    .peek()
                    .filter(|word| word.text.starts_with(|c: char| c.is_ascii_digit()))
                {
                    Some(word) => quantity(cursor.next("a quantity", "2").unwrap_or(word))?,
                    None => return Err(cursor.missing("how many go back", "refunds o1 line l1 1")),
                };
                let amount = if cursor.eat(&["amount", "for"]) {
                    Some(amount(cursor, "the money paid back")?)
                } else {
                    None
                };
                lines.push(Returned {
                    line: line.text.clone(),
                    span: line.span.clone(),
                    quantity_milli,
                    amount,
                });
            } else if cursor.eat(&["amount"]) || (amounts.is_none() && line::starts_amount(next)) {
                amounts = Some(amount(cursor, "the money paid back")?);
            } else if cursor.eat(&["shipping"]) {
                shipping = Some(amount(cursor, "the money paid back for shipping")?);
            } else if cursor.eat(&["all", "everything"]) {
                all = true;
            } else if cursor.eat(&["as"]) {
                refund_id = Some(
                    cursor.next("the refund's name", "refunds o1 amount 5.00 as r1")?.text.clone(),
                );
            } else if cursor.eat(&["in"]) {
                in_currency = Some((currency(cursor)?, next.span.clone()));
            } else if cursor.eat(&["updated"]) {
                updated = Some(needed(cursor, self)?);
            } else if cursor.eat(&["recorded", "arrives", "arrived"]) {
                recorded = Some(needed(cursor, self)?);
            } else {
                return Err(cursor.stray(REFUND_HELP));
            }
        }
        let recorded = when.told(recorded);
        if all {
            let (id, state) = self.shop.placed(&word.text, &word.span)?;
            let id = id.clone();
            state.status = Status::Refunded;
            state.updated_at = updated.unwrap_or(recorded.at);
            let snapshot = Some(state.clone().into());
            return Ok((
                recorded,
                Command::Order(OrderEvent { order: id, snapshot, refunds: BTreeMap::new() }),
            ));
        }
        if lines.is_empty() && amounts.is_none() && shipping.is_none() {
            return Err(cursor.missing("what goes back", "refunds o1 line l1 1").help(REFUND_HELP));
        }
        let told = in_currency.as_ref().map(|(currency, _)| *currency);
        let currency = match (state.map(|state| state.currency), in_currency) {
            (Some(own), Some((other, span))) if own != other => {
                return Err(Trouble::new(span, format!("the order was placed in {own}"))
                    .help("leave the currency out"));
            }
            (Some(own), _) | (None, Some((own, _))) => own,
            (None, None) => self.currency,
        };
        if let Some(shipping) = shipping {
            shipping.not_negative(currency)?;
        }
        let amount_minor = amounts.map_or(Ok(0), |amount| amount.not_negative(currency))?;
        let event = self.shop.refund(
            (&word.text, id, &word.span),
            refund_id,
            &lines,
            amount_minor,
            (currency, told),
        )?;
        Ok((recorded, Command::Order(event)))
    }
}

impl Said {
    /// The statement's currency: what it says, or else that of its amounts, or else the one given.
    fn currency(&self, other: Currency) -> Result<Currency, Trouble> {
        let written =
            self.total.iter().chain(&self.with_points).filter_map(|amount| amount.currency);
        let mut written = written.chain(self.lines.iter().filter_map(LineText::currency));
        let first = written.next();
        match (&self.currency, first) {
            (Some((said, span)), Some(first)) if *said != first => {
                let message = format!("the order is in {said} here, and in {first} elsewhere");
                Err(Trouble::new(span.clone(), message).help("write the currency once"))
            }
            (Some((said, _)), _) => Ok(*said),
            (None, Some(first)) => Ok(first),
            (None, None) => Ok(other),
        }
    }

    fn goods(&self, currency: Currency) -> Result<Option<Vec<Line>>, Trouble> {
        if let Some(total) = &self.total {
            if let Some(line) = self.lines.first() {
                let help = "leave the amount out: the lines say what the order comes to";
                return Err(Trouble::new(
                    line.span.clone(),
                    "an order has an amount or lines, not both",
                )
                .help(help));
            }
            return Ok(Some(vec![whole_line(total.not_negative(currency)?)]));
        }
        let mut lines: Vec<Line> = Vec::with_capacity(self.lines.len());
        for text in &self.lines {
            let line = text.line(currency)?;
            if lines.iter().any(|other| other.id == line.id) {
                let message = format!("there are two lines {}", line.id);
                return Err(Trouble::new(text.span.clone(), message)
                    .help("give each line a name of its own"));
            }
            lines.push(line);
        }
        Ok(Some(lines).filter(|lines| !lines.is_empty()))
    }

    fn with_points(&self, currency: Currency) -> Result<Option<i64>, Trouble> {
        self.with_points.as_ref().map(|amount| amount.not_negative(currency)).transpose()
    }
}

/// Changes an order as the statement says.
fn change(
    state: &mut Snapshot,
    said: &Said,
    (word, verb): (&Word, Verb),
    customer: &Customer,
) -> Result<(), Trouble> {
    let wrong =
        |message: &str, help: &str| Err(Trouble::new(word.span.clone(), message).help(help));
    let currency = said.currency(state.currency)?;
    let goods = said.goods(currency)?;
    let with_points = said.with_points(currency)?;
    if currency != state.currency {
        let help = format!("the order was placed in {}", state.currency);
        return wrong("an order does not change its currency", &help);
    }
    let says_more = with_points.is_some() || said.test || said.paid;
    if verb == Verb::Edits && goods.is_none() && !says_more {
        let help =
            "write all lines of the order as they are now, or its new amount: ann edits o1 20.00";
        return wrong("nothing says what the order is now", help);
    }
    if let Customer::Member(member) = customer {
        if verb != Verb::Edits && state.member.as_ref() != Some(member) {
            return Err(not_theirs(word, state.member.as_ref(), member));
        }
        state.member = Some(member.clone());
    }
    state.test |= said.test;
    if let Some(goods) = goods {
        state.lines = goods;
    }
    state.paid_with_points_minor = with_points.unwrap_or(state.paid_with_points_minor);
    state.status = match verb {
        Verb::Cancels => Status::Cancelled,
        Verb::Voids => Status::Voided,
        Verb::Pays => Status::Paid,
        _ if said.paid => Status::Paid,
        _ => state.status,
    };
    Ok(())
}

fn needed(cursor: &mut Cursor<'_>, compiler: &Compiler<'_>) -> Result<Timestamp, Trouble> {
    let missing = cursor.missing("a time", "2026-03-01 10:00");
    time(cursor, &compiler.clock)?.ok_or(missing)
}

fn not_theirs(word: &Word, owner: Option<&MemberId>, member: &MemberId) -> Trouble {
    let owner = owner.map_or_else(|| "a guest's".to_owned(), |owner| format!("{owner}'s"));
    let help = format!(
        "write `shop` for the shop; or say that it is now theirs: {member} edits {} 25.00",
        word.text
    );
    Trouble::new(word.span.clone(), format!("order {} is {owner}, not {member}'s", word.text))
        .help(help)
}

/// "o1" is `scenario:shop:o1`; what has two colons is an order's whole id.
pub(super) fn order_id(word: &Word) -> Result<OrderId, Trouble> {
    let whole = word.text.matches(':').count() >= 2;
    let id = if whole { word.text.clone() } else { format!("scenario:shop:{}", word.text) };
    OrderId::new(id).map_err(|error| {
        Trouble::new(
            word.span.clone(),
            format!("`{}` cannot name an order: {}", word.text, error.reason),
        )
        .help("write: o1")
    })
}
