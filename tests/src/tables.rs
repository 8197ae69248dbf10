//! All that is in the tables, for tests that compare.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{Client, types::AttributeValue};

/// Items as text, by primary key.
pub type Items = BTreeMap<String, String>;

/// Every item of a table.
///
/// # Panics
/// If the table cannot be read.
pub async fn items(client: &Client, table: &str) -> Items {
    let mut pages =
        client.scan().table_name(table).consistent_read(true).into_paginator().items().send();
    let mut items = Items::new();
    while let Some(item) = pages.next().await {
        let item: BTreeMap<String, AttributeValue> =
            item.expect("a page of the table").into_iter().collect();
        let text = |name: &str| {
            item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
        };
        items.insert(
            format!("{} | {}", text("pk"), text("sk")),
            shown(&AttributeValue::M(item.into_iter().collect())),
        );
    }
    items
}

/// A value in a form that is the same whatever the order of its fields.
fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::M(map) => {
            let sorted: BTreeMap<&String, String> =
                map.iter().map(|(name, value)| (name, shown(value))).collect();
            format!("{sorted:?}")
        }
        AttributeValue::L(list) => format!("{:?}", list.iter().map(shown).collect::<Vec<_>>()),
        AttributeValue::N(number) => number.clone(),
        other => format!("{other:?}"),
    }
}
