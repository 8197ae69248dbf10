//! The steps of a raffle. Each does what is due by now and no more, so it may be fired twice, late, out of order, or by two at once.

use guerdon_archive::ArchiveError;
use guerdon_domain::{
    draw::{self, list::Entrant, record::NotDisqualified},
    programme::Versions,
    raffle::stage::{Announcement, Stage},
};
use guerdon_store::{Frozen, PrizeError, RaffleState, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::{Raffles, beacon::BeaconError, schedules::ScheduleError, vault::VaultError};

/// How long before its time limit a run stops freezing.
const TO_SPARE: SignedDuration = SignedDuration::from_secs(20);
/// How often a raffle that others write is read again.
const ATTEMPTS_MAX: u32 = 10;

/// A step could not be taken; the next run tries again.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A prize could not be given.
    #[error(transparent)]
    Prize(#[from] PrizeError),
    /// The seed could not be had.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The record could not be copied.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A schedule could not be made.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// The beacon could not be had: the draw waits.
    #[error("the draw waits for the beacon that was promised")]
    Beacon(#[from] BeaconError),
    /// The seed is not the one that was committed to.
    #[error("the seed of raffle {0} is not the one that was committed to: it cannot be drawn")]
    Seed(String),
    /// The raffle closed before it was ever announced.
    #[error("raffle {0} closed before its commitment was published: it cannot be drawn")]
    Unannounced(String),
    /// There is no such raffle.
    #[error("there is no raffle {0}")]
    Unknown(String),
    /// The raffle is not drawn yet.
    #[error("raffle {0} is not drawn yet")]
    NotDrawn(String),
    /// Nobody is disqualified.
    #[error(transparent)]
    Disqualify(#[from] NotDisqualified),
    /// Others wrote the raffle all the time.
    #[error("raffle {0} was written by others {ATTEMPTS_MAX} times in a row")]
    Contended(String),
}

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The stage.
    pub stage: Stage,
    /// Whether it stopped because its time was up.
    pub stopped: bool,
}

impl Raffles {
    /// Takes every step of a raffle that is due at `now`. `clock` tells when to stop; a run ends by itself at `deadline`.
    pub async fn advance(
        &self,
        raffle: &str,
        now: Timestamp,
        clock: impl Fn() -> Timestamp,
        deadline: Timestamp,
    ) -> Result<Reached, StepError> {
        let versions = self.edge.programmes.versions().await?;
        let stop = || clock().saturating_add(TO_SPARE).unwrap_or(Timestamp::MAX) >= deadline;
        let mut lost = 0;
        while lost < ATTEMPTS_MAX {
            let mut state = match self.edge.ledger.raffle(raffle).await? {
                Some(state) => state,
                None => self.announce(raffle, &versions, now).await?,
            };
            let Some(next) = state.announcement.next(state.stage, now) else {
                return Ok(Reached { stage: state.stage, stopped: false });
            };
            let moved = match next {
                Stage::Announced | Stage::Open | Stage::Closed => {
                    self.edge.ledger.move_raffle(&mut state, |state| state.stage = next).await?
                }
                Stage::Frozen => match self.edge.ledger.freeze(&mut state, stop).await? {
                    Frozen::Done => true,
                    Frozen::LostRace => false,
                    Frozen::Stopped => {
                        return Ok(Reached { stage: state.stage, stopped: true });
                    }
                },
                Stage::Drawn => self.draw(&mut state).await?,
                Stage::Published => self.publish(&mut state, &versions, now).await?,
            };
            lost = if moved { 0 } else { lost.saturating_add(1) };
            if moved {
                tracing::info!(raffle, stage = state.stage.name(), "a raffle moved on");
            }
        }
        Err(StepError::Contended(raffle.to_owned()))
    }

    /// Takes the steps that are due of every raffle there is. One that fails does not keep the others from theirs.
    pub async fn sweep(
        &self,
        now: Timestamp,
        clock: impl Fn() -> Timestamp,
        deadline: Timestamp,
    ) -> Result<Vec<(String, Result<Reached, StepError>)>, StoreError> {
        // Read anew: a sweep is seldom, and is what announces the raffles of a new version.
        self.edge.programmes.forget();
        let versions = match self.edge.programmes.versions().await {
            Ok(versions) => versions,
            Err(StoreError::NoProgramme) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut raffles: Vec<String> = Vec::new();
        for raffle in versions.all().flat_map(|version| &version.programme.raffles) {
            if !raffles.contains(&raffle.id) {
                raffles.push(raffle.id.clone());
            }
        }
        let mut reached = Vec::new();
        for raffle in raffles {
            let came = self.advance(&raffle, now, &clock, deadline).await;
            if let Err(error) = &came {
                tracing::error!(raffle, error = guerdon_edge::causes(error), "a raffle waits");
            }
            reached.push((raffle, came));
        }
        Ok(reached)
    }

    /// Announces a raffle: its seed is made and committed to, its schedules are made.
    async fn announce(
        &self,
        raffle: &str,
        versions: &Versions,
        now: Timestamp,
    ) -> Result<RaffleState, StepError> {
        let version = versions.all().filter(|version| version.programme.raffle(raffle).is_some());
        let (version, declared) = version
            .last()
            .and_then(|version| Some((version.version, version.programme.raffle(raffle)?)))
            .ok_or_else(|| StepError::Unknown(raffle.to_owned()))?;
        // Whoever commits to a seed when the list is known may have chosen it.
        if now >= declared.closes {
            return Err(StepError::Unannounced(raffle.to_owned()));
        }
        let seed = self.vault.seed(raffle).await?;
        let announcement = Announcement::new(declared, version, &seed);
        // Before the raffle is: a run that crashes in between makes them again.
        self.schedules.make(&announcement).await?;
        Ok(self.edge.ledger.announce(announcement).await?)
    }

    /// Draws a frozen raffle; whether its record was written.
    async fn draw(&self, state: &mut RaffleState) -> Result<bool, StepError> {
        let raffle = state.id().to_owned();
        let seed = self.vault.seed(&raffle).await?;
        if draw::commitment(&seed) != state.announcement.commitment {
            return Err(StepError::Seed(raffle));
        }
        let beacon = match state.announcement.round {
            Some(round) => Some(self.beacon.round(round).await?),
            None => None,
        };
        let Some(record) = self.edge.ledger.draw(state, seed, beacon).await? else {
            return Ok(false);
        };
        Ok(self.edge.ledger.put_record(state, &record).await?)
    }

    /// Copies the record, and gives every prize to whoever has it now, once; then the raffle is done.
    async fn publish(
        &self,
        state: &mut RaffleState,
        versions: &Versions,
        now: Timestamp,
    ) -> Result<bool, StepError> {
        let not_drawn = || StepError::NotDrawn(state.id().to_owned());
        let record = self.edge.ledger.record(state).await?.ok_or_else(not_drawn)?;
        // Never written over: what is there under its digest is the same.
        let edition = format!("{}.json", record.digest());
        self.archive.keep(&[&record.announced.raffle, &edition], record.canonical()).await?;
        let (ledger, random) = (&self.edge.ledger, &guerdon_edge::random);
        ledger.give_prizes(&record.announced, &record.holders()?, versions, now, random).await?;
        self.vault.revealed(state.id()).await;
        let published = |state: &mut RaffleState| state.stage = Stage::Published;
        Ok(self.edge.ledger.move_raffle(state, published).await?)
    }

    /// Disqualifies one who was drawn, with a reason that everybody reads: their prize goes to the next alternate. What they were
    /// given already stays theirs; staff may take it back by an adjustment.
    ///
    /// The raffle is as after its draw then: its next step copies the record and gives the prize.
    pub async fn disqualify(
        &self,
        raffle: &str,
        entrant: Entrant,
        reason: &str,
        now: Timestamp,
    ) -> Result<Option<Entrant>, StepError> {
        let at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        for _ in 0..ATTEMPTS_MAX {
            let state = self.edge.ledger.raffle(raffle).await?;
            let mut state = state.ok_or_else(|| StepError::Unknown(raffle.to_owned()))?;
            let not_drawn = || StepError::NotDrawn(raffle.to_owned());
            let mut record = self.edge.ledger.record(&state).await?.ok_or_else(not_drawn)?;
            let replaced_by = record.disqualify(entrant, reason.to_owned(), at)?;
            if self.edge.ledger.put_record(&mut state, &record).await? {
                return Ok(replaced_by);
            }
        }
        Err(StepError::Contended(raffle.to_owned()))
    }
}
