//! The member's page over HTTP: who gets in, what is seen, what forms do, and what nobody else can make them do.

use std::fmt::Write as _;

use guerdon_domain::{id::MemberId, profile::Profile};
use guerdon_edge::{
    random_bytes,
    token::{PortalKey, Purpose},
};
use guerdon_tests::{
    http::{Answer, Call},
    stack::{Stack, member},
};
use jiff::{SignedDuration, Timestamp};

const PROGRAMME: &str = r##"
[programme]
name = "Beanery <Club>"
currency = "EUR"
points = { one = "bean", many = "beans", value = "0.01 EUR" }

[brand]
languages = ["en", "pl", "ar"]
colours = { accent = "#7a3e12" }
footer = "Beanery, Sesame Street 1"
terms = { version = "2026-01", url = "https://beanery.example/terms" }

[[tier]]
id = "gold"
name = "Gold"
from = { qualifying_points = 1000 }

[[earn]]
id = "spend"
on = "order"
points = { give = 1, per = "1.00 EUR" }

[[reward]]
id = "latte"
name = "A latte <b>&amp;</b>"
price = { points = 100 }
gives = [{ voucher = "product", sku = "LATTE" }]

[[reward]]
id = "box"
name = "A box"
price = { points = 30 }
[[reward.gives]]
reveal = "opened"
mystery = [{ id = "socks", name = "Warm socks", weight = 1, gives = [{ points = 7 }] }]

[[reward]]
id = "trip"
name = "A trip"
price = { points = 100000 }
gives = [{ voucher = "product", sku = "TRIP" }]

[[raffle]]
id = "machine"
name = "The machine"
opens = "2026-01-01"
closes = "2040-01-01"
prizes = [{ id = "machine", name = "A machine" }]
beacon = "none"
price = { points = 20 }
free = { entries = 1, per = "day" }

[[instant_win]]
id = "cup"
name = "The cup"
opens = "2026-01-01"
closes = "2040-01-01"
wins = { every = 1 }
prizes = [{ id = "mug", name = "A mug", gives = [{ voucher = "product", sku = "MUG" }] }]
free = { plays = 1, per = "day" }

[[auction]]
id = "tasting"
name = "A tasting"
opens = "2026-01-01"
closes = "2040-01-01"
min = 50
gives = [{ voucher = "product", sku = "TASTING" }]
"##;

/// A member's browser.
struct Browser<'a> {
    stack: &'a Stack,
    cookie: String,
}

fn key(stack: &Stack) -> &PortalKey {
    stack.local.edge.config.portal_key.as_ref().unwrap()
}

fn id(customer: u64) -> MemberId {
    MemberId::new(member(customer)).unwrap()
}

fn link(stack: &Stack, customer: u64, minutes: i64) -> String {
    let until = guerdon_edge::now() + SignedDuration::from_mins(minutes);
    key(stack).seal(Purpose::Link, &id(customer), until, random_bytes())
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

async fn enter(stack: &Stack, link: &str) -> Answer {
    Call::post(format!("{}/me/enter?link={link}", stack.local.url), "").send().await
}

impl<'a> Browser<'a> {
    async fn of(stack: &'a Stack, customer: u64) -> Self {
        let entered = enter(stack, &link(stack, customer, 10)).await;
        assert_eq!((entered.status, entered.header("location")), (303, Some("/me")));
        let cookie = entered.header("set-cookie").unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        Self { stack, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    async fn get(&self, path: &str) -> Answer {
        let call = Call::get(format!("{}{path}", self.stack.local.url));
        call.header("cookie", self.cookie.clone()).send().await
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", text(&answer));
        text(&answer)
    }

    /// The token of the first form on a page.
    async fn form(&self, path: &str) -> String {
        let page = self.page(path).await;
        let (_, rest) = page.split_once("name=\"form\" value=\"").expect("a form");
        rest.split('"').next().unwrap().to_owned()
    }

    async fn send(&self, path: &str, form: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("form={form}");
        for (name, value) in fields {
            write!(body, "&{name}=").unwrap();
            for byte in value.bytes() {
                write!(body, "%{byte:02X}").unwrap();
            }
        }
        let call = Call::post(format!("{}{path}", self.stack.local.url), body);
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        call.header("cookie", self.cookie.clone()).send().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_the_page_once() {
    let stack = Stack::start(PROGRAMME, None).await;
    stack.buys(1, 1, "250.00").await.expect(200);
    let link = link(&stack, 1, 10);
    assert!(!link.contains("shopify"), "a member in a URL");
    // A program that follows links to look for harm does not use it up.
    for _ in 0..2 {
        let door = Call::get(format!("{}/me/enter?link={link}", stack.local.url)).send().await;
        assert_eq!(door.status, 200);
        assert!(text(&door).contains("<form method=\"post\" action=\"/me/enter?link="));
    }
    // Nor does another site, that would let a visitor in as somebody else.
    for site in ["cross-site", "same-site"] {
        let door = format!("{}/me/enter?link={link}", stack.local.url);
        let foreign = Call::post(door, "").header("sec-fetch-site", site).send().await;
        assert_eq!((foreign.status, foreign.header("set-cookie")), (403, None));
    }
    let entered = enter(&stack, &link).await;
    assert_eq!(entered.status, 303);
    let again = enter(&stack, &link).await;
    assert_eq!(again.status, 403);
    assert!(text(&again).contains("used already"), "{}", text(&again));
    stack.local.edge.ledger.erase(&id(1)).await.unwrap();
    assert_eq!(enter(&stack, &link).await.status, 403, "it stays used when the member is erased");
    let until = guerdon_edge::now() - SignedDuration::from_secs(1);
    let expired = key(&stack).seal(Purpose::Link, &id(1), until, random_bytes());
    assert!(text(&enter(&stack, &expired).await).contains("expired"));
    let other = PortalKey([9; 32]).seal(Purpose::Link, &id(1), Timestamp::MAX, random_bytes());
    let session = key(&stack).seal(Purpose::Session, &id(1), Timestamp::MAX, random_bytes());
    for forged in [other.as_str(), &session, "", "AAAA", &link[1..], "%00", "%F0%9F%98%80"] {
        let shut = enter(&stack, forged).await;
        assert_eq!(shut.status, 403, "{forged}");
        assert!(text(&shut).contains("does not work"), "{forged}");
    }
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_sees_what_is_theirs_and_every_page_is_safe() {
    let stack = Stack::start(PROGRAMME, None).await;
    stack.buys(1, 1, "250.00").await.expect(200);
    let browser = Browser::of(&stack, 1).await;
    let home = browser.page("/me").await;
    for seen in
        ["250 beans", "€2.50", "A trip", "99,750 beans more", "Order 1", "250 of 1,000 beans"]
    {
        assert!(home.contains(seen), "{seen}: {home}");
    }
    assert!(home.contains("Beanery &lt;Club&gt;") && !home.contains("<Club>"), "{home}");
    assert!(home.contains("A latte &lt;b&gt;&amp;amp;&lt;/b&gt;"), "{home}");
    for path in [
        "/me",
        "/me/history",
        "/me/offers",
        "/me/offers/latte",
        "/me/offers/trip",
        "/me/chances",
        "/me/things",
        "/me/leaders",
        "/me/profile",
    ] {
        let answer = browser.get(path).await;
        let page = text(&answer);
        assert_eq!(answer.status, 200, "{path}: {page}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert!(page.len() < 60_000, "{path}: {} bytes", page.len());
        assert!(!page.contains("style=") && !page.contains("onclick"), "{path}: {page}");
        assert!(
            page.contains("<html lang=\"en\" dir=\"ltr\">") && page.contains("<main"),
            "{path}"
        );
    }
    let nobody = Call::get(format!("{}/me", stack.local.url)).send().await;
    assert_eq!(nobody.status, 401);
    assert!(!text(&nobody).contains("250"));
    let lost = browser.get("/me/nowhere").await;
    assert_eq!(lost.status, 404);
    assert!(text(&lost).contains("This page does not exist"));
    let export = browser.get("/me/export").await.expect(200);
    assert_eq!(export["member"]["balance"]["available"], 250, "{export}");
    let styles = Call::get(format!("{}/me/styles.css", stack.local.url)).send().await;
    assert!(text(&styles).contains("--accent:#7a3e12"), "{}", text(&styles));
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_leads_to_the_members_own_statements() {
    let stack = Stack::start(PROGRAMME, None).await;
    // Events of the last month: there is one that is over.
    guerdon::demo::send(&stack.local.edge, guerdon_edge::now()).await;
    let demo = MemberId::new(guerdon::demo::MEMBER).unwrap();
    let sealed = |purpose, member: &MemberId| {
        let until = guerdon_edge::now() + SignedDuration::from_mins(10);
        format!("guerdon={}", key(&stack).seal(purpose, member, until, random_bytes()))
    };
    let ask = async |path: &str, cookie: String| {
        let call = Call::get(format!("{}{path}", stack.local.url)).header("cookie", cookie);
        call.send().await
    };
    let history = text(&ask("/me/history", sealed(Purpose::Session, &demo)).await);
    let mut links: Vec<String> = history
        .split('"')
        .filter(|part| part.starts_with("/me/statements/"))
        .map(|part| part.replace("&amp;", "&"))
        .collect();
    assert!(!links.is_empty() && links.len() <= 4 && links.len().is_multiple_of(2), "{links:?}");
    links.sort();
    let page = ask(&links[0], sealed(Purpose::Session, &demo)).await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.status == 200 && text(&page).contains("Order 9001"), "{}", text(&page));
    let pdf = ask(&links[1], sealed(Purpose::Session, &demo)).await;
    assert_eq!((pdf.status, pdf.header("content-type")), (200, Some("application/pdf")));
    // Another member has another; whoever has no session, none.
    let other = ask(&links[0], sealed(Purpose::Session, &id(2))).await;
    assert!(other.status == 200 && !text(&other).contains("9001"), "{}", text(&other));
    let cookies = [
        String::new(),
        "guerdon=forged".to_owned(),
        sealed(Purpose::Link, &demo),
        sealed(Purpose::Widget, &demo),
        sealed(Purpose::Unsubscribe, &demo),
    ];
    for cookie in cookies {
        let nobody = ask(&links[0], cookie.clone()).await;
        assert_eq!((nobody.status, nobody.header("location")), (303, Some("/me")), "{cookie}");
        assert!(nobody.body.is_empty());
    }
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_do_one_thing_and_only_for_whom_they_were_made() {
    let stack = Stack::start(PROGRAMME, None).await;
    stack.buys(1, 1, "250.00").await.expect(200);
    stack.buys(2, 2, "250.00").await.expect(200);
    let (one, two) = (Browser::of(&stack, 1).await, Browser::of(&stack, 2).await);
    let form = one.form("/me/offers/latte").await;
    let latte = [("reward", "latte"), ("price", "100")];
    for _ in 0..3 {
        let answer = one.send("/me/redemptions", &form, &latte).await;
        assert_eq!(answer.status, 200, "{}", text(&answer));
        assert!(text(&answer).contains("class=\"code\""), "{}", text(&answer));
    }
    assert_eq!(stack.available(1).await, 150, "sent three times, done once");
    // Whoever saw another price, because the programme changed or the form was, pays none.
    for price in ["99", "", "1000"] {
        let form = one.form("/me/offers/latte").await;
        let fields = [("reward", "latte"), ("price", price)];
        let changed = one.send("/me/redemptions", &form, &fields).await;
        assert_eq!(changed.status, 409, "{price}: {}", text(&changed));
    }
    assert_eq!(stack.available(1).await, 150);
    // Another site, or another member, has no token for this member's forms.
    let before = stack.items().await;
    for stolen in ["", "AAAA", &two.form("/me").await, &link(&stack, 1, 5)] {
        let refused = one.send("/me/redemptions", stolen, &latte).await;
        assert_eq!(refused.status, 403, "{stolen}");
    }
    let dear = one
        .send("/me/redemptions", &one.form("/me").await, &[("reward", "trip"), ("price", "100000")])
        .await;
    assert_eq!(dear.status, 409);
    assert!(text(&dear).contains("99,850 beans more"), "{}", text(&dear));
    let none = one.send("/me/redemptions", &one.form("/me").await, &[("reward", "none")]).await;
    assert_eq!(none.status, 409);
    assert_eq!(stack.items().await, before);

    let entered = one
        .send(
            "/me/entries",
            &one.form("/me/chances").await,
            &[("raffle", "machine"), ("with", "free")],
        )
        .await;
    assert!(text(&entered).contains("good luck"), "{}", text(&entered));
    let bought = one
        .send(
            "/me/entries",
            &one.form("/me/chances").await,
            &[("raffle", "machine"), ("with", "points"), ("price", "20")],
        )
        .await;
    assert_eq!(bought.status, 200);
    for (with, price, status) in [("", "20", 400), ("gift", "20", 400), ("points", "", 409)] {
        let fields = [("raffle", "machine"), ("with", with), ("price", price)];
        let refused = one.send("/me/entries", &one.form("/me/chances").await, &fields).await;
        assert_eq!(refused.status, status, "{with}");
    }
    let long = "0".repeat(20_000) + "60";
    let fields = [("auction", "tasting"), ("points", long.as_str())];
    let long = one.send("/me/bids", &one.form("/me/chances").await, &fields).await;
    assert_eq!(long.status, 413);
    let played = one
        .send("/me/plays", &one.form("/me/chances").await, &[("game", "cup"), ("with", "free")])
        .await;
    assert!(text(&played).contains("You won A mug!"), "{}", text(&played));
    let bid = one
        .send(
            "/me/bids",
            &one.form("/me/chances").await,
            &[("auction", "tasting"), ("points", "60")],
        )
        .await;
    assert_eq!(bid.status, 200, "{}", text(&bid));
    for points in ["", "-5", "1e9", "99999999999999999999", "1"] {
        let form = one.form("/me/chances").await;
        let low = one.send("/me/bids", &form, &[("auction", "tasting"), ("points", points)]).await;
        assert!([409, 422].contains(&low.status), "{points}: {}", low.status);
    }
    let chances = one.page("/me/chances").await;
    for seen in ["You have 2 entries", "Your bid of 60 beans is among the winning ones"] {
        assert!(chances.contains(seen), "{seen}: {chances}");
    }
    let boxed = one
        .send(
            "/me/redemptions",
            &one.form("/me/offers/box").await,
            &[("reward", "box"), ("price", "30")],
        )
        .await;
    assert_eq!(boxed.status, 200);
    let things = one.page("/me/things").await;
    let (_, rest) = things.split_once("action=\"/me/grants/").expect("a surprise to open");
    let grant = rest.split('/').next().unwrap();
    let opened =
        one.send(&format!("/me/grants/{grant}/open"), &one.form("/me/things").await, &[]).await;
    assert!(text(&opened).contains("It is Warm socks!"), "{}", text(&opened));
    assert_eq!(stack.available(1).await, 150 - 20 - 60 - 30 + 7);
    assert_eq!(stack.available(2).await, 250, "nobody else's points moved");

    let left = one.send("/me/leave", &one.form("/me").await, &[]).await;
    assert_eq!(left.status, 303);
    assert!(left.header("set-cookie").unwrap().contains("Max-Age=0"));
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_takes_any_text_and_shows_it_harmlessly() {
    let stack = Stack::start(PROGRAMME, None).await;
    let browser = Browser::of(&stack, 1).await;
    let hostile = [
        "<script>alert(1)</script>".to_owned(),
        "\" onfocus=\"x".to_owned(),
        "\u{202E}evil\u{2066}\u{0007}name".to_owned(),
        "👩‍👩‍👧‍👦 Zoë".to_owned(),
        "x".repeat(500),
        "ok\nBcc: all@example.com".to_owned(),
    ];
    for name in &hostile {
        let form = browser.form("/me/profile").await;
        let saved = browser
            .send(
                "/me/profile",
                &form,
                &[
                    ("name", name),
                    ("nickname", name),
                    ("email", "ann@example.com"),
                    ("statements", "yes"),
                ],
            )
            .await;
        assert_eq!(saved.status, 200);
        for path in ["/me", "/me/profile"] {
            let page = browser.page(path).await;
            for bad in ["<script>alert", "onfocus=\"x", "\u{202E}", "\u{2066}", "\u{0007}"] {
                assert!(!page.contains(bad), "{bad:?} on {path}: {page}");
            }
        }
        let profile = stack.local.edge.ledger.profile(&id(1)).await.unwrap();
        assert!(profile.statements.is_some() && profile.email.is_some());
    }
    for email in ["ann", "a@b", "a b@c.de", "x@y.z\r\nBcc: q@w.e"] {
        let form = browser.form("/me/profile").await;
        let fields = [("email", email), ("name", "Ann of the hills")];
        let refused = browser.send("/me/profile", &form, &fields).await;
        assert_eq!(refused.status, 422, "{email}");
        let page = text(&refused);
        assert!(page.contains("Please check the e-mail address"), "{page}");
        assert!(page.contains("Ann of the hills"), "what was typed is not lost: {page}");
    }
    let profile = stack.local.edge.ledger.profile(&id(1)).await.unwrap();
    assert!(profile.email.is_some(), "what was there stays");
    let form = browser.form("/me/profile").await;
    browser.send("/me/profile", &form, &[]).await;
    let profile = stack.local.edge.ledger.profile(&id(1)).await.unwrap();
    assert_eq!(profile, Profile::default(), "all of it can be withdrawn");
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_reads_their_own_language_whichever_way_it_runs() {
    let stack = Stack::start(PROGRAMME, None).await;
    stack.buys(1, 1, "250.00").await.expect(200);
    let browser = Browser::of(&stack, 1).await;
    for (code, seen) in
        [("pl", "<html lang=\"pl\" dir=\"ltr\">"), ("ar", "<html lang=\"ar\" dir=\"rtl\">")]
    {
        let form = browser.form("/me").await;
        let switched = browser.send("/me/language", &form, &[("language", code)]).await;
        assert_eq!(switched.status, 303);
        assert!(browser.page("/me").await.contains(seen), "{code}");
    }
    for code in ["ko", "xx", ""] {
        let form = browser.form("/me").await;
        let refused = browser.send("/me/language", &form, &[("language", code)]).await;
        assert_eq!(refused.status, 400, "{code} is not offered");
    }
    let asked =
        Call::get(format!("{}/me", stack.local.url)).header("accept-language", "pl-PL,en;q=0.5");
    assert!(
        text(&asked.send().await).contains("<html lang=\"pl\""),
        "before signing in, the browser's"
    );
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shops_page_shows_the_balance_and_nothing_else() {
    let stack = Stack::start(PROGRAMME, None).await;
    stack.buys(1, 1, "250.00").await.expect(200);
    let until = guerdon_edge::now() + SignedDuration::from_mins(10);
    let token = key(&stack).seal(Purpose::Widget, &id(1), until, random_bytes());
    let url = format!("{}/widget/balance", stack.local.url);
    let ask =
        |token: &str| Call::get(url.clone()).header("authorization", format!("Bearer {token}"));
    let answer = ask(&token).send().await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let balance = answer.expect(200);
    assert_eq!((&balance["available"], balance["text"].as_str()), (&250.into(), Some("250 beans")));
    let session = key(&stack).seal(Purpose::Session, &id(1), until, random_bytes());
    for bad in [session.as_str(), "", "AAAA"] {
        ask(bad).send().await.expect(401);
    }
    let page =
        Call::get(format!("{}/me", stack.local.url)).header("cookie", format!("guerdon={token}"));
    assert_eq!(page.send().await.status, 401, "a widget's token opens no page");
    stack.stop().await;
}
