//! The public beacon: drand's quicknet over HTTP. Nothing that a source says is believed before its signature is checked.

use std::time::Duration;

use guerdon_domain::draw::beacon::{Beacon, CHAIN};
use serde::Deserialize;

/// The round cannot be had from here now: the draw waits.
#[derive(Debug, thiserror::Error)]
pub enum BeaconError {
    /// The source cannot be reached, or has no such round yet.
    #[error("round {round} cannot be had from {url}")]
    Unavailable {
        /// The round.
        round: u64,
        /// What was asked.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The source's answer is not quicknet's.
    #[error("what {url} gives for round {round} is not quicknet's: {fault}")]
    Wrong {
        /// The round.
        round: u64,
        /// What was asked.
        url: String,
        /// What is wrong with it.
        fault: Box<guerdon_domain::draw::check::Fault>,
    },
    /// The client cannot be made.
    #[error("no HTTP client")]
    Client(#[source] reqwest::Error),
}

/// A source of the beacon.
#[derive(Debug, Clone)]
pub struct Source {
    url: String,
    client: reqwest::Client,
}

#[derive(Deserialize)]
struct Answer {
    round: u64,
    signature: String,
}

impl Source {
    /// A source at this address, such as `https://api.drand.sh`.
    pub fn new(url: &str) -> Result<Self, BeaconError> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .build()
            .map_err(BeaconError::Client)?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), client })
    }

    /// What the beacon published for a round.
    ///
    /// # Errors
    /// If it cannot be had, or is not signed by quicknet. Another round is no answer.
    pub async fn round(&self, round: u64) -> Result<Beacon, BeaconError> {
        let url = format!("{}/{CHAIN}/public/{round}", self.url);
        let unavailable = |source| BeaconError::Unavailable { round, url: url.clone(), source };
        let response = self.client.get(&url).send().await.map_err(unavailable)?;
        let response = response.error_for_status().map_err(unavailable)?;
        let bytes = response.bytes().await.map_err(unavailable)?;
        let wrong = |fault| BeaconError::Wrong { round, url: url.clone(), fault: Box::new(fault) };
        let signature = guerdon_domain::draw::check::Fault::Signature(round);
        let answer: Answer =
            serde_json::from_slice(&bytes).map_err(|_| wrong(signature.clone()))?;
        if answer.round != round {
            return Err(wrong(signature));
        }
        guerdon_verifier::beacon::received(round, &answer.signature).map_err(wrong)
    }
}
