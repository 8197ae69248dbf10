//! `mystery`: a grant of one of several outcomes.

use crate::{
    calendar::Length,
    programme::{
        Grant, Mystery, Outcome, Reveal,
        parse::{
            reader::{Item, Reader, Table},
            reward::{Of, gives},
            unique_ids,
        },
    },
    spelling::nearest,
};

/// More outcomes of one gift or game than anyone has; each is stored with every gift until its reveal, and every win.
pub(super) const OUTCOMES_MAX: usize = 20;

/// More grants of one outcome than anyone has: they are written beside those of the reward, in one transaction.
const GRANTS_MAX: usize = 5;

pub(super) fn mystery(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Mystery> {
    let reveal = reader.item(table, "reveal");
    let Some(item) = reader.item(table, "mystery") else {
        if let Some(reveal) = reveal {
            reader.fault(reveal.span, "`reveal` belongs to a mystery gift");
        }
        return None;
    };
    let tables = reader.tables(table, "mystery");
    if item.value.as_array().is_some_and(|array| array.is_empty()) {
        reader.fault_with_help(
            item.span.clone(),
            "the mystery gift has no outcomes",
            format!("write, for example, {}", item.field.example),
        );
    }
    if tables.len() > OUTCOMES_MAX {
        reader.fault(item.span, format!("a mystery gift has at most {OUTCOMES_MAX} outcomes"));
    }
    let outcomes = outcomes(reader, &tables, "mystery outcome", gives);
    let reveal = reveal.and_then(|item| revealed(reader, table, &item));
    Some(Mystery { outcomes, reveal: reveal.unwrap_or(Reveal::Now) })
}

/// What one of several is decided of by chance: the outcomes of a mystery gift, the prizes of an instant win.
pub(super) fn outcomes(
    reader: &mut Reader<'_>,
    tables: &[Table<'_>],
    what: &str,
    gives: impl Fn(&mut Reader<'_>, &Table<'_>, Of) -> Vec<Grant>,
) -> Vec<Outcome> {
    let ids = unique_ids(reader, tables, what);
    let mut outcomes = Vec::with_capacity(tables.len());
    for (table, id) in tables.iter().zip(ids) {
        let gives = gives(reader, table, Of::Outcome);
        if let Some(item) = reader.item(table, "gives").filter(|_| gives.len() > GRANTS_MAX) {
            reader.fault(item.span, format!("an outcome gives at most {GRANTS_MAX} things"));
        }
        outcomes.push(Outcome {
            name: reader.name(table, "name").unwrap_or_else(|| id.clone()),
            id,
            weight: reader.whole(table, "weight").unwrap_or(1),
            stock: reader.whole(table, "stock"),
            gives,
        });
    }
    outcomes
}

fn revealed(reader: &mut Reader<'_>, table: &Table<'_>, item: &Item<'_>) -> Option<Reveal> {
    let text = reader.item_text(item)?;
    match text.value {
        "now" => Some(Reveal::Now),
        "opened" => Some(Reveal::Opened),
        length if Length::parse(length).is_some() => {
            reader.length(table, "reveal").map(Reveal::After)
        }
        other => {
            let help = match nearest(other, ["now", "opened"]) {
                Some(word) => format!("did you mean {word:?}?"),
                None => format!("it may be {}", item.field.kind.expected()),
            };
            reader.fault_with_help(text.span, format!("`reveal` cannot be {other:?}"), help);
            None
        }
    }
}

/// What some grants come to without end, on average, rounded up. What has a stock comes to an end; when it has, the odds of a
/// mystery gift are those of the rest.
pub(super) fn without_end(gives: &[Grant], units: impl Fn(&Grant) -> i64) -> i64 {
    let mysteries = gives.iter().map(|grant| match grant {
        Grant::Mystery(mystery) => average(&mystery.outcomes, 1, 1, &units),
        Grant::Voucher(_) | Grant::Credit(_) | Grant::Points(_) | Grant::Badge(_) => 0,
    });
    mysteries.fold(sum(gives, &units), i64::saturating_add)
}

/// What so many of so many decisions among some outcomes come to on average, rounded up, when those with a stock are gone.
pub(super) fn average(
    outcomes: &[Outcome],
    chance: u64,
    of: u64,
    units: impl Fn(&Grant) -> i64,
) -> i64 {
    let endless = || outcomes.iter().filter(|outcome| outcome.stock.is_none());
    let weighed = endless().map(|outcome| {
        let units = i128::from(sum(&outcome.gives, &units));
        i128::from(outcome.weight).saturating_mul(units).saturating_mul(i128::from(chance))
    });
    let weighed = weighed.fold(0, i128::saturating_add);
    let weights = endless().map(|outcome| i128::from(outcome.weight)).sum::<i128>();
    let weights = weights.saturating_mul(i128::from(of));
    let up = weighed.saturating_add(weights).saturating_sub(1).checked_div(weights);
    i64::try_from(up.unwrap_or(0)).unwrap_or(i64::MAX)
}

fn sum(gives: &[Grant], units: impl Fn(&Grant) -> i64) -> i64 {
    gives.iter().map(units).fold(0, i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use crate::{
        calendar::{Length, Unit},
        programme::{Reveal, parse},
    };

    /// A programme with one reward at 100 points of 0.01 EUR, with a mystery gift.
    fn file(gift: &str) -> String {
        format!(
            "[programme]\nname = \"Club\"\ncurrency = \"EUR\"\npoints = {{ value = \"0.01 EUR\" }}\n\
             [[reward]]\nid = \"x\"\nprice = {{ points = 100 }}\ngives = [{{ {gift} }}]\n"
        )
    }

    #[track_caller]
    fn check(gift: &str, said: &str) {
        let source = file(gift);
        let faults = parse(&source).expect_err(gift);
        let lines = faults.iter().map(|fault| {
            let at = source.get(fault.span.clone()).unwrap();
            let help = fault.suggestion.as_ref().map(|help| format!(" ({help})"));
            format!("{at} => {}{}", fault.message, help.unwrap_or_default())
        });
        assert_eq!(lines.collect::<Vec<_>>().join("\n"), said, "{gift}");
    }

    const MUG: &str = r#"{ id = "mug", weight = 1, gives = [{ voucher = "product", sku = "M" }] }"#;

    #[test]
    fn outcomes_and_the_reveal_are_read() {
        let reveals = [
            ("", Reveal::Now),
            ("reveal = \"now\", ", Reveal::Now),
            ("reveal = \"opened\", ", Reveal::Opened),
            ("reveal = \"7 days\", ", Reveal::After(Length { count: 7, unit: Unit::Days })),
        ];
        for (text, reveal) in reveals {
            let stock = MUG.replace("weight", "name = \"A mug\", stock = 5, weight");
            let programme = parse(&file(&format!("{text}mystery = [{stock}]"))).unwrap();
            let mystery = programme.rewards[0].mystery().unwrap();
            let mug = &mystery.outcomes[0];
            assert_eq!(mystery.reveal, reveal);
            assert_eq!((mug.name.as_str(), mug.stock, mug.weight), ("A mug", Some(5), 1));
            assert_eq!(mug.stock_name("x"), "x/mug");
        }
    }

    #[test]
    fn every_fault_is_told_where_it_is() {
        check(
            "mystery = []",
            "[] => the mystery gift has no outcomes (write, for example, mystery = [{ id = \"mug\", weight = 1, gives = [{ credit = \"9.00 EUR\" }] }])",
        );
        for (weight, said) in [
            ("0", "0 => `weight` must be 1 or more"),
            ("-3", "-3 => `weight` must be 1 or more"),
            ("1_000_001", "1_000_001 => `weight` must be 1000000 or less"),
            (
                "1.5",
                "1.5 => `weight` is a number with a point (write a whole number: amounts are exact)",
            ),
        ] {
            let outcome = MUG.replace("weight = 1", &format!("weight = {weight}"));
            check(&format!("mystery = [{outcome}]"), said);
        }
        check(
            &format!("mystery = [{MUG}, {MUG}]"),
            "\"mug\" => there is already a mystery outcome \"mug\"",
        );
        check(
            "mystery = [{ id = \"mug\" }]",
            "{ id = \"mug\" } => reward.mystery has no `weight` (write, for example, weight = 3)\n\
             { id = \"mug\" } => reward.mystery has no `gives` (write, for example, gives = [{ voucher = \"product\", sku = \"MUG\" }])",
        );
        check(
            "mystery = [{ id = \"mug\", weight = 1, gives = [] }]",
            "[] => the outcome gives nothing (write, for example, gives = [{ credit = \"5.00 EUR\" }])",
        );
        check(
            &format!("mystery = [{{ id = \"a\", weight = 1, gives = [{{ mystery = [{MUG}] }}] }}]"),
            &format!(
                "{{ mystery = [{MUG}] }} => this gives nothing (write a `voucher`, `credit`, `points` or `badge`)\n\
                 mystery => gives has no key `mystery` (it may have voucher, sku, amount, valid, codes, credit, points, badge, name)"
            ),
        );
        check(
            &format!("mystery = [{MUG}], points = 3"),
            &format!(
                "{{ mystery = [{MUG}], points = 3 }} => one grant is a points, not also mystery (write each in braces of its own)"
            ),
        );
        check(
            &format!("mystery = [{MUG}] }}, {{ mystery = [{MUG}]"),
            &format!(
                "{{ mystery = [{MUG}] }} => a reward has one mystery gift (write its outcomes into the first)"
            ),
        );
        let six = ["{ points = 1 }"; 6].join(", ");
        check(
            &format!("mystery = [{{ id = \"a\", weight = 1, stock = 1, gives = [{six}] }}]"),
            &format!("[{six}] => an outcome gives at most 5 things"),
        );
        check("points = 3, reveal = \"now\"", "\"now\" => `reveal` belongs to a mystery gift");
        check(
            "mystery = 5",
            "5 => `mystery` is a number, expected a list of tables (write, for example, mystery = [{ id = \"mug\", weight = 1, gives = [{ credit = \"9.00 EUR\" }] }])",
        );
    }

    #[test]
    fn the_reveal_is_a_word_or_a_length() {
        for (reveal, said) in [
            ("\"openned\"", "`reveal` cannot be \"openned\" (did you mean \"opened\"?)"),
            (
                "\"next spring\"",
                "`reveal` cannot be \"next spring\" (it may be \"now\" or \"opened\" or a length such as \"30 days\")",
            ),
            ("\"0 days\"", "`reveal` must be longer than nothing"),
            (
                "7",
                "`reveal` is a number, expected \"now\" or \"opened\" or a length such as \"30 days\" (write, for example, reveal = \"7 days\")",
            ),
        ] {
            check(&format!("reveal = {reveal}, mystery = [{MUG}]"), &format!("{reveal} => {said}"));
        }
    }

    #[test]
    fn what_comes_without_end_is_weighed_and_what_ends_is_not() {
        let gift = |points: i64, weight: i64, stock: &str| {
            format!(
                "mystery = [{MUG}, {{ id = \"p\", weight = {weight}{stock}, gives = [{{ points = {points} }}] }}]"
            )
        };
        assert!(parse(&file(&gift(198, 1, ""))).is_ok(), "99 on average");
        assert!(parse(&file(&gift(100_000, 9, ", stock = 3"))).is_ok(), "three times");
        let pump = gift(199, 1, "");
        check(
            &pump,
            &format!(
                "[{{ {pump} }}] => a money pump: it costs 100 points and gives 100 (the price must be above the points that it gives)"
            ),
        );
        // When the mugs are gone, all that is left gives the points.
        let ends = MUG.replace("weight", "stock = 1, weight");
        let pump = gift(100, 1, "").replace(MUG, &ends);
        check(
            &pump,
            &format!(
                "[{{ {pump} }}] => a money pump: it costs 100 points and gives 100 (the price must be above the points that it gives)"
            ),
        );
    }
}
