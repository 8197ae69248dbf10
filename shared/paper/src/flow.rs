//! What layout hands to pagination: slabs, each a strip across the page that is never split.

use std::rc::Rc;

use crate::style::Ink;
use crate::tags::{NodeId, Tags};
use crate::wrap::Line;

/// A mark on the paper, placed from the start of the line (the right in a document from right to left) and the slab's top.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    /// A line of text, by its visible width, from its left in points.
    Text {
        line: Rc<Line>,
        left: f32,
        baseline: f32,
        size: f32,
        ink: Ink,
        /// Where it belongs in the document's structure; nowhere if it only repeats what was said.
        node: Option<NodeId>,
    },
    /// A filled rectangle, which only adorns.
    Bar { left: f32, top: f32, width: f32, height: f32, ink: Ink },
}

/// A strip of the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slab {
    /// Room above it, unless it is the first of its page.
    pub(crate) before: f32,
    pub(crate) height: f32,
    pub(crate) marks: Vec<Mark>,
    /// Whether it must be on the page of the slab after it.
    pub(crate) with_next: bool,
    /// What is set above it when it is the first of its page.
    pub(crate) repeat: Option<Rc<Slab>>,
    /// The heading that begins with it, by its place among the headings.
    pub(crate) heading: Option<usize>,
}

/// A document laid out, but not yet on pages.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    pub(crate) slabs: Vec<Slab>,
    pub(crate) tags: Tags,
    /// The texts of the headings, in order, with their depth.
    pub(crate) headings: Vec<(u16, String)>,
}
