//! A plan: which runs make the statements of a period.

use guerdon_domain::statement::{Period, PeriodLength};
use guerdon_store::StoreError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Run, Statements, Whose};

/// What to plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The period; the last month that is over, if none is named.
    #[serde(default)]
    period: Option<Period>,
    /// Into how many segments the ledger is parted.
    segments: u32,
}

/// The runs, one for each segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// The period; `None` if none is over.
    pub period: Option<Period>,
    /// What each run is invoked with.
    pub runs: Vec<Planning>,
}

/// What a run is invoked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planning {
    run: Run,
}

/// Segments that the ledger is parted into at most: a Distributed Map takes its items in a payload of 256 KiB.
const SEGMENTS_MAX: u32 = 1000;

impl Statements {
    /// Plans the runs of a period.
    pub async fn plan(&self, plan: &Plan, now: Timestamp) -> Result<Planned, StoreError> {
        let versions = self.edge.programmes.versions().await?;
        let last = || Period::last_complete(now, PeriodLength::Month, &versions);
        let period = plan.period.or_else(last);
        let segments = plan.segments.clamp(1, SEGMENTS_MAX);
        let run = |(period, segment)| {
            let whose = Whose::Segment { segment, segments, start: None };
            Planning { run: Run { period, whose } }
        };
        let runs = period.into_iter().flat_map(|period| (0..segments).map(move |n| (period, n)));
        Ok(Planned { period, runs: runs.map(run).collect() })
    }
}
