//! What a member does on the page. A form that is sent twice does one thing and is answered alike, since it names what it does.

use std::sync::Arc;

use guerdon_domain::{
    account::Account,
    auction::PlaceBid,
    entry::{Entry, Kind},
    id::{Operation, RequestKey},
    mystery,
    play::{Paid, Play},
    programme::Versions,
    raffle::{self, Enter},
};
use guerdon_edge::{Edge, problem::Problem, random, request};
use guerdon_store::{PostError, Posted, Request as Asked};
use guerdon_words::clean;
use lambda_http::{Body, Request, Response, http::StatusCode};
use maud::html;

use crate::{
    answer,
    page::{self, NAME_MAX, Section},
    view::View,
    visit::Fields,
};

/// What a form asks for. Its name is all that it says, with the token of the page that it stood on: sent twice it is the same, and
/// another form of that page is another.
fn asked(view: &View, request: &Request) -> Result<Asked, Problem> {
    let digest = request::digest(request)?;
    let key = RequestKey::new(format!("page-{digest}")).map_err(Problem::bad_request)?;
    Ok(Asked { operation: Operation::request(&view.visit()?.member, &key), digest })
}

/// Whether a price is the one that the member saw. The programme may have changed since they opened the page.
fn is_as_shown(fields: &Fields, price_points: Option<i64>) -> bool {
    fields.some("price") == price_points.map(|points| points.to_string())
}

/// `POST /me/redemptions`.
pub(crate) async fn redeem(
    edge: &Edge,
    view: &View,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let fields = Fields::of(edge, view, request)?;
    let reward = fields.one("reward");
    let asked = asked(view, request)?;
    let member = &view.visit()?.member;
    let (asked, fields) = (&asked, &fields);
    let redeem = |versions: Arc<Versions>| async move {
        let known = versions.at(view.now).programme.reward(reward);
        if known.is_some_and(|reward| !is_as_shown(fields, Some(reward.price_points))) {
            return Ok(None);
        }
        edge.ledger.redeem(member, &versions, asked, reward, view.now, &random).await.map(Some)
    };
    let posted = edge.under_versions(redeem).await;
    let name = view.programme().reward(reward).map_or(reward, |reward| reward.name.as_str());
    let done = view.words.text_with("redeem-done", &[("reward", clean(name, NAME_MAX).into())]);
    told(edge, view, Section::Offers, posted, |_| done)
}

/// `POST /me/grants/{grant}/open`.
pub(crate) async fn open(
    edge: &Edge,
    view: &View,
    request: &Request,
    grant: &str,
) -> Result<Response<Body>, Problem> {
    Fields::of(edge, view, request)?;
    let asked = asked(view, request)?;
    let grant: u64 = grant.parse().map_err(|_| Problem::no_route())?;
    let (member, asked) = (&view.visit()?.member, &asked);
    let open = |versions: Arc<Versions>| async move {
        let decide = |account: &Account| {
            mystery::open(account, &versions, &asked.operation, grant, view.now)
        };
        edge.ledger.post(member, &versions, asked, view.now, decide).await.map(Some)
    };
    let posted = edge.under_versions(open).await;
    told(edge, view, Section::Things, posted, |entry| match &entry.kind {
        Kind::Reveal { gift, .. } => {
            let prize = clean(&gift.name, NAME_MAX);
            view.words.text_with("gift-opened", &[("prize", prize.into())])
        }
        _ => view.words.title(entry, view.programme()),
    })
}

/// `POST /me/entries`: entries of a raffle, for points or free.
pub(crate) async fn enter(
    edge: &Edge,
    view: &View,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let fields = Fields::of(edge, view, request)?;
    let (raffle, how) = (fields.one("raffle"), fields.one("with"));
    let asked = asked(view, request)?;
    let free = match how {
        "free" => true,
        "points" => false,
        _ => return Err(Problem::bad_request("`with` is points or free")),
    };
    let enter =
        Enter { operation: asked.operation.clone(), raffle: raffle.to_owned(), entries: 1, free };
    let (member, asked, enter, fields) = (&view.visit()?.member, &asked, &enter, &fields);
    let post = |versions: Arc<Versions>| async move {
        let known = versions.at(view.now).programme.raffle(&enter.raffle);
        if !free && known.is_some_and(|raffle| !is_as_shown(fields, raffle.price_points)) {
            return Ok(None);
        }
        let decide = |account: &Account| raffle::enter(account, &versions, enter, view.now);
        edge.ledger.post(member, &versions, asked, view.now, decide).await.map(Some)
    };
    let posted = edge.under_versions(post).await;
    told(edge, view, Section::Chances, posted, |_| view.words.text("raffle-entered"))
}

/// `POST /me/plays`: a play of an instant win.
pub(crate) async fn play(
    edge: &Edge,
    view: &View,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let fields = Fields::of(edge, view, request)?;
    let (game, how) = (fields.one("game"), fields.one("with"));
    let asked = asked(view, request)?;
    let paid = match how {
        "points" => Paid::Points,
        "free" => Paid::Free,
        "earned" => Paid::Earned,
        _ => return Err(Problem::bad_request("`with` is points, free or earned")),
    };
    let play = Play { operation: asked.operation.clone(), game: game.to_owned(), paid };
    let (member, asked, play, fields) = (&view.visit()?.member, &asked, &play, &fields);
    let post = |versions: Arc<Versions>| async move {
        let known = versions.at(view.now).programme.instant_win(&play.game);
        let bought = play.paid == Paid::Points;
        if bought && known.is_some_and(|game| !is_as_shown(fields, game.price_points)) {
            return Ok(None);
        }
        edge.ledger.play(member, &versions, asked, play, view.now, &random).await.map(Some)
    };
    let posted = edge.under_versions(post).await;
    told(edge, view, Section::Chances, posted, |entry| match &entry.kind {
        Kind::Play { game, played, .. } => match &played.prize {
            None => view.words.text("game-lost"),
            Some(prize) => {
                let game = view.versions.instant_win(game);
                let known =
                    game.and_then(|game| game.prizes.iter().find(|known| known.id == *prize));
                let name = clean(known.map_or(prize, |known| &known.name), NAME_MAX);
                view.words.text_with("game-won", &[("prize", name.into())])
            }
        },
        _ => view.words.title(entry, view.programme()),
    })
}

/// `POST /me/bids`: a bid in an auction.
pub(crate) async fn bid(
    edge: &Edge,
    view: &View,
    request: &Request,
) -> Result<Response<Body>, Problem> {
    let fields = Fields::of(edge, view, request)?;
    let (auction, points) = (fields.one("auction"), fields.one("points"));
    let asked = asked(view, request)?;
    let Ok(points) = points.parse::<i64>() else {
        let words = &view.words;
        let hint = words.text("missing-not-positive");
        let title = words.text("error-title");
        return Ok(answer::notice(view, StatusCode::UNPROCESSABLE_ENTITY, &title, &hint));
    };
    let bid = PlaceBid { operation: asked.operation.clone(), auction: auction.to_owned(), points };
    let (member, asked, bid) = (&view.visit()?.member, &asked, &bid);
    let post = |versions: Arc<Versions>| async move {
        edge.ledger.bid(member, &versions, asked, bid, view.now, &random).await.map(Some)
    };
    let posted = edge.under_versions(post).await;
    told(edge, view, Section::Chances, posted, |entry| view.words.title(entry, view.programme()))
}

/// What came of it: what was done and given, what is missing, or that the price is another by now.
fn told(
    edge: &Edge,
    view: &View,
    section: Section,
    posted: Result<Option<Posted>, PostError>,
    done: impl FnOnce(&Entry) -> String,
) -> Result<Response<Body>, Problem> {
    let words = &view.words;
    let posted = match posted {
        Ok(Some(posted)) => posted,
        Ok(None) => {
            let (title, hint) = (words.text("error-title"), words.text("error-changed"));
            return Ok(answer::notice(view, StatusCode::CONFLICT, &title, &hint));
        }
        Err(PostError::Refused(refusal)) => {
            let missing = words.missing(&refusal.reason, view.programme());
            let title = words.text("error-title");
            return Ok(answer::notice(view, StatusCode::CONFLICT, &title, &missing));
        }
        Err(error) => return Err(error.into()),
    };
    // What is posted has an entry.
    let last = posted.entries.last().ok_or_else(Problem::unavailable)?;
    let left = posted.all().last().unwrap_or(last).balance.available;
    let form = view.form(edge)?;
    let title = done(last);
    let given: Vec<_> = posted.entries.iter().flat_map(|entry| entry.kind.grants()).collect();
    let content = html! {
        div role="status" { h1 { (title) } }
        @if !given.is_empty() {
            ul.cards { @for granted in &given { li.card { (page::granted(view, granted)) } } }
            p.small.muted { (words.text("code-how")) }
        }
        p { (words.text_with("redeem-left", &[("points", words.points(left).into())])) }
        p.act {
            a.button href="/me/things" { (words.text("nav-things")) } " "
            a.button.quiet href="/me" { (words.text("page-back")) }
        }
    };
    Ok(answer::page(StatusCode::OK, page::shell(view, section, &title, &form, &content)))
}
