//! What can go wrong in the store: the world failed (`StoreError`), or an operation was not posted (`PostError`).

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};
use guerdon_domain::{
    account::Overflow,
    draw::pages::WrongPage,
    programme::Fault,
    rejection::{Refusal, Rejection, RuleError, RuleFailure},
};

use crate::items::FORM;

/// DynamoDB failed, or holds something that is not an item of ours. Nothing is known to have changed; trying again is safe.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The call failed.
    #[error("the DynamoDB call {call} failed")]
    Call {
        /// Which call.
        call: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A stored item could not be read or written.
    #[error("malformed item")]
    Item(#[from] serde_dynamo::Error),
    /// A stored item says something that cannot be: nothing is decided on a guess.
    #[error("{what} has an unreadable {attribute}")]
    Corrupt {
        /// Which item.
        what: &'static str,
        /// Its attribute.
        attribute: &'static str,
    },
    /// A newer Guerdon wrote an item: this one is too old for it.
    #[error("{what} is stored in form {form}, and this version of Guerdon knows {FORM}")]
    NewerForm {
        /// Which item.
        what: &'static str,
        /// Its form.
        form: u32,
    },
    /// A request could not be built.
    #[error("malformed request")]
    Build(#[from] BuildError),
    /// An event cannot be written as JSON.
    #[error("an event cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// Other writers kept coming first.
    #[error("gave up after {attempts} conflicts")]
    Contended {
        /// How often it was tried.
        attempts: u32,
    },
    /// The index of a member's history lags behind the account, and did not catch up in time.
    #[error("the history does not have entry {sequence} yet")]
    Behind {
        /// The newest entry that is missing.
        sequence: u64,
    },
    /// There is no programme yet.
    #[error("no programme is published: run `guerdon programme publish FILE`")]
    NoProgramme,
    /// A published programme can no longer be read.
    #[error("version {version} of the programme cannot be read: {}", first(faults))]
    Programme {
        /// The version.
        version: u32,
        /// What this Guerdon finds wrong with it.
        faults: Vec<Fault>,
    },
    /// The entrants of a raffle changed while its list was frozen: something wrote to the table beside Guerdon.
    #[error("the entrants of raffle {raffle} changed while its list was frozen")]
    ListChanged {
        /// The raffle.
        raffle: String,
    },
    /// A page is not the one that was frozen.
    #[error(transparent)]
    Page(#[from] WrongPage),
    /// This function was not given the key of chance.
    #[error("this function has no key of chance: it needs CHANCE_KEY")]
    NoChanceKey,
    /// Something was decided under a version that is not among those given: read the versions again, and ask again.
    #[error("version {version} of the programme is not among those that were read")]
    UnknownVersion {
        /// The version.
        version: u32,
    },
    /// An account left the range of the ledger.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// The first of some faults, and how many more there are.
fn first(faults: &[Fault]) -> String {
    let Some(fault) = faults.first() else { return "for no known reason".to_owned() };
    let more = faults.len().saturating_sub(1);
    format!("line {}: {} (and {more} more)", fault.line, fault.message)
}

impl StoreError {
    /// A failed call, with its cause.
    pub(crate) fn call<E, R>(call: &'static str, error: SdkError<E, R>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        Self::Call { call, source: Box::new(error) }
    }
}

/// Why nothing was posted.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The rules refused.
    #[error("refused")]
    Refused(#[source] Refusal),
    /// The operation's name was used for a different request. Nothing changed.
    #[error("the idempotency key was used for a different request")]
    KeyReused,
    /// A rule could not be evaluated; the event has to be parked.
    #[error("a rule failed")]
    Rule(#[source] RuleError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for PostError {
    /// A version that is not known here is no refusal: nobody said no yet.
    fn from(refusal: Refusal) -> Self {
        match refusal.reason {
            Rejection::UnknownVersion { version } => StoreError::UnknownVersion { version }.into(),
            _ => Self::Refused(refusal),
        }
    }
}

impl From<RuleError> for PostError {
    /// A version that is not known here is no failure of a rule: nothing is parked for it.
    fn from(error: RuleError) -> Self {
        match error.cause {
            RuleFailure::UnknownVersion => {
                StoreError::UnknownVersion { version: error.version }.into()
            }
            RuleFailure::Overflow(_) | RuleFailure::Condition(_) => Self::Rule(error),
        }
    }
}
