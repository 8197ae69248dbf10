//! The shapes of requests and answers.

use serde_json::{Map, Value, json};

use super::{PROBLEMS, statements};

/// All schemas by name.
pub(super) fn all() -> Value {
    let mut all = Map::new();
    for part in [
        basics(),
        members(),
        entries(),
        rewards(),
        raffles(),
        plays(),
        auctions(),
        statements::statements(),
        statements::profiles(),
        requests(),
        outcomes(),
    ] {
        if let Value::Object(part) = part {
            all.extend(part);
        }
    }
    Value::Object(all)
}

/// An object with these fields, those in `optional` perhaps.
pub(super) fn object(description: &str, optional: &[&str], properties: Value) -> Value {
    let names = properties.as_object().into_iter().flat_map(Map::keys);
    let required: Vec<&String> = names.filter(|name| !optional.contains(&name.as_str())).collect();
    json!({ "type": "object", "description": description, "required": required, "properties": properties })
}

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub(super) fn list(name: &str) -> Value {
    json!({ "type": "array", "items": reference(name) })
}

pub(super) fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn number() -> Value {
    json!({ "type": "integer" })
}

pub(super) fn time() -> Value {
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
            "tickets": { "type": "array", "description": "Entries of raffles, and plays of instant wins.", "items": object("Entries or plays.", &[], json!({ "of": text(), "tickets": number() })) },
            "holds": list("Hold"),
            "bids": { "type": "array", "items": object("A bid whose points are held.", &[], json!({ "auction": text(), "points": number(), "at": time() })) },
            "gifts": list("Gift"),
            "worth": or_null(reference("Money")),
            "points": object("What points are called.", &[], json!({ "one": text(), "many": text() })),
            "version": { "type": "integer", "description": "The programme version in force." },
        })),
        "Gift": object("A mystery gift that is not revealed yet.", &[], json!({
            "grant": { "type": "integer", "description": "To open it by." }, "reward": text(),
            "reveal_at": or_null(json!({ "type": "string", "format": "date-time", "description": "null: when it is opened." })),
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
        "entered",
        "prize",
        "reveal",
        "play",
        "bid",
        "bid_won",
        "bid_returned",
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
        "raffle",
        "entries",
        "free",
        "prize",
        "place",
        "gift",
        "game",
        "played",
        "auction",
        "bid",
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
            "what": text(), "reward": text(), "grants": list("Granted"),
            "raffle": text(), "entries": number(), "free": { "type": "boolean" }, "prize": text(), "place": number(),
            "gift": reference("Revealed"), "game": text(), "played": reference("Played"), "auction": text(), "bid": number(), "hold": text(), "worth": reference("StoredMoney"),
            "lapses_at": time(), "order": text(), "reason": text(), "by": text(), "from": or_null(text()), "to": or_null(text()),
        })),
        "Posting": object("One leg; the legs of an entry sum to zero.", &[], json!({
            "account": { "enum": ["available", "pending", "held", "issued", "redeemed", "expired", "forgiven", "adjusted"] },
            "asset": { "type": "string", "description": "`points`, the currency of store credit, or `tickets:` and the id of a raffle or an instant win." },
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
    let optional = [
        "voucher",
        "code",
        "sku",
        "amount",
        "expires",
        "points",
        "badge",
        "name",
        "reveal_at",
        "commitment",
    ];
    json!({
        "Reward": object("An offer.", &[], json!({
            "reward": text(), "name": text(), "price": object("What it costs.", &[], json!({ "points": number() })),
            "open": { "type": "boolean", "description": "Whether the member can have it now." },
            "why_not": or_null(text()), "stock_left": or_null(number()), "tier": or_null(text()),
            "from": or_null(time()), "until": or_null(time()),
            "may_be": or_null(json!({ "type": "array", "description": "What a mystery gift may turn out to be, and the odds.",
                "items": object("An outcome.", &[], json!({ "outcome": text(), "name": text(), "weight": number() })) })),
        })),
        "Rewards": object("The offers.", &[], json!({ "rewards": list("Reward"), "version": number() })),
        "Granted": object("Something that was given.", &optional, json!({
            "grant": { "enum": ["voucher", "credit", "points", "badge", "mystery"] }, "voucher": text(), "code": text(), "sku": text(),
            "amount": reference("StoredMoney"), "expires": time(), "points": number(),
            "badge": text(), "name": { "type": "string", "description": "What the badge was called when it was given." },
            "reveal_at": { "type": "string", "format": "date-time", "description": "When a mystery gift is revealed; without it when it is opened, or at once." },
            "commitment": { "type": "string", "description": "SHA-256 of how a mystery gift was decided (docs/programme.md)." },
        })),
        "Revealed": object("What a mystery gift turned out to be.", &[], json!({
            "of": { "type": "integer", "description": "The grant." }, "outcome": text(), "name": text(),
            "decided": object("What it was decided by.", &[], json!({
                "seed": { "type": "string", "description": "Secret until the reveal." },
                "outcomes": { "type": "array", "items": object("An outcome as it stood.", &["left"], json!({
                    "outcome": text(), "weight": number(),
                    "left": { "type": "integer", "description": "Pieces left before; without it there is no end." },
                })) },
            })),
        })),
        "GrantRecord": object("What a redemption gave, or what a mystery gift turned out to be.", &["gift"], json!({
            "sequence": number(), "at": time(), "reward": text(), "version": number(), "grants": list("Granted"),
            "gift": reference("Revealed"),
        })),
        "Grants": object("What a member was given.", &[], json!({ "grants": list("GrantRecord") })),
    })
}

fn raffles() -> Value {
    let hash = || json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    let stage =
        || json!({ "enum": ["announced", "open", "closed", "frozen", "drawn", "published"] });
    let prize =
        object("A kind of prize.", &[], json!({ "id": text(), "name": text(), "count": number() }));
    let line = object(
        "The member's line of the list, and its inclusion proof (RFC 9162).",
        &[],
        json!({
            "first": number(), "tickets": number(), "index": number(), "path": { "type": "array", "items": hash() },
        }),
    );
    json!({
        "Raffle": object("What is published of a raffle.", &[], json!({
            "raffle": text(), "name": text(), "stage": stage(), "programme_version": number(),
            "opens": time(), "closes": time(), "draws": time(), "prizes": { "type": "array", "items": prize }, "alternates": number(),
            "commitment": hash(),
            "beacon": or_null(object("drand's chain and the round that will be used.", &[], json!({ "chain": hash(), "round": number() }))),
            "price": or_null(object("What an entry costs.", &[], json!({ "points": number() }))),
            "free": or_null(object("Free entries in each period.", &[], json!({ "entries": number(), "per": text() }))),
            "no_free_route": or_null(text()), "limit": or_null(number()), "tier": or_null(text()), "when": or_null(text()),
            "entrants": or_null(number()), "tickets": or_null(number()), "root": or_null(hash()),
            "record": or_null(reference("DrawRecord")),
        })),
        "DrawRecord": { "type": "object", "description": "The record of a draw: docs/draw-protocol.md, section 9." },
        "LinkWanted": object("What a link is for.", &["for"], json!({ "for": { "enum": ["page", "widget"], "default": "page" } })),
        "Link": object("A link to the member's page, or a token for a widget.", &["url", "token"], json!({
            "url": text(), "token": text(), "expires": time(),
        })),
        "Page": { "type": "string", "description": "A page for people." },
        "Script": { "type": "string", "description": "A script." },
        "WidgetBalance": object("What a member can spend.", &[], json!({
            "available": number(), "pending": number(), "text": text(), "language": text(), "direction": { "enum": ["ltr", "rtl"] },
        })),
        "Lines": { "type": "string", "description": "Lines `first tickets entrant`." },
        "RafflePlace": object("A member in a raffle.", &[], json!({
            "raffle": text(), "member": text(), "stage": stage(), "entrant": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
            "tickets": number(), "root": or_null(hash()), "entrants": or_null(number()), "line": or_null(line),
        })),
    })
}

fn plays() -> Value {
    let hash = || json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    let weighed = object(
        "A prize as it stood.",
        &["left"],
        json!({ "outcome": text(), "weight": number(), "left": { "type": "integer", "description": "Pieces left before; without it there is no end." } }),
    );
    let by = json!({ "oneOf": [
        object("Every so-manieth.", &[], json!({ "every": object("Its number.", &[], json!({ "every": number(), "counter": number(), "number": number() })) })),
        object("Its own chance.", &[], json!({ "chance": object("It wins by a number below `chance`, of those below `of`.", &[],
            json!({ "chance": number(), "of": number(), "drawn": number() })) })),
        object("The first after a moment.", &[], json!({ "moment": object("Moments that were taken before, and the one it took.", &["fell"],
            json!({ "taken": number(), "fell": time() })) })),
    ] });
    let wins = json!({ "oneOf": [
        object("Every so-manieth of each counter.", &[], json!({ "every": number(), "counters": number() })),
        object("So many of so many.", &[], json!({ "chance": number(), "of": number() })),
        object("The first play after each of so many moments.", &[], json!({ "moments": number() })),
    ] });
    let prize = object(
        "A prize.",
        &[],
        json!({ "id": text(), "name": text(), "weight": number(), "stock": or_null(number()), "left": or_null(number()) }),
    );
    let moment =
        object("A winning moment.", &[], json!({ "fell": time(), "taken": or_null(time()) }));
    json!({
        "Playing": object("Which instant win, and what the play is paid with.", &[], json!({
            "instant_win": text(), "with": { "enum": ["points", "free", "earned"] },
        })),
        "Played": object("How a play was decided (docs/programme.md).", &["prizes", "prize"], json!({
            "paid": { "enum": ["points", "free", "earned", "event"] }, "commitment": hash(), "seed": hash(), "by": by,
            "prizes": { "type": "array", "items": weighed }, "prize": { "type": "string", "description": "What it won; without it, it lost." },
        })),
        "InstantWin": object("What is public of an instant win.", &[], json!({
            "instant_win": text(), "name": text(), "opens": time(), "closes": time(), "wins": wins,
            "prizes": { "type": "array", "items": prize }, "commitment": hash(),
            "seed": or_null(hash()), "counters": or_null(json!({ "type": "array", "items": number() })),
            "moments": or_null(json!({ "type": "array", "items": moment })),
        })),
    })
}

fn auctions() -> Value {
    let bidder = || json!({ "type": "string", "pattern": "^[0-9a-f]{32}$", "description": "The bidder's pseudonym, in this auction alone." });
    let lead = object(
        "A bid that leads.",
        &[],
        json!({ "bidder": bidder(), "points": number(), "at": time() }),
    );
    let held = object(
        "A bid.",
        &[],
        json!({ "auction": text(), "bidder": bidder(), "points": number(), "at": time(),
            "leads": or_null(json!({ "type": "boolean", "description": "null: the bids are sealed." })) }),
    );
    json!({
        "Bidding": object("In which auction, and how many points: all of the bid, also when it raises one.", &[], json!({
            "auction": text(), "points": number(),
        })),
        "Bids": object("Bids whose points are held.", &[], json!({ "bids": { "type": "array", "items": held } })),
        "Auction": object("What is public of an auction.", &[], json!({
            "auction": text(), "name": text(), "state": { "enum": ["announced", "open", "closed", "decided"] },
            "opens": time(), "closes": time(), "winners": number(), "min": number(), "step": number(),
            "sealed": { "type": "boolean" },
            "least": or_null(json!({ "type": "integer", "description": "The least that somebody without a bid may bid now." })),
            "bids": { "type": "array", "items": lead },
        })),
    })
}

fn requests() -> Value {
    json!({
        "Entering": object("Who enters, with how many entries.", &["entries", "free"], json!({
            "member": text(), "entries": { "type": "integer", "minimum": 1, "default": 1 },
            "free": { "type": "boolean", "default": false, "description": "By the free route, not for points." },
        })),
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
    let optional = [
        "reason", "parked", "member", "points", "reasons", "balance", "grants", "entries", "plays",
    ];
    json!({
        "Outcome": object("What an event came to.", &optional, json!({
            "outcome": { "enum": ["posted", "unchanged", "noted", "ignored", "parked", "queued", "accepted"],
                "description": "posted: points moved. unchanged: all of it was known. noted: remembered, no points moved. ignored: not an event that can earn. parked: a rule failed, an operator sees it. queued: it waits for the ledger. accepted: a request about somebody's data." },
            "reason": text(), "parked": text(), "member": or_null(text()), "points": number(), "reasons": list("Reason"),
            "balance": reference("Balance"), "grants": list("Granted"), "entries": list("Entry"),
            "plays": list("Posted"),
        })),
    })
}
