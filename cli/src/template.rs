//! Reads the tables and the routes from `template.yaml`, so that the local stack and the tests have
//! what a deployment has.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use saphyr::{LoadableYamlNode, Yaml};

/// A table as the template defines it, without what only AWS has: backups, encryption, protection from deletion.
#[derive(Debug, Clone, PartialEq)]
pub struct TableDefinition {
    /// The name of the resource in the template, such as `LedgerTable`.
    pub logical_id: String,
    /// The attributes that keys are made of.
    pub attributes: Vec<AttributeDefinition>,
    /// The primary key, partition key first.
    pub keys: Vec<KeySchemaElement>,
    /// The global secondary indexes.
    pub indexes: Vec<GlobalSecondaryIndex>,
}

impl TableDefinition {
    /// The request that creates this table under a name; the caller sends it.
    pub fn create(&self, client: &Client, table_name: &str) -> CreateTableFluentBuilder {
        client
            .create_table()
            .table_name(table_name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(self.attributes.clone()))
            .set_key_schema(Some(self.keys.clone()))
            // An empty list is refused.
            .set_global_secondary_indexes(
                Some(self.indexes.clone()).filter(|indexes| !indexes.is_empty()),
            )
    }
}

/// A route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The binary that answers, such as `earn`.
    pub function: String,
    /// The method in capitals; `ANY` stands for every method.
    pub method: String,
    /// The path, with its parameters in braces: `/members/{member}`.
    pub path: String,
}

/// Why a template cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The text is not YAML.
    #[error("the template is not YAML")]
    Yaml(#[from] saphyr::ScanError),
    /// Something that must be there is not, or is of another kind.
    #[error("{place} must be {expected}")]
    Expected {
        /// Where it stands: the keys down to it, with dots between them.
        place: String,
        /// What must stand there.
        expected: &'static str,
    },
    /// The template has something that the local stack would silently do without.
    #[error("{place} is not known here: teach `template.rs` to read it")]
    Unknown {
        /// Where it stands: the keys down to it, with dots between them.
        place: String,
    },
    /// A table definition lacks a part that DynamoDB requires.
    #[error("the definition of a table is incomplete")]
    Incomplete(#[from] BuildError),
}

/// The tables of a template, in its order.
pub fn tables(template: &str) -> Result<Vec<TableDefinition>, TemplateError> {
    let documents = Yaml::load_from_str(template)?;
    resources(&documents, "AWS::DynamoDB::Table")?.into_iter().map(table).collect()
}

/// The routes of a template's functions, in its order.
pub fn routes(template: &str) -> Result<Vec<Route>, TemplateError> {
    let documents = Yaml::load_from_str(template)?;
    let mut routes = Vec::new();
    for (_, function) in resources(&documents, "AWS::Serverless::Function")? {
        let Some(events) = function.get("Properties")?.find("Events") else { continue };
        for (_, event) in events.entries()? {
            if event.get("Type")?.text()? != "HttpApi" {
                continue;
            }
            let properties = event.get("Properties")?;
            routes.push(Route {
                function: function
                    .get("Metadata")?
                    .get("BuildProperties")?
                    .get("Binary")?
                    .text()?
                    .to_owned(),
                method: properties.get("Method")?.text()?.to_ascii_uppercase(),
                path: properties.get("Path")?.text()?.to_owned(),
            });
        }
    }
    Ok(routes)
}

/// What a role may do with tables: actions such as `PutItem`, and the table, or `Table/index/name`.
pub type Permissions = BTreeSet<(String, String)>;

/// What each role of a template may do with tables, by the role's logical id.
pub fn permissions(template: &str) -> Result<BTreeMap<String, Permissions>, TemplateError> {
    let documents = Yaml::load_from_str(template)?;
    let mut roles = BTreeMap::new();
    for (logical_id, role) in resources(&documents, "AWS::IAM::Role")? {
        let mut may = BTreeSet::new();
        for policy in role.get("Properties")?.get("Policies")?.items()? {
            for statement in policy.get("PolicyDocument")?.get("Statement")?.items()? {
                let actions = statement.get("Action")?;
                let actions = match actions.text() {
                    Ok(one) => vec![one],
                    Err(_) => actions.items()?.iter().map(Node::text).collect::<Result<_, _>>()?,
                };
                let resource = statement.get("Resource")?;
                let Yaml::Tagged(_, place) = resource.yaml else {
                    return Err(resource.expected("a reference to a resource"));
                };
                let place = place.as_str().ok_or_else(|| resource.expected("a name"))?;
                let place = place.replace(['$', '{', '}'], "").replace(".Arn", "");
                let tables = actions.iter().filter_map(|action| action.strip_prefix("dynamodb:"));
                may.extend(tables.map(|action| (action.to_owned(), place.clone())));
            }
        }
        roles.insert(logical_id.to_owned(), may);
    }
    Ok(roles)
}

fn table((logical_id, resource): (&str, Node<'_>)) -> Result<TableDefinition, TemplateError> {
    let properties = resource.get("Properties")?;
    if let Some(indexes) = properties.find("LocalSecondaryIndexes") {
        return Err(TemplateError::Unknown { place: indexes.place });
    }
    let attributes = properties.get("AttributeDefinitions")?.items()?;
    let indexes = properties
        .find("GlobalSecondaryIndexes")
        .map_or(Ok(Vec::new()), |indexes| indexes.items())?;
    Ok(TableDefinition {
        logical_id: logical_id.to_owned(),
        attributes: attributes.iter().map(attribute).collect::<Result<_, _>>()?,
        keys: keys(&properties)?,
        indexes: indexes.iter().map(index).collect::<Result<_, _>>()?,
    })
}

fn attribute(node: &Node<'_>) -> Result<AttributeDefinition, TemplateError> {
    let kind = node.get("AttributeType")?;
    let kind = ScalarAttributeType::try_parse(kind.text()?)
        .map_err(|_| kind.expected("one of S, N, B"))?;
    Ok(AttributeDefinition::builder()
        .attribute_name(node.get("AttributeName")?.text()?)
        .attribute_type(kind)
        .build()?)
}

fn keys(node: &Node<'_>) -> Result<Vec<KeySchemaElement>, TemplateError> {
    node.get("KeySchema")?.items()?.iter().map(key).collect()
}

fn key(node: &Node<'_>) -> Result<KeySchemaElement, TemplateError> {
    let kind = node.get("KeyType")?;
    let kind = KeyType::try_parse(kind.text()?).map_err(|_| kind.expected("HASH or RANGE"))?;
    Ok(KeySchemaElement::builder()
        .attribute_name(node.get("AttributeName")?.text()?)
        .key_type(kind)
        .build()?)
}

fn index(node: &Node<'_>) -> Result<GlobalSecondaryIndex, TemplateError> {
    let kind = node.get("Projection")?.get("ProjectionType")?;
    let kind = match kind.text()? {
        "ALL" => ProjectionType::All,
        "KEYS_ONLY" => ProjectionType::KeysOnly,
        _ => return Err(TemplateError::Unknown { place: kind.place }),
    };
    Ok(GlobalSecondaryIndex::builder()
        .index_name(node.get("IndexName")?.text()?)
        .set_key_schema(Some(keys(node)?))
        .projection(Projection::builder().projection_type(kind).build())
        .build()?)
}

/// The resources of one type with their logical ids.
fn resources<'a>(
    documents: &'a [Yaml<'a>],
    kind: &str,
) -> Result<Vec<(&'a str, Node<'a>)>, TemplateError> {
    let Some(yaml) = documents.first() else {
        return Err(TemplateError::Expected {
            place: "the template".to_owned(),
            expected: "one document",
        });
    };
    let template = Node { yaml, place: String::new() };
    let mut found = Vec::new();
    for (logical_id, resource) in template.get("Resources")?.entries()? {
        if resource.get("Type")?.text()? == kind {
            found.push((logical_id, resource));
        }
    }
    Ok(found)
}

/// A place in the template that can say where it is.
///
/// A value under a tag (`!Ref`, `!If`) is only known in a deployment: it is refused where a text, a
/// map or a list is needed, and passed over everywhere else.
struct Node<'a> {
    yaml: &'a Yaml<'a>,
    place: String,
}

impl<'a> Node<'a> {
    fn find(&self, key: &str) -> Option<Node<'a>> {
        let yaml = self.yaml.as_mapping_get(key)?;
        Some(Node { yaml, place: self.below(key) })
    }

    fn get(&self, key: &str) -> Result<Node<'a>, TemplateError> {
        self.find(key)
            .ok_or_else(|| TemplateError::Expected { place: self.below(key), expected: "given" })
    }

    fn text(&self) -> Result<&'a str, TemplateError> {
        self.yaml.as_str().ok_or_else(|| self.expected("a plain text"))
    }

    fn items(&self) -> Result<Vec<Node<'a>>, TemplateError> {
        let items = self.yaml.as_sequence().ok_or_else(|| self.expected("a list"))?;
        let place = |number: usize| self.below(&number.to_string());
        Ok(items
            .iter()
            .enumerate()
            .map(|(number, yaml)| Node { yaml, place: place(number) })
            .collect())
    }

    fn entries(&self) -> Result<Vec<(&'a str, Node<'a>)>, TemplateError> {
        let map = self.yaml.as_mapping().ok_or_else(|| self.expected("a map"))?;
        map.iter()
            .map(|(key, yaml)| {
                let key = key.as_str().ok_or_else(|| self.expected("a map with texts for keys"))?;
                Ok((key, Node { yaml, place: self.below(key) }))
            })
            .collect()
    }

    fn expected(&self, expected: &'static str) -> TemplateError {
        TemplateError::Expected { place: self.place.clone(), expected }
    }

    fn below(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = include_str!("../../template.yaml");

    #[test]
    fn the_tables_are_those_of_the_template() {
        let tables: Vec<String> = tables(TEMPLATE).unwrap().iter().map(shown).collect();
        assert_eq!(
            tables,
            [
                "LedgerTable pk:HASH sk:RANGE | history member:HASH sequence:RANGE ALL | due due_shard:HASH due:RANGE KEYS_ONLY",
                "ProgrammeTable pk:HASH sk:RANGE",
                "RaffleTable pk:HASH sk:RANGE",
            ]
        );
    }

    #[test]
    fn dynamodb_takes_only_attributes_that_a_key_uses() {
        for table in tables(TEMPLATE).unwrap() {
            let defined: BTreeSet<&str> =
                table.attributes.iter().map(AttributeDefinition::attribute_name).collect();
            let indexed = table.indexes.iter().flat_map(GlobalSecondaryIndex::key_schema);
            let used =
                table.keys.iter().chain(indexed).map(KeySchemaElement::attribute_name).collect();
            assert_eq!(defined, used, "{}", table.logical_id);
        }
    }

    #[test]
    fn a_table_without_indexes_is_created_without_a_list_of_them() {
        let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest().build();
        let client = Client::from_conf(config);
        for table in tables(TEMPLATE).unwrap() {
            let request = table.create(&client, "a-table");
            assert_eq!(request.get_table_name().as_deref(), Some("a-table"));
            assert_eq!(request.get_key_schema().as_ref(), Some(&table.keys));
            assert_eq!(
                request.get_global_secondary_indexes().is_some(),
                table.logical_id == "LedgerTable"
            );
        }
    }

    #[test]
    fn the_routes_are_those_of_the_template() {
        let routes = routes(TEMPLATE).unwrap();
        let shown: Vec<String> =
            routes.iter().map(|r| format!("{} {} {}", r.function, r.method, r.path)).collect();
        assert_eq!(
            shown,
            [
                "earn POST /webhooks/{platform}",
                "earn POST /members/{member}/events",
                "redeem GET /members/{member}",
                "redeem GET /members/{member}/entries",
                "redeem GET /members/{member}/rewards",
                "redeem GET /members/{member}/grants",
                "redeem POST /members/{member}/redemptions",
                "redeem POST /members/{member}/quotes",
                "redeem POST /members/{member}/holds",
                "redeem POST /members/{member}/holds/{hold}/capture",
                "redeem POST /members/{member}/holds/{hold}/release",
                "redeem POST /members/{member}/grants/{grant}/open",
                "redeem POST /members/{member}/bids",
                "redeem GET /members/{member}/bids",
                "redeem GET /auctions/{auction}",
                "redeem POST /members/{member}/adjustments",
                "redeem GET /members/{member}/profile",
                "redeem PUT /members/{member}/profile",
                "redeem POST /members/{member}/links",
                "instant-win POST /members/{member}/plays",
                "instant-win GET /instant-wins/{instant_win}",
                "portal GET /me",
                "portal GET /me/{page+}",
                "portal POST /me/{page+}",
                "portal GET /widget.js",
                "portal GET /widget/balance",
                "portal OPTIONS /widget/balance",
                "raffle-draw POST /raffles/{raffle}/entries",
                "raffle-draw GET /raffles/{raffle}",
                "raffle-draw GET /raffles/{raffle}/record",
                "raffle-draw GET /raffles/{raffle}/list",
                "raffle-draw GET /raffles/{raffle}/members/{member}",
                "statement GET /members/{member}/statements/{period}",
                "statement GET /me/statements/{period}",
                "statement GET /unsubscribe",
                "statement POST /unsubscribe",
            ]
        );
    }

    #[test]
    fn a_fault_is_named_by_its_place() {
        check("Resources: [", "the template is not YAML");
        check("", "the template must be one document");
        check("Outputs: {}", "Resources must be given");
        check("Resources: { T: { Type: !Ref Kind } }", "Resources.T.Type must be a plain text");
        check(
            &table_with("KeySchema: !If [A, [], []]"),
            "Resources.T.Properties.KeySchema must be a list",
        );
        check(
            &table_with("KeySchema: [{ AttributeName: pk, KeyType: FIRST }]"),
            "Resources.T.Properties.KeySchema.0.KeyType must be HASH or RANGE",
        );
        check(
            &table_with("LocalSecondaryIndexes: []"),
            "Resources.T.Properties.LocalSecondaryIndexes is not known here: teach `template.rs` to read it",
        );
    }

    fn table_with(property: &str) -> String {
        format!(
            "Resources: {{ T: {{ Type: \"AWS::DynamoDB::Table\", Properties: {{ AttributeDefinitions: [], {property} }} }} }}"
        )
    }

    fn check(template: &str, message: &str) {
        assert_eq!(tables(template).unwrap_err().to_string(), message, "{template}");
    }

    fn shown(table: &TableDefinition) -> String {
        let mut shown = table.logical_id.clone();
        shown_keys(&mut shown, &table.keys);
        for index in &table.indexes {
            shown = format!("{shown} | {}", index.index_name());
            shown_keys(&mut shown, index.key_schema());
            let projection = index.projection().and_then(Projection::projection_type);
            shown = format!("{shown} {}", projection.map_or("", ProjectionType::as_str));
        }
        shown
    }

    fn shown_keys(shown: &mut String, keys: &[KeySchemaElement]) {
        for key in keys {
            *shown = format!("{shown} {}:{}", key.attribute_name(), key.key_type());
        }
    }
}
