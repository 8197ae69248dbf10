//! The OpenAPI document: the template's routes, joined with what each means.

mod operations;
mod problems;
mod schemas;
mod statements;

use serde_json::{Map, Value, json};

use self::operations::{Auth, Operation};
pub use self::problems::PROBLEMS;
use crate::{engine::TEMPLATE, template};

/// The document. A route of the template that has no meaning here is left out; a test says so.
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in template::routes(TEMPLATE).unwrap_or_default() {
        // OpenAPI has no word for a parameter that takes all that follows.
        let path = route.path.replace("+}", "}");
        if let Some(operation) = operations::of(&route.method, &path) {
            let path = paths.entry(path).or_insert_with(|| json!({}));
            path[route.method.to_ascii_lowercase()] = describe(&operation, &route.function);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Guerdon",
            "summary": "A loyalty engine: what members earn, have and spend.",
            "description": "How to use it, with examples: docs/api.md.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "http://127.0.0.1:3000", "description": "The local stack." }],
        "security": [{ "key": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer", "description": "An API key with the scope that the operation names." },
            },
        },
    })
}

fn describe(operation: &Operation, function: &str) -> Value {
    let Operation { id, summary, auth, .. } = operation;
    let mut responses = Map::new();
    for (status, description, schema) in operation.answers {
        let mut response = json!({ "description": description });
        if !schema.is_empty() {
            response["content"] = content(media_type(schema), schema);
        }
        if *id == "showPart" && *status == 200 {
            for kind in ["application/json", "text/css", "text/javascript"] {
                response["content"][kind] = json!({ "schema": {} });
            }
        }
        if *schema == "Raffle" {
            response["content"]["text/html"] = json!({ "schema": { "type": "string" } });
        }
        if *schema == "MemberStatement" {
            for kind in ["text/html", "text/plain", "application/pdf"] {
                response["content"][kind] = json!({ "schema": { "type": "string" } });
            }
        }
        if *status == 201 && *schema == "Posted" || *schema == "Outcome" {
            response["headers"] = json!({ "Idempotent-Replayed": {
                "description": "`true` on the answer to a repeat.", "schema": { "const": "true" },
            } });
        }
        responses.insert(status.to_string(), response);
    }
    let problem = json!({ "description": "Refused; see `type`.", "content": content("application/problem+json", "Problem") });
    responses.insert("default".to_owned(), problem);
    let mut described = json!({
        "operationId": id, "summary": summary, "tags": [function], "parameters": parameters(operation), "responses": responses,
    });
    if let Some(schema) = operation.body {
        let mut body = json!({ "required": operation.body_required, "content": content("application/json", schema) });
        if schema == "Webhook" {
            body["description"] = json!("The raw bytes that were signed.");
        }
        described["requestBody"] = body;
    }
    match auth {
        Auth::Signature | Auth::Nobody => described["security"] = json!([]),
        Auth::Key(scope) => described["description"] = json!(format!("Needs the scope `{scope}`.")),
    }
    described
}

/// The media type of an answer.
fn media_type(schema: &str) -> &'static str {
    match schema {
        "Lines" => "text/plain",
        "Page" => "text/html",
        "Script" => "text/javascript",
        _ => "application/json",
    }
}

fn content(media_type: &str, schema: &str) -> Value {
    json!({ media_type: { "schema": { "$ref": format!("#/components/schemas/{schema}") } } })
}

fn parameters(operation: &Operation) -> Vec<Value> {
    operation
        .parameters
        .iter()
        .map(|(name, place, required, description, schema)| {
            let schema: Value = serde_json::from_str(schema).unwrap_or_default();
            json!({ "name": name, "in": place, "required": required, "description": description, "schema": schema })
        })
        .collect()
}
