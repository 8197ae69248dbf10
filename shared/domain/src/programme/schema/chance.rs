//! The keys of `[[raffle]]`.

use crate::programme::schema::{
    fields::{POINTS, POINTS_MAX, default, optional, required},
    kinds::{Kind, Shape},
    offers::{PERIODS, PLAIN_GRANT},
};

/// `[[raffle]]`
pub(crate) const RAFFLE: Shape = Shape {
    name: "[[raffle]]",
    fields: &[
        required("id", Kind::Id, "id = \"spring\"", "Its id."),
        default(
            "name",
            Kind::Name,
            "the id",
            "name = \"Spring raffle\"",
            "Its name, shown to members.",
        ),
        required("opens", Kind::Time, "opens = \"2026-03-01\"", "Entries are taken from then,"),
        required("closes", Kind::Time, "closes = \"2026-04-01\"", "until then."),
        default(
            "draws",
            Kind::Time,
            "an hour after it closes",
            "draws = \"2026-04-01T18:00:00+02:00\"",
            "When it is drawn: at least 15 minutes after it closes.",
        ),
        required(
            "prizes",
            Kind::Tables(&PRIZE),
            "prizes = [{ id = \"bike\", name = \"A bicycle\" }]",
            "The prizes, in the order in which they are drawn.",
        ),
        default(
            "alternates",
            Kind::Whole { least: 0, most: 10_000 },
            "0",
            "alternates = 3",
            "How many are drawn after the prizes, to replace winners who are disqualified.",
        ),
        default(
            "beacon",
            Kind::Choice(&["quicknet", "none"]),
            "quicknet",
            "beacon = \"none\"",
            "The public randomness that the draw waits for: drand's quicknet, or none, which is weaker, and said in the record.",
        ),
        optional(
            "tier",
            Kind::TierId,
            "tier = \"gold\"",
            "Only members of this tier or a higher one may enter.",
        ),
        optional(
            "when",
            Kind::Condition,
            "when = \"member.tier != 'gold'\"",
            "A condition for entering.",
        ),
        optional(
            "price",
            Kind::Table(&PRICE),
            "price = { points = 10 }",
            "What one entry costs, if entries can be bought.",
        ),
        optional(
            "free",
            Kind::Table(&FREE),
            "free = { entries = 1, per = \"day\" }",
            "How many entries a member may have for nothing.",
        ),
        optional(
            "no_free_route",
            Kind::Word,
            "no_free_route = \"only orders take part: the law of … allows it\"",
            "Why there is no free route, for members to read.",
        ),
        optional(
            "limit",
            Kind::Whole { least: 1, most: POINTS_MAX },
            "limit = 100",
            "The most entries of one member that count.",
        ),
    ],
};

const PRIZE: Shape = Shape {
    name: "raffle.prizes",
    fields: &[
        required("id", Kind::Id, "id = \"bike\"", "Its id."),
        default("name", Kind::Name, "the id", "name = \"A bicycle\"", "Its name."),
        default("count", Kind::Whole { least: 1, most: 10_000 }, "1", "count = 3", "How many."),
        optional(
            "gives",
            Kind::Tables(&PLAIN_GRANT),
            "gives = [{ credit = \"50.00 EUR\" }]",
            "What the winner's account is given; nothing for a prize that is handed over by other means.",
        ),
    ],
};

const PRICE: Shape = Shape {
    name: "raffle.price",
    fields: &[required("points", POINTS, "points = 10", "Points for one entry.")],
};

const FREE: Shape = Shape {
    name: "raffle.free",
    fields: &[
        required("entries", Kind::Whole { least: 1, most: 1_000_000 }, "entries = 1", "Entries"),
        required("per", PERIODS, "per = \"day\"", "in each of these periods."),
    ],
};
