//! Reading JSON as shops write it: numbers exactly, as numbers or as text, with a pointer to whatever is wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use guerdon_domain::{
    decision::in_range,
    event::{Line, Refund},
    money::{self, Currency, MoneyError, UnknownCurrency},
};
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny},
};
use serde_json::value::RawValue;
use serde_path_to_error::Segment;

use crate::{error::PayloadError, objects::Objects};

/// Bytes of the largest body that is read: what a Lambda function can be sent.
pub const BODY_BYTES_MAX: usize = 6 * 1024 * 1024;

/// Reads a JSON object of at most [`BODY_BYTES_MAX`].
///
/// # Errors
/// If it is too large, no JSON, no object, or not of the form of `T`; the error points to the field.
pub fn read<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<T, PayloadError> {
    if body.len() > BODY_BYTES_MAX {
        return Err(PayloadError::malformed("", "larger than 6 MB"));
    }
    let text = std::str::from_utf8(body).map_err(|_| PayloadError::malformed("", "not UTF-8"))?;
    if text.starts_with('\u{feff}') {
        return Err(PayloadError::malformed("", "begins with a byte order mark: send plain UTF-8"));
    }
    if !text.trim_start().starts_with('{') {
        return Err(PayloadError::malformed("", "not a JSON object"));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    if let Ok(value) = T::deserialize(Objects(&mut json))
        && json.end().is_ok()
    {
        return Ok(value);
    }
    // Only a reader that keeps track of the path can tell where the fault is; it takes twice as long.
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(Objects(&mut json));
    let value = value.map_err(|error| locate(error, text))?;
    json.end().map_err(|error| PayloadError::malformed("", error.to_string()))?;
    Ok(value)
}

/// Turns serde's path into a JSON pointer; a missing field is pointed to where it should be.
fn locate(error: serde_path_to_error::Error<serde_json::Error>, text: &str) -> PayloadError {
    let mut pointer = String::new();
    for segment in error.path() {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
    }
    let cause = error.inner();
    if cause.is_syntax() || cause.is_eof() {
        // A name out of a list, where there is a number or an object, passes for a fault of the syntax.
        return match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) if cause.to_string().starts_with("expected value") => {
                PayloadError::malformed(pointer, "expected a text, one of those documented")
            }
            Ok(_) => PayloadError::malformed(pointer, cause.to_string()),
            Err(error) => PayloadError::malformed("", format!("not JSON: {error}")),
        };
    }
    let message = cause.to_string();
    if let Some(field) =
        message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next())
    {
        return PayloadError::malformed(format!("{pointer}/{field}"), "missing");
    }
    PayloadError::malformed(pointer, message.chars().take(200).collect::<String>())
}

/// `null` is the same as nothing.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// The text of a JSON string, or a JSON number exactly as it was written; nothing else.
fn written<'de, D: Deserializer<'de>>(deserializer: D, expected: &str) -> Result<String, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?.get();
    match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw).map_err(D::Error::custom),
        Some(b'-' | b'0'..=b'9') => Ok(raw.to_owned()),
        _ => Err(D::Error::custom(format!("expected {expected}"))),
    }
}

/// A decimal number exactly as it was written, in quotes or without. It never passes through a float.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) String);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer, "a number, or a number as text").map(Self)
    }
}

/// A number that names something: 1 to 2^64 - 1, in quotes or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NumericId(pub(crate) u64);

impl<'de> Deserialize<'de> for NumericId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXPECTED: &str =
            "an id: a positive whole number of at most 64 bits, or its digits as text";
        let text = written(deserializer, EXPECTED)?;
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let id = text.parse().ok().filter(|id| digits && *id > 0);
        id.map(Self).ok_or_else(|| D::Error::custom(format!("expected {EXPECTED}")))
    }
}

impl fmt::Display for NumericId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A text, or a number that is meant as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer, "text").map(Self)
    }
}

/// Reads a currency code.
pub(crate) fn currency(code: &str, pointer: &str) -> Result<Currency, PayloadError> {
    code.parse()
        .map_err(|error: UnknownCurrency| PayloadError::unprocessable(pointer, error.to_string()))
}

/// Reads an amount in minor units, of either sign.
pub(crate) fn signed_minor(
    number: &Number,
    currency: Currency,
    pointer: &str,
) -> Result<i64, PayloadError> {
    in_ledger(money::parse_minor(&number.0, currency), pointer)
}

/// The same of a tax, which may have more decimals than the currency: it is rounded.
pub(crate) fn signed_tax_minor(
    number: &Number,
    currency: Currency,
    pointer: &str,
) -> Result<i64, PayloadError> {
    in_ledger(money::parse_tax_minor(&number.0, currency), pointer)
}

fn in_ledger(minor: Result<i64, MoneyError>, pointer: &str) -> Result<i64, PayloadError> {
    let minor = minor.map_err(|error| match error {
        MoneyError::NotDecimal(_) => PayloadError::malformed(pointer, error.to_string()),
        MoneyError::FractionOfMinor(..) | MoneyError::OutOfRange(_) => {
            PayloadError::unprocessable(pointer, error.to_string())
        }
    })?;
    if !in_range(minor) {
        return Err(PayloadError::unprocessable(pointer, "beyond the range of the ledger"));
    }
    Ok(minor)
}

/// Refuses what is no amount in any currency, where its own is not known; whether it is negative.
pub(crate) fn is_negative(number: &Number, pointer: &str) -> Result<bool, PayloadError> {
    // Whether it is a decimal number at all, every currency answers the same.
    if let Err(error @ MoneyError::NotDecimal(_)) = money::parse_minor(&number.0, Currency::EUR) {
        return Err(PayloadError::malformed(pointer, error.to_string()));
    }
    Ok(number.0.starts_with('-') && number.0.bytes().any(|b| (b'1'..=b'9').contains(&b)))
}

/// Reads an amount in minor units that cannot be negative.
pub(crate) fn minor(
    number: &Number,
    currency: Currency,
    pointer: &str,
) -> Result<i64, PayloadError> {
    not_negative(signed_minor(number, currency, pointer)?, pointer)
}

pub(crate) fn not_negative(value: i64, pointer: &str) -> Result<i64, PayloadError> {
    if value < 0 { Err(negative(pointer)) } else { Ok(value) }
}

pub(crate) fn negative(pointer: &str) -> PayloadError {
    PayloadError::unprocessable(pointer, "negative")
}

/// Reads a quantity in thousandths.
pub(crate) fn milli(number: &Number, pointer: &str) -> Result<i64, PayloadError> {
    let text = number.0.as_str();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().filter(|b| *b == b'.').count() <= 1;
    if !plain {
        return Err(PayloadError::malformed(pointer, "not a quantity such as 2 or \"1.5\""));
    }
    let out_of_range = || PayloadError::unprocessable(pointer, "out of range");
    let decimal = Decimal::from_str_exact(text).map_err(|_| out_of_range())?;
    let thousandths = decimal.checked_mul(Decimal::ONE_THOUSAND).ok_or_else(out_of_range)?;
    if !thousandths.fract().is_zero() {
        return Err(PayloadError::unprocessable(pointer, "more than three decimals"));
    }
    let thousandths = i64::try_from(thousandths.trunc()).ok().filter(|many| in_range(*many));
    not_negative(thousandths.ok_or_else(out_of_range)?, pointer)
}

/// Reads a quantity of a shop that sells whole units, in thousandths.
pub(crate) fn whole_milli(number: &Number, pointer: &str) -> Result<i64, PayloadError> {
    let milli = milli(number, pointer)?;
    if milli % 1000 != 0 {
        return Err(PayloadError::unprocessable(pointer, "not a whole number of units"));
    }
    Ok(milli)
}

/// Lines of an order. With the limits below, what is kept of the largest order stays under the 400 KB that DynamoDB takes:
/// some 80 bytes a line beside its texts, 100 a refund line and 150 a refund beside their ids.
pub(crate) const LINES_MAX: usize = 1_000;
/// Bytes of one product id, SKU or category.
pub(crate) const TEXT_BYTES_MAX: usize = 1_024;
/// Categories of a line.
pub(crate) const CATEGORIES_MAX: usize = 50;
/// Bytes of all the ids, SKUs and categories of an order's lines.
pub(crate) const TEXTS_BYTES_MAX: usize = 100_000;
/// Refunds of an order in one payload.
pub(crate) const REFUNDS_MAX: usize = 200;
/// Lines of all those refunds.
pub(crate) const REFUND_LINES_MAX: usize = 500;

/// Refuses a list that is too long, before anything is made of it.
pub(crate) fn at_most(count: usize, max: usize, pointer: &str) -> Result<(), PayloadError> {
    if count > max {
        return Err(PayloadError::unprocessable(pointer, format!("more than {max}")));
    }
    Ok(())
}

/// Refuses a product id, SKU or category that is too long to keep.
pub(crate) fn check_text(text: &str, pointer: fmt::Arguments<'_>) -> Result<(), PayloadError> {
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("longer than {TEXT_BYTES_MAX} bytes");
        return Err(PayloadError::unprocessable(pointer.to_string(), message));
    }
    Ok(())
}

/// Checks that what the lines are called can be kept.
fn check_texts(lines: &[Line], pointer: &str) -> Result<(), PayloadError> {
    let mut sum: usize = 0;
    for (index, line) in lines.iter().enumerate() {
        let at = format!("{pointer}/{index}");
        at_most(line.categories.len(), CATEGORIES_MAX, &format!("{at}/categories"))?;
        let names = [("product", &line.product), ("sku", &line.sku)];
        let names = names.into_iter().filter_map(|(field, text)| Some((field, text.as_ref()?)));
        for (field, text) in names {
            check_text(text, format_args!("{at}/{field}"))?;
        }
        for (index, text) in line.categories.iter().enumerate() {
            check_text(text, format_args!("{at}/categories/{index}"))?;
        }
        for text in [&line.product, &line.sku].into_iter().flatten().chain(&line.categories) {
            // Each costs a few bytes more to keep: thousands of short ones would add up.
            sum = sum.saturating_add(text.len()).saturating_add(3);
        }
        sum = sum.saturating_add(line.id.len());
    }
    if sum > TEXTS_BYTES_MAX {
        let message =
            format!("the ids, SKUs and categories come to more than {TEXTS_BYTES_MAX} bytes");
        return Err(PayloadError::unprocessable(pointer, message));
    }
    Ok(())
}

/// Checks the number of refunds and of their lines.
pub(crate) fn check_refunds(
    lines_of_each: impl ExactSizeIterator<Item = usize>,
    pointer: &str,
) -> Result<(), PayloadError> {
    at_most(lines_of_each.len(), REFUNDS_MAX, pointer)?;
    let lines = lines_of_each.fold(0, usize::saturating_add);
    if lines > REFUND_LINES_MAX {
        let message = format!("more than {REFUND_LINES_MAX} lines in all");
        return Err(PayloadError::unprocessable(pointer, message));
    }
    Ok(())
}

/// Adds a refund to those of its order. Each is named once: of two that share an id, one would be forgotten.
pub(crate) fn add_refund(
    refunds: &mut BTreeMap<String, Refund>,
    id: String,
    refund: Refund,
    at: &str,
) -> Result<(), PayloadError> {
    match refunds.insert(id, refund) {
        None => Ok(()),
        Some(_) => {
            Err(PayloadError::unprocessable(format!("{at}/id"), "another refund has the same id"))
        }
    }
}

/// Checks what holds for the lines of every order: each is named once, and their sum is an amount.
pub(crate) fn check_lines(lines: &[Line], pointer: &str) -> Result<(), PayloadError> {
    check_texts(lines, pointer)?;
    let mut total: i64 = 0;
    let mut names = BTreeSet::new();
    for (index, line) in lines.iter().enumerate() {
        let repeated = !names.insert(line.id.as_str());
        if repeated {
            return Err(PayloadError::unprocessable(
                format!("{pointer}/{index}/id"),
                "another line has the same id",
            ));
        }
        let sum = total.checked_add(line.net_minor).filter(|sum| in_range(*sum));
        total = sum.ok_or_else(|| {
            PayloadError::unprocessable(
                pointer,
                "the sum of the lines is beyond the range of the ledger",
            )
        })?;
    }
    Ok(())
}
