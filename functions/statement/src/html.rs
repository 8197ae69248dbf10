//! A statement as HTML for mailboxes: tables and inline styles, 600 pixels wide, whole without images, light or dark.

use guerdon_domain::programme::brand::{Brand, Palette, Typeface};
use guerdon_words::LanguageExt;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::letter::{Letter, Link, Point, Section, Total};

/// How wide it is, in pixels.
const WIDTH: u16 = 600;

/// The letter as a page of HTML, under a logo if there is one.
pub fn html(letter: &Letter, brand: &Brand, logo: Option<&str>) -> String {
    let style = Style::of(brand);
    let Palette { background, .. } = brand.colours.light;
    let page = html! {
        (DOCTYPE)
        html lang=(letter.language.code()) dir=(letter.language.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                title { (letter.subject) }
                style { (PreEscaped(dark(brand))) }
            }
            body.ground style={ "margin:0;padding:0;background:" (background) } {
                div style="display:none;max-height:0;overflow:hidden" aria-hidden="true" { (letter.preheader) }
                div role="main" { table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" {
                    tr { td align="center" style="padding:24px 12px" {
                        table role="presentation" width=(WIDTH) cellpadding="0" cellspacing="0" border="0"
                            style={ "width:100%;max-width:" (WIDTH) "px;text-align:start" } {
                            (head(letter, logo, &style))
                            tr { td { (history(letter, &style)) } }
                            @for section in &letter.sections { (part(section, &style)) }
                            (foot(letter, &style))
                        }
                    } }
                } }
            }
        }
    };
    page.into_string()
}

/// Styles that many elements share.
struct Style {
    text: String,
    small: String,
    strong: String,
    heading: String,
    accent: String,
    on_accent: String,
    code: String,
    rule: String,
}

impl Style {
    fn of(brand: &Brand) -> Self {
        let Palette { text, accent, on_accent, .. } = brand.colours.light;
        let font = match brand.typeface {
            Typeface::SystemSans => "system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif",
            Typeface::SystemSerif => "Georgia,Cambria,'Times New Roman',serif",
            Typeface::Rounded => "ui-rounded,'Arial Rounded MT Bold',system-ui,Arial,sans-serif",
            Typeface::Mono => "ui-monospace,Menlo,Consolas,monospace",
        };
        let set = |size: u8, weight: u16| {
            format!(
                "margin:0;font-family:{font};font-size:{size}px;line-height:1.5;font-weight:{weight};color:{text}"
            )
        };
        Self {
            text: set(16, 400),
            small: set(13, 400),
            strong: set(18, 600),
            heading: set(20, 600),
            accent: accent.to_string(),
            on_accent: on_accent.to_string(),
            code: format!(
                "{};font-family:ui-monospace,Menlo,Consolas,monospace;letter-spacing:1px",
                set(18, 600)
            ),
            rule: format!("border-bottom:1px solid {accent}"),
        }
    }
}

/// The dark palette, for members whose screen is set to dark: mailboxes that do not know it show the light one.
fn dark(brand: &Brand) -> String {
    let Palette { background, text, accent, on_accent } = brand.colours.dark;
    format!(
        ":root{{color-scheme:light dark}}\
         @media (prefers-color-scheme:dark){{\
         .ground{{background:{background}!important}}\
         .ink{{color:{text}!important}}\
         .button{{background:{accent}!important;color:{on_accent}!important}}\
         .bar{{background:{accent}!important}}\
         .line{{border-color:{accent}!important}}}}"
    )
}

fn head(letter: &Letter, logo: Option<&str>, style: &Style) -> Markup {
    html! {
        tr { td style="padding-bottom:16px" {
            @if let Some(logo) = logo {
                img src=(logo) alt=(letter.programme) height="40" style="display:block;height:40px;border:0";
            } @else {
                p.ink style=(style.strong) { (letter.programme) }
            }
        } }
        tr { td style="padding-bottom:8px" { h1.ink style={ (style.heading) ";font-size:26px" } { (letter.title) } } }
        tr { td style="padding-bottom:16px" { p.ink style=(style.text) { (letter.greeting) } } }
    }
}

/// Opening balance, lines, sums, closing balance: all in one table, so that it can be added up.
fn history(letter: &Letter, style: &Style) -> Markup {
    let cell = |align: &str| {
        format!("{};padding:8px 4px;vertical-align:top;text-align:{align}", style.small)
    };
    let (start, end) = (cell("start"), cell("end"));
    let total = |total: &Total| {
        html! {
            tr {
                th.ink.line scope="row" colspan="3" style={ (start) ";font-weight:600;" (style.rule) } { (total.label) }
                td.ink.line style={ (end) ";font-weight:600;white-space:nowrap;" (style.rule) } { (total.balance) }
            }
        }
    };
    html! {
        h2.ink style={ (style.heading) ";padding-top:8px" } { (letter.history) }
        table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse" {
            thead { tr {
                @for (place, column) in letter.columns.iter().enumerate() {
                    th.ink scope="col" style={ (if place < 2 { &start } else { &end }) ";font-weight:600" } { (column) }
                }
            } }
            tbody {
                (total(&letter.opening))
                @for row in &letter.rows { tr {
                    td.ink style={ (start) ";white-space:nowrap" } { (row.date) }
                    td.ink style=(start) {
                        (row.what)
                        @for why in &row.why { br; span style="font-size:12px" { (why) } }
                    }
                    td.ink style={ (end) ";white-space:nowrap" } { (row.change) }
                    td.ink style={ (end) ";white-space:nowrap" } { (row.balance) }
                } }
                @if let Some(nothing) = &letter.nothing {
                    tr { td.ink colspan="4" style=(start) { (nothing) } }
                }
                @for (label, sum) in &letter.sums { tr {
                    th.ink scope="row" colspan="2" style={ (start) ";font-weight:400" } { (label) }
                    td.ink style={ (end) ";white-space:nowrap" } { (sum) }
                    td {}
                } }
                (total(&letter.closing))
            }
        }
    }
}

fn part(section: &Section, style: &Style) -> Markup {
    html! {
        tr { td style="padding-top:24px" {
            @if let Some(title) = &section.title { h2.ink style=(style.heading) { (title) } }
            @for point in &section.points { (said(point, style)) }
        } }
    }
}

fn said(point: &Point, style: &Style) -> Markup {
    match point {
        Point::Text(text) => html! { p.ink style={ (style.text) ";padding-top:4px" } { (text) } },
        Point::Strong(text) => {
            html! { p.ink style={ (style.strong) ";padding-top:4px" } { (text) } }
        }
        Point::Small(text) => html! { p.ink style={ (style.small) ";padding-top:4px" } { (text) } },
        Point::Code { what, code } => html! {
            p.ink style={ (style.text) ";padding-top:8px" } { (what) }
            @if let Some(code) = code { p.ink dir="ltr" style=(style.code) { (code) } }
        },
        Point::Progress { label, part, whole } => bar(label, *part, *whole, style),
        Point::Link(Link { label, url }) => html! {
            p style="margin:0;padding-top:12px" {
                a.button href=(url) style={
                    (style.text) ";display:inline-block;padding:12px 24px;border-radius:6px;text-decoration:none;font-weight:600;background:"
                    (style.accent) ";color:" (style.on_accent)
                } { (label) }
            }
        },
    }
}

/// A bar that is filled as far as words say.
fn bar(label: &str, part: i64, whole: i64, style: &Style) -> Markup {
    let whole = whole.max(1);
    let percent = part.clamp(0, whole).saturating_mul(100).checked_div(whole).unwrap_or(0);
    html! {
        p.ink style={ (style.text) ";padding-top:4px" } { (label) }
        table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" border="0"
            style="margin-top:6px;background:#8884;border-radius:4px" {
            tr {
                @if percent > 0 {
                    td.bar width={ (percent) "%" } height="8"
                        style={ "height:8px;line-height:8px;font-size:0;border-radius:4px;background:" (style.accent) } { (PreEscaped("&nbsp;")) }
                }
                @if percent < 100 { td height="8" style="height:8px;line-height:8px;font-size:0" { (PreEscaped("&nbsp;")) } }
            }
        }
    }
}

fn foot(letter: &Letter, style: &Style) -> Markup {
    let link = |Link { label, url }: &Link| {
        html! { p.ink style={ (style.small) ";padding-top:4px" } { a.ink href=(url) style=(style.small) { (label) } } }
    };
    html! {
        tr { td style="padding-top:32px" {
            @if let Some(terms) = &letter.terms { (link(terms)) }
            p.ink style={ (style.small) ";padding-top:4px" } { (letter.made_on) }
            @for line in &letter.footer { p.ink style={ (style.small) ";padding-top:4px" } { (line) } }
            @if let Some(unsubscribe) = &letter.unsubscribe { (link(unsubscribe)) }
        } }
    }
}
