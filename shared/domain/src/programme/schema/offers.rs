//! The keys of `[[earn]]` and `[[reward]]`.

use crate::programme::schema::{
    fields::{POINTS, POINTS_MAX, default, optional, required},
    kinds::{Field, Kind, Shape},
};

/// `[[earn]]`
pub(crate) const EARN: Shape = Shape {
    name: "[[earn]]",
    fields: &[
        required("id", Kind::Id, "id = \"spend\"", "Its id: statements and refusals name it."),
        required(
            "on",
            Kind::Trigger,
            "on = \"order\"",
            "What sets it off: an order, a sign-up, an event by name.",
        ),
        optional(
            "points",
            Kind::Either(&[POINTS, Kind::Table(&PER_UNIT)]),
            "points = { give = 1, per = \"1.00 EUR\" }",
            "What it gives: a number, or so many for each amount spent.",
        ),
        optional(
            "entries",
            Kind::Table(&ENTRIES),
            "entries = { raffle = \"spring\", give = 1, per = \"10.00 EUR\" }",
            "Gives entries of a raffle instead of points: a number, or so many for each amount spent.",
        ),
        optional(
            "plays",
            Kind::Table(&PLAYS),
            "plays = { instant_win = \"lucky-cup\", give = 1 }",
            "Gives plays of an instant win instead of points: a number, or so many for each amount spent.",
        ),
        optional(
            "multiply",
            Kind::Ratio,
            "multiply = 2",
            "Gives the order's per-unit points this many times instead of once.",
        ),
        optional(
            "except",
            Kind::Table(&EXCEPT),
            "except = { categories = [\"gift-cards\"] }",
            "No lines of these.",
        ),
        optional(
            "only",
            Kind::Table(&ONLY),
            "only = { categories = [\"coffee\"] }",
            "Only lines of these.",
        ),
        optional(
            "tier",
            Kind::TierId,
            "tier = \"gold\"",
            "Only members of this tier or a higher one.",
        ),
        optional("from", Kind::Time, "from = \"2026-12-01\"", "Not before."),
        optional("until", Kind::Time, "until = \"2027-01-01\"", "Before."),
        optional("when", Kind::Condition, "when = \"order.net >= 1000\"", "A condition."),
        optional(
            "limit",
            Kind::Table(&EARN_LIMIT),
            "limit = { points = 500, per = \"day\" }",
            "The most it gives a member, in points, entries or plays.",
        ),
        default(
            "qualifies",
            Kind::Flag,
            "true for `points` on orders, else false",
            "qualifies = false",
            "Whether its points count towards tiers, before any tier multiplier.",
        ),
    ],
};

const PER_UNIT: Shape = Shape {
    name: "earn.points",
    fields: &[
        required("give", POINTS, "give = 1", "So many points"),
        required("per", Kind::Money, "per = \"1.00 EUR\"", "for each of this amount."),
        optional(
            "tier",
            Kind::ByTier(&Kind::Ratio),
            "tier = { silver = \"1.5\", gold = 2 }",
            "Multiplied for members of these tiers.",
        ),
    ],
};

const ENTRIES: Shape = Shape {
    name: "earn.entries",
    fields: &[
        required("raffle", Kind::Id, "raffle = \"spring\"", "Entries of this raffle:"),
        required("give", POINTS, "give = 1", "so many"),
        optional(
            "per",
            Kind::Money,
            "per = \"10.00 EUR\"",
            "for each of this amount; without it once for each order or event.",
        ),
    ],
};

const PLAYS: Shape = Shape {
    name: "earn.plays",
    fields: &[
        required(
            "instant_win",
            Kind::Id,
            "instant_win = \"lucky-cup\"",
            "Plays of this instant win:",
        ),
        required("give", POINTS, "give = 1", "so many"),
        optional(
            "per",
            Kind::Money,
            "per = \"10.00 EUR\"",
            "for each of this amount; without it once for each order or event.",
        ),
    ],
};

const SELECTION: [Field; 2] = [
    optional(
        "categories",
        Kind::List(&Kind::Word),
        "categories = [\"gift-cards\"]",
        "Categories, in the shop's words.",
    ),
    optional("products", Kind::List(&Kind::Word), "products = [\"LATTE\"]", "Product ids or SKUs."),
];

const EXCEPT: Shape = Shape { name: "earn.except", fields: &SELECTION };

const ONLY: Shape = Shape { name: "earn.only", fields: &SELECTION };

pub(crate) const PERIODS: Kind = Kind::Choice(&["day", "month", "year", "ever"]);

const EARN_LIMIT: Shape = Shape {
    name: "earn.limit",
    fields: &[
        required("points", POINTS, "points = 500", "Points"),
        required("per", PERIODS, "per = \"day\"", "in each of these periods."),
    ],
};

/// `[[reward]]`
pub(crate) const REWARD: Shape = Shape {
    name: "[[reward]]",
    fields: &[
        required("id", Kind::Id, "id = \"latte\"", "Its id."),
        default("name", Kind::Name, "the id", "name = \"A latte\"", "Its name, shown to members."),
        required("price", Kind::Table(&PRICE), "price = { points = 350 }", "What it costs."),
        optional(
            "stock",
            Kind::Whole { least: 0, most: POINTS_MAX },
            "stock = 1000",
            "How many there are for all members together; without it there is no end.",
        ),
        optional("from", Kind::Time, "from = \"2026-12-01\"", "Not before."),
        optional("until", Kind::Time, "until = \"2027-01-01\"", "Before."),
        optional(
            "tier",
            Kind::TierId,
            "tier = \"gold\"",
            "Only members of this tier or a higher one.",
        ),
        optional("when", Kind::Condition, "when = \"member.tier != 'gold'\"", "A condition."),
        optional(
            "limit",
            Kind::Table(&TIMES_LIMIT),
            "limit = { times = 1, per = \"ever\" }",
            "How often a member may have it.",
        ),
        required(
            "gives",
            Kind::Tables(&GRANT),
            "gives = [{ voucher = \"product\", sku = \"LATTE\" }]",
            "What it gives.",
        ),
    ],
};

const PRICE: Shape = Shape {
    name: "reward.price",
    fields: &[required(
        "points",
        Kind::Whole { least: 0, most: POINTS_MAX },
        "points = 350",
        "Points; 0 is free.",
    )],
};

/// How often a member may have something.
pub(crate) const TIMES_LIMIT: Shape = Shape {
    name: "limit",
    fields: &[
        required("times", Kind::Whole { least: 1, most: 1_000_000 }, "times = 1", "Times"),
        required("per", PERIODS, "per = \"year\"", "in each of these periods."),
    ],
};

/// One of `gives`.
pub(crate) const GRANT: Shape = Shape { name: "reward.gives", fields: &GRANT_FIELDS };

const GRANT_FIELDS: [Field; 11] = {
    let [voucher, sku, amount, valid, codes, credit, points, badge, name] = PLAIN;
    let mystery = optional(
        "mystery",
        Kind::Tables(&OUTCOME),
        "mystery = [{ id = \"mug\", weight = 1, gives = [{ credit = \"9.00 EUR\" }] }]",
        "One of these outcomes, decided by chance when the reward is redeemed.",
    );
    let reveal = default(
        "reveal",
        Kind::Either(&[Kind::Choice(&["now", "opened"]), Kind::Length]),
        "now",
        "reveal = \"7 days\"",
        "When a mystery gift is revealed: now, so long after the redemption, or when the member has opened it.",
    );
    [voucher, sku, amount, valid, codes, credit, points, badge, name, mystery, reveal]
};

/// What a mystery gift may turn out to be.
const OUTCOME: Shape = Shape {
    name: "reward.mystery",
    fields: &[
        required("id", Kind::Id, "id = \"mug\"", "Its id."),
        default("name", Kind::Name, "the id", "name = \"A mug\"", "Its name, shown to members."),
        required(
            "weight",
            Kind::Whole { least: 1, most: 1_000_000 },
            "weight = 3",
            "Its share: 3 is three times as likely as 1. Outcomes that are gone do not count.",
        ),
        optional(
            "stock",
            Kind::Whole { least: 0, most: POINTS_MAX },
            "stock = 100",
            "How many there are for all members together; without it there is no end.",
        ),
        required(
            "gives",
            Kind::Tables(&PLAIN_GRANT),
            "gives = [{ voucher = \"product\", sku = \"MUG\" }]",
            "What it gives.",
        ),
    ],
};

/// One of `gives` of an outcome of a mystery gift, or of a prize.
pub(crate) const PLAIN_GRANT: Shape = Shape { name: "gives", fields: &PLAIN };

/// What is a grant everywhere.
const PLAIN: [Field; 9] = [
    optional(
        "voucher",
        Kind::Choice(&["product", "amount"]),
        "voucher = \"product\"",
        "A code that the shop honours, for a product (`sku`) or an amount (`amount`).",
    ),
    optional("sku", Kind::Word, "sku = \"LATTE\"", "The product a voucher is good for."),
    optional("amount", Kind::Money, "amount = \"5.00 EUR\"", "The amount a voucher is good for."),
    optional(
        "valid",
        Kind::Length,
        "valid = \"30 days\"",
        "How long a voucher is good for; without it for ever.",
    ),
    default(
        "codes",
        Kind::Either(&[Kind::Choice(&["generated"]), Kind::Table(&CODES)]),
        "generated",
        "codes = { pool = \"spring\" }",
        "Where a voucher's code comes from.",
    ),
    optional(
        "credit",
        Kind::Money,
        "credit = \"5.00 EUR\"",
        "Store credit in the member's wallet.",
    ),
    optional("points", POINTS, "points = 10", "Points."),
    optional(
        "badge",
        Kind::Id,
        "badge = \"early-bird\"",
        "Something that the member can show, worth nothing.",
    ),
    default(
        "name",
        Kind::Name,
        "the badge's id",
        "name = \"Early bird\"",
        "What a badge is called.",
    ),
];

const CODES: Shape = Shape {
    name: "voucher.codes",
    fields: &[required(
        "pool",
        Kind::Id,
        "pool = \"spring\"",
        "From the imported pool of this name, each code once.",
    )],
};

/// Grants that are designed but not delivered yet, and what messages call them.
pub(crate) const NOT_YET: [(&str, &str); 5] = [
    ("perk", "perks"),
    ("price_rule", "price rules"),
    ("raffle_entries", "raffle entries"),
    ("commission", "commissions"),
    ("entitlement", "perks"),
];
