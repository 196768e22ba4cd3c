//! Cases that come again: the yearly inspection, the monthly call, what is to be done each Friday.
//!
//! A template opens a case each time its day comes, for a customer or for the house itself. What was missed while the
//! program did not run is made up once, not as often as it was missed. The case and the next date commit together, so
//! a node that dies in between opens nothing twice and forgets nothing.

mod back;
mod model;
mod store;
pub mod web;

use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

pub use back::UNDOERS;
pub use model::{Draft, Recurring, Rhythm, Unit};

use crate::cases;
use crate::customers;
use crate::customers::NewCustomer;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CaseId, CustomerId, Error, Result, Right, Timestamp, Tx, dialect};

/// Characters of a subject.
const LONGEST_SUBJECT: usize = 200;
/// Characters of the text.
const LONGEST_TEXT: usize = 20_000;
/// Templates that come due in one round.
const ROUND: i64 = 100;
/// More between two cases of one kind is no rhythm.
const LARGEST_STEP: i64 = 400;

/// All templates that the actor may know of, the next one first.
pub async fn all(tx: &mut Tx, actor: &Actor) -> Result<Vec<Recurring>> {
    let mut all = store::all(tx).await?;
    all.retain(|row| !actor.sight.hidden.contains(&row.queue));
    let last: Vec<CaseId> = all.iter().filter_map(|row| row.last_case).collect();
    let unseen = cases::sight::unseen(tx, actor, &last).await?;
    for row in &mut all {
        if row.last_case.is_some_and(|last| unseen.contains(&last)) {
            (row.last_case, row.last_number) = (None, None);
        }
    }
    Ok(all)
}

/// # Errors
///
/// [`Error::NotFound`] also for one of a queue that the actor may not know of.
pub async fn one(tx: &mut Tx, actor: &Actor, recurring: i64) -> Result<Recurring> {
    let row = store::one(tx, recurring).await?;
    if actor.sight.hidden.contains(&row.queue) { Err(Error::NotFound) } else { Ok(row) }
}

/// Adds a template, or writes one anew; its first case comes on the first day of its rhythm from now on.
///
/// # Errors
///
/// [`Error::Invalid`] without a subject or a text, or for a rhythm that never comes.
pub async fn save(app: &App, actor: &Actor, recurring: Option<i64>, draft: &Draft) -> Result<i64> {
    actor.may(Right::WorkCases)?;
    Error::unless_text("subject", &draft.subject, LONGEST_SUBJECT)?;
    Error::unless_text("text", &draft.text, LONGEST_TEXT)?;
    if !(1..=LARGEST_STEP).contains(&draft.rhythm.every) {
        return Err(Error::invalid("every", "recurring-every"));
    }
    let next = next_at(app, &draft.rhythm, app.now())?;
    let mut tx = app.db.write().await?;
    people::queue(&mut tx, draft.queue).await?;
    if actor.sight.hidden.contains(&draft.queue) {
        return Err(Error::NotFound);
    }
    if let Some(owner) = draft.owner
        && !people::person(&mut tx, owner).await?.active
    {
        return Err(Error::invalid("owner", "case-owner-gone"));
    }
    let customer = match draft.customer {
        Some(customer) => customers::customer(&mut tx, customer).await?.id,
        None => house(app, &mut tx, actor).await?,
    };
    let (id, was) = match recurring {
        Some(recurring) => {
            dialect::lock(&mut tx, "recurring", recurring).await?;
            one(&mut tx, actor, recurring).await?;
            let was = store::kept(&mut tx, recurring).await?;
            store::update(&mut tx, recurring, draft, customer, next).await?;
            (recurring, was)
        }
        None => (store::insert(&mut tx, draft, customer, next).await?, None),
    };
    record(app, &mut tx, actor, id)?;
    back::offer(app, &mut tx, actor, "saved", (id, was)).await?;
    tx.commit().await?;
    Ok(id)
}

fn record(app: &App, tx: &mut Tx, actor: &Actor, recurring: i64) -> Result<()> {
    let fact = Fact::SettingChanged { name: "recurring".into(), of: Some(recurring) };
    journal::record(app, tx, actor, About::house(), fact)
}

/// The customer who stands for the house itself.
async fn house(app: &App, tx: &mut Tx, actor: &Actor) -> Result<CustomerId> {
    if let Some(known) = store::house(tx).await? {
        return Ok(known);
    }
    let new = NewCustomer { name: app.settings().house.clone(), ..NewCustomer::default() };
    customers::add(app, tx, actor, &new).await
}

/// Pauses a template, or lets it go on with the next date from now.
pub async fn pause(app: &App, actor: &Actor, recurring: i64, paused: bool) -> Result<Recurring> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "recurring", recurring).await?;
    let row = one(&mut tx, actor, recurring).await?;
    let was = store::kept(&mut tx, recurring).await?;
    let next = if paused { row.next_at } else { next_at(app, &row.rhythm()?, app.now())? };
    store::set_next(&mut tx, recurring, next, paused).await?;
    record(app, &mut tx, actor, recurring)?;
    let word = if paused { "recurring-paused" } else { "recurring-goes-on" };
    back::offer(app, &mut tx, actor, word, (recurring, was)).await?;
    let row = store::one(&mut tx, recurring).await?;
    tx.commit().await?;
    Ok(row)
}

/// Leaves the next date out.
pub async fn skip(app: &App, actor: &Actor, recurring: i64) -> Result<Recurring> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "recurring", recurring).await?;
    let row = one(&mut tx, actor, recurring).await?;
    let was = store::kept(&mut tx, recurring).await?;
    let next = next_at(app, &row.rhythm()?, row.next_at)?;
    store::set_next(&mut tx, recurring, next, row.paused).await?;
    record(app, &mut tx, actor, recurring)?;
    back::offer(app, &mut tx, actor, "recurring-skipped", (recurring, was)).await?;
    let row = store::one(&mut tx, recurring).await?;
    tx.commit().await?;
    Ok(row)
}

/// The template is gone; the cases that it opened stay.
pub async fn remove(app: &App, actor: &Actor, recurring: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "recurring", recurring).await?;
    one(&mut tx, actor, recurring).await?;
    let was = store::kept(&mut tx, recurring).await?;
    store::delete(&mut tx, recurring).await?;
    record(app, &mut tx, actor, recurring)?;
    back::offer(app, &mut tx, actor, "recurring-removed", (recurring, was)).await?;
    tx.commit().await
}

/// The next dates of a rhythm after a moment.
pub fn preview(app: &App, rhythm: &Rhythm, after: Timestamp, count: usize) -> Vec<Timestamp> {
    let mut dates = Vec::with_capacity(count);
    let mut at = after;
    while dates.len() < count {
        let Ok(next) = next_at(app, rhythm, at) else { break };
        dates.push(next);
        at = next;
    }
    dates
}

/// The first moment of a rhythm after another, in the house's zone.
fn next_at(app: &App, rhythm: &Rhythm, after: Timestamp) -> Result<Timestamp> {
    let never = || Error::invalid("first_day", "error-date-far");
    let local = after.moment().to_zoned(app.zone()).datetime();
    let next = rhythm.after(local).ok_or_else(never)?;
    Ok(next.to_zoned(app.zone()).map_err(|_| never())?.timestamp().into())
}

/// Opens cases for as long as the server runs.
pub fn opener(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while !stop.is_cancelled() {
            if let Err(error) = open_due(&app).await {
                tracing::error!(error = format!("{error:?}"), "cannot open recurring cases");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(20)) => {}
            }
        }
    })
}

/// Opens the cases whose day has come; how many.
pub async fn open_due(app: &App) -> Result<usize> {
    let due = store::due(&mut app.db.read().await?, app.now(), ROUND).await?;
    let mut opened = 0;
    for recurring in due {
        opened += usize::from(open(app, recurring).await?);
    }
    Ok(opened)
}

async fn open(app: &App, recurring: i64) -> Result<bool> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "recurring", recurring).await?;
    let row = match store::one(&mut tx, recurring).await {
        Err(Error::NotFound) => return Ok(false),
        row => row?,
    };
    if row.paused || app.now() < row.next_at {
        return Ok(false);
    }
    let kitt = Actor::kitt("recurring");
    let new = cases::HouseCase {
        customer: row.customer,
        queue: row.queue,
        owner: row.owner,
        subject: row.subject.clone(),
        text: row.text.clone(),
    };
    let case = cases::open_for_house(app, &mut tx, &kitt, &new).await?;
    if let Some(checklist) = row.checklist {
        cases::tasks::apply_in(app, &mut tx, &kitt, case, checklist).await?;
    }
    journal::record(
        app,
        &mut tx,
        &kitt,
        About::case(case).of(row.customer),
        Fact::CaseRecurred { recurring },
    )?;
    // What was missed is made up by this one case.
    let next = next_at(app, &row.rhythm()?, app.now())?;
    store::set_opened(&mut tx, recurring, case, next).await?;
    tx.commit().await?;
    Ok(true)
}
