//! The handlers of the `redeem` function: what members have, and everything that spends it.

mod auctions;
mod checkout;
pub mod profile;
mod show;

use std::sync::Arc;

use guerdon_domain::{
    account::{Account, Asset},
    adjust::{self, Adjust, Unexplained},
    id::MemberId,
    mystery,
    programme::Versions,
};
use guerdon_edge::{
    Edge,
    auth::Scope,
    problem::{Problem, answer},
    random, request, view,
};
use jiff::Timestamp;
use lambda_http::{Body, Request, Response, http::Method};
use serde::Deserialize;

/// Answers an HTTP request.
pub async fn handle(edge: &Edge, now: Timestamp, request: Request) -> Response<Body> {
    answer(route(edge, now, &request).await)
}

async fn route(edge: &Edge, now: Timestamp, request: &Request) -> Result<Response<Body>, Problem> {
    let segments = request::segments(request)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    // What is published of an auction is for everybody.
    if let (&Method::GET, ["auctions", auction]) = (request.method(), segments.as_slice()) {
        return auctions::show(edge, now, auction).await;
    }
    let scope = match (request.method(), segments.as_slice()) {
        (&Method::GET, _) | (&Method::POST, ["members", _, "quotes"]) => Scope::Read,
        (&Method::POST, ["members", _, "adjustments"]) => Scope::Staff,
        _ => Scope::Write,
    };
    let ["members", member, rest @ ..] = segments.as_slice() else {
        return Err(Problem::no_route());
    };
    let caller = edge.config.api_keys.authorize(request.headers(), scope)?;
    let member = request::member(member)?;
    match (request.method(), rest) {
        (&Method::GET, []) => show::member(edge, now, &member).await,
        (&Method::GET, ["entries"]) => show::entries(edge, request, &member).await,
        (&Method::GET, ["rewards"]) => show::rewards(edge, now, &member).await,
        (&Method::GET, ["grants"]) => show::grants(edge, &member).await,
        (&Method::GET, ["bids"]) => auctions::bids(edge, now, &member).await,
        (&Method::POST, ["bids"]) => auctions::bid(edge, now, request, &member).await,
        (&Method::GET, ["profile"]) => profile::show(edge, &member).await,
        (&Method::PUT, ["profile"]) => profile::put(edge, now, request, &member).await,
        (&Method::POST, ["links"]) => profile::link(edge, now, request, &member),
        (&Method::POST, ["redemptions"]) => redeem(edge, now, request, &member).await,
        (&Method::POST, ["grants", grant, "open"]) => {
            open(edge, now, request, &member, grant).await
        }
        (&Method::POST, ["adjustments"]) => adjust(edge, now, request, &member, caller).await,
        (&Method::POST, ["quotes"]) => checkout::quote(edge, now, request, &member).await,
        (&Method::POST, ["holds"]) => checkout::hold(edge, now, request, &member).await,
        (&Method::POST, ["holds", hold, "capture"]) => {
            checkout::capture(edge, now, request, &member, hold).await
        }
        (&Method::POST, ["holds", hold, "release"]) => {
            checkout::release(edge, now, request, &member, hold).await
        }
        _ => Err(Problem::no_route()),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Redemption {
    reward: String,
}

/// `POST /members/{member}/redemptions`: points become a reward.
async fn redeem(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let operation = request::operation(request, member)?;
    let Redemption { reward } = request::body(request)?;
    let (asked, reward) = (&operation, &reward);
    let redeem = |versions: Arc<Versions>| async move {
        edge.ledger.redeem(member, &versions, asked, reward, now, &random).await
    };
    let posted = edge.under_versions(redeem).await;
    let posted = posted.map_err(|error| Problem::from(error).if_out_of_range_at("/reward"))?;
    Ok(view::created(member, &posted))
}

/// `POST /members/{member}/grants/{grant}/open`: a mystery gift is revealed.
async fn open(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
    grant: &str,
) -> Result<Response<Body>, Problem> {
    let operation = request::operation(request, member)?;
    request::no_body(request)?;
    let not_a_grant = || Problem::bad_request("a grant is named by its number").at("/path/grant");
    let plain = grant.bytes().all(|byte| byte.is_ascii_digit());
    let grant: u64 = grant.parse().ok().filter(|_| plain).ok_or_else(not_a_grant)?;
    let asked = &operation;
    let post = |versions: Arc<Versions>| async move {
        let decide =
            |account: &Account| mystery::open(account, &versions, &asked.operation, grant, now);
        edge.ledger.post(member, &versions, asked, now, decide).await
    };
    let posted = edge.under_versions(post).await?;
    Ok(view::created(member, &posted))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Adjustment {
    #[serde(default)]
    points: Option<request::Units>,
    #[serde(default)]
    credit: Option<request::Amount>,
    reason: String,
    #[serde(default)]
    by: Option<String>,
}

/// `POST /members/{member}/adjustments`: staff correct a balance.
async fn adjust(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
    caller: &str,
) -> Result<Response<Body>, Problem> {
    let operation = request::operation(request, member)?;
    let Adjustment { points, credit, reason, by } = request::body(request)?;
    let (asset, amount, pointer) = match (points, credit) {
        (Some(points), None) => (Asset::Points, points.get("/points")?, "/points"),
        (None, Some(credit)) => {
            let money = credit.money("/credit")?;
            (Asset::Credit(money.currency), money.minor, "/credit/amount")
        }
        _ => return Err(Problem::bad_request("give either `points` or `credit`").at("/points")),
    };
    if amount == 0 {
        return Err(Problem::unprocessable("an adjustment of nothing").at(pointer));
    }
    let by = by.unwrap_or_else(|| caller.to_owned());
    adjust::is_explained(&reason, &by).map_err(|unexplained| {
        let field = if unexplained == Unexplained::Reason { "/reason" } else { "/by" };
        Problem::unprocessable(unexplained.to_string()).at(field)
    })?;
    let adjust = Adjust { operation: operation.operation.clone(), asset, amount, reason, by };
    let (asked, adjust) = (&operation, &adjust);
    let post = |versions: Arc<Versions>| async move {
        let decide = |account: &Account| adjust::decide(account, &versions, adjust, now);
        edge.ledger.post(member, &versions, asked, now, decide).await
    };
    let posted = edge.under_versions(post).await;
    let posted = posted.map_err(|error| Problem::from(error).if_out_of_range_at(pointer))?;
    Ok(view::created(member, &posted))
}
