//! The overview: what the member has, what it is worth, what comes next.

use guerdon_domain::statement;
use guerdon_edge::{Edge, problem::Problem};
use guerdon_store::StoreError;
use guerdon_words::clean;
use lambda_http::{Body, Response, http::StatusCode};
use maud::{Markup, html};

use crate::{
    answer,
    page::{self, NAME_MAX, Section},
    view::View,
};

/// Entries that the overview shows.
const ENTRIES: i32 = 5;
/// Offers that the overview shows.
const OFFERS: usize = 4;

/// `GET /me`.
pub(crate) async fn show(edge: &Edge, view: &View) -> Result<Response<Body>, Problem> {
    let (words, programme) = (&view.words, view.programme());
    let member = &view.visit()?.member;
    let (account, taken, history) =
        tokio::try_join!(view.account(edge), view.taken(edge), async {
            Ok::<_, Problem>(edge.ledger.history(member, None, ENTRIES).await?)
        })?;
    let of = |name: &str| taken.get(name).copied().unwrap_or(0);
    let outlook = statement::outlook(&account, &view.versions, of, view.now);
    let outlook = outlook.map_err(StoreError::from)?;
    let form = view.form(edge)?;
    let name = view.profile.name.as_deref().map(|name| clean(name, NAME_MAX));
    let hello = match &name {
        Some(name) => words.text_with("overview-hello", &[("name", name.into())]),
        None => words.text("overview-hello-unnamed"),
    };
    let points = outlook.balances.points;
    let zone = &programme.time_zone;
    let content = html! {
        h1 { (hello) }
        section.balance aria-label=(words.text("overview-balance")) {
            p { (words.text("overview-balance")) }
            p.figure { (words.points(points.available)) }
            @if let Some(worth) = &outlook.worth { p { (words.text_with("statement-value", &[("money", words.money(worth.0).into())])) } }
        }
        @if points.pending > 0 || points.held > 0 || !outlook.expires.is_empty() {
            ul.lines {
                @for opening in &outlook.opens {
                    li { (words.text_with("statement-pending-until", &[("points", words.points(opening.points).into()), ("date", words.beginning(opening.at, zone).into())])) }
                }
                @if points.held > 0 { li { (words.text_with("statement-held", &[("points", words.points(points.held).into())])) } }
                @for lot in outlook.expires.iter().filter(|lot| lot.available > 0).take(3) {
                    li { (words.text_with("statement-expires", &[("points", words.points(lot.available).into()), ("date", words.ending(lot.at, zone).into())])) }
                }
            }
        }
        (tier(view, &outlook))
        (nearest(view, &outlook))
        h2 { (words.text("history-title")) }
        @if history.entries.is_empty() { p { (words.text("history-empty")) } }
        @else { (page::lines(view, &history.entries)) p.act { a href="/me/history" { (words.text("page-more")) } } }
    };
    let title = words.text("nav-overview");
    Ok(answer::page(StatusCode::OK, page::shell(view, Section::Overview, &title, &form, &content)))
}

fn tier(view: &View, outlook: &statement::Outlook) -> Markup {
    let (words, programme) = (&view.words, view.programme());
    if programme.tiers.is_empty() {
        return Markup::default();
    }
    let held = match &outlook.tier {
        Some(tier) => words.text_with("statement-tier", &[("tier", tier.name.as_str().into())]),
        None => words.text("statement-tier-none"),
    };
    html! {
        h2 { (held) }
        @if let Some(next) = &outlook.next_tier {
            @let has = outlook.qualifying_points;
            @let progress = words.text_with("statement-tier-progress", &[
                ("has", words.number(has).into()),
                ("needed", words.points(next.needed).into()),
                ("tier", next.name.as_str().into()),
            ]);
            label for="tier" { (progress) }
            progress id="tier" max=(next.needed) value=(has.clamp(0, next.needed)) {}
        } @else { p { (words.text("statement-tier-top")) } }
    }
}

fn nearest(view: &View, outlook: &statement::Outlook) -> Markup {
    let words = &view.words;
    html! {
        h2 { (words.text("nav-offers")) }
        @if outlook.offers.is_empty() { p { (words.text("offers-empty")) } }
        ul.cards {
            @for offer in outlook.offers.iter().take(OFFERS) {
                li.card {
                    h3 { a href={ "/me/offers/" (offer.reward) } { (clean(&offer.name, NAME_MAX)) } }
                    @if offer.price_points == 0 { p { (words.text("offers-free")) } }
                    @else { p { (words.points(offer.price_points)) } }
                    @if offer.missing_points > 0 {
                        p.muted { (words.text_with("missing-points", &[("points", words.points(offer.missing_points).into())])) }
                    }
                }
            }
        }
    }
}
