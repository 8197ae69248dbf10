//! Every key of a programme file, in one table: the parser reads by it, the schema is made from it, so they cannot drift.

use crate::programme::schema::{
    auction::AUCTION,
    brand::BRAND,
    chance::{INSTANT_WIN, RAFFLE},
    kinds::{Field, Kind, Need, Shape},
    offers::{EARN, REWARD},
};

/// The most points, anywhere.
pub(crate) const POINTS_MAX: i64 = 1_000_000_000_000;

pub(crate) const POINTS: Kind = Kind::Whole { least: 1, most: POINTS_MAX };

pub(crate) const fn required(
    key: &'static str,
    kind: Kind,
    example: &'static str,
    about: &'static str,
) -> Field {
    Field { key, kind, need: Need::Required, example, about }
}

pub(crate) const fn optional(
    key: &'static str,
    kind: Kind,
    example: &'static str,
    about: &'static str,
) -> Field {
    Field { key, kind, need: Need::Optional, example, about }
}

pub(crate) const fn default(
    key: &'static str,
    kind: Kind,
    value: &'static str,
    example: &'static str,
    about: &'static str,
) -> Field {
    Field { key, kind, need: Need::Default(value), example, about }
}

/// The file.
pub(crate) const FILE: Shape = Shape {
    name: "the file",
    fields: &[
        required("programme", Kind::Table(&PROGRAMME), "[programme]", "The programme as a whole."),
        optional(
            "brand",
            Kind::Table(&BRAND),
            "[brand]",
            "How statements, mails and pages look and speak.",
        ),
        optional("tier", Kind::Tables(&TIER), "[[tier]]", "Levels of membership, lowest first."),
        optional("earn", Kind::Tables(&EARN), "[[earn]]", "What earns points."),
        optional(
            "reward",
            Kind::Tables(&REWARD),
            "[[reward]]",
            "What members can have for points.",
        ),
        optional(
            "raffle",
            Kind::Tables(&RAFFLE),
            "[[raffle]]",
            "What members enter, and win by a draw that anyone can check.",
        ),
        optional(
            "instant_win",
            Kind::Tables(&INSTANT_WIN),
            "[[instant_win]]",
            "Games that members play and win at once, or not.",
        ),
        optional("auction", Kind::Tables(&AUCTION), "[[auction]]", "What members bid points for."),
        optional("pay", Kind::Table(&PAY), "[pay]", "Paying with points at a checkout."),
    ],
};

/// `[programme]`
pub(crate) const PROGRAMME: Shape = Shape {
    name: "[programme]",
    fields: &[
        required(
            "name",
            Kind::Name,
            "name = \"Beanery Club\"",
            "The programme's name, shown to members.",
        ),
        required(
            "currency",
            Kind::Currency,
            "currency = \"EUR\"",
            "The currency of every amount in the file.",
        ),
        default(
            "time_zone",
            Kind::Zone,
            "UTC",
            "time_zone = \"Europe/Warsaw\"",
            "Where days, months and years begin: an IANA time zone.",
        ),
        optional(
            "points",
            Kind::Table(&POINTS_TERMS),
            "points = { one = \"bean\", many = \"beans\", value = \"0.01 EUR\" }",
            "What points are called, and are worth.",
        ),
        default(
            "expiry",
            Kind::Either(&[Kind::Choice(&["never"]), Kind::Table(&EXPIRY)]),
            "never",
            "expiry = { after = \"12 months\", at = \"month-end\" }",
            "When points lapse.",
        ),
        optional(
            "pending",
            Kind::Table(&PENDING),
            "pending = { until = \"14 days after order\" }",
            "How long after an order its points can be spent.",
        ),
        default(
            "clawback",
            Kind::Choice(&["pending-only", "within-balance", "allow-negative"]),
            "within-balance",
            "clawback = \"within-balance\"",
            "What a refund may take back when the points are spent already.",
        ),
        default(
            "rounding",
            Kind::Choice(&["down", "nearest", "up"]),
            "down",
            "rounding = \"down\"",
            "How fractions of a point are rounded, once per order and rule.",
        ),
        optional(
            "accepts",
            Kind::ByCurrency(&Kind::Ratio),
            "accepts = { USD = \"0.92\" }",
            "Other currencies that earn: what one of theirs is in the programme's currency.",
        ),
    ],
};

const POINTS_TERMS: Shape = Shape {
    name: "programme.points",
    fields: &[
        default("one", Kind::Name, "point", "one = \"bean\"", "What one is called."),
        default(
            "many",
            Kind::Name,
            "`one` and an s",
            "many = \"beans\"",
            "What several are called.",
        ),
        optional("value", Kind::Worth, "value = \"0.01 EUR\"", "What one point is worth."),
    ],
};

const EXPIRY: Shape = Shape {
    name: "programme.expiry",
    fields: &[
        required(
            "after",
            Kind::Length,
            "after = \"12 months\"",
            "How long after they were earned points lapse.",
        ),
        default(
            "at",
            Kind::Choice(&["instant", "day-end", "month-end"]),
            "instant",
            "at = \"month-end\"",
            "Moved on to the end of that day or month in the programme's time zone.",
        ),
    ],
};

const PENDING: Shape = Shape {
    name: "programme.pending",
    fields: &[
        optional(
            "until",
            Kind::AfterOrder,
            "until = \"14 days after order\"",
            "As a length after the order.",
        ),
        optional(
            "days",
            Kind::Whole { least: 0, most: 3650 },
            "days = 14",
            "As days after the order; 0 is not at all.",
        ),
    ],
};

/// `[[tier]]`
pub(crate) const TIER: Shape = Shape {
    name: "[[tier]]",
    fields: &[
        required("id", Kind::Id, "id = \"gold\"", "Its id, used by rules."),
        default("name", Kind::Name, "the id", "name = \"Gold\"", "Its name, shown to members."),
        required(
            "from",
            Kind::Table(&TIER_FROM),
            "from = { qualifying_points = 1000, in = \"calendar-year\" }",
            "What a member needs to reach it.",
        ),
        default(
            "keeps",
            Kind::Choice(&["to the end of the year", "to the end of the following year"]),
            "to the end of the following year",
            "keeps = \"to the end of the following year\"",
            "How long it is kept after the year in which it was reached.",
        ),
        optional(
            "benefits",
            Kind::List(&Kind::Id),
            "benefits = [\"free-shipping\"]",
            "What it brings beyond points, by names that the shop understands.",
        ),
    ],
};

const TIER_FROM: Shape = Shape {
    name: "tier.from",
    fields: &[
        required(
            "qualifying_points",
            POINTS,
            "qualifying_points = 1000",
            "Qualifying points needed.",
        ),
        default(
            "in",
            Kind::Choice(&["calendar-year"]),
            "calendar-year",
            "in = \"calendar-year\"",
            "Within this period.",
        ),
    ],
};

/// `[pay]`
pub(crate) const PAY: Shape = Shape {
    name: "[pay]",
    fields: &[
        default(
            "value",
            Kind::Worth,
            "`points.value`",
            "value = \"0.01 EUR\"",
            "What one point pays.",
        ),
        default("step", POINTS, "1", "step = 100", "Points are taken in multiples of this."),
        default("min", POINTS, "`step`", "min = 500", "The least number of points to pay with."),
        default(
            "max_share",
            Kind::Percent,
            "100%",
            "max_share = \"50%\"",
            "The most of an order that points may pay.",
        ),
        default(
            "hold",
            Kind::Length,
            "30 minutes",
            "hold = \"30 minutes\"",
            "How long points are held for a checkout.",
        ),
    ],
};
