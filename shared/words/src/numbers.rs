//! Numbers, points and money, by the conventions of a language.

use fixed_decimal::Decimal;
use guerdon_domain::money::Money;
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

use crate::{Language, Words, currency, language};

/// A real minus: as wide as a plus, and never the end of a line.
const MINUS: &str = "−";

/// What formats numbers. Without data for a language, numbers are plain digits.
pub(crate) struct Numbers {
    decimal: Option<DecimalFormatter>,
    plurals: Option<PluralRules>,
}

impl Numbers {
    pub(crate) fn new(language: Language) -> Self {
        let plurals = PluralRules::try_new_cardinal((&locale(language)).into()).ok();
        Self { decimal: decimal_formatter(language), plurals }
    }

    fn category(&self, number: i64) -> PluralCategory {
        let number = number.unsigned_abs();
        self.plurals.as_ref().map_or(PluralCategory::Other, |rules| rules.category_for(number))
    }
}

/// The locale whose conventions a language follows.
pub(crate) fn locale(language: Language) -> Locale {
    Locale::try_from_str(language::locale(language)).unwrap_or(Locale::UNKNOWN)
}

/// What formats the numbers of a language.
pub(crate) fn decimal_formatter(language: Language) -> Option<DecimalFormatter> {
    DecimalFormatter::try_new(
        (&locale(language)).into(),
        icu_decimal::options::DecimalFormatterOptions::default(),
    )
    .ok()
}

/// A whole number, with its sign if it is negative.
pub(crate) fn whole(formatter: Option<&DecimalFormatter>, number: i64) -> String {
    let sign = if number < 0 { MINUS } else { "" };
    format!("{sign}{}", unsigned(formatter, number, 0))
}

/// A number of units of 10^-decimals, without its sign.
fn unsigned(formatter: Option<&DecimalFormatter>, number: i64, decimals: u32) -> String {
    let mut decimal = Decimal::from(number.unsigned_abs());
    decimal.multiply_pow10(i16::try_from(decimals).map_or(0, |decimals| -decimals));
    match formatter {
        Some(formatter) => formatter.format(&decimal).to_string(),
        None => decimal.to_string(),
    }
}

impl Words {
    /// A whole number: "1,234".
    pub fn number(&self, number: i64) -> String {
        self.signed(number, unsigned(self.numbers.decimal.as_ref(), number, 0), "")
    }

    /// So many points: "1,234 beans".
    pub fn points(&self, points: i64) -> String {
        self.of_points(self.number(points), points)
    }

    /// Points more or less: "+50 beans", "−50 beans"; none has no sign.
    pub fn signed_points(&self, points: i64) -> String {
        self.of_points(self.signed_number(points), points)
    }

    /// A number more or less: "+50", "−50"; zero has no sign.
    pub fn signed_number(&self, number: i64) -> String {
        let plus = if number > 0 { "+" } else { "" };
        self.signed(number, unsigned(self.numbers.decimal.as_ref(), number, 0), plus)
    }

    /// What points are called beside so many: "bean" beside 1.
    pub fn unit_for(&self, points: i64) -> &str {
        self.points_words().form(self.numbers.category(points))
    }

    fn of_points(&self, number: String, points: i64) -> String {
        let unit = self.unit_for(points);
        // Korean writes its own counting words right behind the number.
        let joined = self.language() == Language::Ko && !unit.starts_with(|c: char| c.is_ascii());
        format!("{number}{}{unit}", if joined { "" } else { " " })
    }

    /// An amount by the conventions of the language, with the digits of its currency: "€12.50", "12,50 €".
    pub fn money(&self, money: Money) -> String {
        let decimals = money.currency.decimals();
        let amount = unsigned(self.numbers.decimal.as_ref(), money.minor, decimals);
        let (language, code) = (self.language(), money.currency.code());
        if language::is_rtl(language) {
            currency::placed(language, code, &self.signed(money.minor, amount, ""))
        } else {
            self.signed(money.minor, currency::placed(language, code, &amount), "")
        }
    }

    /// An amount more or less: "+€5.00", "−€5.00"; none has no sign.
    pub fn signed_money(&self, money: Money) -> String {
        if money.minor <= 0 {
            return self.money(money);
        }
        let decimals = money.currency.decimals();
        let amount = unsigned(self.numbers.decimal.as_ref(), money.minor, decimals);
        let (language, code) = (self.language(), money.currency.code());
        if language::is_rtl(language) {
            currency::placed(language, code, &self.signed(money.minor, amount, "+"))
        } else {
            self.signed(money.minor, currency::placed(language, code, &amount), "+")
        }
    }

    /// A factor of so many of so many: "2", "1.5". `None` if it is no decimal.
    pub(crate) fn factor(&self, numerator: i64, denominator: i64) -> Option<String> {
        let decimals =
            (0..=18).find(|decimals| 10_i64.checked_pow(*decimals) == Some(denominator))?;
        Some(unsigned(self.numbers.decimal.as_ref(), numerator, decimals))
    }

    fn signed(&self, number: i64, unsigned: String, plus: &str) -> String {
        let sign = if number < 0 { MINUS } else { plus };
        // From right to left a sign would drift to the other end of its digits. What it stands in still begins at the right.
        let mark = if !sign.is_empty() && language::is_rtl(self.language()) {
            "\u{200f}\u{200e}"
        } else {
            ""
        };
        format!("{mark}{sign}{unsigned}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use guerdon_domain::programme::Plural;

    use super::*;
    use crate::{
        Naming, PointsWords,
        samples::{money, seen, words},
    };

    #[test]
    fn a_programme_can_name_points_in_every_plural_that_numbers_take() {
        let known = |category| match category {
            PluralCategory::Zero => Plural::Zero,
            PluralCategory::One => Plural::One,
            PluralCategory::Two => Plural::Two,
            PluralCategory::Few => Plural::Few,
            PluralCategory::Many => Plural::Many,
            PluralCategory::Other => Plural::Other,
        };
        for language in Language::ALL {
            let numbers = Numbers::new(language);
            let taken: BTreeSet<Plural> =
                (0..2_000).map(|number| known(numbers.category(number))).collect();
            assert_eq!(taken, language.plurals().iter().copied().collect(), "{language}");
        }
    }

    #[test]
    fn points_follow_the_plurals_of_their_language() {
        let naming = Naming::new("Beanery Club", "bean", "beans");
        let all = |language, numbers: &[i64]| -> Vec<String> {
            let words = Words::new(language, &naming);
            numbers.iter().map(|points| seen(&words.points(*points))).collect()
        };
        assert_eq!(all(Language::En, &[0, 1, 1234]), ["0 beans", "1 bean", "1,234 beans"]);
        assert_eq!(
            all(Language::Pl, &[1, 2, 5, 22, 1234, 12345]),
            ["1 punkt", "2 punkty", "5 punktów", "22 punkty", "1234 punkty", "12 345 punktów"]
        );
        assert_eq!(all(Language::De, &[1, 1234]), ["1 Punkt", "1.234 Punkte"]);
        assert_eq!(all(Language::Th, &[1234]), ["1,234 คะแนน"]);
        assert_eq!(all(Language::Ko, &[1234]), ["1,234포인트"]);
        assert_eq!(
            all(Language::Ar, &[0, 1, 2, 3, 11, 100]),
            ["0 نقطة", "1 نقطة", "2 نقطة", "3 نقاط", "11 نقطة", "100 نقطة"]
        );
    }

    #[test]
    fn a_programme_can_name_its_points_in_any_language() {
        let beans = PointsWords::new("ziarenka").one("ziarenko").few("ziarenka").many("ziarenek");
        let naming = Naming::new("Beanery Club", "bean", "beans").with(Language::Pl, beans);
        let words = Words::new(Language::Pl, &naming);
        assert_eq!(words.points(5), "5 ziarenek");
        assert_eq!(words.points(22), "22 ziarenka");
        assert_eq!(words.unit(), "ziarenka");
    }

    #[test]
    fn signs_are_real_ones() {
        let en = words(Language::En);
        assert_eq!(en.signed_points(50), "+50 beans");
        assert_eq!(en.signed_points(-1), "−1 bean");
        assert_eq!(en.signed_points(0), "0 beans");
        assert_eq!(en.points(-1234), "−1,234 beans");
        assert_eq!(en.number(i64::MIN), "−9,223,372,036,854,775,808");
        assert_eq!(words(Language::Ar).signed_number(-5), "\u{200f}\u{200e}−5");
        assert_eq!(en.money(money("-12.50 EUR")), "−€12.50");
        assert_eq!(en.signed_money(money("12.50 EUR")), "+€12.50");
        assert_eq!(en.signed_money(money("0.00 EUR")), "€0.00");
    }

    #[test]
    fn money_follows_the_language_and_the_currency() {
        for (amount, shown) in [
            ("1234.50 EUR", ["€1,234.50", "1234,50 €", "1.234,50 €", "€1,234.50", "€1,234.50"]),
            ("1234 JPY", ["¥1,234", "1234 JPY", "1.234 ¥", "¥1,234", "JP¥1,234"]),
            ("1.234 KWD", ["KWD 1.234", "1,234 KWD", "1,234 KWD", "KWD 1.234", "KWD 1.234"]),
            (
                "12345.00 PLN",
                [
                    "PLN 12,345.00",
                    "12 345,00 zł",
                    "12.345,00 PLN",
                    "PLN 12,345.00",
                    "PLN 12,345.00",
                ],
            ),
            ("0.05 USD", ["$0.05", "0,05 USD", "0,05 $", "US$0.05", "US$0.05"]),
        ] {
            for (language, shown) in Language::ALL.into_iter().zip(shown) {
                let text = seen(&words(language).money(money(amount)));
                assert_eq!(text, shown, "{amount} in {language}");
            }
        }
        assert_eq!(words(Language::De).money(money("12.50 EUR")), "12,50\u{a0}€");
        assert_eq!(seen(&words(Language::Ar).money(money("1234.500 KWD"))), "1,234.500 د.ك.");
    }

    #[test]
    fn a_factor_is_a_decimal() {
        let de = words(Language::De);
        assert_eq!(de.factor(15, 10).as_deref(), Some("1,5"));
        assert_eq!(de.factor(2, 1).as_deref(), Some("2"));
        assert_eq!(de.factor(1, 3), None);
    }
}
