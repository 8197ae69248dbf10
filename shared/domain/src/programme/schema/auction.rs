//! The keys of `[[auction]]`.

use crate::programme::schema::{
    fields::{POINTS, default, optional, required},
    kinds::{Kind, Shape},
    offers::PLAIN_GRANT,
};

/// `[[auction]]`
pub(crate) const AUCTION: Shape = Shape {
    name: "[[auction]]",
    fields: &[
        required("id", Kind::Id, "id = \"tasting\"", "Its id."),
        default(
            "name",
            Kind::Name,
            "the id",
            "name = \"A tasting for two\"",
            "Its name, shown to members.",
        ),
        required("opens", Kind::Time, "opens = \"2026-03-01\"", "Bids are taken from then,"),
        required("closes", Kind::Time, "closes = \"2026-04-01\"", "until then."),
        default(
            "winners",
            Kind::Whole { least: 1, most: 100 },
            "1",
            "winners = 3",
            "How many of the highest bids win. Each winner pays what they bid; of equal bids the earlier is the higher.",
        ),
        default("min", POINTS, "1", "min = 500", "The least bid, in points."),
        default(
            "step",
            POINTS,
            "1",
            "step = 50",
            "By how many points a bid must be above the one that it outbids, or that it raises.",
        ),
        default(
            "sealed",
            Kind::Flag,
            "false",
            "sealed = true",
            "Whether nobody sees the bids before it closes. Then nobody is outbid, and all bids are held until then.",
        ),
        optional(
            "tier",
            Kind::TierId,
            "tier = \"gold\"",
            "Only members of this tier or a higher one may bid.",
        ),
        optional(
            "when",
            Kind::Condition,
            "when = \"member.tier != 'gold'\"",
            "A condition for bidding.",
        ),
        required(
            "gives",
            Kind::Tables(&PLAIN_GRANT),
            "gives = [{ voucher = \"product\", sku = \"TASTING\" }]",
            "What each winner is given.",
        ),
    ],
};
