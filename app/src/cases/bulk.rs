//! The same done to many cases: assigned, moved, closed, put away.
//!
//! A run is a row with one row for each of its cases. Up to a hundred are done at once, more by a job in batches that
//! goes on where it was when a node dies. Each case has its own facts, and keeps how it was: one click takes the whole
//! run back, as far as nobody did anything with a case since. What cannot be done to a case is told with its reason,
//! before as well as after.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::attributes;
use super::bins;
use super::clocks;
use super::clocks::Event;
use super::filter::{Eyes, Filter};
use super::links::Stood;
use super::model::{Bin, Case, Cursor, Priority, Status};
use super::sight;
use super::store;
use super::store::Standing;
pub use super::store::bulk::{Outcome, Run};
use super::undo::stands;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CaseId, Error, JobKind, PersonId, QueueId, Result, Right, Timestamp, Tx, codes, dialect, jobs,
};

/// So many are done while their person waits; more by a job, so many at once.
const BATCH: i64 = 100;
/// More than one person answers for.
const MOST: usize = 100_000;
const PAGE: i64 = 5_000;

pub static RUN: JobKind = JobKind { name: "bulk", run: job };

codes! {
    /// What a run does to the status of its cases.
    pub enum Step { Close = "close", Reopen = "reopen", Wait = "wait" }
}

/// What a run does. Stored as JSON, so fields are only added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BulkChange)]
#[serde(default, deny_unknown_fields)]
pub struct Change {
    /// A person's id; 0: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// For `wait`; without it until the customer writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// `spam`, `trash`, or `none` to take it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
}

impl Change {
    #[expect(clippy::option_option, reason = "nobody is somebody to give it to, too")]
    fn owner(&self) -> Option<Option<PersonId>> {
        self.owner.map(|person| Some(person).filter(|person| person.0 != 0))
    }

    #[expect(clippy::option_option, reason = "to be in no bin is a change, too")]
    fn bin(&self) -> Option<Option<Bin>> {
        self.bin.as_deref().map(Bin::from_code)
    }

    /// What a case would be afterwards.
    fn of(&self, case: &Case) -> Case {
        let mut after = case.clone();
        if let Some(queue) = self.queue.filter(|queue| *queue != case.queue) {
            after.queue = queue;
            after.owner = case.owner.filter(|_| case.private);
        }
        after.owner = self.owner().unwrap_or(after.owner);
        after.priority = self.priority.unwrap_or(case.priority);
        after.bin = self.bin().unwrap_or(case.bin);
        match self.step {
            Some(Step::Close) => after.status = Status::Closed,
            Some(Step::Reopen) => after.status = Status::Open,
            Some(Step::Wait) => (after.status, after.wait_until) = (Status::Waiting, self.until),
            None => {}
        }
        after
    }

    /// Why it cannot be done to a case, as a word of the pages.
    pub fn refusal(&self, case: &Case) -> Option<&'static str> {
        let after = self.of(case);
        let seen =
            |case: &Case| (case.queue, case.owner, case.priority, case.bin, case.status, case.wait_until);
        if case.moved_to.is_some() {
            return Some("bulk-moved");
        }
        if after.private && after.owner.is_none() {
            return Some("case-private-nobody");
        }
        if case.complaint && after.status == Status::Closed && case.status != Status::Closed {
            return Some("bulk-complaint");
        }
        (seen(&after) == seen(case)).then_some("bulk-same")
    }
}

/// As [`Change::refusal`], with what only the database knows: fields that the house wants before a case is closed.
async fn refusal(tx: &mut Tx, actor: &Actor, change: &Change, case: &Case) -> Result<Option<&'static str>> {
    let closes = change.step == Some(Step::Close) && case.status != Status::Closed;
    match change.refusal(case) {
        None if closes && attributes::unless_complete(tx, actor, case).await.is_err() => {
            Ok(Some("bulk-incomplete"))
        }
        why => Ok(why),
    }
}

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
    /// Why others would not: the first ones.
    pub refused: Vec<Refused>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkRefused)]
pub struct Refused {
    pub number: String,
    pub subject: String,
    #[serde(skip)]
    pub why: &'static str,
}

/// # Errors
///
/// [`Error::Invalid`] if nothing would be done at all, or somewhere that is not.
async fn check(app: &App, tx: &mut Tx, actor: &Actor, change: &Change) -> Result<()> {
    if *change == Change::default() {
        return Err(Error::invalid("change", "bulk-nothing"));
    }
    if change.until.is_some_and(|until| until <= app.now()) {
        return Err(Error::invalid("until", "case-wait-past"));
    }
    let bin = change.bin.as_deref();
    if bin.is_some_and(|bin| bin != "none" && Bin::from_code(bin).is_none()) {
        return Err(Error::invalid("bin", "error-field-malformed"));
    }
    if let Some(Some(person)) = change.owner()
        && !people::person(tx, person).await?.active
    {
        return Err(Error::invalid("owner", "case-owner-gone"));
    }
    if let Some(queue) = change.queue {
        people::queue(tx, queue).await?;
        if actor.sight.hidden.contains(&queue) {
            return Err(Error::NotFound);
        }
    }
    Ok(())
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
    let mut refused = Vec::new();
    let mut changed = 0;
    for case in store::some(&mut tx, &looked_at).await? {
        match refusal(&mut tx, actor, change, &case).await? {
            Some(why) => refused.push(Refused { number: case.number, subject: case.subject, why }),
            None => changed += 1,
        }
    }
    refused.truncate(20);
    Ok(Preview { cases: count(all.len()), changed, looked_at: count(looked_at.len()), refused })
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
        dialect::lock_all(&mut tx, "case", cases.iter().map(|one| one.case.0)).await?;
        let change: Change = serde_json::from_str(&row.change)?;
        for one in &cases {
            if back {
                take_one_back(app, &mut tx, &actor, run, one).await?;
            } else {
                do_one(app, &mut tx, &actor, run, one.case, &change).await?;
            }
        }
        tx.commit().await?;
        app.live.tell(vec![format!("bulk:{run}").into()]);
    }
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

async fn do_one(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    run: i64,
    case: CaseId,
    change: &Change,
) -> Result<()> {
    let row = match sight::seen(tx, actor, case).await {
        Ok(row) => row,
        Err(Error::NotFound) => return store::bulk::refuse(tx, run, case, "bulk-gone").await,
        Err(error) => return Err(error),
    };
    if let Some(why) = refusal(tx, actor, change, &row).await? {
        return store::bulk::refuse(tx, run, case, why).await;
    }
    apply(app, tx, actor, &row, change).await?;
    let version = store::case(tx, case).await?.version;
    let was = Was {
        stood: Stood::of(&row),
        queue: row.queue,
        owner: row.owner,
        priority: row.priority,
        bin: row.bin,
    };
    store::bulk::done(tx, run, case, &serde_json::to_string(&was)?, version).await
}

/// How a case was.
#[derive(Serialize, Deserialize)]
struct Was {
    stood: Stood,
    queue: QueueId,
    owner: Option<PersonId>,
    priority: Priority,
    bin: Option<Bin>,
}

async fn apply(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, change: &Change) -> Result<()> {
    let after = change.of(case);
    let stands = (case.status, case.wait_until) == (after.status, after.wait_until);
    if let Some(step) = change.step.filter(|_| !stands) {
        let event = event(tx, case, step).await?;
        let turned = clocks::turn(app, tx, case, event).await?;
        let standing = standing(app, step, turned.due, change.until);
        store::set_standing(tx, case.id, standing, app.now()).await?;
        store::set_clocks(tx, case.id, &turned.clocked).await?;
        let fact = match step {
            Step::Close => Fact::CaseClosed,
            Step::Reopen => Fact::CaseReopened,
            Step::Wait => Fact::CaseSetWaiting { until: change.until },
        };
        journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
    }
    become_of(app, tx, actor, case, &after).await
}

/// What a step means for the clocks of a case.
async fn event(tx: &mut Tx, case: &Case, step: Step) -> Result<Event> {
    Ok(match step {
        Step::Close => Event::Closed,
        Step::Wait => Event::Waits { for_customer: true },
        Step::Reopen => Event::Reopened { owed_since: store::unanswered_since(tx, case.id).await? },
    })
}

fn standing(
    app: &App,
    step: Step,
    due: Option<(Timestamp, Timestamp)>,
    until: Option<Timestamp>,
) -> Standing {
    let (status, wait_until, closed_at) = match step {
        Step::Close => (Status::Closed, None, Some(app.now())),
        Step::Wait => (Status::Waiting, until, None),
        Step::Reopen => (Status::Open, None, None),
    };
    Standing { status, due, wait_until, closed_at }
}

/// Makes a case what `after` says of queue, owner, priority and bin, with a fact for each difference.
async fn become_of(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, after: &Case) -> Result<()> {
    let (now, about) = (app.now(), About::case(case.id).of(case.customer));
    if case.queue != after.queue {
        store::set_queue(tx, case.id, after.queue, now).await?;
        journal::record(app, tx, actor, about, Fact::CaseMoved { queue: after.queue })?;
    }
    if case.owner != after.owner {
        store::set_owner(tx, case.id, after.owner, now).await?;
        let fact = Fact::CaseAssigned { to: after.owner, from: case.owner };
        journal::record(app, tx, actor, about, fact)?;
    }
    if case.priority != after.priority {
        store::bulk::set_priority(tx, case.id, after.priority, now).await?;
        let fact = Fact::CasePrioritised { priority: after.priority.code().into() };
        journal::record(app, tx, actor, about, fact)?;
    }
    if case.bin != after.bin {
        bins::put_in(app, tx, actor, case, after.bin).await?;
    }
    if case.queue != after.queue || case.priority != after.priority {
        clocks::changed(app, tx, case.id).await?;
    }
    Ok(())
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

async fn take_one_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    run: i64,
    one: &store::bulk::Done,
) -> Result<()> {
    let case = store::case(tx, one.case).await?;
    let was: Option<Was> = one.stood.as_deref().and_then(|stood| serde_json::from_str(stood).ok());
    let Some(was) = was.filter(|_| one.version == Some(case.version)) else {
        return store::bulk::keep(tx, run, one.case).await;
    };
    if !was.stood.is_of(&case) {
        store::set_standing(tx, case.id, was.stood.standing(), app.now()).await?;
        journal::record(app, tx, actor, About::case(case.id).of(case.customer), stands(was.stood))?;
    }
    let before =
        Case { queue: was.queue, owner: was.owner, priority: was.priority, bin: was.bin, ..case.clone() };
    become_of(app, tx, actor, &case, &before).await?;
    store::bulk::back(tx, run, one.case).await
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
