//! Instant wins over HTTP: decided at once, repeated alike, shown without what is secret, and checked by anybody after the end.

use guerdon_domain::draw::hash::Hash;
use guerdon_tests::{binaries::binary, sign, world::World};
use jiff::Timestamp;
use lambda_http::{Body, Request, RequestExt, http::Method};
use serde_json::{Value, json};

const PROGRAMME: &str = r#"
[programme]
name = "Club"
currency = "EUR"

[[instant_win]]
id = "cup"
opens = "2026-03-01"
closes = "2026-04-01"
wins = { chance = 1, of = 3 }
prizes = [
  { id = "mug", weight = 2, gives = [{ voucher = "product", sku = "MUG" }] },
  { id = "trip", weight = 1, stock = 3 },
]
price = { points = 10 }
free = { plays = 30, per = "day" }

[[instant_win]]
id = "golden"
opens = "2026-03-01"
closes = "2026-04-01"
wins = { moments = 5 }
prizes = [{ id = "points", gives = [{ points = 5 }] }]
free = { plays = 30, per = "day" }

[[instant_win]]
id = "joined"
opens = "2026-03-01"
closes = "2026-04-01"
on = "sign-up"
wins = { every = 2 }
prizes = [{ id = "points", gives = [{ points = 5 }] }]
"#;

const OPEN: &str = "2026-03-20T10:00:00Z";
const OVER: &str = "2026-04-01T00:05:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn call(
    world: &World,
    now: &str,
    (method, path): (Method, &str),
    (key, body): (Option<&str>, &str),
) -> (u16, Value) {
    let mut request = lambda_http::http::Request::builder().method(method).uri(path);
    request = request.header("authorization", "Bearer local");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let request: Request = request.body(Body::Text(body.to_owned())).unwrap();
    let edge = world.edge();
    let answer = instant_win::handle(&edge, at(now), request.with_raw_http_path(path)).await;
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
}

async fn play(world: &World, now: &str, member: u32, key: &str, game: &str) -> (u16, Value) {
    let body = json!({ "instant_win": game, "with": "free" }).to_string();
    let path = format!("/members/standard:acme:{member}/plays");
    call(world, now, (Method::POST, &path), (Some(key), &body)).await
}

async fn game(world: &World, now: &str, id: &str) -> (u16, Value) {
    call(world, now, (Method::GET, &format!("/instant-wins/{id}")), (None, "")).await
}

/// What `guerdon play verify` says of a play.
fn verify(play: &Value, game: &Value) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["play.json", "game.json"].map(|name| folder.path().join(name));
    std::fs::write(&one, play.to_string()).unwrap();
    std::fs::write(&two, game.to_string()).unwrap();
    let output = std::process::Command::new(binary("guerdon"))
        .args(["play", "verify"])
        .args([one, two])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

/// Whether a play by chance wins, as `docs/programme.md` says it, by other code than the domain's.
fn by_hand(seed: &str, operation: &str, chance: u64, of: u64) -> (String, bool) {
    let seed: Hash = seed.parse().unwrap();
    let play = sign::hmac(&seed.0, &[b"play\0", operation.as_bytes()]);
    let mut drawn = of;
    for n in 0_u64.. {
        let word = Hash::of(&[&play[..], &n.to_be_bytes()].concat()).0;
        let word = u64::from_be_bytes(word[..8].try_into().unwrap());
        drawn = if of == 1 { 0 } else { word >> (of - 1).leading_zeros() };
        if drawn < of {
            break;
        }
    }
    (Hash(play).to_string(), drawn < chance)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_is_decided_at_once_and_can_be_checked_after_the_end() {
    let world = World::start(PROGRAMME).await;
    let (status, running) = game(&world, OPEN, "cup").await;
    assert_eq!((status, &running["seed"], &running["counters"]), (200, &Value::Null, &Value::Null));
    let mut plays = Vec::new();
    let won = |play: &Value| play["entries"][0]["played"]["prize"].is_string();
    // The key of chance is another in each run: twelve plays, and as many more as the first prize takes.
    for n in 0.. {
        if n >= 12 && plays.iter().any(won) {
            break;
        }
        assert!(n < 60, "as many free plays as two members have in a day, and none wins");
        let key = format!("k{n}");
        let (status, first) = play(&world, OPEN, n % 2, &key, "cup").await;
        assert_eq!(status, 201, "{first}");
        // After the close too: what was played is played.
        let (status, again) = play(&world, OVER, n % 2, &key, "cup").await;
        assert_eq!((status, &again), (201, &first));
        let played = &first["entries"][0]["played"];
        assert_eq!(played["commitment"], running["commitment"]);
        assert_eq!(first["grants"] == json!([]), played["prize"] != "mug", "{first}");
        plays.push(first);
    }
    let seed = guerdon_domain::play::seed(&world.engine.chance, "cup").to_string();
    let all = json!([running, plays]).to_string();
    assert!(!all.contains(&seed), "the seed is told before the end");

    let (early, text) = verify(&plays[0], &running);
    assert!(!early && text.contains("not revealed yet"), "{text}");
    let (_, over) = game(&world, OVER, "cup").await;
    assert_eq!(over["seed"], json!(seed));
    assert_eq!(over["commitment"], running["commitment"]);
    for play in &plays {
        let (fair, text) = verify(play, &over);
        assert!(fair, "{text}");
        let entry = &play["entries"][0];
        let (fair, _) = verify(entry, &over);
        assert!(fair, "an entry of the history is as good");
        let (play_seed, wins) = by_hand(&seed, entry["operation"].as_str().unwrap(), 1, 3);
        assert_eq!(entry["played"]["seed"], json!(play_seed));
        assert_eq!(entry["played"]["prize"].is_string(), wins);
    }
    let mut changed = plays[0].clone();
    let drawn = &mut changed["entries"][0]["played"]["by"]["chance"]["drawn"];
    *drawn = json!(drawn.as_u64().unwrap() ^ 1);
    let (fair, text) = verify(&changed, &over);
    assert!(!fair && text.contains("does not follow from the seeds"), "{text}");
    let (fair, text) = verify(&json!({ "entries": [] }), &over);
    assert!(!fair && text.contains("is no play"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn moments_are_listed_after_the_end_with_when_each_was_taken() {
    let world = World::start(PROGRAMME).await;
    let mut plays = Vec::new();
    for (n, now) in ["2026-03-10T00:00:00Z", OPEN, "2026-03-31T23:59:59Z"].iter().enumerate() {
        // As many as there are moments, so that all are taken whenever they fell.
        for key in ["a", "b", "c", "d", "e"] {
            let key = format!("{key}{n}");
            let (status, play) = play(&world, now, 1, &key, "golden").await;
            assert_eq!(status, 201, "{play}");
            plays.push(play);
        }
    }
    let (_, over) = game(&world, OVER, "golden").await;
    let moments = over["moments"].as_array().unwrap();
    let taken = moments.iter().filter(|moment| moment["taken"].is_string()).count();
    let won = plays.iter().filter(|play| play["entries"][0]["played"]["prize"].is_string());
    assert_eq!((moments.len(), taken, won.count()), (5, 5, 5));
    for moment in moments {
        assert!(moment["fell"].as_str().unwrap() <= moment["taken"].as_str().unwrap());
    }
    for play in &plays {
        let (fair, text) = verify(play, &over);
        assert!(fair, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_played_is_said_and_nothing_is_written() {
    let world = World::start(PROGRAMME).await;
    let post = (Method::POST, "/members/standard:acme:1/plays");
    let before = world.items().await;
    for (body, status, problem) in [
        (r#"{"instant_win":"cup"}"#, 400, "/problems/malformed"),
        (r#"{"instant_win":"cup","with":"luck"}"#, 400, "/problems/malformed"),
        (r#"{"instant_win":"cup","with":"free","times":2}"#, 400, "/problems/malformed"),
        (r#"{"instant_win":7,"with":"free"}"#, 400, "/problems/malformed"),
        (r#"{"instant_win":"cups","with":"free"}"#, 404, "/problems/unknown-instant-win"),
        (r#"{"instant_win":"joined","with":"free"}"#, 422, "/problems/plays-itself"),
        (r#"{"instant_win":"golden","with":"points"}"#, 422, "/problems/not-for-sale"),
        (r#"{"instant_win":"cup","with":"points"}"#, 409, "/problems/not-enough"),
        (r#"{"instant_win":"cup","with":"earned"}"#, 409, "/problems/no-play"),
    ] {
        let answer = call(&world, OPEN, post.clone(), (Some("k"), body)).await;
        assert_eq!(
            (answer.0, &answer.1["type"]),
            (status, &json!(problem)),
            "{body}: {}",
            answer.1
        );
    }
    for (body, pointer) in [
        (r#"{"instant_win":"joined","with":"free"}"#, "/instant_win"),
        (r#"{"instant_win":"golden","with":"points"}"#, "/with"),
    ] {
        let (_, answer) = call(&world, OPEN, post.clone(), (Some("k"), body)).await;
        assert_eq!(answer["pointer"], json!(pointer), "{answer}");
    }
    let (status, answer) = call(&world, OPEN, post.clone(), (None, r"{}")).await;
    assert_eq!(status, 400, "without a key: {answer}");
    for (now, problem) in [
        ("2026-02-28T23:59:59Z", "/problems/not-yet-open"),
        ("2026-04-01T00:00:00Z", "/problems/closed"),
    ] {
        let (status, answer) = play(&world, now, 1, "k", "cup").await;
        assert_eq!((status, &answer["type"]), (409, &json!(problem)));
    }
    let (status, answer) = game(&world, OPEN, "none").await;
    assert_eq!((status, &answer["type"]), (404, &json!("/problems/unknown-instant-win")));
    assert_eq!(world.items().await, before, "a refusal writes nothing");
    // A key is for one request.
    play(&world, OPEN, 1, "k", "cup").await;
    let (status, answer) = play(&world, OPEN, 1, "k", "golden").await;
    assert_eq!((status, &answer["type"]), (422, &json!("/problems/idempotency-key-reused")));
}
