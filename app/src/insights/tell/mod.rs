//! Tells the customers of an insight that it was fixed, or that their wish was granted.
//!
//! Prepared by one person, approved by another, sent by a job: each message leaves through the customer's own
//! case, so that answers come back to where the story is. Until the approval everything can be changed or taken
//! back. Deliberately absent: telling by phone or letter; who has no e-mail address stays on the list.

mod letter;
mod send;
mod store;
mod undelivered;

use std::collections::HashMap;

pub use letter::{Filling, fill, greeting, wrong_placeholders};
pub use send::{JOB, message};
pub use store::{Progress, Recipient, Telling, TellingState};
pub use undelivered::UNDELIVERED;

use crate::cases;
use crate::customers;
use crate::customers::Purpose;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CustomerId, Error, FieldError, InsightId, Language, Manner, Result, Right, Role, Tx, dialect,
    jobs,
};

/// Characters of a message.
const LONGEST: usize = 10_000;
/// Characters that say what it is about.
const LONGEST_WHAT: usize = 200;
/// They are for placeholders, and would be sent as they are where there are none.
const BRACES: [char; 2] = ['{', '}'];

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
        let declined = customers::objects(&mut tx, *customer, Purpose::Telling).await?;
        store::insert_recipient(&mut tx, telling, *customer, *case, !reachable || declined).await?;
    }
    let fact = Fact::TellingPrepared { customers: i64::try_from(untold.len()).unwrap_or(i64::MAX) };
    journal::record(app, &mut tx, actor, About::insight(insight), fact)?;
    tx.commit().await?;
    Ok(telling)
}

/// What everybody is told, before it is filled for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Templates {
    pub de: Template,
    /// The German text for those who are addressed informally; empty: the other one.
    pub de_informal: String,
    pub en: Template,
}

/// The message in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    pub text: String,
    /// What it is about, in words for customers; the insight's title is for the house.
    pub what: String,
}

impl Templates {
    fn check(&self) -> Result<()> {
        let wrong = self.de.wrong("de", "what_de").into_iter().chain(self.en.wrong("en", "what_en"));
        let mut wrong: Vec<FieldError> = wrong.collect();
        if LONGEST < self.de_informal.chars().count() {
            wrong.push(FieldError { field: "de_informal", word: "error-field-too-long" });
        }
        if !wrong_placeholders(&self.de_informal).is_empty() {
            wrong.push(FieldError { field: "de_informal", word: "tell-placeholder-unknown" });
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

impl Template {
    fn wrong(&self, text: &'static str, what: &'static str) -> Vec<FieldError> {
        let mut wrong = Vec::from_iter(FieldError::of_text(text, &self.text, LONGEST));
        if !wrong_placeholders(&self.text).is_empty() {
            wrong.push(FieldError { field: text, word: "tell-placeholder-unknown" });
        }
        if LONGEST_WHAT < self.what.chars().count() {
            wrong.push(FieldError { field: what, word: "error-field-too-long" });
        }
        if self.what.contains(BRACES) {
            wrong.push(FieldError { field: what, word: "tell-braces" });
        }
        wrong
    }
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
    Error::unless_short("text", text, LONGEST)?;
    if text.contains(BRACES) {
        return Err(Error::invalid("text", "tell-braces"));
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
/// [`Error::Invalid`] to take in somebody without an e-mail address, or who wants no such news.
pub async fn skip(app: &App, actor: &Actor, telling: i64, customer: CustomerId, skipped: bool) -> Result<()> {
    actor.may(Right::TellCustomers)?;
    let mut tx = app.db.write().await?;
    let row = changeable(&mut tx, telling).await?;
    if !skipped && customers::email(&mut tx, customer).await?.is_none() {
        return Err(Error::invalid("customer", "tell-no-address"));
    }
    if !skipped && customers::objects(&mut tx, customer, Purpose::Telling).await? {
        return Err(Error::invalid("customer", "tell-declined"));
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
/// [`Error::Invalid`] if the preparer approves their own work, the insight is not fixed any more, nobody is left
/// to be told, or it is not said in somebody's language what it is about.
pub async fn approve(app: &App, actor: &Actor, telling: i64) -> Result<InsightId> {
    approve_if(app, actor, telling, |_| true).await
}

/// As [`approve`], for somebody who was told that so many customers are told.
///
/// # Errors
///
/// As [`approve`], and if it would be another number of customers.
pub async fn approve_for(app: &App, actor: &Actor, telling: i64, customers: i64) -> Result<InsightId> {
    approve_if(app, actor, telling, |waiting| waiting == customers).await
}

async fn approve_if(
    app: &App,
    actor: &Actor,
    telling: i64,
    expected: impl FnOnce(i64) -> bool,
) -> Result<InsightId> {
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
    if !expected(progress.waiting) {
        return Err(Error::invalid("customers", "tell-count-changed"));
    }
    if let Some(field) = unsaid(&mut tx, &row).await? {
        return Err(Error::invalid(field, "tell-what-missing"));
    }
    store::approve(&mut tx, telling, actor.person_id(), app.now()).await?;
    jobs::enqueue(&mut tx, JOB.name, &telling, app.now()).await?;
    let fact = Fact::TellingApproved { customers: progress.waiting };
    journal::record(app, &mut tx, actor, About::insight(row.insight), fact)?;
    tx.commit().await?;
    Ok(row.insight)
}

/// The field that is empty although a message needs it.
async fn unsaid(tx: &mut Tx, telling: &Telling) -> Result<Option<&'static str>> {
    let mut after = CustomerId(0);
    loop {
        let found = store::recipients(tx, telling.id, after, 500).await?;
        let Some(last) = found.last() else { return Ok(None) };
        after = last.customer;
        let waiting = found.iter().filter(|one| one.text.is_empty() && !one.skipped && one.contact.is_none());
        let waiting: Vec<Recipient> = waiting.cloned().collect();
        for manner in manners(tx, &waiting).await?.values() {
            if !telling.is_complete(*manner) {
                return Ok(Some(if manner.language == Language::De { "what_de" } else { "what_en" }));
            }
        }
    }
}

/// How each of these is written to, by the queue of their case.
pub async fn manners(tx: &mut Tx, recipients: &[Recipient]) -> Result<HashMap<CustomerId, Manner>> {
    let (ids, cases): (Vec<_>, Vec<_>) = recipients.iter().map(|one| (one.customer, one.case)).unzip();
    let customers = customers::some(tx, &ids).await?;
    let queues = people::queues(tx).await?;
    let cases = cases::some(tx, &cases).await?;
    let mut manners = HashMap::new();
    for one in recipients {
        let case = cases.iter().find(|case| case.id == one.case);
        let queue = queues.iter().find(|queue| case.is_some_and(|case| case.queue == queue.id));
        if let (Some(customer), Some(queue)) = (customers.get(&one.customer), queue) {
            manners.insert(one.customer, customer.manner(queue.tone));
        }
    }
    Ok(manners)
}

/// Who is told first.
pub async fn first(tx: &mut Tx, telling: i64) -> Result<Option<Recipient>> {
    Ok(store::waiting(tx, telling, 1).await?.into_iter().next())
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
        let approves = person.can(Right::ApproveTelling);
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
