//! Every problem `type` there is: status, and what to do about it. `docs/api.md` lists the same.

/// Type, status, and what it means.
pub const PROBLEMS: [(&str, u16, &str); 37] = [
    ("/problems/malformed", 400, "The request cannot be read. `pointer` names the field."),
    (
        "/problems/unprocessable",
        422,
        "A value cannot be: negative, a fraction of a cent, an unknown currency. `pointer` names the field.",
    ),
    ("/problems/too-large", 413, "The body is larger than 5 MB."),
    ("/problems/unauthenticated", 401, "The API key is missing or unknown."),
    ("/problems/forbidden", 403, "The API key does not have the scope."),
    (
        "/problems/signature",
        401,
        "The webhook's signature does not hold, or is older than five minutes.",
    ),
    ("/problems/no-route", 404, "There is no such route, or no such platform."),
    (
        "/problems/idempotency-key-reused",
        422,
        "The key was used for another request. Nothing changed.",
    ),
    (
        "/problems/unavailable",
        503,
        "The ledger cannot be reached. Send the same request again, with the same key.",
    ),
    ("/problems/no-programme", 503, "No programme is published yet."),
    ("/problems/rule-failed", 500, "A rule of the programme cannot be evaluated."),
    ("/problems/unknown-reward", 404, "The programme has no such reward."),
    ("/problems/unknown-raffle", 404, "The programme has no such raffle."),
    ("/problems/not-drawn", 409, "The raffle is not drawn yet."),
    ("/problems/not-for-sale", 422, "The raffle's entries cannot be bought with points."),
    (
        "/problems/no-free-route",
        422,
        "The raffle cannot be entered for nothing; `missing.reason` says why.",
    ),
    (
        "/problems/too-many-entries",
        409,
        "At most `missing.limit` entries of a member count; `missing.has` are there.",
    ),
    ("/problems/pay-not-offered", 422, "The programme does not offer paying with points."),
    (
        "/problems/no-open-hold",
        409,
        "The hold was never made, or was captured, released, or lapsed.",
    ),
    ("/problems/not-positive", 422, "An amount must be more than zero. `pointer` names the field."),
    ("/problems/wrong-currency", 422, "The amount is in another currency than the programme's."),
    ("/problems/not-yet-open", 409, "The offer opens later: `missing.from`."),
    ("/problems/closed", 409, "The offer closed: `missing.until`."),
    ("/problems/tier-too-low", 409, "A higher tier is needed: `missing.needed`."),
    ("/problems/condition-fails", 409, "The offer's condition does not hold: `missing.when`."),
    (
        "/problems/condition-errs",
        409,
        "The offer's condition cannot be evaluated; an operator has to repair it.",
    ),
    (
        "/problems/limit-reached",
        409,
        "The member has had it as often as allowed: `missing.times` in each `missing.per`.",
    ),
    (
        "/problems/not-payable",
        422,
        "So many points cannot be used: `missing.min` to `missing.max` in steps of `missing.step`.",
    ),
    (
        "/problems/too-many-holds",
        409,
        "The member has `missing.max` open holds: capture or release one, or wait until one lapses.",
    ),
    ("/problems/no-sealed-gift", 409, "The mystery gift was never given, or is revealed already."),
    (
        "/problems/too-many-gifts",
        409,
        "The member has `missing.max` mystery gifts to be revealed: open one, or wait until one is.",
    ),
    ("/problems/more-than-held", 422, "The capture asks for more than is held."),
    (
        "/problems/other-order",
        409,
        "The hold is for another order, or the order is another member's.",
    ),
    ("/problems/not-enough", 409, "The member has too few points: `missing.short`."),
    ("/problems/out-of-range", 422, "An amount would leave the range of the ledger."),
    ("/problems/out-of-stock", 409, "The last one is gone."),
    ("/problems/no-code-left", 409, "The pool of codes is empty; an operator can import more."),
];
