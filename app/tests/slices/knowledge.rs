//! Articles: proposed, published, found, changed by several people, and offered where somebody answers.

mod finding;
mod keeping;
mod offering;
mod proposing;

use anyhow::{Context, Result};
use kitt::platform::Role;
use kitt::platform::search::Feeder;
use serde_json::{Value, json};

use crate::world::{Answer, World};

const TITLE: &str = "Rücksendung großer Möbel";
const BODY: &str = "Die Abholung kostet innerhalb von dreißig Tagen nichts.";

fn form(more: &Value) -> Value {
    let mut form = json!({ "language": "de", "title": TITLE, "body": BODY, "body_format": "text" });
    for (key, value) in more.as_object().into_iter().flatten() {
        form[key] = value.clone();
    }
    form
}

fn id_of(answer: &Answer) -> Result<i64> {
    answer.json()?["id"].as_i64().with_context(|| answer.body.clone())
}

async fn proposed(world: &World, role: Role, more: &Value) -> Result<i64> {
    id_of(&world.post_json(role, "/knowledge", &form(more)).await?)
}

/// An article that everybody finds.
async fn published(world: &World, more: &Value) -> Result<i64> {
    let mut form = form(more);
    form["then"] = json!("publish");
    let answer = world.post_json(Role::Lead, "/knowledge", &form).await?;
    assert_eq!(answer.json()?["state"], "published", "{}", answer.body);
    id_of(&answer)
}

/// The address at which the page offers to take the newest thing back.
fn way_back(page: &str) -> Result<String> {
    let from = page.find("action=\"/undos/").context("nothing is offered")? + "action=\"".len();
    Ok(page[from..].chars().take_while(|c| *c != '"').collect())
}

async fn open(world: &World) -> Result<Feeder> {
    Ok(Feeder::open(&world.app, &kitt::search_sources()).await?)
}

fn encoded(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

/// The titles of a list, in its order.
async fn titles(world: &World, role: Role, query: &str) -> Result<Vec<String>> {
    let list = world.get_json(role, &format!("/knowledge?{query}")).await?.json()?;
    let items = list["items"].as_array().with_context(|| list.to_string())?;
    Ok(items.iter().filter_map(|item| item["texts"][0]["title"].as_str()).map(str::to_owned).collect())
}
