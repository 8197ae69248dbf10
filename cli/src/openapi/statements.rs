//! The shapes of statements and profiles.

use serde_json::{Value, json};

use super::schemas::{list, number, object, or_null, reference, text, time};

fn any(description: &str) -> Value {
    json!({ "type": "object", "description": description })
}

fn all_of(description: &str) -> Value {
    json!({ "type": "array", "description": description, "items": { "type": "object" } })
}

pub(super) fn statements() -> Value {
    json!({
        "MemberStatement": object("A statement, and what can be said of the member today. Without name or address.", &[], json!({
            "statement": reference("Statement"), "outlook": reference("Outlook"),
            "given": { "type": "array", "description": "What was given and is still good.", "items": reference("GrantRecord") },
        })),
        "Statement": object("What a member had, what changed, and what they have: opening and lines make closing, and so do opening and sums.", &[], json!({
            "member": text(), "period": text(), "from": time(),
            "until": { "type": "string", "format": "date-time", "description": "The first instant after the period." },
            "time_zone": text(),
            "final": { "type": "boolean", "description": "Whether it will never change." },
            "opening": reference("Balances"),
            "lines": all_of("What happened, in ledger order: an entry with `date`, `booked`, `change` and `balance`."),
            "sums": any("What the lines come to: `earned`, `taken_back`, `given_back`, `redeemed`, `granted`, `won`, `expired`, `adjusted`."),
            "closing": reference("Balances"),
        })),
        "Balances": object("What a member has.", &[], json!({
            "points": reference("Balance"), "credit": list("Money"),
            "tickets": any("Entries of raffles and plays of instant wins, by their ids."),
        })),
        "Outlook": object("The member today, and what lies ahead.", &[], json!({
            "at": time(), "version": number(), "balances": reference("Balances"), "worth": or_null(reference("Money")),
            "opens": all_of("Pending points, by when they open: `at`, `points`."),
            "expires": all_of("Points that lapse, by when: `at`, `available`, `pending`, `held`."),
            "tier": or_null(any("The tier: `tier`, `name`, `benefits`.")),
            "qualifying_points": number(),
            "next_tier": or_null(any("The next tier: `tier`, `name`, `needed`, `missing`.")),
            "holds": all_of("Open holds."), "bids": all_of("Bids whose points are held."),
            "gifts": all_of("Mystery gifts that wait."),
            "offers": all_of("Rewards, the nearest first: `reward`, `name`, `price_points`, `missing_points`, `open`, `why_not`, `stock_left`."),
        })),
        "Page": { "type": "string", "description": "A page for people." },
    })
}

pub(super) fn profiles() -> Value {
    let agreed = |what: &str| {
        or_null(json!({ "type": "string", "format": "date-time", "description": what }))
    };
    json!({
        "Profile": object("What a member told of themselves.", &[], json!({
            "name": or_null(text()), "email": or_null(text()), "language": or_null(text()), "nickname": or_null(text()),
            "statements": agreed("When they agreed to statements by mail."),
            "leaderboard": agreed("When they agreed to be on the leaderboard."),
            "bounced": agreed("When mail to their address came back: nothing is sent until they give another."),
        })),
        "ProfileRequest": object("All that is to be kept; what is left out is forgotten.",
            &["name", "email", "language", "nickname", "statements", "leaderboard"], json!({
            "name": { "type": "string", "maxLength": 500 }, "email": { "type": "string", "maxLength": 254 },
            "language": { "type": "string", "description": "One that the programme's brand lists." },
            "nickname": { "type": "string", "maxLength": 500 },
            "statements": { "type": "boolean", "default": false, "description": "Whether they agree to statements by mail." },
            "leaderboard": { "type": "boolean", "default": false, "description": "Whether they agree to be on the leaderboard." },
        })),
    })
}
