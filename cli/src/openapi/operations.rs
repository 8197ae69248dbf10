//! What each route is for.

/// How a caller shows who it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Auth {
    /// By signing the body.
    Signature,
    /// By an API key with this scope.
    Key(&'static str),
    /// Not at all: it is for everybody.
    Nobody,
}

/// Name, place, whether it must be given, what it is, and its schema.
type Parameter = (&'static str, &'static str, bool, &'static str, &'static str);

/// What a route is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) auth: Auth,
    pub(super) parameters: &'static [Parameter],
    pub(super) body: Option<&'static str>,
    pub(super) body_required: bool,
    /// Status, what it means, and the schema of the answer.
    pub(super) answers: &'static [(u16, &'static str, &'static str)],
}

const MEMBER: Parameter = (
    "member",
    "path",
    true,
    "The member: platform, shop and the customer's id there, such as `shopify:acme.myshopify.com:7001`.",
    r#"{"type":"string","maxLength":200}"#,
);
const RAFFLE: Parameter =
    ("raffle", "path", true, "The raffle's id.", r#"{"type":"string","maxLength":40}"#);
const INSTANT_WIN: Parameter =
    ("instant_win", "path", true, "The instant win's id.", r#"{"type":"string","maxLength":40}"#);
const AUCTION: Parameter =
    ("auction", "path", true, "The auction's id.", r#"{"type":"string","maxLength":40}"#);
const PAGE: Parameter = (
    "page",
    "query",
    false,
    "The page of the list, from 0; an empty answer follows the last.",
    r#"{"type":"integer","minimum":0,"default":0}"#,
);
const PART: Parameter = ("page", "path", true, "The part of the page.", r#"{"type":"string"}"#);
const HOLD: Parameter =
    ("hold", "path", true, "The hold's id.", r#"{"type":"string","maxLength":64}"#);
const GRANT: Parameter = (
    "grant",
    "path",
    true,
    "The grant's number: `grant` of the member's `gifts`, `sequence` of the redemption.",
    r#"{"type":"integer","minimum":1}"#,
);
const PERIOD: Parameter = (
    "period",
    "path",
    true,
    "A month, such as `2026-10`, or a year, in the programme's time zone.",
    r#"{"type":"string","pattern":"^[0-9]{4}(-[0-9]{2})?$"}"#,
);
const FORMAT: Parameter = (
    "format",
    "query",
    false,
    "What it is answered as; without it, what `Accept` names first.",
    r#"{"enum":["json","html","text","pdf"],"default":"json"}"#,
);
const LANGUAGE: Parameter = (
    "language",
    "query",
    false,
    "The language of a page, a text or a PDF; without it, the member's.",
    r#"{"enum":["en","pl","de","th","ko","ar"]}"#,
);
const TOKEN: Parameter = (
    "token",
    "query",
    true,
    "The token that the mail's link has.",
    r#"{"type":"string","maxLength":1024}"#,
);
const KEY: Parameter = (
    "Idempotency-Key",
    "header",
    true,
    "Your own name for this request, such as a UUID. It works once, for ever: send the same key again when you did not get the answer.",
    r#"{"type":"string","minLength":1,"maxLength":200}"#,
);
const LIMIT: Parameter = (
    "limit",
    "query",
    false,
    "Entries on a page.",
    r#"{"type":"integer","minimum":1,"maximum":100,"default":20}"#,
);
const CURSOR: Parameter = (
    "cursor",
    "query",
    false,
    "Where to go on: `next` of the page before.",
    r#"{"type":"string"}"#,
);
const PLATFORM: Parameter =
    ("platform", "path", true, "Who sends it.", r#"{"enum":["shopify","standard"]}"#);
const WEBHOOK: &[Parameter] = &[
    PLATFORM,
    ("X-Shopify-Topic", "header", false, "Shopify: what happened.", r#"{"type":"string"}"#),
    ("X-Shopify-Shop-Domain", "header", false, "Shopify: the shop.", r#"{"type":"string"}"#),
    ("X-Shopify-Hmac-SHA256", "header", false, "Shopify: the signature.", r#"{"type":"string"}"#),
    ("webhook-id", "header", false, "Standard Webhooks: the message.", r#"{"type":"string"}"#),
    (
        "webhook-timestamp",
        "header",
        false,
        "Standard Webhooks: Unix seconds.",
        r#"{"type":"string"}"#,
    ),
    (
        "webhook-signature",
        "header",
        false,
        "Standard Webhooks: the signature.",
        r#"{"type":"string"}"#,
    ),
];

const READ: Operation = Operation {
    id: "",
    summary: "",
    auth: Auth::Key("read"),
    parameters: &[MEMBER],
    body: None,
    body_required: false,
    answers: &[],
};
const WRITE: Operation = Operation {
    auth: Auth::Key("write"),
    parameters: &[MEMBER, KEY],
    body_required: true,
    answers: &[(201, "Done, now or by an earlier request of this key.", "Posted")],
    ..READ
};
const TAKEN: &[(u16, &str, &str)] = &[
    (200, "Taken; `outcome` says what it came to.", "Outcome"),
    (202, "Taken, and waits: in the queue, or for a rule to be repaired.", "Outcome"),
];

/// What a route is for; `None` if nobody has said.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn of(method: &str, path: &str) -> Option<Operation> {
    Some(match (method, path) {
        ("POST", "/webhooks/{platform}") => Operation {
            id: "takeWebhook",
            summary: "Takes a platform's webhook.",
            auth: Auth::Signature,
            parameters: WEBHOOK,
            body: Some("Webhook"),
            answers: TAKEN,
            ..WRITE
        },
        ("POST", "/members/{member}/events") => Operation {
            id: "takeEvent",
            summary: "Takes an event of a member: an order, or anything a rule rewards.",
            body: Some("Webhook"),
            answers: TAKEN,
            ..WRITE
        },
        ("GET", "/members/{member}") => Operation {
            id: "showMember",
            summary: "Balance, tier, what expires next. A member never seen has nothing.",
            answers: &[(200, "The member.", "Member")],
            ..READ
        },
        ("GET", "/members/{member}/entries") => Operation {
            id: "listEntries",
            summary: "History, newest first. The Link header leads to the next page.",
            parameters: &[MEMBER, LIMIT, CURSOR],
            answers: &[(200, "A page.", "Entries")],
            ..READ
        },
        ("POST", "/raffles/{raffle}/entries") => Operation {
            id: "enterRaffle",
            summary: "Enters a member into a raffle, for points or by its free route.",
            parameters: &[RAFFLE, KEY],
            body: Some("Entering"),
            ..WRITE
        },
        ("GET", "/raffles/{raffle}") => Operation {
            id: "showRaffle",
            summary: "What is published of a raffle; as a page for people, if they ask for text/html.",
            auth: Auth::Nobody,
            parameters: &[RAFFLE],
            answers: &[(200, "The raffle.", "Raffle")],
            ..READ
        },
        ("GET", "/raffles/{raffle}/record") => Operation {
            id: "showDrawRecord",
            summary: "The record of a draw, byte by byte as it is checked: docs/draw-protocol.md.",
            auth: Auth::Nobody,
            parameters: &[RAFFLE],
            answers: &[(200, "The record.", "DrawRecord")],
            ..READ
        },
        ("GET", "/raffles/{raffle}/list") => Operation {
            id: "showList",
            summary: "A page of the list of entrants of a raffle that is drawn: 1024 lines. All pages, one after the other, are the list.",
            auth: Auth::Nobody,
            parameters: &[RAFFLE, PAGE],
            answers: &[(200, "The lines.", "Lines")],
            ..READ
        },
        ("GET", "/raffles/{raffle}/members/{member}") => Operation {
            id: "showRafflePlace",
            summary: "A member's pseudonym and tickets in a raffle, and the proof that they are on its list.",
            parameters: &[RAFFLE, MEMBER],
            answers: &[(200, "The place.", "RafflePlace")],
            ..READ
        },
        ("POST", "/members/{member}/plays") => Operation {
            id: "play",
            summary: "Plays an instant win: what it comes to is decided at once, and a repeat gets the same.",
            body: Some("Playing"),
            ..WRITE
        },
        ("GET", "/instant-wins/{instant_win}") => Operation {
            id: "showInstantWin",
            summary: "What is public of an instant win: terms, commitment, what is left; after its end the seed, and who won when.",
            auth: Auth::Nobody,
            parameters: &[INSTANT_WIN],
            answers: &[(200, "The game.", "InstantWin")],
            ..READ
        },
        ("GET", "/members/{member}/profile") => Operation {
            id: "showProfile",
            summary: "What the member told of themselves, and what they agreed to.",
            answers: &[(200, "The profile; all of it may be null.", "Profile")],
            ..READ
        },
        ("PUT", "/members/{member}/profile") => Operation {
            id: "putProfile",
            summary: "Sets all of the profile anew. A consent keeps the date at which it was first given.",
            auth: Auth::Key("write"),
            body: Some("ProfileRequest"),
            body_required: true,
            answers: &[(200, "The profile as it is now.", "Profile")],
            ..READ
        },
        ("POST", "/members/{member}/links") => Operation {
            id: "makeLink",
            summary: "Makes a link to the member's page that works once, or a token for the balance on a shop's page; good for an hour.",
            auth: Auth::Key("write"),
            body: Some("LinkWanted"),
            answers: &[(201, "The link, or the token.", "Link")],
            ..READ
        },
        ("GET", "/me") => Operation {
            id: "showPage",
            summary: "The member's page: what they have and what comes next. A browser has the cookie that a link gave it.",
            auth: Auth::Nobody,
            parameters: &[],
            answers: &[(200, "The page.", "Page"), (401, "Nobody is signed in.", "Page")],
            ..READ
        },
        ("GET", "/me/{page}") => Operation {
            id: "showPart",
            summary: "A part of the member's page: `enter?link=…`, `history`, `offers`, `chances`, `things`, `leaders`, `profile`, `export`, `styles.css`, `page.js`.",
            auth: Auth::Nobody,
            parameters: &[PART],
            answers: &[
                (200, "The part.", "Page"),
                (400, "A field that cannot be.", "Page"),
                (401, "Nobody is signed in.", "Page"),
                (403, "A link that does not work.", "Page"),
                (404, "There is no such part.", "Page"),
            ],
            ..READ
        },
        ("POST", "/me/{page}") => Operation {
            id: "sendForm",
            summary: "A form of the member's page. It holds a token of that page, and a second one like it does nothing more.",
            auth: Auth::Nobody,
            parameters: &[PART],
            answers: &[
                (200, "What came of it.", "Page"),
                (401, "Nobody is signed in.", "Page"),
                (303, "Done; on to the page.", ""),
                (400, "A field that cannot be.", "Page"),
                (403, "The form is too old, or of another page.", "Page"),
                (404, "There is no such form.", "Page"),
                (409, "Refused, and why.", "Page"),
                (422, "A field whose value cannot be.", "Page"),
            ],
            ..READ
        },
        ("GET", "/widget.js") => Operation {
            id: "widgetScript",
            summary: "The script that shows a balance on a shop's page.",
            auth: Auth::Nobody,
            parameters: &[],
            answers: &[(200, "The script.", "Script")],
            ..READ
        },
        ("GET", "/widget/balance") => Operation {
            id: "widgetBalance",
            summary: "What the member of a widget's token can spend, in numbers and in words.",
            auth: Auth::Nobody,
            parameters: &[],
            answers: &[(200, "The balance.", "WidgetBalance")],
            ..READ
        },
        ("OPTIONS", "/widget/balance") => Operation {
            id: "widgetPreflight",
            summary: "What a browser asks before it sends a widget's token from a shop's page.",
            auth: Auth::Nobody,
            parameters: &[],
            answers: &[(204, "Any page may ask.", "")],
            ..READ
        },
        ("POST", "/members/{member}/bids") => Operation {
            id: "bid",
            summary: "Bids points in an auction, or raises a bid. The points are held while it leads.",
            body: Some("Bidding"),
            ..WRITE
        },
        ("GET", "/members/{member}/bids") => Operation {
            id: "listBids",
            summary: "The bids whose points are held, and whether they lead.",
            answers: &[(200, "The bids.", "Bids")],
            ..READ
        },
        ("GET", "/auctions/{auction}") => Operation {
            id: "showAuction",
            summary: "What is public of an auction: its terms, and the bids that lead; of a sealed one after its close.",
            auth: Auth::Nobody,
            parameters: &[AUCTION],
            answers: &[(200, "The auction.", "Auction")],
            ..READ
        },
        ("GET", "/members/{member}/rewards") => Operation {
            id: "listRewards",
            summary: "The offers: what can be had now first, then the nearest, and what each lacks.",
            answers: &[(200, "The offers.", "Rewards")],
            ..READ
        },
        ("GET", "/members/{member}/grants") => Operation {
            id: "listGrants",
            summary: "What the member was given, newest first.",
            answers: &[(200, "All of it.", "Grants")],
            ..READ
        },
        ("POST", "/members/{member}/redemptions") => Operation {
            id: "redeem",
            summary: "Turns points into a reward.",
            body: Some("Redemption"),
            ..WRITE
        },
        ("POST", "/members/{member}/quotes") => Operation {
            id: "quote",
            summary: "How much of an order may be paid with points. Nothing is written.",
            body: Some("QuoteRequest"),
            body_required: true,
            answers: &[(200, "The quote.", "Quote")],
            ..READ
        },
        ("POST", "/members/{member}/holds") => Operation {
            id: "hold",
            summary: "Sets points aside for a checkout. They are free again by themselves after a while.",
            body: Some("HoldRequest"),
            ..WRITE
        },
        ("POST", "/members/{member}/holds/{hold}/capture") => Operation {
            id: "capture",
            summary: "Spends held points; what is not captured is released.",
            parameters: &[MEMBER, HOLD, KEY],
            body: Some("CaptureRequest"),
            body_required: false,
            ..WRITE
        },
        ("POST", "/members/{member}/holds/{hold}/release") => Operation {
            id: "release",
            summary: "Puts held points back where they came from.",
            parameters: &[MEMBER, HOLD, KEY],
            ..WRITE
        },
        ("POST", "/members/{member}/grants/{grant}/open") => Operation {
            id: "openGift",
            summary: "Opens a mystery gift that waits for it: shows what it is, how that was decided, and gives it.",
            parameters: &[MEMBER, GRANT, KEY],
            ..WRITE
        },
        ("GET", "/members/{member}/statements/{period}") => Operation {
            id: "showStatement",
            summary: "The member's statement of a month or a year, as it can be made now: docs/statements.md.",
            parameters: &[MEMBER, PERIOD, FORMAT, LANGUAGE],
            answers: &[(200, "The statement.", "MemberStatement")],
            ..READ
        },
        ("GET", "/me/statements/{period}") => Operation {
            id: "showOwnStatement",
            summary: "The same for a member on their page: the cookie says who asks.",
            auth: Auth::Nobody,
            parameters: &[PERIOD, FORMAT, LANGUAGE],
            answers: &[
                (200, "The statement.", "MemberStatement"),
                (303, "Nobody is signed in: on to the page, which says so.", ""),
            ],
            ..READ
        },
        ("GET", "/unsubscribe") => Operation {
            id: "askUnsubscribe",
            summary: "A page that asks whether the mails shall stop. It changes nothing.",
            auth: Auth::Nobody,
            parameters: &[TOKEN],
            answers: &[(200, "The page.", "Page")],
            ..READ
        },
        ("POST", "/unsubscribe") => Operation {
            id: "unsubscribe",
            summary: "Stops the mails: the page's form, or a mailbox's one click (RFC 8058).",
            auth: Auth::Nobody,
            parameters: &[TOKEN],
            answers: &[(200, "They have stopped.", "Page")],
            ..READ
        },
        ("POST", "/members/{member}/adjustments") => Operation {
            id: "adjust",
            summary: "Corrects a balance, on the record.",
            auth: Auth::Key("staff"),
            body: Some("Adjustment"),
            ..WRITE
        },
        _ => return None,
    })
}
