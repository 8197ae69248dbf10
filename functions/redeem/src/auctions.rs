//! Auctions: bids, and what everybody may see of them.

use std::sync::Arc;

use guerdon_domain::{
    auction::{self, PlaceBid, board::Standing},
    id::MemberId,
    programme::Versions,
};
use guerdon_edge::{
    Edge,
    problem::{Problem, respond},
    random, request, view,
};
use guerdon_store::StoreError;
use jiff::Timestamp;
use lambda_http::{Body, Request, Response, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bidding {
    auction: String,
    points: request::Units,
}

/// `POST /members/{member}/bids`: a bid in an auction, or a higher one in the place of an earlier.
pub(crate) async fn bid(
    edge: &Edge,
    now: Timestamp,
    request: &Request,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let operation = request::operation(request, member)?;
    let Bidding { auction, points } = request::body(request)?;
    let points = points.get("/points")?;
    let bid = PlaceBid { operation: operation.operation.clone(), auction, points };
    let (asked, bid) = (&operation, &bid);
    let post = |versions: Arc<Versions>| async move {
        edge.ledger.bid(member, &versions, asked, bid, now, &random).await
    };
    let posted = edge.under_versions(post).await?;
    Ok(view::created(member, &posted))
}

/// `GET /members/{member}/bids`: the bids whose points are held, and whether they lead.
pub(crate) async fn bids(
    edge: &Edge,
    now: Timestamp,
    member: &MemberId,
) -> Result<Response<Body>, Problem> {
    let (versions, account) = edge.standing(member, now).await?;
    let mut bids = Vec::new();
    for (id, bid) in &account.bids {
        let Some(auction) = versions.auction(id) else { continue };
        let board = edge.ledger.board(id).await?;
        let known = !auction.sealed || board.closed;
        bids.push(json!({
            "auction": id,
            "bidder": edge.ledger.bidder(id, member)?,
            "points": bid.points(),
            "at": bid.at,
            "leads": known.then(|| board.of(member).is_some()),
        }));
    }
    Ok(respond(StatusCode::OK, &json!({ "bids": bids })))
}

/// `GET /auctions/{auction}`: what is public of an auction: its terms, how far it is, and the bids that lead; of a sealed one only
/// after its close.
pub(crate) async fn show(
    edge: &Edge,
    now: Timestamp,
    auction: &str,
) -> Result<Response<Body>, Problem> {
    let versions = edge.programmes.versions().await?;
    let known = versions.auction(auction).ok_or_else(|| Problem::unknown_auction(auction))?;
    let board = edge.ledger.board(auction).await?;
    let state = match now {
        _ if board.closed => "decided",
        now if now < known.opens => "announced",
        now if now < known.closes => "open",
        _ => "closed",
    };
    let bid = |bid: &Standing| {
        let bidder = edge.ledger.bidder(auction, &bid.member)?;
        Ok::<Value, StoreError>(json!({ "bidder": bidder, "points": bid.points, "at": bid.at }))
    };
    let bids: Vec<Value> = board.bids.iter().map(bid).collect::<Result<_, _>>()?;
    // Of somebody who has no bid in it yet.
    let least = auction::least(known, &board, None);
    Ok(respond(
        StatusCode::OK,
        &json!({
            "auction": known.id,
            "name": known.name,
            "state": state,
            "opens": known.opens,
            "closes": known.closes,
            "winners": known.winners,
            "min": known.min,
            "step": known.step,
            "sealed": known.sealed,
            "least": (state == "open").then_some(least),
            "bids": bids,
        }),
    ))
}
