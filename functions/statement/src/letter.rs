//! A statement in words: what every form of it says, in the order in which it says it.

mod ahead;
mod chances;

use guerdon_domain::{
    account::Asset,
    entry::{Entry, LedgerAccount, Posting},
    money::Money,
    statement::{Balances, Line, Sort, Totals},
};
use guerdon_words::{Language, Words, clean};
use jiff::Timestamp;

use crate::made::{Known, Made};

/// The most characters of a member's name that a letter greets.
const NAME_MAX: usize = 80;

/// A statement in words.
#[derive(Debug)]
pub struct Letter {
    /// Its language.
    pub language: Language,
    /// The programme's name.
    pub programme: String,
    /// The subject of the mail.
    pub subject: String,
    /// What a mailbox shows after the subject.
    pub preheader: String,
    /// What it is: "Your statement for October 2026".
    pub title: String,
    /// "Hello Ann,"
    pub greeting: String,
    /// Over the lines.
    pub history: String,
    /// Over the columns: date, what happened, change, balance.
    pub columns: [String; 4],
    /// What there was at the beginning.
    pub opening: Total,
    /// What happened.
    pub rows: Vec<Row>,
    /// Said if nothing happened.
    pub nothing: Option<String>,
    /// What the lines come to, by what they are for; with the opening balance they make the closing one.
    pub sums: Vec<(String, String)>,
    /// What there was at the end.
    pub closing: Total,
    /// The rest, in order.
    pub sections: Vec<Section>,
    /// The programme's terms.
    pub terms: Option<Link>,
    /// What stands at the foot.
    pub footer: Vec<String>,
    /// How to stop the mails; in mails alone.
    pub unsubscribe: Option<Link>,
    /// "Made on 1 November 2026".
    pub made_on: String,
}

/// A balance under its name.
#[derive(Debug, Clone)]
pub struct Total {
    /// "Balance on 1 October 2026"
    pub label: String,
    /// How much.
    pub balance: String,
}

/// What happened, in words.
#[derive(Debug, Clone)]
pub struct Row {
    /// The day.
    pub date: String,
    /// What.
    pub what: String,
    /// Why.
    pub why: Vec<String>,
    /// By how much it changed what the member has.
    pub change: String,
    /// What they had after it.
    pub balance: String,
}

/// A part of the letter.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its heading.
    pub title: Option<String>,
    /// What it says.
    pub points: Vec<Point>,
}

/// Something that a section says.
#[derive(Debug, Clone)]
pub enum Point {
    /// A sentence.
    Text(String),
    /// One that matters.
    Strong(String),
    /// Something in small print.
    Small(String),
    /// What was given, with the code to use it.
    Code {
        /// What.
        what: String,
        /// The code; none if there is none.
        code: Option<String>,
    },
    /// How far it is.
    Progress {
        /// In words.
        label: String,
        /// How much there is.
        part: i64,
        /// How much there is to be.
        whole: i64,
    },
    /// A way to somewhere.
    Link(Link),
}

/// A way to somewhere.
#[derive(Debug, Clone)]
pub struct Link {
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// The addresses that a letter leads to; none where a deployment has none.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// The member's page.
    pub page: Option<String>,
    /// Whether it is theirs alone.
    pub private: bool,
    /// Where the mails are stopped.
    pub unsubscribe: Option<String>,
}

/// Writes the letter of a statement.
pub fn letter(known: &Known, made: &Made, language: Language, links: &Links) -> Letter {
    let writer = Writer { known, made, words: known.words(language), credit: has_credit(made) };
    writer.letter(links)
}

/// Whether store credit plays any part in a statement.
fn has_credit(made: &Made) -> bool {
    let statement = &made.statement;
    let some = |balances: &Balances| !balances.credit.0.is_empty();
    some(&statement.opening)
        || some(&statement.closing)
        || statement.lines.iter().any(|line| some(&line.change))
}

/// What a letter is written from.
pub(crate) struct Writer<'a> {
    pub(crate) known: &'a Known,
    pub(crate) made: &'a Made,
    pub(crate) words: &'a Words,
    credit: bool,
}

impl Writer<'_> {
    fn letter(&self, links: &Links) -> Letter {
        let Self { known, made, words, .. } = self;
        let statement = &made.statement;
        let programme = &known.programme;
        let available = made.outlook.balances.points.available;
        let available = words.points(available);
        let opening_day = words.date(statement.from, &known.bounds.zone);
        let end = if statement.until > known.now { known.now } else { statement.until };
        let closing_day = words.last_day(end, &known.bounds.zone);
        let label = |key: &str, date: String| words.text_with(key, &[("date", date.into())]);
        let rows: Vec<Row> = statement.lines.iter().map(|line| self.row(line)).collect();
        let nothing = rows.is_empty().then(|| words.text("statement-nothing-happened"));
        let mut sections = vec![self.balance_section(), self.expiry_section()];
        sections.extend(self.tier_section());
        sections.extend(self.value_section());
        sections.push(self.given_section());
        sections.extend(self.chance_section());
        sections.extend(self.offer_sections());
        sections.extend(self.redeem_section(links));
        let brand = &programme.brand;
        let mut footer: Vec<String> = brand.footer_lines().map(|line| clean(line, 500)).collect();
        if links.unsubscribe.is_some() {
            footer.push(words.text("statement-because"));
        }
        let terms = brand.terms.as_ref().map(|terms| Link {
            label: words.text_with("statement-terms", &[("version", (&terms.version).into())]),
            url: terms.url.clone(),
        });
        let made_on = words.date(known.now, &programme.time_zone);
        Letter {
            language: words.language(),
            programme: clean(&programme.name, 100),
            subject: words.text_with("statement-subject", &[("points", available.clone().into())]),
            preheader: words.text_with("statement-available", &[("points", available.into())]),
            title: words.text_with(
                "statement-title",
                &[("month", self.words.period(self.known.period).into())],
            ),
            greeting: self.greeting(),
            history: words.text("statement-history"),
            columns: ["date", "what", "points", "balance"]
                .map(|column| words.text(&format!("statement-column-{column}"))),
            opening: Total {
                label: label("statement-opening-balance", opening_day),
                balance: self.balance(&statement.opening),
            },
            rows,
            nothing,
            sums: self.sums(),
            closing: Total {
                label: label("statement-closing-balance", closing_day),
                balance: self.balance(&statement.closing),
            },
            sections,
            terms,
            footer,
            unsubscribe: links
                .unsubscribe
                .clone()
                .map(|url| Link { label: words.text("statement-unsubscribe"), url }),
            made_on: words.text_with("statement-generated", &[("date", made_on.into())]),
        }
    }

    fn greeting(&self) -> String {
        let name = self.made.profile.name.as_deref().map(|name| clean(name, NAME_MAX));
        match name.filter(|name| !name.is_empty()) {
            Some(name) => self.words.text_with("statement-greeting", &[("name", name.into())]),
            None => self.words.text("statement-greeting-unnamed"),
        }
    }

    fn row(&self, line: &Line) -> Row {
        let entry = as_entry(line);
        let programme = self.known.programme_of(line.version);
        let changed = line.change != Balances::default();
        Row {
            date: self.words.day(line.booked, &self.known.bounds.zone),
            what: self.words.title(&entry, programme),
            why: self.words.whys(&line.reasons, changed, programme),
            change: self.change(&line.change),
            balance: self.balance(&line.balance),
        }
    }

    /// Points, and store credit where the statement has any.
    fn balance(&self, balances: &Balances) -> String {
        let mut parts = vec![self.words.number(balances.points.total())];
        if self.credit {
            let money = |(currency, minor): (&_, &i64)| {
                self.words.money(Money { minor: *minor, currency: *currency })
            };
            parts.extend(balances.credit.0.iter().map(money));
        }
        parts.join(SEPARATOR)
    }

    fn change(&self, change: &Balances) -> String {
        self.changes(change.points.total(), &change.credit.0)
    }

    fn changes(
        &self,
        points: i64,
        credit: &std::collections::BTreeMap<guerdon_domain::money::Currency, i64>,
    ) -> String {
        let money = |(currency, minor): (&_, &i64)| {
            self.words.signed_money(Money { minor: *minor, currency: *currency })
        };
        let mut parts: Vec<String> = credit.iter().map(money).collect();
        if points != 0 || parts.is_empty() {
            parts.insert(0, self.words.signed_number(points));
        }
        parts.join(SEPARATOR)
    }

    /// What the lines come to: earned, used, lapsed, corrected.
    fn sums(&self) -> Vec<(String, String)> {
        let groups: [(&str, &[Sort]); 4] = [
            ("statement-earned", &[Sort::Earned, Sort::TakenBack, Sort::Granted, Sort::Won]),
            ("statement-spent", &[Sort::Redeemed, Sort::GivenBack]),
            ("statement-lapsed", &[Sort::Expired]),
            ("statement-corrected", &[Sort::Adjusted]),
        ];
        let mut sums = Vec::new();
        for (key, sorts) in groups {
            let parts = sorts.iter().filter_map(|sort| self.made.statement.sums.get(sort));
            let sum = parts.fold(Totals::default(), |sum, part| sum.plus(part).unwrap_or_default());
            if sum.points != 0 || !sum.credit.0.is_empty() {
                sums.push((self.words.text(key), self.changes(sum.points, &sum.credit.0)));
            }
        }
        sums
    }

    pub(crate) fn with_points(&self, key: &str, points: i64) -> String {
        self.words.text_with(key, &[("points", self.words.points(points).into())])
    }

    pub(crate) fn ending(&self, at: Timestamp) -> String {
        self.words.ending(at, &self.known.programme.time_zone)
    }
}

/// Between points and store credit.
const SEPARATOR: &str = " · ";

/// A line as the entry that it shows, as far as words need it.
fn as_entry(line: &Line) -> Entry {
    let amount = line.change.points.total();
    Entry {
        operation: line.operation.clone(),
        index: 0,
        sequence: line.sequence,
        at: line.at,
        recorded_at: line.booked,
        version: line.version,
        kind: line.kind.clone(),
        postings: vec![Posting { account: LedgerAccount::Available, asset: Asset::Points, amount }],
        reasons: line.reasons.clone(),
        balance: line.balance.points,
    }
}
