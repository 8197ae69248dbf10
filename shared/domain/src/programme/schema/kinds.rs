//! What a key of a programme file can hold, and how messages call it.

/// A table of the file and its keys.
#[derive(Debug)]
pub(crate) struct Shape {
    /// How messages and the schema call it.
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

/// A key.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) key: &'static str,
    pub(crate) kind: Kind,
    pub(crate) need: Need,
    /// How it is written.
    pub(crate) example: &'static str,
    /// What it means, for people who hover over it in an editor.
    pub(crate) about: &'static str,
}

/// Whether a key may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
    /// Left out it means this, in words.
    Default(&'static str),
}

/// What a key holds.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Text that members see, up to 80 characters.
    Name,
    /// `[a-z0-9-]{1,40}`
    Id,
    /// The id of a tier of this file.
    TierId,
    /// `order`, `sign-up`, `event:review`.
    Trigger,
    /// A category, a product, a SKU: up to 200 characters in the shop's words.
    Word,
    Whole {
        least: i64,
        most: i64,
    },
    Flag,
    Choice(&'static [&'static str]),
    Money,
    /// Money that may be a fraction of a minor unit.
    Worth,
    Currency,
    Zone,
    Length,
    /// "14 days after order"
    AfterOrder,
    Ratio,
    Time,
    Condition,
    Percent,
    /// An address of the web.
    Https,
    /// An https address of an image, or a data: URI.
    Logo,
    /// "#7b3f00"
    Colour,
    /// "Name <address>"
    Sender,
    /// A mail address.
    Address,
    /// Text of several lines, in characters.
    Text {
        most: usize,
    },
    List(&'static Kind),
    /// Keys are ids of tiers.
    ByTier(&'static Kind),
    /// Keys are currency codes.
    ByCurrency(&'static Kind),
    Table(&'static Shape),
    Tables(&'static Shape),
    Either(&'static [Kind]),
}

impl Shape {
    /// The field of this key.
    pub(crate) fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

impl Kind {
    /// "a length such as \"30 days\"": what was expected, for a message.
    pub(crate) fn expected(&self) -> String {
        match self {
            Self::Name | Self::Word | Self::Text { .. } => "a text".to_owned(),
            Self::Id | Self::TierId => "an id such as \"gold\"".to_owned(),
            Self::Trigger => {
                "\"order\", \"sign-up\" or the name of an event such as \"event:review\"".to_owned()
            }
            Self::Whole { .. } => "a whole number".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Choice(choices) => {
                let quoted: Vec<_> = choices.iter().map(|choice| format!("{choice:?}")).collect();
                quoted.join(" or ")
            }
            Self::Money | Self::Worth => "an amount such as \"5.00 EUR\"".to_owned(),
            Self::Currency => "a currency such as \"EUR\"".to_owned(),
            Self::Zone => "a time zone such as \"Europe/Warsaw\"".to_owned(),
            Self::Length => "a length such as \"30 days\"".to_owned(),
            Self::AfterOrder => "a length such as \"14 days after order\"".to_owned(),
            Self::Ratio => "a number such as 2 or \"1.5\"".to_owned(),
            Self::Time => {
                "a date such as \"2026-12-01\" or a time such as \"2026-12-01T09:00:00+01:00\""
                    .to_owned()
            }
            Self::Condition => "a condition such as \"order.net >= 1000\"".to_owned(),
            Self::Https => "an address such as \"https://beanery.example\"".to_owned(),
            Self::Logo => {
                "an address such as \"https://beanery.example/logo.png\" or a data: URI".to_owned()
            }
            Self::Colour => "a colour such as \"#7b3f00\"".to_owned(),
            Self::Sender => "a sender such as \"Beanery Club <club@beanery.example>\"".to_owned(),
            Self::Address => "a mail address such as \"hello@beanery.example\"".to_owned(),
            Self::Percent => "a share such as \"50%\"".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::ByTier(_) | Self::ByCurrency(_) | Self::Table(_) => "a table".to_owned(),
            Self::Tables(_) => "a list of tables".to_owned(),
            Self::Either(kinds) => {
                kinds.iter().map(Self::expected).collect::<Vec<_>>().join(" or ")
            }
        }
    }

    /// The kind itself, or the first of its alternatives that `matches`.
    pub(crate) fn alternative(&self, matches: impl Fn(&Self) -> bool) -> Option<&Self> {
        match self {
            Self::Either(kinds) => kinds.iter().find(|kind| matches(kind)),
            kind => matches(kind).then_some(kind),
        }
    }
}
