//! Bugs planted on purpose, one at a time, to show that the simulation finds them. Compiled out of every build but its own.

/// A bug that can be switched on in a build with the feature `planted`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bug {
    /// Entries are put without the condition that their name is unused.
    DropTheGuard,
    /// The rules are asked before the earlier answer is looked up.
    DecideBeforeLookUp,
    /// An operation's name is forgotten after a day.
    WindowInsteadOfForEver,
    /// The account is written without the condition on its version.
    DropTheVersion,
    /// A release puts points into a lot with new dates.
    ReleaseIntoNewLot,
    /// Points are rounded for each line instead of once per rule.
    RoundPerLine,
    /// Stock is counted without a condition.
    UnconditionalStock,
    /// An order posts what it earns instead of the difference.
    PostTheWhole,
    /// The last news of an order wins, however old it is.
    LastNewsWins,
    /// The account is written in a call of its own, after the entries.
    TwoWrites,
    /// The rules of today judge an order that earned under older ones.
    DropThePin,
    /// A capture gives the rest of the hold to nobody.
    LoseTheRest,
    /// The lots that expire last are spent first.
    SpendTheLastFirst,
    /// A code is taken from its pool without a condition.
    UnconditionalCode,
    /// An expired lot can still be spent for a day.
    LateExpiry,
}

impl Bug {
    /// Every bug.
    pub const ALL: [Self; 15] = [
        Self::DropTheGuard,
        Self::DecideBeforeLookUp,
        Self::WindowInsteadOfForEver,
        Self::DropTheVersion,
        Self::ReleaseIntoNewLot,
        Self::RoundPerLine,
        Self::UnconditionalStock,
        Self::PostTheWhole,
        Self::LastNewsWins,
        Self::TwoWrites,
        Self::DropThePin,
        Self::LoseTheRest,
        Self::SpendTheLastFirst,
        Self::UnconditionalCode,
        Self::LateExpiry,
    ];
}

#[cfg(feature = "planted")]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Bug>> = const { std::cell::Cell::new(None) };
}

/// Switches a bug on for this thread, or all off.
#[cfg(feature = "planted")]
pub fn plant(bug: Option<Bug>) {
    PLANTED.set(bug);
}

/// Whether `bug` is switched on.
#[cfg(feature = "planted")]
pub fn is(bug: Bug) -> bool {
    PLANTED.get() == Some(bug)
}

/// Whether `bug` is switched on: never, in a build without the feature.
#[cfg(not(feature = "planted"))]
#[inline]
pub const fn is(_: Bug) -> bool {
    false
}
