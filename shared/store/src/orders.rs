//! News of orders: each order's log, and the difference it posts.

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::{
    earn::{self, Outcome},
    entry::Reason,
    event::OrderEvent,
    id::{MemberId, Operation, OrderId, RequestKey},
    order::OrderState,
    pay::{self, Capture},
    planted::{self, Bug},
    programme::Versions,
    rejection::{Refusal, Rejection},
};
use jiff::Timestamp;

use crate::{
    Ledger, PostError, Posted, Request, StoreError,
    commit::{ABSENT, sent},
    items::{Item, NoteItem, OrderItem, RequestItem, from_item, to_item},
    keys::{Key, operation_partition},
    ledger::{ATTEMPTS_MAX, Begun, Committed},
};

/// What news of an order came to.
#[derive(Debug, Clone, PartialEq)]
pub enum OrderAnswer {
    /// Nothing in it was new; nothing was written.
    Unchanged,
    /// Remembered; no points moved, and why.
    Noted {
        /// The member concerned, if the order has one.
        member: Option<MemberId>,
        /// Why rules gave nothing.
        reasons: Vec<Reason>,
    },
    /// Points moved.
    Posted {
        /// The member.
        member: MemberId,
        /// What was posted.
        posted: Posted,
    },
}

impl Ledger {
    /// Posts what news of an order change.
    ///
    /// Two round trips: the order's newest item and the account are read together, then one transaction. News without a
    /// customer (a refund alone) cost one more, to find whose order it is.
    pub async fn order(
        &self,
        versions: &Versions,
        event: &OrderEvent,
        now: Timestamp,
    ) -> Result<OrderAnswer, PostError> {
        self.take_order(None, versions, event, now).await
    }

    /// The same for news that were sent about a member: if the order is another's, they are refused.
    pub async fn order_of(
        &self,
        member: &MemberId,
        versions: &Versions,
        event: &OrderEvent,
        now: Timestamp,
    ) -> Result<OrderAnswer, PostError> {
        self.take_order(Some(member), versions, event, now).await
    }

    /// Refuses news of an order that is known to be another member's.
    pub async fn check_owner(
        &self,
        member: &MemberId,
        versions: &Versions,
        event: &OrderEvent,
        now: Timestamp,
    ) -> Result<(), PostError> {
        let state = self.order_state(&event.order).await?;
        Ok(not_anothers(Some(member), &state, versions, now)?)
    }

    async fn take_order(
        &self,
        sent_for: Option<&MemberId>,
        versions: &Versions,
        event: &OrderEvent,
        now: Timestamp,
    ) -> Result<OrderAnswer, PostError> {
        let named = event.snapshot.as_ref().and_then(|snapshot| snapshot.member.as_ref());
        for attempt in 0..ATTEMPTS_MAX {
            self.pause(attempt).await;
            let guess = async {
                match named {
                    Some(member) => Ok(Some(self.load(member).await?)),
                    None => Ok(None),
                }
            };
            let (state, loaded) = tokio::try_join!(self.order_state(&event.order), guess)?;
            not_anothers(sent_for, &state, versions, now)?;
            let Some(member) = earn::member_of(&state, event) else {
                let Some((state, reason)) = earn::note(&state, event) else {
                    return Ok(OrderAnswer::Unchanged);
                };
                if self.put_note(&event.order, state, now).await? {
                    return Ok(OrderAnswer::Noted { member: None, reasons: vec![reason] });
                }
                continue;
            };
            let loaded = match loaded.filter(|loaded| loaded.account.member == *member) {
                Some(loaded) => loaded,
                None => self.load(member).await?,
            };
            let loaded = self.settled(loaded, versions, now).await?;
            match earn::order(&loaded.account, versions, &state, event, now)? {
                Outcome::Unchanged => return Ok(OrderAnswer::Unchanged),
                Outcome::Noted(state, reasons) => {
                    if self.put_note(&event.order, *state, now).await? {
                        return Ok(OrderAnswer::Noted { member: Some(member.clone()), reasons });
                    }
                }
                Outcome::Posted(decision) => {
                    if let Committed::Done =
                        self.commit(versions, &loaded, &decision, None, now).await?
                    {
                        let posted = Posted::now(&decision, &Operation::order(&event.order));
                        return Ok(OrderAnswer::Posted { member: member.clone(), posted });
                    }
                }
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX }.into())
    }

    /// Claims an idempotency key for a request whose effect is kept elsewhere, or that has none; whether it was claimed before.
    /// News of an order are deduplicated by their content, so only the same key with other content has to be refused.
    pub async fn claim_request(
        &self,
        member: &MemberId,
        key: &RequestKey,
        digest: &str,
    ) -> Result<bool, PostError> {
        let operation = Operation::request(member, key);
        let item = to_item(&RequestItem::new(&operation, digest))?;
        if self.put_absent(item).await? {
            return Ok(false);
        }
        let first: Option<RequestItem> = self.get(&Key::entry(&operation, 0)).await?;
        if first.is_some_and(|first| first.digest == digest) {
            Ok(true)
        } else {
            Err(PostError::KeyReused)
        }
    }

    /// Posts a capture; if it pays for an order, together with what that changes for the order.
    pub async fn capture(
        &self,
        member: &MemberId,
        versions: &Versions,
        request: &Request,
        capture: &Capture,
        now: Timestamp,
    ) -> Result<Posted, PostError> {
        for attempt in 0..ATTEMPTS_MAX {
            let loaded = match self.begin(attempt, request, member, versions, now).await? {
                Begun::Answered(posted) => return Ok(posted),
                Begun::Open(loaded) => loaded,
            };
            let order = match pay::order_of(&loaded.account, capture) {
                Some(order) => Some(self.order_state(&order).await?),
                None => None,
            };
            let decided = pay::capture(&loaded.account, versions, order.as_ref(), capture, now);
            if let Some(posted) = self.end(versions, &loaded, decided, request, now).await? {
                return Ok(posted);
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS_MAX }.into())
    }

    /// What is known of an order.
    pub async fn order_state(&self, order: &OrderId) -> Result<OrderState, StoreError> {
        let partition = operation_partition(&Operation::order(order));
        let page = self
            .client
            .query()
            .table_name(&self.tables.ledger)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .scan_index_forward(false)
            .limit(1)
            .send()
            .await
            .map_err(|error| StoreError::call("Query", error))?;
        let newest = page.items.unwrap_or_default().into_iter().next();
        let Some(newest) = newest else { return Ok(OrderState::default()) };
        Ok(from_item::<OrderItem>(newest)?.order)
    }

    /// Remembers news that moved no points; `false` if other news came first.
    async fn put_note(
        &self,
        order: &OrderId,
        state: OrderState,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if planted::is(Bug::ForgetTheNote) {
            return Ok(true);
        }
        self.put_absent(to_item(&NoteItem::new(&Operation::order(order), state, now))?).await
    }

    /// Puts an item of the ledger unless there is one; whether it was put.
    pub(crate) async fn put_absent(&self, item: Item) -> Result<bool, StoreError> {
        let put = self.client.put_item().table_name(&self.tables.ledger).set_item(Some(item));
        let put =
            if planted::is(Bug::DropTheGuard) { put } else { put.condition_expression(ABSENT) };
        sent(put).await
    }
}

/// Refuses what is sent for a member about an order that is known to be another's.
fn not_anothers(
    sent_for: Option<&MemberId>,
    state: &OrderState,
    versions: &Versions,
    now: Timestamp,
) -> Result<(), Refusal> {
    let named = state.knowledge.snapshot.as_ref().and_then(|snapshot| snapshot.member.as_ref());
    match (sent_for, state.member.as_ref().or(named)) {
        (Some(member), Some(owner)) if member != owner => {
            Err(Rejection::OtherOrder.by("order", versions.at(now).version))
        }
        _ => Ok(()),
    }
}
