//! A statement as a PDF, to print or keep.

use guerdon_domain::programme::brand::Brand;
use guerdon_paper::{Align, Block, Cell, Column, Document, PaperError, Row};
use guerdon_words::{LanguageExt, Words};
use jiff::Timestamp;

use crate::letter::{Letter, Link, Point, Section, Total};

/// The letter as a PDF.
pub fn pdf(
    letter: &Letter,
    brand: &Brand,
    words: &Words,
    at: Timestamp,
) -> Result<Vec<u8>, PaperError> {
    let mut blocks = vec![
        Block::Title(letter.title.clone()),
        Block::Paragraph(letter.greeting.clone()),
        summary(letter),
        Block::Heading(letter.history.clone()),
        history(letter),
    ];
    for section in &letter.sections {
        say(&mut blocks, section);
    }
    blocks.push(Block::Gap);
    if let Some(Link { label, url }) = &letter.terms {
        blocks.push(Block::Small(format!("{label}: {url}")));
    }
    blocks.push(Block::Small(letter.made_on.clone()));
    let pattern = page_pattern(words);
    let document = Document {
        language: letter.language.code().to_owned(),
        right_to_left: letter.language.direction() == "rtl",
        title: letter.title.clone(),
        author: letter.programme.clone(),
        created: at,
        accent: accent(brand),
        blocks,
        page_label: Box::new(move |page, pages| {
            let number =
                |text: &str, mark: &str, number: usize| text.replace(mark, &number.to_string());
            number(&number(&pattern, PAGE, page), PAGES, pages)
        }),
        footer: letter.footer.join("\n"),
    };
    guerdon_paper::pdf(&document)
}

/// Numbers that stand for the page and for how many there are, until both are known: no text of a language has them.
const PAGE: &str = "7777777";
const PAGES: &str = "8888888";

/// What stands for the page's number. Words format numbers with separators, which a page never needs.
fn page_pattern(words: &Words) -> String {
    let (page, pages) = (7_777_777_i64, 8_888_888_i64);
    let text =
        words.text_with("statement-page-of", &[("page", page.into()), ("pages", pages.into())]);
    text.replace(&words.number(page), PAGE).replace(&words.number(pages), PAGES)
}

fn accent(brand: &Brand) -> [u8; 3] {
    brand.colours.light.accent.channels()
}

/// How the opening balance comes to the closing one, at a glance.
fn summary(letter: &Letter) -> Block {
    let total = |total: &Total| (total.label.clone(), total.balance.clone());
    let sums = letter.sums.iter().cloned();
    let first = std::iter::once(total(&letter.opening));
    Block::Figures(first.chain(sums).chain([total(&letter.closing)]).collect())
}

/// Opening balance, lines, sums, closing balance: all in one table, so that it can be added up.
fn history(letter: &Letter) -> Block {
    let aligned = [(Align::Start, 4), (Align::Start, 10), (Align::End, 4), (Align::End, 4)];
    let columns = letter.columns.iter().zip(aligned);
    let columns =
        columns.map(|(title, (align, share))| Column { title: title.clone(), align, share });
    let row = |cells: [Cell; 4], strong| Row { cells: cells.into(), strong };
    let none = Cell::default;
    let total = |total: &Total| {
        row([none(), Cell::new(&total.label), none(), Cell::new(&total.balance)], true)
    };
    let mut rows = vec![total(&letter.opening)];
    rows.extend(letter.rows.iter().map(|line| {
        let mut what = Cell::new(&line.what);
        if !line.why.is_empty() {
            what = what.with_note(line.why.join("\n"));
        }
        let date = Cell::new(&line.date);
        row([date, what, Cell::new(&line.change), Cell::new(&line.balance)], false)
    }));
    if let Some(nothing) = &letter.nothing {
        rows.push(row([none(), Cell::new(nothing), none(), none()], false));
    }
    for (label, sum) in &letter.sums {
        rows.push(row([none(), Cell::new(label), Cell::new(sum), none()], false));
    }
    rows.push(total(&letter.closing));
    Block::Table { columns: columns.collect(), rows }
}

fn say(blocks: &mut Vec<Block>, section: &Section) {
    if let Some(title) = &section.title {
        blocks.push(Block::Heading(title.clone()));
    }
    for point in &section.points {
        blocks.push(match point {
            Point::Text(text) | Point::Strong(text) => Block::Paragraph(text.clone()),
            Point::Small(text) => Block::Small(text.clone()),
            Point::Code { what, code: None } => Block::Paragraph(what.clone()),
            Point::Code { what, code: Some(code) } => Block::Paragraph(format!("{what}\n{code}")),
            Point::Progress { label, part, whole } => Block::Progress {
                label: label.clone(),
                part: u64::try_from(*part).unwrap_or(0),
                whole: u64::try_from(*whole).unwrap_or(0),
            },
            Point::Link(Link { label, url }) => Block::Paragraph(format!("{label}: {url}")),
        });
    }
}
