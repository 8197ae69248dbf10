//! Plays a script on a ledger in memory, and keeps what happened to whom.

use std::collections::BTreeMap;

use guerdon_domain::{
    account::Asset,
    book::{Answer, Book, BookError},
    draw::hash::Hash,
    entry::{Entry, Kind, LedgerAccount, Reason},
    event::Event,
    id::MemberId,
    money::Currency,
    play,
    programme::Versions,
};
use jiff::{Timestamp, tz::TimeZone};

use crate::scenario::{
    check,
    script::{Check, Command, Script, Step, currency_of},
    values::time_zone,
    words::{refusal, short},
};

/// What happened to a member, in its place.
#[derive(Debug, Clone)]
pub(super) enum Row {
    /// An entry of the ledger.
    Entry(Box<Entry>),
    /// News that moved nothing, with why, or a refusal.
    Note {
        /// When Guerdon was told.
        at: Timestamp,
        /// What it was.
        what: String,
        /// What came of it.
        came: &'static str,
        /// Why it was refused.
        refusal: Option<String>,
        /// Why rules gave nothing.
        reasons: Vec<Reason>,
        /// The currency of the order it was about.
        currency: Currency,
    },
}

/// An expectation that failed, or a refusal that nobody expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// The line of the file.
    pub(super) line: usize,
    /// The statement.
    pub(super) text: String,
    /// What was expected.
    pub(super) expected: String,
    /// What is.
    pub(super) actual: String,
}

/// What came of the step before.
#[derive(Debug, Clone)]
pub(super) struct Last {
    /// Its answer.
    pub(super) answer: Result<Answer, BookError>,
    /// The entries it wrote, those of settling included.
    pub(super) written: Vec<Entry>,
    /// Whether the same was asked before, and answered the same.
    pub(super) same: Option<bool>,
}

impl Last {
    /// The rules' reasons.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        match &self.answer {
            Ok(Answer::Entries(entries)) => {
                entries.iter().flat_map(|entry| entry.reasons.clone()).collect()
            }
            Ok(Answer::Nothing(reasons)) => reasons.clone(),
            Err(_) => Vec::new(),
        }
    }

    /// Points that moved from or to the member's accounts by earning.
    pub(super) fn earned(&self) -> i64 {
        let earning = |entry: &&Entry| matches!(entry.kind, Kind::Accrual { .. } | Kind::Reversal);
        self.sum(earning, LedgerAccount::is_member)
    }

    /// Points that were redeemed, less those that were given back.
    pub(super) fn spent(&self) -> i64 {
        self.sum(|_| true, |account| account == LedgerAccount::Redeemed)
    }

    fn sum(
        &self,
        entries: impl Fn(&&Entry) -> bool,
        accounts: impl Fn(LedgerAccount) -> bool,
    ) -> i64 {
        let postings = self.written.iter().filter(entries).flat_map(|entry| &entry.postings);
        let points =
            postings.filter(|posting| posting.asset == Asset::Points && accounts(posting.account));
        points.fold(0, |sum, posting| sum.saturating_add(posting.amount))
    }
}

/// A ledger being written.
pub(super) struct Played {
    /// The ledger.
    pub(super) book: Book,
    /// The time reached.
    pub(super) now: Timestamp,
    /// What happened to each member.
    pub(super) rows: BTreeMap<MemberId, Vec<Row>>,
    /// What concerned no member.
    pub(super) nobody: Vec<Row>,
    /// Expectations that hold.
    pub(super) hold: usize,
    /// Those that do not.
    pub(super) failures: Vec<Failure>,
    /// The programme's time zone.
    pub(super) zone: TimeZone,
    currency: Currency,
    answers: BTreeMap<String, Result<Answer, BookError>>,
}

/// Plays the whole script; at its end everything due by then is settled.
pub(super) fn play(script: Script) -> Played {
    let first = script.versions.first().programme.clone();
    let mut played = Played {
        book: Book::new(script.versions),
        now: Timestamp::UNIX_EPOCH,
        rows: BTreeMap::new(),
        nobody: Vec::new(),
        hold: 0,
        failures: Vec::new(),
        zone: time_zone(&first.time_zone),
        currency: first.currency,
        answers: BTreeMap::new(),
    };
    for step in script.steps {
        played.step(&step);
    }
    played.settle();
    played
}

impl Played {
    fn step(&mut self, step: &Step) {
        self.now = step.now;
        let mut last = None;
        for _ in 0..step.times {
            last = Some(self.deliver(step));
        }
        let Some(last) = last else { return };
        let mut refusal_expected = false;
        for expect in &step.expects {
            let mut failures = Vec::new();
            for check in &expect.checks {
                refusal_expected |= matches!(check, Check::Refused(_));
                failures.extend(check::failure(self, &last, check, step));
            }
            if failures.is_empty() {
                self.hold = self.hold.saturating_add(1);
            }
            let failed = failures.into_iter().map(|(expected, actual)| Failure {
                line: expect.line,
                text: expect.text.clone(),
                expected,
                actual,
            });
            self.failures.extend(failed);
        }
        if let Err(error) = &last.answer
            && !refusal_expected
        {
            self.failures.push(Failure {
                line: step.line,
                text: step.text.clone(),
                expected: "not refused (or write after it: expect refused)".to_owned(),
                actual: format!("unexpected refusal: {}", refusal(error, &self.zone)),
            });
        }
    }

    fn deliver(&mut self, step: &Step) -> Last {
        let before: BTreeMap<MemberId, usize> = self
            .book
            .entries
            .iter()
            .map(|(member, entries)| (member.clone(), entries.len()))
            .collect();
        let answer = self.apply(&step.command, step.now);
        let mut written = Vec::new();
        for (member, entries) in &self.book.entries {
            let new = entries.get(before.get(member).copied().unwrap_or(0)..).unwrap_or_default();
            written.extend_from_slice(new);
            let rows = new.iter().map(|entry| Row::Entry(Box::new(entry.clone())));
            self.rows.entry(member.clone()).or_default().extend(rows);
        }
        let same = self.remember(&step.command, &answer, &written);
        self.note(step, &answer, &written);
        Last { answer, written, same }
    }

    fn apply(&mut self, command: &Command, now: Timestamp) -> Result<Answer, BookError> {
        let nothing = Ok(Answer::Nothing(Vec::new()));
        // As the schedule does: what a winner cannot be given yet is given later.
        let code = |auction: &str, member: &MemberId, n: usize| {
            Some(format!("WON-{auction}-{member}-{n}"))
        };
        match self.book.close_auctions(code, now) {
            Ok(()) | Err(BookError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
        match command {
            Command::Order(event) => {
                let answer = self.book.order(event, now)?;
                self.set_off(&Event::Order(event.clone()), now)?;
                Ok(answer)
            }
            Command::Event(event) => {
                let answer = self.book.event(event, now)?;
                self.set_off(&Event::Member(event.clone()), now)?;
                Ok(answer)
            }
            Command::Redeem(member, redeem) => self.book.redeem(member, redeem, now),
            Command::Enter(member, enter) => self.book.enter(member, enter, now),
            Command::Play(member, play, codes) => {
                self.book.play(member, play, (game_seed(&play.game), codes), now)
            }
            Command::Bid(member, bid) => self.book.bid(member, bid, now),
            Command::Open(member, operation, grant) => {
                self.book.open(member, operation, *grant, now)
            }
            Command::Hold(member, hold) => self.book.hold(member, hold, now),
            Command::Capture(member, capture) => self.book.capture(member, capture, now),
            Command::Release(member, operation, hold) => {
                self.book.release(member, operation, hold, now)
            }
            Command::Adjust(member, adjust) => self.book.adjust(member, adjust, now),
            Command::Pool(pool, codes) => {
                self.book.pools.entry(pool.clone()).or_default().extend(codes.iter().cloned());
                nothing
            }
            Command::Settle => self.book.settle(now).and(nothing),
            Command::Publish(published) => {
                let all = self.book.versions.all().cloned().chain([published.clone()]).collect();
                if let Some(versions) = Versions::new(all) {
                    self.book.versions = versions;
                }
                nothing
            }
            Command::Look => nothing,
        }
    }

    /// Plays what an event sets off. A member who may not play does not.
    fn set_off(&mut self, event: &Event, now: Timestamp) -> Result<(), BookError> {
        for (member, play) in play::set_off(&self.book.versions, event) {
            let entries = self.book.entries.get(&member).map_or(0, Vec::len);
            let codes: Vec<_> =
                (1..=5).map(|n| Some(format!("PRIZE-{member}-{entries}-{n}"))).collect();
            match self.book.play(&member, &play, (game_seed(&play.game), &codes), now) {
                Ok(_) | Err(BookError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn settle(&mut self) {
        let command = Command::Settle;
        let step = Step {
            now: self.now,
            line: 0,
            text: String::new(),
            command,
            times: 1,
            expects: Vec::new(),
        };
        self.step(&step);
    }

    /// Whether the request was made before and got the same answer; news that were delivered before must move nothing.
    fn remember(
        &mut self,
        command: &Command,
        answer: &Result<Answer, BookError>,
        written: &[Entry],
    ) -> Option<bool> {
        let name = match command {
            Command::Redeem(_, redeem) => redeem.operation.to_string(),
            Command::Enter(_, enter) => enter.operation.to_string(),
            Command::Play(_, play, _) => play.operation.to_string(),
            Command::Bid(_, bid) => bid.operation.to_string(),
            Command::Hold(_, hold) => hold.operation.to_string(),
            Command::Capture(_, capture) => capture.operation.to_string(),
            Command::Release(_, operation, _) | Command::Open(_, operation, _) => {
                operation.to_string()
            }
            Command::Adjust(_, adjust) => adjust.operation.to_string(),
            Command::Event(event) => guerdon_domain::earn::operation(event).to_string(),
            Command::Order(event) => {
                let seen = self.answers.insert(format!("{event:?}"), answer.clone()).is_some();
                return seen.then_some(written.is_empty() && answer.is_ok());
            }
            _ => return None,
        };
        if let Some(first) = self.answers.get(&name) {
            return Some(first == answer);
        }
        self.answers.insert(name, answer.clone());
        None
    }

    /// Notes what wrote no entry: refusals, repeats, news that move nothing.
    fn note(&mut self, step: &Step, answer: &Result<Answer, BookError>, written: &[Entry]) {
        let refused = answer.as_ref().err().map(|error| refusal(error, &self.zone));
        let (came, reasons) = match answer {
            Err(_) => ("REFUSED", Vec::new()),
            _ if !step.command.repeats() => return,
            Ok(Answer::Nothing(reasons)) => ("nothing moved", reasons.clone()),
            Ok(Answer::Entries(entries)) if entries.iter().any(|entry| written.contains(entry)) => {
                return;
            }
            Ok(Answer::Entries(_)) => ("the same answer as before", Vec::new()),
        };
        let (member, currency) = match &step.command {
            Command::Order(event) => {
                let state = self.book.orders.get(&event.order);
                let snapshot = state.and_then(|state| state.knowledge.snapshot.as_ref());
                let known = snapshot.and_then(|snapshot| snapshot.member.clone());
                let owner = state
                    .and_then(|state| state.member.clone())
                    .or(known)
                    .or_else(|| step.command.member().cloned());
                let currency = snapshot.map_or(self.currency, |snapshot| snapshot.currency);
                (owner, currency_of(event, currency))
            }
            command => (command.member().cloned(), self.currency),
        };
        let what = what(&step.command);
        let row = Row::Note { at: step.now, what, came, refusal: refused, reasons, currency };
        match member {
            Some(member) => self.rows.entry(member).or_default().push(row),
            None => self.nobody.push(row),
        }
    }
}

/// The seed of a game in a scenario: chance that is the same each time it is played.
fn game_seed(game: &str) -> Hash {
    Hash::of(format!("instant win {game}").as_bytes())
}

fn what(command: &Command) -> String {
    match command {
        Command::Order(event) => match &event.snapshot {
            Some(snapshot) => {
                format!(
                    "order {} {}",
                    short(event.order.as_str()),
                    crate::scenario::words::status(snapshot.status)
                )
            }
            None => format!("refund of order {}", short(event.order.as_str())),
        },
        Command::Event(event) => event.name.clone(),
        Command::Redeem(_, redeem) => format!("redeems {}", redeem.reward),
        Command::Enter(_, enter) => format!("enters {}", enter.raffle),
        Command::Play(_, play, _) => format!("plays {}", play.game),
        Command::Bid(_, bid) => format!("bids {} on {}", bid.points, bid.auction),
        Command::Open(_, _, grant) => format!("opens {grant}"),
        Command::Hold(_, hold) => format!("holds {} for {}", hold.points, hold.total),
        Command::Capture(_, capture) => format!("captures {}", capture.hold),
        Command::Release(_, _, hold) => format!("releases {hold}"),
        Command::Adjust(_, adjust) => format!("adjusted by {}", adjust.by),
        Command::Pool(..) | Command::Settle | Command::Publish(_) | Command::Look => {
            "time passes".to_owned()
        }
    }
}
