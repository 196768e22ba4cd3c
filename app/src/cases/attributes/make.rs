//! What is set on a case that the caller has locked, with its fact. How it is taken back is for the caller to keep: by
//! itself, or with what was done to many at once.

use super::back::Change;
use super::model::CaseField;
use super::set::tag_name;
use super::store;
use super::value::{Value, shown_in_both};
use crate::cases::clocks;
use crate::cases::model::Case;
use crate::cases::store as rows;
use crate::customers::fold;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseKindId, Error, OwnFieldError, Result, TagId, Tx, Words};

/// More tags on one case help nobody.
pub const MOST_TAGS: usize = 50;

fn record(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, fact: Fact) -> Result<()> {
    journal::record(app, tx, actor, About::case(row.id).of(row.customer), fact)
}

/// Makes a case one of this kind; `None` if it is.
///
/// # Errors
///
/// [`Error::Invalid`] for a kind that is out of use.
pub async fn make_kind(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    row: &Case,
    kind: Option<CaseKindId>,
) -> Result<Option<Change>> {
    if row.kind == kind {
        return Ok(None);
    }
    let new = match kind {
        Some(kind) => Some(store::kind(tx, kind).await?),
        None => None,
    };
    if new.as_ref().is_some_and(|new| !new.active) {
        return Err(Error::invalid("kind", "attr-out-of-use"));
    }
    store::set_kind(tx, row.id, kind, app.now()).await?;
    // What is of the kind of a complaint is one; no longer being of it does not make it none.
    let marked = new.is_some_and(|new| new.complaint) && !row.complaint;
    if marked {
        rows::set_complaint(tx, row.id, true).await?;
        record(app, tx, actor, row, Fact::ComplaintMarked { complaint: true })?;
    }
    clocks::changed(app, tx, row.id).await?;
    record(app, tx, actor, row, Fact::CaseKindSet { kind })?;
    Ok(Some(Change::Kind { was: row.kind, is: kind, marked }))
}

/// Adds a tag to a case; with it `None` if the case has it.
///
/// # Errors
///
/// [`Error::Invalid`] without a name, with too long a one, or for more than fifty tags.
pub async fn make_tagged(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    row: &Case,
    name: &str,
) -> Result<(TagId, Option<Change>)> {
    let name = tag_name(name)?;
    let tag = store::make_tag(tx, &name, &fold(&name)).await?.id;
    if !store::insert_tag(tx, row.id, tag).await? {
        return Ok((tag, None));
    }
    if MOST_TAGS < usize::try_from(store::count_tags(tx, row.id).await?).unwrap_or(usize::MAX) {
        return Err(Error::invalid("name", "attr-too-many-tags"));
    }
    store::touch(tx, row.id, app.now()).await?;
    record(app, tx, actor, row, Fact::CaseTagged { tag })?;
    Ok((tag, Some(Change::Tagged { tag })))
}

/// Takes a tag from a case; `None` if it does not have it.
pub async fn make_untagged(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    row: &Case,
    tag: TagId,
) -> Result<Option<Change>> {
    if !store::delete_tag(tx, row.id, tag).await? {
        return Ok(None);
    }
    store::touch(tx, row.id, app.now()).await?;
    record(app, tx, actor, row, Fact::CaseUntagged { tag })?;
    Ok(Some(Change::Untagged { tag }))
}

/// Writes into a field of a case; `None` if it says so already. `seen` is what stood there when the writer looked.
///
/// # Errors
///
/// [`Error::OwnFields`] if somebody else wrote something else there meanwhile.
pub async fn write(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    row: &Case,
    field: &CaseField,
    value: Option<Value>,
    seen: Option<&str>,
) -> Result<Option<Change>> {
    let before = store::whole_value(tx, row.id, field.id).await?;
    let said = before.as_ref().map(|before| before.text.as_str());
    let shown = said.or(field.standard.as_deref()).unwrap_or_default();
    let new = value.as_ref().map_or("", |value| value.text.as_str());
    if shown == new {
        return Ok(None);
    }
    if seen.is_some_and(|seen| seen != shown) {
        return Err(meanwhile(app, field, shown));
    }
    // Nothing is a value where the field would say something by itself.
    let value = value.or_else(|| field.standard.as_ref().map(|_| Value::empty()));
    match &value {
        Some(value) => store::set_value(tx, row.id, field.id, value).await?,
        None => store::delete_value(tx, row.id, field.id).await?,
    }
    store::touch(tx, row.id, app.now()).await?;
    let is = value.map(|value| value.text);
    let fact = field_set(tx, row, field, (said, is.as_deref())).await?;
    record(app, tx, actor, row, fact)?;
    Ok(Some(Change::Field { field: field.id, was: before.as_ref().map(Into::into), is }))
}

/// The fact that a field says something else than before; what, is kept beside the journal.
pub(super) async fn field_set(
    tx: &mut Tx,
    row: &Case,
    field: &CaseField,
    (was, is): (Option<&str>, Option<&str>),
) -> Result<Fact> {
    let shown = |said: Option<&str>| {
        let shown = said.or(field.standard.as_deref()).unwrap_or_default();
        Some(shown.to_owned()).filter(|shown| !shown.is_empty())
    };
    let wording = rows::insert_wording(tx, row.id, shown(was).as_deref(), shown(is).as_deref()).await?;
    Ok(Fact::CaseFieldSet { field: field.id, wording: Some(wording) })
}

/// Somebody else was faster: what stands there now is said, what was typed stays in the form.
fn meanwhile(app: &App, field: &CaseField, shown: &str) -> Error {
    let words = |language| Words::new(language, app.zone(), app.now());
    let emptied = shown.is_empty();
    Error::OwnFields(vec![OwnFieldError {
        field: field.key.clone(),
        word: if emptied { "attr-meanwhile-empty" } else { "attr-meanwhile" },
        name: field.name.clone(),
        value: (!emptied).then(|| shown_in_both(field, shown, words)),
        meanwhile: true,
    }])
}
