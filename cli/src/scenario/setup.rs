//! What a scenario is set up with: its programme, later versions of it, and pools of codes.

use std::sync::Arc;

use guerdon_domain::programme::{self, Programme, Published, keeps::keeps};
use jiff::Timestamp;

use crate::scenario::{
    compile::Compiler,
    cursor::Cursor,
    fault::Trouble,
    script::{Command, Step},
    text::Statement,
    values::needed_time,
};

impl Compiler<'_> {
    /// Codes for a pool.
    pub(super) fn pool(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &Statement,
    ) -> Result<(), Trouble> {
        let example = "pool spring A1 A2 A3";
        let name = cursor.next("the pool's name", example)?.text.clone();
        let mut codes = Vec::new();
        while !cursor.done() {
            if !cursor.eat(&[","]) {
                codes.push(cursor.next("a code", example)?.text.clone());
            }
        }
        let step = Step { command: Command::Pool(name, codes), ..self.plain(statement) };
        self.steps.push(step);
        Ok(())
    }

    /// The programme that the scenario begins with.
    pub(super) fn programme(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &Statement,
    ) -> Result<(), Trouble> {
        let repeated = std::mem::replace(&mut self.has_programme, true);
        let programme = self.load(cursor, statement)?;
        cursor.finish("nothing more is expected after the programme")?;
        if repeated {
            let trouble = Trouble::new(statement.span(), "a scenario has one programme");
            return Err(trouble.help("for a later version write: 2026-06-01 publish FILE.toml"));
        }
        let Some(programme) = programme else { return Ok(()) };
        self.clock.zone = programme.time_zone.clone();
        self.currency = programme.currency;
        self.points_words
            .extend([programme.points.one.to_lowercase(), programme.points.many.to_lowercase()]);
        self.published.push(Published {
            version: 1,
            effective: Timestamp::MIN,
            programme: Arc::new(programme),
        });
        Ok(())
    }

    /// A later version, as the store publishes it: nothing if it says the same as the newest.
    pub(super) fn publish(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &Statement,
        at: Timestamp,
    ) -> Result<Option<Command>, Trouble> {
        if statement.block.is_none()
            && (cursor.done() || cursor.is("effective") || cursor.is("from"))
        {
            let example = "publish FILE.toml, or publish <<END with the programme under it";
            return Err(cursor.missing("the file of the version", example));
        }
        let programme = self.load(cursor, statement)?;
        let effective =
            if cursor.eat(&["effective", "from"]) { needed_time(cursor, &self.clock)? } else { at };
        cursor.finish("after the file there may be: effective TIME")?;
        if effective < at {
            let help = "a version is in force from when it is published, or later";
            return Err(Trouble::new(statement.span(), "this version comes into force too early")
                .help(help));
        }
        let (Some(programme), Some(newest)) = (programme, self.published.last()) else {
            return Ok(None);
        };
        if *newest.programme == programme {
            self.files.pop();
            return Ok(Some(Command::Look));
        }
        let before: Vec<&Programme> = self.published.iter().map(|one| &*one.programme).collect();
        keeps(&before, &programme, effective)
            .map_err(|changed| Trouble::new(statement.span(), changed.to_string()))?;
        let version = newest.version.saturating_add(1);
        let published = Published { version, effective, programme: Arc::new(programme) };
        self.published.push(published.clone());
        Ok(Some(Command::Publish(published)))
    }

    /// The programme that the statement names or writes out; `None` if it has faults, which are then noted.
    fn load(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &Statement,
    ) -> Result<Option<Programme>, Trouble> {
        let (name, text) = if let Some(block) = &statement.block {
            // Empty lines before it, so that its faults are shown at their lines of the scenario.
            let text = format!("{}{}", "\n".repeat(block.lines_before), block.text);
            (format!("written out in line {}", statement.line), text)
        } else {
            let word = cursor.next("the programme's file", "programme coffee-shop.toml")?;
            let path = self.folder.join(&word.text);
            let text = (self.read)(&path).map_err(|error| {
                let message = format!("{} cannot be read: {error}", path.display());
                Trouble::new(word.span.clone(), message)
                    .help("the file is looked for in the folder of the scenario")
            })?;
            (word.text.clone(), text)
        };
        self.files.push(name.clone());
        match programme::parse(&text) {
            Ok(programme) => Ok(Some(programme)),
            Err(faults) => {
                let file = if statement.block.is_some() {
                    "the programme of this scenario".to_owned()
                } else {
                    name
                };
                self.programme_faults.push_str(&programme::render(&text, &file, &faults));
                Ok(None)
            }
        }
    }
}
