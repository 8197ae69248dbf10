//! The measures of a page and the sizes of its text, in points.

use crate::fonts::Weight;

pub(crate) const PAGE_WIDTH: f32 = 595.28;
pub(crate) const PAGE_HEIGHT: f32 = 841.89;
/// At both sides.
pub(crate) const MARGIN: f32 = 62.0;
/// Between the margins.
pub(crate) const MEASURE: f32 = PAGE_WIDTH - 2.0 * MARGIN;
pub(crate) const BODY_TOP: f32 = 66.0;
pub(crate) const BODY_BOTTOM: f32 = PAGE_HEIGHT - 84.0;
pub(crate) const BODY_HEIGHT: f32 = BODY_BOTTOM - BODY_TOP;
/// The rule above the footer.
pub(crate) const FOOTER_TOP: f32 = PAGE_HEIGHT - 62.0;
/// The title on the pages after the first.
pub(crate) const HEADER_TOP: f32 = 36.0;

pub(crate) const HAIRLINE: f32 = 0.5;

/// A colour of text or rules.
pub(crate) type Ink = [u8; 3];

pub(crate) const INK: Ink = [0x1d, 0x22, 0x28];
pub(crate) const MUTED: Ink = [0x5a, 0x64, 0x6e];
pub(crate) const RULE: Ink = [0xd5, 0xda, 0xdf];
pub(crate) const TRACK: Ink = [0xe6, 0xe9, 0xec];

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) size: f32,
    /// From one line to the next.
    pub(crate) leading: f32,
    pub(crate) weight: Weight,
    pub(crate) ink: Ink,
}

const fn style(size: f32, leading: f32, weight: Weight, ink: Ink) -> Style {
    Style { size, leading, weight, ink }
}

pub(crate) const TITLE: Style = style(22.0, 30.0, Weight::SemiBold, INK);
pub(crate) const HEADING: Style = style(12.0, 17.0, Weight::SemiBold, INK);
pub(crate) const PARAGRAPH: Style = style(9.5, 14.5, Weight::Regular, INK);
pub(crate) const SMALL: Style = style(7.8, 11.7, Weight::Regular, MUTED);
pub(crate) const FIGURE_LABEL: Style = style(8.0, 12.0, Weight::Regular, MUTED);
pub(crate) const FIGURE_VALUE: Style = style(15.0, 21.0, Weight::SemiBold, INK);
pub(crate) const COLUMN_TITLE: Style = style(7.8, 11.7, Weight::SemiBold, MUTED);
pub(crate) const CELL: Style = style(9.0, 13.2, Weight::Regular, INK);
pub(crate) const CELL_STRONG: Style = style(9.0, 13.2, Weight::SemiBold, INK);
pub(crate) const NOTE: Style = style(7.6, 11.0, Weight::Regular, MUTED);
pub(crate) const FOOTER: Style = style(7.4, 10.6, Weight::Regular, MUTED);
