//! Redemptions: a reward's price, its stock and its codes, taken together or not at all.

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::{
    draw::hash::Hash,
    id::{MemberId, Operation},
    mystery,
    programme::{Codes, Grant, Outcome, Reward, Versions},
    redeem::{self, Drawn, Redeem},
};
use jiff::Timestamp;

use crate::{
    Ledger, PostError, Posted, Request, StoreError,
    items::{CodeItem, GrantItem, GrantRecord, from_item, to_item},
    keys::{GRANT_PREFIX, Key, member_partition, pool_partition},
    ledger::{ATTEMPTS_MAX, Begun},
};

/// Free codes looked at in a pool, from which each redemption picks by chance so that racing ones seldom collide.
const CODES_CONSIDERED: i32 = 50;

impl Ledger {
    /// Redeems a reward. `random` is called for each fresh code, and to pick among free ones.
    pub async fn redeem(
        &self,
        member: &MemberId,
        versions: &Versions,
        request: &Request,
        reward: &str,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<Posted, PostError> {
        for attempt in 0..ATTEMPTS_MAX {
            let loaded = match self.begin(attempt, request, member, versions, now).await? {
                Begun::Answered(posted) => return Ok(posted),
                Begun::Open(loaded) => loaded,
            };
            // What is brought is of the version that the decision will be made under.
            let at = now.max(loaded.account.settled_to);
            let redeem = self.bring(versions, &request.operation, reward, at, random).await?;
            let decided = redeem::decide(&loaded.account, versions, &redeem, now);
            if let Some(posted) = self.end(versions, &loaded, decided, request, now).await? {
                return Ok(posted);
            }
            let sources = redeem::codes_needed(versions, reward, &redeem.drawn, at);
            self.strike_given(&sources, &redeem.codes).await?;
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX }.into())
    }

    /// A code for each voucher: fresh, or one free in its pool; `None` where a pool has none left.
    pub(crate) async fn codes(
        &self,
        sources: &[&Codes],
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<Vec<Option<String>>, StoreError> {
        let mut codes = Vec::with_capacity(sources.len());
        for source in sources {
            codes.push(match source {
                Codes::Generated => Some(code(random)),
                Codes::Pool(pool) => self.free_code(pool, &codes, random).await?,
            });
        }
        Ok(codes)
    }

    /// What a redemption takes: what is left of a mystery gift's outcomes, and codes. An outcome whose pool has no code left is
    /// gone like one whose stock is.
    async fn bring(
        &self,
        versions: &Versions,
        operation: &Operation,
        reward: &str,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<Redeem, StoreError> {
        let wanted = versions.at(now).programme.reward(reward);
        let mystery = wanted.and_then(Reward::mystery);
        let mut drawn = Drawn { seed: Hash([0; 32]), left: Vec::new() };
        if let Some(mystery) = mystery {
            drawn.seed = mystery::seed(self.chance()?, operation);
            for outcome in &mystery.outcomes {
                drawn.left.push(self.left(reward, outcome).await?);
            }
        }
        loop {
            let sources = redeem::codes_needed(versions, reward, &drawn, now);
            let codes = self.codes(&sources, random).await?;
            let chosen = wanted.and_then(|reward| redeem::outcome(reward, &drawn));
            let gone = chosen.and_then(|(_, outcome, decided)| {
                let vouchers = outcome.gives.iter();
                let vouchers = vouchers.filter(|grant| matches!(grant, Grant::Voucher(_))).count();
                let lacks = codes.iter().rev().take(vouchers).any(Option::is_none);
                decided.index().filter(|_| lacks)
            });
            let Some(left) = gone.and_then(|index| drawn.left.get_mut(index)) else {
                let (operation, reward) = (operation.clone(), reward.to_owned());
                return Ok(Redeem { operation, reward, codes, drawn });
            };
            *left = Some(0);
        }
    }

    /// Pieces left of an outcome; `None` if it has no stock.
    async fn left(&self, reward: &str, outcome: &Outcome) -> Result<Option<i64>, StoreError> {
        let Some(stock) = outcome.stock else { return Ok(None) };
        let taken = self.stock_taken(&outcome.stock_name(reward)).await?;
        Ok(Some(stock.saturating_sub(taken)))
    }

    /// After a lost race: takes out of their pools the codes that turn out to be given, so that the next attempt meets others.
    pub(crate) async fn strike_given(
        &self,
        sources: &[&Codes],
        codes: &[Option<String>],
    ) -> Result<(), StoreError> {
        let table = &self.tables.programme;
        for (source, code) in sources.iter().zip(codes) {
            let (Codes::Pool(pool), Some(code)) = (source, code) else { continue };
            let known: Option<CodeItem> = self.get_from(table, &Key::code(code)).await?;
            if known.is_some_and(|code| code.in_pool.is_none()) {
                let key = to_item(&Key::free_code(pool, code))?;
                let delete = self.client.delete_item().table_name(table).set_key(Some(key));
                delete.send().await.map_err(|error| StoreError::call("DeleteItem", error))?;
            }
        }
        Ok(())
    }

    /// A free code of a pool that is not among `chosen`; `None` if the pool has none left.
    async fn free_code(
        &self,
        pool: &str,
        chosen: &[Option<String>],
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<Option<String>, StoreError> {
        let page = self
            .client
            .query()
            .table_name(&self.tables.programme)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(pool_partition(pool)))
            .projection_expression("sk")
            .limit(CODES_CONSIDERED)
            .send()
            .await
            .map_err(|error| StoreError::call("Query", error))?;
        let code =
            |item: &crate::items::Item| item.get("sk").and_then(|sk| sk.as_s().ok()).cloned();
        let free: Vec<String> = page
            .items()
            .iter()
            .filter_map(code)
            .filter(|code| !chosen.contains(&Some(code.clone())))
            .collect();
        let count = u64::try_from(free.len()).unwrap_or(0);
        let Some(index) = random().checked_rem(count) else { return Ok(None) };
        Ok(free.into_iter().nth(usize::try_from(index).unwrap_or(0)))
    }

    /// What a member was given, newest first.
    pub async fn grants(&self, member: &MemberId) -> Result<Vec<GrantRecord>, StoreError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.tables.ledger)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND begins_with(sk, :grant)")
            .expression_attribute_values(":pk", AttributeValue::S(member_partition(member)))
            .expression_attribute_values(":grant", AttributeValue::S(GRANT_PREFIX.to_owned()))
            .scan_index_forward(false)
            .into_paginator()
            .items()
            .send();
        let mut grants = Vec::new();
        while let Some(item) = pages.next().await {
            let item = item.map_err(|error| StoreError::call("Query", error))?;
            grants.push(from_item::<GrantItem>(item)?.into_record()?);
        }
        Ok(grants)
    }
}

/// A fresh voucher code: 80 bits of randomness as 16 letters and digits that cannot be mistaken for each other.
fn code(random: &dyn Fn() -> u64) -> String {
    const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let symbol = |bits: u64, place: u32| {
        let index = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
        char::from(CROCKFORD[index])
    };
    let (high, low) = (random(), random());
    (0..8).map(|place| symbol(high, place)).chain((0..8).map(|place| symbol(low, place))).collect()
}
