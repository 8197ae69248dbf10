//! The history: every entry, with why, and the statements of the months before.

use std::iter;

use guerdon_domain::statement::{Period, PeriodLength};
use guerdon_edge::{Edge, problem::Problem};
use guerdon_store::Page;
use lambda_http::{Body, Request, RequestExt, Response, http::StatusCode};
use maud::{Markup, html};

use crate::{
    answer,
    page::{self, Section},
    view::View,
};

/// Entries on a page.
const ENTRIES: i32 = 25;
/// Statements that are offered; older ones a member asks the shop for.
const STATEMENTS: usize = 12;

/// `GET /me/history`, newest first; `?before=` goes on.
pub(crate) async fn show(
    edge: &Edge,
    view: &View,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let words = &view.words;
    let query = request.query_string_parameters();
    let before = match query.first("before").map(str::parse::<u64>) {
        None => None,
        Some(Ok(before)) => Some(before),
        Some(Err(_)) => return Err(Problem::bad_request("`before` is not a number")),
    };
    let history = edge.ledger.history(&view.visit()?.member, before, ENTRIES).await?;
    let form = view.form(edge)?;
    let content = html! {
        h1 { (words.text("history-title")) }
        @if history.entries.is_empty() { p { (words.text("history-empty")) } }
        (page::lines(view, &history.entries))
        @if let Some(before) = history.before {
            p.act { a.button.quiet href={ "/me/history?before=" (before) } { (words.text("page-more")) } }
        }
        @if before.is_none() { (statements(view, &history)) }
    };
    let title = words.text("nav-history");
    Ok(answer::page(StatusCode::OK, page::shell(view, Section::History, &title, &form, &content)))
}

/// The last months that are over, back to the member's first entry as far as the page knows it. The function `statement` answers the links.
fn statements(view: &View, history: &Page) -> Markup {
    let words = &view.words;
    let zone = &view.programme().time_zone;
    let oldest = history.entries.last().filter(|_| history.before.is_none());
    let first = oldest.and_then(|entry| Period::of(entry.recorded_at, PeriodLength::Month, zone));
    let last = Period::last_complete(view.now, PeriodLength::Month, &view.versions);
    let last = last.filter(|_| !history.entries.is_empty());
    let months: Vec<(Period, String)> = iter::successors(last, |month| month.before())
        .take_while(|month| first.is_none_or(|first| *month >= first))
        .take(STATEMENTS)
        .map(|month| (month, words.period(month)))
        .collect();
    let language = words.language().code();
    html! {
        @if !months.is_empty() {
            h2 { (words.text("statements-title")) }
            ul.lines {
                @for (month, name) in &months {
                    @let path = format!("/me/statements/{month}?language={language}");
                    li {
                        a href={ (path) "&format=html" } { (name) }
                        a href={ (path) "&format=pdf" } { (words.text_with("statements-pdf", &[("month", name.as_str().into())])) }
                    }
                }
            }
        }
    }
}
