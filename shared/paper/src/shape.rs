//! Turns a run of text in one direction and one face into glyphs.

use std::str::FromStr;

use harfrust::{
    Direction, Feature, Language, Script, ShapeOptions, ShapePlan, Shaper, Tag, UnicodeBuffer,
};
use krilla::text::{GlyphId, KrillaGlyph};

use crate::fonts::faces;

/// Glyphs from left to right, with the text they stand for; lengths are in ems.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) face: usize,
    /// Where in its paragraph the text begins, in bytes.
    pub(crate) start: usize,
    pub(crate) text: String,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    pub(crate) width: f32,
}

/// Shapes text, and remembers what it worked out of the fonts.
pub(crate) struct Shaping {
    language: Option<Language>,
    shapers: Vec<Shaper<'static>>,
    plans: Vec<(usize, Direction, Script, ShapePlan)>,
    buffer: UnicodeBuffer,
}

impl Shaping {
    pub(crate) fn new(language: &str) -> Self {
        let shapers = faces().iter().map(|face| face.shaping.shaper(&face.font).build()).collect();
        Self {
            language: Language::from_str(language).ok(),
            shapers,
            plans: Vec::new(),
            buffer: UnicodeBuffer::new(),
        }
    }

    /// Shapes text that is in one direction and for which the face has every character.
    pub(crate) fn run(
        &mut self,
        face: usize,
        right_to_left: bool,
        start: usize,
        text: String,
    ) -> Run {
        let mut buffer = std::mem::replace(&mut self.buffer, UnicodeBuffer::new());
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        let direction = if right_to_left { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        if let Some(language) = &self.language {
            buffer.set_language(language.clone());
        }
        let script = buffer.script();
        // All digits as wide, everywhere: figures are compared more often than they are read as prose.
        let features = [Feature::new(Tag::new(b"tnum"), 1, ..)];
        let face_shaper = &self.shapers[face];
        let known = self
            .plans
            .iter()
            .position(|plan| (plan.0, plan.1, plan.2) == (face, direction, script));
        let known = known.unwrap_or_else(|| {
            let plan = ShapePlan::new(
                face_shaper,
                direction,
                Some(script),
                self.language.as_ref(),
                &features,
            );
            self.plans.push((face, direction, script, plan));
            self.plans.len() - 1
        });
        let options = ShapeOptions::new().plan(Some(&self.plans[known].3)).features(&features);
        let output = face_shaper.shape(buffer, options);

        let mut starts: Vec<usize> =
            output.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        starts.sort_unstable();
        starts.dedup();
        let per_em = faces()[face].embedded.units_per_em();
        let ems = |units: i32| units as f32 / per_em;
        let mut width = 0.0;
        let glyphs =
            output.glyph_infos().iter().zip(output.glyph_positions()).map(|(info, position)| {
                let start = info.cluster as usize;
                let after = starts.partition_point(|&other| other <= start);
                let end = starts.get(after).copied().unwrap_or(text.len());
                width += ems(position.x_advance);
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    ems(position.x_advance),
                    ems(position.x_offset),
                    ems(position.y_offset),
                    ems(position.y_advance),
                    start..end,
                    None,
                )
            });
        let glyphs = glyphs.collect();
        self.buffer = output.clear();
        Run { face, start, text, glyphs, width }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::{Weight, face_for};

    fn shape(text: &str, right_to_left: bool) -> Run {
        let face = face_for(text.chars().next().unwrap(), Weight::Regular, None).unwrap();
        Shaping::new("en").run(face, right_to_left, 0, text.into())
    }

    #[test]
    fn all_digits_are_as_wide() {
        assert!((shape("1111", false).width - shape("0868", false).width).abs() < 1e-6);
    }

    #[test]
    fn arabic_letters_join_and_run_leftwards() {
        let run = shape("سلام", true);
        assert!(
            run.glyphs.first().unwrap().text_range.start
                > run.glyphs.last().unwrap().text_range.start
        );
        let apart: f32 = "سلام".chars().map(|letter| shape(&letter.to_string(), true).width).sum();
        assert!(run.width < apart);
    }

    #[test]
    fn glyphs_cover_the_text() {
        let run = shape("น้ำ", false);
        assert_eq!(run.glyphs.iter().map(|glyph| glyph.text_range.start).min(), Some(0));
        assert_eq!(run.glyphs.iter().map(|glyph| glyph.text_range.end).max(), Some("น้ำ".len()));
    }
}
