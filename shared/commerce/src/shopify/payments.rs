//! What the transactions of a refund paid back.

use guerdon_domain::money::Currency;
use serde::Deserialize;

use super::money::add;
use crate::{
    PayloadError,
    json::{self, Number, or_default},
};

/// The transactions of a refund. Left out, they say nothing of what was paid; an empty list says that nothing was.
#[derive(Deserialize, Default)]
#[serde(transparent)]
pub(super) struct Transactions(Option<Vec<Transaction>>);

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

/// How much of a refund's money has been paid back.
pub(super) enum Arrived {
    All,
    /// Another attempt is on its way, or failed.
    Part,
    Nothing,
}

impl Transactions {
    fn all(&self) -> &[Transaction] {
        self.0.as_deref().unwrap_or_default()
    }

    /// The currency they are in: the customer's.
    pub(super) fn currency(&self) -> Option<Currency> {
        self.all().iter().find_map(|transaction| transaction.currency.as_deref()?.parse().ok())
    }

    /// What they call the shop's currency, with the places where.
    pub(super) fn shop_currencies(&self) -> impl Iterator<Item = (String, Option<&str>)> {
        self.all().iter().enumerate().map(|(index, transaction)| {
            let at = format!("/transactions/{index}/total_unsettled_set/shop_money/currency");
            (at, transaction.total_unsettled_set.shop_money.currency.as_deref())
        })
    }

    /// Refuses what is no amount in any currency.
    pub(super) fn check(&self, at: &str) -> Result<(), PayloadError> {
        for (index, transaction) in self.all().iter().enumerate() {
            let place = format!("{at}/transactions/{index}/amount");
            let amount = transaction.amount.as_ref();
            let amount = amount.filter(|_| transaction.is_refund() && transaction.is_done());
            let negative = amount.map(|amount| json::is_negative(amount, &place)).transpose()?;
            if negative == Some(true) {
                return Err(json::negative(&place));
            }
        }
        Ok(())
    }

    /// What the transactions gave back in a currency; `None` if nothing says so, or if some gave back in another.
    pub(super) fn paid_minor(
        &self,
        currency: Currency,
        at: &str,
    ) -> Result<Option<i64>, PayloadError> {
        let mut sum = self.0.as_ref().map(|_| 0);
        for (index, transaction) in self.all().iter().enumerate() {
            let place = format!("{at}/transactions/{index}/amount");
            let paid = transaction.paid_minor(currency, &place)?;
            sum = match (sum, paid) {
                (Some(sum), Some(paid)) => Some(add(sum, paid, &format!("{at}/transactions"))?),
                _ => None,
            };
        }
        Ok(sum)
    }

    /// How much of the money has been paid back, as far as the attempts to do so tell.
    pub(super) fn arrived(&self, currency: Currency) -> Arrived {
        let attempts = || self.all().iter().filter(|transaction| transaction.is_refund());
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

    /// Minor units that this transaction gave back, none if it did not, or did not yet; `None` if it is in another currency.
    fn paid_minor(&self, currency: Currency, pointer: &str) -> Result<Option<i64>, PayloadError> {
        match &self.amount {
            // On its way, it will be in another currency as well.
            Some(_) if self.is_refund() && !self.is_in(currency) => Ok(None),
            Some(amount) if self.is_refund() && self.is_done() => {
                json::minor(amount, currency, pointer).map(Some)
            }
            _ => Ok(Some(0)),
        }
    }
}
