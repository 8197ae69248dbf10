//! Plays of instant wins: what they are decided by is read, and what they take is claimed with their entry.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use guerdon_domain::{
    draw::hash::Hash,
    event::Event,
    id::MemberId,
    play::{self, Brought, Play, check::Game},
    programme::{InstantWin, Versions, Wins},
};
use jiff::Timestamp;

use crate::{
    Ledger, PostError, Posted, Request, StoreError,
    items::{CounterItem, Item, MomentItem, from_item},
    keys::{Key, moments_partition},
    ledger::{ATTEMPTS_MAX, Begun},
};

impl Ledger {
    /// Plays an instant win. `random` is called for the codes of a prize.
    ///
    /// Two round trips for a play that loses: what was played before is read with the account, then one transaction.
    pub async fn play(
        &self,
        member: &MemberId,
        versions: &Versions,
        request: &Request,
        play: &Play,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<Posted, PostError> {
        let seed = play::seed(self.chance()?, &play.game);
        // Whatever version it is decided under: none changes a game.
        let game = versions.instant_win(&play.game);
        for attempt in 0..ATTEMPTS_MAX {
            let standing = async { Ok(self.standing(game, &seed, play).await?) };
            // Boxed, or the futures that stand in each other grow too large for the stack.
            let account = Box::pin(self.begin(attempt, request, member, versions, now));
            let (account, mut brought) = tokio::try_join!(account, standing)?;
            let loaded = match account {
                Begun::Answered(posted) => return Ok(posted),
                Begun::Open(loaded) => loaded,
            };
            // When it will be decided.
            let at = now.max(loaded.account.settled_to);
            if let Some(game) = game {
                self.bring_prize(game, play, &mut brought, at, random).await?;
            }
            let decided = play::decide(&loaded.account, versions, play, &brought, now);
            if let Some(posted) = self.end(versions, &loaded, decided, request, now).await? {
                return Ok(posted);
            }
            if let Some(game) = game {
                let (_, prize) = play::outcome(game, play, &brought, at);
                let sources = play::codes_needed(prize.map(|(_, prize)| prize));
                self.strike_given(&sources, &brought.codes).await?;
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX }.into())
    }

    /// Plays what an event sets off, which has been posted; what each play came to. A member who may not play does not, and the
    /// event stands.
    ///
    /// Whoever breaks off between the event and its plays asks again for both: each has happened, or happens now.
    pub async fn set_off(
        &self,
        versions: &Versions,
        event: &Event,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<Vec<(MemberId, Posted)>, PostError> {
        let mut played = Vec::new();
        for (member, play) in play::set_off(versions, event) {
            let request = Request { operation: play.operation.clone(), digest: play.game.clone() };
            match self.play(&member, versions, &request, &play, now, random).await {
                Ok(posted) => played.push((member, posted)),
                Err(PostError::Refused(refusal)) => {
                    tracing::debug!(rule = refusal.rule, reason = refusal.reason.code(), "no play");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(played)
    }

    /// What a play is decided by, as far as it is needed before it is known whether it wins.
    async fn standing(
        &self,
        game: Option<&InstantWin>,
        seed: &Hash,
        play: &Play,
    ) -> Result<Brought, StoreError> {
        let mut brought = Brought { seed: *seed, before: 0, left: Vec::new(), codes: Vec::new() };
        let Some(game) = game else { return Ok(brought) };
        let before = async {
            match game.wins {
                Wins::Every { .. } => {
                    self.count(&game.id, play::counter(seed, game, &play.operation)).await
                }
                Wins::Moments { .. } => self.moments_taken(&game.id).await,
                Wins::Chance { .. } => Ok(0),
            }
        };
        let left =
            async { if game.has_an_end() { self.prizes_left(game).await } else { Ok(Vec::new()) } };
        (brought.before, brought.left) = tokio::try_join!(before, left)?;
        Ok(brought)
    }

    /// Brings what a winning play takes: what is left of the prizes, and codes. A prize whose pool has no code left is gone like
    /// one whose stock is.
    async fn bring_prize(
        &self,
        game: &InstantWin,
        play: &Play,
        brought: &mut Brought,
        at: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<(), StoreError> {
        let (wins, _) = play::outcome(game, play, brought, at);
        if wins && brought.left.is_empty() {
            brought.left = self.prizes_left(game).await?;
        }
        while let (_, Some((index, prize))) = play::outcome(game, play, brought, at) {
            brought.codes = self.codes(&play::codes_needed(Some(prize)), random).await?;
            let Some(left) =
                brought.left.get_mut(index).filter(|_| brought.codes.iter().any(Option::is_none))
            else {
                break;
            };
            *left = Some(0);
        }
        Ok(())
    }

    /// Pieces left of each prize, in the order of the file; `None` for one without a stock.
    async fn prizes_left(&self, game: &InstantWin) -> Result<Vec<Option<i64>>, StoreError> {
        let left = game.prizes.iter().map(|prize| async move {
            let Some(stock) = prize.stock else { return Ok(None) };
            let taken = self.stock_taken(&game.stock_name(prize)).await?;
            Ok(Some(stock.saturating_sub(taken)))
        });
        try_join_all(left).await
    }

    /// Plays that a counter has accepted.
    async fn count(&self, game: &str, counter: u64) -> Result<u64, StoreError> {
        let key = Key::counter(game, counter);
        let item: Option<CounterItem> = self.get_from(&self.tables.raffle, &key).await?;
        Ok(item.map_or(0, |item| item.plays))
    }

    /// How many moments of a game are taken: they are taken in their order.
    async fn moments_taken(&self, game: &str) -> Result<u64, StoreError> {
        let last = self.moments_query(game).scan_index_forward(false).limit(1).send().await;
        let last = last.map_err(|error| StoreError::call("Query", error))?;
        let Some(item) = last.items.unwrap_or_default().pop() else { return Ok(0) };
        from_item::<MomentItem>(item)?.moment()
    }

    fn moments_query(
        &self,
        game: &str,
    ) -> aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.tables.raffle)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(moments_partition(game)))
    }

    /// What is public of a game: its seed, and who won when, only after its end.
    pub async fn game(&self, game: &InstantWin, now: Timestamp) -> Result<Game, StoreError> {
        let seed = play::seed(self.chance()?, &game.id);
        let shown = Game::new(game, &seed, &self.prizes_left(game).await?);
        if now < game.reveals() {
            return Ok(shown);
        }
        let counters = match game.wins {
            Wins::Every { counters, .. } => counters,
            Wins::Chance { .. } | Wins::Moments { .. } => 0,
        };
        let counters =
            try_join_all((0..counters).map(|counter| self.count(&game.id, counter))).await?;
        let mut taken = Vec::new();
        let mut pages = self.moments_query(&game.id).into_paginator().items().send();
        while let Some(item) = pages.next().await {
            let item: Item = item.map_err(|error| StoreError::call("Query", error))?;
            taken.push(from_item::<MomentItem>(item)?.taken()?);
        }
        Ok(shown.over(&seed, counters, &taken))
    }
}
