//! Sends an approved telling in chunks; each customer exactly once.

use futures::future::BoxFuture;
use serde_json::Value;

use super::letter::{Filling, fill};
use super::store::{self, Recipient, Telling, TellingState};
use crate::cases;
use crate::cases::{Answer, Then};
use crate::customers;
use crate::customers::{Customer, Purpose};
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, Error, JobKind, Manner, Result, Tx, dialect};

/// Works off one telling; restarting it goes on where it stopped.
pub const JOB: JobKind = JobKind { name: "tell-customers", run };

/// Messages per transaction: a crash repeats none, and others may write in between.
const CHUNK: i64 = 25;

fn run(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let telling: i64 = serde_json::from_value(payload)?;
        while send_chunk(&app, telling).await? {}
        Ok(())
    })
}

/// Writes the next messages; false once all are written.
async fn send_chunk(app: &App, telling: i64) -> Result<bool> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "telling", telling).await?;
    let row = store::telling(&mut tx, telling).await?;
    if row.state != TellingState::Approved {
        return Ok(false);
    }
    if !super::is_mended(&mut tx, row.insight).await? {
        // It came back meanwhile: who does not know yet is on the list of the next repair.
        store::skip_waiting(&mut tx, telling).await?;
        store::finish(&mut tx, telling).await?;
        let fact = Fact::TellingTakenBack { telling };
        journal::record(app, &mut tx, &Actor::kitt("insights"), About::insight(row.insight), fact)?;
        tx.commit().await?;
        return Ok(false);
    }
    let next = store::waiting(&mut tx, telling, CHUNK).await?;
    let writer = writer(&mut tx, &row).await?;
    for recipient in &next {
        tell(app, &mut tx, &writer, &row, recipient).await?;
    }
    if next.is_empty() {
        store::finish(&mut tx, telling).await?;
    }
    tx.commit().await?;
    Ok(!next.is_empty())
}

/// Kitt writes in the name of who prepared the messages, without becoming the owner of the cases.
async fn writer(tx: &mut Tx, telling: &Telling) -> Result<Actor> {
    let mut writer = Actor::kitt("insights");
    if let Some(person) = telling.prepared_by {
        writer.name = people::person(tx, person).await?.name;
    }
    Ok(writer)
}

/// The message and the note that the customer was told commit together: never twice, never unnoticed.
async fn tell(
    app: &App,
    tx: &mut Tx,
    writer: &Actor,
    telling: &Telling,
    recipient: &Recipient,
) -> Result<()> {
    let customer = customers::customer(tx, recipient.customer).await?;
    let case = cases::current(tx, recipient.case).await?;
    let manner = customer.manner(people::queue(tx, case.queue).await?.tone);
    if recipient.text.is_empty() && !telling.is_complete(manner) {
        // Their language was changed since the approval.
        return store::set_skipped(tx, telling.id, recipient.customer, true).await;
    }
    if customers::objects(tx, recipient.customer, Purpose::Telling).await? {
        return store::set_skipped(tx, telling.id, recipient.customer, true).await;
    }
    let text = message(telling, recipient, (&customer, manner), &case.number);
    let mut answer =
        Answer { text: text.clone(), then: Then::Keep, purpose: Purpose::Telling, ..Answer::default() };
    if case.id != recipient.case {
        // In the case that took theirs in somebody else may have written last.
        answer.to = customers::email(tx, recipient.customer).await?;
        if answer.to.is_none() {
            return store::set_skipped(tx, telling.id, recipient.customer, true).await;
        }
    }
    match cases::reply_in(app, tx, writer, case.id, answer).await {
        Ok(contact) => {
            store::set_told(tx, telling.id, recipient.customer, contact, &text).await?;
            let about = About::case(case.id).of(recipient.customer).with_insight(Some(telling.insight));
            journal::record(app, tx, writer, about, Fact::CustomerTold { contact })
        }
        // The address was removed meanwhile: they stay on the list as not told.
        Err(Error::Invalid(_)) => store::set_skipped(tx, telling.id, recipient.customer, true).await,
        Err(error) => Err(error),
    }
}

/// What this customer reads: their own text, or the template as they are written to.
pub fn message(
    telling: &Telling,
    recipient: &Recipient,
    (customer, manner): (&Customer, Manner),
    case: &str,
) -> String {
    if !recipient.text.is_empty() {
        return recipient.text.clone();
    }
    let (template, tone) = telling.text(manner);
    fill(template, &Filling { customer, case, what: telling.what(manner.language), tone })
}
