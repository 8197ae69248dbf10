//! Parked events: what a rule failed on waits here, visible, until the rule is repaired and the event is replayed (law 10).

use aws_sdk_dynamodb::types::AttributeValue;
use guerdon_domain::{
    event::Event,
    planted::{self, Bug},
    rejection::RuleError,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    Ledger, StoreError,
    items::{ParkedItem, from_item, to_item},
    keys::{Key, PARKED},
};

/// An event that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Parked {
    /// Its id: a digest of the event, so that the same news wait once.
    pub id: String,
    /// The event.
    pub event: Event,
    /// Which rule failed, and how.
    pub problem: String,
    /// When it was parked last.
    pub recorded_at: Timestamp,
}

impl Ledger {
    /// Parks an event that a rule failed on. Parking the same event again changes nothing but the time.
    pub async fn park(
        &self,
        event: &Event,
        problem: &RuleError,
        now: Timestamp,
    ) -> Result<String, StoreError> {
        let text = serde_json::to_string(event)
            .map_err(|error| StoreError::Call { call: "park", source: Box::new(error) })?;
        let digest = Sha256::digest(text.as_bytes());
        let id: String = hex::encode(digest.get(..12).unwrap_or_default());
        let item = to_item(&ParkedItem::new(&id, text, problem.to_string(), now))?;
        let put = self.client.put_item().table_name(&self.tables.ledger).set_item(Some(item));
        if planted::is(Bug::ParkNowhere) {
            return Ok(id);
        }
        put.send().await.map_err(|error| StoreError::call("PutItem", error))?;
        Ok(id)
    }

    /// Every parked event.
    pub async fn parked(&self) -> Result<Vec<Parked>, StoreError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.tables.ledger)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(PARKED.to_owned()))
            .into_paginator()
            .items()
            .send();
        let mut parked = Vec::new();
        while let Some(item) = pages.next().await {
            let item: ParkedItem =
                from_item(item.map_err(|error| StoreError::call("Query", error))?)?;
            let event = serde_json::from_str(&item.event);
            let event = event
                .map_err(|error| StoreError::Call { call: "parked", source: Box::new(error) })?;
            let recorded_at = item.recorded_at();
            parked.push(Parked { id: item.key.sk, event, problem: item.problem, recorded_at });
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
