//! Bugs planted on purpose, one at a time, to show that the simulation finds them. Compiled out of every build but its own.

/// A bug that can be switched on in a build with the feature `planted`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bug {
    /// Entries are put without the condition that their name is unused.
    DropTheGuard,
    /// The rules are asked before the earlier answer is looked up.
    DecideBeforeLookUp,
    /// A refusal is believed, though the same request may have been posted between the two reads.
    RefuseWithoutLookingAgain,
    /// An earlier answer is given without a look at what was asked for.
    AnswerByNameAlone,
    /// What was done is remembered for a month, and not for ever.
    RememberForAMonth,
    /// The account is written without the condition on its version.
    DropTheVersion,
    /// The account is written in a call of its own, after the entries.
    TwoWrites,
    /// A transaction that lost a race is taken for done.
    ConflictIsDone,
    /// Items are read as some replica knows them.
    ReadStale,
    /// Stock is counted without a condition.
    UnconditionalStock,
    /// A code is taken from its pool without a condition.
    UnconditionalCode,
    /// The outcome of a mystery gift is given as it was decided, even if the last piece has gone meanwhile.
    UnclaimedOutcome,
    /// A mystery gift that was opened stays sealed.
    KeepTheOpened,
    /// Entries are taken after the raffle closed.
    EntryAfterTheClose,
    /// A list is frozen while entries may still be on their way to the table.
    FreezeWithoutGrace,
    /// A draw does not wait until all of the list is frozen.
    DrawBeforeFrozen,
    /// A raffle is written without the condition on its revision.
    DropTheRaffle,
    /// A ticket is drawn by a remainder.
    ModuloInsteadOfRejection,
    /// A prize is given to whoever was drawn, also if they were disqualified.
    PrizeToTheDrawn,
    /// A play takes the next number of its counter without a condition.
    CounterWithoutGuard,
    /// A prize of a game is given as it was decided, even if the last piece has gone meanwhile.
    PrizeWithoutCondition,
    /// A winning moment is taken without a condition.
    MomentWithoutGuard,
    /// The board of an auction is written without a condition.
    BoardWithoutGuard,
    /// What has become of a bid is read before the account that has it.
    ReadBoardFirst,
    /// An auction is decided the moment it closes.
    CloseWithoutGrace,
    /// The points of a bid that lost do not come back.
    LoseTheBid,
    /// News that move no points are not remembered.
    ForgetTheNote,
    /// An event that gives nothing is not remembered.
    ForgetTheEvent,
    /// An event that a rule failed on is answered, and not kept.
    ParkNowhere,
    /// The index of due accounts is not told of a nearer date.
    LoseTheDue,
    /// A release puts points into a lot with new dates.
    ReleaseIntoNewLot,
    /// Points are rounded for each line instead of once per rule.
    RoundPerLine,
    /// An order posts what it earns instead of the difference.
    PostTheWhole,
    /// The last news of an order wins, however old it is.
    LastNewsWins,
    /// The rules of today judge an order that earned under older ones.
    DropThePin,
    /// A capture gives the rest of the hold to nobody.
    LoseTheRest,
    /// The lots that expire last are spent first.
    SpendTheLastFirst,
    /// An expired lot can still be spent for a day.
    LateExpiry,
    /// A refund takes other points for those that have lapsed.
    TakeLapsedTwice,
}

impl Bug {
    /// Every bug.
    pub const ALL: [Self; 39] = [
        Self::DropTheGuard,
        Self::DecideBeforeLookUp,
        Self::RefuseWithoutLookingAgain,
        Self::AnswerByNameAlone,
        Self::RememberForAMonth,
        Self::DropTheVersion,
        Self::TwoWrites,
        Self::ConflictIsDone,
        Self::ReadStale,
        Self::UnconditionalStock,
        Self::UnconditionalCode,
        Self::UnclaimedOutcome,
        Self::KeepTheOpened,
        Self::EntryAfterTheClose,
        Self::FreezeWithoutGrace,
        Self::DrawBeforeFrozen,
        Self::DropTheRaffle,
        Self::ModuloInsteadOfRejection,
        Self::PrizeToTheDrawn,
        Self::CounterWithoutGuard,
        Self::PrizeWithoutCondition,
        Self::MomentWithoutGuard,
        Self::BoardWithoutGuard,
        Self::ReadBoardFirst,
        Self::CloseWithoutGrace,
        Self::LoseTheBid,
        Self::ForgetTheNote,
        Self::ForgetTheEvent,
        Self::ParkNowhere,
        Self::LoseTheDue,
        Self::ReleaseIntoNewLot,
        Self::RoundPerLine,
        Self::PostTheWhole,
        Self::LastNewsWins,
        Self::DropThePin,
        Self::LoseTheRest,
        Self::SpendTheLastFirst,
        Self::LateExpiry,
        Self::TakeLapsedTwice,
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
