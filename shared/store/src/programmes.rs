//! Published programmes: versions that never change, code pools, and what is left of the stock.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::programme::{
    Programme, Published, Versions,
    keeps::{ChanceChanged, keeps},
    parse,
};
use jiff::Timestamp;

use crate::{
    Ledger, StoreError,
    commit::{ABSENT, Cancelled, cancelled, new_code, parts, sent},
    items::{VersionItem, corrupt, from_item, second, to_item},
    keys::{Key, PROGRAMME},
    ledger::ATTEMPTS_MAX,
};

/// How long a function trusts the versions it has read.
///
/// A new version must not take effect sooner than this after it was published, so that every function knows it by then.
pub(crate) const VERSIONS_KEPT: Duration = Duration::from_mins(1);

/// The published versions, kept in memory between invocations.
#[derive(Debug, Clone)]
pub struct Programmes {
    ledger: Ledger,
    kept: Arc<Mutex<Option<Kept>>>,
}

/// Versions, and when they were read.
type Kept = (Instant, Arc<Versions>);

/// What publishing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publication {
    /// It says the same as the newest version: nothing was written.
    Same {
        /// The newest version.
        version: u32,
    },
    /// It is the next version.
    Published {
        /// Its number.
        version: u32,
        /// From when it is in force.
        effective: Timestamp,
    },
}

/// Whether a new version waits until every function knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// It takes effect when none trusts what it read before any more.
    Given,
    /// It may take effect at once: nobody else serves this ledger, as on the local stack.
    Waived,
}

/// A published version with its source.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedSource {
    /// The version.
    pub published: Published,
    /// The file as published.
    pub source: String,
}

/// Why a programme was not published. The running version stays.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The file has faults.
    #[error("the programme has {} faults", .0.len())]
    Faults(Vec<guerdon_domain::programme::Fault>),
    /// It would take effect in the past, or before every function knows it.
    #[error(
        "a version must take effect after {after}: versions never change the past, and every function must know it by then"
    )]
    TooEarly {
        /// The earliest instant.
        after: Timestamp,
    },
    /// It changes a raffle or an instant win that was announced.
    #[error(transparent)]
    Chance(#[from] ChanceChanged),
    /// Someone else published at the same moment.
    #[error("another version was published at the same moment: look at it, and publish again")]
    Raced,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Programmes {
    /// The programmes of a ledger.
    pub fn new(ledger: Ledger) -> Self {
        Self { ledger, kept: Arc::default() }
    }

    /// The versions, read again after a minute.
    pub async fn versions(&self) -> Result<Arc<Versions>, StoreError> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read, versions)) = kept
            && read.elapsed() < VERSIONS_KEPT
        {
            return Ok(versions);
        }
        let versions = Arc::new(self.ledger.versions().await?);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), versions.clone()));
        Ok(versions)
    }

    /// Forgets what was read, so that the next look sees what was just published.
    pub fn forget(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Ledger {
    /// All published versions.
    pub async fn versions(&self) -> Result<Versions, StoreError> {
        let sources = self.published().await?;
        Versions::new(sources.into_iter().map(|source| source.published).collect())
            .ok_or(StoreError::NoProgramme)
    }

    /// All published versions with their sources, oldest first.
    pub async fn published(&self) -> Result<Vec<PublishedSource>, StoreError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.tables.programme)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(PROGRAMME.to_owned()))
            .into_paginator()
            .items()
            .send();
        let mut all = Vec::new();
        while let Some(item) = pages.next().await {
            let item: VersionItem =
                from_item(item.map_err(|error| StoreError::call("Query", error))?)?;
            let version = item.version;
            let programme =
                parse(&item.source).map_err(|faults| StoreError::Programme { version, faults })?;
            let effective = if version == 1 {
                Timestamp::MIN
            } else {
                second(item.effective).ok_or_else(|| corrupt::<VersionItem>("effective"))?
            };
            let published = Published { version, effective, programme: Arc::new(programme) };
            all.push(PublishedSource { published, source: item.source });
        }
        Ok(all)
    }

    /// Publishes a programme as the next version, unless it says the same as the newest.
    ///
    /// The first version is in force since for ever; a later one from `effective`, which with notice must not lie before every
    /// function knows it. One that is to be in force before an earlier one takes its place, which then never is.
    pub async fn publish(
        &self,
        source: &str,
        effective: Timestamp,
        now: Timestamp,
        notice: Notice,
    ) -> Result<Publication, PublishError> {
        let programme = parse(source).map_err(PublishError::Faults)?;
        let all = self.published().await?;
        let version = match all.last() {
            None => 1,
            Some(newest) if *newest.published.programme == programme => {
                return Ok(Publication::Same { version: newest.published.version });
            }
            Some(newest) => {
                let kept = match notice {
                    Notice::Given => VERSIONS_KEPT,
                    Notice::Waived => Duration::ZERO,
                };
                let after = before(now.saturating_add(kept).unwrap_or(Timestamp::MAX));
                if effective <= after {
                    return Err(PublishError::TooEarly { after });
                }
                newest.published.version.saturating_add(1)
            }
        };
        let before: Vec<&Programme> =
            all.iter().map(|source| &*source.published.programme).collect();
        keeps(&before, &programme, effective)?;
        let item = to_item(&VersionItem::new(version, effective, now, source))?;
        let put = self.client.put_item().table_name(&self.tables.programme).set_item(Some(item));
        if sent(put.condition_expression(ABSENT)).await? {
            Ok(Publication::Published { version, effective })
        } else {
            Err(PublishError::Raced)
        }
    }

    /// Puts codes into a pool, each once: a code that was ever given, or is in a pool already, is left out.
    /// Returns how many were new.
    pub async fn import_codes(&self, pool: &str, codes: &[String]) -> Result<usize, StoreError> {
        let mut imported = 0_usize;
        for code in codes {
            imported = imported.saturating_add(usize::from(self.import_code(pool, code).await?));
        }
        Ok(imported)
    }

    /// Puts a code into a pool; `false` if it is there, or was given.
    ///
    /// One transaction: a code that is given between a look and a put would be free again.
    async fn import_code(&self, pool: &str, code: &str) -> Result<bool, StoreError> {
        for attempt in 0..ATTEMPTS_MAX {
            self.pause(attempt).await;
            let (items, refusals) = parts(new_code(&self.tables, pool, code)?);
            let call = self.client.transact_write_items().set_transact_items(Some(items));
            let Err(error) = call.send().await else { return Ok(true) };
            match error.as_service_error().and_then(|error| cancelled(error, &refusals)) {
                Some(Cancelled::LostRace) => {}
                Some(Cancelled::Refused(_)) => return Ok(false),
                None => return Err(StoreError::call("TransactWriteItems", error)),
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX })
    }

    /// Pieces of a reward taken so far, by all members.
    pub async fn stock_taken(&self, reward: &str) -> Result<i64, StoreError> {
        let key = to_item(&Key::stock(reward))?;
        let get = self
            .client
            .get_item()
            .table_name(&self.tables.programme)
            .set_key(Some(key))
            .consistent_read(true);
        let output = get.send().await.map_err(|error| StoreError::call("GetItem", error))?;
        let Some(item) = output.item else { return Ok(0) };
        let taken = item.get("taken").and_then(|taken| taken.as_n().ok()?.parse().ok());
        taken.ok_or(StoreError::Corrupt { what: "a reward's stock", attribute: "taken" })
    }
}

fn before(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().saturating_sub(1)).unwrap_or(at)
}
