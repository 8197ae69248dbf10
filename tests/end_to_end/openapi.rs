//! `openapi.json` is what the code prints, and what the stack answers is what it says.

use std::collections::BTreeSet;

use guerdon::openapi::{PROBLEMS, document};
use guerdon_domain::id::MemberId;
use guerdon_edge::token::Purpose;
use guerdon_tests::{
    http::{Answer, Call},
    root, samples,
    stack::{Stack, member},
};
use lambda_http::http::Method;
use serde_json::{Value, json};

#[test]
fn the_document_is_committed() {
    let text = format!("{:#}\n", document());
    let path = root().join("openapi.json");
    if std::env::var_os("GUERDON_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "GUERDON_BLESS=1 writes openapi.json");
}

#[test]
fn every_problem_is_documented() {
    let problems = root().join("shared/edge/src/problem");
    let source = |name| std::fs::read_to_string(problems.join(name)).unwrap();
    let sources = source("mod.rs") + &source("refused.rs");
    let written: BTreeSet<&str> = sources
        .split('"')
        .filter(|text| text.starts_with("/problems/") && text.len() > 10)
        .collect();
    let listed: BTreeSet<&str> = PROBLEMS.iter().map(|(kind, _, _)| *kind).collect();
    assert_eq!(written, listed);
    let guide = std::fs::read_to_string(root().join("docs/api.md")).unwrap();
    for (kind, status, meaning) in PROBLEMS {
        let row = format!("| `{kind}` | {status} | {meaning} |");
        assert!(guide.contains(&row), "docs/api.md lacks:\n{row}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        if let Some(target) = value["$ref"].as_str() {
            assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}");
        }
        open.extend(value.as_object().into_iter().flat_map(|map| map.values()));
        open.extend(value.as_array().into_iter().flatten());
    }
}

/// Everything in `value` that `schema` does not allow, and every field that it does not know.
fn faults(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = document.pointer(target.trim_start_matches('#')).unwrap();
        return faults(document, target, value, at, found);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = |choice: &Value| {
            let mut faults_here = Vec::new();
            faults(document, choice, value, at, &mut faults_here);
            faults_here.is_empty()
        };
        if !choices.iter().any(fits) {
            found.push(format!("{at}: {value} is none of {schema}"));
        }
        return;
    }
    if let Some(choices) = schema["enum"].as_array()
        && !choices.contains(value)
    {
        found.push(format!("{at}: {value} is none of {schema}"));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = &schema["type"];
    if !kinds.is_null()
        && kinds != kind
        && !kinds.as_array().is_some_and(|kinds| kinds.contains(&json!(kind)))
    {
        found.push(format!("{at}: {value} is no {kinds}"));
    }
    for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(required).is_none() {
            found.push(format!("{at}: lacks {required}"));
        }
    }
    if let Some(properties) = schema["properties"].as_object() {
        for (name, value) in value.as_object().into_iter().flatten() {
            match properties.get(name) {
                Some(schema) => faults(document, schema, value, &format!("{at}/{name}"), found),
                None => found.push(format!("{at}: {name} is not documented")),
            }
        }
    }
    if !schema["items"].is_null() {
        for (index, value) in value.as_array().into_iter().flatten().enumerate() {
            faults(document, &schema["items"], value, &format!("{at}/{index}"), found);
        }
    }
}

/// Checks an answer against what the document says of an operation.
fn check(document: &Value, method: &str, route: &str, answer: &Answer) -> Value {
    let operation = &document["paths"][route][method];
    assert!(operation.is_object(), "{method} {route}");
    let status = answer.status.to_string();
    let response =
        operation["responses"].get(&status).unwrap_or(&operation["responses"]["default"]);
    let Some(content) = response["content"].as_object() else {
        assert!(answer.body.is_empty(), "{method} {route} {status}");
        return Value::Null;
    };
    let media_type = answer.header("content-type").unwrap();
    let media_type = media_type.split(';').next().unwrap();
    let schema = &content
        .get(media_type)
        .unwrap_or_else(|| panic!("{method} {route}: {media_type}"))["schema"];
    if !media_type.ends_with("json") {
        return Value::Null;
    }
    let body = answer.json();
    let mut found = Vec::new();
    faults(document, schema, &body, "", &mut found);
    assert!(found.is_empty(), "{method} {route} {status}: {found:#?}\n{body:#}");
    body
}

/// Raffles, instant wins and auctions.
async fn games_of_chance(stack: &Stack, me: &str, say: &impl AsyncFn(&str, &str, Call) -> Value) {
    let now = guerdon_edge::now();
    stack.local.raffles.sweep(now, guerdon_edge::now, jiff::Timestamp::MAX).await.unwrap();
    let enter = json!({ "member": me.trim_start_matches("/members/"), "free": true });
    for key in ["r-1", "r-1", "r-2"] {
        let call = stack.post("/raffles/summer/entries", key, &enter);
        say("post", "/raffles/{raffle}/entries", call).await;
    }
    let nobody = |path: &str| Call::get(format!("{}{path}", stack.local.url));
    for path in ["/raffles/summer", "/raffles/winter"] {
        say("get", "/raffles/{raffle}", nobody(path)).await;
    }
    say("get", "/raffles/{raffle}/record", nobody("/raffles/summer/record")).await;
    say("get", "/raffles/{raffle}/list", nobody("/raffles/summer/list")).await;
    let place = stack.get(&format!("/raffles/summer{me}"));
    say("get", "/raffles/{raffle}/members/{member}", place).await;

    let plays = format!("{me}/plays");
    let play = json!({ "instant_win": "lucky-cup", "with": "free" });
    for key in ["p-1", "p-1", "p-2"] {
        say("post", "/members/{member}/plays", stack.post(&plays, key, &play)).await;
    }
    let bought =
        stack.post(&plays, "p-3", &json!({ "instant_win": "lucky-cup", "with": "points" }));
    say("post", "/members/{member}/plays", bought).await;
    let bids = format!("{me}/bids");
    for (key, auction, points) in [
        ("b-1", "first-roast", 10),
        ("b-2", "first-roast", 60),
        ("b-2", "first-roast", 60),
        ("b-3", "none", 60),
        ("b-4", "last-roast", 60),
    ] {
        let call = stack.post(&bids, key, &json!({ "auction": auction, "points": points }));
        say("post", "/members/{member}/bids", call).await;
    }
    say("get", "/members/{member}/bids", stack.get(&bids)).await;
    for path in ["/auctions/first-roast", "/auctions/last-roast", "/auctions/none"] {
        say("get", "/auctions/{auction}", nobody(path)).await;
    }
    for path in ["/instant-wins/lucky-cup", "/instant-wins/first-reviews", "/instant-wins/none"] {
        say("get", "/instant-wins/{instant_win}", nobody(path)).await;
    }
}

/// Statements, profiles, links, and how the mails are stopped.
async fn statements(stack: &Stack, me: &str, say: &impl AsyncFn(&str, &str, Call) -> Value) {
    let route = "/members/{member}/profile";
    for profile in [
        json!({ "name": "Ann", "email": "ann@example.com", "statements": true }),
        json!({ "email": "x" }),
    ] {
        let call = Call::new(Method::PUT, format!("{}{me}/profile", stack.local.url));
        let call = call.header("authorization", "Bearer local").body(profile.to_string());
        say("put", route, call).await;
    }
    say("get", route, stack.get(&format!("{me}/profile"))).await;
    say("post", "/members/{member}/links", stack.post_bytes(&format!("{me}/links"), "")).await;
    for period in ["2026-01", "2026", "x", "9999", "2026-01?format=text", "2026-01?format=html"] {
        let call = stack.get(&format!("{me}/statements/{period}"));
        say("get", "/members/{member}/statements/{period}", call).await;
    }
    let member = MemberId::new(me.trim_start_matches("/members/")).unwrap();
    let key = stack.local.edge.config.portal_key.clone().unwrap();
    let token = key.seal(Purpose::Unsubscribe, &member, jiff::Timestamp::MAX, [9; 32]);
    for token in [token.as_str(), "x"] {
        let url = format!("{}/unsubscribe?token={token}", stack.local.url);
        say("get", "/unsubscribe", Call::get(url.clone())).await;
        say("post", "/unsubscribe", Call::post(url, "")).await;
    }
}

/// The member's page, with and without a session; and the balance on a shop's page.
async fn pages(stack: &Stack, me: &str, say: &impl AsyncFn(&str, &str, Call) -> Value) {
    let member = MemberId::new(me.trim_start_matches("/members/")).unwrap();
    let key = stack.local.edge.config.portal_key.clone().unwrap();
    let seal = |purpose, random| key.seal(purpose, &member, jiff::Timestamp::MAX, [random; 32]);
    let session = format!("guerdon={}", seal(Purpose::Session, 1));
    let at = |path: &str| format!("{}{path}", stack.local.url);
    for cookie in [session.as_str(), "guerdon=x"] {
        say("get", "/me", Call::get(at("/me")).header("cookie", cookie)).await;
        for part in ["history", "nowhere", "export"] {
            let call = Call::get(at(&format!("/me/{part}"))).header("cookie", cookie);
            say("get", "/me/{page}", call).await;
        }
        for period in ["2026-01", "soon"] {
            let call = Call::get(at(&format!("/me/statements/{period}")));
            let call = call.header("cookie", cookie);
            say("get", "/me/statements/{period}", call).await;
        }
        let form = format!("form={}&language=pl", seal(Purpose::Form, 2));
        for body in [form.as_str(), "form=x"] {
            let call = Call::post(at("/me/language"), body).header("cookie", cookie);
            say("post", "/me/{page}", call).await;
        }
    }
    say("get", "/widget.js", Call::get(at("/widget.js"))).await;
    for token in [seal(Purpose::Widget, 3), "x".to_owned()] {
        let call = Call::get(at("/widget/balance"));
        say("get", "/widget/balance", call.header("authorization", format!("Bearer {token}")))
            .await;
    }
    say("options", "/widget/balance", Call::new(Method::OPTIONS, at("/widget/balance"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_what_the_document_says() {
    let stack = Stack::start(&samples::programme(), None).await;
    let document = document();
    let me = format!("/members/{}", member(1));
    let seen = std::sync::Mutex::new(BTreeSet::new());
    let say = async |method: &str, route: &str, call: Call| {
        seen.lock().unwrap().insert((method.to_owned(), route.to_owned()));
        check(&document, method, route, &call.send().await)
    };
    let order = |id| guerdon_tests::stack::order_json(1, id, "1000.00").to_string();
    let webhook = "/webhooks/{platform}";
    say("post", webhook, stack.shopify("orders/paid", order(1))).await;
    say("post", webhook, stack.shopify("orders/paid", order(1))).await;
    say("post", webhook, stack.shopify("products/update", "{}")).await;
    say("post", webhook, stack.shopify("orders/paid", "{")).await;
    say(
        "post",
        webhook,
        stack.shopify(
            "refunds/create",
            guerdon_tests::stack::refund_json(1, 9, 1, "1.00").to_string(),
        ),
    )
    .await;
    let redact = json!({ "shop_domain": "x", "customer": { "id": 99 } }).to_string();
    say("post", webhook, stack.shopify("customers/redact", redact)).await;

    let review = json!({ "type": "event.review", "timestamp": "2026-01-06T10:00:00Z", "data": { "id": "r-1" } });
    say("post", "/members/{member}/events", stack.post(&format!("{me}/events"), "e", &review))
        .await;
    let redemptions = "/members/{member}/redemptions";
    for reward in ["latte", "five-euro", "yacht", "latte"] {
        let call = stack.post(&format!("{me}/redemptions"), reward, &json!({ "reward": reward }));
        say("post", redemptions, call).await;
    }
    let call = stack.post(&format!("{me}/redemptions"), "again", &json!({ "reward": "five-euro" }));
    assert_eq!(say("post", redemptions, call).await["status"], 409);

    let total = json!({ "amount": "20.00", "currency": "EUR" });
    let quote = stack.post(&format!("{me}/quotes"), "q", &json!({ "order_total": total }));
    say("post", "/members/{member}/quotes", quote).await;
    let hold = json!({ "points": 50, "order_total": total, "order": "shopify:a.myshopify.com:1" });
    let [mut first, mut second] = [Value::Null, Value::Null];
    for (key, held) in [("h-1", &mut first), ("h-2", &mut second)] {
        *held =
            say("post", "/members/{member}/holds", stack.post(&format!("{me}/holds"), key, &hold))
                .await;
    }
    let id = |held: &Value| held["entries"][0]["hold"].as_str().unwrap().to_owned();
    let show = || stack.get(&me);
    assert_eq!(say("get", "/members/{member}", show()).await["holds"].as_array().unwrap().len(), 2);
    let capture = stack.post(&format!("{me}/holds/{}/capture", id(&first)), "c", &json!({}));
    say("post", "/members/{member}/holds/{hold}/capture", capture).await;
    let release = stack.post(&format!("{me}/holds/{}/release", id(&second)), "r", &json!({}));
    say("post", "/members/{member}/holds/{hold}/release", release).await;
    let adjusted = json!({ "credit": { "amount": "5.00", "currency": "EUR" }, "reason": "sorry" });
    say(
        "post",
        "/members/{member}/adjustments",
        stack.post(&format!("{me}/adjustments"), "a", &adjusted),
    )
    .await;

    let gift = stack.post(&format!("{me}/redemptions"), "gift", &json!({ "reward": "gift" }));
    let gift = say("post", redemptions, gift).await["entries"][0]["sequence"].to_string();
    assert_eq!(say("get", "/members/{member}", show()).await["gifts"][0]["reward"], "gift");
    for key in ["o-1", "o-1", "o-2"] {
        let open = stack.post(&format!("{me}/grants/{gift}/open"), key, &json!({}));
        say("post", "/members/{member}/grants/{grant}/open", open).await;
    }

    say("get", "/members/{member}", show()).await;
    say("get", "/members/{member}", Call::get(format!("{}{me}", stack.local.url))).await;
    say("get", "/members/{member}/entries", stack.get(&format!("{me}/entries?limit=100"))).await;
    say("get", "/members/{member}/entries", stack.get(&format!("{me}/entries?limit=0"))).await;
    say("get", "/members/{member}/rewards", stack.get(&format!("{me}/rewards"))).await;
    say("get", "/members/{member}/grants", stack.get(&format!("{me}/grants"))).await;

    games_of_chance(&stack, &me, &say).await;
    statements(&stack, &me, &say).await;
    pages(&stack, &me, &say).await;

    let seen = seen.into_inner().unwrap();
    for (route, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            assert!(
                seen.contains(&(method.clone(), route.clone())),
                "{method} {route} was not tried"
            );
        }
    }
    stack.stop().await;
}
