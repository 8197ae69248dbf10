//! Statements: numbers that are the ledger's, in every form and language, sent once, to those alone who want them.

use guerdon::{local::EXAMPLE_PROGRAMME, outbox};
use guerdon_domain::{id::MemberId, profile::Profile};
use guerdon_edge::now;
use guerdon_tests::{
    http::{Answer, Call},
    stack::{Stack, member},
};
use jiff::Timestamp;
use lambda_http::http::Method;
use serde_json::{Value, json};
use statement::{Report, Run, Whose};

const BRAND: &str = r##"
[brand]
colours = { accent = "#7b3f00" }
sender = "Beanery Club <club@beanery.example>"
reply_to = "hello@beanery.example"
footer = "Beanery, ul. Ziarnista 1, 00-001 Warszawa"
languages = ["en", "pl", "de", "th", "ko", "ar"]
terms = { version = "2026-01", url = "https://beanery.example/terms" }
"##;

/// In the month that statements are made of.
const JANUARY: &str = "2026-01-20T10:00:00Z";
/// When the monthly run is.
const RUN: &str = "2026-02-01T05:00:00Z";

async fn stack() -> Stack {
    // The example, with a brand of every language in the place of its own.
    let (head, rest) = EXAMPLE_PROGRAMME.split_once("\n[brand]").unwrap();
    let (_, tail) = rest.split_once("\n[[").unwrap();
    Stack::start(&format!("{head}\n{BRAND}\n[[{tail}"), Some(JANUARY)).await
}

fn id(customer: u64) -> MemberId {
    MemberId::new(member(customer)).unwrap()
}

fn path(customer: u64) -> String {
    format!("/members/{}", member(customer))
}

async fn tell(stack: &Stack, customer: u64, profile: &Value) -> Answer {
    let url = format!("{}{}/profile", stack.local.url, path(customer));
    let call = Call::new(Method::PUT, url).header("authorization", "Bearer local");
    call.body(profile.to_string()).send().await
}

async fn profile(stack: &Stack, customer: u64) -> Profile {
    stack.local.edge.ledger.profile(&id(customer)).await.unwrap()
}

async fn run_at(stack: &Stack, period: &str, at: &str, whose: Whose) -> Report {
    let run = Run { period: period.parse().unwrap(), whose };
    stack.local.statements.run(&run, at.parse().unwrap(), now, Timestamp::MAX).await.unwrap()
}

fn all() -> Whose {
    Whose::Segment { segment: 0, segments: 1, start: None }
}

async fn run(stack: &Stack) -> Report {
    run_at(stack, "2026-01", RUN, all()).await
}

/// A member's mail of January, as it was put into the outbox.
async fn mail(stack: &Stack, customer: u64) -> String {
    let name = format!("{}.eml", member(customer));
    let message = stack.local.statements.archive.read(&["outbox", "2026-01", &name]).await;
    String::from_utf8(message.unwrap().expect("a mail")).unwrap()
}

/// A header of a mail, unfolded.
fn header(mail: &str, name: &str) -> String {
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n\t", "").replace("\r\n ", " ");
    let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    found.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
}

/// The token that stops a mail.
fn token(mail: &str) -> String {
    let stop = header(mail, "List-Unsubscribe");
    stop.trim_end_matches('>').split_once("token=").unwrap().1.to_owned()
}

fn wanted(name: &str, email: &str) -> Value {
    json!({ "name": name, "email": email, "language": "en", "statements": true })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_are_the_ledgers() {
    let stack = stack().await;
    stack.buys(7, 1, "812.40").await.expect(200);
    let review = json!({ "type": "event.review", "timestamp": JANUARY, "data": { "id": "r-1" } });
    stack.post(&format!("{}/events", path(7)), "r", &review).send().await.expect(200);
    let correction = json!({ "points": 500, "reason": "sorry for the wait" });
    stack.post(&format!("{}/adjustments", path(7)), "a", &correction).send().await.expect(201);
    let latte = json!({ "reward": "latte" });
    let redeemed = stack.post(&format!("{}/redemptions", path(7)), "l", &latte).send().await;
    let code = redeemed.expect(201)["grants"][0]["code"].as_str().unwrap().to_owned();

    let shown = stack.get(&format!("{}/statements/2026-01", path(7))).send().await.expect(200);
    let statement = &shown["statement"];
    let balance = stack.get(&path(7)).send().await.expect(200)["balance"].clone();
    assert_eq!(statement["closing"]["points"], balance);
    assert_eq!(shown["outlook"]["balances"]["points"], balance);
    assert_eq!(statement["final"], false);
    let entries = stack.get(&format!("{}/entries?limit=100", path(7))).send().await.expect(200);
    let mut entries = entries["entries"].as_array().unwrap().clone();
    entries.reverse();
    let lines = statement["lines"].as_array().unwrap();
    assert_eq!(lines.len(), entries.len());
    let of = |points: &Value| -> i64 {
        ["available", "pending", "held"].iter().map(|part| points[part].as_i64().unwrap()).sum()
    };
    let mut running = of(&statement["opening"]["points"]);
    for (line, entry) in lines.iter().zip(&entries) {
        assert_eq!((&line["sequence"], &line["kind"]), (&entry["sequence"], &entry["kind"]));
        assert_eq!(of(&line["change"]["points"]), entry["points"].as_i64().unwrap());
        running += of(&line["change"]["points"]);
        assert_eq!(
            (of(&line["balance"]["points"]), &line["balance"]["points"]),
            (running, &entry["balance"])
        );
    }
    let sums = statement["sums"].as_object().unwrap().values();
    let sums: i64 = sums.map(|sum| sum["points"].as_i64().unwrap()).sum();
    assert_eq!(of(&statement["opening"]["points"]) + sums, of(&balance), "{statement:#}");

    let year = stack.get(&format!("{}/statements/2026", path(7))).send().await.expect(200);
    assert_eq!(year["statement"]["closing"], statement["closing"]);
    let before = stack.get(&format!("{}/statements/2025-12", path(7))).send().await.expect(200);
    assert_eq!(before["statement"]["lines"], json!([]));
    assert_eq!(of(&before["statement"]["closing"]["points"]), 0);
    let text = stack.get(&format!("{}/statements/2026-01?format=text", path(7))).send().await;
    let text = String::from_utf8(text.body).unwrap();
    for said in [
        "Your statement for January 2026",
        &code,
        "sorry for the wait",
        "Order 1",
        "Terms of Beanery Club",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_in_every_language() {
    let stack = stack().await;
    stack.buys(7, 1, "812.40").await.expect(200);
    for (code, direction) in
        [("en", "ltr"), ("pl", "ltr"), ("de", "ltr"), ("th", "ltr"), ("ko", "ltr"), ("ar", "rtl")]
    {
        let ask = async |format: &str| {
            let path = format!("{}/statements/2026-01?format={format}&language={code}", path(7));
            let answer = stack.get(&path).send().await;
            assert_eq!(answer.status, 200, "{path}");
            answer
        };
        let html = ask("html").await;
        assert_eq!(html.header("content-type"), Some("text/html; charset=utf-8"));
        let html = String::from_utf8(html.body).unwrap();
        assert!(html.contains(&format!("<html lang=\"{code}\" dir=\"{direction}\">")), "{html}");
        assert!(!html.contains("statement-") && !html.contains("<script"), "{html}");
        let text = String::from_utf8(ask("text").await.body).unwrap();
        assert!(!text.contains("statement-") && text.contains("812"), "{text}");
        let pdf = ask("pdf").await;
        assert_eq!(pdf.header("content-type"), Some("application/pdf"));
        assert!(pdf.body.starts_with(b"%PDF-1.7"));
        let json = ask("json").await.expect(200);
        assert_eq!(json["statement"]["period"], "2026-01");
    }
    for (accept, kind) in [
        ("application/pdf", "application/pdf"),
        ("text/html,application/xhtml+xml", "text/html; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("*/*", "application/json"),
    ] {
        let call = stack.get(&format!("{}/statements/2026-01", path(7))).header("accept", accept);
        assert_eq!(call.send().await.header("content-type"), Some(kind), "{accept}");
    }
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_for() {
    let stack = stack().await;
    for (ask, status, kind, pointer) in [
        ("2026-13", 404, "/problems/not-a-period", "/path/period"),
        ("january", 404, "/problems/not-a-period", "/path/period"),
        ("2026-02", 422, "/problems/not-begun", "/path/period"),
        ("9999", 422, "/problems/not-begun", "/path/period"),
        ("2026-01?format=doc", 400, "/problems/malformed", "/query/format"),
        ("2026-01?language=fr", 422, "/problems/unprocessable", "/query/language"),
    ] {
        let answer = stack.get(&format!("{}/statements/{ask}", path(7))).send().await;
        let problem = answer.expect(status);
        assert_eq!((&problem["type"], &problem["pointer"]), (&json!(kind), &json!(pointer)));
    }
    let nobody = Call::get(format!("{}{}/statements/2026-01", stack.local.url, path(7)));
    nobody.send().await.expect(401);
    let never = stack.get(&format!("{}/statements/2026-01", path(99))).send().await.expect(200);
    assert_eq!(never["statement"]["lines"], json!([]));
    let early = Run { period: "2026-01".parse().unwrap(), whose: all() };
    let at = "2026-01-31T23:04:00Z".parse().unwrap();
    let refused = stack.local.statements.run(&early, at, now, Timestamp::MAX).await;
    // January ends at eleven in the evening, as UTC has it; what was decided before is written five minutes later.
    assert!(refused.unwrap_err().to_string().contains("when it is over"));
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_sends_each_statement_once_and_only_to_those_who_want_it() {
    let stack = stack().await;
    for customer in 1..=5 {
        stack.buys(customer, customer, "50.00").await.expect(200);
    }
    tell(&stack, 1, &wanted("Ann", "ann@example.com")).await.expect(200);
    tell(&stack, 2, &json!({ "email": "bob@example.com" })).await.expect(200);
    tell(&stack, 3, &wanted("Cleo", "cleo@example.com")).await.expect(200);
    let bounced = |profile: Profile| Profile { bounced: Some(Timestamp::UNIX_EPOCH), ..profile };
    stack.local.edge.ledger.change_profile(&id(3), bounced).await.unwrap();
    tell(&stack, 4, &wanted("Dan", "dan@example.com")).await.expect(200);
    // A profile without an account has no statement.
    tell(&stack, 6, &wanted("Eve", "eve@example.com")).await.expect(200);

    let first = run(&stack).await;
    assert_eq!(
        (first.made, first.already, first.sent, first.sent_before),
        (5, 0, 2, 0),
        "{first:?}"
    );
    let unsent = [("bounced", 1), ("no-consent", 1), ("no-email", 1)];
    assert_eq!(first.unsent, unsent.into_iter().collect());
    assert_eq!((first.failed.len(), first.next.as_ref(), first.stopped_early), (0, None, false));
    let mail_before = mail(&stack, 1).await;
    let again = run(&stack).await;
    assert_eq!((again.made, again.already, again.sent, again.sent_before), (0, 5, 0, 2));
    assert_eq!(mail(&stack, 1).await, mail_before);
    let statements = stack.local.statements.archive.list(&["statements"]).await.unwrap();
    assert_eq!(statements.len(), 5);
    let name = format!("{}.json", member(1));
    let kept = stack.local.statements.archive.read(&["statements", "2026-01", &name]).await;
    let kept = String::from_utf8(kept.unwrap().unwrap()).unwrap();
    assert!(!kept.contains("\"Ann\"") && !kept.contains("ann@example.com"), "{kept}");
    // Nobody had an account in the month before.
    let earlier = run_at(&stack, "2025-12", RUN, all()).await;
    assert_eq!((earlier.made, earlier.sent), (0, 0));

    assert_eq!(header(&mail_before, "To"), "<ann@example.com>");
    assert_eq!(header(&mail_before, "From"), "\"Beanery Club\" <club@beanery.example>");
    assert_eq!(header(&mail_before, "Reply-To"), "<hello@beanery.example>");
    assert_eq!(header(&mail_before, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(mail_before.lines().all(|line| line.len() <= 998), "a line is too long");
    let outbox::Parts { text, html, .. } = outbox::parts(&mail_before);
    let link = format!("{}/me/enter?link=", stack.local.url);
    for part in [&text, &html] {
        assert!(part.contains("Ann") && part.contains(&link), "{part}");
        assert!(part.contains("50") && part.contains("Stop these e-mails"), "{part}");
    }
    let outbox = Call::get(format!("{}/outbox", stack.local.url)).send().await;
    let list = String::from_utf8(outbox.body).unwrap();
    assert_eq!(list.matches("<li>").count(), 2, "{list}");
    let shown = format!("{}/outbox/2026-01/{}.eml", stack.local.url, member(1));
    let shown = String::from_utf8(Call::get(shown).send().await.body).unwrap();
    assert!(shown.contains("<iframe sandbox=\"\""), "{shown}");
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_stops_the_mails() {
    let stack = stack().await;
    stack.buys(1, 1, "50.00").await.expect(200);
    tell(&stack, 1, &wanted("Ann", "ann@example.com")).await.expect(200);
    assert_eq!(run(&stack).await.sent, 1);
    let token = token(&mail(&stack, 1).await);
    let url = |token: &str| format!("{}/unsubscribe?token={token}", stack.local.url);
    let page = Call::get(url(&token)).header("accept-language", "pl").send().await;
    assert_eq!((page.status, page.header("referrer-policy")), (200, Some("no-referrer")));
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("lang=\"pl\"") && page.contains("<form method=\"post\">"), "{page}");
    assert!(profile(&stack, 1).await.statements.is_some(), "looking changes nothing");
    let mut forged = token.clone();
    let last = if forged.ends_with('A') { 'B' } else { 'A' };
    forged.pop();
    forged.push(last);
    let link = mail(&stack, 1).await;
    let link = outbox::parts(&link)
        .text
        .split_once("enter?link=")
        .unwrap()
        .1
        .lines()
        .next()
        .unwrap()
        .to_owned();
    for bad in ["", "x", &forged, &forged[4..], &link] {
        for call in [Call::get(url(bad)), Call::post(url(bad), "")] {
            assert_eq!(call.send().await.expect(403)["type"], "/problems/bad-link", "{bad}");
        }
    }
    for _ in 0..2 {
        let stopped = Call::post(url(&token), "List-Unsubscribe=One-Click").send().await;
        assert_eq!(stopped.status, 200);
        assert_eq!(profile(&stack, 1).await.statements, None);
    }
    let next = run_at(&stack, "2026-01", RUN, Whose::Members { members: vec![id(1)] }).await;
    assert_eq!(next.unsent, [("no-consent", 1)].into_iter().collect());
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_comes_back_is_not_sent_again() {
    let stack = stack().await;
    for customer in 1..=2 {
        stack.buys(customer, customer, "50.00").await.expect(200);
        tell(&stack, customer, &wanted("Ann", "ann@example.com")).await.expect(200);
    }
    assert_eq!(run(&stack).await.sent, 2);
    let feedback = async |kind: &str, bounce: Value, tag: &str| {
        let mail = json!({ "tags": { "member": [tag] } });
        let event = json!({ "detail-type": "Email", "detail": { "eventType": kind, "bounce": bounce, "mail": mail } });
        let now = RUN.parse().unwrap();
        stack.local.statements.take(event, now, || now, Timestamp::MAX).await.unwrap()
    };
    let tags = [token(&mail(&stack, 1).await), token(&mail(&stack, 2).await)];
    assert_eq!(feedback("Bounce", json!({ "bounceType": "Transient" }), &tags[0]).await, "ignored");
    let permanent = |to: &str| json!({ "bounceType": "Permanent", "bouncedRecipients": [{ "emailAddress": to }] });
    assert_eq!(feedback("Bounce", permanent("ann@example.com"), "forged").await, "ignored");
    assert_eq!(profile(&stack, 1).await.bounced, None);
    for _ in 0..2 {
        assert_eq!(feedback("Bounce", permanent("ann@example.com"), &tags[0]).await, "bounced");
        assert_eq!(feedback("Complaint", Value::Null, &tags[1]).await, "withdrawn");
    }
    let (first, second) = (profile(&stack, 1).await, profile(&stack, 2).await);
    assert_eq!((first.bounced, second.statements), (Some(RUN.parse().unwrap()), None));
    tell(&stack, 1, &wanted("Ann", "new@example.com")).await.expect(200);
    assert_eq!(profile(&stack, 1).await.bounced, None, "a new address is tried again");
    // What is told late, of the address before, tells nothing of the new one.
    feedback("Bounce", permanent("ann@example.com"), &tags[0]).await;
    assert_eq!(profile(&stack, 1).await.bounced, None);
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_cannot_do_anything_but_be_read() {
    let stack = stack().await;
    let names = [
        "<script>alert(1)</script><img src=x>".to_owned(),
        "\u{202e}gnp.exe\u{202c} Ann".to_owned(),
        "Zoë 👩‍👩‍👧‍👦 🎉".to_owned(),
        "ź".repeat(500),
        "Ann\u{2028}Bcc: x@example.com".to_owned(),
    ];
    for (customer, name) in (1..).zip(&names) {
        stack.buys(customer, customer, "50.00").await.expect(200);
        tell(&stack, customer, &wanted(name, "ann@example.com")).await.expect(200);
    }
    assert_eq!(run(&stack).await.sent, 5);
    for customer in 1..=5 {
        let message = mail(&stack, customer).await;
        assert_eq!(header(&message, "To"), "<ann@example.com>");
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        assert!(!head.contains("Bcc"), "{head}");
        let outbox::Parts { text, html, .. } = outbox::parts(&message);
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        for part in [&text, &html] {
            assert!(!part.contains('\u{202e}') && !part.contains('\u{2028}'), "{part}");
        }
        let pdf = stack.get(&format!("{}/statements/2026-01?format=pdf", path(customer)));
        assert!(pdf.send().await.body.starts_with(b"%PDF"));
    }
    for (profile, pointer) in [
        (json!({ "name": "a".repeat(501) }), "/name"),
        (json!({ "nickname": "a\nb" }), "/nickname"),
        (json!({ "name": "  " }), "/name"),
        (json!({ "language": "fr" }), "/language"),
        (json!({ "email": "nobody" }), "/email"),
        (json!({ "phone": "1" }), "/phone"),
    ] {
        let answer = tell(&stack, 1, &profile).await;
        assert!(matches!(answer.status, 400 | 422), "{profile}");
        assert_eq!(answer.json()["pointer"], pointer, "{profile}: {}", answer.json());
    }
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_broken_member_and_one_erased_do_not_keep_the_others_from_theirs() {
    use aws_sdk_dynamodb::types::AttributeValue;
    let stack = stack().await;
    for customer in 1..=20 {
        stack.buys(customer, customer, "50.00").await.expect(200);
        tell(&stack, customer, &wanted("Ann", "ann@example.com")).await.expect(200);
    }
    let update = stack.client().update_item().table_name(guerdon::engine::LEDGER_TABLE);
    let update = update
        .key("pk", AttributeValue::S(format!("MEMBER#{}", member(9))))
        .key("sk", AttributeValue::S("ACCOUNT".to_owned()))
        .update_expression("SET wallets = :broken")
        .expression_attribute_values(":broken", AttributeValue::S("none".to_owned()));
    update.send().await.unwrap();
    let half = Whose::Members { members: (1..=8).map(id).collect() };
    assert_eq!(run_at(&stack, "2026-01", RUN, half).await.sent, 8);
    for erased in [3, 15] {
        stack.local.edge.ledger.erase(&id(erased)).await.unwrap();
    }
    let report = run(&stack).await;
    assert_eq!(
        (report.made, report.already, report.sent, report.sent_before),
        (11, 8, 10, 7),
        "{report:?}"
    );
    assert_eq!(report.unsent, [("no-email", 2)].into_iter().collect());
    assert_eq!(report.failed.iter().map(|failed| &failed.member).collect::<Vec<_>>(), [&id(9)]);
    let kept = stack.local.statements.archive.list(&["reports", "2026-01"]).await.unwrap();
    assert_eq!(kept.len(), 1, "the failure is on record");
    let waiting = async || stack.local.statements.archive.list(&["outbox"]).await.unwrap().len();
    assert_eq!(waiting().await, 18, "with the mail of one who was erased since");
    stack.local.statements.forget(&id(3)).await.unwrap();
    assert_eq!(waiting().await, 17);
    let profile = profile(&stack, 15).await;
    assert_eq!((profile.email, profile.name), (None, None));
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_without_news_gets_no_mail() {
    let stack = stack().await;
    stack.buys(1, 1, "50.00").await.expect(200);
    tell(&stack, 1, &wanted("Ann", "ann@example.com")).await.expect(200);
    // In March nothing happens, and nothing lapses soon after.
    let march = run_at(&stack, "2026-03", "2026-04-01T05:00:00Z", all()).await;
    assert_eq!((march.made, march.unsent), (1, [("nothing-to-tell", 1)].into_iter().collect()));
    // What lapses at the end of January is told of in January.
    let december = run_at(&stack, "2026-12", "2027-01-01T05:00:00Z", all()).await;
    assert_eq!((december.made, december.sent), (1, 1), "{december:?}");
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_made_and_profiles_are_exported() {
    let stack = stack().await;
    let link = stack.post_bytes(&format!("{}/links", path(1)), "").send().await.expect(201);
    let start = format!("{}/me/enter?link=", stack.local.url);
    assert!(link["url"].as_str().unwrap().starts_with(&start), "{link}");
    assert_eq!(link["expires"], "2026-01-20T11:00:00Z");
    let told = tell(&stack, 1, &wanted("Ann", "ann@example.com")).await.expect(200);
    assert_eq!(told["statements"], JANUARY);
    let shown = stack.get(&format!("{}/profile", path(1))).send().await.expect(200);
    assert_eq!(shown, told);
    let export = stack.local.edge.ledger.export(&id(1)).await.unwrap();
    assert_eq!(export.profile.name.as_deref(), Some("Ann"));
    stack.local.edge.ledger.erase(&id(1)).await.unwrap();
    let gone = stack.get(&format!("{}/profile", path(1))).send().await.expect(200);
    assert_eq!(
        (&gone["name"], &gone["email"], &gone["statements"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    stack.stop().await;
}
