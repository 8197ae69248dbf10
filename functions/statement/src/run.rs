//! A run: every member of a segment gets their statement of a period, made once and sent once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures_util::{StreamExt as _, stream};
use guerdon_archive::{ArchiveError, Kept};
use guerdon_domain::{id::MemberId, programme::Versions, statement::Period};
use guerdon_edge::{Stale as _, causes};
use guerdon_store::{Ledger, Record, StoreError};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::task::JoinError;

use crate::{
    Statements,
    made::{Known, MakeError},
    mail::Mail,
    report::{Failed, Report},
    send::{SendError, Sent},
    written::{WritingError, Written},
};

/// Members whose statements are under way at a time.
const AT_ONCE: usize = 16;
/// How long before its time limit a run begins no more members.
const TO_SPARE: SignedDuration = SignedDuration::from_secs(40);

/// What to do: all members of a segment, or some by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Run {
    /// The period; it must be over.
    pub period: Period,
    /// Whose.
    #[serde(flatten)]
    pub whose: Whose,
}

/// Whose statements a run makes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Whose {
    /// Those of a segment of the ledger.
    Segment {
        /// Which, from 0.
        segment: u32,
        /// Of how many.
        segments: u32,
        /// Where an earlier run said to go on.
        #[serde(default)]
        start: Option<String>,
    },
    /// Those of these members: what failed, once more.
    Members {
        /// The members.
        members: Vec<MemberId>,
    },
}

/// A run could not begin, or not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The ledger failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The period is not over.
    #[error("the statements of {0} can be sent when it is over and everything of it is written")]
    NotOver(Period),
    /// There is no such segment.
    #[error("there is no segment {segment} of {segments}")]
    Segment {
        /// Which.
        segment: u32,
        /// Of how many.
        segments: u32,
    },
}

/// One member's statement failed; the others do not.
#[derive(Debug, thiserror::Error)]
enum OneError {
    #[error(transparent)]
    Make(#[from] MakeError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error("the statement cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    /// Whoever wrote it panicked: that is one statement, and no reason to end the run.
    #[error("the statement was not written to its end")]
    Broken(#[from] JoinError),
}

impl From<WritingError> for OneError {
    fn from(error: WritingError) -> Self {
        match error {
            WritingError::Make(error) => Self::Make(error),
            WritingError::Json(error) => Self::Json(error),
        }
    }
}

impl OneError {
    /// Why, without what the mail's service says, which may name an address.
    fn why(&self) -> String {
        match self {
            Self::Send(error @ SendError::Refused(refused)) => {
                let code = refused.meta().code().unwrap_or("for no known reason");
                format!("{error}: {code}")
            }
            error => causes(error),
        }
    }

    /// What failed, for a log.
    fn kind(&self) -> &'static str {
        match self {
            Self::Make(MakeError::Store(_)) => "the ledger",
            Self::Make(MakeError::Statement(_)) => "the statement does not add up",
            Self::Json(_) | Self::Broken(_) => "the statement cannot be written",
            Self::Archive(_) | Self::Send(SendError::Archive(_)) => "the archive",
            Self::Send(_) => "the mail's service",
        }
    }

    fn is_stale(&self) -> bool {
        matches!(self, Self::Make(error) if error.is_stale())
    }
}

/// Whether there is no time to begin another member.
type Late<'a> = &'a (dyn Fn() -> bool + Sync);

/// Why a member failed for whom there was no time.
const OUT_OF_TIME: &str = "there was no time for it";

/// The members of a page whose statement is not made.
#[derive(Default)]
struct Undone {
    /// They have to be made again, under newer versions.
    stale: Vec<MemberId>,
    /// There was no time for them.
    left: Vec<MemberId>,
}

/// What came of one member.
enum Outcome {
    /// They had no account in the period.
    NotThere,
    Kept(Kept, Posted),
}

/// What came of their mail.
enum Posted {
    Sent(Sent),
    Unsent(&'static str),
}

impl Statements {
    /// Makes and sends statements until the segment, or the time, is over.
    pub async fn run(
        &self,
        run: &Run,
        now: Timestamp,
        clock: impl Fn() -> Timestamp + Sync,
        deadline: Timestamp,
    ) -> Result<Report, RunError> {
        // The first member is always begun, or a run that starts late would never come to an end.
        let first = AtomicBool::new(true);
        let late = || {
            let over = clock().saturating_add(TO_SPARE).unwrap_or(Timestamp::MAX) >= deadline;
            !first.swap(false, Ordering::Relaxed) && over
        };
        // Sixteen members under way are much to keep in every caller's own future.
        Box::pin(self.run_through(run, now, &late)).await
    }

    async fn run_through(
        &self,
        run: &Run,
        now: Timestamp,
        late: Late<'_>,
    ) -> Result<Report, RunError> {
        self.edge.programmes.forget();
        let mut known = self.known(run.period, now).await?;
        if !known.bounds.are_over(now) {
            return Err(RunError::NotOver(run.period));
        }
        let mut report = Report::default();
        match &run.whose {
            Whose::Members { members } => {
                let records = stream::iter(members.iter().cloned())
                    .map(async |member| {
                        let record = self.edge.ledger.record_of(&member).await;
                        (member, record)
                    })
                    .buffer_unordered(AT_ONCE)
                    .collect::<Vec<_>>();
                for member in self.page(&mut known, records.await, &mut report, late).await? {
                    report.failed.push(Failed { member, why: OUT_OF_TIME.to_owned() });
                }
            }
            Whose::Segment { segment, segments, start } => {
                let (segment, segments) = (*segment, *segments);
                if segment >= segments {
                    return Err(RunError::Segment { segment, segments });
                }
                report.next.clone_from(start);
                let read = async |start: Option<&str>| {
                    self.edge.ledger.members(segment, segments, start).await
                };
                let mut ahead = Some(read(start.as_deref()).await?);
                while let Some(page) = ahead {
                    let order: Vec<_> =
                        page.members.iter().map(|(member, _)| member.clone()).collect();
                    // The page after it is read meanwhile.
                    let after = async {
                        match &page.next {
                            Some(start) => read(Some(start)).await.map(Some),
                            None => Ok(None),
                        }
                    };
                    let done = self.page(&mut known, page.members, &mut report, late);
                    let (left, after) = tokio::join!(done, after);
                    let left = left?;
                    // They are begun in order: those for whom there was no time are the last of the page.
                    if !left.is_empty() {
                        let done = order.iter().take_while(|member| !left.contains(member)).last();
                        report.next = done.map(Ledger::place_after).or(report.next);
                        report.stopped_early = true;
                        break;
                    }
                    report.next = page.next;
                    if report.next.is_none() || late() {
                        report.stopped_early = report.next.is_some();
                        break;
                    }
                    // This page is done and told of: whoever goes on reads the next one again, and fails if it still cannot be.
                    ahead = after.unwrap_or_else(|error| {
                        tracing::warn!(
                            error = causes(&error),
                            "a run stops for a page that it cannot read"
                        );
                        report.stopped_early = true;
                        None
                    });
                }
            }
        }
        self.keep(run, &report, now).await;
        let Report { made, already, sent, sent_before, .. } = report;
        let (failed, unsure) = (report.failed.len(), report.unsure.len());
        // An alarm counts what this line says.
        tracing::info!(made, already, sent, sent_before, failed, unsure, "statements");
        Ok(report.shortened())
    }

    /// Keeps a report that names somebody: a run may be one of many, whose answers nobody reads.
    async fn keep(&self, run: &Run, report: &Report, now: Timestamp) {
        if report.failed.is_empty() && report.unsure.is_empty() {
            return;
        }
        let whose = match &run.whose {
            Whose::Segment { segment, .. } => format!("segment-{segment}"),
            Whose::Members { .. } => "members".to_owned(),
        };
        let name =
            format!("{whose}-{}-{:08x}.json", now.as_millisecond(), guerdon_edge::random() >> 32);
        let text = serde_json::to_string(report).unwrap_or_default();
        let kept = self.archive.keep(&["reports", &run.period.to_string(), &name], text).await;
        if let Err(error) = kept {
            tracing::error!(error = causes(&error), "a report is not kept");
        }
    }

    /// What is the same for every statement, read now.
    async fn known(&self, period: Period, now: Timestamp) -> Result<Arc<Known>, StoreError> {
        let versions: Arc<Versions> = self.edge.programmes.versions().await?;
        Ok(Arc::new(Known::read(&self.edge, versions, period, now).await?))
    }

    /// The statements of some members, several at a time. Those that meet a version that was published meanwhile are made
    /// again under it. The members for whom there was no time.
    async fn page(
        &self,
        known: &mut Arc<Known>,
        members: Vec<(MemberId, Result<Record, StoreError>)>,
        report: &mut Report,
        late: Late<'_>,
    ) -> Result<Vec<MemberId>, StoreError> {
        let Undone { stale, left } = self.each(known, members, report, late, false).await;
        if !stale.is_empty() {
            self.edge.programmes.forget();
            *known = self.known(known.period, known.now).await?;
            let mut again = Vec::new();
            for member in stale {
                let record = self.edge.ledger.record_of(&member).await;
                again.push((member, record));
            }
            self.each(known, again, report, late, true).await;
        }
        Ok(left)
    }

    /// Makes statements; the members whose statement is not made.
    async fn each(
        &self,
        known: &Arc<Known>,
        members: Vec<(MemberId, Result<Record, StoreError>)>,
        report: &mut Report,
        late: Late<'_>,
        last: bool,
    ) -> Undone {
        let mut undone = Undone::default();
        let mut outcomes = stream::iter(members)
            .map(|(member, record)| {
                Box::pin(async move {
                    // Nobody is begun for whom there may be no time: a mail that is cut off is one that nobody knows about.
                    if !last && late() {
                        return (member, None);
                    }
                    let outcome = Some(self.one(known, &member, record).await);
                    (member, outcome)
                })
            })
            .buffer_unordered(AT_ONCE);
        while let Some((member, outcome)) = outcomes.next().await {
            match outcome {
                None => undone.left.push(member),
                Some(Err(error)) if error.is_stale() && !last => undone.stale.push(member),
                Some(outcome) => report.note(member, outcome),
            }
        }
        undone
    }

    /// Makes, keeps and sends the statement of one member.
    async fn one(
        &self,
        known: &Arc<Known>,
        member: &MemberId,
        record: Result<Record, StoreError>,
    ) -> Result<Outcome, OneError> {
        let record = record.map_err(MakeError::from)?;
        let material = known.material(&self.edge, member, record).await.map_err(MakeError::from)?;
        if !material.is_before(known.bounds.until) {
            return Ok(Outcome::NotThere);
        }
        let write = {
            let (known, member) = (Arc::clone(known), member.clone());
            move || Written::of(&known, &member, material)
        };
        // A third of a run is spent there: on another thread, where there is one.
        let Written { data, mail } = tokio::task::spawn_blocking(write).await??;
        let period = known.period.to_string();
        let name = format!("{member}.json");
        let kept = self.archive.keep(&["statements", &period, &name], data).await?;
        let posted = match mail {
            Ok(mail) if self.still_wants(member, &mail).await? => {
                Posted::Sent(self.sender.send(known.period, member, mail).await?)
            }
            Ok(_) => Posted::Unsent("changed"),
            Err(unsent) => Posted::Unsent(unsent),
        };
        Ok(Outcome::Kept(kept, posted))
    }

    /// Whether a mail may go where it is addressed to, now: since their page was read a member may have withdrawn, or be erased.
    async fn still_wants(&self, member: &MemberId, mail: &Mail) -> Result<bool, MakeError> {
        let profile = self.edge.ledger.profile(member).await?;
        Ok(profile.statement_to().is_ok_and(|to| *to == mail.to))
    }
}

impl Report {
    fn note(&mut self, member: MemberId, outcome: Result<Outcome, OneError>) {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                // Whose it was and what the bucket said of it, the report says; a log names no member.
                tracing::error!(error = error.kind(), "a statement failed");
                self.failed.push(Failed { member, why: error.why() });
                return;
            }
        };
        let Outcome::Kept(kept, posted) = outcome else { return };
        let count = match kept {
            Kept::New => &mut self.made,
            Kept::Already => &mut self.already,
        };
        *count = count.saturating_add(1);
        let count = match posted {
            Posted::Sent(Sent::Now) => &mut self.sent,
            Posted::Sent(Sent::Before) => &mut self.sent_before,
            Posted::Sent(Sent::Unsure) => return self.unsure.push(member),
            Posted::Unsent(why) => self.unsent.entry(why).or_default(),
        };
        *count = count.saturating_add(1);
    }
}
