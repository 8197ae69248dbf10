//! The handlers of the `raffle-draw` function: entering raffles, showing them, and drawing them on schedule.

pub mod beacon;
mod page;
pub mod schedules;
mod show;
mod steps;
pub mod vault;

use std::sync::Arc;

use guerdon_archive::Archive;
use guerdon_domain::{
    account::Account,
    id::MemberId,
    programme::Versions,
    raffle::{self, Enter},
};
use guerdon_edge::{
    Edge,
    auth::Scope,
    problem::{Problem, answer},
    request, view,
};
use jiff::Timestamp;
use lambda_http::{Body, Request, Response, http::Method};
use serde::{Deserialize, Serialize};

pub use crate::steps::{Reached, StepError};
use crate::{beacon::Source, schedules::Schedules, vault::Vault};

/// What the function keeps between invocations.
#[derive(Debug)]
pub struct Raffles {
    /// The edge that all functions have.
    pub edge: Edge,
    /// Where the operator's seeds are.
    pub vault: Vault,
    /// Where records are copied to.
    pub archive: Archive,
    /// Who wakes the function when a step is due.
    pub schedules: Schedules,
    /// Where the beacon is asked for.
    pub beacon: Source,
}

/// What a schedule says: the raffle whose step is due; none for a sweep of all.
#[derive(Debug, Default, Deserialize)]
pub struct Due {
    /// The raffle.
    #[serde(default)]
    pub raffle: Option<String>,
}

/// What a run came to, for the log.
#[derive(Debug, Serialize)]
pub struct Report {
    raffles: Vec<(String, &'static str)>,
}

/// Takes the steps that are due: of the raffle that a schedule names, or of all.
///
/// # Errors
/// The first that failed, after all others had their turn. The next run goes on.
pub async fn due(
    raffles: &Raffles,
    due: &Due,
    now: Timestamp,
    clock: impl Fn() -> Timestamp,
    deadline: Timestamp,
) -> Result<Report, StepError> {
    let reached = match &due.raffle {
        Some(raffle) => {
            vec![(raffle.clone(), raffles.advance(raffle, now, clock, deadline).await)]
        }
        None => raffles.sweep(now, clock, deadline).await?,
    };
    let mut report = Report { raffles: Vec::new() };
    for (raffle, reached) in reached {
        report.raffles.push((raffle, reached?.stage.name()));
    }
    Ok(report)
}

/// Answers an HTTP request.
pub async fn handle(raffles: &Raffles, now: Timestamp, request: Request) -> Response<Body> {
    answer(route(raffles, now, &request).await)
}

async fn route(
    raffles: &Raffles,
    now: Timestamp,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let segments = request::segments(request)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["raffles", raffle, rest @ ..] = segments.as_slice() else {
        return Err(Problem::no_route());
    };
    let authorize = |scope| raffles.edge.config.api_keys.authorize(request.headers(), scope);
    match (request.method(), rest) {
        // What is published of a raffle is for everybody.
        (&Method::GET, []) => show::raffle(raffles, raffle, request).await,
        (&Method::GET, ["record"]) => show::record(raffles, raffle).await,
        (&Method::GET, ["list"]) => show::list(raffles, raffle, request).await,
        (&Method::GET, ["members", member]) => {
            authorize(Scope::Read)?;
            show::place(raffles, raffle, &request::member(member)?).await
        }
        (&Method::POST, ["entries"]) => {
            authorize(Scope::Write)?;
            enter(raffles, now, request, raffle).await
        }
        _ => Err(Problem::no_route()),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entering {
    member: String,
    #[serde(default)]
    entries: Option<request::Units>,
    #[serde(default)]
    free: bool,
}

/// `POST /raffles/{raffle}/entries`: entries for points, or by the free route.
async fn enter(
    raffles: &Raffles,
    now: Timestamp,
    request: &Request,
    raffle: &str,
) -> Result<Response<Body>, Problem> {
    let Entering { member, entries, free } = request::body(request)?;
    let member =
        MemberId::new(member).map_err(|error| Problem::bad_request(error).at("/member"))?;
    let member = &member;
    let operation = request::operation(request, member)?;
    let entries = entries.map_or(Ok(1), |entries| entries.get("/entries"))?;
    let enter =
        Enter { operation: operation.operation.clone(), raffle: raffle.to_owned(), entries, free };
    let (asked, enter) = (&operation, &enter);
    let post = |versions: Arc<Versions>| async move {
        let decide = |account: &Account| raffle::enter(account, &versions, enter, now);
        raffles.edge.ledger.post(member, &versions, asked, now, decide).await
    };
    let posted = raffles.edge.under_versions(post).await;
    let posted = posted.map_err(|error| {
        Problem::from(error).if_out_of_range_at("/entries").if_not_obtainable_at("/free")
    })?;
    Ok(view::created(member, &posted))
}
