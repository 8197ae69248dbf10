//! Selections: lines of an order by category or product, and a way to see at once that they select none.

use std::ops::BitOr;

use crate::event::Line;

/// Lines by category or product. A product matches a line's product id or SKU.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    categories: Vec<String>,
    products: Vec<String>,
    marks: Marks,
}

impl Selection {
    /// Selects lines of these categories, and lines of these products.
    pub fn new(categories: Vec<String>, products: Vec<String>) -> Self {
        let marks = categories.iter().chain(&products).map(|text| Marks::of(text));
        let marks = marks.fold(Marks::default(), Marks::bitor);
        Self { categories, products, marks }
    }

    /// Category names.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// Product ids or SKUs.
    pub fn products(&self) -> &[String] {
        &self.products
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.marks == Marks::default()
    }

    /// Whether the marks of lines tell that it selects none of them. Saying no is no promise.
    pub(crate) fn misses(&self, lines: Marks) -> bool {
        self.marks.0 & lines.0 == 0
    }

    /// Whether it selects a line.
    pub(crate) fn selects(&self, line: &Line) -> bool {
        let product =
            |id: &String| line.product.as_ref() == Some(id) || line.sku.as_ref() == Some(id);
        self.products.iter().any(product)
            || self.categories.iter().any(|category| line.categories.contains(category))
    }
}

/// Which of 64 marks some texts leave: two sets of texts without a mark in common have no text in common.
///
/// A filter after B. H. Bloom, "Space/time trade-offs in hash coding with allowable errors" (1970), with one hash function.
/// Nearly every rule is for none of an order's lines, and to see that must not take a comparison for each of its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Marks(u64);

impl Marks {
    /// The mark of a text, by its length and its last letters: product numbers begin alike.
    fn of(text: &str) -> Self {
        let place = match text.as_bytes() {
            [.., before, last] => last.wrapping_add(before.wrapping_mul(10)),
            rest => rest.first().copied().unwrap_or_default(),
        };
        let length = text.len().to_le_bytes()[0];
        Self(1 << (place.wrapping_add(length.wrapping_mul(11)) % 64))
    }

    /// The marks of all that a selection can name of a line.
    pub(crate) fn of_line(line: &Line) -> Self {
        let categories = line.categories.iter().map(|category| Self::of(category));
        [&line.product, &line.sku]
            .into_iter()
            .flatten()
            .map(|text| Self::of(text))
            .chain(categories)
            .fold(Self::default(), Self::bitor)
    }
}

impl BitOr for Marks {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(product: Option<String>, sku: Option<String>, categories: Vec<String>) -> Line {
        Line {
            id: "1".to_owned(),
            product,
            sku,
            categories,
            quantity_milli: 1000,
            current_milli: 1000,
            net_minor: 100,
            gift_card: false,
            tip: false,
        }
    }

    proptest! {
        /// Marks only ever spare the comparison.
        #[test]
        fn a_line_is_selected_if_one_of_its_texts_is_named(
            product in prop::option::of("[ab1é]{0,3}"),
            sku in prop::option::of("[ab1é]{0,3}"),
            categories in prop::collection::vec("[ab1é]{0,3}", 0..3),
            named in prop::collection::vec("[ab1é]{0,3}", 0..4),
            named_categories in prop::collection::vec("[ab1é]{0,3}", 0..4),
        ) {
            let by_product = named.iter().any(|text| Some(text) == product.as_ref() || Some(text) == sku.as_ref());
            let by_category = named_categories.iter().any(|text| categories.contains(text));
            let selection = Selection::new(named_categories, named);
            let line = line(product, sku, categories);
            prop_assert_eq!(selection.selects(&line), by_product || by_category);
            prop_assert!(!selection.selects(&line) || !selection.misses(Marks::of_line(&line)));
        }
    }

    #[test]
    fn numbers_that_follow_each_other_leave_different_marks() {
        let marks = (100..150).map(|n| Marks::of(&format!("product-{n}")).0);
        let all = marks.fold(0, |all, mark| all | mark).count_ones();
        assert!(all > 40, "{all} of 64 marks");
    }
}
