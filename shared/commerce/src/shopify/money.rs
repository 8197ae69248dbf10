//! Shopify's amounts: a plain field and a `_set` of two currencies, of which the shop's counts.

use guerdon_domain::money::Currency;
use serde::Deserialize;

use crate::{
    PayloadError,
    json::{self, Number, not_negative, or_default, signed_minor, signed_tax_minor},
};

/// How a number is read as minor units.
type Read = fn(&Number, Currency, &str) -> Result<i64, PayloadError>;

/// `{"shop_money": {"amount": "1.00", "currency_code": "EUR"}, "presentment_money": …}`.
#[derive(Deserialize, Default)]
pub(super) struct MoneySet {
    #[serde(default, deserialize_with = "or_default")]
    shop_money: ShopMoney,
}

/// An amount in the shop's currency, with its code.
#[derive(Deserialize, Default)]
pub(super) struct ShopMoney {
    amount: Option<Number>,
    currency_code: Option<String>,
}

impl ShopMoney {
    /// Minor units, of either sign; `None` if no amount is here.
    fn signed_minor(
        &self,
        read: Read,
        currency: Currency,
        pointer: &str,
    ) -> Result<Option<i64>, PayloadError> {
        let Some(amount) = &self.amount else { return Ok(None) };
        if self.currency_code.as_deref().is_some_and(|code| code != currency.code()) {
            let message = format!("not in the order's currency, which is {currency}");
            return Err(PayloadError::unprocessable(format!("{pointer}/currency_code"), message));
        }
        read(amount, currency, &format!("{pointer}/amount")).map(Some)
    }

    /// Minor units where an amount cannot be negative; nothing means zero.
    pub(super) fn minor_or_zero(
        &self,
        currency: Currency,
        pointer: &str,
    ) -> Result<i64, PayloadError> {
        let minor = self.signed_minor(signed_minor, currency, pointer)?.unwrap_or(0);
        not_negative(minor, &format!("{pointer}/amount"))
    }
}

impl MoneySet {
    /// Whether no amount of the shop's money is here.
    pub(super) fn is_empty(&self) -> bool {
        self.shop_money.amount.is_none()
    }

    /// The code of the shop's currency, if it is here.
    pub(super) fn currency_code(&self) -> Option<&str> {
        self.shop_money.currency_code.as_deref()
    }
}

/// An amount in both its spellings: `price` and `price_set`.
#[derive(Clone, Copy)]
pub(super) struct Amount<'a> {
    pub(super) set: &'a MoneySet,
    pub(super) plain: Option<&'a Number>,
}

impl Amount<'_> {
    /// Minor units of the shop's money; `None` if neither spelling is there. `pointer` is that of the plain one.
    pub(super) fn signed_minor(
        self,
        currency: Currency,
        pointer: &str,
    ) -> Result<Option<i64>, PayloadError> {
        self.signed(signed_minor, currency, pointer)
    }

    /// The same of a tax, which is rounded.
    pub(super) fn signed_tax_minor(
        self,
        currency: Currency,
        pointer: &str,
    ) -> Result<Option<i64>, PayloadError> {
        self.signed(signed_tax_minor, currency, pointer)
    }

    fn signed(
        self,
        read: Read,
        currency: Currency,
        pointer: &str,
    ) -> Result<Option<i64>, PayloadError> {
        let set = self.set.shop_money.signed_minor(
            read,
            currency,
            &format!("{pointer}_set/shop_money"),
        )?;
        if set.is_some() {
            return Ok(set);
        }
        self.plain.map(|plain| read(plain, currency, pointer)).transpose()
    }

    /// Minor units where an amount cannot be negative.
    pub(super) fn minor(
        self,
        currency: Currency,
        pointer: &str,
    ) -> Result<Option<i64>, PayloadError> {
        self.not_negative(self.signed_minor(currency, pointer)?, pointer)
    }

    /// The same of a tax, which is rounded.
    pub(super) fn tax_minor(
        self,
        currency: Currency,
        pointer: &str,
    ) -> Result<Option<i64>, PayloadError> {
        self.not_negative(self.signed_tax_minor(currency, pointer)?, pointer)
    }

    /// Refuses what is no amount in any currency, where the shop's is not known.
    pub(super) fn check_signed(self, pointer: &str) -> Result<(), PayloadError> {
        self.is_negative(pointer).map(drop)
    }

    /// The same where an amount cannot be negative.
    pub(super) fn check(self, pointer: &str) -> Result<(), PayloadError> {
        if self.is_negative(pointer)? {
            return Err(json::negative(&self.place(pointer)));
        }
        Ok(())
    }

    fn is_negative(self, pointer: &str) -> Result<bool, PayloadError> {
        let number = self.set.shop_money.amount.as_ref().or(self.plain);
        let negative = number.map(|number| json::is_negative(number, &self.place(pointer)));
        Ok(negative.transpose()?.unwrap_or(false))
    }

    fn not_negative(self, minor: Option<i64>, pointer: &str) -> Result<Option<i64>, PayloadError> {
        minor.map(|minor| not_negative(minor, &self.place(pointer))).transpose()
    }

    /// The JSON pointer of the spelling that counts.
    fn place(self, pointer: &str) -> String {
        if self.set.is_empty() {
            pointer.into()
        } else {
            format!("{pointer}_set/shop_money/amount")
        }
    }

    /// As [`Amount::minor`], where nothing means zero.
    pub(super) fn minor_or_zero(
        self,
        currency: Currency,
        pointer: &str,
    ) -> Result<i64, PayloadError> {
        Ok(self.minor(currency, pointer)?.unwrap_or(0))
    }
}

/// Adds amounts.
pub(super) fn add(sum: i64, minor: i64, pointer: &str) -> Result<i64, PayloadError> {
    sum.checked_add(minor).ok_or_else(|| out_of_range(pointer))
}

/// Adds up what each of a list comes to, whose JSON pointer is `at`.
pub(super) fn sum<T>(
    all: &[T],
    at: &str,
    minor: impl Fn(&T, &str) -> Result<i64, PayloadError>,
) -> Result<i64, PayloadError> {
    all.iter().enumerate().try_fold(0, |sum, (index, each)| {
        let at = format!("{at}/{index}");
        add(sum, minor(each, &at)?, &at)
    })
}

pub(super) fn out_of_range(pointer: &str) -> PayloadError {
    PayloadError::unprocessable(pointer, "out of range")
}
