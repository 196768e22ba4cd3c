//! What people, programs and rules set on a case: one command each, with right, fact and a way back.

use money::Notation;

use super::back::Change;
use super::make::{make_kind, make_tagged, make_untagged, write};
use super::model::{CaseField, Entry, entries};
use super::value::{Value, read};
use super::{place_of, store};
use crate::cases::clocks;
use crate::cases::model::{Case, Priority, Status};
use crate::cases::stand;
use crate::cases::store as rows;
use crate::cases::undo;
use crate::cases::undo::Inverse;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, CaseFieldId, CaseId, CaseKindId, Error, OwnFieldError, OwnStateId, Result, Right, TagId, Tx,
    Who, dialect,
};

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

/// Keeps how to take `change` back, if there was one.
async fn offer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    word: &'static str,
    change: Option<Change>,
) -> Result<()> {
    let Some(change) = change else { return Ok(()) };
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
    let change = Some(Change::Priority { was: row.priority, is: priority });
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
    let change = make_kind(app, tx, actor, &row, kind).await?;
    offer(app, tx, actor, case, "attr-kind-set", change).await
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
    record(app, tx, actor, &row, Fact::CaseStateSet { state: own, from: row.own_state })
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
    let (tag, change) = make_tagged(app, tx, actor, &row, name).await?;
    offer(app, tx, actor, case, "attr-tagged", change).await?;
    Ok(tag)
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
    let change = make_untagged(app, tx, actor, &row, tag).await?;
    offer(app, tx, actor, case, "attr-untagged", change).await
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
    let change = write(app, tx, actor, &row, &field, value, written.seen).await?;
    offer(app, tx, actor, case, "attr-field-set", change).await
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
