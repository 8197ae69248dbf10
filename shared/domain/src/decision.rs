//! The journal in which a decision is written: a working copy of the account, and the entries made on it.
//!
//! Every change of a balance goes through `Journal::record`, which checks that the legs sum to zero.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    account::{Account, Asset, Lot, Overflow},
    auction::board::{Board, Standing},
    entry::{Entry, Kind, LedgerAccount, Posting, Reason},
    id::{ChanceId, MemberId, Operation, OrderId},
    mystery,
    order::OrderState,
    programme::Versions,
    settle,
};

/// A decided change, applied as one transaction or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The account's sequence that the decision was made on; another by now means to decide again.
    pub expected: u64,
    /// The account after it.
    pub account: Account,
    /// The entries, in order.
    pub entries: Vec<Entry>,
    /// What is known of an order after it.
    pub order: Option<(OrderId, OrderState)>,
    /// What the decision takes that other members compete for.
    pub claims: Vec<Claim>,
}

impl Decision {
    /// The entries of one operation: its answer.
    pub fn of(&self, operation: &Operation) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.operation == *operation)
    }

    /// The entries of others that follow its first: what it made due, or changed for an order.
    pub fn then(&self, operation: &Operation) -> impl Iterator<Item = &Entry> {
        let since = self.entries.iter().skip_while(|entry| entry.operation != *operation);
        since.filter(move |entry| entry.operation != *operation)
    }
}

/// Something that is taken for one member only, under a condition checked where it is kept (law 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// One piece of a reward's stock.
    Stock {
        /// The reward.
        reward: String,
        /// The stock in the version in force.
        stock: i64,
    },
    /// One piece of what an outcome of a mystery gift, or a prize, has left. If it is gone, the gift or play is decided again.
    Outcome {
        /// What it is counted under ([`crate::programme::Outcome::stock_name`]).
        name: String,
        /// The stock in the version in force.
        stock: i64,
    },
    /// A code: free in the pool, or new when made by Guerdon.
    Code {
        /// The pool; `None` for a generated code.
        pool: Option<String>,
        /// The code.
        code: String,
    },
    /// A number of a game's counter: the next one. If another play has it by then, the play is decided again.
    Number {
        /// The instant win.
        game: String,
        /// The counter, from 0.
        counter: u64,
        /// The number, from 1.
        number: u64,
    },
    /// A winning moment: the first that is not taken. If another play has it by then, the play is decided again.
    Moment {
        /// The instant win.
        game: String,
        /// Its place among the game's moments, from 1.
        moment: u64,
        /// When it was taken.
        at: Timestamp,
    },
    /// The member's bid in an auction, or that it has ended: nobody competes for it, but it has to be right whenever it is read.
    Bid {
        /// The auction.
        auction: String,
        /// The bid; `None` if it has ended.
        bid: Option<Standing>,
    },
    /// The board of an open auction: the next one. If another bid came first, this one is decided again.
    Board {
        /// The auction.
        auction: String,
        /// The board.
        board: Box<Board>,
    },
    /// The member's place on the list of a raffle: nobody competes for it, but it has to be right whenever the list is frozen.
    Entrant {
        /// The raffle.
        raffle: ChanceId,
        /// The member's tickets, all of them; perhaps none any more.
        tickets: i64,
    },
}

/// What a new entry says; the journal adds the rest.
pub(crate) struct Draft {
    pub(crate) operation: Operation,
    pub(crate) index: u32,
    pub(crate) at: Timestamp,
    pub(crate) version: u32,
    pub(crate) kind: Kind,
    pub(crate) reasons: Vec<Reason>,
}

/// The most a member may have of an asset, all balances together: what a JSON number holds exactly.
pub const UNITS_MAX: i64 = (1 << 53) - 1;

/// Whether the ledger can hold so many units, of either sign.
pub fn in_range(units: i64) -> bool {
    units.unsigned_abs() <= UNITS_MAX.unsigned_abs()
}

/// So many legs has an entry that credits or debits one lot.
const LEGS_USUAL: usize = 2;

/// A working copy of an account and the entries made on it.
pub(crate) struct Journal<'a> {
    pub(crate) account: Account,
    pub(crate) versions: &'a Versions,
    pub(crate) now: Timestamp,
    /// The instant at which things happen: now, or the one that is being settled.
    pub(crate) clock: Timestamp,
    expected: u64,
    entries: Vec<Entry>,
    postings: Vec<Posting>,
    /// What the member has other tickets of than before.
    entered: BTreeSet<ChanceId>,
}

impl<'a> Journal<'a> {
    /// Opens the journal and settles what is due. Time never runs backwards for an account.
    pub(crate) fn open(
        account: &Account,
        versions: &'a Versions,
        now: Timestamp,
    ) -> Result<Self, Overflow> {
        let mut journal = Self::unsettled(account, versions, now);
        journal.settle()?;
        Ok(journal)
    }

    /// As [`Journal::open`], but nothing is settled yet.
    pub(crate) fn unsettled(account: &Account, versions: &'a Versions, now: Timestamp) -> Self {
        let now = now.max(account.settled_to);
        Self {
            account: account.clone(),
            versions,
            now,
            clock: now,
            expected: account.sequence,
            entries: Vec::with_capacity(1),
            postings: Vec::with_capacity(LEGS_USUAL),
            entered: BTreeSet::new(),
        }
    }

    /// Settles what is due.
    pub(crate) fn settle(&mut self) -> Result<(), Overflow> {
        settle::run(self)
    }

    /// The member.
    pub(crate) fn member(&self) -> &MemberId {
        &self.account.member
    }

    /// Whether nothing was recorded.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether legs wait for their entry.
    pub(crate) fn has_legs(&self) -> bool {
        !self.postings.is_empty()
    }

    /// Adds a leg to the entry being written. Zero is no leg.
    pub(crate) fn post(&mut self, account: LedgerAccount, asset: &Asset, amount: i64) {
        if amount != 0 {
            if let Asset::Tickets(of) = asset {
                self.entered.insert(of.clone());
            }
            self.postings.push(Posting { account, asset: asset.clone(), amount });
        }
    }

    /// Adds units that are new in the world to the member's wallet, and the leg for it.
    ///
    /// # Errors
    /// If the member would have more than [`UNITS_MAX`]. What they have once can always come back to them, or an account whose
    /// hold cannot be released would be stuck for ever.
    pub(crate) fn issue(&mut self, asset: &Asset, lot: Lot) -> Result<(), Overflow> {
        self.has_room(asset, lot.amount)?;
        self.credit(asset, lot)
    }

    /// Refuses if the member would have more than [`UNITS_MAX`] with so many units more. What is sealed counts: it is theirs.
    pub(crate) fn has_room(&self, asset: &Asset, amount: i64) -> Result<(), Overflow> {
        let balance = self.account.balance(asset);
        let sealed = mystery::sealed(&self.account, self.versions, asset);
        let all = [balance.available.max(0), balance.pending, balance.held, sealed, amount];
        let all = all.into_iter().try_fold(0_i64, i64::checked_add).ok_or(Overflow)?;
        if all > UNITS_MAX { Err(Overflow) } else { Ok(()) }
    }

    /// Adds units to the member's wallet, and the leg for it.
    pub(crate) fn credit(&mut self, asset: &Asset, lot: Lot) -> Result<(), Overflow> {
        if lot.amount == 0 {
            return Ok(());
        }
        self.account.wallet(asset).add(lot, self.clock)?;
        let account =
            if lot.activates.is_some() { LedgerAccount::Pending } else { LedgerAccount::Available };
        self.post(account, asset, lot.amount);
        Ok(())
    }

    /// Takes up to `amount` from the lots selected, with the legs for it; returns what was taken.
    pub(crate) fn debit(
        &mut self,
        asset: &Asset,
        amount: i64,
        select: impl Fn(&Lot) -> bool,
    ) -> Result<Vec<Lot>, Overflow> {
        let taken = self.account.wallet(asset).take(amount, select);
        for lot in &taken {
            let account = if lot.activates.is_some() {
                LedgerAccount::Pending
            } else {
                LedgerAccount::Available
            };
            self.post(account, asset, lot.amount.checked_neg().ok_or(Overflow)?);
        }
        Ok(taken)
    }

    /// Finishes the entry being written.
    ///
    /// # Panics
    /// If the legs do not sum to zero per asset: a bug in the rules, never a matter of input.
    pub(crate) fn record(&mut self, draft: Draft) -> Result<(), Overflow> {
        let postings = merge(std::mem::take(&mut self.postings))?;
        for posting in &postings {
            let same = postings.iter().filter(|other| other.asset == posting.asset);
            let sum: i128 = same.map(|posting| i128::from(posting.amount)).sum();
            assert_eq!(sum, 0, "the legs of {} do not balance", draft.operation);
        }
        self.account.sequence = self.account.sequence.checked_add(1).ok_or(Overflow)?;
        self.entries.push(Entry {
            operation: draft.operation,
            index: draft.index,
            sequence: self.account.sequence,
            at: millisecond(draft.at),
            recorded_at: millisecond(self.now),
            version: draft.version,
            kind: draft.kind,
            postings,
            reasons: draft.reasons,
            balance: self.account.balance(&Asset::Points),
        });
        Ok(())
    }

    /// Settles what the entries made due (a late event may arrive expired, or change the tier), and closes.
    pub(crate) fn close(
        mut self,
        order: Option<(OrderId, OrderState)>,
        claims: Vec<Claim>,
    ) -> Result<Decision, Overflow> {
        self.settle()?;
        Ok(self.into_decision(order, claims))
    }

    /// As [`Journal::close`], when all is settled.
    pub(crate) fn into_decision(
        self,
        order: Option<(OrderId, OrderState)>,
        mut claims: Vec<Claim>,
    ) -> Decision {
        for of in self.entered {
            if let Some(raffle) = self.versions.raffle(of.as_str(), self.now) {
                let tickets = raffle.tickets(self.account.tickets(&of));
                claims.push(Claim::Entrant { raffle: of, tickets });
            }
        }
        let Self { expected, account, entries, .. } = self;
        Decision { expected, account, entries, order, claims }
    }
}

/// An instant in whole milliseconds, as the ledger keeps it: an entry reads the same now and when it is repeated.
pub(crate) fn millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// Adds up legs of the same account and asset; zero sums disappear.
fn merge(postings: Vec<Posting>) -> Result<Vec<Posting>, Overflow> {
    // Two legs, on different accounts: nearly every entry.
    if let [one, other] = postings.as_slice()
        && one.account != other.account
    {
        return Ok(postings);
    }
    let mut merged: Vec<Posting> = Vec::with_capacity(postings.len());
    for posting in postings {
        match merged.iter_mut().find(|m| m.account == posting.account && m.asset == posting.asset) {
            Some(same) => same.amount = same.amount.checked_add(posting.amount).ok_or(Overflow)?,
            None => merged.push(posting),
        }
    }
    merged.retain(|posting| posting.amount != 0);
    Ok(merged)
}
