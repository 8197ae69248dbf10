//! What tests of the whole need: a Lambda runtime API, a proxy in front of DynamoDB, a queue, samples.

pub mod aws;
pub mod binaries;
pub mod dynamodb;
pub mod http;
pub mod lambda;
pub mod queue;
pub mod samples;
pub mod sign;
pub mod stack;
pub mod tables;
pub mod world;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The root of the repository.
///
/// # Panics
/// If this crate does not lie in one.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the repository")
        .to_owned()
}

/// Polls until `ready` gives something.
///
/// # Panics
/// If it does not within half a minute.
pub async fn eventually<T>(what: &str, mut ready: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = ready().await {
            return found;
        }
        assert!(Instant::now() < deadline, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
