//! The keys of `[[raffle]]` and `[[instant_win]]`.

use crate::programme::schema::{
    fields::{POINTS, POINTS_MAX, default, optional, required},
    kinds::{Kind, Shape},
    offers::{PERIODS, PLAIN_GRANT, TIMES_LIMIT},
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

/// `[[instant_win]]`
pub(crate) const INSTANT_WIN: Shape = Shape {
    name: "[[instant_win]]",
    fields: &[
        required("id", Kind::Id, "id = \"lucky-cup\"", "Its id."),
        default(
            "name",
            Kind::Name,
            "the id",
            "name = \"The lucky cup\"",
            "Its name, shown to members.",
        ),
        required("opens", Kind::Time, "opens = \"2026-03-01\"", "Plays are taken from then,"),
        required("closes", Kind::Time, "closes = \"2026-04-01\"", "until then."),
        optional(
            "on",
            Kind::Trigger,
            "on = \"sign-up\"",
            "What plays it by itself: each sign-up, order or event once. Without it members ask to play.",
        ),
        required("wins", Kind::Table(&WINS), "wins = { every = 100 }", "Which plays win."),
        required(
            "prizes",
            Kind::Tables(&GAME_PRIZE),
            "prizes = [{ id = \"mug\", stock = 100, gives = [{ voucher = \"product\", sku = \"MUG\" }] }]",
            "What a winning play wins one of.",
        ),
        optional(
            "tier",
            Kind::TierId,
            "tier = \"gold\"",
            "Only members of this tier or a higher one may play.",
        ),
        optional(
            "when",
            Kind::Condition,
            "when = \"member.tier != 'gold'\"",
            "A condition for playing.",
        ),
        optional(
            "price",
            Kind::Table(&PLAY_PRICE),
            "price = { points = 10 }",
            "What a play costs, if plays can be bought.",
        ),
        optional(
            "free",
            Kind::Table(&FREE_PLAYS),
            "free = { plays = 1, per = \"day\" }",
            "How often a member may play for nothing.",
        ),
        optional(
            "no_free_route",
            Kind::Word,
            "no_free_route = \"every order brings a play: the law of … allows it\"",
            "Why a game that is played for points cannot be played for nothing, for members to read.",
        ),
        optional(
            "limit",
            Kind::Table(&TIMES_LIMIT),
            "limit = { times = 3, per = \"day\" }",
            "How often a member may play, however they come to it.",
        ),
    ],
};

/// One of the three.
const WINS: Shape = Shape {
    name: "instant_win.wins",
    fields: &[
        optional(
            "every",
            Kind::Whole { least: 1, most: POINTS_MAX },
            "every = 100",
            "Every so-manieth play that is accepted.",
        ),
        default(
            "counters",
            Kind::Whole { least: 1, most: 100 },
            "1",
            "counters = 8",
            "For games that very many play at once: with `every`, the plays are spread over so many counters, and every so-manieth of each wins.",
        ),
        optional(
            "chance",
            Kind::Whole { least: 1, most: 1_000_000_000 },
            "chance = 1",
            "Each play by its own chance, so many",
        ),
        optional("of", Kind::Whole { least: 1, most: 1_000_000_000 }, "of = 20", "of so many."),
        optional(
            "moments",
            Kind::Whole { least: 1, most: 1000 },
            "moments = 50",
            "The first play after each of so many moments, which nobody knows before.",
        ),
    ],
};

const GAME_PRIZE: Shape = Shape {
    name: "instant_win.prizes",
    fields: &[
        required("id", Kind::Id, "id = \"mug\"", "Its id."),
        default("name", Kind::Name, "the id", "name = \"A mug\"", "Its name."),
        default(
            "weight",
            Kind::Whole { least: 1, most: 1_000_000 },
            "1",
            "weight = 3",
            "Its share: 3 is three times as likely as 1. Prizes that are gone do not count.",
        ),
        optional(
            "stock",
            Kind::Whole { least: 1, most: POINTS_MAX },
            "stock = 100",
            "How many there are; without it there is no end.",
        ),
        optional(
            "gives",
            Kind::Tables(&PLAIN_GRANT),
            "gives = [{ credit = \"5.00 EUR\" }]",
            "What the winner's account is given; nothing for a prize that is handed over by other means.",
        ),
    ],
};

const PLAY_PRICE: Shape = Shape {
    name: "instant_win.price",
    fields: &[required("points", POINTS, "points = 10", "Points for a play.")],
};

const FREE_PLAYS: Shape = Shape {
    name: "instant_win.free",
    fields: &[
        required("plays", Kind::Whole { least: 1, most: 1_000_000 }, "plays = 1", "Plays"),
        required("per", PERIODS, "per = \"day\"", "in each of these periods."),
    ],
};
