//! Published versions of a programme. A published version never changes; a change is the next version, with a date.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{account::Account, programme::Programme};

/// A programme as published.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Counted from 1.
    pub version: u32,
    /// In force from this instant until the next version's. The first version is in force since for ever.
    pub effective: Timestamp,
    /// What it says.
    pub programme: Arc<Programme>,
}

/// All published versions, oldest first; at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct Versions {
    first: Published,
    later: Vec<Published>,
}

impl Versions {
    /// The versions in order; `None` if there are none.
    pub fn new(published: Vec<Published>) -> Option<Self> {
        let mut all = published.into_iter();
        let first = all.next()?;
        Some(Self { first, later: all.collect() })
    }

    /// A single version, in force since for ever.
    pub fn single(programme: Programme) -> Self {
        let first =
            Published { version: 1, effective: Timestamp::MIN, programme: Arc::new(programme) };
        Self { first, later: Vec::new() }
    }

    /// The version in force at an instant: of those whose time has come, the one published last.
    pub fn at(&self, at: Timestamp) -> &Published {
        self.later.iter().rev().find(|version| version.effective <= at).unwrap_or(&self.first)
    }

    /// The version published first.
    pub fn first(&self) -> &Published {
        &self.first
    }

    /// The version of this number. None is ever deleted: `None` means that these versions were read before it was published.
    pub fn number(&self, version: u32) -> Option<&Published> {
        self.all().find(|published| published.version == version)
    }

    /// The number of a version that the account was written under and that is not among these: whoever decides must read
    /// the versions again, because another version's caps and rates would be a guess.
    pub fn missing_for(&self, account: &Account) -> Option<u32> {
        let held = account.holds.iter().map(|hold| hold.version);
        let counted = account.caps.keys().filter_map(|(_, counter)| {
            let (_, version) = counter.rsplit_once('@')?;
            version.parse().ok()
        });
        let sealed = account.gifts.iter().map(|gift| gift.version);
        held.chain(sealed).chain(counted).find(|version| self.number(*version).is_none())
    }

    /// The versions that may judge what belongs to `version`, in order: itself, and the later ones that came into force by
    /// `now`.
    ///
    /// The later ones only get a say where a rule of those before them fails: that is how a repair reaches what was parked.
    pub fn judges(&self, version: u32, now: Timestamp) -> impl Iterator<Item = &Published> {
        self.all().filter(move |v| {
            let later = v.version > version && v.effective <= now && self.is_ever_in_force(v);
            v.version == version || later
        })
    }

    /// Whether there is an instant at which a version is in force: not if one published after it takes its place before.
    pub fn is_ever_in_force(&self, version: &Published) -> bool {
        self.at(version.effective).version == version.version
    }

    /// The version published last, which may not be in force yet.
    pub fn newest(&self) -> &Published {
        self.later.last().unwrap_or(&self.first)
    }

    /// Every version, oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Published> {
        std::iter::once(&self.first).chain(&self.later)
    }
}
