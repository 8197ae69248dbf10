//! The JSON Schema of a programme file, for editors that complete and check while one types.

pub(crate) mod auction;
pub(crate) mod brand;
pub(crate) mod chance;
pub(crate) mod fields;
pub(crate) mod kinds;
pub(crate) mod offers;

use serde_json::{Map, Value, json};

use crate::programme::schema::{
    brand::{LOGO_MAX, URL_MAX},
    fields::FILE,
    kinds::{Field, Kind, Need, Shape},
};

/// The JSON Schema (draft 2020-12) of a programme file.
///
/// It knows every key and its form; what only the parser can know (that a tier exists, that a reward is no money pump) it
/// does not.
pub fn json_schema() -> Value {
    let mut schema = shape(&FILE);
    if let Value::Object(schema) = &mut schema {
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        schema.insert("title".to_owned(), json!("Guerdon programme"));
    }
    schema
}

fn shape(shape: &Shape) -> Value {
    let mut properties = Map::new();
    for field in shape.fields {
        properties.insert(field.key.to_owned(), property(field));
    }
    let required: Vec<&str> = shape
        .fields
        .iter()
        .filter(|field| field.need == Need::Required)
        .map(|field| field.key)
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
}

fn property(field: &Field) -> Value {
    let mut property = kind(&field.kind);
    let mut description = field.about.to_owned();
    if let Need::Default(default) = field.need {
        description = format!("{description} Default: {default}.");
    }
    if let Value::Object(property) = &mut property {
        property.insert(
            "description".to_owned(),
            json!(format!("{description} Example: {}", field.example)),
        );
    }
    property
}

fn kind(of: &Kind) -> Value {
    match of {
        Kind::Name => json!({ "type": "string", "minLength": 1, "maxLength": 80 }),
        Kind::Word => json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
        Kind::Id | Kind::TierId => json!({ "type": "string", "pattern": "^[a-z0-9-]{1,40}$" }),
        Kind::Trigger => {
            json!({ "type": "string", "pattern": "^(order|sign-up|(event:)?[a-z0-9-]{1,40})$" })
        }
        Kind::Whole { least, most } => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Choice(choices) => json!({ "enum": choices }),
        Kind::Money | Kind::Worth => {
            json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? +[A-Z]{3}$" })
        }
        Kind::Currency => json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
        Kind::Zone => json!({ "type": "string", "minLength": 1 }),
        Kind::Length => json!({ "type": "string", "pattern": LENGTH }),
        Kind::AfterOrder => {
            json!({ "type": "string", "pattern": format!("{} +after order$", LENGTH.trim_end_matches('$')) })
        }
        Kind::Ratio => {
            let text = json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$" });
            json!({ "anyOf": [{ "type": "integer", "minimum": 1 }, text] })
        }
        Kind::Time => {
            json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$" })
        }
        Kind::Condition => json!({ "type": "string", "minLength": 1, "maxLength": 1024 }),
        Kind::Https => json!({ "type": "string", "pattern": "^https://", "maxLength": URL_MAX }),
        Kind::Logo => json!({
            "type": "string",
            "pattern": "^(https://.+\\.([Pp][Nn][Gg]|[Ss][Vv][Gg]|[Jj][Pp][Ee]?[Gg]|[Ww][Ee][Bb][Pp])([?#].*)?|data:image/(png|svg\\+xml|jpeg|webp)[;,].+)$",
            "maxLength": LOGO_MAX,
        }),
        Kind::Colour => json!({ "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" }),
        Kind::Sender => json!({ "type": "string", "pattern": "^[^<>]+<[^<>@ ]+@[^<>@ ]+>$" }),
        Kind::Address => json!({ "type": "string", "pattern": "^[^<>@ ]+@[^<>@ ]+$" }),
        Kind::Text { most } => json!({ "type": "string", "minLength": 1, "maxLength": most }),
        Kind::Percent => json!({ "type": "string", "pattern": "^([1-9][0-9]?|100)%$" }),
        Kind::List(item) => json!({ "type": "array", "items": kind(item) }),
        Kind::ByTier(value) => json!({
            "type": "object",
            "propertyNames": kind(&Kind::TierId),
            "additionalProperties": kind(value),
        }),
        Kind::ByCurrency(value) => json!({
            "type": "object",
            "propertyNames": kind(&Kind::Currency),
            "additionalProperties": kind(value),
        }),
        Kind::Table(table) => shape(table),
        Kind::Tables(table) => json!({ "type": "array", "items": shape(table) }),
        Kind::Either(kinds) => json!({ "anyOf": kinds.iter().map(kind).collect::<Vec<_>>() }),
    }
}

const LENGTH: &str = "^[0-9]+ +(minute|hour|day|week|month|year)s?$";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every key of a schema, as `path.key`.
    fn schema_keys(schema: &Value, keys: &mut BTreeSet<String>) {
        for inner in ["items"].into_iter().filter_map(|key| schema.get(key)) {
            schema_keys(inner, keys);
        }
        for either in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
            schema_keys(either, keys);
        }
        for (key, inner) in
            schema.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            keys.insert(key.clone());
            schema_keys(inner, keys);
        }
    }

    fn shape_keys(shape: &Shape, keys: &mut BTreeSet<String>) {
        for field in shape.fields {
            keys.insert(field.key.to_owned());
            let kinds = if let Kind::Either(kinds) = &field.kind {
                kinds
            } else {
                std::slice::from_ref(&field.kind)
            };
            for kind in kinds {
                if let Kind::Table(inner) | Kind::Tables(inner) = kind {
                    shape_keys(inner, keys);
                }
            }
        }
    }

    #[test]
    fn the_schema_has_every_key_and_no_other() {
        let (mut in_schema, mut in_table) = (BTreeSet::new(), BTreeSet::new());
        schema_keys(&json_schema(), &mut in_schema);
        shape_keys(&FILE, &mut in_table);
        assert_eq!(in_schema, in_table);
        assert!(in_table.contains("qualifying_points"));
    }

    #[test]
    fn the_reference_explains_every_key() {
        let reference = include_str!("../../../../../docs/programme.md");
        let mut keys = BTreeSet::new();
        shape_keys(&FILE, &mut keys);
        for key in keys {
            assert!(
                reference.contains(&format!("`{key}`")) || reference.contains(&format!("[{key}]")),
                "{key}"
            );
        }
        for name in crate::condition::Condition::names() {
            assert!(reference.contains(&format!("`{name}`")), "{name}");
        }
    }
}
