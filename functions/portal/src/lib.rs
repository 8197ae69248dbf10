//! The handlers of the `portal` function: the member's page, and the balance on a shop's page.
//!
//! Every page is whole without scripts. What a page asks for comes from here and nowhere else.

mod act;
mod answer;
mod chances;
mod enter;
mod history;
mod home;
mod leaders;
mod offers;
mod page;
mod profile;
mod things;
mod view;
mod visit;
mod widget;

use guerdon_edge::{Edge, problem::Problem, request, session};
use jiff::Timestamp;
use lambda_http::{Body, Request, Response, http::Method};

use crate::view::View;

/// Answers an HTTP request.
pub async fn handle(edge: &Edge, now: Timestamp, request: Request) -> Response<Body> {
    match route(edge, now, &request).await {
        Ok(response) => response,
        Err(problem) => answer::failed(edge, now, &request, &problem).await,
    }
}

async fn route(edge: &Edge, now: Timestamp, request: &Request) -> Result<Response<Body>, Problem> {
    let segments = request::segments(request)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method(), segments.as_slice()) {
        (&Method::GET, ["me", "styles.css"]) => return answer::styles(edge, now).await,
        (&Method::GET, ["me", "page.js"]) => return Ok(answer::script(answer::PAGE_JS)),
        (&Method::GET, ["widget.js"]) => return Ok(answer::script(answer::WIDGET_JS)),
        (&Method::GET, ["widget", "balance"]) => return widget::balance(edge, now, request).await,
        (&Method::OPTIONS, ["widget", "balance"]) => return Ok(widget::preflight()),
        (&Method::GET, ["me", "enter"]) => return enter::door(edge, now, request).await,
        (&Method::POST, ["me", "enter"]) => return enter::enter(edge, now, request).await,
        _ => {}
    }
    let ["me", rest @ ..] = segments.as_slice() else { return Err(Problem::no_route()) };
    let Some(visit) = session::visit(edge, now, request.headers())? else {
        return enter::signed_out(edge, now, request).await;
    };
    let view = View::of(edge, now, request, Some(visit)).await?;
    match (request.method(), rest) {
        (&Method::GET, []) => home::show(edge, &view).await,
        (&Method::GET, ["history"]) => history::show(edge, &view, request).await,
        (&Method::GET, ["offers"]) => offers::show(edge, &view).await,
        (&Method::GET, ["offers", reward]) => offers::confirm(edge, &view, reward).await,
        (&Method::GET, ["chances"]) => chances::show(edge, &view).await,
        (&Method::GET, ["things"]) => things::show(edge, &view).await,
        (&Method::GET, ["profile"]) => profile::show(edge, &view),
        (&Method::GET, ["export"]) => profile::export(edge, &view).await,
        (&Method::GET, ["leaders"]) => leaders::show(edge, &view).await,
        (&Method::POST, ["language"]) => profile::language(edge, &view, request).await,
        (&Method::POST, ["profile"]) => profile::save(edge, &view, request).await,
        (&Method::POST, ["leave"]) => enter::leave(edge, &view, request),
        (&Method::POST, ["redemptions"]) => act::redeem(edge, &view, request).await,
        (&Method::POST, ["grants", grant, "open"]) => act::open(edge, &view, request, grant).await,
        (&Method::POST, ["entries"]) => act::enter(edge, &view, request).await,
        (&Method::POST, ["plays"]) => act::play(edge, &view, request).await,
        (&Method::POST, ["bids"]) => act::bid(edge, &view, request).await,
        _ => Err(Problem::no_route()),
    }
}
