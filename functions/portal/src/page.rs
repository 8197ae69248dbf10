//! The frame of every page: head, menu, footer; and the pieces that pages share.

use guerdon_domain::entry::{Entry, Granted};
use guerdon_words::{LanguageExt as _, Words, clean};
use maud::{DOCTYPE, Markup, html};

use crate::view::View;

/// The parts of the page, as the menu names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// In no part: before a link is opened, and when something went wrong.
    None,
    Overview,
    History,
    Offers,
    Chances,
    Things,
    Leaders,
    Profile,
}

impl Section {
    const MENU: [Self; 7] = [
        Self::Overview,
        Self::History,
        Self::Offers,
        Self::Chances,
        Self::Things,
        Self::Leaders,
        Self::Profile,
    ];

    fn path(self) -> &'static str {
        match self {
            Self::None | Self::Overview => "/me",
            Self::History => "/me/history",
            Self::Offers => "/me/offers",
            Self::Chances => "/me/chances",
            Self::Things => "/me/things",
            Self::Leaders => "/me/leaders",
            Self::Profile => "/me/profile",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::None | Self::Overview => "nav-overview",
            Self::History => "nav-history",
            Self::Offers => "nav-offers",
            Self::Chances => "nav-chances",
            Self::Things => "nav-things",
            Self::Leaders => "nav-leaderboard",
            Self::Profile => "nav-profile",
        }
    }
}

/// The longest name that is shown, in characters.
pub(crate) const NAME_MAX: usize = 80;

/// A whole page. `form` is a token for the forms in its frame; without one they are left out.
pub(crate) fn shell(
    view: &View,
    section: Section,
    title: &str,
    form: &str,
    content: &Markup,
) -> Markup {
    let (words, brand) = (&view.words, view.brand());
    let language = words.language();
    let name = clean(&view.programme().name, NAME_MAX);
    // A picture elsewhere would tell another host who looks.
    let logo = brand.inline_logo();
    let whole = words.text_with("page-title", &[("section", title.into())]);
    html! {
        (DOCTYPE)
        html lang=(language.code()) dir=(language.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (whole) }
                link rel="stylesheet" href="/me/styles.css";
                link rel="icon" href="data:,";
                script src="/me/page.js" defer {}
            }
            body {
                a.skip href="#content" { (words.text("page-skip")) }
                header.top {
                    div {
                        div.brand {
                            @if let Some(logo) = logo { img src=(logo) alt=""; }
                            span { (name) }
                        }
                        @if view.visit.is_some() { (menu(words, section)) }
                    }
                }
                main id="content" tabindex="-1" { (content) }
                footer { (foot(view, form)) }
            }
        }
    }
}

fn menu(words: &Words, section: Section) -> Markup {
    html! {
        nav aria-label=(words.text("page-menu")) {
            ul {
                @for part in Section::MENU {
                    li {
                        a href=(part.path()) aria-current=[(part == section).then_some("page")] {
                            (words.text(part.key()))
                        }
                    }
                }
            }
        }
    }
}

fn foot(view: &View, form: &str) -> Markup {
    let (words, brand) = (&view.words, view.brand());
    let spoken = &brand.languages;
    html! {
        @if !form.is_empty() {
            @if spoken.len() > 1 {
                form method="post" action="/me/language" {
                    input type="hidden" name="form" value=(form);
                    div {
                        label for="language" { (words.text("page-language")) }
                        select id="language" name="language" {
                            @for language in spoken {
                                option value=(language.code()) lang=(language.code()) selected[*language == words.language()] {
                                    (language.endonym())
                                }
                            }
                        }
                    }
                    button.quiet type="submit" { (words.text("profile-save")) }
                }
            }
            form method="post" action="/me/leave" {
                input type="hidden" name="form" value=(form);
                button.quiet type="submit" { (words.text("page-sign-out")) }
            }
        }
        @if let Some(terms) = &brand.terms {
            p { a href=(terms.url) rel="noreferrer" { (words.text_with("statement-terms", &[("version", terms.version.as_str().into())])) } }
        }
        @if let Some(site) = &brand.site { p { a href=(site) rel="noreferrer" { (site.trim_start_matches("https://")) } } }
        @for line in brand.footer_lines() { p { (line) } }
    }
}

/// The hidden fields of a form: where it came from, and what it is about.
pub(crate) fn hidden(form: &str, fields: &[(&str, &str)]) -> Markup {
    html! {
        input type="hidden" name="form" value=(form);
        @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
    }
}

/// Entries as lines: what happened, when, and why.
pub(crate) fn lines(view: &View, entries: &[Entry]) -> Markup {
    let (words, programme) = (&view.words, view.programme());
    let zone = &programme.time_zone;
    html! {
        ul.lines {
            @for entry in entries {
                @let change = guerdon_edge::view::points(entry);
                @let whys = words.whys(&entry.reasons, change != 0, programme);
                li {
                    div.what {
                        p.name { (words.title(entry, programme)) }
                        p.muted.small {
                            time datetime=(entry.at) { (words.date(entry.at, zone)) }
                            " · " (words.text_with("history-balance-after", &[("points", words.points(entry.balance.total()).into())]))
                        }
                        @if !whys.is_empty() {
                            details {
                                summary { (words.text("history-why")) }
                                @for why in &whys { p.small { (why) } }
                            }
                        }
                    }
                    @if change != 0 { div.amount { (words.signed_points(change)) } }
                }
            }
        }
    }
}

/// What a member was given, with its code to copy.
pub(crate) fn granted(view: &View, granted: &Granted) -> Markup {
    let (words, programme) = (&view.words, view.programme());
    html! {
        p.name { (words.grant(granted, programme)) }
        @if let Granted::Voucher { code, .. } = granted {
            p { code.code dir="ltr" { (code) } }
            p.act {
                button.quiet type="button" hidden data-copy=(code) data-copied=(words.text("code-copied")) {
                    (words.text("code-copy")) " " span role="status" {}
                }
            }
        }
    }
}
