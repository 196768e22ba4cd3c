//! What people, programs and rules set on a case: one command each, with right, fact and a way back.

use money::Notation;

use super::back::Change;
use super::model::{CaseField, Entry, entries};
use super::value::{Value, read, shown_in_both};
use super::{place_of, store};
use crate::cases::clocks;
use crate::cases::model::{Case, Priority, Status};
use crate::cases::stand;
use crate::cases::store as rows;
use crate::cases::undo;
use crate::cases::undo::Inverse;
use crate::customers::fold;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, CaseFieldId, CaseId, CaseKindId, Error, OwnFieldError, OwnStateId, Result, Right, TagId, Tx,
    Who, Words, dialect,
};

/// More tags on one case help nobody.
const MOST_TAGS: i64 = 50;
const LONGEST_TAG: usize = 60;

/// A case to change, which others that change it wait for.
async fn locked(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Case> {
    actor.may(Right::WorkCases)?;
    dialect::lock(tx, "case", case.0).await?;
    crate::cases::sight::seen(tx, actor, case).await
}

fn record(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, fact: Fact) -> Result<()> {
    journal::record(app, tx, actor, About::case(row.id).of(row.customer), fact)
}

/// Keeps how to take `change` back.
async fn offer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    word: &'static str,
    change: Change,
) -> Result<()> {
    undo::offer(app, tx, actor, case, word, &Inverse::Attribute { change }).await
}

pub async fn set_priority(app: &App, actor: &Actor, case: CaseId, priority: Priority) -> Result<()> {
    let mut tx = app.db.write().await?;
    set_priority_in(app, &mut tx, actor, case, priority).await?;
    tx.commit().await
}

/// As [`set_priority`], within a transaction of the caller.
pub async fn set_priority_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    priority: Priority,
) -> Result<()> {
    let row = locked(tx, actor, case).await?;
    if row.priority == priority {
        return Ok(());
    }
    store::set_priority(tx, case, priority, app.now()).await?;
    clocks::changed(app, tx, case).await?;
    let change = Change::Priority { was: row.priority, is: priority };
    offer(app, tx, actor, case, "attr-priority-set", change).await?;
    record(app, tx, actor, &row, Fact::CasePrioritised { priority: priority.code().to_owned() })
}

pub async fn set_kind(app: &App, actor: &Actor, case: CaseId, kind: Option<CaseKindId>) -> Result<()> {
    let mut tx = app.db.write().await?;
    set_kind_in(app, &mut tx, actor, case, kind).await?;
    tx.commit().await
}

/// As [`set_kind`], within a transaction of the caller.
///
/// # Errors
///
/// [`Error::Invalid`] for a kind that is out of use.
pub async fn set_kind_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    kind: Option<CaseKindId>,
) -> Result<()> {
    let row = locked(tx, actor, case).await?;
    if row.kind == kind {
        return Ok(());
    }
    let new = match kind {
        Some(kind) => Some(store::kind(tx, kind).await?),
        None => None,
    };
    if new.as_ref().is_some_and(|new| !new.active) {
        return Err(Error::invalid("kind", "attr-out-of-use"));
    }
    store::set_kind(tx, case, kind, app.now()).await?;
    // What is of the kind of a complaint is one; no longer being of it does not make it none.
    let marked = new.is_some_and(|new| new.complaint) && !row.complaint;
    if marked {
        rows::set_complaint(tx, case, true).await?;
        record(app, tx, actor, &row, Fact::ComplaintMarked { complaint: true })?;
    }
    clocks::changed(app, tx, case).await?;
    offer(app, tx, actor, case, "attr-kind-set", Change::Kind { was: row.kind, is: kind, marked }).await?;
    record(app, tx, actor, &row, Fact::CaseKindSet { kind })
}

/// How a case is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewState {
    /// In one of the three states that every house has.
    Base(Status),
    Own(OwnStateId),
}

pub async fn set_state(app: &App, actor: &Actor, case: CaseId, state: NewState) -> Result<()> {
    let mut tx = app.db.write().await?;
    set_state_in(app, &mut tx, actor, case, state).await?;
    tx.commit().await
}

/// As [`set_state`], within a transaction of the caller.
///
/// What a state means happens as if it were asked for by itself: a case is closed, reopened or waits.
///
/// # Errors
///
/// [`Error::Invalid`] for a state that is out of use, [`Error::OwnFields`] as for closing.
pub async fn set_state_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    state: NewState,
) -> Result<()> {
    let row = locked(tx, actor, case).await?;
    let (base, own) = match state {
        NewState::Base(base) => (base, None),
        NewState::Own(own) => (store::state(tx, own).await?.base, Some(own)),
    };
    if row.own_state == own && row.status == base {
        return Ok(());
    }
    if let Some(own) = own
        && row.own_state != Some(own)
        && !store::state(tx, own).await?.active
    {
        return Err(Error::invalid("state", "attr-out-of-use"));
    }
    if row.status != base {
        match base {
            Status::Open => stand::reopen_in(app, tx, actor, &row).await?,
            Status::Waiting => stand::wait_in(app, tx, actor, &row, None).await?,
            Status::Closed => stand::close_in(app, tx, actor, &row).await?,
        }
    }
    store::set_own_state(tx, case, own, app.now()).await?;
    let after = rows::case(tx, case).await?;
    undo::offer(app, tx, actor, case, "attr-state-set", &Inverse::stood(&row, &after)).await?;
    record(app, tx, actor, &row, Fact::CaseStateSet { state: own })
}

/// Adds a tag to a case; a name that nobody used yet is a new tag.
pub async fn add_tag(app: &App, actor: &Actor, case: CaseId, name: &str) -> Result<TagId> {
    let mut tx = app.db.write().await?;
    let tag = add_tag_in(app, &mut tx, actor, case, name).await?;
    tx.commit().await?;
    Ok(tag)
}

/// As [`add_tag`], within a transaction of the caller.
///
/// # Errors
///
/// [`Error::Invalid`] without a name, with too long a one, or for more than fifty tags.
pub async fn add_tag_in(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, name: &str) -> Result<TagId> {
    let row = locked(tx, actor, case).await?;
    let name = tag_name(name)?;
    let tag = store::make_tag(tx, &name, &fold(&name)).await?;
    if !store::insert_tag(tx, case, tag.id).await? {
        return Ok(tag.id);
    }
    if MOST_TAGS < store::count_tags(tx, case).await? {
        return Err(Error::invalid("name", "attr-too-many-tags"));
    }
    store::touch(tx, case, app.now()).await?;
    offer(app, tx, actor, case, "attr-tagged", Change::Tagged { tag: tag.id }).await?;
    record(app, tx, actor, &row, Fact::CaseTagged { tag: tag.id })?;
    Ok(tag.id)
}

/// A tag's name in one spelling: `#VIP  Kunde` is `VIP Kunde`.
///
/// # Errors
///
/// [`Error::Invalid`] for an empty one or one of more than sixty characters.
pub fn tag_name(name: &str) -> Result<String> {
    let name = name.trim_start_matches(['#', ' ']).split_whitespace().collect::<Vec<_>>().join(" ");
    Error::unless_text("name", &name, LONGEST_TAG)?;
    Ok(name)
}

pub async fn remove_tag(app: &App, actor: &Actor, case: CaseId, tag: TagId) -> Result<()> {
    let mut tx = app.db.write().await?;
    remove_tag_in(app, &mut tx, actor, case, tag).await?;
    tx.commit().await
}

/// As [`remove_tag`], within a transaction of the caller. A tag that the case does not have is no error.
pub async fn remove_tag_in(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, tag: TagId) -> Result<()> {
    let row = locked(tx, actor, case).await?;
    if store::delete_tag(tx, case, tag).await? {
        store::touch(tx, case, app.now()).await?;
        offer(app, tx, actor, case, "attr-untagged", Change::Untagged { tag }).await?;
        record(app, tx, actor, &row, Fact::CaseUntagged { tag })?;
    }
    Ok(())
}

/// What is written into a field.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// As typed; empty for nothing.
    pub text: &'a str,
    pub notation: Notation,
    /// What stood there when the writer looked, as stored; `None`: do not ask whether it changed since.
    pub seen: Option<&'a str>,
}

impl<'a> Written<'a> {
    /// As a rule or an import has it.
    pub const fn plain(text: &'a str) -> Self {
        Self { text, notation: Notation::Either, seen: None }
    }
}

/// Writes into the field `key` of a case.
pub async fn set_field(
    app: &App,
    actor: &Actor,
    case: CaseId,
    key: &str,
    written: Written<'_>,
) -> Result<()> {
    let mut tx = app.db.write().await?;
    set_field_in(app, &mut tx, actor, case, key, written).await?;
    tx.commit().await
}

/// As [`set_field`], within a transaction of the caller.
///
/// # Errors
///
/// [`Error::OwnFields`] for what does not fit, and if somebody else wrote something else there meanwhile.
pub async fn set_field_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    key: &str,
    written: Written<'_>,
) -> Result<()> {
    let row = locked(tx, actor, case).await?;
    let field = store::field_named(tx, key).await?;
    if field.archived {
        return Err(wrong(&field, "attr-archived"));
    }
    let value = read(&field, written.text, written.notation).map_err(|word| wrong(&field, word))?;
    let before = store::whole_value(tx, case, field.id).await?;
    let said = before.as_ref().map(|before| before.text.as_str());
    let shown = said.or(field.standard.as_deref()).unwrap_or_default();
    let new = value.as_ref().map_or("", |value| value.text.as_str());
    if shown == new {
        return Ok(());
    }
    if written.seen.is_some_and(|seen| seen != shown) {
        return Err(meanwhile(app, &field, shown));
    }
    // Nothing is a value where the field would say something by itself.
    let value = value.or_else(|| field.standard.as_ref().map(|_| Value::empty()));
    match &value {
        Some(value) => store::set_value(tx, case, field.id, value).await?,
        None => store::delete_value(tx, case, field.id).await?,
    }
    store::touch(tx, case, app.now()).await?;
    let is = value.map(|value| value.text);
    let change = Change::Field { field: field.id, was: before.as_ref().map(Into::into), is };
    offer(app, tx, actor, case, "attr-field-set", change).await?;
    record(app, tx, actor, &row, Fact::CaseFieldSet { field: field.id })
}

fn wrong(field: &CaseField, word: &'static str) -> Error {
    Error::OwnFields(vec![OwnFieldError {
        field: field.key.clone(),
        word,
        name: field.name.clone(),
        value: None,
        meanwhile: false,
    }])
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

/// Refuses to close a case that lacks what the house wants to know first.
///
/// Kitt itself closes all the same: nobody is there to fill it in.
///
/// # Errors
///
/// [`Error::OwnFields`] with all that is missing.
pub async fn unless_complete(tx: &mut Tx, actor: &Actor, row: &Case) -> Result<()> {
    if matches!(actor.who, Who::Kitt(_)) {
        return Ok(());
    }
    let fields = store::fields(tx).await?;
    if !fields.iter().any(|field| field.required) {
        return Ok(());
    }
    let values = store::values(tx, row.id).await?.into_iter().collect();
    let missing: Vec<OwnFieldError> = entries(fields, place_of(row), &values)
        .into_iter()
        .filter(Entry::is_missing)
        .map(|entry| OwnFieldError {
            field: entry.field.key,
            word: "attr-missing",
            name: entry.field.name,
            value: None,
            meanwhile: false,
        })
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Error::OwnFields(missing)) }
}

/// What a case of the past is.
#[derive(Debug, Clone, Default)]
pub struct PastAttributes<'a> {
    pub kind: Option<CaseKindId>,
    pub state: Option<OwnStateId>,
    pub tags: &'a [TagId],
    pub values: &'a [(CaseFieldId, Value)],
}

/// Adds what imports and the example company know of a case; no news of it is recorded.
pub async fn add_past(
    tx: &mut Tx,
    row: (CaseId, crate::platform::Timestamp),
    past: PastAttributes<'_>,
) -> Result<()> {
    let (case, at) = row;
    store::insert_past(tx, case, past.tags, past.values);
    if past.kind.is_some() {
        store::set_kind(tx, case, past.kind, at).await?;
    }
    if past.state.is_some() {
        store::set_own_state(tx, case, past.state, at).await?;
    }
    Ok(())
}
