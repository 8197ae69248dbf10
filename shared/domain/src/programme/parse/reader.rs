//! Reads tables by their [`Shape`], collecting faults instead of stopping at one.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::{
    calendar::Zone,
    money::Currency,
    programme::{
        parse::fault::Fault,
        schema::{
            kinds::{Field, Kind, Need, Shape},
            offers::NOT_YET,
        },
    },
    spelling::nearest,
};

/// The file being read, and what is wrong with it so far.
pub(super) struct Reader<'s> {
    source: &'s str,
    faults: Vec<Fault>,
    /// Lines that are not TOML; what seems to be missing may stand there.
    damaged: Vec<usize>,
    /// The programme's currency, once read.
    pub(super) currency: Option<Currency>,
    /// The programme's zone.
    pub(super) zone: Zone,
    /// Ids of the tiers, lowest first, once read; empty for an id that is faulty.
    pub(super) tiers: Vec<String>,
    /// Ids of the raffles, once read; empty for an id that is faulty.
    pub(super) raffles: Vec<String>,
    /// Ids of the instant wins, likewise.
    pub(super) instant_wins: Vec<String>,
    /// Whether the programme says what a point is worth, be it rightly or not.
    pub(super) worth_stated: bool,
    #[cfg(test)]
    pub(super) read: std::collections::BTreeSet<(&'static str, &'static str)>,
}

/// A table of the file.
#[derive(Clone)]
pub(super) struct Table<'t> {
    entries: &'t DeTable<'t>,
    /// Its header or braces.
    pub(super) span: Range<usize>,
    shape: &'static Shape,
}

/// The value of a key.
#[derive(Clone)]
pub(super) struct Item<'t> {
    pub(super) value: &'t DeValue<'t>,
    pub(super) span: Range<usize>,
    pub(super) field: &'static Field,
}

/// A value and where it stands.
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

impl Table<'_> {
    /// Whether a key is there, known or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s str, errors: &[toml::de::Error]) -> Self {
        let mut reader = Self {
            source,
            faults: Vec::new(),
            damaged: Vec::new(),
            currency: None,
            zone: Zone::utc(),
            tiers: Vec::new(),
            raffles: Vec::new(),
            instant_wins: Vec::new(),
            worth_stated: false,
            #[cfg(test)]
            read: std::collections::BTreeSet::new(),
        };
        for error in errors {
            reader
                .fault(error.span().unwrap_or_default(), format!("not TOML: {}", error.message()));
        }
        reader.damaged = reader.faults.iter().map(|fault| fault.line).collect();
        reader
    }

    pub(super) fn source(&self) -> &'s str {
        self.source
    }

    /// All faults, in the order of the file.
    pub(super) fn finish(mut self) -> Vec<Fault> {
        self.faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
        self.faults
    }

    pub(super) fn fault(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.push(span, message.into(), None);
    }

    pub(super) fn fault_with_help(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        suggestion: impl Into<String>,
    ) {
        self.push(span, message.into(), Some(suggestion.into()));
    }

    /// A fault that something is not there: nothing to say if it may stand on a line that is not TOML.
    pub(super) fn missing(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        suggestion: impl Into<String>,
    ) {
        if self.damaged.is_empty() {
            self.fault_with_help(span, message, suggestion);
        }
    }

    fn push(&mut self, span: Range<usize>, message: String, suggestion: Option<String>) {
        let fault = Fault::new(self.source, span, message, suggestion);
        if !self.damaged.contains(&fault.line) {
            self.faults.push(fault);
        }
    }

    /// Looks at a table: keys that it does not have, keys that it must have.
    pub(super) fn open<'t>(
        &mut self,
        entries: &'t DeTable<'t>,
        span: Range<usize>,
        shape: &'static Shape,
    ) -> Table<'t> {
        for (key, _) in entries {
            let name: &str = key.get_ref();
            if shape.field(name).is_none() {
                self.unknown(name, key.span(), shape);
            }
        }
        for field in shape.fields.iter().filter(|field| field.need == Need::Required) {
            if !entries.contains_key(field.key) {
                let message = format!("{} has no `{}`", shape.name, field.key);
                self.missing(
                    span.clone(),
                    message,
                    format!("write, for example, {}", field.example),
                );
            }
        }
        Table { entries, span, shape }
    }

    fn unknown(&mut self, name: &str, span: Range<usize>, shape: &'static Shape) {
        if ["reward.gives", "gives"].contains(&shape.name)
            && let Some((_, plural)) = NOT_YET.iter().find(|(key, _)| *key == name)
        {
            let help = "give a voucher, credit, points or a badge";
            return self.fault_with_help(
                span,
                format!("this version of Guerdon does not give {plural} yet"),
                help,
            );
        }
        let keys = || shape.fields.iter().map(|field| field.key);
        let help = match nearest(name, keys()) {
            Some(key) => format!("did you mean `{key}`?"),
            None => format!("it may have {}", keys().collect::<Vec<_>>().join(", ")),
        };
        self.fault_with_help(
            span,
            format!("{} has no key `{}`", shape.name, name.escape_debug()),
            help,
        );
    }

    /// The value of a key of the shape, if it is there.
    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "tests ask which keys were read"))]
    pub(super) fn item<'t>(&mut self, table: &Table<'t>, key: &str) -> Option<Item<'t>> {
        let field = table.shape.field(key);
        debug_assert!(field.is_some(), "{} has no field {key}", table.shape.name);
        let field = field?;
        #[cfg(test)]
        self.read.insert((table.shape.name, field.key));
        let (_, value) = table.entries.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(Item { value: value.get_ref(), span: value.span(), field })
    }

    /// Says that a value is not what its key holds.
    pub(super) fn wrong_type(&mut self, item: &Item<'_>) {
        let expected = item.field.kind.expected();
        self.expected(&expected, item);
    }

    fn expected(&mut self, expected: &str, item: &Item<'_>) {
        let key = item.field.key;
        match item.value {
            DeValue::Float(float) => {
                let message = format!("`{key}` is a number with a point");
                let kind =
                    |wanted: fn(&Kind) -> bool| item.field.kind.alternative(wanted).is_some();
                let help = if kind(|kind| matches!(kind, Kind::Whole { .. })) {
                    "write a whole number: amounts are exact".to_owned()
                } else if kind(|kind| matches!(kind, Kind::Money | Kind::Worth)) {
                    let currency = self
                        .currency
                        .map_or_else(|| "EUR".to_owned(), |currency| currency.to_string());
                    format!(
                        "write \"{} {currency}\" as a string: amounts are exact",
                        float.as_str()
                    )
                } else {
                    format!("write \"{}\" as a string: amounts are exact", float.as_str())
                };
                self.fault_with_help(item.span.clone(), message, help);
            }
            value => {
                let found = article(value);
                let message = format!("`{key}` is {found}, expected {expected}");
                self.fault_with_help(
                    item.span.clone(),
                    message,
                    format!("write, for example, {}", item.field.example),
                );
            }
        }
    }

    /// A key that holds a text.
    pub(super) fn text<'t>(&mut self, table: &Table<'t>, key: &str) -> Option<At<&'t str>> {
        let item = self.item(table, key)?;
        self.item_text(&item)
    }

    pub(super) fn item_text<'t>(&mut self, item: &Item<'t>) -> Option<At<&'t str>> {
        let DeValue::String(text) = item.value else {
            self.wrong_type(item);
            return None;
        };
        Some(At { value: text.as_ref(), span: item.span.clone() })
    }

    /// A key that holds a whole number within its bounds.
    pub(super) fn whole(&mut self, table: &Table<'_>, key: &str) -> Option<i64> {
        let item = self.item(table, key)?;
        self.item_whole(&item)
    }

    pub(super) fn item_whole(&mut self, item: &Item<'_>) -> Option<i64> {
        let DeValue::Integer(integer) = item.value else {
            self.wrong_type(item);
            return None;
        };
        let bounds = item.field.kind.alternative(|kind| matches!(kind, Kind::Whole { .. }));
        let Some(Kind::Whole { least, most }) = bounds else { return None };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let within = number.filter(|number| (least..=most).contains(&number));
        if within.is_none() {
            let message = if number.is_some_and(|number| number < *least) {
                format!("`{}` must be {least} or more", item.field.key)
            } else {
                format!("`{}` must be {most} or less", item.field.key)
            };
            self.fault(item.span.clone(), message);
        }
        within
    }

    /// A key that holds true or false.
    pub(super) fn flag(&mut self, table: &Table<'_>, key: &str) -> Option<bool> {
        let item = self.item(table, key)?;
        let flag = item.value.as_bool();
        if flag.is_none() {
            self.wrong_type(&item);
        }
        flag
    }

    /// A key that holds one of a few words.
    pub(super) fn choice(&mut self, table: &Table<'_>, key: &str) -> Option<&'static str> {
        let item = self.item(table, key)?;
        self.item_choice(&item)
    }

    pub(super) fn item_choice(&mut self, item: &Item<'_>) -> Option<&'static str> {
        let word = self.item_text(item)?;
        let choices = item.field.kind.alternative(|kind| matches!(kind, Kind::Choice(_)));
        let Some(Kind::Choice(choices)) = choices else { return None };
        let found = choices.iter().copied().find(|choice| *choice == word.value);
        if found.is_none() {
            let help = match nearest(word.value, choices.iter().copied()) {
                Some(choice) => format!("did you mean {choice:?}?"),
                None => format!("it may be {}", item.field.kind.expected()),
            };
            self.fault_with_help(
                word.span,
                format!("`{}` cannot be {:?}", item.field.key, word.value),
                help,
            );
        }
        found
    }

    /// A key that holds a table.
    pub(super) fn table<'t>(&mut self, table: &Table<'t>, key: &str) -> Option<Table<'t>> {
        let item = self.item(table, key)?;
        self.item_table(&item)
    }

    pub(super) fn item_table<'t>(&mut self, item: &Item<'t>) -> Option<Table<'t>> {
        let shape = item.field.kind.alternative(|kind| matches!(kind, Kind::Table(_)));
        let (DeValue::Table(entries), Some(Kind::Table(shape))) = (item.value, shape) else {
            self.wrong_type(item);
            return None;
        };
        Some(self.open(entries, item.span.clone(), shape))
    }

    /// A key that holds a list of tables.
    pub(super) fn tables<'t>(&mut self, table: &Table<'t>, key: &str) -> Vec<Table<'t>> {
        let Some(item) = self.item(table, key) else { return Vec::new() };
        let (DeValue::Array(array), Kind::Tables(shape)) = (item.value, &item.field.kind) else {
            self.wrong_type(&item);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for element in array {
            match element.get_ref() {
                DeValue::Table(entries) => tables.push(self.open(entries, element.span(), shape)),
                value => {
                    let inner = Item { value, span: element.span(), field: item.field };
                    self.expected("a table", &inner);
                }
            }
        }
        tables
    }

    /// The items of a key that holds a list.
    pub(super) fn list<'t>(&mut self, table: &Table<'t>, key: &str) -> Vec<Item<'t>> {
        let Some(item) = self.item(table, key) else { return Vec::new() };
        let DeValue::Array(array) = item.value else {
            self.wrong_type(&item);
            return Vec::new();
        };
        let inner = |element: &'t toml::Spanned<DeValue<'t>>| Item {
            value: element.get_ref(),
            span: element.span(),
            field: item.field,
        };
        array.iter().map(inner).collect()
    }

    /// The keys and items of a key that holds a table with keys of the owner's choice, by key.
    pub(super) fn map<'t>(&mut self, table: &Table<'t>, key: &str) -> Vec<(At<&'t str>, Item<'t>)> {
        let Some(item) = self.item(table, key) else { return Vec::new() };
        let DeValue::Table(entries) = item.value else {
            self.wrong_type(&item);
            return Vec::new();
        };
        let inner = entries.iter().map(|(key, value)| {
            let at = At { value: key.get_ref().as_ref(), span: key.span() };
            (at, Item { value: value.get_ref(), span: value.span(), field: item.field })
        });
        inner.collect()
    }
}

fn article(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
