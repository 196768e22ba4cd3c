//! The same done to many cases: assigned, moved, closed, put away, of another kind, tagged, filled in.
//!
//! A run is a row with one row for each of its cases. Up to a hundred are done at once, more by a job in batches that
//! goes on where it was when a node dies. Each case has its own facts, and keeps how it was: one click takes the whole
//! run back, as far as nobody did anything with a case since. What cannot be done to a case is told with its reason,
//! before as well as after.

mod back;
mod beside;
mod change;
mod one;
mod plan;

pub use change::{Change, Step};

use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use self::back::take_one_back;
use self::beside::Beside;
use self::change::check;
use self::one::do_one;
use self::plan::Plan;
use super::filter::{Eyes, Filter};
use super::model::Cursor;
use super::sight;
use super::store;
pub use super::store::bulk::{Outcome, Run};
use crate::journal;
use crate::journal::{About, Fact, Way};
use crate::people;
use crate::platform::{Actor, App, CaseId, Error, JobKind, Result, Right, Tx, dialect, jobs};

/// So many are done while their person waits; more by a job, so many at once.
const BATCH: i64 = 100;
/// More than one person answers for.
const MOST: usize = 100_000;
const PAGE: i64 = 5_000;
/// So many cases a preview names of those that would change, and of those that would not.
const NAMED: usize = 20;

pub static RUN: JobKind = JobKind { name: "bulk", run: job };

/// Which cases: those that were marked, or all of a list.
pub enum Chosen {
    Marked(Vec<String>),
    All(Filter),
}

/// What a change would do, looked at beforehand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkPreview)]
pub struct Preview {
    pub cases: i64,
    /// Of the cases that were looked at, how many would change.
    pub changed: i64,
    /// How many were looked at.
    pub looked_at: i64,
    /// Which would: the first ones.
    pub would: Vec<Changing>,
    /// Why others would not: the first ones.
    pub refused: Vec<Refused>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkChanging)]
pub struct Changing {
    pub number: String,
    pub subject: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkRefused)]
pub struct Refused {
    pub number: String,
    pub subject: String,
    #[serde(skip)]
    pub why: &'static str,
}

/// The cases that are meant, as far as the actor may know of them.
async fn chosen(app: &App, tx: &mut Tx, actor: &Actor, chosen: &Chosen) -> Result<Vec<CaseId>> {
    let mut cases = Vec::new();
    match chosen {
        Chosen::Marked(numbers) => {
            cases.extend(store::by_numbers(tx, numbers).await?.iter().map(|case| case.id));
            let unseen = sight::unseen(tx, actor, &cases).await?;
            cases.retain(|case| !unseen.contains(case));
        }
        Chosen::All(filter) => {
            filter.check()?;
            let eyes = Eyes::of(app, actor);
            let mut cursor: Option<Cursor> = None;
            while cases.len() <= MOST {
                let page = store::list_ids(tx, &eyes, filter, cursor.as_ref(), PAGE).await?;
                let Some(last) = page.last() else { break };
                cursor = Some(Cursor(vec![last.0.0, last.1.0]));
                cases.extend(page.into_iter().map(|(_, case)| case));
            }
        }
    }
    cases.sort_unstable();
    cases.dedup();
    match cases.len() {
        0 => Err(Error::invalid("cases", "bulk-none")),
        many if MOST < many => Err(Error::invalid("cases", "bulk-too-many")),
        _ => Ok(cases),
    }
}

/// What a change would do, without doing it.
pub async fn preview(app: &App, actor: &Actor, which: &Chosen, change: &Change) -> Result<Preview> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.read().await?;
    check(app, &mut tx, actor, change).await?;
    let all = chosen(app, &mut tx, actor, which).await?;
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let looked_at: Vec<CaseId> = all.iter().copied().take(1_000).collect();
    let plan = Plan::of(&mut tx, change).await?;
    let beside = Beside::load(&mut tx, &plan, &looked_at).await?;
    let (mut would, mut refused) = (Vec::new(), Vec::new());
    let mut cases = store::some(&mut tx, &looked_at).await?;
    cases.sort_unstable_by_key(|case| case.id);
    for case in cases {
        let why = plan.refusal(&case, &beside);
        let (number, subject) = (case.number, case.subject);
        match why {
            Some(why) => refused.push(Refused { number, subject, why }),
            None => would.push(Changing { number, subject }),
        }
    }
    let changed = count(would.len());
    would.truncate(NAMED);
    refused.truncate(NAMED);
    Ok(Preview { cases: count(all.len()), changed, looked_at: count(looked_at.len()), would, refused })
}

/// Begins a run, and does it if it is small.
pub async fn start(app: &App, actor: &Actor, which: &Chosen, change: &Change) -> Result<i64> {
    actor.may(Right::WorkCases)?;
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    check(app, &mut tx, actor, change).await?;
    let cases = chosen(app, &mut tx, actor, which).await?;
    let run =
        store::bulk::insert(&mut tx, person, &serde_json::to_string(change)?, &cases, app.now()).await?;
    go_on(app, &mut tx, run, cases.len()).await?;
    tx.commit().await?;
    if cases.len() <= batch() {
        work(app, run).await?;
    }
    Ok(run)
}

fn batch() -> usize {
    usize::try_from(BATCH).unwrap_or(usize::MAX)
}

/// Large runs are a job; so are small ones whose node dies before they are done.
async fn go_on(app: &App, tx: &mut Tx, run: i64, cases: usize) -> Result<()> {
    let soon = if cases <= batch() { std::time::Duration::from_mins(1) } else { std::time::Duration::ZERO };
    jobs::enqueue(tx, RUN.name, &run, app.now() + soon).await?;
    Ok(())
}

fn job(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let run: i64 = serde_json::from_value(payload)?;
        work(&app, run).await
    })
}

/// Does what is left of a run, or of taking it back.
pub async fn work(app: &App, run: i64) -> Result<()> {
    loop {
        let mut tx = app.db.write().await?;
        dialect::lock(&mut tx, "bulk", run).await?;
        let row = store::bulk::run(&mut tx, run).await?;
        let back = match row.state.as_str() {
            "waiting" => false,
            "undoing" => true,
            _ => return Ok(()),
        };
        let actor = people::actor(&mut tx, row.person).await?;
        let open = if back { "done" } else { "waiting" };
        let cases = store::bulk::some(&mut tx, run, open, BATCH).await?;
        if cases.is_empty() {
            finish(app, &mut tx, &actor, run, back).await?;
            tx.commit().await?;
            app.live.tell(vec![format!("bulk:{run}").into()]);
            return Ok(());
        }
        journal::mark(&mut tx, if back { Way::BulkUndo } else { Way::Bulk });
        dialect::lock_all(&mut tx, "case", cases.iter().map(|one| one.case.0)).await?;
        if back {
            for one in &cases {
                take_one_back(app, &mut tx, &actor, run, one).await?;
            }
        } else {
            let cases: Vec<CaseId> = cases.iter().map(|one| one.case).collect();
            do_some(app, &mut tx, &actor, &row, &cases).await?;
        }
        tx.commit().await?;
        app.live.tell(vec![format!("bulk:{run}").into()]);
    }
}

/// Does it to a batch, of which everything that it asks for is read at once.
async fn do_some(app: &App, tx: &mut Tx, actor: &Actor, run: &Run, cases: &[CaseId]) -> Result<()> {
    let change: Change = serde_json::from_str(&run.change)?;
    let plan = Plan::of(tx, &change).await?;
    let beside = Beside::load(tx, &plan, cases).await?;
    for case in cases {
        do_one(app, tx, actor, run.id, *case, (&plan, &beside)).await?;
    }
    Ok(())
}

async fn finish(app: &App, tx: &mut Tx, actor: &Actor, run: i64, back: bool) -> Result<()> {
    let outcome = store::bulk::outcome(tx, run).await?;
    let fact = if back {
        Fact::CasesChangedBack { run, cases: outcome.back }
    } else {
        Fact::CasesChanged { run, cases: outcome.done }
    };
    store::bulk::set_state(tx, run, if back { "undone" } else { "done" }).await?;
    journal::record(app, tx, actor, About::house(), fact)
}

/// Takes a run back, as far as nobody did anything with a case since.
///
/// # Errors
///
/// [`Error::NotFound`] for runs of others, [`Error::Stale`] if it is not done, or taken back already.
pub async fn take_back(app: &App, actor: &Actor, run: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "bulk", run).await?;
    let row = store::bulk::run(&mut tx, run).await?;
    if row.person != person {
        return Err(Error::NotFound);
    }
    if row.state != "done" {
        return Err(Error::Stale);
    }
    store::bulk::set_state(&mut tx, run, "undoing").await?;
    let cases = usize::try_from(store::bulk::outcome(&mut tx, run).await?.done).unwrap_or(usize::MAX);
    go_on(app, &mut tx, run, cases).await?;
    tx.commit().await?;
    if cases <= batch() {
        work(app, run).await?;
    }
    Ok(())
}

/// A run of this actor, and what became of it so far.
pub async fn run(tx: &mut Tx, actor: &Actor, run: i64) -> Result<(Run, Outcome)> {
    let row = store::bulk::run(tx, run).await?;
    if actor.person_id() != Some(row.person) {
        return Err(Error::NotFound);
    }
    let outcome = store::bulk::outcome(tx, run).await?;
    Ok((row, outcome))
}

/// Why some of a run's cases were refused or kept: how many for each word.
pub async fn reasons(tx: &mut Tx, run: i64) -> Result<Vec<(String, i64)>> {
    store::bulk::reasons(tx, run).await
}
