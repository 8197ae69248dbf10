//! What is the member's: codes, store credit, surprises, and what is set aside.

use std::collections::BTreeSet;

use guerdon_domain::{account::Asset, entry::Granted, money::Money};
use guerdon_edge::{Edge, problem::Problem};
use guerdon_words::clean;
use lambda_http::{Body, Response, http::StatusCode};
use maud::{Markup, html};

use crate::{
    answer,
    page::{self, NAME_MAX, Section, hidden},
    view::View,
};

/// `GET /me/things`.
pub(crate) async fn show(edge: &Edge, view: &View) -> Result<Response<Body>, Problem> {
    let (words, programme) = (&view.words, view.programme());
    let member = &view.visit()?.member;
    let (account, grants) = tokio::try_join!(view.account(edge), async {
        Ok::<_, Problem>(edge.ledger.grants(member).await?)
    })?;
    let form = view.form(edge)?;
    let zone = &programme.time_zone;
    let vouchers: Vec<(&Granted, bool)> = grants
        .iter()
        .flat_map(|record| &record.grants)
        .filter_map(|granted| match granted {
            Granted::Voucher { expires, .. } => {
                Some((granted, expires.is_some_and(|at| at <= view.now)))
            }
            Granted::Badge { .. }
            | Granted::Credit { .. }
            | Granted::Points { .. }
            | Granted::Mystery { .. } => None,
        })
        .collect();
    // A badge that was given twice is worn once.
    let badges: BTreeSet<String> = grants
        .iter()
        .flat_map(|record| &record.grants)
        .filter(|granted| matches!(granted, Granted::Badge { .. }))
        .map(|badge| words.grant(badge, programme))
        .collect();
    let credit: Vec<Money> = account
        .wallets
        .iter()
        .filter_map(|(asset, wallet)| match asset {
            Asset::Credit(currency) => {
                Some(Money { minor: wallet.available(), currency: *currency })
            }
            Asset::Points | Asset::Tickets(_) => None,
        })
        .collect();
    let nothing =
        badges.is_empty() && vouchers.is_empty() && credit.is_empty() && account.gifts.is_empty();
    let content = html! {
        h1 { (words.text("things-title")) }
        @if nothing { p { (words.text("things-empty")) } }
        @if !credit.is_empty() {
            h2 { (words.text("things-credit")) }
            @for money in &credit { p { (words.text_with("things-credit-balance", &[("money", words.money(*money).into())])) } }
        }
        @if !account.gifts.is_empty() {
            h2 { (words.text("things-gifts")) }
            ul.cards {
                @for gift in &account.gifts {
                    @let name = programme.reward(&gift.reward).map_or(gift.reward.as_str(), |reward| reward.name.as_str());
                    li.card {
                        h3 { (clean(name, NAME_MAX)) }
                        @match gift.opens {
                            Some(at) => p.muted { (words.text_with("gift-opens-on", &[("date", words.date_time(at, zone).into())])) },
                            None => form method="post" action={ "/me/grants/" (gift.grant) "/open" } {
                                (hidden(&form, &[]))
                                button type="submit" { (words.text("gift-open")) }
                            },
                        }
                    }
                }
            }
        }
        @if !vouchers.is_empty() {
            h2 { (words.text("things-codes")) }
            ul.cards {
                @for (granted, _) in vouchers.iter().filter(|(_, gone)| !gone) { li.card { (page::granted(view, granted)) } }
                @for (granted, _) in vouchers.iter().filter(|(_, gone)| *gone) { li.card.muted { (gone(view, granted)) } }
            }
        }
        @if !badges.is_empty() {
            h2 { (words.text("things-badges")) }
            ul.cards { @for badge in &badges { li.card { p.name { (badge) } } } }
        }
        h2 { (words.text("holds-title")) }
        @if account.holds.is_empty() && account.bids.is_empty() { p { (words.text("holds-empty")) } }
        ul.lines {
            @for hold in &account.holds {
                li {
                    div.what {
                        p { (words.text_with("holds-hold", &[("points", words.points(hold.points()).into()), ("money", words.money(hold.worth).into())])) }
                        p.muted.small { (words.text_with("holds-until", &[("date", words.date_time(hold.lapses_at, zone).into())])) }
                    }
                }
            }
            @for (auction, bid) in &account.bids {
                @let name = view.versions.auction(auction).map_or(auction.as_str(), |auction| auction.name.as_str());
                li { (words.text_with("holds-bid", &[("points", words.points(bid.points()).into()), ("auction", clean(name, NAME_MAX).into())])) }
            }
        }
    };
    let title = words.text("nav-things");
    Ok(answer::page(StatusCode::OK, page::shell(view, Section::Things, &title, &form, &content)))
}

/// A voucher that is no longer good: what it was, without its code.
fn gone(view: &View, granted: &Granted) -> Markup {
    let (words, programme) = (&view.words, view.programme());
    let Granted::Voucher { expires: Some(at), voucher, sku, amount, .. } = granted else {
        return Markup::default();
    };
    let plain = Granted::Voucher {
        voucher: voucher.clone(),
        code: String::new(),
        sku: sku.clone(),
        amount: *amount,
        expires: None,
    };
    html! {
        p.name { (words.grant(&plain, programme)) }
        p { (words.text_with("things-expired", &[("date", words.ending(*at, &programme.time_zone).into())])) }
    }
}
