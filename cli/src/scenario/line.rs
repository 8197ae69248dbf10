//! A line of an order: `line l1 2 x 10.00 category coffee product LATTE discount 1.00 tax 0.70 gift-card left 1`.

use std::ops::Range;

use guerdon_domain::{event::Line, money::Currency};

use crate::scenario::{
    cursor::Cursor,
    fault::Trouble,
    text::Word,
    values::{Amount, amount, quantity, times},
};

/// A line as written.
#[derive(Debug, Clone)]
pub(super) struct LineText {
    id: String,
    /// Where it stands.
    pub(super) span: Range<usize>,
    quantity_milli: i64,
    price: Amount,
    is_total: bool,
    taken_off: Vec<Amount>,
    categories: Vec<String>,
    product: Option<String>,
    sku: Option<String>,
    gift_card: bool,
    left: Option<i64>,
}

const EXAMPLE: &str = "line l1 2 x 10.00 category coffee";

/// Whether an amount of money starts with this word.
pub(super) fn starts_amount(word: &Word) -> bool {
    let code = word.text.len() == 3 && word.text.bytes().all(|b| b.is_ascii_uppercase());
    !word.quoted
        && (code || word.text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+'))
}

fn is_times(word: &Word) -> bool {
    word.is("x") || word.is("×") || word.is("*")
}

/// "2x10.00"
fn attached(word: &Word) -> Option<(Word, Word)> {
    let at = word.text.find(['x', 'X', '×', '*']).filter(|_| !word.quoted)?;
    let (count, price) = word.text.split_at_checked(at)?;
    let price = price.trim_start_matches(['x', 'X', '×', '*']);
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let part = |text: &str| Word { text: text.to_owned(), quoted: false, span: word.span.clone() };
    (digit(count) && digit(price)).then(|| (part(count), part(price)))
}

/// Reads a line after the word `line`; `before` lines came before it.
pub(super) fn read(cursor: &mut Cursor<'_>, before: usize) -> Result<LineText, Trouble> {
    let start = cursor.here();
    let first = cursor.peek().ok_or_else(|| cursor.missing("a line of the order", EXAMPLE))?;
    let second = cursor.ahead(1);
    let counted = second.is_some_and(|word| is_times(word) || word.is("for"));
    let priced = second.is_some_and(|word| starts_amount(word) || attached(word).is_some());
    let id = if counted || attached(first).is_some() || (starts_amount(first) && !priced) {
        before.saturating_add(1).to_string()
    } else {
        cursor.skip();
        first.text.clone()
    };
    let word = cursor.peek().ok_or_else(|| cursor.missing("how many, and their price", EXAMPLE))?;
    let mut is_total = false;
    let (quantity_milli, price) = if let Some((count, price)) = attached(word) {
        cursor.skip();
        let follows = cursor
            .peek()
            .cloned()
            .filter(|word| word.text.len() == 3 && starts_amount(word) && !word.quoted);
        let code = follows.filter(|word| word.text.bytes().all(|b| b.is_ascii_uppercase()));
        let words: Vec<Word> = std::iter::once(price).chain(code.clone()).collect();
        if code.is_some() {
            cursor.skip();
        }
        (quantity(&count)?, amount(&mut Cursor::over(&words, start.clone()), "a price")?)
    } else if cursor.ahead(1).is_some_and(|word| is_times(word) || word.is("for")) {
        let count = cursor.next("a quantity", EXAMPLE)?;
        is_total = cursor.is("for");
        cursor.skip();
        (quantity(count)?, amount(cursor, "a price")?)
    } else {
        (1000, amount(cursor, "a price")?)
    };
    let mut line = LineText {
        id,
        span: start,
        quantity_milli,
        price,
        is_total,
        taken_off: Vec::new(),
        categories: Vec::new(),
        product: None,
        sku: None,
        gift_card: false,
        left: None,
    };
    while options(cursor, &mut line)? {}
    Ok(line)
}

fn options(cursor: &mut Cursor<'_>, line: &mut LineText) -> Result<bool, Trouble> {
    if cursor.eat(&["discount", "less"]) {
        line.taken_off.push(amount(cursor, "the discount")?);
    } else if cursor.eat(&["tax"]) {
        line.taken_off.push(amount(cursor, "the tax in the price")?);
    } else if cursor.eat(&["category"]) {
        line.categories.push(cursor.next("a category", "category coffee")?.text.clone());
    } else if cursor.eat(&["product"]) {
        line.product = Some(cursor.next("a product", "product LATTE")?.text.clone());
    } else if cursor.eat(&["sku"]) {
        line.sku = Some(cursor.next("a stock keeping unit", "sku LATTE-L")?.text.clone());
    } else if cursor.eat(&["gift-card", "gift-cards", "giftcard"])
        || cursor.eat_all(&["gift", "card"])
    {
        line.gift_card = true;
    } else if cursor.eat(&["left"]) {
        line.left = Some(quantity(cursor.next("how many are still on the order", "left 1")?)?);
    } else {
        return Ok(cursor.eat(&[",", "each"]));
    }
    Ok(true)
}

impl LineText {
    /// The currency written in it, if any.
    pub(super) fn currency(&self) -> Option<Currency> {
        std::iter::once(&self.price).chain(&self.taken_off).find_map(|amount| amount.currency)
    }

    /// The line of the order: its net is quantity times price, less discount and tax.
    pub(super) fn line(&self, currency: Currency) -> Result<Line, Trouble> {
        let price = self.price.not_negative(currency)?;
        let gross = if self.is_total { Some(price) } else { times(self.quantity_milli, price) };
        let mut net_minor = gross.ok_or_else(|| {
            self.price.trouble("the line comes to too much", "write a smaller price")
        })?;
        for amount in &self.taken_off {
            net_minor = net_minor.saturating_sub(amount.not_negative(currency)?);
            if net_minor < 0 {
                let help =
                    "a discount and the tax are for the whole line, and at most what it costs";
                return Err(amount.trouble("the line comes to less than nothing", help));
            }
        }
        Ok(Line {
            id: self.id.clone(),
            product: self.product.clone(),
            sku: self.sku.clone(),
            categories: self.categories.clone(),
            quantity_milli: self.quantity_milli,
            current_milli: self.left.unwrap_or(self.quantity_milli),
            net_minor,
            gift_card: self.gift_card,
            tip: false,
        })
    }
}
