//! A change in words.

use crate::cases::attributes;
use crate::cases::bulk::Change;
use crate::people;
use crate::platform::{App, Page, PersonId, Result, Tx};

/// What changes, and into what.
pub async fn changes(app: &App, page: &Page, change: &Change) -> Result<Vec<(String, String)>> {
    let mut tx = app.db.read().await?;
    let mut changes = Vec::new();
    let mut say = |word: &str, into: String| changes.push((page.t(word).into_owned(), into));
    if let Some(owner) = change.owner() {
        say("case-owner", name_of(&mut tx, page, owner, "case-nobody").await?);
    }
    if let Some(queue) = change.queue {
        say("case-queue", people::queue(&mut tx, queue).await?.name);
    }
    if let Some(step) = change.step {
        let until = change.until.map(|until| format!(", {}", page.when(&until)));
        let step = page.t(&format!("case-{}", step.code()));
        say("cases-column-status", format!("{step}{}", until.unwrap_or_default()));
    }
    if let Some(priority) = change.priority {
        say("cases-column-priority", page.t(&format!("case-priority-{}", priority.code())).into_owned());
    }
    if let Some(bin) = change.bin.as_deref() {
        let bin = if bin == "none" { "restore" } else { bin };
        say("bulk-bin", page.t(&format!("case-{bin}")).into_owned());
    }
    if let Some(deputy) = change.deputy() {
        say("case-part-deputy", name_of(&mut tx, page, deputy, "bulk-nobody").await?);
    }
    for (word, person) in [("bulk-follow", change.follow), ("bulk-unfollow", change.unfollow)] {
        if person.is_some() {
            say(word, name_of(&mut tx, page, person, "bulk-nobody").await?);
        }
    }
    changes.extend(attribute_changes(&mut tx, page, change).await?);
    Ok(changes)
}

async fn name_of(tx: &mut Tx, page: &Page, person: Option<PersonId>, nobody: &str) -> Result<String> {
    match person {
        Some(person) => Ok(people::person(tx, person).await?.name),
        None => Ok(page.t(nobody).into_owned()),
    }
}

/// As [`changes`], of kind, own state, tags and fields.
async fn attribute_changes(tx: &mut Tx, page: &Page, change: &Change) -> Result<Vec<(String, String)>> {
    let mut changes = Vec::new();
    let mut say = |label: &str, into: String| changes.push((label.to_owned(), into));
    if let Some(kind) = change.kind() {
        let kinds = attributes::kinds(tx).await?;
        let kind = kinds.iter().find(|one| Some(one.id) == kind);
        let name = kind
            .map_or_else(|| page.t("attr-kind-none").into_owned(), |kind| page.named(&kind.name).to_owned());
        say(&page.t("attr-kind"), name);
    }
    if let Some(id) = change.own_state {
        let states = attributes::own_states(tx).await?;
        let name = states.iter().find(|state| state.id == id).map(|state| page.named(&state.name).to_owned());
        say(&page.t("cases-column-status"), name.unwrap_or_default());
    }
    for (word, names) in [("bulk-tag", &change.tag), ("bulk-untag", &change.untag)] {
        if !names.is_empty() {
            say(&page.t(word), names.join(", "));
        }
    }
    let fields = if change.fields.is_empty() { Vec::new() } else { attributes::fields(tx).await? };
    for field in &fields {
        let Some(text) = change.fields.get(&field.key) else { continue };
        let empty = || page.t("bulk-empty").into_owned();
        say(
            page.named(&field.name),
            if text.is_empty() { empty() } else { attributes::shown(field, text, page) },
        );
    }
    Ok(changes)
}
