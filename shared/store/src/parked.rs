//! Parked events: what a rule failed on waits here, visible, until the rule is repaired and the event is replayed (law 10).
//! Beside them wait the tasks that only an operator can do.

use aws_sdk_dynamodb::types::ReturnValue;
use guerdon_domain::{
    event::Event,
    id::MemberId,
    planted::{self, Bug},
    rejection::RuleError,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Ledger, StoreError,
    items::{ParkedItem, from_item, to_item},
    keys::{Key, PARKED},
};

/// Something that waits for an operator.
#[derive(Debug, Clone, PartialEq)]
pub struct Parked {
    /// Its id: a digest of what waits, so that the same news wait once.
    pub id: String,
    /// What waits.
    pub waits: Waits,
    /// Why: which rule failed, and how; or what is to be done.
    pub problem: String,
    /// When it was parked first, if that can be read.
    pub recorded_at: Option<Timestamp>,
}

/// What parking something came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parking {
    /// Under which id it waits.
    pub id: String,
    /// Whether it waited before.
    pub before: bool,
}

/// What waits.
#[derive(Debug, Clone, PartialEq)]
pub enum Waits {
    /// An event that a rule failed on.
    Event(Box<Event>),
    /// Something that only an operator can do.
    Task(Task),
    /// What cannot be read by this Guerdon, and why. It hides nothing else.
    Unreadable(String),
}

/// What the law lets a platform ask for, and Guerdon cannot do by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Task {
    /// A member asks for their data.
    Export {
        /// Who.
        member: MemberId,
    },
    /// A shop asks for the erasure of its members.
    EraseShop {
        /// The shop's domain.
        shop: String,
    },
}

impl Task {
    /// What the operator is to do.
    fn advice(&self) -> String {
        match self {
            Self::Export { member } => format!(
                "{member} asks for their data: run `guerdon member export`, send it, then `guerdon replay --done ID`"
            ),
            Self::EraseShop { shop } => format!(
                "{shop} asks for the erasure of its members: run `guerdon member erase` for each, then `guerdon replay --done ID`"
            ),
        }
    }
}

impl Ledger {
    /// Parks an event that a rule failed on. Parking the same event again changes nothing but the problem.
    pub async fn park(
        &self,
        event: &Event,
        problem: &RuleError,
        now: Timestamp,
    ) -> Result<Parking, StoreError> {
        self.put_parked(serde_json::to_string(event)?, problem.to_string(), now).await
    }

    /// Parks a task for an operator, until they say that it is done.
    pub async fn park_task(&self, task: &Task, now: Timestamp) -> Result<Parking, StoreError> {
        self.put_parked(serde_json::to_string(task)?, task.advice(), now).await
    }

    async fn put_parked(
        &self,
        text: String,
        problem: String,
        now: Timestamp,
    ) -> Result<Parking, StoreError> {
        let digest = Sha256::digest(text.as_bytes());
        let id: String = hex::encode(digest.get(..12).unwrap_or_default());
        if planted::is(Bug::ParkNowhere) {
            return Ok(Parking { id, before: false });
        }
        let mut item = to_item(&ParkedItem::new(&id, text, problem, now))?;
        let update = self.client.update_item().table_name(&self.tables.ledger);
        let update = update
            .set_key(Some(to_item(&Key::parked(&id))?))
            .update_expression(
                "SET f = :f, event = :event, problem = :problem, recorded_at = if_not_exists(recorded_at, :recorded_at)",
            )
            .return_values(ReturnValue::UpdatedOld);
        let attributes = ["f", "event", "problem", "recorded_at"].into_iter();
        let values = attributes.filter_map(|name| Some((format!(":{name}"), item.remove(name)?)));
        let update = update.set_expression_attribute_values(Some(values.collect()));
        let done = update.send().await.map_err(|error| StoreError::call("UpdateItem", error))?;
        Ok(Parking { id, before: done.attributes.is_some_and(|old| !old.is_empty()) })
    }

    /// Everything that is parked.
    pub async fn parked(&self) -> Result<Vec<Parked>, StoreError> {
        let mut parked = Vec::new();
        for item in self.partition(PARKED.to_owned(), None).await? {
            let id = item.get("sk").and_then(|sk| sk.as_s().ok()).cloned().unwrap_or_default();
            parked.push(from_item::<ParkedItem>(item).map_or_else(
                |error| Parked {
                    id,
                    waits: Waits::Unreadable(error.to_string()),
                    problem: String::new(),
                    recorded_at: None,
                },
                ParkedItem::into_parked,
            ));
        }
        Ok(parked)
    }

    /// Removes a parked event, after its replay.
    pub async fn unpark(&self, id: &str) -> Result<(), StoreError> {
        let delete = self.client.delete_item().table_name(&self.tables.ledger);
        let delete = delete.set_key(Some(to_item(&Key::parked(id))?));
        delete.send().await.map_err(|error| StoreError::call("DeleteItem", error))?;
        Ok(())
    }
}
