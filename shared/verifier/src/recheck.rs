//! The full check of a list, on all cores, in memory for some hundred kilobytes a core.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    num::NonZero,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use guerdon_domain::draw::list::{Line, ListFault, Part, Summary, Whole, check};
use memchr::memchr_iter;

/// How many lines a part has: a power of two, so that a part is a subtree.
const PART: u64 = 1 << 12;

/// Bytes that are read at a time.
const READ: u64 = 1 << 16;

/// No line of a list has more bytes. A part that is longer has a malformed one, and need not be read to its end.
const LINE_MAX: usize = 80;

/// Why a list cannot be what a record was drawn from.
#[derive(Debug, thiserror::Error)]
pub enum RecheckError {
    /// It is not in order.
    #[error(transparent)]
    List(#[from] ListFault),
    /// A line is not the one that the record says.
    #[error("line {line} of the list is not `{expected}`, as the record says")]
    Line {
        /// Which, from 1.
        line: u64,
        /// What stands in the record.
        expected: Line,
    },
    /// It cannot be read.
    #[error("the list cannot be read")]
    Read(#[source] io::Error),
}

impl RecheckError {
    /// Where it is, to report the first.
    fn line(&self) -> u64 {
        match self {
            Self::List(fault) => fault.line,
            Self::Line { line, .. } => *line,
            Self::Read(_) => u64::MAX,
        }
    }
}

/// Checks a whole list, and that some lines, by their index from 0, are as expected; what it came to.
///
/// `progress` is told how many bytes have been checked, from any thread.
pub fn recheck(
    list: impl Read + Send,
    expected: &BTreeMap<u64, Line>,
    threads: NonZero<usize>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Summary, RecheckError> {
    let source = Mutex::new(Source { list, carry: Vec::new(), parts: 0, ended: false });
    let sink = Mutex::new(Sink::default());
    thread::scope(|scope| {
        for _ in 0..threads.get() {
            scope.spawn(|| work(&source, &sink, expected, progress));
        }
    });
    let sink = sink.into_inner().unwrap_or_else(PoisonError::into_inner);
    sink.fault.map_or_else(|| Ok(sink.whole.summary()), Err)
}

/// Takes part after part until the list ends or a fault is found.
fn work(
    source: &Mutex<Source<impl Read>>,
    sink: &Mutex<Sink>,
    expected: &BTreeMap<u64, Line>,
    progress: &(dyn Fn(u64) + Sync),
) {
    let mut text = Vec::new();
    loop {
        let number = match lock(source).part(&mut text) {
            Ok(Some(number)) => number,
            Ok(None) => return,
            Err(error) => return lock(sink).fail(RecheckError::Read(error)),
        };
        let before = number * PART;
        let fault =
            |fault: ListFault| RecheckError::List(ListFault { line: fault.line + before, ..fault });
        let result = check(&text).map_err(fault).and_then(|part| {
            compare(&text, before, expected)?;
            Ok(part)
        });
        let mut sink = lock(sink);
        match result {
            Ok(part) => sink.add(number, part),
            Err(error) => sink.fail(error),
        }
        sink.bytes += text.len() as u64;
        let (bytes, failed) = (sink.bytes, sink.fault.is_some());
        drop(sink);
        if failed {
            lock(source).ended = true;
        }
        progress(bytes);
    }
}

/// Nothing that is kept under a lock is left half done by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Compares the expected lines of one part.
fn compare(text: &[u8], before: u64, expected: &BTreeMap<u64, Line>) -> Result<(), RecheckError> {
    let mut lines = (before..).zip(text.split(|byte| *byte == b'\n'));
    for (index, line) in expected.range(before..before + PART) {
        let found = lines.find(|(found, _)| found == index);
        // An index beyond the list is no fault of a line: the counts differ.
        if let Some((_, found)) = found
            && found != line.to_string().as_bytes()
        {
            return Err(RecheckError::Line { line: index + 1, expected: *line });
        }
    }
    Ok(())
}

/// Where parts come from, in order.
struct Source<R> {
    list: R,
    /// What was read beyond the last part.
    carry: Vec<u8>,
    parts: u64,
    ended: bool,
}

impl<R: Read> Source<R> {
    /// Fills `text` with the next part's lines; its number, or `None` at the end.
    fn part(&mut self, text: &mut Vec<u8>) -> io::Result<Option<u64>> {
        text.clear();
        if self.ended {
            return Ok(None);
        }
        std::mem::swap(text, &mut self.carry);
        let mut lines = 0;
        let mut counted = 0;
        loop {
            let new = text.get(counted..).unwrap_or_default();
            let missing = PART - lines;
            let mut feeds = memchr_iter(b'\n', new);
            if let Some(last) = feeds.by_ref().nth(usize::try_from(missing - 1).unwrap_or(0)) {
                self.carry.extend(new.get(last + 1..).unwrap_or_default());
                text.truncate(counted + last + 1);
                break;
            }
            lines += memchr_iter(b'\n', new).count() as u64;
            counted = text.len();
            if counted as u64 > PART * LINE_MAX as u64 {
                break;
            }
            if self.list.by_ref().take(READ).read_to_end(text)? == 0 {
                self.ended = true;
                break;
            }
        }
        self.parts += 1;
        Ok((!text.is_empty()).then_some(self.parts - 1))
    }
}

/// Where parts are put together, whoever is first.
#[derive(Default)]
struct Sink {
    whole: Whole,
    /// Parts whose turn has not come.
    waiting: BTreeMap<u64, Part>,
    next: u64,
    bytes: u64,
    /// The one nearest to the start.
    fault: Option<RecheckError>,
}

impl Sink {
    fn add(&mut self, number: u64, part: Option<Part>) {
        self.waiting.extend(part.map(|part| (number, part)));
        while let Some(part) = self.waiting.remove(&self.next) {
            self.next += 1;
            if let Err(fault) = self.whole.add(&part) {
                self.fail(fault.into());
                return;
            }
        }
    }

    fn fail(&mut self, error: RecheckError) {
        if self.fault.as_ref().is_none_or(|fault| error.line() < fault.line()) {
            self.fault = Some(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use guerdon_domain::draw::{
        TICKETS_MAX,
        list::{Entrant, LineFault},
        pages::Builder,
        sequence::Range,
    };

    use super::*;

    fn line(n: u64) -> Line {
        let mut entrant = [0; 16];
        entrant[..8].copy_from_slice(&n.to_be_bytes());
        Line { range: Range { first: n * 10, tickets: 10 }, entrant: Entrant(entrant) }
    }

    fn text(entrants: u64) -> String {
        (0..entrants).flat_map(|n| [line(n).to_string(), "\n".to_owned()]).collect()
    }

    fn run(text: &str, threads: usize) -> Result<Summary, String> {
        let threads = NonZero::new(threads).unwrap();
        let result = recheck(text.as_bytes(), &BTreeMap::new(), threads, &|_| ());
        result.map_err(|error| error.to_string())
    }

    #[test]
    fn a_list_of_any_length_comes_to_the_same_as_its_pages_on_any_number_of_threads() {
        for entrants in [0, 1, PART - 1, PART, PART + 1, 3 * PART + 5, 8 * PART] {
            let mut builder = Builder::default();
            for n in 0..entrants {
                builder.push(line(n).entrant, 10).unwrap();
            }
            let expected = builder.finish().1;
            let text = text(entrants);
            for threads in [1, 2, 5] {
                assert_eq!(run(&text, threads), Ok(expected), "{entrants} on {threads}");
            }
        }
    }

    #[test]
    fn the_first_fault_is_reported_whoever_finds_it() {
        let good = text(6 * PART);
        for place in [0, 1, PART - 1, PART, 2 * PART + 7, 6 * PART - 1] {
            let line = line(place).to_string();
            let tenfold = line.replace(" 10 ", " 11 ");
            let later = good.replace(&format!("{}\n", self::line(6 * PART - 1)), "nothing\n");
            let bad = later.replacen(&line, &tenfold, 1);
            let found = run(&bad, 4).unwrap_err();
            let expected = if place == 6 * PART - 1 {
                ListFault { line: place + 1, reason: LineFault::Malformed }
            } else {
                let (said, counted) = ((place + 1) * 10, (place + 1) * 10 + 1);
                ListFault { line: place + 2, reason: LineFault::WrongFirst { said, counted } }
            };
            assert_eq!(found, expected.to_string(), "{place}");
        }
    }

    #[test]
    fn a_text_that_never_ends_its_line_is_not_read_to_its_end() {
        let endless = io::repeat(b'7');
        let threads = NonZero::new(2).unwrap();
        let error = recheck(endless, &BTreeMap::new(), threads, &|_| ()).unwrap_err();
        let expected = ListFault { line: 1, reason: LineFault::Malformed };
        assert_eq!(error.to_string(), expected.to_string());
        assert!(run(&format!("{}\n", line(0)).repeat(9), 2).is_err());
        assert!(run(&format!("0 {} {}\n", TICKETS_MAX + 1, line(0).entrant), 2).is_err());
    }

    #[test]
    fn lines_that_the_record_knows_are_compared() {
        let text = text(2 * PART);
        let threads = NonZero::new(2).unwrap();
        let compare = |expected: &[(u64, Line)]| {
            let expected = expected.iter().copied().collect();
            let result = recheck(text.as_bytes(), &expected, threads, &|_| ());
            result.map(drop).map_err(|error| error.to_string())
        };
        let same = [0, 7, PART, 2 * PART - 1].map(|n| (n, line(n)));
        assert_eq!(compare(&same), Ok(()));
        let expected = format!("line 8 of the list is not `{}`, as the record says", line(8));
        assert_eq!(compare(&[(7, line(8)), (PART, line(0))]), Err(expected));
    }
}
