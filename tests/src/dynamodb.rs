//! A proxy in front of a DynamoDB engine: it counts what calls cost, and fails on demand.
//!
//! The store itself does not ask for the capacity its calls consume, since every deployment would pay for the bytes; the
//! proxy asks in its place.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_dynamodb::Client;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::http::{Call, Server};

/// How the proxy treats calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Passes them on.
    Pass,
    /// Refuses that many as too many, then passes them on.
    Throttle(u32),
    /// Never answers.
    Hang,
    /// Passes them on, and never tells what came of them.
    LoseAnswers,
}

/// What calls cost, in tenths of a unit, so that nothing is rounded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    /// Round trips: calls of which none waited for another's answer count as one.
    pub round_trips: u32,
    /// Names of the calls, in order.
    pub calls: Vec<String>,
    /// Read units.
    pub read_tenths: i64,
    /// Write units, with those of indexes.
    pub write_tenths: i64,
    /// Write units of each index.
    pub index_tenths: BTreeMap<String, i64>,
    /// What a role needs for it: actions, and the table, or `table/index/name`.
    pub needed: BTreeSet<(String, String)>,
}

impl Cost {
    /// Calls that write.
    pub fn writes(&self) -> usize {
        self.calls.iter().filter(|call| is_write(call)).count()
    }
}

fn is_write(call: &str) -> bool {
    !matches!(call, "GetItem" | "Query" | "Scan" | "BatchGetItem" | "ListTables" | "DescribeTable")
}

/// A running proxy.
#[derive(Debug)]
pub struct Proxy {
    /// Where it answers.
    pub url: String,
    shared: Arc<Shared>,
    _server: Server,
}

#[derive(Debug)]
struct Shared {
    engine: String,
    latency: Duration,
    state: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    mode: Mode,
    /// Round trips that have been answered: a call that begins now may depend on all of them.
    answered: u32,
    cost: Cost,
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Proxy {
    /// A proxy of an engine that answers as fast as the engine does.
    pub async fn start(engine: &str) -> Self {
        Self::with_latency(engine, Duration::ZERO).await
    }

    /// A proxy whose answers take a while, so that calls that are made together have all begun before the first answer.
    pub async fn with_latency(engine: &str, latency: Duration) -> Self {
        let inner = Inner { mode: Mode::Pass, answered: 0, cost: Cost::default() };
        let shared =
            Arc::new(Shared { engine: engine.to_owned(), latency, state: Mutex::new(inner) });
        let server = Server::start(Router::new().fallback(pass).with_state(shared.clone())).await;
        Self { url: server.url.clone(), shared, _server: server }
    }

    /// A client of the engine through the proxy.
    pub fn client(&self) -> Client {
        guerdon::engine::client(&self.url)
    }

    /// Treats calls differently from now on.
    pub fn set(&self, mode: Mode) {
        self.shared.lock().mode = mode;
    }

    /// What calls have cost since this was last asked.
    pub fn take(&self) -> Cost {
        let mut inner = self.shared.lock();
        inner.answered = 0;
        std::mem::take(&mut inner.cost)
    }
}

async fn pass(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let target =
        headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let name = target.split('.').next_back().unwrap_or_default().to_owned();
    let (mode, round_trip) = arrive(&shared, &name);
    let response = match mode {
        Mode::Hang => std::future::pending().await,
        Mode::Throttle(_) => throttled(),
        Mode::Pass | Mode::LoseAnswers => forward(&shared, &name, &headers, &body).await,
    };
    if mode == Mode::LoseAnswers && is_write(&name) {
        return std::future::pending().await;
    }
    if !shared.latency.is_zero() {
        tokio::time::sleep(shared.latency).await;
    }
    let mut inner = shared.lock();
    inner.answered = inner.answered.max(round_trip);
    drop(inner);
    response
}

/// Counts a call, and says how to treat it, and which round trip it belongs to.
fn arrive(shared: &Shared, name: &str) -> (Mode, u32) {
    let mut inner = shared.lock();
    inner.cost.calls.push(name.to_owned());
    let round_trip = inner.answered + 1;
    inner.cost.round_trips = inner.cost.round_trips.max(round_trip);
    let mode = inner.mode;
    if let Mode::Throttle(left) = mode {
        inner.mode = if left > 1 { Mode::Throttle(left - 1) } else { Mode::Pass };
    }
    (mode, round_trip)
}

fn throttled() -> Response {
    let kind = "com.amazonaws.dynamodb.v20120810#ThrottlingException";
    let body =
        json!({ "__type": kind, "message": "Rate of requests exceeds the allowed throughput." });
    (StatusCode::BAD_REQUEST, [("content-type", "application/x-amz-json-1.0")], body.to_string())
        .into_response()
}

async fn forward(shared: &Shared, name: &str, headers: &HeaderMap, body: &[u8]) -> Response {
    let mut request: Value = serde_json::from_slice(body).unwrap_or_default();
    if !matches!(name, "ListTables" | "DescribeTable" | "CreateTable") {
        request["ReturnConsumedCapacity"] = json!("INDEXES");
    }
    let mut call = Call::post(format!("{}/", shared.engine), request.to_string());
    // The signature no longer fits the body; engines on a developer's machine only want to see one.
    for header in ["x-amz-target", "x-amz-date", "authorization", "content-type"] {
        if let Some(value) = headers.get(header).and_then(|value| value.to_str().ok()) {
            call = call.header(header, value);
        }
    }
    let answer = match call.try_send().await {
        Ok(answer) => answer,
        Err(error) => return (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    };
    let content: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let cost = &mut shared.lock().cost;
    count(cost, name, &content["ConsumedCapacity"]);
    cost.needed.extend(needed(name, &request));
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    (status, [("content-type", "application/x-amz-json-1.0")], answer.body).into_response()
}

/// What a role needs for a call. Each write of a transaction needs its own.
fn needed(name: &str, request: &Value) -> Vec<(String, String)> {
    let table = |of: &Value| of["TableName"].as_str().unwrap_or_default().to_owned();
    if name == "TransactWriteItems" {
        let items = request["TransactItems"].as_array().into_iter().flatten();
        let writes = items.filter_map(|item| item.as_object()?.iter().next());
        return writes
            .map(|(kind, write)| {
                let action = match kind.as_str() {
                    "ConditionCheck" => "ConditionCheckItem".to_owned(),
                    kind => format!("{kind}Item"),
                };
                (action, table(write))
            })
            .collect();
    }
    if name == "BatchGetItem" {
        let tables = request["RequestItems"].as_object().into_iter().flatten();
        return tables.map(|(table, _)| (name.to_owned(), table.clone())).collect();
    }
    let index = request["IndexName"].as_str();
    let place = table(request);
    let place = index.map_or_else(|| place.clone(), |index| format!("{place}/index/{index}"));
    vec![(name.to_owned(), place)]
}

fn count(cost: &mut Cost, name: &str, consumed: &Value) {
    let one = std::slice::from_ref(consumed);
    for table in consumed.as_array().map_or(one, Vec::as_slice) {
        let units = tenths(&table["CapacityUnits"]);
        if is_write(name) {
            cost.write_tenths += units;
            for (index, consumed) in
                table["GlobalSecondaryIndexes"].as_object().into_iter().flatten()
            {
                *cost.index_tenths.entry(index.clone()).or_default() +=
                    tenths(&consumed["CapacityUnits"]);
            }
        } else {
            cost.read_tenths += units;
        }
    }
}

/// A decimal number with at most one decimal, in tenths.
fn tenths(units: &Value) -> i64 {
    let text = units.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let tenth = fraction.get(..1).and_then(|digit| digit.parse::<i64>().ok()).unwrap_or(0);
    whole.parse::<i64>().map_or(0, |whole| whole * 10 + tenth)
}
