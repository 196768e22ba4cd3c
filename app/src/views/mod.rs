//! Views: lists of cases that people made for themselves, their team, a role or everybody.
//!
//! A view is a filter with a name, an order and columns. What it shows is still what its reader may know of: a shared
//! view of a private case's subject shows nothing to others. Who made a view changes it; admins may change all.

mod model;
mod store;
pub mod web;

pub use model::{Column, Draft, Heading, Shared, View};

use crate::cases::attributes;
use crate::cases::filter::unless_known;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, Error, FieldError, Result, Right, Role, Tx};

const LONGEST_NAME: usize = 80;
/// More than anybody finds again.
const MOST: usize = 200;

/// The views that this actor sees, in their order.
pub async fn of(tx: &mut Tx, actor: &Actor) -> Result<Vec<View>> {
    let mut views = store::all(tx).await?;
    views.retain(|view| view.is_for(actor));
    Ok(views)
}

/// # Errors
///
/// [`Error::NotFound`] also for one that the actor does not see.
pub async fn view(tx: &mut Tx, actor: &Actor, id: i64) -> Result<View> {
    let view = store::view(tx, id).await?;
    if view.is_for(actor) && view.removed_at.is_none() { Ok(view) } else { Err(Error::NotFound) }
}

/// What a view is called, also if it was taken away.
///
/// # Errors
///
/// [`Error::NotFound`] also for one that the actor does not see.
pub async fn name(tx: &mut Tx, actor: &Actor, id: i64) -> Result<String> {
    let view = store::view(tx, id).await?;
    if view.is_for(actor) { Ok(view.name) } else { Err(Error::NotFound) }
}

/// May this actor show views to others?
pub fn may_share(actor: &Actor) -> bool {
    actor.is(Role::Lead) || actor.is(Role::Admin)
}

/// Keeps a view; a new one without `id`.
///
/// # Errors
///
/// [`Error::Invalid`] with all fields that must be corrected.
pub async fn save(app: &App, actor: &Actor, id: Option<i64>, draft: &Draft) -> Result<i64> {
    actor.may(Right::ReadCases)?;
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    check(&mut tx, actor, draft).await?;
    let id = match id {
        Some(id) => {
            changeable(&mut tx, actor, id).await?;
            store::update(&mut tx, id, draft).await?;
            id
        }
        None if MOST <= of(&mut tx, actor).await?.len() => {
            return Err(Error::invalid("name", "views-too-many"));
        }
        None => store::insert(&mut tx, person, draft).await?,
    };
    journal::record(app, &mut tx, actor, About::house(), Fact::ViewSaved { view: id })?;
    tx.commit().await?;
    Ok(id)
}

async fn check(tx: &mut Tx, actor: &Actor, draft: &Draft) -> Result<()> {
    let mut errors: Vec<FieldError> =
        FieldError::of_text("name", &draft.name, LONGEST_NAME).into_iter().collect();
    match unless_known(tx, &draft.filter).await {
        Err(Error::Invalid(more)) => errors.extend(more),
        checked => checked?,
    }
    if !are_known(tx, &draft.columns).await? {
        errors.push(FieldError { field: "columns", word: "views-column-unknown" });
    }
    if draft.shared != Shared::Private && !may_share(actor) {
        errors.push(FieldError { field: "shared", word: "views-may-not-share" });
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Are there the fields that these columns name?
async fn are_known(tx: &mut Tx, columns: &[Heading]) -> Result<bool> {
    let fields = attributes::fields(tx).await?;
    let is_known = |column: &Heading| match column {
        Heading::Of(_) => true,
        Heading::Own(key) => fields.iter().any(|field| field.key == *key && !field.archived),
    };
    Ok(columns.iter().all(is_known))
}

/// The view, if the actor may change it.
async fn changeable(tx: &mut Tx, actor: &Actor, id: i64) -> Result<View> {
    let view = store::view(tx, id).await?;
    if !view.is_for(actor) {
        return Err(Error::NotFound);
    }
    if view.may_change(actor) { Ok(view) } else { Err(Error::Forbidden(Right::ManageSettings)) }
}

/// A copy for oneself, called `name`.
pub async fn copy(app: &App, actor: &Actor, id: i64, name: &str) -> Result<i64> {
    actor.may(Right::ReadCases)?;
    let view = view(&mut app.db.read().await?, actor, id).await?;
    let name = name.chars().take(LONGEST_NAME).collect();
    save(app, actor, None, &Draft { name, shared: Shared::Private, ..view.draft() }).await
}

/// Takes a view away.
pub async fn remove(app: &App, actor: &Actor, id: i64) -> Result<()> {
    set_removed(app, actor, id, true).await
}

/// Brings a view back that was taken away.
pub async fn bring_back(app: &App, actor: &Actor, id: i64) -> Result<()> {
    set_removed(app, actor, id, false).await
}

async fn set_removed(app: &App, actor: &Actor, id: i64, gone: bool) -> Result<()> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.write().await?;
    changeable(&mut tx, actor, id).await?;
    store::set_removed(&mut tx, id, gone.then(|| app.now())).await?;
    let fact = if gone { Fact::ViewRemoved { view: id } } else { Fact::ViewRestored { view: id } };
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await
}
