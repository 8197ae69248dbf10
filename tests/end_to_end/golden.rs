//! What statements look like: of each example programme, in each language and form. `INSTA_UPDATE=always` writes them anew.

use guerdon_tests::stack::{Stack, member};
use serde_json::{Value, json};

const JANUARY: &str = "2026-01-20T10:00:00Z";

/// A programme, its currency, and what is redeemed.
const PROGRAMMES: [(&str, &str, &str, &str); 4] = [
    ("coffee-shop", "EUR", "latte", include_str!("../../programmes/coffee-shop.toml")),
    ("fashion", "USD", "ten-dollars", include_str!("../../programmes/fashion.toml")),
    ("saas", "USD", "account-credit", include_str!("../../programmes/saas.toml")),
    ("wholesale", "PLN", "display-stand", include_str!("../../programmes/wholesale.toml")),
];

const LANGUAGES: [&str; 6] = ["en", "pl", "de", "th", "ko", "ar"];

/// What a statement as PDF says, page by page. Where marks are stacked (Thai) or letters joined (Arabic) it is the order and the parts
/// in which they are drawn; what a screen reader is told instead is checked where the PDF is made.
fn pdf_text(bytes: &[u8]) -> String {
    let pdf = lopdf::Document::load_mem(bytes).unwrap();
    let pages = pdf.get_pages();
    let text = |&page: &u32| format!("--- page {page}\n{}", pdf.extract_text(&[page]).unwrap());
    pages.keys().map(text).collect::<Vec<_>>().join("\n")
}

/// A member who joined, ordered, was given points by staff, and redeemed; and the code they were given.
async fn story(stack: &Stack, currency: &str, reward: &str) -> Option<String> {
    let me = format!("/members/{}", member(7));
    let event = async |key: &str, body: Value| {
        stack.post(&format!("{me}/events"), key, &body).send().await.expect(200)
    };
    event("joined", json!({ "type": "member.joined", "timestamp": "2026-01-04T09:00:00Z", "data": { "at": "2026-01-04T09:00:00Z" } })).await;
    let order = json!({
        "id": "A-17", "placed_at": "2026-01-05T10:00:00Z", "currency": currency,
        "lines": [{ "id": "1", "product": "mug", "categories": ["ceramics"], "quantity": 2, "net": "812.40" }],
    });
    event(
        "order",
        json!({ "type": "order.paid", "timestamp": JANUARY, "data": { "order": order } }),
    )
    .await;
    let correction = json!({ "points": 4000, "reason": "A present <for> our 10th birthday" });
    stack.post(&format!("{me}/adjustments"), "a", &correction).send().await.expect(201);
    let redeem = json!({ "reward": reward });
    let redeemed = stack.post(&format!("{me}/redemptions"), "r", &redeem).send().await.expect(201);
    let url = format!("{}{me}/profile", stack.local.url);
    let profile = json!({ "name": "Zoë O'Hara" });
    let call = guerdon_tests::http::Call::new(lambda_http::http::Method::PUT, url);
    call.header("authorization", "Bearer local").body(profile.to_string()).send().await.expect(200);
    redeemed["grants"][0]["code"].as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_look_as_they_did() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (name, currency, reward, source) in PROGRAMMES {
        let stack = Stack::start(source, Some(JANUARY)).await;
        let code = story(&stack, currency, reward).await;
        let ask = async |query: &str| {
            let path = format!("/members/{}/statements/2026-01{query}", member(7));
            let answer = stack.get(&path).send().await;
            assert_eq!(answer.status, 200, "{path}");
            let text =
                String::from_utf8(answer.body).unwrap_or_else(|pdf| pdf_text(pdf.as_bytes()));
            // What is drawn at random, and where the stack happens to answer.
            let text = text.replace(&stack.local.url, "https://club.example");
            code.as_ref()
                .map_or(text.clone(), |code| text.replace(code.as_str(), "0123456789ABCDEF"))
        };
        let data: Value = serde_json::from_str(&ask("").await).unwrap();
        settings.bind(|| insta::assert_snapshot!(format!("{name}.json"), format!("{data:#}")));
        for language in LANGUAGES {
            for form in ["text", "html", "pdf"] {
                let said = ask(&format!("?format={form}&language={language}")).await;
                // A line for each element, so that what changes shows.
                let said = if form == "html" { said.replace("><", ">\n<") } else { said };
                settings
                    .bind(|| insta::assert_snapshot!(format!("{name}.{language}.{form}"), said));
            }
        }
        stack.stop().await;
    }
}
