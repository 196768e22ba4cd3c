//! `GET /api`: the description as a page.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Extension, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use crate::platform::{Actor, App, Area, Page, Result, Wants};

#[derive(Template, Serialize)]
#[template(path = "api/views/api.html")]
struct ApiView {
    #[serde(skip)]
    page: Page,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    operations: Vec<Operation>,
}

#[derive(Serialize)]
struct Operation {
    method: String,
    path: String,
    summary: String,
    parameters: Vec<Field>,
    fields: Vec<Field>,
}

/// One parameter of the path or query, or one field of the body.
#[derive(Serialize)]
struct Field {
    name: String,
    kind: String,
    required: bool,
    description: String,
}

/// Shows all routes by subject.
pub async fn page(wants: Wants, State(app): State<App>, actor: Option<Extension<Actor>>) -> Result<Response> {
    let page = match actor {
        Some(Extension(actor)) => wants.page(&app, &actor, Area::Settings),
        None => wants.public_page(&app, Area::Door),
    };
    wants.answer(&ApiView { page, groups: groups(&serde_json::to_value(crate::openapi())?) })
}

fn groups(api: &Value) -> Vec<Group> {
    let mut groups: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for (path, item) in api["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let tag = operation["tags"][0].as_str().unwrap_or("other");
            groups.entry(tag.to_owned()).or_default().push(read(api, path, method, operation));
        }
    }
    groups.into_iter().map(|(name, operations)| Group { name, operations }).collect()
}

fn read(api: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let content = operation["requestBody"]["content"].as_object().and_then(|content| content.values().next());
    Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        parameters: parameters
            .map(|one| Field {
                name: text(&one["name"]),
                kind: kind(&one["schema"]),
                required: one["required"] == true,
                description: text(&one["description"]),
            })
            .collect(),
        fields: content.map(|content| fields(api, &content["schema"])).unwrap_or_default(),
    }
}

/// The fields of a body; nested ones are named by their type only.
fn fields(api: &Value, schema: &Value) -> Vec<Field> {
    let schema = schema["$ref"].as_str().and_then(|name| api.pointer(&name[1..])).unwrap_or(schema);
    let required: Vec<_> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, one)| Field {
            name: name.clone(),
            kind: kind(one),
            required: required.contains(&name.as_str()),
            description: text(&one["description"]),
        })
        .collect()
}

fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or(name).to_owned();
    }
    if let Some(first) =
        schema["oneOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"))
    {
        return kind(first);
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => format!("{}[]", self::kind(&schema["items"])),
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => text(kinds.iter().find(|one| *one != "null").unwrap_or(&Value::Null)),
        _ => String::new(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
