//! Making a statement: from a member's record and entries, by the rules of the domain.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use guerdon_domain::{
    account::{Account, Overflow},
    entry::{Entry, Granted, Kind},
    id::MemberId,
    offer::{Offer, offers},
    profile::Profile,
    programme::{Programme, Versions},
    raffle::stage::Stage,
    settle,
    statement::{Bounds, Outlook, Period, Statement, StatementError, outlook, statement},
};
use guerdon_edge::{Edge, Stale, config::Config, view};
use guerdon_store::{GrantRecord, Record, StoreError};
use guerdon_words::{Language, LanguageExt, Naming, Words};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// What is the same for every statement of a run: read once.
pub struct Known {
    /// The published versions.
    pub versions: Arc<Versions>,
    /// The programme in force.
    pub programme: Arc<Programme>,
    /// When that is.
    pub now: Timestamp,
    /// The period that statements are made of.
    pub period: Period,
    /// Its instants.
    pub bounds: Bounds,
    /// How the deployment is set up.
    pub(crate) config: Config,
    taken: BTreeMap<String, i64>,
    /// Raffles whose draw is over, and whose winners have their prizes.
    drawn: BTreeSet<String>,
    words: [OnceLock<Words>; Language::ALL.len()],
}

/// What the statement of a member is made of.
pub(crate) struct Material {
    account: Account,
    entries: Vec<Entry>,
    profile: Profile,
    grants: Vec<GrantRecord>,
}

impl Material {
    /// Whether the member had an account before an instant.
    pub(crate) fn is_before(&self, until: Timestamp) -> bool {
        self.entries.iter().any(|entry| entry.recorded_at < until)
    }
}

/// A statement, and what can be said of the member today.
#[derive(Debug)]
pub struct Made {
    /// The statement.
    pub statement: Statement,
    /// What can be said today.
    pub outlook: Outlook,
    /// The account as it stands today.
    pub(crate) account: Account,
    /// What the member told of themselves.
    pub profile: Profile,
    pub(crate) grants: Vec<GrantRecord>,
    /// Prizes of raffles that the member was given since the period began: raffle and prize.
    pub(crate) prizes: Vec<(String, String)>,
}

/// Why a statement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The ledger failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The entries do not make a statement.
    #[error(transparent)]
    Statement(StatementError),
}

impl From<StatementError> for MakeError {
    /// A version that is not known here is no failure: the versions have to be read again.
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::MissingVersion { version } => {
                StoreError::UnknownVersion { version }.into()
            }
            error => Self::Statement(error),
        }
    }
}

impl From<Overflow> for MakeError {
    fn from(overflow: Overflow) -> Self {
        StoreError::from(overflow).into()
    }
}

impl Stale for MakeError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_stale())
    }
}

impl Known {
    /// Reads what is the same for every statement of a period.
    pub async fn read(
        edge: &Edge,
        versions: Arc<Versions>,
        period: Period,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let programme = Arc::clone(&versions.at(now).programme);
        let bounds = period.bounds(&versions);
        let taken = edge.taken(&programme).await?;
        let mut drawn = BTreeSet::new();
        let over = |draws: Timestamp| bounds.contain(draws) && draws < now;
        for raffle in programme.raffles.iter().filter(|raffle| over(raffle.draws)) {
            let state = edge.ledger.raffle(&raffle.id).await?;
            if state.is_some_and(|state| state.stage >= Stage::Published) {
                drawn.insert(raffle.id.clone());
            }
        }
        let words = std::array::from_fn(|_| OnceLock::new());
        let config = edge.config.clone();
        Ok(Self { versions, programme, now, period, bounds, config, taken, drawn, words })
    }

    /// The words of a language, made once.
    pub fn words(&self, language: Language) -> &Words {
        let [en, pl, de, th, ko, ar] = &self.words;
        let place = match language {
            Language::En => en,
            Language::Pl => pl,
            Language::De => de,
            Language::Th => th,
            Language::Ko => ko,
            Language::Ar => ar,
        };
        place.get_or_init(|| Words::new(language, &Naming::of(&self.programme)))
    }

    /// The language for a member: what is asked for, what they chose, or the programme's first.
    pub fn language(&self, asked: Option<Language>, profile: &Profile) -> Language {
        let chosen = profile.language.as_deref();
        asked.unwrap_or_else(|| Language::for_member(&self.programme.brand, chosen, ""))
    }

    /// The programme that an entry was decided under.
    pub(crate) fn programme_of(&self, version: u32) -> &Programme {
        let published = self.versions.number(version);
        published.map_or(&self.programme, |published| &published.programme)
    }

    /// Whether a raffle was drawn in the period, and its winners have their prizes.
    pub(crate) fn is_drawn(&self, raffle: &str) -> bool {
        self.drawn.contains(raffle)
    }

    /// What can be had for points, as a member stands today.
    pub(crate) fn offers(&self, account: &Account) -> Vec<Offer<'_>> {
        let taken = |name: &str| self.taken.get(name).copied().unwrap_or(0);
        offers(account, &self.versions, taken, self.now)
    }

    /// Reads what the statement of a member is made of.
    pub(crate) async fn material(
        &self,
        edge: &Edge,
        member: &MemberId,
        record: Record,
    ) -> Result<Material, StoreError> {
        let Record { account, profile, grants } = record;
        let account = account.unwrap_or_else(|| Account::new(member.clone()));
        let need_before = |entry: &Entry| self.bounds.need_before(entry);
        let entries = edge.ledger.history_back_to(&account, need_before).await?;
        Ok(Material { account, entries, profile, grants })
    }

    /// Makes the statement of a member, an empty one if they had no account in the period.
    pub(crate) fn of(&self, material: Material) -> Result<Made, MakeError> {
        let Material { account, entries, profile, grants } = material;
        let statement = statement(&account, &self.versions, &entries, self.period, self.now)?;
        let taken = |name: &str| self.taken.get(name).copied().unwrap_or(0);
        let outlook = outlook(&account, &self.versions, taken, self.now)?;
        let account = settle::as_of(&account, &self.versions, self.now.max(account.settled_to))?;
        // Of the period's own lines: a prize that was given later is told in the statement after.
        let prizes = statement.lines.iter().filter_map(|line| match &line.kind {
            Kind::Prize { raffle, prize, .. } => Some((raffle.clone(), prize.clone())),
            _ => None,
        });
        let prizes = prizes.collect();
        Ok(Made { statement, outlook, account, profile, grants, prizes })
    }
}

impl Made {
    /// The statement as data, in JSON, without what the member told of themselves.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let usable = self.grants.iter().filter(|record| is_usable(record, self.outlook.at));
        let given = usable.map(view::grant).collect();
        serde_json::to_string(&Data { statement: &self.statement, outlook: &self.outlook, given })
    }

    /// Whether there is something to tell: an entry in the period, or points that lapse within two months.
    pub fn has_news(&self, now: Timestamp) -> bool {
        let soon = now.checked_add(EXPIRES_SOON).unwrap_or(Timestamp::MAX);
        !self.statement.lines.is_empty()
            || self.outlook.expires.iter().any(|expiring| expiring.at <= soon)
    }
}

/// A statement as data. It is written as it is, for making values of it first took a run a tenth of its time.
#[derive(Serialize)]
struct Data<'a> {
    statement: &'a Statement,
    outlook: &'a Outlook,
    given: Vec<Value>,
}

/// How long before points lapse a member is told, even if nothing else happened.
const EXPIRES_SOON: jiff::SignedDuration = jiff::SignedDuration::from_hours(62 * 24);

/// Whether a member has something of it that is still good.
fn is_usable(record: &GrantRecord, now: Timestamp) -> bool {
    record.grants.iter().any(|granted| is_good(granted, now))
}

/// Whether it is a voucher that is still good, or a badge, which always is.
pub(crate) fn is_good(granted: &Granted, now: Timestamp) -> bool {
    match granted {
        Granted::Voucher { expires, .. } => expires.is_none_or(|expires| expires > now),
        Granted::Badge { .. } => true,
        Granted::Credit { .. } | Granted::Points { .. } | Granted::Mystery { .. } => false,
    }
}
