//! Mystery gifts over HTTP: sealed until they are revealed, and then open to be checked.

use std::fmt::Write as _;

use guerdon_domain::draw::hash::Hash;
use guerdon_tests::{
    binaries::binary,
    stack::{Stack, member},
};
use serde_json::{Value, json};

const PROGRAMME: &str = r#"
[programme]
name = "Club"
currency = "EUR"
points = { value = "0.01 EUR" }

[[earn]]
id = "spend"
on = "order"
points = { give = 1, per = "1.00 EUR" }

[[reward]]
id = "box"
name = "A box"
price = { points = 30 }

[[reward.gives]]
reveal = "opened"
mystery = [
  { id = "socks-secret", name = "Socks", weight = 3, stock = 1, gives = [{ voucher = "product", sku = "SOCKS-SECRET" }] },
  { id = "hat-secret", name = "A hat", weight = 2, stock = 1, gives = [{ points = 11 }] },
]

[[reward]]
id = "week"
price = { points = 20 }
gives = [{ reveal = "7 days", mystery = [{ id = "week-secret", weight = 1, gives = [{ credit = "0.10 EUR" }] }] }]

[[reward]]
id = "dip"
price = { points = 20 }
gives = [{ mystery = [{ id = "crumb", name = "A crumb", weight = 1, gives = [{ points = 3 }] }] }]
"#;

fn path(rest: &str) -> String {
    format!("/members/{}{rest}", member(1))
}

/// Everything that is shown of the member.
async fn shown(stack: &Stack) -> Vec<Value> {
    let mut all = Vec::new();
    for rest in ["", "/entries?limit=100", "/grants"] {
        all.push(stack.get(&path(rest)).send().await.expect(200));
    }
    all
}

/// What `guerdon gift verify` says of what a member was given.
fn verify(grants: &Value) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("grants.json");
    std::fs::write(&file, grants.to_string()).unwrap();
    let output = std::process::Command::new(binary("guerdon"))
        .args(["gift", "verify"])
        .arg(file)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The commitment as `docs/programme.md` says that it is made.
fn commitment(decided: &Value) -> String {
    let mut text = format!("guerdon-mystery/1\n{}\n", decided["seed"].as_str().unwrap());
    for outcome in decided["outcomes"].as_array().unwrap() {
        let left = outcome["left"].as_i64().map_or_else(|| "-".to_owned(), |left| left.to_string());
        let id = outcome["outcome"].as_str().unwrap();
        writeln!(text, "{id} {} {left}", outcome["weight"]).unwrap();
    }
    Hash::of(text.as_bytes()).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gift_is_sealed_until_it_is_opened_and_then_shows_how_it_was_decided() {
    let stack = Stack::start(PROGRAMME, None).await;
    stack.buys(1, 1, "500.00").await.expect(200);
    let redeem = json!({ "reward": "box" });
    let sealed = stack.post(&path("/redemptions"), "box-1", &redeem).send().await.expect(201);
    let again = stack.post(&path("/redemptions"), "box-1", &redeem).send().await.expect(201);
    assert_eq!(sealed, again);
    assert_eq!((&sealed["points"], &sealed["balance"]["available"]), (&json!(-30), &json!(470)));
    assert_eq!(sealed["grants"][0]["grant"], "mystery");
    let grant = sealed["entries"][0]["sequence"].as_u64().unwrap();
    let member = stack.get(&path("")).send().await.expect(200);
    assert_eq!(
        member["gifts"],
        json!([{ "grant": grant, "reward": "box", "reveal_at": null }]),
        "{member}"
    );
    let week = json!({ "reward": "week" });
    stack.post(&path("/redemptions"), "week-1", &week).send().await.expect(201);
    for told in shown(&stack).await.iter().chain([&sealed]) {
        assert!(!told.to_string().to_lowercase().contains("secret"), "it is told: {told}");
        assert!(!told.to_string().contains("seed"), "the seed is told: {told}");
    }

    let open = path(&format!("/grants/{grant}/open"));
    let opened = stack.post_bytes(&open, "").header("idempotency-key", "open-1").send().await;
    let opened = opened.expect(201);
    let entry = &opened["entries"][0];
    assert_eq!((&entry["kind"], &entry["gift"]["of"]), (&json!("reveal"), &json!(grant)));
    assert_eq!(sealed["grants"][0]["commitment"], commitment(&entry["gift"]["decided"]));
    let name = entry["gift"]["name"].as_str().unwrap();
    match name {
        "Socks" => assert_eq!(opened["grants"][0]["sku"], "SOCKS-SECRET"),
        "A hat" => assert_eq!(
            (&opened["points"], &opened["balance"]["available"]),
            (&json!(11), &json!(461))
        ),
        other => panic!("{other}"),
    }
    let repeat = stack.post_bytes(&open, "").header("idempotency-key", "open-1").send().await;
    assert_eq!(repeat.header("idempotent-replayed"), Some("true"));
    assert_eq!(repeat.expect(201), opened);
    let twice = stack.post_bytes(&open, "").header("idempotency-key", "open-2").send().await;
    assert_eq!(twice.expect(409)["condition"], "no-sealed-gift");
    let grants = stack.get(&path("/grants")).send().await.expect(200);
    assert_eq!(grants["grants"][0]["gift"]["outcome"], entry["gift"]["outcome"]);
    let (fair, text) = verify(&grants);
    assert!(fair && text.contains("✓ box") && text.contains("week ("), "{text}");
    let mut exchanged = grants.clone();
    let decided = &mut exchanged["grants"][0]["gift"]["decided"];
    decided["outcomes"][0]["weight"] = json!(99);
    let (fair, text) = verify(&exchanged);
    assert!(!fair && text.contains("the commitment is another"), "{text}");

    // The other one is what is left, and then there is nothing.
    stack.post(&path("/redemptions"), "box-2", &redeem).send().await.expect(201);
    let before = stack.items().await;
    let gone = stack.post(&path("/redemptions"), "box-3", &redeem).send().await.expect(409);
    assert_eq!(
        (&gone["condition"], &gone["missing"]["stock"], &gone["rule"]),
        (&json!("out-of-stock"), &json!(2), &json!("reward box"))
    );
    assert_eq!(stack.items().await, before);
    let offers = stack.get(&path("/rewards")).send().await.expect(200);
    let offers = offers["rewards"].as_array().unwrap();
    let box_ = offers.iter().find(|offer| offer["reward"] == "box").unwrap();
    assert_eq!((&box_["open"], &box_["stock_left"]), (&json!(false), &json!(null)), "{box_}");
    assert_eq!(
        box_["may_be"][0],
        json!({ "outcome": "socks-secret", "name": "Socks", "weight": 3 })
    );
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_revealed_at_once_is_in_the_answer_and_stays_there() {
    let stack = Stack::start(PROGRAMME, None).await;
    stack.buys(1, 1, "100.00").await.expect(200);
    let dip = json!({ "reward": "dip" });
    let first = stack.post(&path("/redemptions"), "dip-1", &dip).send().await.expect(201);
    let kinds: Vec<&Value> =
        first["entries"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["redemption", "reveal"]);
    assert_eq!((&first["points"], &first["balance"]["available"]), (&json!(-17), &json!(83)));
    assert_eq!(first["grants"][1], json!({ "grant": "points", "points": 3 }));
    let again = stack.post(&path("/redemptions"), "dip-1", &dip).send().await.expect(201);
    assert_eq!(first, again);
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_gift_of_the_members_is_not_opened() {
    let stack = Stack::start(PROGRAMME, None).await;
    stack.buys(1, 1, "100.00").await.expect(200);
    let week = json!({ "reward": "week" });
    let week = stack.post(&path("/redemptions"), "week-1", &week).send().await.expect(201);
    let week = week["entries"][0]["sequence"].as_u64().unwrap().to_string();
    let before = stack.items().await;
    let table = [
        (week.as_str(), "key", 409, "/problems/not-yet-open"),
        ("1", "key", 409, "/problems/no-sealed-gift"),
        ("0", "key", 409, "/problems/no-sealed-gift"),
        ("18446744073709551615", "key", 409, "/problems/no-sealed-gift"),
        ("18446744073709551616", "key", 400, "/problems/malformed"),
        ("-1", "key", 400, "/problems/malformed"),
        ("+1", "key", 400, "/problems/malformed"),
        ("1.0", "key", 400, "/problems/malformed"),
        ("box", "key", 400, "/problems/malformed"),
        ("%20", "key", 400, "/problems/malformed"),
        ("1", "", 400, "/problems/malformed"),
    ];
    for (grant, key, status, kind) in table {
        let mut call = stack.post_bytes(&path(&format!("/grants/{grant}/open")), "");
        if !key.is_empty() {
            call = call.header("idempotency-key", key);
        }
        let answer = call.send().await;
        assert_eq!((answer.status, &answer.json()["type"]), (status, &json!(kind)), "{grant}");
    }
    let others = format!("/members/{}/grants/{week}/open", member(2));
    let others = stack.post_bytes(&others, "").header("idempotency-key", "key").send().await;
    assert_eq!(others.expect(409)["condition"], "no-sealed-gift");
    assert_eq!(stack.items().await, before, "nothing is written");
    stack.stop().await;
}
