//! "Did you mean": the known word nearest to an unknown one.

/// The candidate nearest to `word` by edit distance, if it is near enough to be what was meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    let allowed = length.div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), ignoring ASCII case.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut previous = None;
    for (i, a) in one.chars().map(|c| c.to_ascii_lowercase()).enumerate() {
        let mut row = vec![i.saturating_add(1)];
        for (j, (b, window)) in other.iter().zip(last.windows(2)).enumerate() {
            let &[diagonal, above] = window else { continue };
            let left = row.last().copied().unwrap_or(usize::MAX);
            let mut cost = left
                .min(above)
                .saturating_add(1)
                .min(diagonal.saturating_add(usize::from(a != *b)));
            let before = j.checked_sub(1).and_then(|j| Some((other.get(j)?, before_last.get(j)?)));
            if let (Some(previous), Some((before, swapped))) = (previous, before)
                && a == *before
                && previous == *b
            {
                cost = cost.min(swapped.saturating_add(1));
            }
            row.push(cost);
        }
        previous = Some(a);
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("gold", "gold", 0),
            ("gold", "glod", 1),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("Net", "net", 0),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn only_near_words_are_suggested() {
        let known = ["name", "currency", "time_zone"];
        assert_eq!(nearest("curency", known), Some("currency"));
        assert_eq!(nearest("timezone", known), Some("time_zone"));
        assert_eq!(nearest("expiry", known), None);
        assert_eq!(nearest("byus", ["bids", "buys"]), Some("buys"), "letters change places");
    }
}
