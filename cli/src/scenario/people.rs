//! Who does something: members, guests, the shop, staff.

use guerdon_domain::{id::MemberId, spelling::nearest};

use crate::scenario::{
    compile::{Compiler, When},
    cursor::Cursor,
    fault::Trouble,
    order::{Customer, Verb},
    script::Command,
    text::Word,
};

/// Words that no member can be called.
const RESERVED: [&str; 15] = [
    "guest",
    "staff",
    "shop",
    "time",
    "publish",
    "publishes",
    "programme",
    "program",
    "pool",
    "expect",
    "again",
    "shuffle",
    "end",
    "line",
    "rule",
];

/// Words that begin a statement, if nobody does something.
const KEYWORDS: [&str; 9] =
    ["expect", "publish", "again", "pool", "programme", "shuffle", "settle", "staff", "guest"];

impl Compiler<'_> {
    /// "ann joins", "guest buys o1 …", "staff adjusts ann …"
    pub(super) fn somebody(
        &mut self,
        cursor: &mut Cursor<'_>,
        when: When,
    ) -> Result<(When, Command), Trouble> {
        let example = "2026-03-01 10:00 ann joins";
        if cursor.eat(&["staff"]) {
            return self.adjust(cursor).map(|command| (when, command));
        }
        cursor.eat(&["a", "the"]);
        let actor = cursor.next("who does it", example)?;
        let customer = if actor.is("guest") {
            Customer::Guest
        } else if actor.is("shop") {
            Customer::Shop
        } else {
            Customer::Member(self.acting(actor, cursor.done())?)
        };
        let word = cursor.next("what happens", example)?;
        if let Some((_, verb)) = ORDER_VERBS.iter().find(|(name, _)| is_verb(word, name)) {
            return self.order(cursor, customer, *verb, when);
        }
        let Customer::Member(member) = customer else {
            let names: Vec<&str> = ORDER_VERBS.iter().map(|(name, _)| *name).collect();
            let message = format!("`{}` is nothing that a guest or the shop does", word.text);
            return Err(Trouble::new(word.span.clone(), message)
                .help(format!("they do: {}", names.join(", "))));
        };
        if let Some(keyword) = nearest(&actor.text, KEYWORDS)
            && !VERBS.iter().any(|verb| is_verb(word, verb))
        {
            let message = format!("`{}` is not somebody who does something", actor.text);
            let help = format!("did you mean `{keyword}`?");
            return Err(Trouble::new(actor.span.clone(), message).help(help));
        }
        self.request(cursor, member, word, when)
    }

    /// A member who does something, or to whom something is done.
    pub(super) fn acting(&mut self, word: &Word, alone: bool) -> Result<MemberId, Trouble> {
        let member = member(word, alone)?;
        self.people.insert(member.clone());
        Ok(member)
    }
}

/// A member's name.
pub(super) fn member(word: &Word, alone: bool) -> Result<MemberId, Trouble> {
    let wrong =
        |message: String, help: &str| Err(Trouble::new(word.span.clone(), message).help(help));
    let reserved = RESERVED.iter().any(|reserved| word.is(reserved));
    if reserved
        || (alone
            && VERBS
                .iter()
                .chain(ORDER_VERBS.iter().map(|(name, _)| name))
                .any(|verb| is_verb(word, verb)))
    {
        let help = "begin with a time, if any, and a member's name: 2026-03-01 10:00 ann joins";
        return wrong(format!("`{}` is not somebody", word.text), help);
    }
    match MemberId::new(word.text.clone()) {
        Ok(member) => Ok(member),
        Err(error) => wrong(
            format!("`{}` cannot name a member: {}", word.text, error.reason),
            "write a name without spaces: ann",
        ),
    }
}

/// A verb that nobody knows.
pub(super) fn unknown_verb(word: &Word) -> Trouble {
    let known = || VERBS.iter().copied().chain(ORDER_VERBS.iter().map(|(name, _)| *name));
    let trouble =
        Trouble::new(word.span.clone(), format!("`{}` is not something a member does", word.text));
    match nearest(&word.text, known().chain(["passes"])) {
        Some("passes") => trouble.help("write: time passes"),
        Some(near) => trouble.help(format!("did you mean `{near}`?")),
        None => trouble.help(format!("a member: {}", known().collect::<Vec<_>>().join(", "))),
    }
}

/// What members do apart from orders.
const VERBS: [&str; 10] = [
    "joins", "does", "redeems", "opens", "enters", "plays", "bids", "holds", "captures", "releases",
];

const ORDER_VERBS: [(&str, Verb); 8] = [
    ("orders", Verb::Places),
    ("places", Verb::Places),
    ("buys", Verb::Buys),
    ("pays", Verb::Pays),
    ("edits", Verb::Edits),
    ("refunds", Verb::Refunds),
    ("cancels", Verb::Cancels),
    ("voids", Verb::Voids),
];

/// Whether a word is this verb, with or without its s.
pub(super) fn is_verb(word: &Word, verb: &str) -> bool {
    word.is(verb) || word.is(verb.trim_end_matches('s')) || (verb == "does" && word.is("do"))
}
