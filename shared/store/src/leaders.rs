//! The leaderboard: ranking those who agreed to be on it, and showing the best.
//!
//! What is kept of a ranking is who and how much, not their names: these are read when it is shown, so that whoever has withdrawn, or
//! was erased, is gone at once.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::{
    id::MemberId,
    leaders::{Standing, best},
    programme::Programme,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    Ledger, StoreError,
    commit::{NOT_NEWER, sent},
    items::{LeaderItem, LeadersItem, ProfileItem, QualifyingItem, from_item, to_item},
    keys::{Key, LEADER_SHARDS, leaders_partition},
};

/// How long a ranking is shown before the next.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Members ranked at a time: as many accounts as one call reads.
const PAGE: i32 = 100;

/// A member who is shown on the leaderboard.
#[derive(Clone, PartialEq, Eq)]
pub struct Leader {
    /// Who.
    pub member: MemberId,
    /// What they want to be called, as they wrote it: it is cleaned where it is shown.
    pub nickname: String,
    /// Qualifying points of this year, when it was ranked last.
    pub points: i64,
}

impl std::fmt::Debug for Leader {
    /// Without the nickname, which is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.member, self.points)
    }
}

/// What a ranking came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranking {
    /// So many members were ranked.
    Done(u64),
    /// The last one is not an hour old.
    Recent,
    /// It was told to stop; the last one stands.
    Stopped,
}

impl Ledger {
    /// The best of this year, the first of them first, at most [`guerdon_domain::leaders::LEADERS_MAX`].
    pub async fn leaders(
        &self,
        programme: &Programme,
        now: Timestamp,
    ) -> Result<Vec<Leader>, StoreError> {
        let board: Option<LeadersItem> = self.get(&Key::leaders()).await?;
        let this_year = |board: &LeadersItem| board.year == programme.time_zone.year(now);
        let board = board.filter(this_year).map(LeadersItem::into_best).unwrap_or_default();
        let keys: Vec<Key> = board.iter().map(|one| Key::profile(&one.member)).collect();
        let mut nicknames = BTreeMap::new();
        for item in self.get_each::<ProfileItem>(&keys, |how| how.consistent_read(true)).await? {
            if let Some(nickname) = item.profile.on_leaderboard() {
                nicknames.insert(item.member()?, nickname.to_owned());
            }
        }
        let shown = board.into_iter().filter_map(|Standing { member, points }| {
            let nickname = nicknames.remove(&member)?;
            Some(Leader { member, nickname, points })
        });
        Ok(shown.collect())
    }

    /// Ranks the members who are on the leaderboard, unless that was done within the hour. `stop` says when to give up.
    pub async fn rank_leaders(
        &self,
        programme: &Programme,
        now: Timestamp,
        stop: impl Fn() -> bool,
    ) -> Result<Ranking, StoreError> {
        let year = programme.time_zone.year(now);
        let board: Option<LeadersItem> = self.get(&Key::leaders()).await?;
        if let Some(board) = board
            && board.year == year
            && now.duration_since(board.ranked_at()?) < EVERY
        {
            return Ok(Ranking::Recent);
        }
        let (mut ahead, mut members) = (Vec::new(), 0_u64);
        for shard in 0..LEADER_SHARDS {
            let rows = self.client.query().table_name(&self.tables.ledger).limit(PAGE);
            let rows = rows
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", AttributeValue::S(leaders_partition(shard)));
            let mut pages = rows.into_paginator().send();
            while let Some(page) = pages.next().await {
                if stop() {
                    return Ok(Ranking::Stopped);
                }
                let page = page.map_err(|error| StoreError::call("Query", error))?;
                let row = |item| {
                    from_item::<LeaderItem>(item)?.into_member().map(|member| Key::account(&member))
                };
                let rows: Vec<Key> = page
                    .items
                    .unwrap_or_default()
                    .into_iter()
                    .map(row)
                    .collect::<Result<_, _>>()?;
                members = members.saturating_add(rows.len().try_into().unwrap_or(u64::MAX));
                let accounts = self
                    .get_each::<QualifyingItem>(&rows, |how| {
                        how.projection_expression(QualifyingItem::ATTRIBUTES)
                    })
                    .await?;
                let page: Vec<Standing> = accounts
                    .into_iter()
                    .map(|account| account.standing(year))
                    .collect::<Result<_, _>>()?;
                ahead = best(ahead.into_iter().chain(page), year);
            }
        }
        let ranked_at = AttributeValue::N(now.as_millisecond().to_string());
        let board = to_item(&LeadersItem::new(year, ahead, now))?;
        let put = self.client.put_item().table_name(&self.tables.ledger).set_item(Some(board));
        let put = put.condition_expression(NOT_NEWER);
        // Another ranking that is newer is as good.
        let _written = sent(put.expression_attribute_values(":ranked_at", ranked_at)).await?;
        Ok(Ranking::Done(members))
    }
}
