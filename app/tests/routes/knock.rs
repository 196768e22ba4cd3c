//! Asking for a route, with the least that its description wants.

use anyhow::Result;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use kitt::platform::Role;
use serde_json::{Value, json};

use super::{BY_HAND, Route};
use crate::world::World;

/// Status, and where the answer leads. The body of a POST is what the description asks for.
pub async fn knock(
    world: &World,
    route: &Route,
    role: Option<Role>,
    headers: &[(&str, &str)],
) -> Result<(StatusCode, String)> {
    let prefix = if route.is_page() && route.path.len() > 1 && role.is_some() { "/api/v1" } else { "" };
    let prefix = if BY_HAND.contains(&route.path.as_str()) { "" } else { prefix };
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    let (kind, body) = body(route)?;
    all[0].1 = kind;
    let response = world
        .send(role, route.method.clone(), &format!("{prefix}{}", route.url()), &all, Body::from(body))
        .await?;
    // Some of these end sessions.
    if route.method == Method::POST && route.path.starts_with("/log") || route.path.starts_with("/account/") {
        world.forget_sessions();
    }
    let location =
        response.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok((response.status(), location.to_owned()))
}

/// The least that the description allows: its type and text.
fn body(route: &Route) -> Result<(&'static str, String)> {
    if route.method == Method::GET {
        return Ok(("application/json", String::new()));
    }
    let api = serde_json::to_value(kitt::openapi())?;
    let operation = &api["paths"][format!("/api/v1{}", route.path)]["post"];
    let content = operation["requestBody"]["content"].as_object();
    match content.and_then(|content| content.iter().next()) {
        Some((kind, content)) if kind == "application/json" => {
            Ok(("application/json", least(&api, &content["schema"]).to_string()))
        }
        Some((kind, _)) if kind == "multipart/form-data" => {
            Ok(("multipart/form-data; boundary=b", "--b--\r\n".to_owned()))
        }
        Some((kind, _)) if kind == "message/rfc822" => {
            Ok(("message/rfc822", "Subject: x\r\n\r\nx".to_owned()))
        }
        Some((kind, _)) if kind == "application/x-www-form-urlencoded" => {
            Ok(("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click".to_owned()))
        }
        Some((kind, _)) if kind == "text/csv" => Ok(("text/csv", String::new())),
        Some((kind, _)) => anyhow::bail!("{}: no example of {kind}", route.path),
        None => Ok(("application/json", "{}".to_owned())),
    }
}

fn least(api: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return least(api, api.pointer(&name[1..]).unwrap_or(&Value::Null));
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    let one_of = schema["oneOf"].as_array().or(schema["allOf"].as_array());
    if let Some(one) = one_of.and_then(|all| all.iter().find(|one| one["type"] != "null")) {
        return least(api, one);
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str());
    match kind.unwrap_or("object") {
        "string" if schema["format"] == "date-time" => json!("2026-11-17T09:00:00Z"),
        "string" if schema["format"] == "date" => json!("2026-11-17"),
        "string" => json!("x"),
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "array" => json!([]),
        "null" => Value::Null,
        _ => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            required.map(|name| (name.to_owned(), least(api, &schema["properties"][name]))).collect()
        }
    }
}
