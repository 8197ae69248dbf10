//! A whole ledger in memory: what the store does in DynamoDB, without one. Scenarios and the laws' tests run on it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::{
    account::{Account, Overflow},
    adjust::{self, Adjust},
    decision::{Claim, Decision},
    earn,
    entry::{Entry, Reason},
    event::{MemberEvent, OrderEvent},
    id::{ChanceId, HoldId, MemberId, Operation, OrderId},
    mystery,
    order::OrderState,
    pay::{self, Capture, PlaceHold},
    programme::{Codes, Versions},
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
    /// Pieces of each reward taken, and of each outcome of a mystery gift, as "reward/outcome".
    pub stock_taken: BTreeMap<String, i64>,
    /// Free codes of each pool.
    pub pools: BTreeMap<String, BTreeSet<String>>,
    /// Tickets of each member in each raffle.
    pub entrants: BTreeMap<ChanceId, BTreeMap<MemberId, i64>>,
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
        let mut offered: BTreeSet<&String> = BTreeSet::new();
        let mut codes = Vec::with_capacity(needed.len());
        for (index, source) in needed.into_iter().enumerate() {
            let code = match source {
                Codes::Generated => redeem.codes.get(index).cloned().flatten(),
                Codes::Pool(pool) => {
                    let free = self
                        .pools
                        .get(pool)
                        .into_iter()
                        .flatten()
                        .find(|code| offered.insert(code));
                    free.cloned()
                }
            };
            codes.push(code);
        }
        let redeem = Redeem { codes, drawn, ..redeem.clone() };
        let decision = redeem::decide(&self.account(member), &self.versions, &redeem, now)?;
        self.claim(&decision.claims).map_err(|reason| {
            reason.by(format!("reward {}", redeem.reward), self.versions.at(now).version)
        })?;
        Ok(self.post(&redeem.operation, digest, decision))
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

    /// What is left of the outcomes of a mystery gift. One whose codes come from a pool that has none left is gone.
    fn drawn(&self, redeem: &Redeem, now: Timestamp) -> Drawn {
        let mut drawn = Drawn { seed: redeem.drawn.seed, left: Vec::new() };
        let programme = &self.versions.at(now).programme;
        let Some(reward) = programme.reward(&redeem.reward) else { return drawn };
        for outcome in reward.mystery().into_iter().flat_map(|mystery| &mystery.outcomes) {
            let taken = self.stock_taken.get(&outcome.stock_name(&reward.id)).copied();
            let left = outcome.stock.map(|stock| stock.saturating_sub(taken.unwrap_or(0)));
            let empty = redeem::pools(&outcome.gives)
                .any(|(pool, needed)| self.pools.get(pool).map_or(0, BTreeSet::len) < needed);
            drawn.left.push(if empty { Some(0) } else { left });
        }
        drawn
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
                Claim::Code { pool: None, .. } | Claim::Entrant { .. } => {}
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
