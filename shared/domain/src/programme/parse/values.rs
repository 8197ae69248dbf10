//! Values with a meaning: names, ids, amounts, rates, lengths, times, conditions.

use std::ops::Range;

use jiff::{Timestamp, civil::Date};
use toml::de::DeValue;

use crate::{
    calendar::{Length, Per},
    condition::Condition,
    money::{Currency, Money, Ratio, parse_minor},
    programme::parse::{
        escapes,
        reader::{At, Item, Reader, Table},
    },
    spelling::nearest,
};

/// The longest name shown to members, and the longest word of a shop.
const NAME_MAX: usize = 80;
const WORD_MAX: usize = 200;
const ID_MAX: usize = 40;

/// Rates and multipliers above this are taken for mistakes.
const RATIO_MAX: i64 = 1_000_000;

impl Reader<'_> {
    /// A text that members see.
    pub(super) fn name(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let item = self.item(table, key)?;
        self.item_words(&item, NAME_MAX)
    }

    /// A sentence that members see.
    pub(super) fn sentence(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let item = self.item(table, key)?;
        self.item_words(&item, WORD_MAX)
    }

    /// A word of a shop: a category, a SKU.
    pub(super) fn word(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let item = self.item(table, key)?;
        self.item_words(&item, WORD_MAX)
    }

    fn item_words(&mut self, item: &Item<'_>, max: usize) -> Option<String> {
        let text = self.item_text(item)?;
        let reason = if text.value.trim().is_empty() {
            "is empty".to_owned()
        } else if text.value.chars().count() > max {
            format!("is longer than {max} characters")
        } else if text.value.chars().any(char::is_control) {
            "has a line break or a control character".to_owned()
        } else {
            return Some(text.value.to_owned());
        };
        self.fault(text.span, format!("`{}` {reason}", item.field.key));
        None
    }

    /// A list of a shop's words.
    pub(super) fn words(&mut self, table: &Table<'_>, key: &str) -> Vec<String> {
        let items = self.list(table, key);
        items.iter().filter_map(|item| self.item_words(item, WORD_MAX)).collect()
    }

    /// A list of ids.
    pub(super) fn ids(&mut self, table: &Table<'_>, key: &str) -> Vec<String> {
        let items = self.list(table, key);
        let mut ids: Vec<String> = Vec::new();
        for item in items {
            let Some(id) = self.item_text(&item).and_then(|text| self.slug(&text)) else {
                continue;
            };
            if ids.contains(&id) {
                self.fault(item.span, format!("{id:?} is in the list twice"));
            } else {
                ids.push(id);
            }
        }
        ids
    }

    /// `[a-z0-9-]{1,40}`
    pub(super) fn id(&mut self, table: &Table<'_>, key: &str) -> Option<At<String>> {
        let text = self.text(table, key)?;
        self.slug(&text).map(|value| At { value, span: text.span })
    }

    pub(super) fn slug(&mut self, text: &At<&str>) -> Option<String> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !text.value.is_empty() && text.value.len() <= ID_MAX && text.value.chars().all(allowed) {
            return Some(text.value.to_owned());
        }
        let message = format!("{:?} is not an id: 1 to {ID_MAX} of a-z, 0-9 and -", text.value);
        let lower = text.value.to_ascii_lowercase();
        let slug = lower
            .split(|c| !allowed(c))
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("-");
        if text.value.is_ascii() && !slug.is_empty() && slug.len() <= ID_MAX {
            self.fault_with_help(text.span.clone(), message, format!("write {slug:?}"));
        } else {
            self.fault(text.span.clone(), message);
        }
        None
    }

    /// The id of a tier of this file.
    pub(super) fn tier_id(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let text = self.text(table, key)?;
        self.known_tier(text.value, text.span)
    }

    /// Says so if there is no such tier.
    pub(super) fn known_tier(&mut self, id: &str, span: Range<usize>) -> Option<String> {
        let tiers = std::mem::take(&mut self.tiers);
        let known = self.known("tier", &tiers, id, span);
        self.tiers = tiers;
        known
    }

    /// The id of a raffle of this file.
    pub(super) fn raffle_id(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let text = self.text(table, key)?;
        let raffles = std::mem::take(&mut self.raffles);
        let known = self.known("raffle", &raffles, text.value, text.span);
        self.raffles = raffles;
        known
    }

    /// The id of an instant win of this file.
    pub(super) fn instant_win_id(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let text = self.text(table, key)?;
        let games = std::mem::take(&mut self.instant_wins);
        let known = self.known("instant win", &games, text.value, text.span);
        self.instant_wins = games;
        known
    }

    /// Says so if `id` is none of those declared. An empty one was faulty, and could be any.
    fn known(
        &mut self,
        what: &str,
        declared: &[String],
        id: &str,
        span: Range<usize>,
    ) -> Option<String> {
        let unreadable = declared.iter().any(String::is_empty);
        if unreadable || declared.iter().any(|known| known == id) {
            return Some(id.to_owned());
        }
        let help = match nearest(id, declared.iter().map(String::as_str)) {
            Some(known) => format!("did you mean {known:?}?"),
            None if declared.is_empty() => format!("declare it: [[{what}]]"),
            None => format!("the {what}s are {}", declared.join(", ")),
        };
        self.missing(span, format!("there is no {what} {id:?}"), help);
        None
    }

    /// A currency.
    pub(super) fn currency(&mut self, table: &Table<'_>, key: &str) -> Option<Currency> {
        let text = self.text(table, key)?;
        self.known_currency(text.value, text.span)
    }

    pub(super) fn known_currency(&mut self, code: &str, span: Range<usize>) -> Option<Currency> {
        match code.parse() {
            Ok(currency) => Some(currency),
            Err(error) => {
                match code.to_uppercase().parse::<Currency>() {
                    Ok(upper) => {
                        self.fault_with_help(span, error.to_string(), format!("write \"{upper}\""));
                    }
                    Err(_) => self.fault(span, error.to_string()),
                }
                None
            }
        }
    }

    /// A positive amount in the programme's currency.
    pub(super) fn money(&mut self, table: &Table<'_>, key: &str) -> Option<Money> {
        let text = self.text(table, key)?;
        let (amount, currency) = self.amount(&text)?;
        let money = match parse_minor(amount, currency) {
            Ok(minor) => Money { minor, currency },
            Err(error) => {
                self.fault(text.span, error.to_string());
                return None;
            }
        };
        if money.minor <= 0 || money.minor > crate::programme::schema::fields::POINTS_MAX {
            let reason = if money.minor <= 0 { "more than zero" } else { "less" };
            self.fault(text.span, format!("`{key}` must be {reason}"));
            return None;
        }
        Some(money)
    }

    /// What a point is worth: minor units of the programme's currency, perhaps a fraction of one.
    pub(super) fn worth(&mut self, table: &Table<'_>, key: &str) -> Option<At<Ratio>> {
        let text = self.text(table, key)?;
        let (amount, currency) = self.amount(&text)?;
        let scale = 10_i64.checked_pow(currency.decimals()).and_then(|scale| Ratio::new(scale, 1));
        let ratio = decimal(amount).zip(scale).and_then(|(amount, scale)| amount.times(scale));
        let value = ratio.map(reduced).filter(|ratio| ratio.numerator > 0);
        if value.is_none() {
            let message =
                format!("`{key}` must be an amount above zero, such as \"0.01 {currency}\"");
            self.fault(text.span.clone(), message);
        }
        value.map(|value| At { value, span: text.span })
    }

    /// Splits "5.00 EUR"; the currency must be the programme's.
    fn amount<'t>(&mut self, text: &At<&'t str>) -> Option<(&'t str, Currency)> {
        let Some((amount, code)) = text.value.split_once(' ') else {
            let currency =
                self.currency.map_or_else(|| "EUR".to_owned(), |currency| currency.to_string());
            let message = format!("{:?} is not an amount such as \"5.00 {currency}\"", text.value);
            self.fault(text.span.clone(), message);
            return None;
        };
        let currency = self.known_currency(code.trim(), text.span.clone())?;
        match self.currency {
            Some(programme) if programme != currency => {
                let message = format!(
                    "the amount is in {currency}, but the programme's currency is {programme}"
                );
                self.fault_with_help(
                    text.span.clone(),
                    message,
                    format!("write the amount in {programme}"),
                );
                None
            }
            _ => Some((amount, currency)),
        }
    }

    /// A rate above zero: 2 or "1.5".
    pub(super) fn item_ratio(&mut self, item: &Item<'_>) -> Option<Ratio> {
        let ratio = match item.value {
            DeValue::Integer(integer) if integer.radix() == 10 => decimal(integer.as_str()),
            DeValue::String(text) => decimal(text),
            _ => {
                self.wrong_type(item);
                return None;
            }
        };
        let within = ratio.map(reduced).filter(|ratio| {
            let most = i128::from(ratio.denominator).checked_mul(i128::from(RATIO_MAX));
            ratio.numerator > 0 && most.is_some_and(|most| i128::from(ratio.numerator) <= most)
        });
        if within.is_none() {
            let message =
                format!("{} is not a number above 0 and up to {RATIO_MAX}", self.written(item));
            self.fault_with_help(item.span.clone(), message, "write, for example, 2 or \"1.5\"");
        }
        within
    }

    /// How a value stands in the file.
    fn written(&self, item: &Item<'_>) -> String {
        self.source().get(item.span.clone()).unwrap_or_default().chars().take(40).collect()
    }

    /// A length of time above zero.
    pub(super) fn length(&mut self, table: &Table<'_>, key: &str) -> Option<Length> {
        let text = self.text(table, key)?;
        let length = Length::parse(text.value);
        match length {
            Some(length) if length.count > 0 => return Some(length),
            Some(_) => self.fault(text.span, format!("`{key}` must be longer than nothing")),
            None => self.not_a_length(&text, "\"30 days\""),
        }
        None
    }

    pub(super) fn not_a_length(&mut self, text: &At<&str>, example: &str) {
        let message = format!("{:?} is not a length such as {example}", text.value);
        let help = "a whole number and minutes, hours, days, weeks, months or years; at most 100000, or a thousand years";
        self.fault_with_help(text.span.clone(), message, help);
    }

    /// A time with an offset, or the start of a date in the programme's zone.
    pub(super) fn time(&mut self, table: &Table<'_>, key: &str) -> Option<At<Timestamp>> {
        let item = self.item(table, key)?;
        let text = match item.value {
            DeValue::String(text) => text.as_ref().to_owned(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            _ => {
                self.wrong_type(&item);
                return None;
            }
        };
        let date = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
        let time = match date {
            Some(date) => self.zone.start_of(date),
            None => text.parse::<Timestamp>().ok(),
        };
        if time.is_none() {
            let message =
                format!("{text:?} is not a date such as \"2026-12-01\" or a time with its offset");
            let help = "write a time as \"2026-12-01T09:00:00+01:00\"";
            self.fault_with_help(item.span.clone(), message, help);
        }
        time.map(|value| At { value, span: item.span })
    }

    /// A period.
    pub(super) fn per(&mut self, table: &Table<'_>, key: &str) -> Option<Per> {
        let choice = self.choice(table, key)?;
        [Per::Day, Per::Month, Per::Year, Per::Ever]
            .into_iter()
            .find(|per| per.to_string() == choice)
    }

    /// A condition; its faults are mapped to their place inside the string.
    pub(super) fn condition(&mut self, table: &Table<'_>, key: &str) -> Option<At<Condition>> {
        let text = self.text(table, key)?;
        match Condition::parse(text.value) {
            Ok(value) => Some(At { value, span: text.span }),
            Err(fault) => {
                let span = self.inside(&text.span, &fault.offset);
                match fault.suggestion {
                    Some(suggestion) => self.fault_with_help(span, fault.message, suggestion),
                    None => self.fault(span, fault.message),
                }
                None
            }
        }
    }

    /// The place in the file of a part of a string.
    pub(super) fn inside(&self, string: &Range<usize>, part: &Range<usize>) -> Range<usize> {
        let raw = self.source().get(string.clone()).unwrap_or_default();
        let at = |offset: usize| string.start.saturating_add(escapes::locate(raw, offset));
        at(part.start)..at(part.end)
    }
}

/// Reads a plain decimal: digits with at most one point, nothing else.
fn decimal(text: &str) -> Option<Ratio> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain.then(|| Ratio::parse(text)).flatten()
}

/// The same ratio in lowest terms, so that equal rates are equal.
pub(super) fn reduced(ratio: Ratio) -> Ratio {
    let (mut a, mut b) = (ratio.numerator, ratio.denominator);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    let divide = |number: i64| number.checked_div(a).unwrap_or(number);
    Ratio { numerator: divide(ratio.numerator), denominator: divide(ratio.denominator) }
}
