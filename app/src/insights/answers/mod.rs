//! One insight, many cases, one answer.
//!
//! Written once per language, in German once per tone, looked at for each case, sent by a job through the normal
//! answer: so recipients, signatures, the undo time and the clocks are those of every answer. What is written is kept
//! here, and everybody who may answer these cases goes on with it. Nothing leaves that nobody looked at, in a language
//! that it was not written in, or to a case in which something was said since; a text in the other tone, or of two
//! tones, leaves only where somebody looked at that very case. Whose language or form of address changes after the look
//! is held back, and so is an answer that would begin or end otherwise by now.
//!
//! Deliberately absent: answering closed cases. Telling customers of a repair is [`super::tell`].

mod letter;
mod look;
mod model;
mod send;
mod store;

use std::collections::{HashMap, HashSet};

pub use letter::{Letter, letter};
pub use look::{Look, approve_rest, look};
pub use model::{Afterwards, CaseState, Progress, Run, RunCase, RunFile, RunState, Texts};
pub use send::{JOB, work};
pub use store::OF_CONTACT;

use crate::cases;
use crate::cases::{Condition, Eyes, Field, Filter, Line, NewAttachment, Sort, Status, Test, sight};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, CaseId, ContactId, Error, InsightId, Result, Right, Timestamp, Tx, dialect, jobs,
};

/// Characters of a text.
const LONGEST: usize = 20_000;
/// More cases than anybody looks at one by one; the rest is taken in afterwards.
pub const MOST: i64 = 500;

/// The open cases of an insight that the actor may know of, those that are due first at the top.
pub async fn open_cases(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    insight: InsightId,
    limit: i64,
) -> Result<Vec<Line>> {
    cases::list(tx, &Eyes::of(app, actor), &open(insight), Sort::Due, None, limit).await
}

/// Those of them that wait for an answer: who got one with others and has not said anything since is left out.
pub async fn unanswered(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    insight: InsightId,
    limit: i64,
) -> Result<Vec<CaseId>> {
    let answered: HashSet<CaseId> = store::answered(tx, insight).await?.into_iter().collect();
    let most = limit.saturating_add(i64::try_from(answered.len()).unwrap_or(i64::MAX));
    let mut cases = ids(&open_cases(app, tx, actor, insight, most).await?);
    cases.retain(|case| !answered.contains(case));
    cases.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(cases)
}

/// How many open cases an insight has, as far as the actor may know of them, up to one more than [`MOST`].
pub async fn count_open(app: &App, tx: &mut Tx, actor: &Actor, insight: InsightId) -> Result<i64> {
    cases::count(tx, &Eyes::of(app, actor), &open(insight), MOST + 1).await
}

fn open(insight: InsightId) -> Filter {
    let unfinished = Condition::new(Field::Status, Test::IsNot, &[Status::Closed.code()]);
    Filter::all([unfinished, Condition::is(Field::Insight, insight)])
}

/// Begins an answer to the open cases of an insight that wait for one; its id. One that is being written goes on
/// instead.
///
/// # Errors
///
/// [`Error::Invalid`] if there is none.
pub async fn begin(app: &App, actor: &Actor, insight: InsightId) -> Result<i64> {
    actor.may(Right::WorkCases)?;
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "insight", insight.0).await?;
    super::store::insight(&mut tx, insight).await?;
    if let Some(run) = store::newest(&mut tx, insight).await?
        && !matches!(run.state, RunState::Done | RunState::Cancelled)
    {
        return Ok(run.id);
    }
    let cases = unanswered(app, &mut tx, actor, insight, MOST).await?;
    if cases.is_empty() {
        return Err(Error::invalid("insight", "answers-none"));
    }
    let run = store::insert(&mut tx, insight, person, app.now()).await?;
    store::insert_cases(&mut tx, run, &cases).await?;
    let fact = Fact::AnswersPrepared { run, cases: i64::try_from(cases.len()).unwrap_or(i64::MAX) };
    journal::record(app, &mut tx, actor, About::insight(insight), fact)?;
    tx.commit().await?;
    Ok(run)
}

fn ids(lines: &[Line]) -> Vec<CaseId> {
    lines.iter().map(|line| line.case.id).collect()
}

/// Takes in cases that were documented since.
pub async fn refresh(app: &App, actor: &Actor, run: i64) -> Result<Run> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = draft(&mut tx, run).await?;
    let cases = unanswered(app, &mut tx, actor, row.insight, MOST).await?;
    store::insert_cases(&mut tx, run, &cases).await?;
    tx.commit().await?;
    tell(app, &row);
    Ok(row)
}

/// Open pages show what changed; it is no news for others.
fn tell(app: &App, run: &Run) {
    app.live.tell(vec![format!("insight:{}", run.insight).into()]);
}

/// The run, locked, as long as it can be changed.
///
/// # Errors
///
/// [`Error::Stale`] once it is on its way.
async fn draft(tx: &mut Tx, run: i64) -> Result<Run> {
    dialect::lock(tx, "answers", run).await?;
    let row = store::run(tx, run).await?;
    if row.state == RunState::Draft { Ok(row) } else { Err(Error::Stale) }
}

/// Keeps what is written. Cases whose answer changes by that have to be looked at again.
///
/// # Errors
///
/// [`Error::Stale`] if somebody else wrote meanwhile.
pub async fn write(app: &App, actor: &Actor, run: i64, texts: &Texts) -> Result<Run> {
    actor.may(Right::WorkCases)?;
    Error::unless_short("de", &texts.de, LONGEST)?;
    Error::unless_short("de_informal", &texts.de_informal, LONGEST)?;
    Error::unless_short("en", &texts.en, LONGEST)?;
    let mut tx = app.db.write().await?;
    let row = draft(&mut tx, run).await?;
    if texts.version.is_some_and(|seen| seen != row.version) {
        return Err(Error::Stale);
    }
    let before = [&row.text_de, &row.text_de_informal, &row.text_en].map(|text| text.trim());
    let same = before == [&texts.de, &texts.de_informal, &texts.en].map(|text| text.trim());
    if same && row.afterwards == texts.afterwards {
        return Ok(row);
    }
    store::set_texts(&mut tx, run, texts).await?;
    store::reopen_shared(&mut tx, run).await?;
    let row = store::run(&mut tx, run).await?;
    tx.commit().await?;
    tell(app, &row);
    Ok(row)
}

/// The contact that was said last in a case.
pub async fn newest(tx: &mut Tx, case: CaseId) -> Result<Option<ContactId>> {
    Ok(cases::beginnings(tx, case, 1, 1).await?.last().map(|contact| contact.id))
}

/// Lets what is approved go.
///
/// # Errors
///
/// [`Error::Invalid`] if nothing is.
pub async fn start(app: &App, actor: &Actor, run: i64) -> Result<Run> {
    actor.may(Right::WorkCases)?;
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    let row = draft(&mut tx, run).await?;
    let approved = store::progress(&mut tx, run).await?.approved;
    if approved == 0 {
        return Err(Error::invalid("cases", "answers-nothing-approved"));
    }
    store::start(&mut tx, run, person, app.now()).await?;
    jobs::enqueue(&mut tx, JOB.name, &run, app.now()).await?;
    let fact = Fact::AnswersStarted { run, cases: approved };
    journal::record(app, &mut tx, actor, About::insight(row.insight), fact)?;
    tx.commit().await?;
    Ok(row)
}

/// Sending or taking back was given up after many attempts: an administrator sees why, and can let it go on.
pub async fn has_failed(tx: &mut Tx, run: &Run) -> Result<bool> {
    let works = matches!(run.state, RunState::Sending | RunState::Cancelling);
    Ok(works && jobs::is_dead(tx, JOB.name, &run.id).await?)
}

/// Until when everything can be taken back.
pub async fn stoppable_until(tx: &mut Tx, run: &Run) -> Result<Option<Timestamp>> {
    let undo = cases::undo_time(tx).await?;
    Ok(match run.state {
        RunState::Done => run.ended_at.map(|at| at + undo),
        _ => None,
    })
}

/// Stops a run: what is not written stays unwritten, and what has not left is taken back.
///
/// # Errors
///
/// [`Error::Stale`] if it is not on its way.
pub async fn cancel(app: &App, actor: &Actor, run: i64) -> Result<Run> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "answers", run).await?;
    let row = store::run(&mut tx, run).await?;
    let late = stoppable_until(&mut tx, &row).await?.is_none_or(|until| until <= app.now());
    if row.state != RunState::Sending && late {
        return Err(Error::Stale);
    }
    store::set_state(&mut tx, run, RunState::Cancelling, None).await?;
    // A node that dies now leaves the rest to this.
    jobs::enqueue(&mut tx, JOB.name, &run, app.now() + std::time::Duration::from_mins(1)).await?;
    tx.commit().await?;
    work(app, run).await?;
    Ok(row)
}

/// What was held back, and what was taken back, is looked at once more.
///
/// # Errors
///
/// [`Error::Stale`] if the run is not at its end, or there is a newer one.
pub async fn again(app: &App, actor: &Actor, run: i64) -> Result<Run> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let insight = store::run(&mut tx, run).await?.insight;
    dialect::lock(&mut tx, "insight", insight.0).await?;
    dialect::lock(&mut tx, "answers", run).await?;
    let row = store::run(&mut tx, run).await?;
    let newest = store::newest(&mut tx, insight).await?.map(|newest| newest.id);
    if !matches!(row.state, RunState::Done | RunState::Cancelled) || newest != Some(run) {
        return Err(Error::Stale);
    }
    for from in [CaseState::Held, CaseState::Withdrawn] {
        store::turn(&mut tx, run, None, from, CaseState::Open).await?;
    }
    store::set_state(&mut tx, run, RunState::Draft, None).await?;
    tx.commit().await?;
    Ok(row)
}

/// Adds files that go along with every answer.
pub async fn add_files(app: &App, actor: &Actor, run: i64, files: &[NewAttachment]) -> Result<Run> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = draft(&mut tx, run).await?;
    for file in files {
        store::insert_file(&mut tx, run, file).await?;
    }
    tx.commit().await?;
    tell(app, &row);
    Ok(row)
}

pub async fn remove_file(app: &App, actor: &Actor, run: i64, file: i64) -> Result<Run> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = draft(&mut tx, run).await?;
    store::delete_file(&mut tx, run, file).await?;
    tx.commit().await?;
    tell(app, &row);
    Ok(row)
}

pub async fn run(tx: &mut Tx, run: i64) -> Result<Run> {
    store::run(tx, run).await
}

/// The run that is being written or sent, else the last one.
pub async fn current(tx: &mut Tx, insight: InsightId) -> Result<Option<Run>> {
    store::newest(tx, insight).await
}

/// The newest runs of an insight with how far they are.
pub async fn runs(tx: &mut Tx, insight: InsightId, limit: i64) -> Result<Vec<(Run, Progress)>> {
    let mut with_progress = Vec::new();
    for run in store::runs(tx, insight, limit).await? {
        let progress = store::progress(tx, run.id).await?;
        with_progress.push((run, progress));
    }
    Ok(with_progress)
}

/// The cases of a run that the actor may know of.
pub async fn cases_of(tx: &mut Tx, actor: &Actor, run: i64) -> Result<Vec<RunCase>> {
    let mut all = store::cases(tx, run).await?;
    let ids: Vec<CaseId> = all.iter().map(|one| one.case).collect();
    let unseen = sight::unseen(tx, actor, &ids).await?;
    all.retain(|one| !unseen.contains(&one.case));
    Ok(all)
}

pub async fn files(tx: &mut Tx, run: i64) -> Result<Vec<RunFile>> {
    store::files(tx, run).await
}

/// Which of these contacts were written for an insight, with its title.
pub async fn insights_of(
    tx: &mut Tx,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, (InsightId, String)>> {
    let found = store::insights_of(tx, contacts).await?;
    Ok(found.into_iter().map(|(contact, insight, title)| (contact, (insight, title))).collect())
}

pub async fn progress(tx: &mut Tx, run: i64) -> Result<Progress> {
    store::progress(tx, run).await
}
