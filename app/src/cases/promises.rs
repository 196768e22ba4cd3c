//! What customers are told would happen: made, kept or broken, put off, withdrawn. Each of these can be taken back.
//!
//! It stands in the customer's file, which is not this slice's; what people do with it is done here, since it may be about
//! a case, and since it is taken back as everything else is.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::sight;
use super::store;
use super::undo::{self, Inverse, Undoer};
use crate::customers;
use crate::customers::promises;
use crate::customers::{File, Promise, PromiseStand};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, CustomerId, Error, Result, Right, Timestamp, Tx, dialect};

const NAME: &str = "promises";

pub static UNDOERS: [Undoer; 1] = [Undoer { name: NAME, right: Right::WorkCases, page, take_back }];

/// What pages say of it.
pub const WORDS: [&str; 5] = [
    "customers-promised",
    "customers-promise-kept",
    "customers-promise-broken",
    "customers-promise-moved",
    "customers-promise-withdrawn",
];

/// A customer's file as the actor may know it.
pub async fn file(tx: &mut Tx, actor: &Actor, customer: CustomerId, now: Timestamp) -> Result<File> {
    customers::file_for(tx, customer, now, &|promises| store::promises_in_sight(promises, actor)).await
}

/// All that a customer was promised, with what was withdrawn, as far as the actor may know of it: what was promised on a
/// case is hidden with it.
pub async fn all(tx: &mut Tx, actor: &Actor, customer: CustomerId) -> Result<Vec<Promise>> {
    promises::all(tx, customer, &|promises| store::promises_in_sight(promises, actor)).await
}

/// What was done with a promise.
#[derive(Serialize, Deserialize)]
struct Done {
    customer: CustomerId,
    promise: i64,
    was: PromiseStand,
    is: PromiseStand,
}

/// Records what a customer was told would happen.
///
/// # Errors
///
/// [`Error::Invalid`] if it should have happened already.
pub async fn promise(
    app: &App,
    actor: &Actor,
    customer: CustomerId,
    case: Option<CaseId>,
    text: &str,
    due: Timestamp,
) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let text = text.trim();
    Error::unless_text("text", text, customers::LONGEST_NOTE)?;
    unless_past(app, due)?;
    let mut tx = app.db.write().await?;
    customers::customer(&mut tx, customer).await?;
    if let Some(case) = case {
        sight::seen(&mut tx, actor, case).await?;
    }
    let (now, by) = (app.now(), actor.person_id());
    let promise = promises::add(&mut tx, customer, case, text, due, None, by, now).await?;
    let about = About { case, ..About::customer(customer) };
    journal::record(app, &mut tx, actor, about, Fact::PromiseMade { promise })?;
    let is = PromiseStand { due_at: due, kept: None, withdrawn_at: None };
    let done = Done { customer, promise, was: PromiseStand { withdrawn_at: Some(now), ..is }, is };
    offer(app, &mut tx, actor, WORDS[0], &done).await?;
    tx.commit().await
}

fn unless_past(app: &App, due: Timestamp) -> Result<()> {
    if app.now() < due { Ok(()) } else { Err(Error::invalid("due", "customers-promise-past")) }
}

/// A promise was kept, or was not.
pub async fn end_promise(
    app: &App,
    actor: &Actor,
    customer: CustomerId,
    promise: i64,
    kept: bool,
) -> Result<()> {
    let word = if kept { WORDS[1] } else { WORDS[2] };
    change(app, actor, (customer, promise), word, |is| is.kept = Some(kept)).await
}

/// The customer was told of another day.
///
/// # Errors
///
/// [`Error::Invalid`] if that is over.
pub async fn move_promise(
    app: &App,
    actor: &Actor,
    customer: CustomerId,
    promise: i64,
    due: Timestamp,
) -> Result<()> {
    unless_past(app, due)?;
    change(app, actor, (customer, promise), WORDS[3], |is| is.due_at = due).await
}

/// It should not have been noted: nobody waits for it.
pub async fn withdraw_promise(app: &App, actor: &Actor, customer: CustomerId, promise: i64) -> Result<()> {
    let now = app.now();
    change(app, actor, (customer, promise), WORDS[4], |is| is.withdrawn_at = Some(now)).await
}

/// Changes an open promise.
async fn change(
    app: &App,
    actor: &Actor,
    (customer, promise): (CustomerId, i64),
    word: &'static str,
    becomes: impl FnOnce(&mut PromiseStand),
) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "promise", promise).await?;
    let (case, was) = promises::stand(&mut tx, customer, promise).await?;
    if let Some(case) = case {
        sight::seen(&mut tx, actor, case).await?;
    }
    if !was.is_open() {
        return Err(Error::NotFound);
    }
    let mut is = was;
    becomes(&mut is);
    set(app, &mut tx, actor, case, &Done { customer, promise, was, is }).await?;
    offer(app, &mut tx, actor, word, &Done { customer, promise, was, is }).await?;
    tx.commit().await
}

/// Saves how a promise stands now, with the fact that says so.
async fn set(app: &App, tx: &mut Tx, actor: &Actor, case: Option<CaseId>, done: &Done) -> Result<()> {
    let Done { customer, promise, was, is } = *done;
    promises::set_stand(tx, promise, is).await?;
    let fact = match (is.withdrawn_at, is.kept) {
        (Some(_), _) => Fact::PromiseWithdrawn { promise },
        (None, Some(kept)) => Fact::PromiseEnded { promise, kept },
        (None, None) if was.is_open() => {
            Fact::PromiseMoved { promise, due: is.due_at, from: Some(was.due_at) }
        }
        (None, None) => Fact::PromiseReopened { promise },
    };
    let about = About { case, ..About::customer(customer) };
    journal::record(app, tx, actor, about, fact)
}

/// It stands in the customer's file, whatever case it is about.
async fn offer(app: &App, tx: &mut Tx, actor: &Actor, word: &'static str, done: &Done) -> Result<()> {
    undo::offer_of_house(app, tx, actor, word, &Inverse::elsewhere(NAME, done)?).await
}

fn page(what: &Value) -> String {
    format!("/customers/{}", what["customer"])
}

fn take_back<'a>(app: &'a App, tx: &'a mut Tx, actor: &'a Actor, what: Value) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let Done { customer, promise, was, is } = serde_json::from_value(what)?;
        dialect::lock(tx, "promise", promise).await?;
        let (case, stands) = promises::stand(tx, customer, promise).await.map_err(undo::or_late)?;
        if stands != is {
            return Err(undo::late());
        }
        if let Some(case) = case {
            sight::seen(tx, actor, case).await?;
        }
        set(app, tx, actor, case, &Done { customer, promise, was: is, is: was }).await
    })
}
