//! What a screen reader gets of the workplace: the order of its parts, the name of each control, how headings nest, and
//! that news are said. Read from Chromium's accessibility tree.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use kitt::platform::Role;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::walk::devtools;
use super::{PATIENCE, POLL};
use crate::day::without_a_mouse;
use crate::person::Browser;
use crate::post::ingrid_writes;

/// Roles that somebody can act on.
const CONTROLS: [&str; 9] = [
    "button",
    "link",
    "textbox",
    "combobox",
    "checkbox",
    "radio",
    "searchbox",
    "switch",
    "DisclosureTriangle",
];

/// One thing that is read out.
struct Node {
    role: String,
    name: String,
    level: i64,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_reader_gets_list_case_and_composer_in_order() -> Result<()> {
    without_a_mouse(async |world, eva| {
        ingrid_writes(world, "Das Sofa", "").await?;
        ingrid_writes(world, "Die Lampe", "").await?;
        eva.enter(Role::Agent, "/cases?view=unassigned").await?;
        eva.press("j").await?;
        eva.find(".ed [data-editor][contenteditable]").await?;
        let subject = eva.find(".conv h1").await?.text().await?;
        let nodes = read(eva).await?;
        names(&nodes)?;
        headings(&nodes, &subject)?;
        order(&nodes, &subject)?;
        // What was said when the case was opened.
        eva.driver.execute("document.getElementById('announce').textContent = ''", vec![]).await?;
        ingrid_writes(world, "Der Stuhl", "").await?;
        said(eva, "#announce", "The inbox has changed").await.context("news in the list are said")
    })
    .await
}

/// The tree in the order in which it is read.
async fn read(eva: &Browser) -> Result<Vec<Node>> {
    devtools(&eva.driver, "Accessibility.enable", json!({})).await?;
    let tree = devtools(&eva.driver, "Accessibility.getFullAXTree", json!({})).await?;
    let all = tree["nodes"].as_array().context("a list of nodes")?;
    let by_id: BTreeMap<&str, &Value> =
        all.iter().filter_map(|node| Some((node["nodeId"].as_str()?, node))).collect();
    let mut open = vec![all.first().context("a root")?];
    let mut nodes = Vec::new();
    while let Some(node) = open.pop() {
        let text = |part: &str| node[part]["value"].as_str().unwrap_or_default().to_owned();
        let level =
            node["properties"].as_array().and_then(|all| all.iter().find(|one| one["name"] == "level"));
        let level = level.and_then(|one| one["value"]["value"].as_i64()).unwrap_or_default();
        if node["ignored"] == false {
            nodes.push(Node { role: text("role"), name: text("name"), level });
        }
        let children = node["childIds"].as_array().into_iter().flatten().rev();
        open.extend(children.filter_map(|id| by_id.get(id.as_str()?).copied()));
    }
    Ok(nodes)
}

fn names(nodes: &[Node]) -> Result<()> {
    let controls: Vec<_> = nodes.iter().filter(|node| CONTROLS.contains(&node.role.as_str())).collect();
    ensure!(20 < controls.len(), "only {} controls", controls.len());
    let nameless: Vec<_> = controls.iter().filter(|node| node.name.trim().is_empty()).collect();
    ensure!(
        nameless.is_empty(),
        "without a name: {:?}",
        nameless.iter().map(|n| &n.role).collect::<Vec<_>>()
    );
    Ok(())
}

fn headings(nodes: &[Node], subject: &str) -> Result<()> {
    let headings: Vec<_> = nodes.iter().filter(|node| node.role == "heading").collect();
    let first: Vec<_> = headings.iter().filter(|node| node.level == 1).map(|node| &node.name).collect();
    ensure!(first == [subject], "the case is the page's one heading: {first:?}");
    for pair in headings.windows(2) {
        let (before, after) = (pair[0], pair[1]);
        ensure!(after.level <= before.level + 1, "{} skips a level after {}", after.name, before.name);
    }
    Ok(())
}

/// Navigation, list, case, what was said, composer, file.
fn order(nodes: &[Node], subject: &str) -> Result<()> {
    let place = |what: &str, is: &dyn Fn(&Node) -> bool| {
        nodes.iter().position(is).with_context(|| format!("{what} is not in the tree"))
    };
    let places = [
        place("the way to the content", &|node| node.role == "link" && node.name.starts_with("Skip"))?,
        place("the navigation", &|node| node.role == "navigation")?,
        place("the list", &|node| node.role == "link" && node.name.contains("Ingrid Sommerauer"))?,
        place("the case", &|node| node.role == "heading" && node.name == subject)?,
        place("what was said", &|node| node.role == "article")?,
        place("the composer", &|node| node.role == "textbox" && node.name == "Answer")?,
        place("the customer's file", &|node| node.role == "complementary")?,
    ];
    ensure!(places.is_sorted(), "read in this order: {places:?}");
    Ok(())
}

/// A region that screen readers watch has said `words`.
async fn said(eva: &Browser, css: &str, words: &'static str) -> Result<()> {
    let spoken = eva.driver.query(By::Css(css)).with_filter(move |region: WebElement| async move {
        let text = region.prop("textContent").await?.unwrap_or_default();
        Ok(text.trim() == words && region.attr("role").await?.as_deref() == Some("status"))
    });
    spoken.wait(PATIENCE, POLL).first().await?;
    Ok(())
}
