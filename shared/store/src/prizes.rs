//! The prizes of a raffle, given to those who have them.

use guerdon_domain::{
    draw::{list::Entrant, record::Announced},
    id::MemberId,
    programme::Versions,
    raffle::award::{self, Award},
};
use jiff::Timestamp;

use crate::{
    Ledger, PostError, Posted, Request, StoreError,
    ledger::{ATTEMPTS_MAX, Begun},
};

/// A prize could not be given; those of the places before it were.
#[derive(Debug, thiserror::Error)]
#[error("the prize of place {place} could not be given")]
pub struct PrizeError {
    /// The place.
    pub place: u64,
    /// Why.
    #[source]
    pub source: PostError,
}

impl Ledger {
    /// Gives every prize of a raffle to its holder, each once, however often this is asked for: prizes and holders by place, as
    /// [`guerdon_domain::draw::record::Record::holders`] says. `random` is called for each fresh code.
    ///
    /// # Errors
    /// If a prize cannot be given: the next time begins there.
    pub async fn give_prizes(
        &self,
        announced: &Announced,
        holders: &[(&str, Option<Entrant>)],
        versions: &Versions,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<(), PrizeError> {
        let version = u32::try_from(announced.programme_version).unwrap_or(u32::MAX);
        for (place, (prize, holder)) in (1..).zip(holders) {
            let Some(entrant) = *holder else { continue };
            let (raffle, prize) = (announced.raffle.clone(), (*prize).to_owned());
            let award = Award { raffle, version, prize, place, entrant, codes: Vec::new() };
            let given = self.award_entrant(versions, &award, now, random).await;
            given.map_err(|source| PrizeError { place, source })?;
        }
        Ok(())
    }

    async fn award_entrant(
        &self,
        versions: &Versions,
        award: &Award,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<(), PostError> {
        // Whoever is no longer on the list takes no prize.
        if let Some(entry) = self.entrant(&award.raffle, award.entrant).await? {
            self.award(&entry.member, versions, award, now, random).await?;
        }
        Ok(())
    }

    /// Gives a prize of a raffle to a member, once for its place. The codes of `award` are brought here.
    pub async fn award(
        &self,
        member: &MemberId,
        versions: &Versions,
        award: &Award,
        now: Timestamp,
        random: &(dyn Fn() -> u64 + Sync),
    ) -> Result<Posted, PostError> {
        let request = &Request { operation: award.operation(), digest: award.prize.clone() };
        let sources = award.codes_needed(versions);
        for attempt in 0..ATTEMPTS_MAX {
            let loaded = match self.begin(attempt, request, member, versions, now).await? {
                Begun::Answered(posted) => return Ok(posted),
                Begun::Open(loaded) => loaded,
            };
            let codes = self.codes(&sources, random).await?;
            let award = Award { codes, ..award.clone() };
            let decided = award::decide(&loaded.account, versions, &award, now);
            if let Some(posted) = self.end(versions, &loaded, decided, request, now).await? {
                return Ok(posted);
            }
            self.strike_given(&sources, &award.codes).await?;
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX }.into())
    }
}
