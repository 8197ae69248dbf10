//! The rewards: what can be had now first, and what is missing for the rest; and the question before one is redeemed.

use guerdon_domain::offer::{Offer, offers};
use guerdon_edge::{Edge, problem::Problem};
use guerdon_words::clean;
use lambda_http::{Body, Response, http::StatusCode};
use maud::{Markup, html};

use crate::{
    answer,
    page::{self, NAME_MAX, Section, hidden},
    view::View,
};

/// `GET /me/offers`.
pub(crate) async fn show(edge: &Edge, view: &View) -> Result<Response<Body>, Problem> {
    let words = &view.words;
    let (account, taken) = tokio::try_join!(view.account(edge), view.taken(edge))?;
    let of = |name: &str| taken.get(name).copied().unwrap_or(0);
    let offers = offers(&account, &view.versions, of, view.now);
    let form = view.form(edge)?;
    let content = html! {
        h1 { (words.text("offers-title")) }
        @if offers.is_empty() { p { (words.text("offers-empty")) } }
        ul.cards { @for offer in &offers { li.card { (card(view, offer, true)) } } }
    };
    let title = words.text("nav-offers");
    Ok(answer::page(StatusCode::OK, page::shell(view, Section::Offers, &title, &form, &content)))
}

fn price(view: &View, offer: &Offer<'_>) -> String {
    match offer.reward.price_points {
        0 => view.words.text("offers-free"),
        points => view.words.points(points),
    }
}

fn card(view: &View, offer: &Offer<'_>, listed: bool) -> Markup {
    let (words, programme) = (&view.words, view.programme());
    let name = clean(&offer.reward.name, NAME_MAX);
    html! {
        @if listed { h2 { (name) } }
        p { (price(view, offer)) }
        @if let Some(until) = offer.reward.conditions.until {
            p.small.muted { (words.text_with("offers-until", &[("date", words.ending(until, &programme.time_zone).into())])) }
        }
        @if let Some(left) = offer.left { p.small.muted { (words.text_with("left-in-stock", &[("count", left.into())])) } }
        @match &offer.refusal {
            Some(refusal) => p { (words.missing(&refusal.reason, programme)) },
            None if listed => p.act {
                a.button href={ "/me/offers/" (offer.reward.id) } {
                    (words.text("redeem-button")) span.aside { " " (name) }
                }
            },
            None => {},
        }
    }
}

/// `GET /me/offers/{reward}`: the question before it is redeemed.
pub(crate) async fn confirm(
    edge: &Edge,
    view: &View,
    reward: &str,
) -> Result<Response<Body>, Problem> {
    let words = &view.words;
    let (account, taken) = tokio::try_join!(view.account(edge), view.taken(edge))?;
    let of = |name: &str| taken.get(name).copied().unwrap_or(0);
    let offers = offers(&account, &view.versions, of, view.now);
    let offer =
        offers.iter().find(|offer| offer.reward.id == reward).ok_or_else(Problem::no_route)?;
    let available = account.balance(&guerdon_domain::account::Asset::Points).available;
    let form = view.form(edge)?;
    let name = clean(&offer.reward.name, NAME_MAX);
    let cost = offer.reward.price_points;
    let content = html! {
        @if offer.refusal.is_some() {
            h1 { (name) }
            div.card { (card(view, offer, false)) }
            p.act { a.button.quiet href="/me/offers" { (words.text("page-back")) } }
        } @else {
            h1 { (words.text_with("redeem-confirm-title", &[("reward", name.as_str().into())])) }
            @if cost == 0 { p { (words.text("redeem-confirm-free")) } }
            @else { p { (words.text_with("redeem-confirm", &[("points", words.points(cost).into()), ("left", words.points(available.saturating_sub(cost)).into())])) } }
            form method="post" action="/me/redemptions" {
                (hidden(&form, &[("reward", reward), ("price", &cost.to_string())]))
                p.act {
                    button type="submit" {
                        @if cost == 0 { (words.text("redeem-button")) }
                        @else { (words.text_with("redeem-button-for", &[("points", words.points(cost).into())])) }
                    }
                    " " a.button.quiet href="/me/offers" { (words.text("page-cancel")) }
                }
            }
        }
    };
    Ok(answer::page(StatusCode::OK, page::shell(view, Section::Offers, &name, &form, &content)))
}
