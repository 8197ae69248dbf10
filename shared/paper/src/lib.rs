//! A small document, set on A4 pages: blocks of text in, the bytes of a tagged PDF out.
//!
//! Nothing is read or written, and there is no clock: the same document gives the same bytes. The fonts are within, for the
//! scripts of Europe, Thai, Arabic and Korean.
//!
//! ```
//! use guerdon_paper::{Block, Document, pdf};
//!
//! let document = Document {
//!     language: "en".into(),
//!     right_to_left: false,
//!     title: "Statement".into(),
//!     author: "Harbour Coffee".into(),
//!     created: jiff::Timestamp::UNIX_EPOCH,
//!     accent: [0x0b, 0x6e, 0x4f],
//!     blocks: vec![Block::Title("Statement".into()), Block::Paragraph("Nothing has happened yet.".into())],
//!     page_label: Box::new(|page, pages| format!("Page {page} of {pages}")),
//!     footer: "Harbour Coffee".into(),
//! };
//! assert!(pdf(&document)?.starts_with(b"%PDF-1.7"));
//! # Ok::<(), guerdon_paper::PaperError>(())
//! ```
#![expect(clippy::float_arithmetic, reason = "lengths on a page, never money")]
#![expect(clippy::cast_precision_loss, reason = "counts of lines and units of fonts are small")]

mod clean;
mod document;
mod flow;
mod fonts;
mod layout;
mod pages;
mod press;
mod shape;
mod style;
mod table;
mod tags;
mod wrap;

pub use document::{Align, Block, COLUMNS_MAX, Cell, Column, Document, Row};

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PaperError {
    /// A table has more columns than a page can hold, or none.
    #[error("a table of {columns} columns: a page holds 1 to {COLUMNS_MAX}")]
    Columns {
        /// How many the table has.
        columns: usize,
    },
    /// The PDF could not be written, or would not have been accessible.
    #[error("the PDF could not be written")]
    Write(#[source] krilla::error::KrillaError),
}

/// Sets the document and returns the PDF, which conforms to PDF/UA-1.
///
/// Text of any length and content is set: what no font has becomes U+FFFD, overrides of direction are left out, a word wider
/// than its column is broken, and a cell is cut short with an ellipsis rather than fill a page.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PaperError> {
    let flow = layout::lay_out(document)?;
    let pages = pages::paginate(flow.slabs);
    press::print(document, &pages, &flow.tags, &flow.headings).map_err(PaperError::Write)
}
