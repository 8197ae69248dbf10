//! The handlers of the `instant-win` function: plays, and what is public of a game.

use std::sync::Arc;

use guerdon_domain::{
    id::MemberId,
    play::{Paid, Play},
    programme::Versions,
};
use guerdon_edge::{
    Edge,
    auth::Scope,
    problem::{Problem, answer, respond},
    random, request, view,
};
use jiff::Timestamp;
use lambda_http::{
    Body, Request, Response,
    http::{Method, StatusCode},
};
use serde::Deserialize;

/// Answers an HTTP request.
pub async fn handle(edge: &Edge, now: Timestamp, request: Request) -> Response<Body> {
    answer(route(edge, now, &request).await)
}

async fn route(edge: &Edge, now: Timestamp, request: &Request) -> Result<Response<Body>, Problem> {
    let segments = request::segments(request)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method(), segments.as_slice()) {
        // What is published of a game is for everybody.
        (&Method::GET, ["instant-wins", game]) => show(edge, now, game).await,
        (&Method::POST, ["members", member, "plays"]) => {
            edge.config.api_keys.authorize(request.headers(), Scope::Write)?;
            play(edge, now, request, &request::member(member)?).await
        }
        _ => Err(Problem::no_route()),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Playing {
    instant_win: String,
    with: With,
}

/// What a member can pay a play with. Said each time, so that nobody spends points by leaving something out.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum With {
    Points,
    Free,
    Earned,
}

impl From<With> for Paid {
    fn from(with: With) -> Self {
        match with {
            With::Points => Self::Points,
            With::Free => Self::Free,
            With::Earned => Self::Earned,
        }
    }
}

/// `POST /members/{member}/plays`: a play of an instant win, decided at once.
async fn play(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let operation = request::operation(request, member)?;
    let Playing { instant_win, with } = request::body(request)?;
    let play =
        Play { operation: operation.operation.clone(), game: instant_win, paid: with.into() };
    let (asked, play) = (&operation, &play);
    let post = |versions: Arc<Versions>| async move {
        edge.ledger.play(member, &versions, asked, play, now, &random).await
    };
    let posted = edge.under_versions(post).await;
    let posted = posted.map_err(|problem| Problem::from(problem).if_not_obtainable_at("/with"))?;
    Ok(view::created(member, &posted))
}

/// `GET /instant-wins/{instant_win}`: what is public of a game: its terms and commitment, and after its end what they hid.
async fn show(edge: &Edge, now: Timestamp, game: &str) -> Result<Response<Body>, Problem> {
    let versions = edge.programmes.versions().await?;
    let known = versions.instant_win(game).ok_or_else(|| Problem::unknown_instant_win(game))?;
    Ok(respond(StatusCode::OK, &edge.ledger.game(known, now).await?))
}
