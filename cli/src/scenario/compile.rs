//! From statements to a script: who, when and what, with everything that is wrong with the file at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    ops::Range,
    path::Path,
};

use guerdon_domain::{
    calendar::Zone,
    id::MemberId,
    money::Currency,
    programme::{Published, Versions},
    spelling::nearest,
};
use jiff::Timestamp;

use crate::scenario::{
    cursor::Cursor,
    expectation,
    fault::{Trouble, show},
    script::{Command, Expect, Script, Step},
    shop::Shop,
    shuffle::Shuffle,
    text::{Statement, statements},
    values::{Clock, show_time, time, time_zone, whole},
};

/// The most times that something is delivered again.
const TIMES_MAX: i64 = 1000;
/// When something happened, and when Guerdon is told of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    /// When it happened.
    pub(super) at: Timestamp,
    /// When Guerdon is told.
    pub(super) now: Timestamp,
}

impl When {
    /// The same, told at another time if the statement says so.
    pub(super) fn told(self, recorded: Option<Timestamp>) -> Self {
        Self { now: recorded.unwrap_or(self.now), ..self }
    }
}

/// What the file has said so far.
pub(super) struct Compiler<'a> {
    source: &'a str,
    /// Where the files are.
    pub(super) folder: &'a Path,
    /// Reads a file.
    pub(super) read: &'a dyn Fn(&Path) -> io::Result<String>,
    troubles: Vec<Trouble>,
    /// What is wrong with programmes.
    pub(super) programme_faults: String,
    /// The versions so far.
    pub(super) published: Vec<Published>,
    /// The file of each version.
    pub(super) files: Vec<String>,
    /// Whether a programme was named.
    pub(super) has_programme: bool,
    /// What happens.
    pub(super) steps: Vec<Step>,
    shuffle: Option<Shuffle>,
    counters: BTreeMap<&'static str, u32>,
    told: Option<Timestamp>,
    /// Members who do something, or to whom something is done.
    pub(super) people: BTreeSet<MemberId>,
    /// Members of whom something is expected, and where.
    pub(super) expected: Vec<(MemberId, Range<usize>)>,
    /// The shop of the orders.
    pub(super) shop: Shop,
    /// What times are read against.
    pub(super) clock: Clock,
    /// The first programme's currency.
    pub(super) currency: Currency,
    /// What points are called.
    pub(super) points_words: Vec<String>,
}

/// Reads a whole scenario file, or says all that is wrong with it.
pub(super) fn compile(
    source: &str,
    path: &Path,
    read: &dyn Fn(&Path) -> io::Result<String>,
) -> Result<Script, String> {
    let (statements, troubles) = statements(source);
    let mut compiler = Compiler {
        source,
        folder: path.parent().unwrap_or(Path::new("")),
        read,
        troubles,
        programme_faults: String::new(),
        published: Vec::new(),
        files: Vec::new(),
        has_programme: false,
        steps: Vec::new(),
        shuffle: None,
        counters: BTreeMap::new(),
        told: None,
        people: BTreeSet::new(),
        expected: Vec::new(),
        shop: Shop::default(),
        clock: Clock { zone: Zone::utc(), now: None },
        currency: Currency::EUR,
        points_words: vec!["points".to_owned(), "point".to_owned()],
    };
    for statement in &statements {
        if let Err(trouble) = compiler.statement(statement) {
            compiler.troubles.push(trouble);
        }
    }
    compiler.finish(path)
}

impl Compiler<'_> {
    fn finish(mut self, path: &Path) -> Result<Script, String> {
        if !self.has_programme {
            let start = Trouble::new(0..0, "the scenario names no programme");
            self.troubles.push(start.help("begin with: programme FILE.toml"));
        }
        if let Some(shuffle) = &self.shuffle {
            let open = Trouble::new(shuffle.span.clone(), "this `shuffle` has no end");
            self.troubles
                .push(open.help("write `end` on a line after what is delivered in another order"));
        }
        for (name, first) in self.shop.never_placed() {
            let trouble = Trouble::new(
                first.clone(),
                format!("order {name} is refunded, but nobody places it"),
            );
            self.troubles
                .push(trouble.help(format!("add, before or after: ann buys {name} 25.00 EUR")));
        }
        for (member, span) in &self.expected {
            if !self.people.contains(member) {
                let message = format!("nobody called {member} does anything in this scenario");
                let trouble = Trouble::new(span.clone(), message);
                let near = nearest(member.as_str(), self.people.iter().map(MemberId::as_str));
                self.troubles.push(trouble.help(match near {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("add, before it: 2026-03-01 10:00 {member} joins"),
                }));
            }
        }
        // The others are published in their steps.
        self.published.truncate(1);
        let versions = Versions::new(self.published);
        match versions {
            Some(versions) if self.troubles.is_empty() && self.programme_faults.is_empty() => {
                Ok(Script { versions, files: self.files, steps: self.steps })
            }
            _ => {
                let own = show(self.source, &path.display().to_string(), self.troubles);
                let gap =
                    if own.is_empty() || self.programme_faults.is_empty() { "" } else { "\n" };
                Err(format!("{}{gap}{own}", self.programme_faults))
            }
        }
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Trouble> {
        let mut cursor = Cursor::new(statement);
        if let Some(block) = &statement.block
            && !statement.words.iter().any(|word| {
                word.is("programme") || word.is("program") || word.text.starts_with("publish")
            })
        {
            let end = statement.span().end;
            let message = format!(
                "the text of line {} belongs to no `programme` or `publish`",
                block.lines_before
            );
            return Err(
                Trouble::new(statement.span().start..end, message).help("write: programme <<END")
            );
        }
        if cursor.eat(&["programme", "program"]) {
            return self.programme(&mut cursor, statement);
        }
        if !self.has_programme && !cursor.is("pool") {
            self.has_programme = true;
            let trouble = Trouble::new(cursor.here(), "a scenario begins with its programme");
            self.troubles.push(trouble.help("write on a line before: programme FILE.toml"));
        }
        if cursor.eat(&["pool"]) {
            return self.pool(&mut cursor, statement);
        }
        if (cursor.is("end") || cursor.is("}"))
            && cursor.ahead(1).is_none_or(|word| word.is("shuffle"))
        {
            return self.end(&cursor);
        }
        self.dated(&mut cursor, statement)
    }

    /// Everything that begins with a time, written or understood.
    fn dated(&mut self, cursor: &mut Cursor<'_>, statement: &Statement) -> Result<(), Trouble> {
        let start = cursor.here();
        let written = time(cursor, &self.clock)?;
        cursor.eat(&["then"]);
        let Some(at) = written.or(self.clock.now) else {
            // Later statements are still read.
            self.clock.now = Some(Timestamp::UNIX_EPOCH);
            return Err(Trouble::new(start, "nothing says when")
                .help("begin with a time: 2026-03-01 10:00 ann joins"));
        };
        if cursor.is("expect") || cursor.is("expects") {
            return self.expect(cursor, statement, written, start);
        }
        self.clock.now = Some(at);
        let read = self.command(cursor, statement, at);
        // What follows without a time is read against this one, whatever was wrong with it.
        self.clock.now =
            Some(read.as_ref().map_or(at, |(when, ..)| when.now).max(self.told.unwrap_or(at)));
        let (when, command, times) = read?;
        if let Some(told) = self.told.filter(|told| when.now < *told) {
            let zone = time_zone(&self.clock.zone);
            let message =
                format!("time runs backwards: {} was reached before", show_time(told, &zone));
            let help = "put the statements in the order of their times; for news that come late add `recorded TIME`";
            return Err(Trouble::new(start, message).help(help));
        }
        if when.now < when.at {
            let help = "the first time is when it happened, `recorded` when Guerdon was told, which is later";
            return Err(Trouble::new(start, "it is recorded before it happens").help(help));
        }
        self.told = Some(when.now);
        if let Some(command) = command {
            self.step(Step { now: when.now, command, times, ..self.plain(statement) }, statement)?;
        }
        Ok(())
    }

    fn command(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &Statement,
        at: Timestamp,
    ) -> Result<(When, Option<Command>, u32), Trouble> {
        let when = When { at, now: at };
        if cursor.eat_all(&["time", "passes"])
            || cursor.eat_all(&["time", "passed"])
            || cursor.eat(&["settle", "settles"])
        {
            cursor.finish("write nothing after `time passes`")?;
            return Ok((when, Some(Command::Settle), 1));
        }
        if cursor.eat(&["time"]) {
            return Err(cursor.missing("`passes`", "time passes"));
        }
        if cursor.eat(&["publish", "publishes"]) {
            return Ok((when, self.publish(cursor, statement, at)?, 1));
        }
        if cursor.eat(&["again"]) {
            let (command, times) = self.again(cursor)?;
            return Ok((when, Some(command), times));
        }
        if cursor.eat(&["shuffle"]) {
            self.open(cursor)?;
            return Ok((when, None, 1));
        }
        let (when, command) = self.somebody(cursor, when)?;
        cursor.finish("nothing more is expected in this statement")?;
        Ok((when, Some(command), 1))
    }

    /// A name for an operation that the file does not name.
    pub(super) fn count(&mut self, what: &'static str) -> String {
        let counter = self.counters.entry(what).or_default();
        *counter = counter.saturating_add(1);
        format!("{what}-{counter}")
    }

    fn again(&self, cursor: &mut Cursor<'_>) -> Result<(Command, u32), Trouble> {
        let here = cursor.here();
        let mut times = 1;
        if cursor.eat(&["twice"]) {
            times = 2;
        } else if !cursor.done() {
            times = whole(cursor, "how often", "again 3 times")?;
            cursor.eat(&["times", "time"]);
        }
        cursor.finish("write: again, or: again 3 times")?;
        let times =
            u32::try_from(times).ok().filter(|times| (1..=TIMES_MAX).contains(&i64::from(*times)));
        let times = times.ok_or_else(|| {
            Trouble::new(here.clone(), format!("deliver it from 1 to {TIMES_MAX} times"))
        })?;
        let last = if self.shuffle.is_some() {
            None
        } else {
            self.steps.iter().rev().find(|step| step.command.repeats())
        };
        let last = last.ok_or_else(|| {
            let help = "`again` follows the statement it repeats; inside a `shuffle` write: shuffle each 3 times";
            Trouble::new(here, "there is nothing to deliver again").help(help)
        })?;
        Ok((last.command.clone(), times))
    }

    fn expect(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &Statement,
        written: Option<Timestamp>,
        start: Range<usize>,
    ) -> Result<(), Trouble> {
        let checks = expectation::read(cursor, self)?;
        let Step { line, text, .. } = self.plain(statement);
        let outside =
            |message: &str, help: &str| Err(Trouble::new(start.clone(), message).help(help));
        if self.shuffle.is_some() {
            return outside(
                "nothing can be expected inside a `shuffle`",
                "write what you expect after its `end`",
            );
        }
        if let Some(at) = written {
            if self.told.is_some_and(|told| at < told) {
                return outside(
                    "time runs backwards",
                    "what was expected at an earlier time stands before what happened later",
                );
            }
            (self.clock.now, self.told) = (Some(at), Some(at));
            let step = Step { now: at, ..self.plain(statement) };
            self.steps.push(step);
        }
        let Some(step) =
            self.steps.iter_mut().rev().find(|step| !matches!(step.command, Command::Pool(..)))
        else {
            return outside(
                "nothing has happened yet",
                "write what happens first: 2026-03-01 10:00 ann joins",
            );
        };
        step.expects.push(Expect { line, text, checks });
        Ok(())
    }

    /// A step that is only the statement.
    pub(super) fn plain(&self, statement: &Statement) -> Step {
        let text = self.source.get(statement.span()).unwrap_or_default();
        let text = text.lines().next().unwrap_or_default().trim().to_owned();
        let now = self.told.unwrap_or(Timestamp::UNIX_EPOCH);
        Step {
            now,
            line: statement.line,
            text,
            command: Command::Look,
            times: 1,
            expects: Vec::new(),
        }
    }

    fn step(&mut self, step: Step, statement: &Statement) -> Result<(), Trouble> {
        match &mut self.shuffle {
            None => self.steps.push(step),
            Some(shuffle) => shuffle.add(step, &statement.span())?,
        }
        Ok(())
    }

    fn open(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Trouble> {
        if self.shuffle.is_some() {
            return Err(Trouble::new(cursor.here(), "a `shuffle` does not stand inside another")
                .help("write `end` first"));
        }
        self.shuffle = Some(Shuffle::read(cursor)?);
        Ok(())
    }

    fn end(&mut self, cursor: &Cursor<'_>) -> Result<(), Trouble> {
        let Some(shuffle) = self.shuffle.take() else {
            return Err(Trouble::new(cursor.here(), "there is no `shuffle` that ends here")
                .help("leave `end` out"));
        };
        self.steps.extend(shuffle.deliver());
        Ok(())
    }
}
