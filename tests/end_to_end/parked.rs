//! What waits for an operator: events that a rule failed on, until a repaired version takes them; tasks of the law, until they
//! are done.

use guerdon::{
    engine::Data,
    local::{Local, Options},
};
use guerdon_edge::now;
use guerdon_tests::{
    binaries::binary,
    eventually,
    http::{Answer, Call},
    samples, sign,
    stack::{SHOP, Stack, member, order_json},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Gives for large orders, but divides by the whole units of an order, which may be none.
const BROKEN: &str = r#"
[[earn]]
id = "precious"
on = "order"
points = 10
when = "order.net / order.quantity >= 5000"
"#;

fn guerdon(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let data = folder.path().join("data");
    let mut command = std::process::Command::new(binary("guerdon"));
    let output = command
        .args(arguments)
        .arg("--data")
        .arg(data)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

async fn available(local: &Local) -> Value {
    let call = Call::get(format!("{}/members/standard:acme:c-1", local.url))
        .header("authorization", "Bearer local");
    call.send().await.expect(200)["balance"]["available"].clone()
}

/// Half a kilo of something for 30 euro.
async fn buys(local: &Local, order: &str, quantity: &str) -> (u16, Value) {
    let answer = bought(local, order, quantity).await;
    (answer.status, answer.json())
}

async fn bought(local: &Local, order: &str, quantity: &str) -> Answer {
    let body = json!({
        "type": "order.paid", "timestamp": "2026-01-05T09:00:00Z", "data": { "shop": "acme", "order": {
            "id": order, "member": "c-1", "placed_at": "2026-01-05T08:59:00Z", "currency": "EUR",
            "lines": [{ "id": "1", "quantity": quantity, "net": "30.00" }],
        } },
    });
    let (body, second) = (body.to_string(), now().as_second());
    let call = Call::post(format!("{}/webhooks/standard", local.url), body.clone())
        .header("webhook-id", "msg_1")
        .header("webhook-timestamp", second.to_string())
        .header(
            "webhook-signature",
            sign::standard("local-secret", "msg_1", second, body.as_bytes()),
        );
    call.send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_fails_parks_the_event_until_it_is_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let (broken, repaired) =
        (folder.path().join("broken.toml"), folder.path().join("repaired.toml"));
    std::fs::write(&broken, format!("{}{BROKEN}", samples::programme())).unwrap();
    let guarded = BROKEN.replace("order.net /", "order.quantity > 0 && order.net /");
    std::fs::write(&repaired, format!("{}{guarded}", samples::programme())).unwrap();
    let data = Data::Folder(folder.path().join("data"));
    let options = Options { port: 0, data, programme: Some(broken), at: None, demo: false };
    let local = Local::start(&options).await.unwrap();

    let (status, answer) = buys(&local, "A-1", "0.5").await;
    assert_eq!((status, &answer["outcome"]), (202, &json!("parked")), "{answer}");
    assert_eq!(
        buys(&local, "A-1", "0.5").await,
        (status, answer.clone()),
        "the same news wait once"
    );
    let again = bought(&local, "A-1", "0.5").await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(available(&local).await, 0);
    let (status, _) = buys(&local, "A-2", "1").await;
    assert_eq!((status, available(&local).await), (200, json!(30)), "others are not held up");

    let (code, listed) = guerdon(&folder, &["replay"]);
    assert_eq!(code, Some(0));
    assert_eq!(listed.lines().count(), 1, "{listed}");
    assert!(
        listed.contains(answer["parked"].as_str().unwrap()) && listed.contains("divides by zero"),
        "{listed}"
    );
    let (code, tried) = guerdon(&folder, &["replay", "--run"]);
    assert_eq!(code, Some(1), "before the repair it waits on: {tried}");
    let since = |text: &str| serde_json::from_str::<Value>(text).unwrap()["since"].clone();
    let (_, still) = guerdon(&folder, &["replay"]);
    assert!(since(&listed).is_string());
    assert_eq!(since(&still), since(&listed), "it has waited since it was parked first");
    let (code, unknown) = guerdon(&folder, &["replay", "--done", "00ff"]);
    assert_ne!(code, Some(0), "{unknown}");
    assert!(unknown.contains("nothing waits under \"00ff\""), "{unknown}");
    let known = answer["parked"].as_str().unwrap();
    let (code, _) = guerdon(&folder, &["replay", "--done", known, "--done", "00ff"]);
    assert_ne!(code, Some(0));
    assert_eq!(guerdon(&folder, &["replay"]).1, still, "nothing was struck off");

    let soon = now().saturating_add(SignedDuration::from_secs(2)).unwrap();
    let publish = [
        "programme",
        "publish",
        repaired.to_str().unwrap(),
        "--effective",
        &soon.to_string(),
        "--without-notice",
    ];
    let (code, printed) = guerdon(&folder, &publish);
    assert_eq!(code, Some(0), "{printed}");
    eventually("the repaired version takes the event", async || {
        let (code, _) = guerdon(&folder, &["replay", "--run"]);
        (code == Some(0)).then_some(())
    })
    .await;
    assert_eq!(available(&local).await, 60);
    assert_eq!(guerdon(&folder, &["replay", "--run"]), (Some(0), "nothing waits\n".to_owned()));
    assert_eq!(available(&local).await, 60);
    local.stop().await;
}

/// What Shopify sends of a customer: more than may be kept.
fn person(more: &Value) -> Value {
    let mut body = json!({
        "shop_id": 954_889, "shop_domain": SHOP,
        "customer": { "id": 7, "email": "iwona@example.com", "phone": "555-625-1199" },
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_law_asks_of_an_app_is_done_or_waits_without_personal_data() {
    let folder = tempfile::tempdir().unwrap();
    let programme = folder.path().join("programme.toml");
    std::fs::write(&programme, samples::programme()).unwrap();
    let data = Data::Folder(folder.path().join("data"));
    let options = Options { port: 0, data, programme: Some(programme), at: None, demo: false };
    let stack = Stack { local: Local::start(&options).await.unwrap() };
    let asks = async |topic: &str, body: &Value| {
        let answer = stack.shopify(topic, body.to_string()).send().await;
        assert_eq!(answer.expect(200)["outcome"], "accepted", "{topic}");
    };
    let listed = |arguments: &[&str]| {
        let (code, text) = guerdon(&folder, arguments);
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        (code, lines.collect::<Vec<_>>(), text)
    };

    stack.shopify("orders/paid", order_json(7, 1, "400.00").to_string()).send().await.expect(200);
    let path = format!("/members/{}", member(7));
    let redeem = json!({ "reward": "latte" });
    stack.post(&format!("{path}/redemptions"), "r-1", &redeem).send().await.expect(201);
    let grants =
        async || stack.get(&format!("{path}/grants")).send().await.expect(200)["grants"].clone();
    assert_eq!(grants().await.as_array().unwrap().len(), 1);

    let export = person(&json!({ "orders_requested": [1], "data_request": { "id": 9 } }));
    asks("customers/data_request", &export).await;
    asks("customers/data_request", &export).await;
    asks("shop/redact", &json!({ "shop_id": 954_889, "shop_domain": SHOP })).await;
    let (code, tasks, text) = listed(&["replay"]);
    assert_eq!((code, tasks.len()), (Some(0), 2), "each waits once: {text}");
    let of = |tasks: &[Value], words: &str| {
        let said = |task: &&Value| task["problem"].as_str().unwrap().starts_with(words);
        tasks.iter().find(said).map(|task| task["parked"].as_str().unwrap().to_owned())
    };
    let request = of(&tasks, &format!("{} asks for their data", member(7))).unwrap();
    let leaving = of(&tasks, &format!("{SHOP} asks for the erasure")).unwrap();
    for secret in ["iwona", "example.com", "555-625"] {
        assert!(!text.contains(secret), "{text}");
        for (key, item) in stack.items().await {
            assert!(
                !key.contains(secret) && !item.contains(secret),
                "{key} has {secret:?}: {item}"
            );
        }
    }

    let (code, tasks, text) = listed(&["replay", "--run"]);
    assert_eq!((code, tasks.len()), (Some(1), 2), "a run does not do what people must: {text}");
    let (_, tasks, text) = listed(&["replay", "--done", &request]);
    assert_eq!(tasks.iter().filter(|task| task["outcome"] == "done").count(), 1, "{text}");
    let (_, tasks, text) = listed(&["replay"]);
    assert_eq!(tasks.len(), 1, "{text}");
    assert_eq!(of(&tasks, SHOP), Some(leaving.clone()));
    listed(&["replay", "--done", &leaving]);
    assert_eq!(guerdon(&folder, &["replay"]), (Some(0), "nothing waits\n".to_owned()));

    asks("customers/redact", &person(&json!({ "orders_to_redact": [1] }))).await;
    assert_eq!(grants().await, json!([]), "what they were given is forgotten");
    assert_eq!(stack.available(7).await, 50, "the ledger is not");
    assert_eq!(guerdon(&folder, &["replay"]), (Some(0), "nothing waits\n".to_owned()));
    stack.stop().await;
}
