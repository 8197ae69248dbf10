//! The handlers of the `earn` function: webhooks, events of the API, and the queue of events that wait.

use std::sync::Arc;

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use guerdon_commerce::{
    Compliance, Meaning, Platform, Translation,
    signature::{self, SignatureError},
    standard,
};
use guerdon_domain::{event::Event, id::MemberId, programme::Versions, rejection::Refusal};
use guerdon_edge::{
    Edge,
    auth::Scope,
    config::LEDGER_TIME_MAX,
    problem::{Problem, answer, refused, respond, respond_again},
    queue::Waiting,
    random, request, view,
};
use guerdon_store::{EventAnswer, OrderAnswer, Parking, PostError, StoreError, Task};
use jiff::Timestamp;
use lambda_http::{
    Body, Request, Response,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};

/// What taking an event came to.
#[derive(Debug)]
pub enum Taken {
    /// It has its effect, now or since an earlier delivery.
    Done {
        /// The answer to its sender.
        answer: Value,
        /// Whether it had its effect before.
        replayed: bool,
    },
    /// A rule failed on it: it waits where an operator sees it.
    Parked(Parking),
    /// The rules said no: nothing changed.
    Refused(Refusal),
    /// An event of its name was taken before, with other content: nothing changed.
    NameReused,
}

impl Taken {
    fn respond(self) -> Response<Body> {
        match self {
            Self::Done { answer, replayed } => respond_again(StatusCode::OK, &answer, replayed),
            Self::Parked(Parking { id, before }) => respond_again(
                StatusCode::ACCEPTED,
                &json!({ "outcome": "parked", "parked": id }),
                before,
            ),
            Self::Refused(refusal) => refused(&refusal).respond(),
            Self::NameReused => Problem::from(PostError::KeyReused).respond(),
        }
    }
}

/// Answers an HTTP request.
pub async fn handle(edge: &Edge, now: Timestamp, request: Request) -> Response<Body> {
    // Boxed, or the compiler despairs of how deeply the futures are nested.
    answer(Box::pin(route(edge, now, &request)).await)
}

async fn route(edge: &Edge, now: Timestamp, request: &Request) -> Result<Response<Body>, Problem> {
    let segments = request::segments(request)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method(), segments.as_slice()) {
        (&Method::POST, ["webhooks", platform]) => webhook(edge, now, request, platform).await,
        (&Method::POST, ["members", member, "events"]) => {
            member_event(edge, now, request, member).await
        }
        _ => Err(Problem::no_route()),
    }
}

/// `POST /webhooks/{platform}`: a signed webhook.
async fn webhook(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    platform: &str,
) -> Result<Response<Body>, Problem> {
    let platform: Platform = platform.parse().map_err(|_| Problem::no_route())?;
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let body = request::bytes(request)?;
    let secrets = edge.config.webhook_secrets.of(platform.name());
    let signed = match platform {
        Platform::Shopify => signature::shopify(&header, body, secrets),
        Platform::Standard => match signature::standard(&header, body, secrets, now) {
            // The local stack's clock may stand still; a sender's does not.
            Err(SignatureError::Stale) if edge.config.local => {
                signature::standard(&header, body, secrets, guerdon_edge::now())
            }
            checked => checked,
        },
    };
    signed.map_err(|error| Problem::signature(&error))?;

    let translation =
        guerdon_commerce::translate(platform, &header, body).map_err(|e| Problem::payload(&e))?;
    match translation {
        Translation::Event(event, _) => accept(edge, now, *event).await,
        Translation::Compliance(compliance, _) => comply(edge, now, compliance).await,
        Translation::Ignored(meaning) => {
            tracing::info!(%platform, topic = meaning.topic, reason = meaning.reason, "ignored");
            // Nothing is written: without a key of its own, a repeat is not told from another.
            Ok(ignored(&meaning, false))
        }
    }
}

/// Takes an event whose sender waits: into the ledger, else into the queue, else not at all.
async fn accept(edge: &Edge, now: Timestamp, event: Event) -> Result<Response<Body>, Problem> {
    let problem = match tokio::time::timeout(LEDGER_TIME_MAX, take(edge, now, &event)).await {
        Ok(Ok(taken)) => return Ok(taken.respond()),
        Ok(Err(error)) => Problem::from(error),
        // The transaction may be under way: then the queued event finds its work done.
        Err(_) => Problem::unavailable(),
    };
    tracing::warn!("the ledger cannot take the event: queueing it");
    match edge.queue.send(Waiting::new(event, now)).await {
        Ok(()) => Ok(respond(StatusCode::ACCEPTED, &json!({ "outcome": "queued" }))),
        Err(error) => {
            tracing::error!(
                error = guerdon_edge::causes(&error),
                "the queue cannot take the event"
            );
            Err(problem)
        }
    }
}

/// Posts an event to the ledger, or parks it if a rule fails.
async fn take(edge: &Edge, now: Timestamp, event: &Event) -> Result<Taken, StoreError> {
    take_for(edge, now, None, event).await
}

/// The same for an event that was sent about this member, and may concern no other.
async fn take_for(
    edge: &Edge,
    now: Timestamp,
    member: Option<&MemberId>,
    event: &Event,
) -> Result<Taken, StoreError> {
    let post =
        |versions: Arc<Versions>| async move { post(edge, &versions, now, member, event).await };
    match edge.under_versions(post).await {
        Ok((answer, replayed)) => Ok(Taken::Done { answer, replayed }),
        Err(PostError::Rule(error)) => {
            tracing::error!(
                rule = error.rule,
                version = error.version,
                "a rule failed: the event is parked"
            );
            Ok(Taken::Parked(edge.ledger.park(event, &error, now).await?))
        }
        Err(PostError::KeyReused) => {
            tracing::warn!("an event of this name was taken before, with other content");
            Ok(Taken::NameReused)
        }
        Err(PostError::Refused(refusal)) => Ok(Taken::Refused(refusal)),
        Err(PostError::Store(error)) => Err(error),
    }
}

/// Posts an event; the answer to its sender, and whether it was given before.
async fn post(
    edge: &Edge,
    versions: &Versions,
    now: Timestamp,
    member: Option<&MemberId>,
    event: &Event,
) -> Result<(Value, bool), PostError> {
    let (mut answer, replayed) = match event {
        Event::Order(order) => {
            let answer = match member {
                Some(member) => edge.ledger.order_of(member, versions, order, now).await?,
                None => edge.ledger.order(versions, order, now).await?,
            };
            (order_outcome(&answer), answer == OrderAnswer::Unchanged)
        }
        Event::Member(happened) => {
            let answer = edge.ledger.event(versions, happened, now).await?;
            (event_outcome(&happened.member, &answer), answer.replayed())
        }
    };
    let plays = edge.ledger.set_off(versions, event, now, &random).await?;
    if !plays.is_empty() {
        let plays: Vec<Value> =
            plays.iter().map(|(member, posted)| view::posted(member, posted)).collect();
        // The plays are the member's, and came after: the balance is what they left.
        if let (Some(balance), Some(last)) = (answer.get_mut("balance"), plays.last()) {
            *balance = last["balance"].clone();
        }
        answer["plays"] = json!(plays);
    }
    Ok((answer, replayed))
}

fn order_outcome(answer: &OrderAnswer) -> Value {
    match answer {
        OrderAnswer::Unchanged => json!({ "outcome": "unchanged" }),
        OrderAnswer::Noted { member, reasons } => {
            json!({ "outcome": "noted", "member": member, "points": 0, "reasons": reasons })
        }
        OrderAnswer::Posted { member, posted } => outcome("posted", view::posted(member, posted)),
    }
}

fn event_outcome(member: &MemberId, answer: &EventAnswer) -> Value {
    match answer {
        EventAnswer::Posted(posted) => outcome("posted", view::posted(member, posted)),
        EventAnswer::Noted { reasons, .. } => {
            json!({ "outcome": "noted", "member": member, "points": 0, "reasons": reasons })
        }
    }
}

fn outcome(name: &str, mut body: Value) -> Value {
    body["outcome"] = json!(name);
    body
}

/// Acts on what the law asks of a shop's apps.
async fn comply(
    edge: &Edge,
    now: Timestamp,
    compliance: Compliance,
) -> Result<Response<Body>, Problem> {
    match compliance {
        Compliance::Redact(member) => {
            edge.ledger.erase(&member).await?;
            tracing::info!("a member was erased on the platform's request");
        }
        Compliance::DataRequest(member) => {
            park_task(edge, now, Task::Export { member }).await?;
        }
        Compliance::RedactShop(shop) => {
            park_task(edge, now, Task::EraseShop { shop }).await?;
        }
    }
    Ok(respond(StatusCode::OK, &json!({ "outcome": "accepted" })))
}

/// Leaves a task for an operator: `guerdon replay` lists it until it is done.
async fn park_task(edge: &Edge, now: Timestamp, task: Task) -> Result<(), StoreError> {
    let parked = edge.ledger.park_task(&task, now).await?;
    tracing::warn!(parked = parked.id, "a task waits for an operator: see `guerdon replay`");
    Ok(())
}

/// `POST /members/{member}/events`: an event from a server with an API key.
async fn member_event(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &str,
) -> Result<Response<Body>, Problem> {
    edge.config.api_keys.authorize(request.headers(), Scope::Write)?;
    let member = request::member(member)?;
    let key = request::key(request)?;
    let digest = request::digest(request)?;
    let body = request::bytes(request)?;
    let translation =
        standard::translate_for_member(&member, body).map_err(|error| Problem::payload(&error))?;
    if let Translation::Event(event, _) = &translation
        && let Event::Order(order) = &**event
    {
        // Looked at before the key is claimed, so that a refusal writes nothing.
        let versions = edge.programmes.versions().await?;
        edge.ledger.check_owner(&member, &versions, order, now).await?;
    }
    let again = edge.ledger.claim_request(&member, &key, &digest).await?;
    match translation {
        Translation::Event(event, _) => {
            Ok(take_for(edge, now, Some(&member), &event).await?.respond())
        }
        Translation::Compliance(compliance, _) => comply(edge, now, compliance).await,
        Translation::Ignored(meaning) => Ok(ignored(&meaning, again)),
    }
}

/// The answer to what has no effect.
fn ignored(meaning: &Meaning, again: bool) -> Response<Body> {
    let answer = json!({ "outcome": "ignored", "reason": meaning.reason });
    respond_again(StatusCode::OK, &answer, again)
}

/// Takes the events of a batch from the retry queue; those that fail stay in it, alone.
pub async fn retry(edge: &Edge, now: Timestamp, batch: SqsEvent) -> SqsBatchResponse {
    let mut failures = Vec::new();
    for message in batch.records {
        let id = message.message_id.clone().unwrap_or_default();
        if let Err(error) = retry_one(edge, now, message.body.as_deref().unwrap_or_default()).await
        {
            tracing::error!(
                message = id,
                error = guerdon_edge::causes(&*error),
                "the event stays in the queue"
            );
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            failures.push(failure);
        }
    }
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = failures;
    response
}

async fn retry_one(
    edge: &Edge,
    now: Timestamp,
    body: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let waiting: Waiting = serde_json::from_str(body)?;
    match take(edge, now, &waiting.event).await? {
        Taken::Done { .. } | Taken::Parked(_) => Ok(()),
        // Its sender was told that it is accepted: what has no effect stays visible, in the end among the dead letters.
        Taken::Refused(refusal) => Err(refusal.into()),
        Taken::NameReused => Err(PostError::KeyReused.into()),
    }
}

/// Takes a parked event again, after its rule was repaired, and says what it came to.
pub async fn replay(edge: &Edge, now: Timestamp, event: &Event) -> Result<Taken, StoreError> {
    take(edge, now, event).await
}
