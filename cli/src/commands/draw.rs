//! `guerdon draw verify`: checks a draw offline, from its record and its list.

use std::{
    fs::File,
    io::{IsTerminal, Write},
    num::NonZero,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use clap::Subcommand;
use guerdon_domain::draw::record::Record;
use guerdon_verifier::report::{self, Check, List, Outcome};

use super::{Failure, read};

#[derive(Debug, Subcommand)]
pub(super) enum DrawCommand {
    /// Check all that a draw record lets one check, without a network: see docs/draw-protocol.md.
    Verify {
        /// The draw record.
        file: PathBuf,
        /// The list of entrants; without it, the file beside the record with the extension `.entrants`, if there is one.
        #[arg(long, value_name = "LIST")]
        entrants: Option<PathBuf>,
    },
}

pub(super) fn draw(command: &DrawCommand) -> Result<u8, Failure> {
    let DrawCommand::Verify { file, entrants } = command;
    let text = read(file)?;
    let beside = file.with_extension("entrants");
    let path = entrants.as_deref().or_else(|| beside.is_file().then_some(&*beside));
    let (record, checks) = match path {
        Some(path) => with_list(&text, path)?,
        None => report::verify(&text, None::<List<'_, File>>),
    };
    print!("{}", told(record.as_ref(), &checks));
    Ok(u8::from(checks.iter().any(Check::fails)))
}

fn with_list(text: &[u8], path: &Path) -> Result<(Option<Record>, Vec<Check>), Failure> {
    let unreadable = |error| format!("{} cannot be read: {error}", path.display());
    let list = File::open(path).map_err(unreadable)?;
    let size = list.metadata().map_err(unreadable)?.len();
    let shown = AtomicU64::new(0);
    let bar = std::io::stderr().is_terminal() && size >= LONG;
    let progress = |bytes: u64| {
        let percent = bytes.saturating_mul(100) / size.max(1);
        if bar && shown.fetch_max(percent, Ordering::Relaxed) < percent {
            // Who cannot see the progress is not told of it.
            let _ = write!(std::io::stderr(), "\r  {percent:3} % of the list checked");
        }
    };
    let threads = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let told = report::verify(text, Some(List { text: list, threads, progress: &progress }));
    if bar {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    Ok(told)
}

/// A list of so many bytes takes long enough to say how far its check has come.
const LONG: u64 = 1 << 26;

/// What is printed: a line for each check, what to compare with the announcement, and the verdict.
fn told(record: Option<&Record>, checks: &[Check]) -> String {
    let mut text = String::new();
    for Check { what, outcome } in checks {
        match outcome {
            Outcome::Holds => text.extend(["✓ ", what, "\n"]),
            Outcome::Fails(why) => text.extend(["✗ ", what, "\n    but ", why, "\n"]),
            Outcome::Open(why) => text.extend(["– ", what, "\n    not checked: ", why, "\n"]),
        }
    }
    if checks.iter().any(Check::fails) {
        text.push_str("\nThis is not the record of a draw by the protocol.\n");
    } else if let Some(record) = record {
        let round = record.beacon.as_ref();
        let round = round.map_or_else(|| "none".to_owned(), |beacon| beacon.round.to_string());
        text.extend([
            "\nThe draw follows from its data. Compare with what was published before it:\n",
            &format!("  commitment  {}\n", record.commitment),
            &format!("  round       {round}\n"),
            &format!("  root        {}\n", record.root),
            &format!("The digest of this record: {}\n", record.digest()),
        ]);
        for remark in &record.remarks {
            text.extend(["Remark: ", remark, "\n"]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../docs/draw-example.json");

    fn run(text: &str, list: Option<&str>) -> (String, bool) {
        let threads = NonZero::<usize>::MIN;
        let list = list.map(|list| List { text: list.as_bytes(), threads, progress: &|_| () });
        let (record, checks) = report::verify(text.as_bytes(), list);
        (told(record.as_ref(), &checks), checks.iter().any(Check::fails))
    }

    #[test]
    fn a_draw_is_told_line_by_line() {
        let list = include_str!("../../../docs/draw-example.entrants");
        let (text, fails) = run(EXAMPLE, Some(list));
        assert!(!fails && !text.contains('✗') && !text.contains('–'), "{text}");
        assert!(text.contains("✓ the beacon's signature is that of round 123\n"), "{text}");
        let (text, fails) = run(EXAMPLE, None);
        assert!(!fails && text.contains("    not checked: no list was given\n"), "{text}");
    }

    #[test]
    fn a_changed_draw_is_told_with_the_reason() {
        let (text, fails) = run(&EXAMPLE.replace("A mug", "A jug"), None);
        assert!(fails && text.contains("but the digest is not that of the record"), "{text}");
        assert!(text.ends_with("This is not the record of a draw by the protocol.\n"), "{text}");
    }

    #[test]
    fn the_exit_code_says_whether_it_holds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        let verify = |file: &str, entrants: Option<PathBuf>| {
            draw(&DrawCommand::Verify { file: folder.join(file), entrants }).ok()
        };
        assert_eq!(verify("draw-example.json", None), Some(0));
        let another = Some(folder.join("verify-draw.py"));
        assert_eq!(verify("draw-example.json", another), Some(1));
        assert_eq!(verify("verify-draw.py", None), Some(1));
        assert_eq!(verify("no-such-file.json", None), None);
    }
}
