//! Sends a run, and takes it back: case by case, each in a transaction of its own.
//!
//! The answer and the note that it was written commit together: a node may die at any time, and each case is answered
//! once. What is in the way of one case holds back only that one.

use futures::future::BoxFuture;
use serde_json::Value;

use super::model::{CaseState, Run, RunCase, RunState};
use super::{letter, newest, store};
use crate::cases;
use crate::cases::{Answer, Direction, NewAttachment, sight};
use crate::findings;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CaseId, ContactId, Error, JobKind, Result, Tx, dialect};

/// Works off one run; restarting it goes on where it stopped.
pub const JOB: JobKind = JobKind { name: "answer-cases", run: job };

fn job(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let run: i64 = serde_json::from_value(payload)?;
        work(&app, run).await
    })
}

/// Does what is left of sending a run, or of taking it back.
pub async fn work(app: &App, run: i64) -> Result<()> {
    while step(app, run).await? {}
    Ok(())
}

/// The next case; false if none is left.
async fn step(app: &App, run: i64) -> Result<bool> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "answers", run).await?;
    let row = store::run(&mut tx, run).await?;
    match row.state {
        RunState::Sending => send_next(app, tx, &row).await,
        RunState::Cancelling => take_back_next(app, tx, &row).await,
        RunState::Draft | RunState::Done | RunState::Cancelled => Ok(false),
    }
}

async fn send_next(app: &App, mut tx: Tx, run: &Run) -> Result<bool> {
    let Some(one) = store::first(&mut tx, run.id, CaseState::Approved).await? else {
        end(app, tx, run, RunState::Done).await?;
        return Ok(false);
    };
    let actor = people::actor(&mut tx, run.sent_by.unwrap_or(run.person)).await?;
    let why = match answer(app, &mut tx, &actor, run, &one).await {
        Ok(()) => {
            tx.commit().await?;
            return Ok(true);
        }
        Err(Error::Invalid(fields)) => fields.first().map_or("answers-gone", |field| field.word),
        Err(Error::NotFound | Error::Forbidden(_)) => "answers-gone",
        Err(error) => return Err(error),
    };
    // What was half written goes with its transaction.
    drop(tx);
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "answers", run.id).await?;
    store::hold(&mut tx, run.id, one.case, why).await?;
    tx.commit().await?;
    Ok(true)
}

async fn answer(app: &App, tx: &mut Tx, actor: &Actor, run: &Run, one: &RunCase) -> Result<()> {
    actor.may(crate::platform::Right::WorkCases)?;
    dialect::lock(tx, "case", one.case.0).await?;
    let case = sight::seen(tx, actor, one.case).await?;
    if let Some(why) = in_the_way(tx, run, one).await? {
        return Err(Error::invalid("case", why));
    }
    let letter = letter(app, tx, actor, run, one, &case).await?;
    if let Some(problem) = letter.problem {
        return Err(Error::invalid("case", problem));
    }
    if one.looked.as_ref() != Some(&letter.looked) {
        return Err(Error::invalid("case", "answers-changed"));
    }
    let files = store::files(tx, run.id).await?.into_iter().map(|file| NewAttachment {
        name: file.name,
        content_type: file.content_type,
        size: file.size,
        blob: file.blob,
        inline: false,
        content_id: None,
    });
    let answer = Answer {
        text: letter.text,
        html: letter.html,
        attachments: files.collect(),
        then: run.afterwards.then(),
        seen: one.seen,
        ..Answer::default()
    };
    let contact = cases::reply_in(app, tx, actor, one.case, answer).await?;
    store::set_sent(tx, run.id, one.case, contact).await?;
    let about = About::case(one.case).of(case.customer).with_insight(Some(run.insight));
    journal::record(app, tx, actor, about, Fact::CaseAnswered { run: run.id, contact })
}

/// What happened since the look at a case; also what the sender did themselves, who would answer twice.
async fn in_the_way(tx: &mut Tx, run: &Run, one: &RunCase) -> Result<Option<&'static str>> {
    let stands =
        findings::of_case(tx, one.case).await?.iter().any(|found| found.insight == Some(run.insight));
    if !stands {
        return Ok(Some("answers-other-cause"));
    }
    if newest(tx, one.case).await? <= one.seen {
        return Ok(None);
    }
    let last = cases::beginnings(tx, one.case, 1, 1).await?;
    Ok(last.last().filter(|last| !last.automatic).map(|last| match last.direction {
        Direction::Inbound => "case-meanwhile-wrote",
        Direction::Outbound => "case-meanwhile-answered",
        Direction::Note => "case-meanwhile-noted",
    }))
}

async fn take_back_next(app: &App, mut tx: Tx, run: &Run) -> Result<bool> {
    let Some(one) = store::first(&mut tx, run.id, CaseState::Sent).await? else {
        store::turn(&mut tx, run.id, None, CaseState::Approved, CaseState::Open).await?;
        end(app, tx, run, RunState::Cancelled).await?;
        return Ok(false);
    };
    let actor = people::actor(&mut tx, run.sent_by.unwrap_or(run.person)).await?;
    drop(tx);
    let to = take_back(app, &actor, one.contact).await?;
    settle(app, run.id, one.case, to).await?;
    Ok(true)
}

async fn take_back(app: &App, actor: &Actor, contact: Option<ContactId>) -> Result<CaseState> {
    let Some(contact) = contact else { return Ok(CaseState::Left) };
    match cases::withdraw(app, actor, contact).await {
        Ok(_) => Ok(CaseState::Withdrawn),
        // By somebody in the case itself, or by this run before its node died.
        Err(Error::Invalid(fields)) if fields.iter().any(|field| field.word == "case-undo-done") => {
            Ok(CaseState::Withdrawn)
        }
        Err(Error::Invalid(_)) => Ok(CaseState::Left),
        Err(error) => Err(error),
    }
}

async fn settle(app: &App, run: i64, case: CaseId, to: CaseState) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "answers", run).await?;
    store::turn(&mut tx, run, Some(case), CaseState::Sent, to).await?;
    tx.commit().await
}

async fn end(app: &App, mut tx: Tx, run: &Run, state: RunState) -> Result<()> {
    let progress = store::progress(&mut tx, run.id).await?;
    store::set_state(&mut tx, run.id, state, Some(app.now())).await?;
    let fact = if state == RunState::Done {
        Fact::AnswersSent { run: run.id, sent: progress.sent, held: progress.held }
    } else {
        Fact::AnswersCancelled { run: run.id, withdrawn: progress.withdrawn, sent: progress.sent }
    };
    let actor = people::actor(&mut tx, run.sent_by.unwrap_or(run.person)).await?;
    journal::record(app, &mut tx, &actor, About::insight(run.insight), fact)?;
    tx.commit().await
}
