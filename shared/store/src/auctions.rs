//! Auctions: bids, the board of those that lead, and the end of each bid.
//!
//! A bid's row is there as long as its points are held, and is written with the account that holds them. So whatever broke off
//! between a bid and the release of the one that it outbid is found by the rows: those that the board does not have.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use guerdon_domain::{
    auction::{
        self, Fate, PlaceBid,
        board::{Board, Ranking, Standing},
    },
    draw::list::Entrant,
    id::MemberId,
    planted::{self, Bug},
    programme::{Auction, Versions},
};
use jiff::Timestamp;

use crate::{
    Ledger, PostError, Posted, Request, StoreError,
    commit::{ABSENT, UNCHANGED, sent},
    items::{BidItem, BoardItem, Item, from_item, to_item},
    keys::{BID_SHARDS, Key, bids_partition},
    ledger::{ATTEMPTS_MAX, Begun, Committed},
};

/// What a sweep of the auctions came to.
#[derive(Debug, Default)]
pub struct Swept {
    /// Bids that were spent or given back.
    pub ended: u64,
    /// Whether it was told to stop; the next one goes on.
    pub stopped: bool,
    /// Bids that could not be ended: the next sweep tries again.
    pub failed: Vec<PostError>,
}

impl Ledger {
    /// Bids in an auction. Whom the bid outbids is given back what they bid; if that fails, the next sweep does it.
    pub async fn bid(
        &self,
        member: &MemberId,
        versions: &Versions,
        request: &Request,
        bid: &PlaceBid,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<Posted, PostError> {
        for attempt in 0..ATTEMPTS_MAX {
            let board = async { Ok(self.board(&bid.auction).await?) };
            let account = Box::pin(self.begin(attempt, request, member, versions, now));
            let (account, board) = tokio::try_join!(account, board)?;
            let loaded = match account {
                Begun::Answered(posted) => return Ok(posted),
                Begun::Open(loaded) => loaded,
            };
            let decided = auction::place(&loaded.account, versions, bid, &board, now);
            let next = decided.as_ref().ok().and_then(auction::next_board).cloned();
            let posted = self.end(versions, &loaded, decided, request, now).await?;
            let Some(posted) = posted else { continue };
            if let (Some(next), Some(auction)) = (next, versions.auction(&bid.auction)) {
                for outbid in board.outbid(&next) {
                    let ended = self.end_bid(outbid, versions, auction, now, random).await;
                    if let Err(error) = ended {
                        tracing::warn!(%error, "a bid that was outbid is given back later");
                    }
                }
            }
            return Ok(posted);
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX }.into())
    }

    /// The board of an auction; an empty one before the first bid.
    pub async fn board(&self, auction: &str) -> Result<Board, StoreError> {
        let item: Option<BoardItem> =
            self.get_from(&self.tables.raffle, &Key::board(auction)).await?;
        item.map_or_else(|| Ok(Board::default()), BoardItem::into_board)
    }

    /// Writes the board of an auction, if nobody wrote it since `before` was read; whether it was written.
    async fn put_board(
        &self,
        auction: &str,
        before: &Board,
        board: &Board,
    ) -> Result<bool, StoreError> {
        let item = to_item(&BoardItem::new(auction, board))?;
        let put = self.client.put_item().table_name(&self.tables.raffle).set_item(Some(item));
        let expected = AttributeValue::N(before.revision.to_string());
        sent(match before.revision {
            0 => put.condition_expression(ABSENT),
            _ => put
                .condition_expression(UNCHANGED)
                .expression_attribute_values(":expected", expected),
        })
        .await
    }

    /// Ends a member's bid, if it has won or lost; whether it did. `random` is called for the codes of what a winner is given.
    pub async fn end_bid(
        &self,
        member: &MemberId,
        versions: &Versions,
        auction: &Auction,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<bool, PostError> {
        for attempt in 0..ATTEMPTS_MAX {
            self.pause(attempt).await;
            let first = planted::is(Bug::ReadBoardFirst);
            let early = if first { Some(self.board(&auction.id).await?) } else { None };
            let loaded = self.load(member).await?;
            let loaded = self.settled(loaded, versions, now).await?;
            // After the account: a bid that leads by now, and did not before, has changed the account as well.
            let board = match early {
                Some(early) => early,
                None => self.board(&auction.id).await?,
            };
            let sources = match auction::fate(auction, &board, member) {
                Fate::Stands => return Ok(false),
                Fate::Won => auction::codes_needed(auction),
                Fate::Lost => Vec::new(),
            };
            let codes = self.codes(&sources, random).await?;
            let account = &loaded.account;
            let Some(decision) = auction::end(account, versions, (auction, &board), &codes, now)?
            else {
                return Ok(false);
            };
            match self.commit(versions, &loaded, &decision, None, now).await? {
                Committed::Done => return Ok(true),
                Committed::LostRace => self.strike_given(&sources, &codes).await?,
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX }.into())
    }

    /// Closes the auctions whose time has come, and ends every bid that has won or lost, until `stop` says so.
    ///
    /// A bid leaves the rows as it ends: a sweep that is cut off is resumed by the next one starting over.
    pub async fn sweep_auctions(
        &self,
        versions: &Versions,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
        stop: impl Fn() -> bool,
    ) -> Result<Swept, StoreError> {
        let mut swept = Swept::default();
        for auction in versions.auctions().filter(|auction| auction.opens <= now) {
            let mut board = self.board(&auction.id).await?;
            let decides = if planted::is(Bug::CloseWithoutGrace) {
                auction.closes
            } else {
                auction.decides()
            };
            if board.settled || now < decides && auction.sealed {
                continue;
            }
            if now >= decides && !board.closed {
                let won =
                    if auction.sealed { self.highest(auction).await? } else { board.bids.clone() };
                let closed = board.close(won);
                if !self.put_board(&auction.id, &board, &closed).await? {
                    // A bid or another sweep came first: the next sweep looks again.
                    continue;
                }
                board = closed;
            }
            let failed = swept.failed.len();
            self.end_bids(versions, (auction, &board), now, random, &stop, &mut swept).await?;
            if swept.stopped {
                break;
            }
            if board.closed && failed == swept.failed.len() {
                let revision = board.revision.saturating_add(1);
                let settled = Board { revision, settled: true, ..board.clone() };
                self.put_board(&auction.id, &board, &settled).await?;
            }
        }
        Ok(swept)
    }

    async fn end_bids(
        &self,
        versions: &Versions,
        (auction, board): (&Auction, &Board),
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
        stop: impl Fn() -> bool,
        swept: &mut Swept,
    ) -> Result<(), StoreError> {
        for shard in 0..BID_SHARDS {
            let mut start = None;
            loop {
                let (bids, next) = self.bids(&auction.id, shard, start).await?;
                for (_, bid) in bids {
                    if auction::fate(auction, board, &bid.member) == Fate::Stands {
                        continue;
                    }
                    if stop() {
                        swept.stopped = true;
                        return Ok(());
                    }
                    match self.end_bid(&bid.member, versions, auction, now, random).await {
                        Ok(true) => swept.ended = swept.ended.saturating_add(1),
                        Ok(false) => {}
                        Err(error) => swept.failed.push(error),
                    }
                }
                start = next;
                if start.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The highest of the bids of a sealed auction. Its shards are read together.
    async fn highest(&self, auction: &Auction) -> Result<Vec<Standing>, StoreError> {
        let shards = (0..BID_SHARDS).map(|shard| async move {
            let mut ranking = Ranking::new(auction.places());
            let mut start = None;
            loop {
                let (bids, next) = self.bids(&auction.id, shard, start).await?;
                for (bidder, bid) in bids {
                    ranking.push(bidder, bid);
                }
                start = next;
                if start.is_none() {
                    return Ok::<_, StoreError>(ranking);
                }
            }
        });
        let mut all = Ranking::new(auction.places());
        try_join_all(shards).await?.into_iter().for_each(|shard| all.merge(shard));
        Ok(all.finish())
    }

    /// Some bids of a shard, and where to go on.
    async fn bids(
        &self,
        auction: &str,
        shard: u8,
        start: Option<Item>,
    ) -> Result<(Vec<(Entrant, Standing)>, Option<Item>), StoreError> {
        let page = self
            .client
            .query()
            .table_name(&self.tables.raffle)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(bids_partition(auction, shard)))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| StoreError::call("Query", error))?;
        let bids = page.items.unwrap_or_default().into_iter();
        let bids =
            bids.map(|item| from_item::<BidItem>(item)?.into_bid()).collect::<Result<_, _>>();
        Ok((bids?, page.last_evaluated_key))
    }

    /// A member's pseudonym in an auction.
    ///
    /// # Errors
    /// If this function was not given the key of chance.
    pub fn bidder(&self, auction: &str, member: &MemberId) -> Result<Entrant, StoreError> {
        Ok(Entrant::of(&self.chance()?.bidders(auction), member))
    }
}
