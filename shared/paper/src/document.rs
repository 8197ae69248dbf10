//! What a document is made of.

use std::fmt;

/// How many columns a table may have.
pub const COLUMNS_MAX: usize = 12;

/// A document, ready to be set.
pub struct Document {
    /// Its language as a BCP 47 tag, such as `pl`: for screen readers, and for the shapes of letters.
    pub language: String,
    /// Whether it reads from right to left; everything is mirrored then.
    pub right_to_left: bool,
    /// What viewers call it; also at the head of every page but the first.
    pub title: String,
    /// Who issues it.
    pub author: String,
    /// When it was made.
    pub created: jiff::Timestamp,
    /// The red, green and blue of rules and bars; never of text, so that any colour can be read.
    pub accent: [u8; 3],
    /// What it says, in order.
    pub blocks: Vec<Block>,
    /// What stands for the page's number, given that number (from 1) and how many pages there are.
    pub page_label: Box<dyn Fn(usize, usize) -> String + Send + Sync>,
    /// A line or two at the foot of every page.
    pub footer: String,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The document's own title.
    Title(String),
    /// The heading of a section; stays with what follows.
    Heading(String),
    /// Running text. A line feed begins a new line.
    Paragraph(String),
    /// Small print.
    Small(String),
    /// Key figures side by side, each a label and its value.
    Figures(Vec<(String, String)>),
    /// Rows under titled columns. The titles are repeated on each page, and no row is split.
    Table {
        /// From the start of the line to its end.
        columns: Vec<Column>,
        /// From the top. Cells that a row lacks are empty, cells beyond the columns are left out.
        rows: Vec<Row>,
    },
    /// A bar that is filled as far as `part` is of `whole`, under words that say the same.
    Progress {
        /// What the bar shows, in words.
        label: String,
        /// How much there is; more than `whole` fills the bar.
        part: u64,
        /// How much there is to be; of zero, any part is all.
        whole: u64,
    },
    /// Room between two blocks.
    Gap,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// At its head.
    pub title: String,
    /// Where its text begins or ends.
    pub align: Align,
    /// Its width in proportion to the other columns; zero counts as one.
    pub share: u16,
}

/// On which side of a column its text stands, in the direction of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Where a line begins: for words.
    Start,
    /// Where a line ends: for numbers, whose digits are all as wide.
    End,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// One for each column.
    pub cells: Vec<Cell>,
    /// Whether it stands out, as a total does.
    pub strong: bool,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Small print below that.
    pub note: Option<String>,
}

impl Cell {
    /// A cell without a note.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), note: None }
    }

    /// The cell, with small print below its text.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("language", &self.language)
            .field("right_to_left", &self.right_to_left)
            .field("title", &self.title)
            .field("author", &self.author)
            .field("created", &self.created)
            .field("accent", &self.accent)
            .field("blocks", &self.blocks)
            .field("footer", &self.footer)
            .finish_non_exhaustive()
    }
}
