//! Rules at work: a run looks whether a case is as the rule says, does its actions, and keeps what became of it.
//!
//! All of a run is one transaction, so a case is never half treated. The run is the cause of the facts it leaves: a
//! rule does not answer what it did itself, neither directly nor through others, and chains of rules end after
//! [`DEEPEST`]. A rule that keeps failing switches itself off.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::action::Deed;
use super::banner;
use super::kept;
use super::model::{Event, Outcome, Rule, RuleKind};
use super::perform::{Deal, perform};
use super::store;
use super::store::NewRun;
use super::times;
use crate::cases;
use crate::cases::{Case, Eyes};
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CaseId, EntryId, Error, JobKind, PersonId, Result, Timestamp, Tx, dialect,
};

/// So many rules may answer each other.
const DEEPEST: usize = 5;
/// So often an hour a rule changes the same case.
const MOST_AN_HOUR: i64 = 10;
/// After so many failures in a row a rule is switched off.
const PATIENCE: i64 = 5;

pub static ANSWER: JobKind = JobKind { name: "rules", run: answer };

/// Something that happened to a case, and that rules may answer. Stored as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Happened {
    pub entry: EntryId,
    pub case: CaseId,
    pub event: Event,
    pub at: Timestamp,
    /// The run that did it, if a rule did.
    pub cause: Option<i64>,
}

/// Why a rule runs.
#[derive(Debug, Clone, Default)]
pub struct Why {
    /// The entry that it answers, and what it says.
    pub answers: Option<(EntryId, Event)>,
    /// The rules whose doing led here.
    pub chain: Vec<i64>,
    /// Who ran it, for macros.
    pub person: Option<PersonId>,
    /// A time rule has found the case; it must not find it again at once.
    pub found: bool,
}

fn answer(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move { happened(&app, &serde_json::from_value(payload)?).await })
}

/// Lets the rules answer that wait for this, in their order.
pub async fn happened(app: &App, what: &Happened) -> Result<()> {
    let mut tx = app.db.read().await?;
    let rules = store::of_kind(&mut tx, RuleKind::Trigger).await?;
    let chain = match what.cause {
        Some(run) => store::chain_of(&mut tx, run).await?,
        None => Vec::new(),
    };
    let waiting: Vec<&Rule> = rules.iter().filter(|rule| rule.may_answer(what.event, what.at)).collect();
    // What was before is asked only where it matters.
    let asks = waiting.iter().any(|rule| rule.definition.changes_of(what.event).next().is_some());
    let history = if asks { journal::of_case(&mut tx, what.case).await? } else { Vec::new() };
    drop(tx);
    for rule in waiting {
        if chain.contains(&rule.id) || !rule.definition.answers(what.event, what.entry, &history) {
            continue;
        }
        let why = Why { answers: Some((what.entry, what.event)), chain: chain.clone(), ..Why::default() };
        if fire(app, rule, what.case, &why).await?.is_some() && rule.definition.stop {
            break;
        }
    }
    Ok(())
}

/// Runs a rule on a case, if the case is as it says; `None` if it is not.
///
/// # Errors
///
/// Only those of disk and database, after which it is to be tried again; all others are kept as what became of it.
pub async fn fire(app: &App, rule: &Rule, case: CaseId, why: &Why) -> Result<Option<Outcome>> {
    let actor = Actor { name: rule.name.clone(), ..Actor::kitt("rules") };
    if !is_meant(app, &mut app.db.read().await?, &actor, rule, case).await? {
        return Ok(None);
    }
    match attempt(app, &actor, rule, case, why).await {
        Err(error) if error.outage().is_none() => {
            tracing::warn!(rule = rule.id, case = case.0, error = format!("{error:?}"), "a rule failed");
            fail(app, rule, case, why, &error).await.map(Some)
        }
        done => done,
    }
}

/// Is a case as the rule says? The same question as of lists, of one case.
async fn is_meant(app: &App, tx: &mut Tx, actor: &Actor, rule: &Rule, case: CaseId) -> Result<bool> {
    let found = cases::matching(tx, &Eyes::of(app, actor), &rule.meant(), &[case]).await?;
    Ok(!found.is_empty())
}

async fn attempt(app: &App, actor: &Actor, rule: &Rule, case: CaseId, why: &Why) -> Result<Option<Outcome>> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    if let Some((entry, _)) = why.answers
        && let Some(done) = store::outcome_for(&mut tx, rule.id, entry).await?
    {
        return Ok(Some(done));
    }
    if !is_meant(app, &mut tx, actor, rule, case).await? {
        return Ok(None);
    }
    if why.found && !times::claim(app, &mut tx, rule, case).await? {
        return Ok(None);
    }
    if let Some(outcome) = too_much(app, &mut tx, rule, case, why).await? {
        // Said once, not at each of the next hundred times.
        if store::last_outcome(&mut tx, rule.id, case).await? != Some(outcome) {
            keep(app, &mut tx, rule, case, why, outcome, "").await?;
        }
        tx.commit().await?;
        return Ok(Some(outcome));
    }
    let outcome = do_all(app, &mut tx, actor, rule, case, why).await?;
    tx.commit().await?;
    Ok(Some(outcome))
}

/// Does the actions of a rule on a case that is locked, and keeps the run.
pub(super) async fn do_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    rule: &Rule,
    case: CaseId,
    why: &Why,
) -> Result<Outcome> {
    let (run, counted) = insert(app, tx, rule, case, why, Outcome::Same, "").await?;
    tx.set_cause(run);
    let deal = Deal { actor, rule: rule.id, version: rule.version, run };
    let mut did = Vec::new();
    for (at, action) in rule.definition.actions.iter().enumerate() {
        let row = cases::case(tx, case).await?;
        if is_out_of_reach(tx, rule, &row).await? {
            break;
        }
        // A mail filter chose the queue before there was a case.
        let chosen = rule.kind == RuleKind::Mail && action.does == Deed::Queue;
        if chosen || perform(app, tx, &deal, &row, action).await? {
            did.push(at);
        }
    }
    let outcome = if did.is_empty() { Outcome::Same } else { Outcome::Changed };
    if outcome == Outcome::Changed {
        let customer = cases::case(tx, case).await?.customer;
        let fact = Fact::RuleApplied { rule: rule.id, version: rule.version, run };
        journal::record(app, tx, actor, About::case(case).of(customer), fact)?;
    }
    store::finish_run(tx, run, outcome, &did).await?;
    if counted {
        store::count_day(tx, rule.id, &today(app), outcome).await?;
    }
    store::worked(tx, rule.id, counted && outcome == Outcome::Changed, app.now()).await?;
    Ok(outcome)
}

/// A rule of a team has brought a case to others, with whom it has no say.
async fn is_out_of_reach(tx: &mut Tx, rule: &Rule, case: &Case) -> Result<bool> {
    Ok(match rule.team {
        Some(team) => people::queue(tx, case.queue).await?.team != Some(team),
        None => false,
    })
}

async fn too_much(app: &App, tx: &mut Tx, rule: &Rule, case: CaseId, why: &Why) -> Result<Option<Outcome>> {
    if DEEPEST <= why.chain.len() {
        return Ok(Some(Outcome::Deep));
    }
    let hour_ago = app.now() - std::time::Duration::from_hours(1);
    let often = MOST_AN_HOUR <= store::count_runs(tx, rule.id, case, hour_ago).await?;
    Ok(often.then_some(Outcome::Paused))
}

/// The run, and whether the figures count it: those who keep a rule may not know of private cases, nor that there are
/// any.
async fn insert(
    app: &App,
    tx: &mut Tx,
    rule: &Rule,
    case: CaseId,
    why: &Why,
    outcome: Outcome,
    reason: &str,
) -> Result<(i64, bool)> {
    let counted = !cases::case(tx, case).await?.private;
    let chain: Vec<i64> = why.chain.iter().copied().chain([rule.id]).collect();
    let new = NewRun {
        rule: rule.id,
        version: rule.version,
        case,
        entry: why.answers.map(|(entry, _)| entry),
        event: why.answers.map_or("", |(_, event)| event.code()),
        person: why.person,
        outcome,
        reason,
        counted,
        chain: &chain,
    };
    Ok((store::insert_run(tx, &new, app.now()).await?, counted))
}

/// Keeps a run that did nothing.
async fn keep(
    app: &App,
    tx: &mut Tx,
    rule: &Rule,
    case: CaseId,
    why: &Why,
    outcome: Outcome,
    reason: &str,
) -> Result<()> {
    let (_, counted) = insert(app, tx, rule, case, why, outcome, reason).await?;
    if counted {
        store::count_day(tx, rule.id, &today(app), outcome).await?;
    }
    Ok(())
}

/// Keeps why a rule failed. After some failures in a row it is switched off.
async fn fail(app: &App, rule: &Rule, case: CaseId, why: &Why, error: &Error) -> Result<Outcome> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "rule", rule.id).await?;
    keep(app, &mut tx, rule, case, why, Outcome::Failed, reason(error)).await?;
    if why.found {
        times::claim(app, &mut tx, rule, case).await?;
    }
    let failures = store::failed(&mut tx, rule.id).await?;
    let halts = rule.kind != RuleKind::Macro && PATIENCE <= failures;
    if halts {
        store::halt(&mut tx, rule.id, app.now()).await?;
        let fact = Fact::RuleSwitched { rule: rule.id, on: false };
        journal::record(app, &mut tx, &Actor::kitt("rules"), About::house(), fact)?;
    }
    tx.commit().await?;
    if halts {
        kept::forget(app);
        banner::look(app).await?;
    }
    Ok(Outcome::Failed)
}

/// What is wrong, as a translation key.
pub(super) fn reason(error: &Error) -> &'static str {
    match error {
        Error::Invalid(fields) => fields.first().map_or("error-invalid", |field| field.word),
        // A field of the house that has to be filled in first, or does not fit.
        Error::OwnFields(_) => "rules-fields",
        other => other.word(),
    }
}

/// The day of the house, as in 2026-11-16.
fn today(app: &App) -> String {
    day(app, app.now())
}

pub(super) fn day(app: &App, at: Timestamp) -> String {
    at.moment().to_zoned(app.zone()).date().to_string()
}
