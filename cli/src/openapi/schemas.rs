//! The shapes of requests and answers.

use serde_json::{Map, Value, json};

use super::PROBLEMS;

/// All schemas by name.
pub(super) fn all() -> Value {
    let mut all = Map::new();
    for part in [basics(), members(), entries(), rewards(), requests(), outcomes()] {
        if let Value::Object(part) = part {
            all.extend(part);
        }
    }
    Value::Object(all)
}

/// An object with these fields, those in `optional` perhaps.
fn object(description: &str, optional: &[&str], properties: Value) -> Value {
    let names = properties.as_object().into_iter().flat_map(Map::keys);
    let required: Vec<&String> = names.filter(|name| !optional.contains(&name.as_str())).collect();
    json!({ "type": "object", "description": description, "required": required, "properties": properties })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn list(name: &str) -> Value {
    json!({ "type": "array", "items": reference(name) })
}

fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn number() -> Value {
    json!({ "type": "integer" })
}

fn time() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn basics() -> Value {
    let types: Vec<&str> = PROBLEMS.iter().map(|(kind, _, _)| *kind).collect();
    json!({
        "Balance": object("Points.", &[], json!({
            "available": { "type": "integer", "description": "Can be spent; negative while a refund is owed." },
            "pending": { "type": "integer", "description": "Become available later." },
            "held": { "type": "integer", "description": "Set aside by holds." },
        })),
        "Money": object("An amount as answered.", &[], json!({
            "amount": { "type": "string", "description": "Exact decimal text." }, "currency": text(),
            "minor": { "type": "integer", "description": "In the smallest unit." },
        })),
        "StoredMoney": object("An amount inside an entry.", &[], json!({ "minor": number(), "currency": text() })),
        "Amount": object("An amount as asked.", &[], json!({
            "amount": { "type": "string", "description": "Exact decimal text, such as \"12.50\"." },
            "currency": { "type": "string", "description": "An ISO 4217 code." },
        })),
        "Problem": object(
            "Why a request was refused (RFC 9457).", &["pointer", "rule", "version", "condition", "missing"], json!({
            "type": { "enum": types }, "title": text(), "status": number(), "detail": text(),
            "pointer": { "type": "string", "description": "JSON pointer to the field that is wrong; /path, /query and /headers for what is not in the body." },
            "rule": { "type": "string", "description": "The rule that refused." },
            "version": { "type": "integer", "description": "The programme version." },
            "condition": { "type": "string", "description": "The condition that failed." },
            "missing": { "type": "object", "description": "What is missing." },
        })),
    })
}

fn members() -> Value {
    let dated = |description: &str| {
        or_null(object(description, &[], json!({ "at": time(), "points": number() })))
    };
    json!({
        "Member": object("A member, now.", &[], json!({
            "member": text(),
            "balance": reference("Balance"),
            "tier": or_null(text()),
            "next_expiry": dated("What expires next."),
            "next_activation": dated("What becomes available next."),
            "next_tier": or_null(object("The tier above.", &[], json!({ "tier": text(), "missing": number() }))),
            "qualifying_points": { "type": "integer", "description": "In this calendar year." },
            "credit": list("Money"),
            "holds": list("Hold"),
            "worth": or_null(reference("Money")),
            "points": object("What points are called.", &[], json!({ "one": text(), "many": text() })),
            "version": { "type": "integer", "description": "The programme version in force." },
        })),
        "Hold": object("Points set aside.", &[], json!({
            "hold": text(), "points": number(), "worth": reference("Money"), "order": or_null(text()), "lapses_at": time(),
        })),
    })
}

fn entries() -> Value {
    let kinds = [
        "accrual",
        "reversal",
        "return",
        "activation",
        "expiry",
        "redemption",
        "hold",
        "capture",
        "release",
        "lapse",
        "adjustment",
        "tier_change",
    ];
    let by_kind = [
        "what",
        "reward",
        "grants",
        "hold",
        "worth",
        "lapses_at",
        "order",
        "reason",
        "by",
        "from",
        "to",
    ];
    json!({
        "Entry": object("A line of a member's history. It never changes. Some fields belong to some kinds only.", &by_kind, json!({
            "sequence": { "type": "integer", "description": "Counts the member's entries, without gaps." },
            "operation": { "type": "string", "description": "What it belongs to." },
            "at": { "type": "string", "format": "date-time", "description": "When it happened." },
            "recorded_at": { "type": "string", "format": "date-time", "description": "When Guerdon learned of it." },
            "kind": { "enum": kinds },
            "points": { "type": "integer", "description": "What it changed: available, pending and held together." },
            "version": { "type": "integer", "description": "The programme version it was decided by." },
            "postings": list("Posting"),
            "reasons": list("Reason"),
            "balance": reference("Balance"),
            "what": text(), "reward": text(), "grants": list("Granted"), "hold": text(), "worth": reference("StoredMoney"),
            "lapses_at": time(), "order": text(), "reason": text(), "by": text(), "from": or_null(text()), "to": or_null(text()),
        })),
        "Posting": object("One leg; the legs of an entry sum to zero.", &[], json!({
            "account": { "enum": ["available", "pending", "held", "issued", "redeemed", "expired", "forgiven", "adjusted"] },
            "asset": { "type": "string", "description": "`points`, or the currency of store credit." },
            "amount": number(),
        })),
        "Reason": object("What a rule gave, or why it gave nothing.", &["points"], json!({
            "rule": text(), "points": number(), "because": { "type": ["string", "object"] },
        })),
        "Entries": object("A page of history.", &[], json!({ "entries": list("Entry"), "next": or_null(text()) })),
        "Posted": object("What a request came to.", &[], json!({
            "member": text(), "points": number(), "balance": reference("Balance"), "grants": list("Granted"), "entries": list("Entry"),
        })),
    })
}

fn rewards() -> Value {
    let optional = ["voucher", "code", "sku", "amount", "expires", "points"];
    json!({
        "Reward": object("An offer.", &[], json!({
            "reward": text(), "name": text(), "price": object("What it costs.", &[], json!({ "points": number() })),
            "open": { "type": "boolean", "description": "Whether the member can have it now." },
            "why_not": or_null(text()), "stock_left": or_null(number()), "tier": or_null(text()),
            "from": or_null(time()), "until": or_null(time()),
        })),
        "Rewards": object("The offers.", &[], json!({ "rewards": list("Reward"), "version": number() })),
        "Granted": object("Something that was given.", &optional, json!({
            "grant": { "enum": ["voucher", "credit", "points"] }, "voucher": text(), "code": text(), "sku": text(),
            "amount": reference("StoredMoney"), "expires": time(), "points": number(),
        })),
        "GrantRecord": object("What a redemption gave.", &[], json!({
            "sequence": number(), "at": time(), "reward": text(), "version": number(), "grants": list("Granted"),
        })),
        "Grants": object("What a member was given.", &[], json!({ "grants": list("GrantRecord") })),
    })
}

fn requests() -> Value {
    json!({
        "Redemption": object("Which reward.", &[], json!({ "reward": text() })),
        "QuoteRequest": object("For what.", &[], json!({ "order_total": reference("Amount") })),
        "Quote": object("Points that may be used.", &[], json!({
            "min": number(), "max": { "type": "integer", "description": "0 if none can be used." }, "step": number(),
            "worth": reference("Money"), "version": number(),
        })),
        "HoldRequest": object("How many points, for what.", &["order"], json!({
            "points": number(), "order_total": reference("Amount"),
            "order": { "type": "string", "description": "The order, if it has an id already: `shopify:acme.myshopify.com:5001`, or `5001` for an order of the member's shop." },
        })),
        "CaptureRequest": object("What to spend; nothing said is all of it.", &["points", "order", "applied_as"], json!({
            "points": number(),
            "order": { "type": "string", "description": "The order, if the hold did not name it." },
            "applied_as": { "enum": ["payment", "discount"], "default": "payment",
                "description": "How the order's own amounts show what the points paid: not at all, or as a discount." },
        })),
        "Adjustment": object("A correction: `points`, or `credit`.", &["points", "credit", "by"], json!({
            "points": { "type": "integer", "description": "To add; negative takes away." },
            "credit": reference("Amount"), "reason": { "type": "string", "minLength": 1, "maxLength": 500 }, "by": text(),
        })),
        "Webhook": { "type": "object", "description": "The platform's own payload, or Guerdon's (see docs/api.md)." },
    })
}

fn outcomes() -> Value {
    let optional =
        ["reason", "parked", "member", "points", "reasons", "balance", "grants", "entries"];
    json!({
        "Outcome": object("What an event came to.", &optional, json!({
            "outcome": { "enum": ["posted", "unchanged", "noted", "ignored", "parked", "queued", "accepted"],
                "description": "posted: points moved. unchanged: all of it was known. noted: remembered, no points moved. ignored: not an event that can earn. parked: a rule failed, an operator sees it. queued: it waits for the ledger. accepted: a request about somebody's data." },
            "reason": text(), "parked": text(), "member": or_null(text()), "points": number(), "reasons": list("Reason"),
            "balance": reference("Balance"), "grants": list("Granted"), "entries": list("Entry"),
        })),
    })
}
