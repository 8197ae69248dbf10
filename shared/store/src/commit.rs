//! Turns a decision into one DynamoDB transaction, and its failure into what it means. Alone spells condition expressions.

use aws_sdk_dynamodb::{
    operation::{
        put_item::{PutItemError, builders::PutItemFluentBuilder},
        transact_write_items::TransactWriteItemsError,
    },
    types::{AttributeValue, Delete, Put, TransactWriteItem, Update},
};
use guerdon_domain::{
    chance::ChanceKey,
    decision::{Claim, Decision},
    draw::list::Entrant,
    id::{MemberId, Operation},
    planted::{self, Bug},
    rejection::Rejection,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    StoreError,
    items::{
        AccountItem, BidItem, BoardItem, CodeItem, CounterItem, EntrantItem, EntryItem, GrantItem,
        Item, LeaderItem, MomentItem, NoteItem, ProfileItem, to_item,
    },
    keys::Key,
};

/// The condition of everything that may be written once only.
pub(crate) const ABSENT: &str = "attribute_not_exists(pk)";

/// The condition of writing a page of a frozen list: it is not there, or the same.
pub(crate) const ABSENT_OR_SAME: &str = "attribute_not_exists(pk) OR page = :page";

/// The condition of writing a raffle: nobody wrote it since it was read.
pub(crate) const UNCHANGED: &str = "revision = :expected";

/// The condition of writing the leaderboard: it was not ranked later.
pub(crate) const NOT_NEWER: &str = "attribute_not_exists(pk) OR ranked_at < :ranked_at";

/// The condition of giving a code: it is not known yet, or waits in a pool.
const NOT_GIVEN: &str = "attribute_not_exists(pk) OR attribute_exists(in_pool)";

/// The tables' names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// Accounts, entries, grants.
    pub ledger: String,
    /// Versions, stock, codes.
    pub programme: String,
    /// What chance needs: entrants, frozen lists, records of draws, counters of plays.
    pub raffle: String,
}

/// Sends a put that has a condition; whether it was met.
pub(crate) async fn sent(put: PutItemFluentBuilder) -> Result<bool, StoreError> {
    match put.send().await {
        Ok(_) => Ok(true),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
        {
            Ok(false)
        }
        Err(error) => Err(StoreError::call("PutItem", error)),
    }
}

/// One write of a transaction, and what it means if its condition fails.
pub(crate) struct Write {
    pub(crate) item: TransactWriteItem,
    /// The refusal; `None` means that another writer came first.
    pub(crate) refusal: Option<Rejection>,
}

/// The writes of a decision, to be applied together.
pub(crate) fn writes(
    (tables, chance): (&Tables, Option<&ChanceKey>),
    decision: &Decision,
    named: Option<(&Operation, &str)>,
    due: Option<Timestamp>,
    now: Timestamp,
) -> Result<Vec<Write>, StoreError> {
    let member = &decision.account.member;
    let account = to_item(&AccountItem::new(&decision.account, due))?;
    let mut writes = vec![guard(put_version(&tables.ledger, account, decision.expected)?)];
    let order = decision.order.as_ref().map(|(id, state)| (Operation::order(id), state));
    let carries = order.as_ref().and_then(|(operation, _)| {
        decision.entries.iter().rposition(|entry| entry.operation == *operation)
    });
    for (position, entry) in decision.entries.iter().enumerate() {
        let first = named
            .filter(|(operation, _)| entry.operation == **operation && entry.index == 0)
            .map(|(operation, digest)| {
                let then = decision.then(operation);
                (digest, then.map(|entry| (entry.operation.clone(), entry.index)).collect())
            });
        let state =
            order.as_ref().filter(|_| carries == Some(position)).map(|(_, state)| (*state).clone());
        let item = EntryItem::new(member, entry, first, state);
        writes.push(guard(put_new(&tables.ledger, to_item(&item)?)?));
        if let Some(grant) = GrantItem::of(member, entry) {
            writes.push(guard(put_new(&tables.ledger, to_item(&grant)?)?));
        }
    }
    if let (Some((operation, state)), None) = (&order, carries) {
        let note = NoteItem::new(operation, (*state).clone(), now);
        writes.push(guard(put_new(&tables.ledger, to_item(&note)?)?));
    }
    for claim in &decision.claims {
        let operation = named.map(|(operation, _)| operation);
        claim_writes((tables, chance), decision, operation, claim, &mut writes)?;
    }
    Ok(writes)
}

/// The writes of a profile, and of its member's row on the leaderboard: it is there if the profile says so.
pub(crate) fn profile_writes(
    tables: &Tables,
    member: &MemberId,
    profile: &ProfileItem,
    expected: u64,
) -> Result<Vec<Write>, StoreError> {
    let table = &tables.ledger;
    let row = match profile.profile.on_leaderboard() {
        // No condition: the profile's revision, guarded in the same transaction, orders the writes of a member.
        Some(_) => put(table, to_item(&LeaderItem::new(member))?)?,
        None => delete(table, &Key::leader(member))?,
    };
    Ok([put_version(table, to_item(profile)?, expected)?, row].map(guard).into())
}

/// The writes that erase a profile, whatever it says, and its member's row on the leaderboard.
pub(crate) fn erasure(tables: &Tables, member: &MemberId) -> Result<Vec<Write>, StoreError> {
    let erased = [Key::profile(member), Key::leader(member)];
    erased.iter().map(|key| Ok(guard(delete(&tables.ledger, key)?))).collect()
}

/// The writes that put a code into a pool, unless it is in one, or was given.
pub(crate) fn new_code(tables: &Tables, pool: &str, code: &str) -> Result<Vec<Write>, StoreError> {
    let known = put_new(&tables.programme, to_item(&CodeItem::waiting(code, pool))?)?;
    let free = put_new(&tables.programme, to_item(&Key::free_code(pool, code))?)?;
    let refusal = Some(Rejection::NoCodeLeft { pool: pool.to_owned() });
    Ok([known, free].map(|item| Write { item, refusal: refusal.clone() }).into())
}

/// What a cancelled transaction means.
pub(crate) enum Cancelled {
    /// Another writer came first: decide again.
    LostRace,
    /// A claim's condition failed: the rules say no.
    Refused(Rejection),
}

/// The items of a transaction's writes, and what each means if its condition fails.
pub(crate) fn parts(writes: Vec<Write>) -> (Vec<TransactWriteItem>, Vec<Option<Rejection>>) {
    writes.into_iter().map(|write| (write.item, write.refusal)).unzip()
}

/// Why the transaction was cancelled; `None` if for a reason that is neither a race nor a refusal.
pub(crate) fn cancelled(
    error: &TransactWriteItemsError,
    refusals: &[Option<Rejection>],
) -> Option<Cancelled> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        let contended = matches!(error, TransactWriteItemsError::TransactionInProgressException(_));
        return contended.then_some(Cancelled::LostRace);
    };
    let reasons = cancelled.cancellation_reasons();
    let known = ["None", "ConditionalCheckFailed", "TransactionConflict"];
    if !reasons.iter().all(|reason| reason.code().is_some_and(|code| known.contains(&code))) {
        return None;
    }
    let failed = |code: &str, index: usize| {
        reasons.get(index).and_then(|reason| reason.code()) == Some(code)
    };
    let lost = refusals.iter().enumerate().any(|(index, refusal)| {
        failed("TransactionConflict", index)
            || (failed("ConditionalCheckFailed", index) && refusal.is_none())
    });
    if lost {
        return Some(Cancelled::LostRace);
    }
    let mut failed =
        refusals.iter().enumerate().filter(|(index, _)| failed("ConditionalCheckFailed", *index));
    let refusal = failed.find_map(|(_, refusal)| refusal.clone());
    Some(refusal.map_or(Cancelled::LostRace, Cancelled::Refused))
}

fn guard(item: TransactWriteItem) -> Write {
    Write { item, refusal: None }
}

/// The planted bug of a put without a condition.
fn put(table: &str, item: Item) -> Result<TransactWriteItem, StoreError> {
    let put = Put::builder().table_name(table).set_item(Some(item));
    Ok(TransactWriteItem::builder().put(put.build()?).build())
}

fn delete(table: &str, key: &Key) -> Result<TransactWriteItem, StoreError> {
    let delete = Delete::builder().table_name(table).set_key(Some(to_item(key)?));
    Ok(TransactWriteItem::builder().delete(delete.build()?).build())
}

fn put_new(table: &str, item: Item) -> Result<TransactWriteItem, StoreError> {
    if planted::is(Bug::RememberForAMonth) && item.contains_key("recorded_at") {
        return put_after_the_window(table, item);
    }
    put_if(table, item, ABSENT)
}

/// So long the planted bug `RememberForAMonth` knows what was done.
pub(crate) const PLANTED_WINDOW: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The planted bug of a guard that holds for a window, and not for ever.
fn put_after_the_window(table: &str, item: Item) -> Result<TransactWriteItem, StoreError> {
    let at = item.get("recorded_at").and_then(|at| at.as_n().ok()?.parse::<i64>().ok());
    let before = i128::from(at.unwrap_or_default()).saturating_sub(PLANTED_WINDOW.as_millis());
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression("attribute_not_exists(pk) OR recorded_at < :before")
        .expression_attribute_values(":before", AttributeValue::N(before.to_string()));
    Ok(TransactWriteItem::builder().put(put.build()?).build())
}

fn put_if(table: &str, item: Item, condition: &str) -> Result<TransactWriteItem, StoreError> {
    let put = Put::builder().table_name(table).set_item(Some(item));
    let put =
        if planted::is(Bug::DropTheGuard) { put } else { put.condition_expression(condition) };
    Ok(TransactWriteItem::builder().put(put.build()?).build())
}

fn put_version(table: &str, item: Item, expected: u64) -> Result<TransactWriteItem, StoreError> {
    if expected == 0 {
        let put =
            Put::builder().table_name(table).set_item(Some(item)).condition_expression(ABSENT);
        return Ok(TransactWriteItem::builder().put(put.build()?).build());
    }
    let put = Put::builder().table_name(table).set_item(Some(item));
    let put = if planted::is(Bug::DropTheVersion) {
        put
    } else {
        put.condition_expression("revision = :expected")
            .expression_attribute_values(":expected", AttributeValue::N(expected.to_string()))
    };
    Ok(TransactWriteItem::builder().put(put.build()?).build())
}

/// Puts a counter that has come to a number, if it was at the number before.
fn put_next(table: &str, item: Item, number: u64) -> Result<TransactWriteItem, StoreError> {
    let before = number.saturating_sub(1);
    if planted::is(Bug::CounterWithoutGuard) {
        return put(table, item);
    }
    if before == 0 {
        return put_new(table, item);
    }
    let put = Put::builder().table_name(table).set_item(Some(item));
    let put = put
        .condition_expression("plays = :before")
        .expression_attribute_values(":before", AttributeValue::N(before.to_string()));
    Ok(TransactWriteItem::builder().put(put.build()?).build())
}

/// Takes one piece of a stock, if one is left.
fn take_one(tables: &Tables, name: &str, stock: i64) -> Result<TransactWriteItem, StoreError> {
    let update = Update::builder()
        .table_name(&tables.programme)
        .set_key(Some(to_item(&Key::stock(name))?))
        .update_expression("ADD taken :one")
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
    let update = if planted::is(Bug::UnconditionalStock) {
        update
    } else {
        update
            .condition_expression("attribute_not_exists(taken) OR taken < :stock")
            .expression_attribute_values(":stock", AttributeValue::N(stock.to_string()))
    };
    Ok(TransactWriteItem::builder().update(update.build()?).build())
}

fn claim_writes(
    (tables, chance): (&Tables, Option<&ChanceKey>),
    decision: &Decision,
    operation: Option<&Operation>,
    claim: &Claim,
    writes: &mut Vec<Write>,
) -> Result<(), StoreError> {
    match claim {
        Claim::Stock { reward, stock } => {
            let item = take_one(tables, reward, *stock)?;
            writes.push(Write { item, refusal: Some(Rejection::OutOfStock { stock: *stock }) });
        }
        // Gone since it was read: the gift is decided again, among what is left.
        Claim::Outcome { name, stock } => {
            let of_a_game = name.starts_with("play:");
            let unclaimed = planted::is(Bug::UnclaimedOutcome) && !of_a_game
                || planted::is(Bug::PrizeWithoutCondition) && of_a_game;
            let stock = if unclaimed { i64::MAX } else { *stock };
            writes.push(guard(take_one(tables, name, stock)?));
        }
        Claim::Code { pool, code } => {
            let member = &decision.account.member;
            let settle = Operation::settle(member, decision.account.sequence);
            let given = CodeItem::new(code, member, operation.unwrap_or(&settle), pool.as_deref());
            let given = to_item(&given)?;
            writes.push(guard(match pool {
                _ if planted::is(Bug::UnconditionalCode) => put(&tables.programme, given)?,
                Some(_) => put_if(&tables.programme, given, NOT_GIVEN)?,
                None => put_new(&tables.programme, given)?,
            }));
            if let Some(pool) = pool {
                let delete = Delete::builder()
                    .table_name(&tables.programme)
                    .set_key(Some(to_item(&Key::free_code(pool, code))?));
                let delete = if planted::is(Bug::UnconditionalCode) {
                    delete
                } else {
                    delete.condition_expression("attribute_exists(pk)")
                };
                writes.push(guard(TransactWriteItem::builder().delete(delete.build()?).build()));
            }
        }
        // Taken since it was read, like the outcome: the play is decided again.
        Claim::Number { game, counter, number } => {
            let counter = to_item(&CounterItem::new(game, *counter, *number))?;
            writes.push(guard(put_next(&tables.raffle, counter, *number)?));
        }
        Claim::Moment { game, moment, at } => {
            let moment = to_item(&MomentItem::new(game, *moment, *at))?;
            writes.push(guard(if planted::is(Bug::MomentWithoutGuard) {
                put(&tables.raffle, moment)?
            } else {
                put_new(&tables.raffle, moment)?
            }));
        }
        Claim::Board { auction, board } => {
            let item = to_item(&BoardItem::new(auction, board))?;
            writes.push(guard(if planted::is(Bug::BoardWithoutGuard) {
                put(&tables.raffle, item)?
            } else {
                put_version(&tables.raffle, item, board.revision.saturating_sub(1))?
            }));
        }
        Claim::Bid { auction, bid } => {
            // No condition: as for an entrant.
            let key = chance.ok_or(StoreError::NoChanceKey)?.bidders(auction);
            let bidder = Entrant::of(&key, &decision.account.member);
            writes.push(guard(match bid {
                Some(bid) => put(&tables.raffle, to_item(&BidItem::new(auction, bidder, bid))?)?,
                None => delete(&tables.raffle, &Key::bid(auction, bidder))?,
            }));
        }
        Claim::Entrant { raffle, tickets } => {
            // No condition: the account's revision, guarded in the same transaction, orders the writes of a member.
            let key = chance.ok_or(StoreError::NoChanceKey)?.pseudonyms(raffle.as_str());
            let member = &decision.account.member;
            let entrant = EntrantItem::new(raffle, Entrant::of(&key, member), member, *tickets);
            writes.push(guard(put(&tables.raffle, to_item(&entrant)?)?));
        }
    }
    Ok(())
}
