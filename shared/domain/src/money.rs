//! Money in minor units, currencies, and exact ratios. No floats anywhere.

use std::{fmt, str::FromStr};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// An ISO 4217 currency that has minor units (not a fund code or a metal).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// The text is not an ISO 4217 currency code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an ISO 4217 currency code such as \"EUR\"")]
pub struct UnknownCurrency(pub String);

impl Currency {
    /// The euro, for examples and tests.
    pub const EUR: Self = Self(*b"EUR");

    /// The three-letter code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn decimals(&self) -> u32 {
        let exponent = iso_currency::Currency::from_code(self.code())
            .and_then(iso_currency::Currency::exponent);
        exponent.map_or(2, u32::from)
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        let known = iso_currency::Currency::from_code(code).filter(|c| c.exponent().is_some());
        match (known, <[u8; 3]>::try_from(code.as_bytes())) {
            (Some(_), Ok(code)) => Ok(Self(code)),
            _ => Err(UnknownCurrency(code.chars().take(12).collect())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(code: String) -> Result<Self, UnknownCurrency> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount of money in minor units (cents) of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: 1234 is 12.34 EUR, 1234 JPY, 1.234 KWD.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// A decimal text is not an amount of money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a plain decimal number.
    #[error("{0:?} is not a decimal amount such as \"12.34\"")]
    NotDecimal(String),
    /// More digits than the currency has, and not zeros.
    #[error("{0:?} is a fraction of a minor unit: {1} has {2} decimals")]
    FractionOfMinor(String, Currency, u32),
    /// Outside ±9.2 × 10^18 minor units.
    #[error("{0:?} is out of range")]
    OutOfRange(String),
}

/// Parses a decimal text exactly into minor units of `currency`.
///
/// Accepts an optional sign, digits, and an optional point with digits; no exponent, no separators. Trailing zeros beyond
/// the currency's decimals are accepted ("12.3400"), anything else there is an error: money is never rounded on the way in.
pub fn parse_minor(text: &str, currency: Currency) -> Result<i64, MoneyError> {
    let minor = decimal_minor(text, currency)?;
    if !minor.fract().is_zero() {
        return Err(MoneyError::FractionOfMinor(short(text), currency, currency.decimals()));
    }
    i64::try_from(minor.trunc()).map_err(|_| MoneyError::OutOfRange(short(text)))
}

/// The same of a tax, rounded to the nearest minor unit, half a unit away from zero: what a tax works out to, shops state with
/// more decimals than anybody pays.
pub fn parse_tax_minor(text: &str, currency: Currency) -> Result<i64, MoneyError> {
    let minor = decimal_minor(text, currency)?;
    let nearest = minor.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(nearest).map_err(|_| MoneyError::OutOfRange(short(text)))
}

/// Minor units of `currency`, with whatever fraction of them the text states.
fn decimal_minor(text: &str, currency: Currency) -> Result<Decimal, MoneyError> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().filter(|b| *b == b'.').count() <= 1;
    if !plain {
        return Err(MoneyError::NotDecimal(short(text)));
    }
    let out_of_range = || MoneyError::OutOfRange(short(text));
    let decimal = Decimal::from_str_exact(text).map_err(|_| out_of_range())?;
    let scale = Decimal::from(10_i64.checked_pow(currency.decimals()).unwrap_or(1));
    decimal.checked_mul(scale).ok_or_else(out_of_range)
}

/// As much of a text as an error repeats.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = self.currency.decimals();
        let amount = Decimal::try_new(self.minor, scale).map_err(|_| fmt::Error)?;
        write!(f, "{amount} {}", self.currency)
    }
}

impl FromStr for Money {
    type Err = String;

    /// Reads "12.34 EUR".
    fn from_str(text: &str) -> Result<Self, String> {
        let (amount, code) = text
            .split_once(' ')
            .ok_or_else(|| format!("{text:?} is not an amount such as \"12.34 EUR\""))?;
        let currency: Currency = code.trim().parse().map_err(|e: UnknownCurrency| e.to_string())?;
        let minor = parse_minor(amount, currency).map_err(|e| e.to_string())?;
        Ok(Self { minor, currency })
    }
}

/// An exact non-negative ratio, such as 1.5 = 3/2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    /// Numerator.
    pub numerator: i64,
    /// Denominator, positive.
    pub denominator: i64,
}

/// How a fraction of a point is rounded, once per order and rule.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Towards zero: a programme never gives more than its rate.
    #[default]
    Down,
    /// To the nearest whole; a half goes up.
    Nearest,
    /// Away from zero.
    Up,
}

impl Ratio {
    /// One.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// Creates `numerator / denominator`; `None` if negative or divided by zero.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        (numerator >= 0 && denominator > 0).then_some(Self { numerator, denominator })
    }

    /// Reads a decimal such as "1.5" exactly.
    pub fn parse(text: &str) -> Option<Self> {
        let decimal = Decimal::from_str_exact(text).ok()?.normalize();
        let numerator = i64::try_from(decimal.mantissa()).ok()?;
        Self::new(numerator, 10_i64.checked_pow(decimal.scale())?)
    }

    /// The product, or `None` on overflow.
    pub fn times(self, other: Self) -> Option<Self> {
        let numerator = self.numerator.checked_mul(other.numerator)?;
        Self::new(numerator, self.denominator.checked_mul(other.denominator)?)
    }

    /// `amount × self`, rounded as stated; `None` on overflow. `amount` must not be negative.
    pub fn of(self, amount: i64, rounding: Rounding) -> Option<i64> {
        let product = i128::from(amount).checked_mul(i128::from(self.numerator))?;
        divide(product, i128::from(self.denominator), rounding)
    }
}

/// `dividend / divisor` for non-negative dividend and positive divisor, rounded as stated.
pub fn divide(dividend: i128, divisor: i128, rounding: Rounding) -> Option<i64> {
    let bias = match rounding {
        Rounding::Down => 0,
        Rounding::Nearest => divisor.checked_div(2)?,
        Rounding::Up => divisor.checked_sub(1)?,
    };
    let dividend = dividend.checked_add(bias)?;
    if let (Ok(dividend), Ok(divisor)) = (i64::try_from(dividend), i64::try_from(divisor)) {
        // Nearly every amount; a division of 128 bits takes five times as long.
        return dividend.checked_div_euclid(divisor);
    }
    i64::try_from(dividend.checked_div_euclid(divisor)?).ok()
}

/// The share of `amount` that `part` is of `whole`, rounded as stated; none of the three may be negative.
///
/// A part is at most the whole, so a share is at most the amount: it cannot overflow. Of nothing every part is the whole.
pub fn proportion(amount: i64, part: i64, whole: i64, rounding: Rounding) -> i64 {
    if part >= whole {
        return amount;
    }
    // The product of two such numbers fits into 128 bits.
    let scaled = i128::from(amount).saturating_mul(i128::from(part.max(0)));
    divide(scaled, i128::from(whole), rounding).unwrap_or(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(text: &str, code: &str) -> Result<i64, MoneyError> {
        parse_minor(text, code.parse().unwrap())
    }

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(minor("12.34", "EUR"), Ok(1234));
        assert_eq!(minor("12", "EUR"), Ok(1200));
        assert_eq!(minor("12.3400", "EUR"), Ok(1234));
        assert_eq!(minor("-0.01", "EUR"), Ok(-1));
        assert_eq!(minor("1234", "JPY"), Ok(1234));
        assert_eq!(minor("1.234", "KWD"), Ok(1234));
        assert_eq!(minor("92233720368547758.07", "EUR"), Ok(i64::MAX));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "", ".", "1.", ".5", "1e3", "1,000.00", "NaN", "0x10", " 1", "1_000", "٣", "--1",
            "1.2.3",
        ] {
            assert!(matches!(minor(text, "EUR"), Err(MoneyError::NotDecimal(_))), "{text}");
        }
        assert!(matches!(minor("0.001", "EUR"), Err(MoneyError::FractionOfMinor(..))));
        assert!(matches!(minor("0.5", "JPY"), Err(MoneyError::FractionOfMinor(..))));
        assert!(matches!(minor("92233720368547758.08", "EUR"), Err(MoneyError::OutOfRange(_))));
        assert!(matches!(minor(&"9".repeat(300), "EUR"), Err(MoneyError::OutOfRange(_))));
        assert!("XAU".parse::<Currency>().is_err());
        assert!("eur".parse::<Currency>().is_err());
    }

    #[test]
    fn a_tax_is_rounded_to_the_nearest_minor_unit() {
        let minor = |text: &str, code: &str| parse_tax_minor(text, code.parse().unwrap());
        assert_eq!(minor("16.486", "CAD"), Ok(1649));
        assert_eq!(minor("25.805", "CAD"), Ok(2581));
        assert_eq!(minor("25.8049", "CAD"), Ok(2580));
        assert_eq!(minor("-2.305", "EUR"), Ok(-231), "it takes its opposite back");
        assert_eq!(minor("0.5", "JPY"), Ok(1));
        assert!(matches!(minor("x", "EUR"), Err(MoneyError::NotDecimal(_))));
        assert!(matches!(minor("92233720368547758.08", "EUR"), Err(MoneyError::OutOfRange(_))));
    }

    #[test]
    fn ratios_round_once_and_as_stated() {
        let third = Ratio::new(1, 3).unwrap();
        assert_eq!(third.of(100, Rounding::Down), Some(33));
        assert_eq!(third.of(100, Rounding::Up), Some(34));
        assert_eq!(third.of(50, Rounding::Nearest), Some(17));
        assert_eq!(Ratio::parse("1.50"), Ratio::new(15, 10));
        assert_eq!(Ratio::new(i64::MAX, 1).unwrap().of(2, Rounding::Down), None);
    }

    #[test]
    fn a_share_is_exact_and_at_most_the_whole() {
        assert_eq!(proportion(2900, 2, 3, Rounding::Down), 1933);
        assert_eq!(proportion(2900, 2, 3, Rounding::Up), 1934);
        assert_eq!(proportion(2900, 4, 3, Rounding::Down), 2900, "no part is more than the whole");
        assert_eq!(proportion(2900, 0, 0, Rounding::Down), 2900, "of nothing, all");
        assert_eq!(proportion(i64::MAX, i64::MAX - 1, i64::MAX, Rounding::Up), i64::MAX - 1);
    }
}
