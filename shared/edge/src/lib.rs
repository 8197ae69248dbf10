//! What every function needs at its edge: start-up, configuration, authentication, requests, and HTTP errors.

pub mod auth;
pub mod config;
pub mod problem;
pub mod queue;
pub mod request;
pub mod session;
pub mod token;
pub mod view;

use std::{collections::BTreeMap, sync::Arc};

use aws_config::BehaviorVersion;
use futures_util::future::try_join_all;
use guerdon_domain::{
    account::Account,
    id::MemberId,
    programme::{Programme, Reward, Versions},
    settle,
};
use guerdon_store::{Ledger, PostError, Programmes, StoreError};
use jiff::Timestamp;

use crate::{
    config::{Config, ConfigError},
    queue::RetryQueue,
};

/// What a function keeps between invocations.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The deployment's settings.
    pub config: Config,
    /// The ledger.
    pub ledger: Ledger,
    /// The published programme, kept for a minute.
    pub programmes: Programmes,
    /// Where events wait while the ledger cannot be reached.
    pub queue: RetryQueue,
}

impl Edge {
    /// Starts logging, reads the environment, and connects. Called once, before the first event.
    pub async fn start() -> Result<Self, ConfigError> {
        lambda_http::tracing::init_default_subscriber();
        let config = Config::from_env()?;
        let aws = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let dynamodb = aws_sdk_dynamodb::config::Builder::from(&aws)
            .timeout_config(config::timeouts())
            .retry_config(config::retries())
            .build();
        let client = aws_sdk_dynamodb::Client::from_conf(dynamodb);
        let ledger =
            Ledger::new(client, config.tables.clone()).with_chance(config.chance_key.clone());
        let queue = match &config.retry_queue_url {
            Some(url) => {
                let sqs = aws_sdk_sqs::config::Builder::from(&aws)
                    .timeout_config(config::queue_timeouts())
                    .retry_config(config::retries())
                    .build();
                RetryQueue::sqs(sqs, url.clone())
            }
            None => RetryQueue::None,
        };
        Ok(Self { programmes: Programmes::new(ledger.clone()), config, ledger, queue })
    }
}

/// An error that may mean that the versions used were read before a version was published.
pub trait Stale {
    /// Whether it means that.
    fn is_stale(&self) -> bool;
}

impl Stale for StoreError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::UnknownVersion { .. })
    }
}

impl Stale for PostError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_stale())
    }
}

impl Edge {
    /// The member's account as it stands at `now`, settled in memory; an empty one for a member never seen.
    pub async fn standing(
        &self,
        member: &MemberId,
        now: Timestamp,
    ) -> Result<(Arc<Versions>, Account), StoreError> {
        let (versions, account) =
            tokio::try_join!(self.programmes.versions(), self.ledger.account(member))?;
        let account = account.unwrap_or_else(|| Account::new(member.clone()));
        let account = settle::as_of(&account, &versions, now)?;
        Ok((versions, account))
    }

    /// How many pieces all members have taken of what a programme's rewards give, by the name of the stock.
    pub async fn taken(&self, programme: &Programme) -> Result<BTreeMap<String, i64>, StoreError> {
        let stocks = programme.rewards.iter().flat_map(Reward::stock_names);
        let taken = try_join_all(stocks.map(async |name| {
            let taken = self.ledger.stock_taken(&name).await?;
            Ok::<_, StoreError>((name, taken))
        }));
        Ok(taken.await?.into_iter().collect())
    }

    /// Does `work` under the published versions. If it meets something decided under a version that they do not have, they
    /// are read again, once: a function keeps them for a minute, and another may be ahead.
    pub async fn under_versions<
        T,
        E: Stale + From<StoreError>,
        F: Future<Output = Result<T, E>>,
    >(
        &self,
        work: impl Fn(Arc<Versions>) -> F,
    ) -> Result<T, E> {
        // Boxed, or the compiler despairs of how deeply the futures are nested.
        let work = |versions| Box::pin(work(versions));
        match work(self.programmes.versions().await?).await {
            Err(error) if error.is_stale() => {
                self.programmes.forget();
                work(self.programmes.versions().await?).await
            }
            done => done,
        }
    }
}

/// The time now, in whole milliseconds: what the ledger stores, and so what every decision is made at.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// An error and its causes, outermost first: what the log says of a failure, once.
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// 32 random bytes from the operating system.
///
/// # Panics
/// If the operating system has no randomness to give: no seed may be made from anything less.
pub fn random_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system's random generator works");
    bytes
}

/// 64 random bits from the operating system.
///
/// # Panics
/// If the operating system has no randomness to give: no code may be made from anything less.
pub fn random() -> u64 {
    getrandom::u64().expect("the operating system's random generator works")
}
