//! Auctions in memory.

use jiff::Timestamp;

use crate::{
    auction::{
        self, PlaceBid,
        board::{Ranking, Standing},
    },
    book::{Answer, Book, BookError},
    draw::list::Entrant,
    id::MemberId,
    programme::Auction,
};

impl Book {
    /// A bid. Whom it outbids is given back what they bid.
    pub fn bid(
        &mut self,
        member: &MemberId,
        request: &PlaceBid,
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let board = self.boards.get(&request.auction).cloned().unwrap_or_default();
        let answer = self.place_bid(member, request, now)?;
        let next = self.boards.get(&request.auction).cloned().unwrap_or_default();
        for outbid in board.outbid(&next) {
            self.end_bid(outbid, &request.auction, &[], now)?;
        }
        Ok(answer)
    }

    /// A bid alone: whom it outbids waits for [`Self::end_bid`].
    pub fn place_bid(
        &mut self,
        member: &MemberId,
        request: &PlaceBid,
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let digest = format!("{request:?}");
        if let Some(answer) = self.done(&request.operation, &digest)? {
            return Ok(answer);
        }
        let board = self.boards.get(&request.auction).cloned().unwrap_or_default();
        let account = self.account(member);
        let decision = auction::place(&account, &self.versions, request, &board, now)?;
        let version = self.versions.at(now).version;
        self.claim(&decision.claims)
            .map_err(|reason| reason.by(auction::rule(&request.auction), version))?;
        Ok(self.post(&request.operation, digest, decision))
    }

    /// Closes the auctions whose time has come, and ends every bid in them.
    pub fn close_auctions(
        &mut self,
        fresh: impl Fn(&str, &MemberId, usize) -> Option<String>,
        now: Timestamp,
    ) -> Result<(), BookError> {
        let over: Vec<Auction> =
            self.versions.auctions().filter(|auction| auction.decides() <= now).cloned().collect();
        for auction in over {
            let board = self.boards.entry(auction.id.clone()).or_default();
            if !board.closed {
                let mut ranking = Ranking::new(auction.places());
                for (member, account) in &self.accounts {
                    if let Some(bid) = account.bids.get(&auction.id) {
                        let entrant = Entrant::of(&[0; 32], member);
                        let (member, points) = (member.clone(), bid.points());
                        ranking.push(entrant, Standing { member, points, at: bid.at });
                    }
                }
                let won = if auction.sealed { ranking.finish() } else { board.bids.clone() };
                *board = board.close(won);
            }
            let members: Vec<MemberId> = self.accounts.keys().cloned().collect();
            for member in members {
                let codes: Vec<_> = (1..=20).map(|n| fresh(&auction.id, &member, n)).collect();
                self.end_bid(&member, &auction.id, &codes, now)?;
            }
        }
        Ok(())
    }

    /// Ends a member's bid, if it has won or lost; `fresh` are codes for the vouchers that a winner is given.
    pub fn end_bid(
        &mut self,
        member: &MemberId,
        id: &str,
        fresh: &[Option<String>],
        now: Timestamp,
    ) -> Result<(), BookError> {
        let board = self.boards.get(id).cloned().unwrap_or_default();
        let Some(auction) = self.versions.auction(id) else { return Ok(()) };
        let codes = self.codes(&auction::codes_needed(auction), fresh);
        let account = self.account(member);
        let ended = auction::end(&account, &self.versions, (auction, &board), &codes, now)?;
        let Some(decision) = ended else { return Ok(()) };
        let version = self.versions.at(now).version;
        self.claim(&decision.claims).map_err(|reason| reason.by(auction::rule(id), version))?;
        self.apply(decision);
        Ok(())
    }
}
