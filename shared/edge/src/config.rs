//! Settings, read from the environment once at start-up. No other file reads the environment.

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_dynamodb::config::{retry::RetryConfig, timeout::TimeoutConfig};
use guerdon_domain::chance::ChanceKey;
use guerdon_store::Tables;
use serde::Deserialize;

use crate::{
    auth::{ApiKey, ApiKeys},
    problem::Problem,
    token::PortalKey,
};

/// The API key of the local stack, refused anywhere else.
pub const LOCAL_API_KEY: &str = "local";
/// The webhook secret of the local stack, refused anywhere else.
pub const LOCAL_WEBHOOK_SECRET: &str = "local-secret";

/// The settings of a deployment, as `template.yaml` passes them.
#[derive(Debug, Clone)]
pub struct Config {
    /// `LEDGER_TABLE`, `PROGRAMME_TABLE`, `RAFFLE_TABLE`.
    pub tables: Tables,
    /// `CHANCE_KEY`: 64 hex digits, for the functions that write entrants or decide plays.
    pub chance_key: Option<ChanceKey>,
    /// `PORTAL_KEY`: 64 hex digits, for the functions that make or read tokens of members.
    pub portal_key: Option<PortalKey>,
    /// `PUBLIC_URL`: where members reach the deployment, without a slash at the end. Empty if it is not known.
    pub public_url: String,
    /// `RETRY_QUEUE_URL`: where events wait while DynamoDB fails. Only `earn` has one.
    pub retry_queue_url: Option<String>,
    /// `WEBHOOK_SECRETS`: JSON, by platform, the current and the previous secret.
    pub webhook_secrets: WebhookSecrets,
    /// Whether this is the local stack, whose clock may be set.
    pub local: bool,
    /// `API_KEYS`: JSON, hashes of the keys that servers may call with.
    pub api_keys: ApiKeys,
}

/// A setting is missing or malformed. Its value is not shown: it may be a secret.
#[derive(Debug, thiserror::Error)]
#[error("environment variable {name}: {problem}")]
pub struct ConfigError {
    name: &'static str,
    problem: String,
}

/// Webhook secrets by platform. Debug output shows none.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct WebhookSecrets(BTreeMap<String, Vec<String>>);

impl std::fmt::Debug for WebhookSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl WebhookSecrets {
    /// The local stack's: one well-known secret for every platform.
    pub fn local() -> Self {
        let secret = || vec![LOCAL_WEBHOOK_SECRET.to_owned()];
        Self(["shopify", "standard"].map(|platform| (platform.to_owned(), secret())).into())
    }

    /// The active secrets of a platform: one, or two while they rotate.
    pub fn of(&self, platform: &str) -> &[String] {
        self.0.get(platform).map_or(&[], Vec::as_slice)
    }

    fn check(&self) -> Result<(), String> {
        for (platform, secrets) in &self.0 {
            if secrets.len() > 2 {
                return Err(format!(
                    "{platform} has more than two secrets: the current and the previous are enough"
                ));
            }
            if secrets.iter().any(|secret| secret.is_empty() || secret == LOCAL_WEBHOOK_SECRET) {
                return Err(format!(
                    "{platform} has an empty secret, or the one of the local stack"
                ));
            }
        }
        Ok(())
    }
}

impl Config {
    /// Reads the process environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// Reads the settings of the function that draws raffles from the process environment.
    pub fn draws() -> Result<Draws, ConfigError> {
        Draws::from_vars(|name| std::env::var(name).ok())
    }

    /// Reads what links of members are made with, for an operator's commands: `PORTAL_KEY` and `PUBLIC_URL`.
    pub fn portal() -> Result<(Option<PortalKey>, String), ConfigError> {
        portal(|name| std::env::var(name).ok())
    }

    /// Reads the settings of the function that makes statements from the process environment.
    pub fn statements() -> Result<Statements, ConfigError> {
        Statements::from_vars(|name| std::env::var(name).ok())
    }

    /// Reads the key of chance alone, for an operator's commands: `CHANCE_KEY`, if it is set.
    pub fn chance_key() -> Result<Option<ChanceKey>, ConfigError> {
        chance_key(std::env::var("CHANCE_KEY").ok())
    }

    /// Reads settings from `var`.
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let required = |name: &'static str| {
            let missing = || ConfigError { name, problem: "is missing".to_owned() };
            var(name).filter(|value| !value.is_empty()).ok_or_else(missing)
        };
        let webhook_secrets: WebhookSecrets = json("WEBHOOK_SECRETS", var("WEBHOOK_SECRETS"))?;
        webhook_secrets
            .check()
            .map_err(|problem| ConfigError { name: "WEBHOOK_SECRETS", problem })?;
        let api_keys: Vec<ApiKey> = json("API_KEYS", var("API_KEYS"))?;
        let api_keys =
            ApiKeys::new(api_keys).map_err(|problem| ConfigError { name: "API_KEYS", problem })?;
        let (portal_key, public_url) = portal(&var)?;
        Ok(Self {
            tables: Tables {
                ledger: required("LEDGER_TABLE")?,
                programme: required("PROGRAMME_TABLE")?,
                raffle: required("RAFFLE_TABLE")?,
            },
            chance_key: chance_key(var("CHANCE_KEY"))?,
            portal_key,
            public_url,
            retry_queue_url: var("RETRY_QUEUE_URL").filter(|url| !url.is_empty()),
            webhook_secrets,
            local: false,
            api_keys,
        })
    }

    /// The key of members' tokens; a problem where the deployment has none.
    pub fn portal_key(&self) -> Result<&PortalKey, Problem> {
        self.portal_key.as_ref().ok_or_else(Problem::no_portal)
    }

    /// The settings of the local stack.
    pub fn local(tables: Tables, chance_key: Option<ChanceKey>) -> Self {
        Self {
            tables,
            portal_key: chance_key.as_ref().map(|key| PortalKey(key.derive("portal", "local"))),
            public_url: String::new(),
            chance_key,
            retry_queue_url: None,
            webhook_secrets: WebhookSecrets::local(),
            local: true,
            api_keys: ApiKeys::local(),
        }
    }
}

/// The settings of the function that draws raffles.
#[derive(Debug, Clone)]
pub struct Draws {
    /// `RAFFLE_SEEDS`: the secret whose versions are the seeds; on a developer's machine `file:` and a folder.
    pub seeds: String,
    /// `RAFFLE_RECORDS`: the bucket that records are copied to; on a developer's machine `file:` and a folder.
    pub records: String,
    /// `BEACON_URL`: where the beacon is asked for.
    pub beacon_url: String,
    /// `SCHEDULE_GROUP`, `SCHEDULE_FUNCTION`, `SCHEDULE_ROLE`, `SCHEDULE_DEAD_LETTERS`; `None` if there is no group.
    pub schedules: Option<ScheduleSettings>,
}

/// What a schedule is made from.
#[derive(Debug, Clone)]
pub struct ScheduleSettings {
    /// The group.
    pub group: String,
    /// The ARN of the function.
    pub function: String,
    /// The ARN of the role.
    pub role: String,
    /// The ARN of the queue.
    pub dead_letters: String,
}

impl Draws {
    fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let required = |name: &'static str| {
            let missing = || ConfigError { name, problem: "is missing".to_owned() };
            var(name).filter(|value| !value.is_empty()).ok_or_else(missing)
        };
        let schedules = match var("SCHEDULE_GROUP").filter(|group| !group.is_empty()) {
            Some(group) => Some(ScheduleSettings {
                group,
                function: required("SCHEDULE_FUNCTION")?,
                role: required("SCHEDULE_ROLE")?,
                dead_letters: required("SCHEDULE_DEAD_LETTERS")?,
            }),
            None => None,
        };
        let (seeds, records) = (required("RAFFLE_SEEDS")?, required("RAFFLE_RECORDS")?);
        let beacon_url = required("BEACON_URL")?;
        Ok(Self { seeds, records, beacon_url, schedules })
    }
}

/// The settings of the function that makes statements.
#[derive(Debug, Clone)]
pub struct Statements {
    /// `STATEMENTS`: the bucket that they are kept in; on a developer's machine `file:` and a folder.
    pub archive: String,
    /// `MAIL_CONFIGURATION_SET`: what SES sends them by; `None` keeps mails in the archive instead of sending them.
    pub configuration_set: Option<String>,
}

impl Statements {
    fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let given = |name: &str| var(name).filter(|value| !value.is_empty());
        let missing = || ConfigError { name: "STATEMENTS", problem: "is missing".to_owned() };
        Ok(Self {
            archive: given("STATEMENTS").ok_or_else(missing)?,
            configuration_set: given("MAIL_CONFIGURATION_SET"),
        })
    }
}

/// Where the local stack asks for the beacon: `BEACON_URL`, or drand's own.
pub fn local_beacon_url() -> String {
    let url = std::env::var("BEACON_URL").ok().filter(|url| !url.is_empty());
    url.unwrap_or_else(|| "https://api.drand.sh".to_owned())
}

/// Reads what links of members are made with.
fn portal(
    var: impl Fn(&str) -> Option<String>,
) -> Result<(Option<PortalKey>, String), ConfigError> {
    let key = key("PORTAL_KEY", var("PORTAL_KEY"))?.map(PortalKey);
    let url = var("PUBLIC_URL").unwrap_or_default().trim_end_matches('/').to_owned();
    Ok((key, url))
}

/// Reads the key of chance; a missing or empty one is none.
fn chance_key(value: Option<String>) -> Result<Option<ChanceKey>, ConfigError> {
    Ok(key("CHANCE_KEY", value)?.map(ChanceKey))
}

/// Reads a key of 32 bytes; a missing or empty one is none. One of nothing but zeros is refused: it is nobody's secret.
fn key(name: &'static str, value: Option<String>) -> Result<Option<[u8; 32]>, ConfigError> {
    let problem = |problem: &str| ConfigError { name, problem: problem.to_owned() };
    let Some(text) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
    let ChanceKey(key) = text.trim().parse().map_err(|_| problem("is not 64 hex digits"))?;
    if key == [0; 32] {
        return Err(problem("is all zeros: make one with `openssl rand -hex 32`"));
    }
    Ok(Some(key))
}

/// Reads a JSON setting; a missing or empty one is the default.
fn json<T: Default + for<'de> Deserialize<'de>>(
    name: &'static str,
    value: Option<String>,
) -> Result<T, ConfigError> {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(T::default()) };
    serde_json::from_str(&value).map_err(|error| ConfigError {
        name,
        problem: format!(
            "is not the JSON expected, at line {} column {}",
            error.line(),
            error.column()
        ),
    })
}

/// How long the ledger may take for an event whose sender waits: a shop waits five seconds in all, and the queue needs its
/// share. An event is several calls, so the time of each ([`timeouts`]) does not bound it.
pub const LEDGER_TIME_MAX: Duration = Duration::from_millis(3200);

/// How long a call of DynamoDB may take, and each attempt.
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(800))
        .operation_attempt_timeout(Duration::from_millis(1200))
        .operation_timeout(Duration::from_millis(2800))
        .build()
}

/// How long a call of the queue may take: it is the last thing an event has time for.
pub fn queue_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(600))
        .operation_attempt_timeout(Duration::from_millis(900))
        .operation_timeout(Duration::from_millis(1300))
        .build()
}

/// How a failed call is tried again: soon, because somebody waits. The SDK's own first pause may last a second.
pub fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(4).with_initial_backoff(Duration::from_millis(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(secrets: &str, keys: &str) -> Result<Config, ConfigError> {
        Config::from_vars(|name| {
            Some(match name {
                "WEBHOOK_SECRETS" => secrets.to_owned(),
                "API_KEYS" => keys.to_owned(),
                "CHANCE_KEY" | "PORTAL_KEY" => "07".repeat(32),
                _ => "x".to_owned(),
            })
        })
    }

    #[test]
    fn a_deployment_refuses_what_everyone_knows() {
        assert!(config(r#"{"shopify":["a","b"]}"#, "[]").is_ok());
        for secrets in [
            r#"{"shopify":["local-secret"]}"#,
            r#"{"shopify":[""]}"#,
            r#"{"shopify":["a","b","c"]}"#,
            "{",
        ] {
            assert!(config(secrets, "[]").is_err(), "{secrets}");
        }
        let local = "25bf8e1a2393f1108d37029b3df5593236c755742ec93465bbafa9b290bddcf6";
        assert!(
            config("{}", &format!(r#"[{{"name":"x","sha256":"{local}","scopes":["read"]}}]"#))
                .is_err()
        );
    }

    #[test]
    fn the_key_of_chance_is_a_secret_or_nothing() {
        assert!(chance_key(Some(String::new())).unwrap().is_none());
        assert!(chance_key(Some("0b".repeat(32))).unwrap().is_some());
        for text in ["00".repeat(32), "0b".repeat(31), "no hex".to_owned()] {
            let error = chance_key(Some(text.clone())).unwrap_err().to_string();
            assert!(error.starts_with("environment variable CHANCE_KEY: is "), "{error}");
            assert!(!error.contains(&text));
        }
    }

    #[test]
    fn secrets_do_not_print() {
        assert!(
            !format!("{:?}", config(r#"{"shopify":["hush"]}"#, "[]").unwrap()).contains("hush")
        );
    }
}
