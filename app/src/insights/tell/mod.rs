//! Tells the customers of an insight that it was fixed, or that their wish was granted.
//!
//! Prepared by one person, approved by another, sent by a job: each message leaves through the customer's own
//! case, so that answers come back to where the story is. Until the approval everything can be changed or taken
//! back. Deliberately absent: telling by phone or letter; who has no e-mail address stays on the list.

mod letter;
mod send;
mod store;
mod undelivered;

pub use letter::{Filling, PLACEHOLDERS, fill, greeting};
use send::JOB;
pub use send::{JOBS, message};
pub use store::{Progress, Recipient, Telling, TellingState};
pub use undelivered::UNDELIVERED;

use crate::customers;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CustomerId, Error, InsightId, Result, Right, Role, Tx, dialect, jobs};

/// Characters of a message.
const LONGEST: usize = 10_000;

/// Makes the list of all customers who said it and do not know yet, with a message for each; its id.
///
/// The one that is already being prepared is returned instead of a second one.
///
/// # Errors
///
/// [`Error::Invalid`] if the insight is not fixed, or nobody is left to be told.
pub async fn prepare(app: &App, actor: &Actor, insight: InsightId, templates: Templates) -> Result<i64> {
    actor.may(Right::TellCustomers)?;
    templates.check()?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "insight", insight.0).await?;
    let row = super::store::insight(&mut tx, insight).await?;
    if !row.is_mended() {
        return Err(Error::invalid("insight", "tell-not-fixed"));
    }
    if let Some(open) = store::unfinished(&mut tx, insight).await? {
        return Ok(open.id);
    }
    let untold = store::untold(&mut tx, insight).await?;
    if untold.is_empty() {
        return Err(Error::invalid("insight", "tell-nobody"));
    }
    let telling = store::insert(&mut tx, insight, &templates, actor, app.now()).await?;
    for (customer, case) in &untold {
        let reachable = customers::email(&mut tx, *customer).await?.is_some();
        store::insert_recipient(&mut tx, telling, *customer, *case, !reachable).await?;
    }
    let fact = Fact::TellingPrepared { customers: i64::try_from(untold.len()).unwrap_or(i64::MAX) };
    journal::record(app, &mut tx, actor, About::insight(insight), fact)?;
    tx.commit().await?;
    Ok(telling)
}

/// What everybody is told, before it is filled for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Templates {
    pub de: String,
    pub en: String,
}

impl Templates {
    fn check(&self) -> Result<()> {
        check_text("de", &self.de)?;
        check_text("en", &self.en)
    }
}

fn check_text(field: &'static str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::invalid(field, "error-field-required"));
    }
    if LONGEST < text.chars().count() {
        return Err(Error::invalid(field, "error-field-too-long"));
    }
    Ok(())
}

/// Changes what everybody is told; messages that were edited by hand keep their text.
pub async fn rewrite(app: &App, actor: &Actor, telling: i64, templates: &Templates) -> Result<()> {
    actor.may(Right::TellCustomers)?;
    templates.check()?;
    let mut tx = app.db.write().await?;
    let row = changeable(&mut tx, telling).await?;
    store::set_templates(&mut tx, telling, templates).await?;
    changed(app, &mut tx, actor, &row, None)?;
    tx.commit().await
}

/// Changes one customer's message; an empty text goes back to the template.
pub async fn edit(app: &App, actor: &Actor, telling: i64, customer: CustomerId, text: &str) -> Result<()> {
    actor.may(Right::TellCustomers)?;
    if LONGEST < text.chars().count() {
        return Err(Error::invalid("text", "error-field-too-long"));
    }
    let mut tx = app.db.write().await?;
    let row = changeable(&mut tx, telling).await?;
    store::set_text(&mut tx, telling, customer, text.trim()).await?;
    changed(app, &mut tx, actor, &row, Some(customer))?;
    tx.commit().await
}

/// Leaves a customer out, or takes them in again.
///
/// # Errors
///
/// [`Error::Invalid`] to take in somebody without an e-mail address.
pub async fn skip(app: &App, actor: &Actor, telling: i64, customer: CustomerId, skipped: bool) -> Result<()> {
    actor.may(Right::TellCustomers)?;
    let mut tx = app.db.write().await?;
    let row = changeable(&mut tx, telling).await?;
    if !skipped && customers::email(&mut tx, customer).await?.is_none() {
        return Err(Error::invalid("customer", "tell-no-address"));
    }
    store::set_skipped(&mut tx, telling, customer, skipped).await?;
    changed(app, &mut tx, actor, &row, Some(customer))?;
    tx.commit().await
}

/// The journal knows who changed what others approve.
fn changed(app: &App, tx: &mut Tx, actor: &Actor, row: &Telling, customer: Option<CustomerId>) -> Result<()> {
    let about = About { customer, ..About::insight(row.insight) };
    journal::record(app, tx, actor, about, Fact::TellingChanged { telling: row.id })
}

/// Takes the whole telling back; nobody was told anything yet.
pub async fn take_back(app: &App, actor: &Actor, telling: i64) -> Result<InsightId> {
    actor.may(Right::TellCustomers)?;
    let mut tx = app.db.write().await?;
    let row = changeable(&mut tx, telling).await?;
    store::delete(&mut tx, telling).await?;
    let fact = Fact::TellingTakenBack { telling };
    journal::record(app, &mut tx, actor, About::insight(row.insight), fact)?;
    tx.commit().await?;
    Ok(row.insight)
}

/// The telling, locked, as long as it can be changed.
///
/// # Errors
///
/// [`Error::Stale`] once it is approved.
async fn changeable(tx: &mut Tx, telling: i64) -> Result<Telling> {
    dialect::lock(tx, "telling", telling).await?;
    let row = store::telling(tx, telling).await?;
    if row.state == TellingState::Prepared { Ok(row) } else { Err(Error::Stale) }
}

/// Lets the messages go.
///
/// # Errors
///
/// [`Error::Invalid`] if the preparer approves their own work, the insight is not fixed any more, or nobody is left
/// to be told.
pub async fn approve(app: &App, actor: &Actor, telling: i64) -> Result<InsightId> {
    actor.may(Right::ApproveTelling)?;
    let mut tx = app.db.write().await?;
    let row = changeable(&mut tx, telling).await?;
    if is_own(&row, actor) && !is_alone(&mut tx, actor).await? {
        return Err(Error::invalid("approval", "tell-four-eyes"));
    }
    if !is_mended(&mut tx, row.insight).await? {
        return Err(Error::invalid("approval", "tell-not-fixed"));
    }
    let progress = store::progress(&mut tx, telling).await?;
    if progress.waiting == 0 {
        return Err(Error::invalid("approval", "tell-nobody"));
    }
    store::approve(&mut tx, telling, actor.person_id(), app.now()).await?;
    jobs::enqueue(&mut tx, JOB.name, &telling, app.now()).await?;
    let fact = Fact::TellingApproved { customers: progress.waiting };
    journal::record(app, &mut tx, actor, About::insight(row.insight), fact)?;
    tx.commit().await?;
    Ok(row.insight)
}

/// Did this actor prepare it? What programs and Kitt itself do has no person: they never approve each other's work.
fn is_own(telling: &Telling, actor: &Actor) -> bool {
    match (telling.prepared_by, actor.person_id()) {
        (Some(preparer), Some(approver)) => preparer == approver,
        (None, None) => true,
        _ => false,
    }
}

/// Is it still true that it is fixed? Locked, so that it stays so.
async fn is_mended(tx: &mut Tx, insight: InsightId) -> Result<bool> {
    dialect::lock(tx, "insight", insight.0).await?;
    Ok(super::store::insight(tx, insight).await?.is_mended())
}

/// Is this administrator the only person who could approve? Then four eyes are not to be had.
async fn is_alone(tx: &mut Tx, actor: &Actor) -> Result<bool> {
    if !actor.is(Role::Admin) {
        return Ok(false);
    }
    let own = actor.person_id();
    let other = |person: &people::Person| {
        let approves = Right::ApproveTelling.roles().iter().any(|role| person.is(role));
        Some(person.id) != own && person.active && person.joined && approves
    };
    Ok(!people::all(tx).await?.iter().any(other))
}

/// May this person approve, as far as four eyes are concerned?
pub async fn can_approve(tx: &mut Tx, actor: &Actor, telling: &Telling) -> Result<bool> {
    Ok(actor.can(Right::ApproveTelling) && (!is_own(telling, actor) || is_alone(tx, actor).await?))
}

/// How many customers of `insight` know, and how many do not yet; who said it again since is not told.
pub async fn told(tx: &mut Tx, insight: InsightId) -> Result<(i64, i64)> {
    store::told(tx, insight).await
}

/// The one that is being prepared or sent, else the last one.
pub async fn current(tx: &mut Tx, insight: InsightId) -> Result<Option<Telling>> {
    store::newest(tx, insight).await
}

pub async fn progress(tx: &mut Tx, telling: i64) -> Result<Progress> {
    store::progress(tx, telling).await
}

/// Recipients by customer id, from `after` on.
pub async fn recipients(tx: &mut Tx, telling: i64, after: CustomerId, limit: i64) -> Result<Vec<Recipient>> {
    store::recipients(tx, telling, after, limit).await
}
