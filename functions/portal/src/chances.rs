//! Raffles, instant wins and auctions that are on, or were lately.

use futures_util::future::try_join_all;
use guerdon_domain::{
    account::{Account, Asset, Bid, Wallet},
    auction::{self, board::Board},
    id::ChanceId,
    programme::{Auction, InstantWin, Raffle, raffle::FreeRoute},
    raffle::stage::Stage,
};
use guerdon_edge::{Edge, problem::Problem};
use guerdon_store::RaffleState;
use guerdon_words::clean;
use jiff::{SignedDuration, Timestamp};
use lambda_http::{Body, Response, http::StatusCode};
use maud::{Markup, html};

use crate::{
    answer,
    page::{self, NAME_MAX, Section, hidden},
    view::View,
};

/// How long after its end something is still shown.
const SHOWN_AFTER: SignedDuration = SignedDuration::from_hours(24 * 31);

fn is_shown(view: &View, opens: Timestamp, closes: Timestamp) -> bool {
    let gone = closes.saturating_add(SHOWN_AFTER).unwrap_or(Timestamp::MAX);
    opens <= view.now && view.now < gone
}

/// `GET /me/chances`.
pub(crate) async fn show(edge: &Edge, view: &View) -> Result<Response<Body>, Problem> {
    let words = &view.words;
    let programme = view.programme();
    let account = view.account(edge).await?;
    let form = view.form(edge)?;
    let raffles = programme.raffles.iter();
    let raffles: Vec<&Raffle> =
        raffles.filter(|raffle| is_shown(view, raffle.opens, raffle.draws)).collect();
    let games = programme.instant_wins.iter();
    let games: Vec<&InstantWin> =
        games.filter(|game| is_shown(view, game.opens, game.closes)).collect();
    let auctions = programme.auctions.iter();
    let auctions: Vec<&Auction> =
        auctions.filter(|auction| is_shown(view, auction.opens, auction.closes)).collect();
    let (states, boards) = tokio::try_join!(
        try_join_all(raffles.iter().map(|raffle| edge.ledger.raffle(&raffle.id))),
        try_join_all(auctions.iter().map(|auction| edge.ledger.board(&auction.id))),
    )?;
    let nothing = raffles.is_empty() && games.is_empty() && auctions.is_empty();
    let content = html! {
        h1 { (words.text("chances-title")) }
        @if nothing { p { (words.text("chances-empty")) } }
        ul.cards {
            @for (raffle, state) in raffles.iter().zip(&states) {
                li.card { (self::raffle(edge, view, &account, raffle, state.as_ref(), &form).await?) }
            }
            @for game in &games { li.card { (self::game(view, &account, game, &form)) } }
            @for (auction, board) in auctions.iter().zip(&boards) {
                li.card { (self::auction(view, &account, auction, board, &form)) }
            }
        }
    };
    let title = words.text("nav-chances");
    Ok(answer::page(StatusCode::OK, page::shell(view, Section::Chances, &title, &form, &content)))
}

fn tickets(account: &Account, of: &str) -> i64 {
    let asset = Asset::Tickets(ChanceId::from(of));
    account.wallets.get(&asset).map_or(0, Wallet::available)
}

/// A button that sends one choice.
fn choice(action: &str, form: &str, fields: &[(&str, &str)], text: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            (hidden(form, fields))
            button type="submit" { (text) }
        }
    }
}

async fn raffle(
    edge: &Edge,
    view: &View,
    account: &Account,
    raffle: &Raffle,
    state: Option<&RaffleState>,
    form: &str,
) -> Result<Markup, Problem> {
    let (words, zone) = (&view.words, &view.programme().time_zone);
    let id = raffle.id.as_str();
    let mine = tickets(account, id);
    let open = raffle.is_open(view.now);
    let drawn = state.filter(|state| state.stage >= Stage::Drawn);
    let outcome = match drawn {
        Some(state) if mine > 0 => Some(self::outcome(edge, view, state).await?),
        _ => None,
    };
    Ok(html! {
        h2 { (clean(&raffle.name, NAME_MAX)) }
        p.muted {
            @for (place, prize) in raffle.prizes.iter().enumerate() {
                @if place > 0 { ", " }
                @if prize.count > 1 { (prize.count) " × " }
                (clean(&prize.name, NAME_MAX))
            }
        }
        p { (words.text_with("raffle-your-entries", &[("count", mine.into())])) }
        @if open {
            p.small.muted { (words.text_with("raffle-closes", &[("date", words.date_time(raffle.closes, zone).into())])) }
            @if let FreeRoute::Entries { .. } = raffle.free {
                (choice("/me/entries", form, &[("raffle", id), ("with", "free")], &words.text("raffle-enter-free")))
            }
            @if let Some(points) = raffle.price_points {
                (choice("/me/entries", form, &[("raffle", id), ("with", "points"), ("price", &points.to_string())],
                    &words.text_with("raffle-enter-for", &[("points", words.points(points).into())])))
            }
        } @else if drawn.is_none() {
            p.small.muted { (words.text_with("raffle-closed", &[("date", words.date_time(raffle.draws, zone).into())])) }
        }
        @if let Some(outcome) = outcome { p role="status" { strong { (outcome) } } }
        @if state.is_some() {
            p.act { a href={ "/raffles/" (id) } { (words.text("raffle-record")) } }
            p.small.muted { (words.text("raffle-record-how")) }
        }
    })
}

/// What a raffle that was drawn came to for the member.
async fn outcome(edge: &Edge, view: &View, state: &RaffleState) -> Result<String, Problem> {
    let words = &view.words;
    let record = edge.ledger.record(state).await?;
    let me = edge.ledger.pseudonym(state.id(), &view.visit()?.member)?;
    let won = record.as_ref().and_then(|record| {
        let won = record.winners.iter().find(|winner| winner.entrant == me)?;
        let prizes = &record.announced.prizes;
        let name = prizes.iter().find(|prize| prize.id == won.prize).map(|prize| &prize.name);
        Some(clean(name.unwrap_or(&won.prize), NAME_MAX))
    });
    Ok(match won {
        Some(prize) => words.text_with("raffle-you-won", &[("prize", prize.into())]),
        None => words.text("raffle-you-lost"),
    })
}

fn game(view: &View, account: &Account, game: &InstantWin, form: &str) -> Markup {
    let words = &view.words;
    let id = game.id.as_str();
    let mine = tickets(account, id);
    let open = game.is_open(view.now);
    html! {
        h2 { (clean(&game.name, NAME_MAX)) }
        p.muted {
            @for (place, prize) in game.prizes.iter().enumerate() {
                @if place > 0 { ", " }
                (clean(&prize.name, NAME_MAX))
            }
        }
        @if !open { p { (words.text("game-over")) } }
        @else if game.on.is_some() { p { (words.text("missing-plays-itself")) } }
        @else {
            @if mine > 0 {
                p { (words.text_with("game-plays-left", &[("count", mine.into())])) }
                (choice("/me/plays", form, &[("game", id), ("with", "earned")], &words.text("game-play")))
            }
            @if game.free.is_some() {
                (choice("/me/plays", form, &[("game", id), ("with", "free")], &words.text("game-play-free")))
            }
            @if let Some(points) = game.price_points {
                (choice("/me/plays", form, &[("game", id), ("with", "points"), ("price", &points.to_string())],
                    &words.text_with("game-play-for", &[("points", words.points(points).into())])))
            }
        }
    }
}

fn auction(view: &View, account: &Account, auction: &Auction, board: &Board, form: &str) -> Markup {
    let (words, zone) = (&view.words, &view.programme().time_zone);
    let id = auction.id.as_str();
    let open = auction.is_open(view.now);
    let mine = account.bids.get(id);
    let leads = mine.filter(|_| !auction.sealed && board.of(&account.member).is_some());
    let least = auction::least(auction, board, mine.map(Bid::points));
    let field = format!("bid-{id}");
    html! {
        h2 { (clean(&auction.name, NAME_MAX)) }
        p.small.muted {
            (words.text_with("auction-winners", &[("winners", auction.winners.into())])) " · "
            (words.text_with("auction-closes", &[("date", words.date_time(auction.closes, zone).into())]))
        }
        @if auction.sealed { p.small.muted { (words.text("auction-sealed")) } }
        @if let Some(bid) = leads {
            p role="status" { (words.text_with("auction-leading", &[("points", words.points(bid.points()).into())])) }
        } @else if let Some(bid) = mine {
            p { (words.text_with("holds-bid", &[("points", words.points(bid.points()).into()), ("auction", clean(&auction.name, NAME_MAX).into())])) }
        }
        @if open {
            form method="post" action="/me/bids" {
                (hidden(form, &[("auction", id)]))
                label for=(field) { (words.text("auction-bid-label")) }
                input id=(field) name="points" type="number" inputmode="numeric" min=(least) value=(least) required;
                p.small.muted { (words.text_with("auction-least", &[("points", words.points(least).into())])) }
                button type="submit" { (words.text("auction-bid")) }
            }
        }
    }
}
