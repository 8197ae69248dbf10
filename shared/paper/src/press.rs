//! Prints pages as a PDF.

use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};

use crate::document::Document;
use crate::flow::Mark;
use crate::fonts::faces;
use crate::pages::Placed;
use crate::style::{
    BODY_TOP, FOOTER, FOOTER_TOP, HAIRLINE, HEADER_TOP, Ink, MARGIN, MEASURE, PAGE_HEIGHT,
    PAGE_WIDTH, RULE, Style,
};
use crate::tags::{NodeId, Tags};
use crate::wrap::{Line, Setter};

/// Between the footer and the page's number.
const FOOTER_GAP: f32 = 20.0;
const PAGE_LABEL_WIDTH: f32 = 120.0;

pub(crate) fn print(
    document: &Document,
    pages: &[Vec<Placed>],
    tags: &Tags,
    headings: &[(u16, String)],
) -> Result<Vec<u8>, KrillaError> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .unwrap_or_default();
    let settings =
        krilla::SerializeSettings { configuration, ..krilla::SerializeSettings::default() };
    let mut pdf = krilla::Document::new_with(settings);
    let mut setter = Setter::new(&document.language, document.right_to_left);
    let mut leaves = Vec::new();
    let mut outline = Outline::new();
    for (index, placed) in pages.iter().enumerate() {
        let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).unwrap_or_default();
        let mut page = pdf.start_page_with(size);
        let mut surface = page.surface();
        let mut press = Press {
            right_to_left: document.right_to_left,
            surface: &mut surface,
            leaves: &mut leaves,
        };
        for Placed { top, slab } in placed {
            let top = BODY_TOP + top;
            slab.marks.iter().for_each(|mark| press.mark(mark, top));
            if let Some((_, text)) = slab.heading.and_then(|heading| headings.get(heading)) {
                let place = XyzDestination::new(index, Point::from_xy(0.0, (top - 10.0).max(0.0)));
                outline.push_child(OutlineNode::new(text.clone(), place));
            }
        }
        press.edges(document, &mut setter, index + 1, pages.len());
        surface.finish();
        page.finish();
    }
    pdf.set_outline(outline);
    pdf.set_tag_tree(tags.tree(&leaves));
    pdf.set_metadata(metadata(document, headings));
    pdf.finish()
}

struct Press<'a, 'b> {
    right_to_left: bool,
    surface: &'a mut Surface<'b>,
    leaves: &'a mut Vec<(NodeId, Identifier)>,
}

impl Press<'_, '_> {
    fn mark(&mut self, mark: &Mark, top: f32) {
        match mark {
            Mark::Text { line, left, baseline, size, ink, node } => {
                if line.runs.is_empty() {
                    return;
                }
                let kind = ArtifactType::PaginationOther;
                let tag = match node {
                    Some(_) => ContentTag::Span(SpanTag::empty()),
                    None => ContentTag::Artifact(Artifact::with_kind(kind)),
                };
                let leaf = self.surface.start_tagged(tag);
                self.line(line, MARGIN + left, top + baseline, *size, *ink);
                self.surface.end_tagged();
                self.leaves.extend(node.map(|node| (node, leaf)));
            }
            Mark::Bar { left, top: within, width, height, ink } => {
                self.bar(*left, top + within, *width, *height, *ink);
            }
        }
    }

    /// A line by the left of what is seen of it; the blank at its end hangs over.
    fn line(&mut self, line: &Line, left: f32, baseline: f32, size: f32, ink: Ink) {
        self.surface.set_fill(Some(fill(ink)));
        let mut x = if line.right_to_left { left - line.blank * size } else { left };
        for run in &line.runs {
            let font = faces()[run.face].embedded.clone();
            self.surface.draw_glyphs(
                Point::from_xy(x, baseline),
                &run.glyphs,
                font,
                &run.text,
                size,
                false,
            );
            x += run.width * size;
        }
    }

    fn bar(&mut self, left: f32, top: f32, width: f32, height: f32, ink: Ink) {
        let left = MARGIN + if self.right_to_left { MEASURE - left - width } else { left };
        let Some(rect) = Rect::from_xywh(left, top, width, height) else { return };
        let mut path = PathBuilder::new();
        path.push_rect(rect);
        let Some(path) = path.finish() else { return };
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        self.surface.set_fill(Some(fill(ink)));
        self.surface.draw_path(&path);
        self.surface.end_tagged();
    }

    /// The foot of the page, and on all pages but the first the head.
    fn edges(&mut self, document: &Document, setter: &mut Setter, page: usize, pages: usize) {
        self.bar(0.0, FOOTER_TOP, MEASURE, HAIRLINE, RULE);
        let top = FOOTER_TOP + 8.0;
        let label =
            setter.lines_max(&(document.page_label)(page, pages), FOOTER, PAGE_LABEL_WIDTH, 2);
        self.edge(&label, FOOTER, top, true, ArtifactType::Footer);
        let width = MEASURE - PAGE_LABEL_WIDTH - FOOTER_GAP;
        let footer = setter.lines_max(&document.footer, FOOTER, width, 2);
        self.edge(&footer, FOOTER, top, false, ArtifactType::Footer);
        if page > 1 {
            let width = MEASURE / 2.0 - FOOTER_GAP;
            let title = setter.lines_max(&document.title, FOOTER, width, 1);
            self.edge(&title, FOOTER, HEADER_TOP, false, ArtifactType::Header);
            let author = setter.lines_max(&document.author, FOOTER, width, 1);
            self.edge(&author, FOOTER, HEADER_TOP, true, ArtifactType::Header);
        }
    }

    fn edge(&mut self, lines: &[Line], style: Style, top: f32, at_end: bool, kind: ArtifactType) {
        let mut baseline = top + style.size;
        for line in lines.iter().filter(|line| !line.runs.is_empty()) {
            let slack =
                if at_end == self.right_to_left { 0.0 } else { MEASURE - line.width * style.size };
            self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
            self.line(line, MARGIN + slack, baseline, style.size, style.ink);
            self.surface.end_tagged();
            baseline += style.leading;
        }
    }
}

fn fill([red, green, blue]: Ink) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn metadata(document: &Document, headings: &[(u16, String)]) -> Metadata {
    let created = jiff::tz::Offset::UTC.to_datetime(document.created);
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(u16::try_from(created.year()).unwrap_or_default())
        .month(small(created.month()))
        .day(small(created.day()))
        .hour(small(created.hour()))
        .minute(small(created.minute()))
        .second(small(created.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    let direction = if document.right_to_left {
        TextDirection::RightToLeft
    } else {
        TextDirection::LeftToRight
    };
    let plain = |text: &str| crate::clean::clean(text).replace('\n', " ").trim().to_owned();
    // An accessible PDF must have a title.
    let named = [
        document.title.as_str(),
        headings.first().map_or("", |(_, text)| text),
        &document.author,
        "–",
    ];
    let title = named.into_iter().map(plain).find(|title| !title.is_empty()).unwrap_or_default();
    let author = plain(&document.author);
    let metadata = Metadata::new().title(title).creation_date(date).text_direction(direction);
    let metadata = metadata.language(document.language.clone());
    if author.is_empty() { metadata } else { metadata.authors(vec![author]) }
}
