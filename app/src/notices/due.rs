//! Tasks whose day has come, and promises whose time comes soon: told once each time.
//!
//! Up to where it was told stands in the database, so that a restart tells nothing twice and forgets nothing.

use std::time::Duration;

use super::model::{News, NoticeKind};
use super::{store, whom};
use crate::cases;
use crate::cases::tasks;
use crate::customers;
use crate::platform::{App, CaseId, PersonId, Result, Timestamp, Tx, dialect};

/// Promises are told while they can still be kept.
const AHEAD: Duration = Duration::from_hours(2);
/// Told in one round.
const MANY: i64 = 200;

/// Tells what has come due; how much.
pub async fn tell_due(app: &App) -> Result<usize> {
    let Some(from) = told_until(&mut app.db.read().await?).await? else {
        // What was due before anybody listened is no news.
        return remember(app, app.now()).await.map(|()| 0);
    };
    let now = app.now();
    let (due, until) = find(&mut app.db.read().await?, from, now).await?;
    // What is nobody's is passed over, too, or nothing behind it would ever be told.
    if due.is_empty() && until == now {
        return Ok(0);
    }
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "notices-due", 0).await?;
    let from = told_until(&mut tx).await?.unwrap_or(from);
    let (due, until) = find(&mut tx, from, app.now()).await?;
    for (person, news) in &due {
        for (person, news) in whom::who_may_know(&mut tx, vec![(*person, *news)]).await? {
            super::tell(app, &mut tx, person, &news).await?;
        }
    }
    store::set_state(&mut tx, "due", &until.0.to_string()).await?;
    tx.commit().await?;
    Ok(due.len())
}

async fn told_until(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let kept = store::state(tx, "due").await?;
    Ok(kept.and_then(|text| text.parse().ok()).map(Timestamp))
}

async fn remember(app: &App, until: Timestamp) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::set_state(&mut tx, "due", &until.0.to_string()).await?;
    tx.commit().await
}

/// What came due after `from`, and up to where that is all.
async fn find(tx: &mut Tx, from: Timestamp, now: Timestamp) -> Result<(Vec<(PersonId, News)>, Timestamp)> {
    let mut tasks = tasks::came_due(tx, from, now, MANY).await?;
    let mut promises = customers::promises::due(tx, from + AHEAD, now + AHEAD, MANY).await?;
    let full = |found: usize| i64::try_from(found).is_ok_and(|found| MANY <= found);
    // A full page may have left something behind it, also of its last moment: much is due at full hours. So that is
    // told as a whole, or the rest of it never would be.
    let last_task = tasks.last().filter(|_| full(tasks.len())).map(|last| last.due_at);
    if let Some(at) = last_task {
        tasks.retain(|task| task.due_at < at);
        tasks.extend(tasks::came_due(tx, just_before(at), at, i64::MAX).await?);
    }
    let last_promise = promises.last().filter(|_| full(promises.len())).map(|last| last.due_at);
    if let Some(at) = last_promise {
        promises.retain(|promise| promise.due_at < at);
        promises.extend(customers::promises::due(tx, just_before(at), at, i64::MAX).await?);
    }
    let ends = [last_task, last_promise.map(|at| at - AHEAD)];
    let until = ends.into_iter().flatten().min().unwrap_or(now);
    let mut due = Vec::new();
    for task in tasks.into_iter().filter(|task| task.due_at <= until) {
        due.extend(for_whom(tx, NoticeKind::TaskDue, Some(task.case), task.id, task.person).await?);
    }
    for promise in promises.into_iter().filter(|promise| promise.due_at - AHEAD <= until) {
        due.extend(for_whom(tx, NoticeKind::PromiseDue, promise.case, promise.id, promise.person).await?);
    }
    Ok((due, until))
}

const fn just_before(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - 1)
}

/// A task is for who has it, else for the case's owner; a promise for the owner, else for who made it.
async fn for_whom(
    tx: &mut Tx,
    kind: NoticeKind,
    case: Option<CaseId>,
    detail: i64,
    person: Option<PersonId>,
) -> Result<Option<(PersonId, News)>> {
    let row = match case {
        Some(case) => Some(cases::case(tx, case).await?),
        None => None,
    };
    // Spam and trash are no work.
    if row.as_ref().is_some_and(|row| row.bin.is_some()) {
        return Ok(None);
    }
    let owner = row.and_then(|row| row.owner);
    let whom = if kind == NoticeKind::TaskDue { person.or(owner) } else { owner.or(person) };
    let news = News { kind, case, insight: None, detail: Some(detail), actor: None };
    Ok(whom.map(|person| (person, news)))
}
