//! Lays the blocks of a document out as slabs.

use std::rc::Rc;

use crate::document::{Block, Document};
use crate::flow::{Flow, Mark, Slab};
use crate::style::{
    FIGURE_LABEL, FIGURE_VALUE, HEADING, Ink, MEASURE, PARAGRAPH, RULE, SMALL, Style, TITLE, TRACK,
};
use crate::tags::{NodeId, Role};
use crate::wrap::{Line, Setter};
use crate::{PaperError, table};

/// Side by side in one row.
const FIGURES_MAX: usize = 4;
const FIGURE_GAP: f32 = 18.0;
const BAR_HEIGHT: f32 = 5.0;

/// What is being laid out.
pub(crate) struct Layout {
    pub(crate) setter: Setter,
    pub(crate) right_to_left: bool,
    pub(crate) flow: Flow,
    accent: Ink,
}

pub(crate) fn lay_out(document: &Document) -> Result<Flow, PaperError> {
    let mut layout = Layout {
        setter: Setter::new(&document.language, document.right_to_left),
        right_to_left: document.right_to_left,
        flow: Flow::default(),
        accent: document.accent,
    };
    let titled = document
        .blocks
        .iter()
        .any(|block| matches!(block, Block::Title(text) if !text.trim().is_empty()));
    for block in &document.blocks {
        match block {
            Block::Title(text) => layout.title(text),
            Block::Heading(text) => {
                layout.heading(text, if titled { 2 } else { 1 }, HEADING, 24.0, 5.0);
            }
            Block::Paragraph(text) => layout.text(text, PARAGRAPH, 6.0),
            Block::Small(text) => layout.text(text, SMALL, 8.0),
            Block::Figures(figures) => layout.figures(figures),
            Block::Table { columns, rows } => table::table(&mut layout, columns, rows)?,
            Block::Progress { label, part, whole } => layout.progress(label, *part, *whole),
            Block::Gap => layout.flow.slabs.push(Slab { height: 10.0, ..Slab::default() }),
        }
    }
    Ok(layout.flow)
}

impl Layout {
    fn title(&mut self, text: &str) {
        let first = self.flow.slabs.len();
        self.heading(text, 1, TITLE, 28.0, 6.0);
        if let Some(slab) = self.flow.slabs.get_mut(first) {
            let bar = Mark::Bar { left: 0.0, top: 0.0, width: 34.0, height: 3.0, ink: self.accent };
            for mark in &mut slab.marks {
                if let Mark::Text { baseline, .. } = mark {
                    *baseline += 13.0;
                }
            }
            slab.marks.push(bar);
            slab.height += 13.0;
        }
    }

    fn heading(&mut self, text: &str, level: u16, style: Style, before: f32, after: f32) {
        let lines = self.setter.lines(text, style, MEASURE);
        if lines.is_empty() {
            return;
        }
        let text = crate::clean::clean(text).trim().to_owned();
        let node = self.flow.tags.add(Role::Heading(level, text.clone()), None);
        self.flow.headings.push((level, text));
        let heading = self.flow.headings.len() - 1;
        let count = lines.len();
        for (index, line) in lines.into_iter().enumerate() {
            let (first, last) = (index == 0, index + 1 == count);
            self.flow.slabs.push(Slab {
                before: if first { before } else { 0.0 },
                height: style.leading + if last { after } else { 0.0 },
                marks: vec![self.mark(line, style, 0.0, MEASURE, 0.0, false, Some(node))],
                with_next: true,
                heading: first.then_some(heading),
                ..Slab::default()
            });
        }
    }

    fn text(&mut self, text: &str, style: Style, before: f32) {
        let lines = self.setter.lines(text, style, MEASURE);
        if lines.is_empty() {
            return;
        }
        let node = self.flow.tags.add(Role::Paragraph, None);
        let count = lines.len();
        for (index, line) in lines.into_iter().enumerate() {
            self.flow.slabs.push(Slab {
                before: if index == 0 { before } else { 0.0 },
                height: style.leading,
                marks: vec![self.mark(line, style, 0.0, MEASURE, 0.0, false, Some(node))],
                // Neither the first line alone at the foot of a page nor the last at the head of one.
                with_next: count > 1 && (index == 0 || index + 2 == count),
                ..Slab::default()
            });
        }
    }

    fn figures(&mut self, figures: &[(String, String)]) {
        let rows = figures.len().div_ceil(FIGURES_MAX).max(1);
        let list = (!figures.is_empty()).then(|| self.flow.tags.add(Role::List, None));
        for row in figures.chunks(figures.len().div_ceil(rows).max(1)) {
            let across = figures.len().div_ceil(rows).max(1) as f32;
            let width = (MEASURE - FIGURE_GAP * (across - 1.0)) / across;
            let mut slab = Slab { before: 18.0, ..Slab::default() };
            let mut left = 0.0;
            // All values of a row stand on the same line, below the longest label.
            let labels: Vec<_> = row
                .iter()
                .map(|(label, _)| self.setter.lines_max(label, FIGURE_LABEL, width, 3))
                .collect();
            let values_top = 8.0
                + FIGURE_LABEL.leading * labels.iter().map(Vec::len).max().unwrap_or(0) as f32
                + 1.0;
            for (label, (_, value)) in labels.into_iter().zip(row) {
                slab.marks.push(Mark::Bar { left, top: 0.0, width, height: 1.2, ink: self.accent });
                let item = self.flow.tags.add(Role::Item, list);
                let node = self.flow.tags.add(Role::Label, Some(item));
                self.stack(
                    label,
                    FIGURE_LABEL,
                    (left, width),
                    8.0,
                    false,
                    Some(node),
                    &mut slab.marks,
                );
                let node = self.flow.tags.add(Role::Body, Some(item));
                let value = self.setter.lines_max(value, FIGURE_VALUE, width, 4);
                let bottom = self.stack(
                    value,
                    FIGURE_VALUE,
                    (left, width),
                    values_top,
                    false,
                    Some(node),
                    &mut slab.marks,
                );
                slab.height = slab.height.max(bottom + 2.0);
                left += width + FIGURE_GAP;
            }
            self.flow.slabs.push(slab);
        }
    }

    fn progress(&mut self, label: &str, part: u64, whole: u64) {
        let lines = self.setter.lines_max(label, PARAGRAPH, MEASURE, 20);
        let mut slab = Slab { before: 12.0, ..Slab::default() };
        let node = (!lines.is_empty()).then(|| self.flow.tags.add(Role::Paragraph, None));
        let top =
            self.stack(lines, PARAGRAPH, (0.0, MEASURE), 0.0, false, node, &mut slab.marks) + 4.0;
        let filled = if part >= whole { 1.0 } else { part as f32 / whole as f32 };
        let bar = |width, ink| Mark::Bar { left: 0.0, top, width, height: BAR_HEIGHT, ink };
        slab.marks.push(bar(MEASURE, TRACK));
        if filled > 0.0 {
            slab.marks.push(bar((MEASURE * filled).max(1.0), self.accent));
        }
        slab.height = top + BAR_HEIGHT + 4.0;
        self.flow.slabs.push(slab);
    }

    /// Sets lines one below the other from `top` and returns where they end.
    #[expect(clippy::too_many_arguments, reason = "a place, a style and a meaning, each used once")]
    pub(crate) fn stack(
        &self,
        lines: Vec<Line>,
        style: Style,
        (left, width): (f32, f32),
        top: f32,
        at_end: bool,
        node: Option<NodeId>,
        marks: &mut Vec<Mark>,
    ) -> f32 {
        let mut below = top;
        for line in lines {
            marks.push(self.mark(line, style, left, width, below, at_end, node));
            below += style.leading;
        }
        below
    }

    /// The mark of a line in a box, at its start or its end; mirrored if the document is.
    #[expect(clippy::too_many_arguments, reason = "a place, a style and a meaning, each used once")]
    fn mark(
        &self,
        line: Line,
        style: Style,
        left: f32,
        width: f32,
        top: f32,
        at_end: bool,
        node: Option<NodeId>,
    ) -> Mark {
        let left = if self.right_to_left { MEASURE - left - width } else { left };
        let slack = width - line.width * style.size;
        let left = if at_end == self.right_to_left { left } else { left + slack };
        let baseline = top + style.leading / 2.0 + style.size * 0.36;
        Mark::Text { line: Rc::new(line), left, baseline, size: style.size, ink: style.ink, node }
    }
}

/// A line across the page.
pub(crate) fn rule(top: f32, height: f32) -> Mark {
    Mark::Bar { left: 0.0, top, width: MEASURE, height, ink: RULE }
}
