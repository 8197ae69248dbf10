//! Three DynamoDB tables in memory, with exactly the expressions that the store spells. Anything else is a panic.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::Serialize;
use serde_json::{Map, Value, json};

pub(crate) type Item = Map<String, Value>;

/// The tables' names.
pub(crate) fn tables() -> guerdon_store::Tables {
    let [ledger, programme, raffle] = [LEDGER, PROGRAMME, RAFFLE].map(str::to_owned);
    guerdon_store::Tables { ledger, programme, raffle }
}

pub(crate) const LEDGER: &str = "ledger";
pub(crate) const PROGRAMME: &str = "programme";
pub(crate) const RAFFLE: &str = "raffle";

/// Where an item is: table, partition key, sort key.
pub(crate) type Place = (String, String, String);

/// How an error is told to the SDK: its name, and for a cancelled transaction the reason of each write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) name: &'static str,
    pub(crate) reasons: Vec<&'static str>,
}

impl Failure {
    pub(crate) fn of(name: &'static str) -> Self {
        Self { name, reasons: Vec::new() }
    }

    pub(crate) fn cancelled(reasons: Vec<&'static str>) -> Self {
        Self { name: "TransactionCanceledException", reasons }
    }
}

/// An item that a call has written: before and after.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) place: Place,
    pub(crate) before: Option<Arc<Item>>,
    pub(crate) after: Option<Arc<Item>>,
}

/// What a call came to.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// As JSON.
    pub(crate) body: Vec<u8>,
    /// Every item that it touched, also by a read or a failed condition.
    pub(crate) touched: Vec<Place>,
    pub(crate) written: Vec<Written>,
}

impl Reply {
    /// That of a write.
    fn empty() -> Self {
        Self { body: b"{}".to_vec(), touched: Vec::new(), written: Vec::new() }
    }
}

/// One version of an item, and the number of the write that made it.
type Version = (u64, Option<Arc<Item>>);

/// Both tables, with the past of each item, so that a read can be stale.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    items: BTreeMap<Place, Vec<Version>>,
    pub(crate) writes: u64,
    tokens: BTreeMap<String, i64>,
}

/// How long a client request token is remembered, in seconds.
const TOKEN_KEPT: i64 = 600;

pub(crate) fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value["S"].as_str()).unwrap_or_default()
}

pub(crate) fn number(item: &Item, name: &str) -> Option<i64> {
    let digits = item.get(name)?["N"].as_str()?;
    // A sequence bound of u64::MAX stands for "no bound".
    digits.parse().ok().or_else(|| digits.parse::<u64>().ok().map(|_| i64::MAX))
}

fn place(table: &Value, key: &Value) -> Place {
    let part = |name: &str| {
        key[name]["S"].as_str().unwrap_or_else(|| panic!("no key {name}: {key}")).to_owned()
    };
    let (pk, sk) = (part("pk"), part("sk"));
    assert!(!pk.is_empty() && !sk.is_empty(), "an empty key: {key}");
    (table.as_str().unwrap().to_owned(), pk, sk)
}

impl Tables {
    /// Every item there is now.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Place, &Arc<Item>)> {
        self.items.iter().filter_map(|(place, past)| Some((place, past.last()?.1.as_ref()?)))
    }

    /// The items whose partition key starts with `prefix`.
    pub(crate) fn under<'a>(
        &'a self,
        table: &'a str,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a Place, &'a Arc<Item>)> {
        let from = (table.to_owned(), prefix.to_owned(), String::new());
        let range = self
            .items
            .range(from..)
            .take_while(move |((at, pk, _), _)| at == table && pk.starts_with(prefix));
        range.filter_map(|(place, past)| Some((place, past.last()?.1.as_ref()?)))
    }

    pub(crate) fn get(&self, place: &Place) -> Option<&Arc<Item>> {
        self.items.get(place)?.last()?.1.as_ref()
    }

    fn get_at(&self, place: &Place, write: u64) -> Option<&Arc<Item>> {
        self.items.get(place)?.iter().rev().find(|(made, _)| *made <= write)?.1.as_ref()
    }

    /// Answers a call; a read that is not consistent sees the tables as they were `lag` writes ago.
    pub(crate) fn call(
        &mut self,
        target: &str,
        request: &Value,
        now: i64,
        lag: u64,
    ) -> Result<Reply, Failure> {
        match target {
            "GetItem" => Ok(self.get_item(request, lag)),
            "Query" => Ok(self.query(request, lag)),
            "PutItem" => self.write_one("Put", request),
            "UpdateItem" => self.write_one("Update", request),
            "DeleteItem" => self.write_one("Delete", request),
            "TransactWriteItems" => self.transact(request, now),
            other => panic!("the store never called {other} before: teach the fake"),
        }
    }

    fn seen(&self, request: &Value, lag: u64) -> u64 {
        if request["ConsistentRead"] == json!(true) {
            self.writes
        } else {
            self.writes.saturating_sub(lag)
        }
    }

    fn get_item(&self, request: &Value, lag: u64) -> Reply {
        let place = place(&request["TableName"], &request["Key"]);
        let item = self.get_at(&place, self.seen(request, lag)).map(Arc::as_ref);
        Reply { body: bytes(&Got { item }), touched: vec![place], written: Vec::new() }
    }

    fn query(&self, request: &Value, lag: u64) -> Reply {
        let table = request["TableName"].as_str().unwrap();
        let values = &request["ExpressionAttributeValues"];
        let value = |name: &str| values[name]["S"].as_str().unwrap().to_owned();
        let seen = self.seen(request, lag);
        let condition = spelled(request, "KeyConditionExpression").unwrap();
        let index = request["IndexName"].as_str();
        assert!(
            index.is_none() || request["ConsistentRead"] != json!(true),
            "an index is never read consistently"
        );
        let all = || self.items.iter().filter(|((at, _, _), _)| at == table);
        let found = all().filter_map(|(place, _)| Some((place, self.get_at(place, seen)?)));
        let mut found: Vec<(i64, &Place, &Arc<Item>)> = match (index, condition.as_str()) {
            (None, "pk = :pk") => self.collection(table, &value(":pk"), "", seen),
            (None, "pk = :pk AND begins_with(sk, :grant)") => {
                self.collection(table, &value(":pk"), &value(":grant"), seen)
            }
            (Some("history"), "member = :member AND sequence < :before") => {
                let before = number(values.as_object().unwrap(), ":before").unwrap();
                let member = value(":member");
                let found = found.filter(|(_, item)| text(item, "member") == member);
                let found = found
                    .filter_map(|(place, item)| Some((number(item, "sequence")?, place, item)));
                found.filter(|(sequence, ..)| *sequence < before).collect()
            }
            (Some("due"), "due_shard = :shard AND due <= :now") => {
                let now = number(values.as_object().unwrap(), ":now").unwrap();
                let shard = value(":shard");
                let found = found.filter(|(_, item)| text(item, "due_shard") == shard);
                let found =
                    found.filter_map(|(place, item)| Some((number(item, "due")?, place, item)));
                found.filter(|(due, ..)| *due <= now).collect()
            }
            other => panic!("the store never asked {other:?} before: teach the fake"),
        };
        found.sort_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        if request["ScanIndexForward"] == json!(false) {
            found.reverse();
        }
        if !request["ExclusiveStartKey"].is_null() {
            let start = place(&request["TableName"], &request["ExclusiveStartKey"]);
            let position = found.iter().position(|(_, place, _)| **place == start);
            found.drain(..=position.expect("the start key is among the items"));
        }
        // DynamoDB gives at most a megabyte; here that is eight items, so that every loop over pages is exercised.
        let limit = request["Limit"].as_u64().map_or(8, |limit| usize::try_from(limit).unwrap());
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more);
        let body = bytes(&Found {
            count: found.len(),
            scanned_count: found.len(),
            last_evaluated_key: last
                .map(|(_, (_, pk, sk), _)| json!({ "pk": { "S": pk }, "sk": { "S": sk } })),
            items: found.iter().map(|(_, _, item)| projected(request, item)).collect(),
        });
        let touched = found.iter().map(|(_, place, _)| (*place).clone()).collect();
        Reply { body, touched, written: Vec::new() }
    }

    /// The items of one partition whose sort key starts with `start`.
    fn collection(
        &self,
        table: &str,
        pk: &str,
        start: &str,
        seen: u64,
    ) -> Vec<(i64, &Place, &Arc<Item>)> {
        let from = (table.to_owned(), pk.to_owned(), start.to_owned());
        let range = self.items.range(from..);
        let range = range.take_while(|(place, _)| {
            place.0 == table && place.1 == pk && place.2.starts_with(start)
        });
        range.filter_map(|(place, _)| Some((0, place, self.get_at(place, seen)?))).collect()
    }

    fn write_one(&mut self, kind: &str, request: &Value) -> Result<Reply, Failure> {
        let write = self.prepare(kind, request);
        if !write.allowed {
            return Err(Failure::of("ConditionalCheckFailedException"));
        }
        Ok(self.apply(vec![write]))
    }

    fn transact(&mut self, request: &Value, now: i64) -> Result<Reply, Failure> {
        let token =
            request["ClientRequestToken"].as_str().expect("the SDK sends a token").to_owned();
        let items = request["TransactItems"].as_array().unwrap();
        assert!((1..=100).contains(&items.len()), "{} items in a transaction", items.len());
        if self.tokens.get(&token).is_some_and(|made| now - made < TOKEN_KEPT) {
            return Ok(Reply::empty());
        }
        let writes: Vec<Prepared> = items
            .iter()
            .map(|item| {
                let (kind, request) = item.as_object().unwrap().iter().next().unwrap();
                self.prepare(kind, request)
            })
            .collect();
        let places: BTreeSet<&Place> = writes.iter().map(|write| &write.place).collect();
        assert_eq!(places.len(), writes.len(), "a transaction names an item twice");
        if writes.iter().any(|write| !write.allowed) {
            let reason =
                |write: &Prepared| if write.allowed { "None" } else { "ConditionalCheckFailed" };
            return Err(Failure::cancelled(writes.iter().map(reason).collect()));
        }
        self.tokens.insert(token, now);
        Ok(self.apply(writes))
    }

    fn prepare(&self, kind: &str, request: &Value) -> Prepared {
        let place = place(
            &request["TableName"],
            if kind == "Put" { &request["Item"] } else { &request["Key"] },
        );
        let before = self.get(&place).cloned();
        let values = &request["ExpressionAttributeValues"];
        let value = |name: &str| {
            let found = values[name]["N"].as_str().unwrap_or_else(|| panic!("no value {name}"));
            found.parse::<i64>().unwrap()
        };
        let stored = |name: &str| before.as_deref().and_then(|item| number(item, name));
        let allowed = match spelled(request, "ConditionExpression").as_deref() {
            None => true,
            Some("attribute_not_exists(pk)") => before.is_none(),
            Some("attribute_exists(pk)") => before.is_some(),
            Some("attribute_not_exists(pk) OR attribute_exists(in_pool)") => {
                before.as_deref().is_none_or(|item| item.contains_key("in_pool"))
            }
            Some("attribute_not_exists(pk) OR recorded_at < :before") => {
                before.is_none() || stored("recorded_at") < Some(value(":before"))
            }
            Some("attribute_not_exists(pk) OR page = :page") => {
                before.as_deref().is_none_or(|item| item.get("page") == values.get(":page"))
            }
            Some("revision = :expected") => stored("revision") == Some(value(":expected")),
            Some("plays = :before") => stored("plays") == Some(value(":before")),
            Some("attribute_not_exists(taken) OR taken < :stock") => {
                stored("taken").is_none_or(|taken| taken < value(":stock"))
            }
            Some(other) => panic!("the store never demanded {other:?} before: teach the fake"),
        };
        let after = match kind {
            "Put" => Some(request["Item"].as_object().unwrap().clone()),
            "ConditionCheck" => before.as_deref().cloned(),
            "Delete" => None,
            "Update" => {
                let mut item = before.as_deref().cloned();
                let item_now =
                    item.get_or_insert_with(|| request["Key"].as_object().unwrap().clone());
                match spelled(request, "UpdateExpression").unwrap().as_str() {
                    "ADD taken :one" => {
                        let taken = stored("taken").unwrap_or(0) + value(":one");
                        item_now.insert("taken".to_owned(), json!({ "N": taken.to_string() }));
                    }
                    "SET due = :due" => {
                        item_now.insert("due".to_owned(), values[":due"].clone());
                    }
                    "REMOVE due, due_shard" => {
                        item_now.remove("due");
                        item_now.remove("due_shard");
                    }
                    "SET f = :f, event = :event, problem = :problem, recorded_at = if_not_exists(recorded_at, :recorded_at)" =>
                    {
                        for name in ["f", "event", "problem"] {
                            item_now.insert(name.to_owned(), values[format!(":{name}")].clone());
                        }
                        item_now
                            .entry("recorded_at")
                            .or_insert_with(|| values[":recorded_at"].clone());
                    }
                    other => panic!("the store never updated {other:?} before: teach the fake"),
                }
                item
            }
            other => panic!("the store never wrote {other:?} before: teach the fake"),
        };
        Prepared {
            place,
            before,
            after: after.map(Arc::new),
            allowed,
            checked: kind == "ConditionCheck",
        }
    }

    fn apply(&mut self, writes: Vec<Prepared>) -> Reply {
        self.writes += 1;
        let mut reply = Reply::empty();
        for Prepared { place, before, after, checked, .. } in writes {
            reply.touched.push(place.clone());
            if checked {
                continue;
            }
            self.items.entry(place.clone()).or_default().push((self.writes, after.clone()));
            reply.written.push(Written { place, before, after });
        }
        reply
    }
}

/// A write whose condition has been looked at.
struct Prepared {
    place: Place,
    before: Option<Arc<Item>>,
    after: Option<Arc<Item>>,
    allowed: bool,
    /// Whether the condition was all there was to it.
    checked: bool,
}

/// Words that DynamoDB reserves, of those that items use for names.
const RESERVED: [&str; 9] =
    ["at", "data", "index", "member", "order", "sequence", "source", "state", "status"];

/// An expression with its names in place. As in DynamoDB, what is declared must be used, and a reserved word declared.
fn spelled(request: &Value, expression: &str) -> Option<String> {
    let mut spelled = request[expression].as_str()?.to_owned();
    let bare = |word: &str| RESERVED.contains(&word);
    let reserved = spelled
        .split(|c: char| !(c.is_alphanumeric() || "_:#".contains(c)))
        .find(|word| bare(word));
    assert_eq!(reserved, None, "{spelled} uses a reserved word");
    for (name, stands_for) in request["ExpressionAttributeNames"].as_object().into_iter().flatten()
    {
        assert!(spelled.contains(name), "{name} is declared, and not used in {spelled}");
        spelled = spelled.replace(name, stands_for.as_str().unwrap());
    }
    let both = format!("{spelled} {}", request["UpdateExpression"].as_str().unwrap_or_default());
    let both = format!("{both} {}", request["ConditionExpression"].as_str().unwrap_or_default());
    for name in
        request["ExpressionAttributeValues"].as_object().into_iter().flatten().map(|(name, _)| name)
    {
        assert!(both.contains(name), "{name} is declared, and not used in {both}");
    }
    Some(spelled)
}

fn projected<'a>(request: &Value, item: &'a Item) -> Cow<'a, Item> {
    let Some(names) = request["ProjectionExpression"].as_str() else {
        return Cow::Borrowed(item);
    };
    let names = names.split(", ");
    Cow::Owned(names.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect())
}

/// The answer of `GetItem`. An item is told as it lies there: copies of it were a tenth of a history.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Got<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<&'a Item>,
}

/// The answer of `Query`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Found<'a> {
    count: usize,
    scanned_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_key: Option<Value>,
    items: Vec<Cow<'a, Item>>,
}

fn bytes(answer: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(answer).unwrap()
}
