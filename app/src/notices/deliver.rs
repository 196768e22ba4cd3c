//! Hands over what is due on its way: mails to the house's sending, pushes to jobs.
//!
//! Both in the transaction that says that it left: a node may die at any moment, and nothing leaves twice. What was
//! read meanwhile, or concerns a case that the reader may no longer know of, stays.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::model::Notice;
use super::{letter, push, store};
use crate::channels::house_mail;
use crate::people;
use crate::platform::{App, PersonId, Result, Timestamp, dialect};

/// Looks so often.
const PAUSE: Duration = Duration::from_secs(5);
/// Due dates are looked at, and old rows forgotten, so often.
const SLOWLY: u32 = 6;
/// People in one round.
const PEOPLE: i64 = 200;
/// Notices of one person in one round.
const MANY: i64 = 200;
/// Days that notices are kept.
const KEPT: i64 = 90;

/// Runs as long as the server.
pub fn run(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut round = 0_u32;
        while !stop.is_cancelled() {
            if let Err(error) = work(&app, round).await {
                tracing::error!(
                    error = format!("{error:?}"),
                    "cannot hand over notices: {}",
                    error.in_short()
                );
            }
            round = round.wrapping_add(1);
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    })
}

async fn work(app: &App, round: u32) -> Result<()> {
    hand_over(app).await?;
    if round.is_multiple_of(SLOWLY) {
        super::tell_due(app).await?;
    }
    // Every hour.
    if round.is_multiple_of(720) {
        forget_old(app).await?;
    }
    Ok(())
}

/// Hands over what is due; to how many people.
pub async fn hand_over(app: &App) -> Result<usize> {
    let mut told = 0;
    let pushed = store::push_due(&mut app.db.read().await?, app.now(), PEOPLE).await?;
    for person in pushed {
        told += usize::from(push_to(app, person).await?);
    }
    if !house_mail::can_leave(app) {
        return Ok(told);
    }
    let mailed = store::mail_due(&mut app.db.read().await?, app.now(), PEOPLE).await?;
    for person in mailed {
        told += usize::from(mail_to(app, person).await?);
    }
    Ok(told)
}

fn ids(notices: &[Notice]) -> Vec<i64> {
    notices.iter().map(|notice| notice.id).collect()
}

async fn mail_to(app: &App, person: PersonId) -> Result<bool> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "notices", person.0).await?;
    let due = store::mails_of(&mut tx, person, app.now(), MANY).await?;
    let (wishes, _) = super::wishes(&mut tx, person).await?;
    if let Some(end) = wishes.quiet_until(app.now(), &app.zone()) {
        store::set_mail_at(&mut tx, &ids(&due), Some(end)).await?;
        tx.commit().await?;
        return Ok(false);
    }
    store::set_mail_at(&mut tx, &ids(&due), None).await?;
    let sent = match people::actor(&mut tx, person).await {
        Ok(actor) => {
            let person = people::person(&mut tx, person).await?;
            letter::post(app, &mut tx, &actor, &person, &wishes, &due).await?
        }
        // Who works here no more is told nothing.
        Err(_) => false,
    };
    tx.commit().await?;
    Ok(sent)
}

async fn push_to(app: &App, person: PersonId) -> Result<bool> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "notices", person.0).await?;
    let due = store::pushes_of(&mut tx, person, app.now(), MANY).await?;
    let (wishes, _) = super::wishes(&mut tx, person).await?;
    let quiet = wishes.quiet_until(app.now(), &app.zone());
    store::set_push_at(&mut tx, &ids(&due), quiet).await?;
    let browsers = store::browsers(&mut tx, person).await?;
    if quiet.is_none() {
        for browser in &browsers {
            push::enqueue(app, &mut tx, browser.id, &ids(&due)).await?;
        }
    }
    tx.commit().await?;
    Ok(quiet.is_none() && !browsers.is_empty())
}

/// Forgets what is older than 90 days.
pub async fn forget_old(app: &App) -> Result<u64> {
    let mut tx = app.db.write().await?;
    let gone = store::forget(&mut tx, app.now() - Timestamp::days(KEPT)).await?;
    tx.commit().await?;
    Ok(gone)
}
