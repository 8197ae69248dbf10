//! What a member has of everything, and sums of it.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{
    account::{Account, Asset, Balance, Overflow},
    entry::{Entry, LedgerAccount},
    id::ChanceId,
    money::{Currency, Money},
};

/// Money as statements write it: exact text, currency, and minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Money);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.to_string();
        let mut amount = serializer.serialize_struct("Amount", 3)?;
        amount.serialize_field("amount", text.split(' ').next().unwrap_or_default())?;
        amount.serialize_field("currency", &self.0.currency)?;
        amount.serialize_field("minor", &self.0.minor)?;
        amount.end()
    }
}

/// Store credit by currency, in minor units; none is zero.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credit(pub BTreeMap<Currency, i64>);

impl Serialize for Credit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let amount = |(currency, minor): (&Currency, &i64)| {
            Amount(Money { minor: *minor, currency: *currency })
        };
        serializer.collect_seq(self.0.iter().map(amount))
    }
}

/// What a member has at an instant, or by how much it changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Balances {
    /// Points.
    pub points: Balance,
    /// Store credit.
    pub credit: Credit,
    /// Entries of raffles and plays of instant wins; none is zero.
    pub tickets: BTreeMap<ChanceId, i64>,
}

/// A sum of everything, wherever the points are: available, pending or held.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Points.
    pub points: i64,
    /// Store credit.
    pub credit: Credit,
    /// Entries of raffles and plays of instant wins; none is zero.
    pub tickets: BTreeMap<ChanceId, i64>,
}

/// Whether one is added or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

fn sum(to: i64, sign: Sign, amount: i64) -> Result<i64, Overflow> {
    let sum = match sign {
        Sign::Plus => to.checked_add(amount),
        Sign::Minus => to.checked_sub(amount),
    };
    sum.ok_or(Overflow)
}

/// Adds to what is under a key, or takes from it. Zero is not kept.
fn put<K: Ord + Clone>(
    map: &mut BTreeMap<K, i64>,
    key: &K,
    sign: Sign,
    amount: i64,
) -> Result<(), Overflow> {
    let sum = sum(map.get(key).copied().unwrap_or(0), sign, amount)?;
    if sum == 0 {
        map.remove(key);
    } else {
        map.insert(key.clone(), sum);
    }
    Ok(())
}

impl Balances {
    /// What an account has, as it stands.
    pub fn of(account: &Account) -> Result<Self, Overflow> {
        let mut balances = Self::default();
        let assets = account.wallets.keys().filter(|asset| **asset != Asset::Points);
        for asset in assets.chain([&Asset::Points]) {
            let Balance { available, pending, held } = account.balance(asset);
            balances.put(asset, LedgerAccount::Available, available)?;
            balances.put(asset, LedgerAccount::Pending, pending)?;
            balances.put(asset, LedgerAccount::Held, held)?;
        }
        Ok(balances)
    }

    /// By how much an entry changed it.
    pub fn change(entry: &Entry) -> Result<Self, Overflow> {
        let mut change = Self::default();
        for posting in &entry.postings {
            change.put(&posting.asset, posting.account, posting.amount)?;
        }
        Ok(change)
    }

    /// Both together.
    pub fn plus(&self, other: &Self) -> Result<Self, Overflow> {
        self.combine(Sign::Plus, other)
    }

    /// This one without the other.
    pub fn minus(&self, other: &Self) -> Result<Self, Overflow> {
        self.combine(Sign::Minus, other)
    }

    /// The sum of everything.
    pub fn totals(&self) -> Result<Totals, Overflow> {
        let Balance { available, pending, held } = self.points;
        let points = available.checked_add(pending).and_then(|sum| sum.checked_add(held));
        let points = points.ok_or(Overflow)?;
        Ok(Totals { points, credit: self.credit.clone(), tickets: self.tickets.clone() })
    }

    /// Adds what was posted to one of the member's accounts; what was posted to others is not theirs.
    fn put(&mut self, asset: &Asset, account: LedgerAccount, amount: i64) -> Result<(), Overflow> {
        let points = match account {
            LedgerAccount::Available => &mut self.points.available,
            LedgerAccount::Pending => &mut self.points.pending,
            LedgerAccount::Held => &mut self.points.held,
            LedgerAccount::Issued
            | LedgerAccount::Redeemed
            | LedgerAccount::Expired
            | LedgerAccount::Forgiven
            | LedgerAccount::Adjusted => return Ok(()),
        };
        match asset {
            Asset::Points => *points = sum(*points, Sign::Plus, amount)?,
            Asset::Credit(currency) => put(&mut self.credit.0, currency, Sign::Plus, amount)?,
            Asset::Tickets(of) => put(&mut self.tickets, of, Sign::Plus, amount)?,
        }
        Ok(())
    }

    fn combine(&self, sign: Sign, other: &Self) -> Result<Self, Overflow> {
        let mut both = self.clone();
        let (points, more) = (&mut both.points, other.points);
        points.available = sum(points.available, sign, more.available)?;
        points.pending = sum(points.pending, sign, more.pending)?;
        points.held = sum(points.held, sign, more.held)?;
        for (currency, minor) in &other.credit.0 {
            put(&mut both.credit.0, currency, sign, *minor)?;
        }
        for (of, tickets) in &other.tickets {
            put(&mut both.tickets, of, sign, *tickets)?;
        }
        Ok(both)
    }
}

impl Totals {
    /// Takes what was posted to an account that is not the member's: what it got, the member lost.
    pub(super) fn take(&mut self, asset: &Asset, amount: i64) -> Result<(), Overflow> {
        match asset {
            Asset::Points => self.points = sum(self.points, Sign::Minus, amount)?,
            Asset::Credit(currency) => put(&mut self.credit.0, currency, Sign::Minus, amount)?,
            Asset::Tickets(of) => put(&mut self.tickets, of, Sign::Minus, amount)?,
        }
        Ok(())
    }

    /// Both together.
    pub fn plus(&self, other: &Self) -> Result<Self, Overflow> {
        let mut both = self.clone();
        both.points = sum(both.points, Sign::Plus, other.points)?;
        for (currency, minor) in &other.credit.0 {
            put(&mut both.credit.0, currency, Sign::Plus, *minor)?;
        }
        for (of, tickets) in &other.tickets {
            put(&mut both.tickets, of, Sign::Plus, *tickets)?;
        }
        Ok(both)
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
