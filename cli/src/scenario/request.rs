//! What members ask for: `joins`, `does`, `redeems`, `opens`, `enters`, `plays`, `bids`, `holds`, `captures`, `releases`; and what staff correct.

use guerdon_domain::{
    account::Asset,
    adjust::Adjust,
    auction::PlaceBid,
    draw::hash::Hash,
    event::{self, MemberEvent, SIGN_UP},
    id::{HoldId, MemberId, Operation, OrderId, RequestKey},
    money::Money,
    pay::{Capture, PlaceHold},
    play::{Paid, Play},
    raffle::Enter,
    redeem::{Drawn, Redeem},
    spelling::nearest,
};
use jiff::Timestamp;

use crate::scenario::{
    compile::{Compiler, When},
    cursor::Cursor,
    fault::Trouble,
    order::order_id,
    people::{is_verb, unknown_verb},
    script::Command,
    text::Word,
    values::{amount, needed_time, whole},
};

/// Codes that are brought for the vouchers of one redemption or prize.
const CODES_MAX: usize = 20;

/// What a request may say at its end.
#[derive(Debug, Default)]
struct Options {
    key: Option<String>,
    once: bool,
    recorded: Option<Timestamp>,
    order: Option<OrderId>,
    hold: Option<HoldId>,
    discount: bool,
}

impl Compiler<'_> {
    /// Reads what a member does, after the verb.
    pub(super) fn request(
        &mut self,
        cursor: &mut Cursor<'_>,
        member: MemberId,
        verb: &Word,
        when: When,
    ) -> Result<(When, Command), Trouble> {
        if is_verb(verb, "joins") {
            let options = self.options(cursor, &["recorded"])?;
            let when = when.told(options.recorded);
            let joins = MemberEvent { member, name: SIGN_UP.to_owned(), key: None, at: when.at };
            return Ok((when, Command::Event(joins)));
        }
        if is_verb(verb, "does") {
            let name = event_name(cursor.next("what the member does", "ann does review")?)?;
            let options = self.options(cursor, &["key", "once", "recorded"])?;
            let when = when.told(options.recorded);
            let key = match (options.once, options.key) {
                (true, _) => None,
                (false, Some(key)) => Some(key),
                (false, None) => Some(self.count("event")),
            };
            return Ok((when, Command::Event(MemberEvent { member, name, key, at: when.at })));
        }
        let command = if is_verb(verb, "redeems") {
            cursor.eat(&["reward"]);
            let reward = cursor.next("a reward's id", "ann redeems latte")?.text.clone();
            let options = self.options(cursor, &["key"])?;
            let codes = self.codes();
            let operation = self.operation(&member, options.key, verb)?;
            // Chance, so that it is the same each time the scenario is played.
            let seed = Hash::of(operation.as_str().as_bytes());
            let drawn = Drawn { seed, left: Vec::new() };
            Command::Redeem(member, Redeem { operation, reward, codes, drawn })
        } else if is_verb(verb, "opens") {
            self.opening(cursor, &member, verb)?
        } else if is_verb(verb, "enters") {
            let raffle = cursor.next("a raffle's id", "ann enters spring")?.text.clone();
            let entries = if cursor.eat(&["with"]) {
                let entries =
                    whole(cursor, "how many entries", "ann enters spring with 3 entries")?;
                cursor.eat(&["entries", "entry"]);
                entries
            } else {
                1
            };
            cursor.eat(&["for"]);
            let free = cursor.eat(&["free"]);
            let options = self.options(cursor, &["key"])?;
            let operation = self.operation(&member, options.key, verb)?;
            Command::Enter(member, Enter { operation, raffle, entries, free })
        } else if is_verb(verb, "plays") {
            self.playing(cursor, &member, verb)?
        } else if is_verb(verb, "bids") {
            self.bidding(cursor, &member, verb)?
        } else if is_verb(verb, "holds") {
            let example = "ann holds 500 points for 20.00 EUR as h1";
            let points = self.points(cursor, example)?;
            if !cursor.eat(&["for"]) {
                return Err(cursor.missing("`for` and what the order comes to", example));
            }
            let total = amount(cursor, "what the order comes to")?;
            let currency = total.currency.unwrap_or(self.currency);
            let total = Money { minor: total.minor(currency)?, currency };
            let options = self.options(cursor, &["order", "as", "key"])?;
            let hold = match options.hold {
                Some(hold) => hold,
                None => hold_id(&Word {
                    text: self.count("hold"),
                    quoted: false,
                    span: verb.span.clone(),
                })?,
            };
            let operation = self.operation(&member, options.key, verb)?;
            Command::Hold(
                member,
                PlaceHold { operation, hold, points, total, order: options.order },
            )
        } else if is_verb(verb, "captures") {
            let hold = hold_id(cursor.next("the hold's name", "ann captures h1")?)?;
            let some = cursor.peek().is_some_and(|word| {
                word.text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            });
            let points =
                if some { Some(self.points(cursor, "ann captures h1 300 points")?) } else { None };
            cursor.eat(&["all"]);
            let options = self.options(cursor, &["order", "shown", "key"])?;
            let operation = self.operation(&member, options.key, verb)?;
            let shown_as_discount = options.discount;
            Command::Capture(
                member,
                Capture { operation, hold, points, order: options.order, shown_as_discount },
            )
        } else if is_verb(verb, "releases") {
            let hold = hold_id(cursor.next("the hold's name", "ann releases h1")?)?;
            let options = self.options(cursor, &["key"])?;
            let operation = self.operation(&member, options.key, verb)?;
            Command::Release(member, operation, hold)
        } else {
            return Err(unknown_verb(verb));
        };
        Ok((when, command))
    }

    /// Codes for the vouchers of one redemption or prize.
    fn codes(&mut self) -> Vec<Option<String>> {
        let code = self.count("CODE");
        let code = |n| Some(if n == 1 { code.clone() } else { format!("{code}-{n}") });
        (1..=CODES_MAX).map(code).collect()
    }

    /// `bids N points on AUCTION`.
    fn bidding(
        &mut self,
        cursor: &mut Cursor<'_>,
        member: &MemberId,
        verb: &Word,
    ) -> Result<Command, Trouble> {
        let example = "ann bids 500 points on tasting";
        let points = self.points(cursor, example)?;
        if !cursor.eat(&["on", "in", "for"]) {
            return Err(cursor.missing("`on` and an auction's id", example));
        }
        let auction = cursor.next("an auction's id", example)?.text.clone();
        let options = self.options(cursor, &["key"])?;
        let operation = self.operation(member, options.key, verb)?;
        Ok(Command::Bid(member.clone(), PlaceBid { operation, auction, points }))
    }

    /// "lucky-cup for points key k1", after `plays`
    fn playing(
        &mut self,
        cursor: &mut Cursor<'_>,
        member: &MemberId,
        verb: &Word,
    ) -> Result<Command, Trouble> {
        let example = "ann plays lucky-cup for points";
        let game = cursor.next("an instant win's id", example)?.text.clone();
        cursor.eat(&["for", "with"]);
        let paid = if cursor.eat(&["free"]) {
            Paid::Free
        } else if cursor.eat(&["earned"]) {
            Paid::Earned
        } else {
            self.points_word(cursor);
            Paid::Points
        };
        let options = self.options(cursor, &["key"])?;
        let operation = self.operation(member, options.key, verb)?;
        let codes = self.codes();
        Ok(Command::Play(member.clone(), Play { operation, game, paid }, codes))
    }

    /// "grant 3 key k1", after `opens`
    fn opening(
        &mut self,
        cursor: &mut Cursor<'_>,
        member: &MemberId,
        verb: &Word,
    ) -> Result<Command, Trouble> {
        cursor.eat(&["grant"]);
        let number = cursor.next("the number of a grant", "ann opens grant 3")?;
        let Ok(grant) = number.text.parse() else {
            let message = format!("`{}` is not the number of a grant", number.text);
            return Err(Trouble::new(number.span.clone(), message)
                .help("the number of the entry that gave it: ann opens grant 3"));
        };
        let options = self.options(cursor, &["key"])?;
        Ok(Command::Open(member.clone(), self.operation(member, options.key, verb)?, grant))
    }

    /// "adjusts ann by -50 points because "typo"", after the word `staff`
    pub(super) fn adjust(&mut self, cursor: &mut Cursor<'_>) -> Result<Command, Trouble> {
        let example = "staff adjusts ann by -50 points because \"a typing error\"";
        let mut by = "staff".to_owned();
        let mut verb = cursor.next("what staff do", example)?;
        if !is_verb(verb, "adjusts") && cursor.peek().is_some_and(|word| is_verb(word, "adjusts")) {
            by.clone_from(&verb.text);
            verb = cursor.next("what staff do", example)?;
        }
        if !is_verb(verb, "adjusts") {
            let known = [verb].into_iter().chain(cursor.peek());
            let misspelt = known.rev().find(|word| nearest(&word.text, ["adjusts"]).is_some());
            let trouble = Trouble::new(misspelt.unwrap_or(verb).span.clone(), "staff only adjust");
            return Err(match misspelt {
                Some(_) => trouble.help("did you mean `adjusts`?"),
                None => trouble.help(format!("write, for example: {example}")),
            });
        }
        if cursor.is("by") {
            return Err(cursor.missing("whose balance", example));
        }
        let name = cursor.next("whose balance", example)?;
        let member = self.acting(name, false)?;
        cursor.eat(&["by"]);
        let credit = cursor.ahead(1).is_some_and(|word| {
            word.text.len() == 3 && word.text.bytes().all(|b| b.is_ascii_uppercase())
        });
        let (asset, units) = if credit {
            let amount = amount(cursor, "how much")?;
            let currency = amount.currency.unwrap_or(self.currency);
            (Asset::Credit(currency), amount.minor(currency)?)
        } else {
            (Asset::Points, self.points(cursor, example)?)
        };
        if !cursor.eat(&["because"]) {
            return Err(cursor.missing("`because` and a reason in quotes", example));
        }
        let reason = cursor.next("a reason in quotes", example)?.text.clone();
        let options = self.options(cursor, &["key"])?;
        let operation = self.operation(&member, options.key, verb)?;
        Ok(Command::Adjust(member, Adjust { operation, asset, amount: units, reason, by }))
    }

    /// A number of points, with or without their name.
    pub(super) fn points(&self, cursor: &mut Cursor<'_>, example: &str) -> Result<i64, Trouble> {
        let points = whole(cursor, "a number of points", example)?;
        self.points_word(cursor);
        Ok(points)
    }

    /// Passes over "points", or what the programme calls them.
    pub(super) fn points_word(&self, cursor: &mut Cursor<'_>) {
        let words: Vec<&str> = self.points_words.iter().map(String::as_str).collect();
        cursor.eat(&words);
    }

    fn operation(
        &mut self,
        member: &MemberId,
        key: Option<String>,
        verb: &Word,
    ) -> Result<Operation, Trouble> {
        let key = key.unwrap_or_else(|| self.count("request"));
        let key = RequestKey::new(key).map_err(|error| {
            Trouble::new(verb.span.clone(), format!("the key cannot be used: {}", error.reason))
                .help("write a key such as: key k1")
        })?;
        Ok(Operation::request(member, &key))
    }

    fn options(&self, cursor: &mut Cursor<'_>, allowed: &[&str]) -> Result<Options, Trouble> {
        let mut options = Options::default();
        while let Some(word) = cursor.peek() {
            let known = |name: &str| word.is(name) && allowed.contains(&name);
            if known("key") {
                cursor.skip();
                options.key = Some(cursor.next("a key", "key k1")?.text.clone());
            } else if known("once") {
                cursor.skip();
                options.once = true;
            } else if known("recorded")
                || (allowed.contains(&"recorded") && (word.is("arrives") || word.is("arrived")))
            {
                cursor.skip();
                options.recorded = Some(needed_time(cursor, &self.clock)?);
            } else if known("order") {
                cursor.skip();
                options.order = Some(order_id(cursor.next("an order's name", "order o1")?)?);
            } else if known("as") {
                cursor.skip();
                options.hold = Some(hold_id(cursor.next("a name for the hold", "as h1")?)?);
            } else if known("shown") {
                cursor.skip();
                cursor.eat(&["as"]);
                cursor.eat(&["a"]);
                if !cursor.eat(&["discount"]) {
                    return Err(cursor.missing("`discount`", "ann captures h1 shown as discount"));
                }
                options.discount = true;
            } else {
                let forms: Vec<&str> = allowed.iter().map(|name| form(name)).collect();
                return Err(cursor.stray(&format!("here there may be: {}", forms.join(", "))));
            }
        }
        Ok(options)
    }
}

fn form(option: &str) -> &'static str {
    match option {
        "key" => "key k1",
        "once" => "once",
        "recorded" => "recorded TIME",
        "order" => "order o1",
        "as" => "as h1",
        _ => "shown as discount",
    }
}

fn event_name(word: &Word) -> Result<String, Trouble> {
    if word.text == SIGN_UP {
        let message = format!("`{SIGN_UP}` happens once to a member");
        return Err(Trouble::new(word.span.clone(), message).help("write: ann joins"));
    }
    if event::is_name(&word.text) {
        return Ok(word.text.clone());
    }
    let message = format!("`{}` cannot name an event", word.text);
    Err(Trouble::new(word.span.clone(), message)
        .help("write it as the programme does, in small letters, digits and dashes: review"))
}

fn hold_id(word: &Word) -> Result<HoldId, Trouble> {
    HoldId::new(word.text.clone()).map_err(|error| {
        Trouble::new(
            word.span.clone(),
            format!("`{}` cannot name a hold: {}", word.text, error.reason),
        )
        .help("write: h1")
    })
}
