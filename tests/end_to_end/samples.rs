//! Each sample in `events/` runs through the real binary of its function, and has its effect.

use std::collections::BTreeMap;

use guerdon::{
    engine::{LEDGER_TABLE, PROGRAMME_TABLE, RAFFLE_TABLE, TEMPLATE},
    template::{Permissions, permissions},
};
use guerdon_edge::{
    now,
    token::{PortalKey, Purpose},
};
use guerdon_tests::{
    lambda::{Function, HttpAnswer},
    samples::{self, MEMBER, sample},
    world::World,
};
use serde_json::{Value, json};

/// The functions under test, each started once.
struct Functions {
    world: World,
    running: BTreeMap<&'static str, Function>,
    told: Vec<String>,
    /// What each function did with tables.
    needed: BTreeMap<String, Permissions>,
}

impl Functions {
    async fn start() -> Self {
        let world = World::start(&samples::programme()).await;
        let mut running = BTreeMap::new();
        for name in
            ["earn", "instant-win", "portal", "raffle-draw", "redeem", "statement", "upkeep"]
        {
            running.insert(name, world.function(name).await);
        }
        Self { world, running, told: Vec::new(), needed: BTreeMap::new() }
    }

    fn function(&mut self, sample: &str) -> &mut Function {
        self.running.get_mut(samples::function(sample)).unwrap()
    }

    /// Sends a sample as it is; checks the status, and the points available after it.
    async fn http(&mut self, name: &str, status: u64, available: i64) -> Value {
        self.told.push(name.to_owned());
        let answer = self.function(name).http(&sample(name)).await;
        self.note(name);
        self.check(name, answer, status, available).await
    }

    /// Notes what the function of a sample has just done with tables.
    fn note(&mut self, name: &str) {
        let needed = self.world.proxy.take().needed;
        self.needed.entry(samples::function(name).to_owned()).or_default().extend(needed);
    }

    /// Every function did only what its role allows it to.
    fn keep_to_their_roles(&self) {
        let roles = permissions(TEMPLATE).unwrap();
        for (function, role) in [
            ("earn", "EarnRole"),
            ("redeem", "RedeemRole"),
            ("instant-win", "InstantWinRole"),
            ("portal", "PortalRole"),
            ("raffle-draw", "RaffleDrawRole"),
            ("statement", "StatementRole"),
            ("upkeep", "UpkeepRole"),
        ] {
            let needed = self.needed[function].iter().map(|(action, place)| {
                let place = place
                    .replace(LEDGER_TABLE, "LedgerTable")
                    .replace(PROGRAMME_TABLE, "ProgrammeTable")
                    .replace(RAFFLE_TABLE, "RaffleTable");
                (action.clone(), place)
            });
            let needed: Permissions = needed.collect();
            let lacks: Vec<_> = needed.difference(&roles[role]).collect();
            assert!(lacks.is_empty(), "{role} lacks {lacks:?}");
            assert!(needed.len() > 1, "{function} did next to nothing: {needed:?}");
        }
    }

    async fn check(&self, name: &str, answer: HttpAnswer, status: u64, available: i64) -> Value {
        let function = &self.running[samples::function(name)];
        assert_eq!(answer.status, status, "{name}: {}\n{}", answer.body, function.log());
        assert_eq!(self.available(MEMBER).await, available, "{name}: {}", answer.body);
        answer.body
    }

    async fn available(&self, member: &str) -> i64 {
        use guerdon_domain::{account::Asset, id::MemberId};
        let account = self.world.ledger().account(&MemberId::new(member).unwrap()).await.unwrap();
        account.map_or(0, |account| account.balance(&Asset::Points).available)
    }
}

/// A member's visit, from a link, with the events that API Gateway would make of it.
async fn visit(f: &mut Functions, link: &str) {
    let query = link.split_once('?').unwrap().1;
    let mut entering = sample("portal-door");
    entering["requestContext"]["http"]["method"] = json!("POST");
    entering["rawQueryString"] = json!(query);
    entering["queryStringParameters"]["link"] = json!(query.split_once('=').unwrap().1);
    let entered = f.function("portal").http(&entering).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    let headers = entered.response["multiValueHeaders"].to_string()
        + &entered.response["cookies"].to_string()
        + &entered.response["headers"].to_string();
    let (_, rest) = headers.split_once("__Host-guerdon=").expect("a cookie");
    let cookie = format!("__Host-guerdon={}", rest.split(';').next().unwrap());
    let event = |method: &str, path: &str, body: &str| {
        let mut event = sample("portal-form");
        event["requestContext"]["http"]["method"] = json!(method);
        event["rawPath"] = json!(path);
        event["requestContext"]["http"]["path"] = json!(path);
        event["cookies"] = json!([cookie]);
        event["body"] = json!(body);
        event
    };
    let mut form = String::new();
    for path in [
        "/me",
        "/me/history",
        "/me/offers",
        "/me/chances",
        "/me/things",
        "/me/leaders",
        "/me/profile",
    ] {
        let page = f.function("portal").http(&event("GET", path, "")).await;
        let page = (page.status, page.body.as_str().unwrap_or_default().to_owned());
        assert!(page.0 == 200 && page.1.contains("lang=\"pl\""), "{path}: {page:?}");
        let (_, rest) = page.1.split_once("name=\"form\" value=\"").expect("a form");
        rest.split('"').next().unwrap().clone_into(&mut form);
    }
    // Its links to statements are answered by another function, which knows the same cookie.
    let mut own = sample("statement-own");
    own["cookies"] = json!([cookie]);
    let page = f.function("statement").http(&own).await;
    let html = page.body.as_str().unwrap_or_default();
    assert!(page.status == 200 && html.contains("lang=\"pl\""), "{}: {html}", page.status);
    for (path, fields) in [
        ("/me/redemptions", "reward=latte&price=350"),
        ("/me/entries", "raffle=summer&with=free"),
        ("/me/plays", "game=lucky-cup&with=free"),
        ("/me/bids", "auction=first-roast&points=70"),
        ("/me/profile", "name=Zo&nickname=Zo&leaderboard=yes"),
    ] {
        let told =
            f.function("portal").http(&event("POST", path, &format!("form={form}&{fields}"))).await;
        assert!([200, 409, 422].contains(&told.status), "{path}: {} {}", told.status, told.body);
    }
    f.note("portal");
}

#[tokio::test]
async fn the_samples_tell_their_story() {
    let mut f = Functions::start().await;

    f.http("earn-shopify-customers-create", 200, 50).await;
    let order = f.http("earn-shopify-orders-paid", 200, 50 + 489).await;
    assert_eq!(order["outcome"], "posted");
    let repeated = f.http("earn-shopify-orders-paid", 200, 539).await;
    assert_eq!(repeated["outcome"], "unchanged");
    f.http("earn-shopify-refund", 200, 514).await;

    f.told.push("earn-standard-order-paid".to_owned());
    let standard = sample("earn-standard-order-paid");
    let earn = f.function("earn");
    let stale = earn.http(&standard).await;
    assert_eq!((stale.status, &stale.body["type"]), (401, &json!("/problems/signature")));
    let fresh = earn.http(&samples::signed_now(standard, now())).await;
    assert_eq!((fresh.status, &fresh.body["points"]), (200, &json!(29)), "{}", fresh.body);
    assert_eq!(f.available("standard:lumen:c-7").await, 29);

    let review = f.http("earn-member-event", 200, 534).await;
    assert_eq!(review["plays"][0]["grants"][0]["sku"], "PIN", "{review}");
    let again = f.http("earn-member-event", 200, 534).await;
    assert_eq!(again["plays"], review["plays"]);

    f.told.push("earn-retry-batch".to_owned());
    let batch = sample("earn-retry-batch");
    let answer = f.function("earn").invoke(&batch).await.unwrap();
    f.note("earn");
    assert_eq!(
        answer["batchItemFailures"],
        json!([{ "itemIdentifier": "2e1424d4-f796-459a-8184-9c92662be6da" }])
    );
    assert_eq!(f.available(MEMBER).await, 591);

    let redemption = f.http("redeem-redemption", 201, 241).await;
    assert_eq!(redemption["grants"][0]["sku"], "LATTE");
    let again = f.function("redeem").http(&sample("redeem-redemption")).await;
    assert_eq!((again.status, &again.body), (201, &redemption));
    assert_eq!(again.response["headers"]["idempotent-replayed"], "true", "{}", again.response);

    let quote = f.http("redeem-quote", 200, 241).await;
    assert_eq!((&quote["max"], &quote["worth"]["amount"]), (&json!(200), &json!("2.00")));
    f.http("redeem-hold", 201, 141).await;
    f.http("redeem-capture", 201, 141).await;
    f.http("redeem-hold-again", 201, 91).await;
    f.http("redeem-release", 201, 141).await;
    f.http("redeem-adjustment", 201, 166).await;
    let gift = f.http("redeem-gift", 201, 166).await;
    assert_eq!(gift["entries"][0]["sequence"], 14, "the grant that the next sample opens");
    let opened = f.http("redeem-opening", 201, 166).await;
    assert_eq!(opened["grants"][0]["grant"], "voucher", "{opened}");

    let shown = f.http("redeem-show", 200, 166).await;
    assert_eq!((&shown["tier"], &shown["balance"]["held"]), (&json!("bright"), &json!(0)));
    let entries = f.http("redeem-entries", 200, 166).await;
    assert_eq!(entries["entries"].as_array().unwrap().len(), 2, "the sample asks for two");
    assert!(entries["next"].is_string());
    let rewards = f.http("redeem-rewards", 200, 166).await;
    let mut rewards = rewards["rewards"].as_array().unwrap().iter();
    assert_eq!(rewards.find(|offer| offer["reward"] == "latte").unwrap()["stock_left"], json!(999));
    let grants = f.http("redeem-grants", 200, 166).await;
    let rewards = grants["grants"].as_array().unwrap().iter().map(|grant| &grant["reward"]);
    assert_eq!(rewards.collect::<Vec<_>>(), ["gift", "gift", "latte", "pin"]);

    let played = f.http("instant-win-play", 201, 166).await;
    let again = f.function("instant-win").http(&sample("instant-win-play")).await;
    assert_eq!((again.status, &again.body), (201, &played));
    let prize = &played["entries"][0]["played"]["prize"];
    assert_eq!(prize, "cup", "two of two win");
    let game = f.http("instant-win-show", 200, 166).await;
    assert_eq!((&game["seed"], &game["prizes"][0]["left"]), (&Value::Null, &json!(99)));
    assert_eq!(game["commitment"], played["entries"][0]["played"]["commitment"]);

    for step in ["raffle-draw", "raffle-draw-step"] {
        f.told.push(step.to_owned());
        let report = f.function("raffle-draw").invoke(&sample(step)).await.unwrap();
        f.note(step);
        assert_eq!(report["raffles"], json!([["summer", "open"]]), "{report}");
    }
    let entered = f.http("raffle-draw-enter", 201, 166).await;
    assert_eq!(entered["entries"][0]["kind"], "entered", "{entered}");
    let raffle = f.http("raffle-draw-show", 200, 166).await;
    assert_eq!((&raffle["stage"], &raffle["record"]), (&json!("open"), &Value::Null));
    let place = f.http("raffle-draw-place", 200, 166).await;
    assert_eq!((&place["tickets"], &place["line"]), (&json!(2), &Value::Null));
    for early in ["raffle-draw-list", "raffle-draw-record"] {
        let refused = f.http(early, 409, 166).await;
        assert_eq!(refused["type"], "/problems/not-drawn");
    }

    let bid = f.http("redeem-bid", 201, 116).await;
    assert_eq!(bid["balance"]["held"], 50, "{bid}");
    let bids = f.http("redeem-bids", 200, 116).await;
    assert_eq!(bids["bids"][0]["leads"], true, "{bids}");
    let auction = f.http("redeem-auction", 200, 116).await;
    assert_eq!(auction["least"], 60, "{auction}");
    assert_eq!(auction["bids"][0]["bidder"], bids["bids"][0]["bidder"], "a pseudonym");

    statements(&mut f).await;
    member_page(&mut f).await;
    swept(f).await;
}

/// The member page, without a session and with one.
async fn member_page(f: &mut Functions) {
    let link = f.function("redeem").http(&sample("redeem-link")).await.body;
    let link = link["url"].as_str().unwrap();
    assert!(link.starts_with("https://club.example/me/enter?link="), "{link}");
    for (name, status) in [
        ("portal-overview", 401),
        ("portal-door", 403),
        ("portal-form", 401),
        ("statement-own", 303),
        ("portal-styles", 200),
        ("portal-widget-script", 200),
        ("portal-widget-balance", 401),
        ("portal-widget-preflight", 204),
    ] {
        f.http(name, status, 116).await;
    }
    visit(f, link).await;
}

/// The sweep at the end, what each function asked of the tables, and what their logs say.
async fn swept(mut f: Functions) {
    f.told.push("upkeep".to_owned());
    let report = f.function("upkeep").invoke(&sample("upkeep")).await.unwrap();
    f.note("upkeep");
    f.keep_to_their_roles();
    assert_eq!(report["stopped_early"], false, "{report}");
    let over = f.world.ledger().board("last-roast").await.unwrap();
    assert!(over.closed && over.settled, "{over:?}");
    assert!(!f.world.ledger().board("first-roast").await.unwrap().closed);

    let mut told = std::mem::take(&mut f.told);
    told.sort();
    told.dedup();
    assert_eq!(told, samples::names(), "every sample has its place in the story");

    for (name, function) in &f.running {
        let log = function.log();
        for secret in
            [samples::SHOPIFY_SECRET, samples::API_KEY, "Iwona", "example.com", "panicked"]
        {
            assert!(!log.contains(secret), "the log of {name} says {secret:?}:\n{log}");
        }
    }
}

/// Profiles, a statement, runs, and how the mails are stopped.
async fn statements(f: &mut Functions) {
    let changed = f.http("redeem-profile-change", 200, 116).await;
    assert_eq!(changed["name"], "Iwona", "{changed}");
    assert_eq!(f.http("redeem-profile", 200, 116).await, changed);
    // On to the leaderboard, and off it: the rows of those who withdraw are deleted.
    for leaderboard in [true, false] {
        let mut change = sample("redeem-profile-change");
        let wanted = json!({ "name": "Iwona", "nickname": "Zo", "leaderboard": leaderboard,
            "email": "iwona@example.com", "language": "pl", "statements": true });
        change["body"] = json!(wanted.to_string());
        let told = f.function("redeem").http(&change).await;
        assert_eq!((told.status, told.body["leaderboard"].is_string()), (200, leaderboard));
    }
    let link = f.http("redeem-link", 201, 116).await;
    assert!(
        link["url"].as_str().unwrap().starts_with("https://club.example/me/enter?link="),
        "{link}"
    );

    f.told.push("statement-show".to_owned());
    let shown = f.function("statement").http(&sample("statement-show")).await;
    f.note("statement-show");
    let text = shown.response["body"].as_str().unwrap();
    assert_eq!(shown.status, 200, "{text}");
    assert!(text.contains("Iwona") && text.contains("stycze"), "{text}");
    for (name, expected) in [
        (
            "statement-plan",
            json!({ "period": "2026-01", "runs": [
            { "run": { "period": "2026-01", "segment": 0, "segments": 2, "start": null } },
            { "run": { "period": "2026-01", "segment": 1, "segments": 2, "start": null } },
        ] }),
        ),
        ("statement-run", json!(0)),
        ("statement-run-members", json!(0)),
        ("statement-bounced", json!("ignored")),
        ("statement-complaint", json!("ignored")),
    ] {
        f.told.push(name.to_owned());
        let answer = f.function("statement").invoke(&sample(name)).await.unwrap();
        f.note(name);
        // Nobody had an account in January.
        let answer = if answer["made"].is_null() { answer } else { answer["made"].clone() };
        assert_eq!(answer, expected, "{name}");
    }
    let member = guerdon_domain::id::MemberId::new(MEMBER).unwrap();
    let key = PortalKey([7; 32]);
    let token = key.seal(Purpose::Unsubscribe, &member, jiff::Timestamp::MAX, [9; 32]);
    for name in ["statement-unsubscribe", "statement-unsubscribed"] {
        let refused = f.http(name, 403, 116).await;
        assert_eq!(refused["type"], "/problems/bad-link");
        let with_token = sample(name).to_string().replace("TOKEN", &token);
        let page = f.function("statement").http(&serde_json::from_str(&with_token).unwrap()).await;
        f.note(name);
        assert_eq!(page.status, 200, "{}", page.response);
    }
    let stopped = f.http("redeem-profile", 200, 116).await;
    assert_eq!(stopped["statements"], Value::Null, "{stopped}");
}

#[tokio::test]
async fn a_missing_setting_stops_the_start() {
    let world = World::start(&samples::programme()).await;
    let mut function =
        Function::start("earn", &[("AWS_REGION".to_owned(), "us-east-1".to_owned())]).await;
    let event = sample("earn-shopify-orders-paid");
    let ended = tokio::spawn(async move { function.invoke(&event).await }).await;
    let panic = ended.unwrap_err().into_panic();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("LEDGER_TABLE"), "{text}");
    assert!(world.items().await.is_empty());
}
