//! The handler of the `upkeep` function: settles every account for which something is due, closes auctions, ends the bids
//! that have won or lost, and ranks the leaderboard once an hour.
//!
//! What is due leaves the index as it is settled, so a run that is cut off is resumed by the next one starting over, and two
//! runs at once only race for the same accounts.

use std::collections::BTreeSet;

use guerdon_edge::Edge;
use guerdon_store::{Ledger, PostError, Ranking, StoreError};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// Members read from a partition of the index at a time.
const PAGE: i32 = 100;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Accounts settled.
    pub settled: u64,
    /// Accounts that nothing was due for any more.
    pub untouched: u64,
    /// Bids that were spent, or given back.
    pub bids: u64,
    /// Members of the leaderboard that were ranked; none if that was done within the hour.
    pub ranked: u64,
    /// Whether the run stopped early because its time was up; the next one goes on.
    pub stopped_early: bool,
}

/// Some accounts could not be settled, bids ended, or the leaderboard ranked; all else was.
#[derive(Debug, thiserror::Error)]
#[error("{failed} accounts could not be settled, bids ended, or leaderboards ranked; {} and {} were settled and ended", report.settled, report.bids)]
pub struct UpkeepError {
    /// How many.
    pub failed: u64,
    /// What went well.
    pub report: Report,
    /// The last failure.
    #[source]
    pub last: PostError,
}

/// When a run has to end, by the deadline that the runtime gives (Unix milliseconds).
///
/// AWS never starts an invocation after its deadline. `cargo lambda` gives one in 1970: that is none, or no run would begin.
pub fn deadline(milliseconds: u64, now: Timestamp) -> Timestamp {
    let deadline = i64::try_from(milliseconds).ok();
    let deadline = deadline.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    deadline.filter(|deadline| *deadline > now).unwrap_or(Timestamp::MAX)
}

/// Settles what is due at `now`. `clock` tells when to stop; a run ends by itself at `deadline`.
pub async fn handle(
    edge: &Edge,
    now: Timestamp,
    clock: impl Fn() -> Timestamp,
    deadline: Timestamp,
) -> Result<Report, UpkeepError> {
    let mut report = Report::default();
    let mut failed = 0_u64;
    let mut last = None;
    // Read anew: a sweep is seldom, and must know whatever version an account was written under.
    edge.programmes.forget();
    let versions = match edge.programmes.versions().await {
        Ok(versions) => versions,
        Err(StoreError::NoProgramme) => return Ok(report),
        Err(error) => return Err(UpkeepError { failed: 1, report, last: error.into() }),
    };
    'shards: for shard in Ledger::due_shards() {
        let mut skipped = BTreeSet::new();
        loop {
            if clock() + SignedDuration::from_secs(5) >= deadline {
                report.stopped_early = true;
                break 'shards;
            }
            let limit = PAGE + i32::try_from(skipped.len()).unwrap_or(PAGE);
            let due = match edge.ledger.due(shard, now, limit).await {
                Ok(due) => due,
                Err(error) => {
                    failed += 1;
                    last = Some(PostError::from(error));
                    continue 'shards;
                }
            };
            let fresh: Vec<_> =
                due.into_iter().filter(|member| !skipped.contains(member)).collect();
            if fresh.is_empty() {
                break;
            }
            for member in fresh {
                match edge.ledger.settle(&member, &versions, now).await {
                    Ok(true) => report.settled += 1,
                    Ok(false) => report.untouched += 1,
                    Err(error) => {
                        tracing::error!(
                            error = guerdon_edge::causes(&error),
                            "an account is not settled"
                        );
                        failed += 1;
                        last = Some(error.into());
                    }
                }
                // The index follows the table a moment later: what was seen once is not looked at again in this run.
                skipped.insert(member);
            }
        }
    }
    let stop = || clock() + SignedDuration::from_secs(5) >= deadline;
    match edge.ledger.sweep_auctions(&versions, now, &guerdon_edge::random, &stop).await {
        Ok(swept) => {
            report.bids = swept.ended;
            report.stopped_early |= swept.stopped;
            for error in swept.failed {
                tracing::error!(error = guerdon_edge::causes(&error), "a bid is not ended");
                failed += 1;
                last = Some(error);
            }
        }
        Err(error) => {
            failed += 1;
            last = Some(error.into());
        }
    }
    match edge.ledger.rank_leaders(&versions.at(now).programme, now, stop).await {
        Ok(Ranking::Done(members)) => report.ranked = members,
        Ok(Ranking::Recent) => {}
        Ok(Ranking::Stopped) => report.stopped_early = true,
        Err(error) => {
            tracing::error!(error = guerdon_edge::causes(&error), "the leaderboard is not ranked");
            failed += 1;
            last = Some(error.into());
        }
    }
    let Report { settled, untouched, bids, ranked, .. } = report;
    tracing::info!(settled, untouched, bids, ranked, failed, "upkeep");
    match last {
        None => Ok(report),
        Some(last) => Err(UpkeepError { failed, report, last }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_that_was_over_before_the_start_is_none() {
        let now: Timestamp = "2026-01-09T04:00:00Z".parse().unwrap();
        let soon = "2026-01-09T04:04:00Z".parse().unwrap();
        assert_eq!(deadline(1_767_931_440_000, now), soon);
        assert_eq!(deadline(600_000, now), Timestamp::MAX, "as `cargo lambda watch` says it");
        assert_eq!(deadline(u64::MAX, now), Timestamp::MAX);
    }
}
