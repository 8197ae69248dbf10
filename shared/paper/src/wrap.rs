//! Breaks a text into lines no wider than asked, each a row of runs in visual order.

use std::ops::Range;

use icu_segmenter::options::{LineBreakOptions, LineBreakWordOption};
use icu_segmenter::{GraphemeClusterSegmenter, LineSegmenter, LineSegmenterBorrowed};
use unicode_bidi::{BidiClass, Level, ParagraphBidiInfo, bidi_class};

use crate::clean::{clean, is_hint};
use crate::fonts::{Weight, face_for};
use crate::shape::{Run, Shaping};
use crate::style::Style;

/// How many characters are set as one; ordering a line takes time in proportion to its paragraph.
const PARAGRAPH_MAX: usize = 20_000;

/// One line; lengths are in ems.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// From left to right.
    pub(crate) runs: Vec<Run>,
    /// Less the blank at its end.
    pub(crate) width: f32,
    /// The blank at its end, kept so that words stay apart in what is read out.
    pub(crate) blank: f32,
    /// Whether that blank is on the left.
    pub(crate) right_to_left: bool,
}

/// Sets texts in lines.
pub(crate) struct Setter {
    shaping: Shaping,
    breaks: LineSegmenterBorrowed<'static>,
    right_to_left: bool,
}

impl Setter {
    pub(crate) fn new(language: &str, right_to_left: bool) -> Self {
        let mut options = LineBreakOptions::default();
        // Korean may break within words, but does not on paper that is kept.
        options.word_option =
            (language.get(..2) == Some("ko")).then_some(LineBreakWordOption::KeepAll);
        let breaks = LineSegmenter::new_dictionary(options);
        Self { shaping: Shaping::new(language), breaks, right_to_left }
    }

    /// The lines of a text: none if it is blank.
    pub(crate) fn lines(&mut self, text: &str, style: Style, width: f32) -> Vec<Line> {
        self.some_lines(text, style, width, usize::MAX)
    }

    /// The lines of a text; no more are set once there are enough.
    fn some_lines(&mut self, text: &str, style: Style, width: f32, enough: usize) -> Vec<Line> {
        let text = clean(text);
        let mut lines = Vec::new();
        for paragraph in text.trim().lines() {
            let mut rest = paragraph.trim();
            loop {
                let cut = rest.char_indices().nth(PARAGRAPH_MAX).map_or(rest.len(), |(cut, _)| cut);
                self.paragraph(&rest[..cut], style.weight, width / style.size, enough, &mut lines);
                rest = &rest[cut..];
                if rest.is_empty() || lines.len() >= enough {
                    break;
                }
            }
        }
        lines.truncate(
            lines.iter().rposition(|line| !line.runs.is_empty()).map_or(0, |last| last + 1),
        );
        lines
    }

    /// The lines of a text, of which the last ends in an ellipsis if there were more.
    pub(crate) fn lines_max(
        &mut self,
        text: &str,
        style: Style,
        width: f32,
        most: usize,
    ) -> Vec<Line> {
        // No line holds more characters than this: what is cut here would not be shown anyway.
        let bound = most * 600;
        let mut lines = match text.char_indices().nth(bound) {
            Some((end, _)) => self.some_lines(&text[..end], style, width, most + 1),
            None => self.some_lines(text, style, width, most + 1),
        };
        if lines.len() > most {
            lines.truncate(most);
            let mut last: String = lines.pop().map(|line| line.logical()).unwrap_or_default();
            last.truncate(last.trim_end().len());
            loop {
                let shortened = self.some_lines(&format!("{last}…"), style, width, 2);
                if shortened.len() == 1 {
                    lines.extend(shortened);
                    break;
                }
                if last.pop().is_none() {
                    break;
                }
            }
        }
        lines
    }

    fn paragraph(
        &mut self,
        text: &str,
        weight: Weight,
        width: f32,
        enough: usize,
        lines: &mut Vec<Line>,
    ) {
        if text.is_empty() {
            lines.push(Line::default());
            return;
        }
        // In a document from right to left, a text without a letter of such a script (an amount, a name) keeps its own order.
        let leftwards = |character| matches!(bidi_class(character), BidiClass::R | BidiClass::AL);
        let rtl = self.right_to_left && text.chars().any(leftwards);
        let bidi =
            ParagraphBidiInfo::new(text, Some(if rtl { Level::rtl() } else { Level::ltr() }));
        let whole = self.line(&bidi, 0..text.len(), weight, rtl);
        if whole.width <= width {
            lines.push(whole);
            return;
        }
        let at = positions(&whole, text);
        let mut start = 0;
        while start < text.len() && lines.len() < enough {
            let end = self.end_of_line(text, &at, start, width);
            let (line, end) = self.fitting(&bidi, start..end, weight, rtl, width);
            if !line.runs.is_empty() {
                lines.push(line);
            }
            start = end;
        }
    }

    /// The furthest break that the measured widths allow; inside a word if there is none.
    fn end_of_line(&self, text: &str, at: &[f32], start: usize, width: f32) -> usize {
        let rest = &text[start..];
        let fits = |end: usize| at[start + rest[..end].trim_end().len()] - at[start] <= width;
        // A line is but the beginning of the rest: no more of it is looked at than can be needed.
        let horizon = rest.char_indices().find(|&(i, _)| at[start + i] - at[start] > width + 12.0);
        let near = &rest[..horizon.map_or(rest.len(), |(i, _)| i)];
        let mut best = 0;
        for end in self.breaks.segment_str(near).skip(1) {
            if end == near.len() && end < rest.len() {
                break;
            }
            if !fits(end) {
                break;
            }
            best = end;
        }
        if best > 0 {
            return start + best;
        }
        let mut first = None;
        for end in GraphemeClusterSegmenter::new().segment_str(near).skip(1) {
            first.get_or_insert(end);
            if !fits(end) {
                break;
            }
            best = end;
        }
        start + if best > 0 { best } else { first.unwrap_or(rest.len()) }
    }

    /// The line as shaped on its own, shortened while that made it too wide, as it may when letters no longer join.
    fn fitting(
        &mut self,
        bidi: &ParagraphBidiInfo<'_>,
        range: Range<usize>,
        weight: Weight,
        rtl: bool,
        width: f32,
    ) -> (Line, usize) {
        let mut end = range.end;
        loop {
            let line = self.line(bidi, range.start..end, weight, rtl);
            if line.width <= width + 1e-3 {
                return (line, end);
            }
            let text = &bidi.text[range.start..end];
            let shorter = GraphemeClusterSegmenter::new()
                .segment_str(text)
                .filter(|&cut| cut < text.len())
                .last();
            match shorter {
                Some(cut) if cut > 0 => end = range.start + cut,
                _ => return (line, end),
            }
        }
    }

    fn line(
        &mut self,
        bidi: &ParagraphBidiInfo<'_>,
        range: Range<usize>,
        weight: Weight,
        rtl: bool,
    ) -> Line {
        let mut line = Line { right_to_left: rtl, ..Line::default() };
        let (levels, runs) = bidi.visual_runs(range.clone());
        for run in runs {
            let leftwards = levels[run.start].is_rtl();
            let mut parts = by_face(bidi.text, run, weight);
            if leftwards {
                parts.reverse();
            }
            line.runs.extend(parts.into_iter().map(|(face, part)| {
                let text = bidi.text[part.clone()].to_owned();
                self.shaping.run(face, leftwards, part.start, text)
            }));
        }
        let text = &bidi.text[range];
        let blanks = text.chars().rev().take_while(|&c| c == ' ').count();
        let last = if rtl { line.runs.first() } else { line.runs.last() };
        if let Some(last) = last {
            let glyphs: &mut dyn Iterator<Item = _> =
                if rtl { &mut last.glyphs.iter() } else { &mut last.glyphs.iter().rev() };
            line.blank = glyphs.take(blanks).map(|glyph| glyph.x_advance).sum();
        }
        line.width = line.runs.iter().map(|run| run.width).sum::<f32>() - line.blank;
        line
    }
}

impl Line {
    /// Its text; runs of a line that mixes directions are in visual order, which is enough to cut it short.
    fn logical(&self) -> String {
        let texts = self.runs.iter().map(|run| run.text.as_str());
        if self.right_to_left { texts.rev().collect() } else { texts.collect() }
    }
}

/// For each byte of the text, how wide everything before it is, in the order of reading.
fn positions(line: &Line, text: &str) -> Vec<f32> {
    let mut widths = vec![0.0; text.len()];
    for run in &line.runs {
        for glyph in &run.glyphs {
            // A ligature is shared among its letters, so that a break within can be measured.
            let range = run.start + glyph.text_range.start..run.start + glyph.text_range.end;
            let share = glyph.x_advance / range.len().max(1) as f32;
            widths[range].iter_mut().for_each(|width| *width += share);
        }
    }
    let mut sum = 0.0;
    let sums = widths.into_iter().map(|width| {
        sum += width;
        sum
    });
    std::iter::once(0.0).chain(sums).collect()
}

/// The range in parts that one face can set, without the hints, which no face sets.
fn by_face(text: &str, range: Range<usize>, weight: Weight) -> Vec<(usize, Range<usize>)> {
    let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
    let mut before = None;
    for (offset, character) in text[range.clone()].char_indices() {
        let start = range.start + offset;
        let end = start + character.len_utf8();
        if is_hint(character) {
            before = None;
            continue;
        }
        let Some(face) = face_for(character, weight, before) else { continue };
        match parts.last_mut() {
            Some((last, part)) if *last == face && part.end == start => part.end = end,
            _ => parts.push((face, start..end)),
        }
        before = Some(face);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::PARAGRAPH;

    fn set(text: &str, right_to_left: bool, width: f32) -> Vec<String> {
        let lines = Setter::new("en", right_to_left).lines(text, PARAGRAPH, width);
        for line in &lines {
            assert!(line.width * PARAGRAPH.size <= width + 0.1, "{text:?}: {}", line.width);
        }
        lines.iter().map(Line::logical).collect()
    }

    #[test]
    fn lines_break_at_blanks_and_keep_them() {
        assert_eq!(set("one two three", false, 45.0), ["one two ", "three"]);
        assert_eq!(set("", false, 45.0), [""; 0]);
        assert_eq!(set("one\n\ntwo\n", false, 45.0), ["one", "", "two"]);
    }

    #[test]
    fn thai_breaks_between_words_and_korean_at_blanks() {
        assert_eq!(set("คะแนนสะสม", false, 40.0), ["คะแนน", "สะสม"]);
        let lines = Setter::new("ko", false).lines("적립 포인트가", PARAGRAPH, 42.0);
        assert_eq!(lines.iter().map(Line::logical).collect::<Vec<_>>(), ["적립 ", "포인트가"]);
    }

    #[test]
    fn a_word_too_long_is_broken() {
        let lines = set(&"x".repeat(500), false, 60.0);
        assert!(lines.len() > 20);
        assert_eq!(lines.concat(), "x".repeat(500));
        let arabic = set(&"س".repeat(200), true, 60.0);
        assert_eq!(arabic.concat(), "س".repeat(200));
    }

    #[test]
    fn too_many_lines_end_in_an_ellipsis() {
        let lines = Setter::new("en", false).lines_max(&"word ".repeat(100), PARAGRAPH, 60.0, 3);
        let texts: Vec<String> = lines.iter().map(Line::logical).collect();
        assert_eq!(texts, ["word word ", "word word ", "word word…"]);
    }

    #[test]
    fn arabic_with_a_number_is_in_visual_order() {
        let lines = Setter::new("ar", true).lines("رصيد 120 نقطة", PARAGRAPH, 300.0);
        let texts: Vec<&str> = lines[0]
            .runs
            .iter()
            .map(|run| run.text.trim())
            .filter(|text| !text.is_empty())
            .collect();
        assert_eq!(texts, ["نقطة", "120", "رصيد"]);
    }
}
