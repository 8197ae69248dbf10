//! The leaderboard: members who agreed to be on it, by what they did this year.

use guerdon_edge::{Edge, problem::Problem};
use guerdon_words::clean;
use lambda_http::{Body, Response, http::StatusCode};
use maud::html;

use crate::{
    answer,
    page::{self, NAME_MAX, Section},
    view::View,
};

/// `GET /me/leaders`.
pub(crate) async fn show(edge: &Edge, view: &View) -> Result<Response<Body>, Problem> {
    let words = &view.words;
    let board = edge.ledger.leaders(view.programme(), view.now).await?;
    let form = view.form(edge)?;
    let me = &view.visit()?.member;
    let place = board.iter().position(|leader| leader.member == *me);
    let content = html! {
        h1 { (words.text("leaderboard-title")) }
        @if board.is_empty() { p { (words.text("leaderboard-empty")) } }
        @if let Some(place) = place {
            p.notice { (words.text_with("leaderboard-you", &[("place", place.saturating_add(1).into()), ("members", board.len().into())])) }
        }
        ol.lines {
            @for (place, leader) in board.iter().enumerate() {
                li aria-current=[(leader.member == *me).then_some("true")] {
                    div.what { (words.text_with("leaderboard-place", &[("place", place.saturating_add(1).into()), ("name", clean(&leader.nickname, NAME_MAX).into())])) }
                    div.amount { (words.points(leader.points)) }
                }
            }
        }
        @if view.profile.leaderboard.is_none() { p.act { a href="/me/profile" { (words.text("leaderboard-join")) } } }
    };
    let title = words.text("nav-leaderboard");
    Ok(answer::page(StatusCode::OK, page::shell(view, Section::Leaders, &title, &form, &content)))
}
