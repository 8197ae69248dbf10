//! A whole ledger in memory: what the store does in DynamoDB, without one. Scenarios and the laws' tests run on it.

mod auctions;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::{
    account::{Account, Overflow},
    adjust::{self, Adjust},
    auction::board::Board,
    decision::{Claim, Decision},
    draw::hash::Hash,
    earn,
    entry::{Entry, Reason},
    event::{MemberEvent, OrderEvent},
    id::{ChanceId, HoldId, MemberId, Operation, OrderId},
    mystery,
    order::OrderState,
    pay::{self, Capture, PlaceHold},
    play::{self, Brought, Play},
    programme::{Codes, Outcome, Versions, Wins},
    raffle::{self, Enter},
    redeem::{self, Drawn, Redeem},
    rejection::{Refusal, Rejection, RuleError},
    settle,
};

/// A ledger in memory.
#[derive(Debug, Clone)]
pub struct Book {
    /// The programme's versions.
    pub versions: Versions,
    /// Accounts by member.
    pub accounts: BTreeMap<MemberId, Account>,
    /// All entries, by member, in order.
    pub entries: BTreeMap<MemberId, Vec<Entry>>,
    /// What is known of each order.
    pub orders: BTreeMap<OrderId, OrderState>,
    /// Pieces of each reward taken, of each outcome of a mystery gift ("reward/outcome"), of each prize ("play:game/prize").
    pub stock_taken: BTreeMap<String, i64>,
    /// Free codes of each pool.
    pub pools: BTreeMap<String, BTreeSet<String>>,
    /// Tickets of each member in each raffle.
    pub entrants: BTreeMap<ChanceId, BTreeMap<MemberId, i64>>,
    /// Plays accepted by each counter of each instant win.
    pub counters: BTreeMap<(String, u64), u64>,
    /// When each winning moment of each instant win was taken.
    pub moments: BTreeMap<String, Vec<Timestamp>>,
    /// The board of each auction that was bid in, or is over.
    pub boards: BTreeMap<String, Board>,
    operations: BTreeMap<Operation, (MemberId, String)>,
    /// Events that gave nothing, and why: final too.
    noted: BTreeMap<Operation, Vec<Reason>>,
}

/// What an operation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These entries, now or when it was first asked for.
    Entries(Vec<Entry>),
    /// Nothing moved, and why rules gave nothing.
    Nothing(Vec<Reason>),
}

/// Why an operation was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// The rules said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The operation's name was used with other content.
    #[error("the idempotency key was used for a different request")]
    KeyReused,
    /// A rule could not be evaluated: the event would be parked.
    #[error(transparent)]
    Parked(#[from] RuleError),
    /// A number left the range of the ledger.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Book {
    /// An empty ledger under some versions of a programme.
    pub fn new(versions: Versions) -> Self {
        Self {
            versions,
            accounts: BTreeMap::new(),
            entries: BTreeMap::new(),
            orders: BTreeMap::new(),
            stock_taken: BTreeMap::new(),
            pools: BTreeMap::new(),
            entrants: BTreeMap::new(),
            counters: BTreeMap::new(),
            moments: BTreeMap::new(),
            boards: BTreeMap::new(),
            operations: BTreeMap::new(),
            noted: BTreeMap::new(),
        }
    }

    /// A member's account as last written; an empty one if there is none.
    pub fn account(&self, member: &MemberId) -> Account {
        self.accounts.get(member).cloned().unwrap_or_else(|| Account::new(member.clone()))
    }

    /// News of an order.
    pub fn order(&mut self, event: &OrderEvent, now: Timestamp) -> Result<Answer, BookError> {
        let state = self.orders.get(&event.order).cloned().unwrap_or_default();
        let Some(member) = earn::member_of(&state, event).cloned() else {
            let noted = earn::note(&state, event);
            let reasons = noted.into_iter().map(|(state, reason)| {
                self.orders.insert(event.order.clone(), state);
                reason
            });
            return Ok(Answer::Nothing(reasons.collect()));
        };
        match earn::order(&self.account(&member), &self.versions, &state, event, now)? {
            earn::Outcome::Unchanged => Ok(Answer::Nothing(Vec::new())),
            earn::Outcome::Noted(state, reasons) => {
                self.orders.insert(event.order.clone(), *state);
                Ok(Answer::Nothing(reasons))
            }
            earn::Outcome::Posted(decision) => {
                let operation = Operation::order(&event.order);
                let entries = decision.of(&operation).cloned().collect();
                self.apply(*decision);
                Ok(Answer::Entries(entries))
            }
        }
    }

    /// An event that is not an order.
    pub fn event(&mut self, event: &MemberEvent, now: Timestamp) -> Result<Answer, BookError> {
        let operation = earn::operation(event);
        if let Some(reasons) = self.noted.get(&operation) {
            return Ok(Answer::Nothing(reasons.clone()));
        }
        let digest = String::new();
        if let Some(answer) = self.done(&operation, &digest)? {
            return Ok(answer);
        }
        match earn::event(&self.account(&event.member), &self.versions, &operation, event, now)? {
            earn::EventOutcome::Nothing(reasons) => {
                self.noted.insert(operation, reasons.clone());
                Ok(Answer::Nothing(reasons))
            }
            earn::EventOutcome::Posted(decision) => Ok(self.post(&operation, digest, *decision)),
        }
    }

    /// A redemption; the codes of `redeem` are filled in here where they come from a pool.
    pub fn redeem(
        &mut self,
        member: &MemberId,
        redeem: &Redeem,
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let digest = format!("redeem {}", redeem.reward);
        if let Some(answer) = self.done(&redeem.operation, &digest)? {
            return Ok(answer);
        }
        let drawn = self.drawn(redeem, now);
        let needed = redeem::codes_needed(&self.versions, &redeem.reward, &drawn, now);
        let codes = self.codes(&needed, &redeem.codes);
        let redeem = Redeem { codes, drawn, ..redeem.clone() };
        let decision = redeem::decide(&self.account(member), &self.versions, &redeem, now)?;
        self.claim(&decision.claims).map_err(|reason| {
            reason.by(format!("reward {}", redeem.reward), self.versions.at(now).version)
        })?;
        Ok(self.post(&redeem.operation, digest, decision))
    }

    /// A code for each voucher: one of `fresh`, in order, or one free in its pool.
    fn codes(&self, needed: &[&Codes], fresh: &[Option<String>]) -> Vec<Option<String>> {
        let mut offered: BTreeSet<&String> = BTreeSet::new();
        let code = |(index, source): (usize, &&Codes)| match source {
            Codes::Generated => fresh.get(index).cloned().flatten(),
            Codes::Pool(pool) => {
                let mut free = self.pools.get(pool).into_iter().flatten();
                free.find(|code| offered.insert(code)).cloned()
            }
        };
        needed.iter().enumerate().map(code).collect()
    }

    /// A play of an instant win; `fresh` are codes for the vouchers of its prize.
    pub fn play(
        &mut self,
        member: &MemberId,
        request: &Play,
        (seed, fresh): (Hash, &[Option<String>]),
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let digest = format!("play {} {:?}", request.game, request.paid);
        if let Some(answer) = self.done(&request.operation, &digest)? {
            return Ok(answer);
        }
        let account = self.account(member);
        let at = now.max(account.settled_to);
        let mut brought = Brought { seed, before: 0, left: Vec::new(), codes: Vec::new() };
        if let Some(game) = self.versions.at(at).programme.instant_win(&request.game) {
            brought.before = match game.wins {
                Wins::Every { .. } => {
                    let counter = play::counter(&seed, game, &request.operation);
                    self.counters.get(&(game.id.clone(), counter)).copied().unwrap_or(0)
                }
                Wins::Moments { .. } => {
                    let taken = self.moments.get(&game.id).map_or(0, Vec::len);
                    u64::try_from(taken).unwrap_or(u64::MAX)
                }
                Wins::Chance { .. } => 0,
            };
            brought.left = self.left(&game.prizes, |prize| game.stock_name(prize));
            let (_, prize) = play::outcome(game, request, &brought, at);
            brought.codes = self.codes(&play::codes_needed(prize.map(|(_, prize)| prize)), fresh);
        }
        let decision = play::decide(&account, &self.versions, request, &brought, now)?;
        let version = self.versions.at(now).version;
        self.claim(&decision.claims)
            .map_err(|reason| reason.by(play::rule(&request.game), version))?;
        Ok(self.post(&request.operation, digest, decision))
    }

    /// Entries of a raffle.
    pub fn enter(
        &mut self,
        member: &MemberId,
        request: &Enter,
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let digest = format!("{request:?}");
        if let Some(answer) = self.done(&request.operation, &digest)? {
            return Ok(answer);
        }
        let decision = raffle::enter(&self.account(member), &self.versions, request, now)?;
        Ok(self.post(&request.operation, digest, decision))
    }

    /// What is left of the outcomes of a mystery gift.
    fn drawn(&self, redeem: &Redeem, now: Timestamp) -> Drawn {
        let mut drawn = Drawn { seed: redeem.drawn.seed, left: Vec::new() };
        let programme = &self.versions.at(now).programme;
        let Some(reward) = programme.reward(&redeem.reward) else { return drawn };
        if let Some(mystery) = reward.mystery() {
            drawn.left = self.left(&mystery.outcomes, |outcome| outcome.stock_name(&reward.id));
        }
        drawn
    }

    /// What is left of some outcomes. One whose codes come from a pool that has none left is gone.
    fn left(
        &self,
        outcomes: &[Outcome],
        stock_name: impl Fn(&Outcome) -> String,
    ) -> Vec<Option<i64>> {
        let left = outcomes.iter().map(|outcome| {
            let taken = self.stock_taken.get(&stock_name(outcome)).copied();
            let left = outcome.stock.map(|stock| stock.saturating_sub(taken.unwrap_or(0)));
            let empty = redeem::pools(&outcome.gives)
                .any(|(pool, needed)| self.pools.get(pool).map_or(0, BTreeSet::len) < needed);
            if empty { Some(0) } else { left }
        });
        left.collect()
    }

    /// Opens a mystery gift.
    pub fn open(
        &mut self,
        member: &MemberId,
        operation: &Operation,
        grant: u64,
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let digest = format!("open {grant}");
        if let Some(answer) = self.done(operation, &digest)? {
            return Ok(answer);
        }
        let decision = mystery::open(&self.account(member), &self.versions, operation, grant, now)?;
        Ok(self.post(operation, digest, decision))
    }

    /// A hold.
    pub fn hold(
        &mut self,
        member: &MemberId,
        request: &PlaceHold,
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let digest = format!("{request:?}");
        if let Some(answer) = self.done(&request.operation, &digest)? {
            return Ok(answer);
        }
        let decision = pay::hold(&self.account(member), &self.versions, request, now)?;
        Ok(self.post(&request.operation, digest, decision))
    }

    /// A capture.
    pub fn capture(
        &mut self,
        member: &MemberId,
        request: &Capture,
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let digest = format!("{request:?}");
        if let Some(answer) = self.done(&request.operation, &digest)? {
            return Ok(answer);
        }
        let account = self.account(member);
        let order = pay::order_of(&account, request).and_then(|order| self.orders.get(&order));
        let decision = pay::capture(&account, &self.versions, order, request, now)?;
        Ok(self.post(&request.operation, digest, decision))
    }

    /// A release.
    pub fn release(
        &mut self,
        member: &MemberId,
        operation: &Operation,
        hold: &HoldId,
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let digest = format!("release {hold}");
        if let Some(answer) = self.done(operation, &digest)? {
            return Ok(answer);
        }
        let decision = pay::release(&self.account(member), &self.versions, operation, hold, now)?;
        Ok(self.post(operation, digest, decision))
    }

    /// An adjustment.
    pub fn adjust(
        &mut self,
        member: &MemberId,
        request: &Adjust,
        now: Timestamp,
    ) -> Result<Answer, BookError> {
        let digest = format!("{request:?}");
        if let Some(answer) = self.done(&request.operation, &digest)? {
            return Ok(answer);
        }
        let decision = adjust::decide(&self.account(member), &self.versions, request, now)?;
        Ok(self.post(&request.operation, digest, decision))
    }

    /// Settles every account.
    pub fn settle(&mut self, now: Timestamp) -> Result<(), BookError> {
        let members: Vec<MemberId> = self.accounts.keys().cloned().collect();
        for member in members {
            if let Some(decision) = settle::settle(&self.account(&member), &self.versions, now)? {
                self.apply(decision);
            }
        }
        Ok(())
    }

    fn done(&self, operation: &Operation, digest: &str) -> Result<Option<Answer>, BookError> {
        let Some((member, first)) = self.operations.get(operation) else { return Ok(None) };
        if first != digest {
            return Err(BookError::KeyReused);
        }
        let entries = self.entries.get(member).into_iter().flatten();
        Ok(Some(Answer::Entries(
            entries.filter(|entry| entry.operation == *operation).cloned().collect(),
        )))
    }

    fn claim(&mut self, claims: &[Claim]) -> Result<(), Rejection> {
        for claim in claims {
            if let Claim::Stock { reward, stock } = claim
                && self.stock_taken.get(reward).is_some_and(|taken| taken >= stock)
            {
                return Err(Rejection::OutOfStock { stock: *stock });
            }
        }
        for claim in claims {
            match claim {
                Claim::Stock { reward: name, .. } | Claim::Outcome { name, .. } => {
                    let taken = self.stock_taken.entry(name.clone()).or_default();
                    *taken = taken.saturating_add(1);
                }
                Claim::Code { pool: Some(pool), code } => {
                    self.pools.entry(pool.clone()).or_default().remove(code);
                }
                Claim::Number { game, counter, number } => {
                    self.counters.insert((game.clone(), *counter), *number);
                }
                Claim::Moment { game, at, .. } => {
                    self.moments.entry(game.clone()).or_default().push(*at);
                }
                Claim::Board { auction, board } => {
                    self.boards.insert(auction.clone(), (**board).clone());
                }
                Claim::Code { pool: None, .. } | Claim::Entrant { .. } | Claim::Bid { .. } => {}
            }
        }
        Ok(())
    }

    fn post(&mut self, operation: &Operation, digest: String, decision: Decision) -> Answer {
        let entries = decision.of(operation).cloned().collect();
        self.operations.insert(operation.clone(), (decision.account.member.clone(), digest));
        self.apply(decision);
        Answer::Entries(entries)
    }

    fn apply(&mut self, decision: Decision) {
        let member = decision.account.member.clone();
        for claim in &decision.claims {
            if let Claim::Entrant { raffle, tickets } = claim {
                let list = self.entrants.entry(raffle.clone()).or_default();
                list.insert(member.clone(), *tickets);
            }
        }
        self.entries.entry(member.clone()).or_default().extend(decision.entries);
        self.accounts.insert(member, decision.account);
        if let Some((order, state)) = decision.order {
            self.orders.insert(order, state);
        }
    }
}
