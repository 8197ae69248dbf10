//! Lays a table out: a head that is repeated, and rows that are never split.

use std::rc::Rc;

use crate::PaperError;
use crate::document::{Align, COLUMNS_MAX, Cell, Column, Row};
use crate::flow::{Mark, Slab};
use crate::layout::{Layout, rule};
use crate::style::{CELL, CELL_STRONG, COLUMN_TITLE, HAIRLINE, INK, MEASURE, NOTE};
use crate::tags::{NodeId, Role};

/// Between two columns.
const GAP: f32 = 14.0;
/// Above and below the text of a cell.
const PADDING: f32 = 5.0;
/// A column is no narrower, whatever its share.
const WIDTH_MIN: f32 = 24.0;
/// A row must fit on a page, whatever its cells say.
const TEXT_LINES_MAX: usize = 24;
const NOTE_LINES_MAX: usize = 16;
const TITLE_LINES_MAX: usize = 6;

pub(crate) fn table(
    layout: &mut Layout,
    columns: &[Column],
    rows: &[Row],
) -> Result<(), PaperError> {
    if columns.is_empty() || columns.len() > COLUMNS_MAX {
        return Err(PaperError::Columns { columns: columns.len() });
    }
    let places = places(columns);
    let table = layout.flow.tags.add(Role::Table, None);
    let head = layout.flow.tags.add(Role::Head, Some(table));
    let body = (!rows.is_empty()).then(|| layout.flow.tags.add(Role::Rows, Some(table)));

    let mut head = head_slab(layout, columns, &places, head);
    let mut body: Vec<Slab> =
        rows.iter().map(|row| row_slab(layout, columns, &places, row, body)).collect();
    if layout.right_to_left {
        for (_, &place) in
            columns.iter().zip(&places).filter(|(column, _)| column.align == Align::End)
        {
            line_up(&mut head, &mut body, place);
        }
    }
    let repeat = Rc::new(without_meaning(&head));
    layout.flow.slabs.push(Slab { before: 12.0, with_next: !rows.is_empty(), ..head });
    for (index, slab) in body.into_iter().enumerate() {
        // A total is not left alone on a page.
        let with_next =
            rows.get(index + 1).is_some_and(|next| next.strong && index + 2 == rows.len());
        layout.flow.slabs.push(Slab { with_next, repeat: Some(Rc::clone(&repeat)), ..slab });
    }
    Ok(())
}

/// Where each column begins, and how wide it is.
fn places(columns: &[Column]) -> Vec<(f32, f32)> {
    let count = columns.len() as f32;
    let room = MEASURE - GAP * (count - 1.0) - WIDTH_MIN * count;
    let share = |column: &Column| f32::from(column.share.max(1));
    let shares: f32 = columns.iter().map(share).sum();
    // The least width comes off each share first, so that moderate shares are exact and extreme ones still leave room.
    let full = MEASURE - GAP * (count - 1.0);
    let narrow = columns.iter().any(|column| full * share(column) / shares < WIDTH_MIN);
    let mut left = 0.0;
    let place = |column| {
        let part = share(column) / shares;
        let width = if narrow { WIDTH_MIN + room * part } else { full * part };
        let place = (left, width);
        left += width + GAP;
        place
    };
    columns.iter().map(place).collect()
}

fn head_slab(layout: &mut Layout, columns: &[Column], places: &[(f32, f32)], head: NodeId) -> Slab {
    let row = layout.flow.tags.add(Role::Row, Some(head));
    let mut slab = Slab::default();
    let titles: Vec<_> = columns
        .iter()
        .zip(places)
        .map(|(column, place)| {
            layout.setter.lines_max(&column.title, COLUMN_TITLE, place.1, TITLE_LINES_MAX)
        })
        .collect();
    // Titles stand on the rule below them.
    let tallest = titles.iter().map(Vec::len).max().unwrap_or(0);
    for ((column, &place), lines) in columns.iter().zip(places).zip(titles) {
        let cell = layout.flow.tags.add(Role::HeaderCell, Some(row));
        let top = COLUMN_TITLE.leading * (tallest - lines.len()) as f32;
        let at_end = column.align == Align::End;
        layout.stack(lines, COLUMN_TITLE, place, top, at_end, Some(cell), &mut slab.marks);
    }
    slab.height = COLUMN_TITLE.leading * tallest as f32 + 5.0;
    slab.marks.push(Mark::Bar {
        left: 0.0,
        top: slab.height - 0.9,
        width: MEASURE,
        height: 0.9,
        ink: INK,
    });
    slab
}

fn row_slab(
    layout: &mut Layout,
    columns: &[Column],
    places: &[(f32, f32)],
    row: &Row,
    body: Option<NodeId>,
) -> Slab {
    let node = layout.flow.tags.add(Role::Row, body);
    let style = if row.strong { CELL_STRONG } else { CELL };
    let mut slab = Slab::default();
    let nothing = Cell::default();
    let cells = row.cells.iter().chain(std::iter::repeat(&nothing));
    for ((column, &place), cell) in columns.iter().zip(places).zip(cells) {
        let at_end = column.align == Align::End;
        let node = layout.flow.tags.add(Role::Cell, Some(node));
        let lines = layout.setter.lines_max(&cell.text, style, place.1, TEXT_LINES_MAX);
        let mut bottom =
            layout.stack(lines, style, place, PADDING, at_end, Some(node), &mut slab.marks);
        if let Some(note) = &cell.note {
            let lines = layout.setter.lines_max(note, NOTE, place.1, NOTE_LINES_MAX);
            bottom = layout.stack(lines, NOTE, place, bottom, at_end, Some(node), &mut slab.marks);
        }
        slab.height = slab.height.max(bottom + PADDING);
    }
    slab.height = slab.height.max(PADDING * 2.0 + style.leading);
    slab.marks.push(rule(slab.height - HAIRLINE, HAIRLINE));
    slab
}

/// Numbers are read from left to right in every script: where a column's end is its left, its lines still end on the right of
/// the widest of them, so that units stand below units.
fn line_up(head: &mut Slab, body: &mut [Slab], (start, width): (f32, f32)) {
    let end = MEASURE - start - width;
    let column = end - GAP / 2.0..end + width + GAP / 2.0;
    let mut lines: Vec<(&mut f32, f32)> = Vec::new();
    for mark in std::iter::once(head).chain(body).flat_map(|slab| &mut slab.marks) {
        if let Mark::Text { line, left, size, .. } = mark
            && column.contains(left)
        {
            lines.push((left, line.width * *size));
        }
    }
    let widest = lines.iter().map(|(_, width)| *width).fold(0.0, f32::max);
    for (left, width) in lines {
        *left += widest - width;
    }
}

fn without_meaning(slab: &Slab) -> Slab {
    let mut slab = slab.clone();
    for mark in &mut slab.marks {
        if let Mark::Text { node, .. } = mark {
            *node = None;
        }
    }
    slab
}
