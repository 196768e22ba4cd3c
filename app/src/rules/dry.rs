//! What a rule would have done, looked at before it is kept. Nothing is changed.
//!
//! Of triggers: what happened in the last thirty days is taken from the journal, the newest first, and the conditions
//! are asked of the cases as they are today, which the page says. That is done in portions, the first at once and the
//! others by a job, so that one can go away, come back, and stop it. Of time rules and macros: the cases that are now as
//! the rule says, which is one question.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::may_keep;
use super::model::{Draft, Event, RuleKind};
use super::store::trials as store;
use crate::cases;
use crate::cases::filter::unless_known;
use crate::cases::{Eyes, Line, Sort};
use crate::journal;
use crate::journal::Entry;
use crate::platform::{
    Actor, App, CaseId, EntryId, Error, JobKind, PersonId, Result, Right, Role, Timestamp, Tx, codes,
    dialect, jobs,
};

pub static LOOK: JobKind = JobKind { name: "rule_trial", run: look };

/// How far back it looks.
const BACK: i64 = 30;
/// Entries at once.
const PAGE: i64 = 5_000;
/// So long somebody waits for an answer; what is then still to do, a job does.
const AT_ONCE: Duration = Duration::from_millis(1_500);
/// So long a job looks before it lets others run.
const PORTION: Duration = Duration::from_secs(3);
/// Examples shown.
const SHOWN: i64 = 50;
/// Cases counted of time rules.
const COUNTED: i64 = 10_000;
/// How long what was found is kept, in days.
const KEPT: i64 = 7;

codes! {
    /// How far a dry run is.
    pub enum DryState {
        Running = "running",
        Done = "done",
        /// Somebody stopped it.
        Stopped = "stopped",
        Failed = "failed",
    }
}

/// A dry run of a trigger, as it is kept.
#[derive(Debug, Clone)]
pub struct Trial {
    pub id: i64,
    pub person: Option<PersonId>,
    /// The rule that would be changed.
    pub rule: Option<i64>,
    pub draft: Draft,
    pub state: DryState,
    /// Entries below this one are still to be looked at.
    pub before: EntryId,
    pub looked_at: i64,
    /// Back to this moment it has looked.
    pub since: Timestamp,
    /// Back to this moment it will look.
    pub until: Timestamp,
    pub begun_at: Timestamp,
}

impl Trial {
    /// How much of the time it has looked at, in percent.
    pub fn percent(&self) -> i64 {
        let (done, all) = (self.begun_at.0 - self.since.0, self.begun_at.0 - self.until.0);
        if self.state == DryState::Done { 100 } else { (done * 100 / all.max(1)).clamp(0, 99) }
    }

    fn is_for(&self, actor: &Actor) -> bool {
        actor.is(Role::Admin) || (self.person.is_some() && self.person == actor.person_id())
    }
}

/// What a dry run found so far.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RuleDryRun)]
pub struct Dry {
    /// Of triggers: to look how far it is, and to stop it.
    pub id: Option<i64>,
    pub state: DryState,
    pub percent: i64,
    /// How often the rule would have run; of time rules and macros, how many cases it would find now.
    pub matches: i64,
    /// On how many cases.
    pub cases: i64,
    /// Entries of the journal that were looked at.
    pub looked_at: i64,
    /// Back to this moment.
    pub since: Timestamp,
    /// There is more beyond what is counted.
    pub more: bool,
    pub examples: Vec<Found>,
}

/// A case that the rule would have treated.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RuleDryRunCase)]
pub struct Found {
    pub number: String,
    pub subject: String,
    pub customer: String,
    /// What it would have answered, and when last; empty for time rules and macros.
    pub event: String,
    pub at: Timestamp,
    pub times: i64,
}

/// Looks what a rule would have done, of triggers as far as a moment reaches; the rest is looked at by itself.
///
/// # Errors
///
/// [`Error::Invalid`] for mail filters, and for conditions that cannot be understood.
pub async fn dry_run(app: &App, actor: &Actor, rule: Option<i64>, draft: &Draft) -> Result<Dry> {
    actor.may(Right::KeepRules)?;
    may_keep(actor, draft)?;
    let mut tx = app.db.read().await?;
    unless_known(&mut tx, &draft.definition.filter).await?;
    match draft.kind {
        RuleKind::Mail => Err(Error::invalid("mail", "rules-dry-mail")),
        RuleKind::Time | RuleKind::Macro => of_now(app, &mut tx, actor, draft).await,
        RuleKind::Trigger => {
            drop(tx);
            let id = begin(app, actor, rule, draft).await?;
            portion(app, id, AT_ONCE).await?;
            found(app, actor, id).await
        }
    }
}

/// How far a dry run is, and what it found so far.
pub async fn found(app: &App, actor: &Actor, id: i64) -> Result<Dry> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.read().await?;
    let trial = trial(&mut tx, actor, id).await?;
    result(&mut tx, actor, &trial).await
}

/// One's own dry run, or any for those who set the house up.
pub async fn trial(tx: &mut Tx, actor: &Actor, id: i64) -> Result<Trial> {
    let trial = store::trial(tx, id).await?;
    if trial.is_for(actor) { Ok(trial) } else { Err(Error::NotFound) }
}

/// One's own of the last day, the newest first.
pub async fn own(app: &App, tx: &mut Tx, actor: &Actor) -> Result<Vec<Trial>> {
    match actor.person_id() {
        Some(person) => store::of_person(tx, person, app.now() - Timestamp::days(1)).await,
        None => Ok(Vec::new()),
    }
}

/// Stops one; what it found stays.
pub async fn stop(app: &App, actor: &Actor, id: i64) -> Result<()> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "rule_trial", id).await?;
    let trial = trial(&mut tx, actor, id).await?;
    if trial.state == DryState::Running {
        store::save(&mut tx, &Trial { state: DryState::Stopped, ..trial }).await?;
    }
    tx.commit().await
}

async fn begin(app: &App, actor: &Actor, rule: Option<i64>, draft: &Draft) -> Result<i64> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    store::forget(&mut tx, now - Timestamp::days(KEPT)).await?;
    if let Some(person) = actor.person_id() {
        stop_all(&mut tx, person).await?;
    }
    let id =
        store::insert(&mut tx, actor.person_id(), rule, draft, (now, now - Timestamp::days(BACK))).await?;
    // If this node dies, another one goes on.
    jobs::enqueue(&mut tx, LOOK.name, &id, now + AT_ONCE * 2).await?;
    tx.commit().await?;
    Ok(id)
}

/// Who looks anew no longer waits for what they looked for before.
async fn stop_all(tx: &mut Tx, person: PersonId) -> Result<()> {
    for id in store::running_of(tx, person).await? {
        dialect::lock(tx, "rule_trial", id).await?;
        let trial = store::trial(tx, id).await?;
        if trial.state == DryState::Running {
            store::save(tx, &Trial { state: DryState::Stopped, ..trial }).await?;
        }
    }
    Ok(())
}

fn look(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let id: i64 = serde_json::from_value(payload)?;
        match portion(&app, id, PORTION).await {
            Ok(true) => {
                let mut tx = app.db.write().await?;
                jobs::enqueue(&mut tx, LOOK.name, &id, app.now()).await?;
                tx.commit().await
            }
            Ok(false) => Ok(()),
            Err(error) if error.outage().is_none() => {
                tracing::error!(trial = id, error = format!("{error:?}"), "a dry run failed");
                give_up(&app, id).await
            }
            Err(error) => Err(error),
        }
    })
}

async fn give_up(app: &App, id: i64) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "rule_trial", id).await?;
    let trial = match store::trial(&mut tx, id).await {
        // It is forgotten.
        Err(Error::NotFound) => return Ok(()),
        trial => trial?,
    };
    if trial.state == DryState::Running {
        store::save(&mut tx, &Trial { state: DryState::Failed, ..trial }).await?;
    }
    tx.commit().await
}

/// Looks for so long; true if there is more to look at.
async fn portion(app: &App, id: i64, patience: Duration) -> Result<bool> {
    let began = tokio::time::Instant::now();
    loop {
        let trial = match store::trial(&mut app.db.read().await?, id).await {
            Err(Error::NotFound) => return Ok(false),
            trial => trial?,
        };
        if trial.state != DryState::Running {
            return Ok(false);
        }
        let page = read_page(app, &trial).await?;
        let done = page.trial.state == DryState::Done;
        // If another was faster, what it left is still to be looked at; if somebody stopped it, the next look says so.
        let kept = keep(app, trial.before, &page).await?;
        if kept && done {
            return Ok(false);
        }
        if patience <= began.elapsed() {
            return Ok(true);
        }
    }
}

/// What one page of the journal says.
struct Looked {
    /// How far it is after this page.
    trial: Trial,
    /// The newest event of each case, and how often.
    found: BTreeMap<CaseId, (Event, Timestamp, i64)>,
}

async fn read_page(app: &App, trial: &Trial) -> Result<Looked> {
    let mut tx = app.db.read().await?;
    let page = journal::before(&mut tx, trial.before, PAGE).await?;
    let mut after = trial.clone();
    let Some(last) = page.last() else {
        after.state = DryState::Done;
        return Ok(Looked { trial: after, found: BTreeMap::new() });
    };
    after.before = last.id;
    let within: Vec<&Entry> = page.iter().filter(|entry| trial.until <= entry.at).collect();
    after.looked_at += i64::try_from(within.len()).unwrap_or(i64::MAX);
    after.since = within.iter().map(|entry| entry.at).fold(trial.since, std::cmp::min);
    if last.at < trial.until {
        after.state = DryState::Done;
    }
    let mut found = answered(&mut tx, &trial.draft, &within).await?;
    let kitt = Actor::kitt("rules");
    let cases: Vec<CaseId> = found.keys().copied().collect();
    let meant = cases::matching(&mut tx, &Eyes::of(app, &kitt), &trial.draft.meant(), &cases).await?;
    found.retain(|case, _| meant.contains(case));
    Ok(Looked { trial: after, found })
}

/// What of these entries, the newest first, the rule waits for.
async fn answered(
    tx: &mut Tx,
    draft: &Draft,
    entries: &[&Entry],
) -> Result<BTreeMap<CaseId, (Event, Timestamp, i64)>> {
    let definition = &draft.definition;
    let mut histories: HashMap<CaseId, Vec<Entry>> = HashMap::new();
    let mut found: BTreeMap<CaseId, (Event, Timestamp, i64)> = BTreeMap::new();
    for entry in entries {
        let event = Event::of(&entry.fact).filter(|event| definition.may_answer(*event));
        let (Some(case), Some(event)) = (entry.about.case, event) else { continue };
        // What was before is asked only where it matters.
        if definition.changes_of(event).next().is_some() && !histories.contains_key(&case) {
            histories.insert(case, journal::of_case(tx, case).await?);
        }
        let history = histories.get(&case).map_or(&[][..], Vec::as_slice);
        if definition.answers(event, entry.id, history) {
            found.entry(case).or_insert((event, entry.at, 0)).2 += 1;
        }
    }
    Ok(found)
}

/// Keeps what a page said; false if somebody stopped it, or another node was faster.
async fn keep(app: &App, before: EntryId, page: &Looked) -> Result<bool> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "rule_trial", page.trial.id).await?;
    let now = store::trial(&mut tx, page.trial.id).await?;
    if now.state != DryState::Running || now.before != before {
        return Ok(false);
    }
    for (case, found) in &page.found {
        store::add_case(&mut tx, now.id, *case, *found).await?;
    }
    store::save(&mut tx, &page.trial).await?;
    tx.commit().await?;
    Ok(true)
}

/// Counted are all cases; shown are those that the reader may know of.
async fn result(tx: &mut Tx, actor: &Actor, trial: &Trial) -> Result<Dry> {
    let (matches, cases) = store::totals(tx, trial.id).await?;
    let mut examples = Vec::new();
    for (case, event, at, times) in store::newest(tx, trial.id, SHOWN).await? {
        let line = cases::line(tx, case).await?;
        if cases::sight::check(tx, actor, &line.case).await.is_ok() {
            examples.push(example(line, event.code(), at, times));
        }
    }
    Ok(Dry {
        id: Some(trial.id),
        state: trial.state,
        percent: trial.percent(),
        matches,
        cases,
        looked_at: trial.looked_at,
        since: trial.since,
        more: matches!(trial.state, DryState::Stopped | DryState::Failed),
        examples,
    })
}

async fn of_now(app: &App, tx: &mut Tx, actor: &Actor, draft: &Draft) -> Result<Dry> {
    let (kitt, filter) = (Actor::kitt("rules"), draft.meant());
    let count = cases::count(tx, &Eyes::of(app, &kitt), &filter, COUNTED + 1).await?;
    let lines = cases::list(tx, &Eyes::of(app, actor), &filter, Sort::Oldest, None, SHOWN).await?;
    let matches = count.min(COUNTED);
    Ok(Dry {
        id: None,
        state: DryState::Done,
        percent: 100,
        matches,
        cases: matches,
        looked_at: 0,
        since: app.now(),
        more: COUNTED < count,
        examples: lines.into_iter().map(|line| example(line, "", app.now(), 1)).collect(),
    })
}

fn example(line: Line, event: &str, at: Timestamp, times: i64) -> Found {
    let Line { case, customer_name: customer, .. } = line;
    Found { number: case.number, subject: case.subject, customer, event: event.to_owned(), at, times }
}
