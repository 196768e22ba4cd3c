//! Rules: what happens by itself with cases, and what people do with one key.
//!
//! A rule has conditions, the same as lists have, and actions, which are the ordinary commands of cases. Triggers answer
//! what happened ([`listen`], [`run`]), mail filters decide about mails before their cases exist ([`mails`]), time rules
//! look after cases with which nothing happens ([`times`]), macros wait for people ([`macros`]). What a rule did is kept
//! with its version and why; it cannot set itself off, and one that keeps failing switches itself off. Deliberately
//! absent: conditions or actions of their own that no list and no person has, and rules that delete anything.

mod action;
mod banner;
mod changes;
mod check;
mod dry;
mod examples;
mod kept;
mod listen;
pub mod macros;
mod mails;
mod model;
mod perform;
mod run;
mod store;
pub mod times;
mod trouble;
pub mod web;
pub mod webhook;

pub use action::{Action, Addressee, Deed};
pub use changes::{Aspect, Change};
pub use dry::{Dry, DryState, Found, Trial, dry_run};
pub use examples::{examples, fresh_examples};
pub use listen::LISTENERS;
pub use mails::{LANGUAGES, MailCondition, MailPart, MailTest, SIEVE};
pub use model::{Day, Definition, Draft, Event, Outcome, Rule, RuleKind, Run, Version};
pub use run::Happened;
pub use times::clock;

use crate::cases;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, JobKind, Result, Right, Role, Timestamp, Tx, dialect};

pub static JOBS: [&JobKind; 4] = [&run::ANSWER, &mails::TREAT, &webhook::SEND, &dry::LOOK];

/// More than anybody keeps in mind.
const MOST: usize = 300;
/// Runs read at once.
const READ: i64 = 200;
/// Runs looked at for one part of a log, however many of them are hidden.
const LOOKED: i64 = 10_000;

/// The rules that an actor keeps, by kind in their order: leads those of their teams.
pub async fn all(tx: &mut Tx, actor: &Actor) -> Result<Vec<Rule>> {
    let mut all = store::all(tx).await?;
    all.retain(|rule| rule.is_kept_by(actor));
    Ok(all)
}

/// One that the actor keeps, also if it was taken away.
pub async fn rule(tx: &mut Tx, actor: &Actor, rule: i64) -> Result<Rule> {
    let rule = store::rule(tx, rule).await?;
    if rule.is_kept_by(actor) { Ok(rule) } else { Err(Error::NotFound) }
}

/// One's own dry runs of the last day, the newest first.
pub async fn own_trials(app: &App, tx: &mut Tx, actor: &Actor) -> Result<Vec<Trial>> {
    dry::own(app, tx, actor).await
}

/// One's own dry run.
pub async fn trial(tx: &mut Tx, actor: &Actor, trial: i64) -> Result<Trial> {
    dry::trial(tx, actor, trial).await
}

/// How far a dry run is, and what it found so far.
pub async fn trial_found(app: &App, actor: &Actor, trial: i64) -> Result<Dry> {
    dry::found(app, actor, trial).await
}

/// Stops a dry run; what it found stays.
pub async fn stop_trial(app: &App, actor: &Actor, trial: i64) -> Result<()> {
    dry::stop(app, actor, trial).await
}

/// Leads make rules that act in the queues of their teams, and none that decides about mails of the house.
fn may_keep(actor: &Actor, draft: &Draft) -> Result<()> {
    if actor.is(Role::Admin) {
        return Ok(());
    }
    if draft.kind == RuleKind::Mail {
        return Err(Error::Forbidden(Right::ManageSettings));
    }
    match draft.team {
        Some(team) if actor.teams.contains(&team) => Ok(()),
        _ => Err(Error::invalid("team", "rules-team-own")),
    }
}

/// What a rule was, the newest first.
pub async fn versions(tx: &mut Tx, rule: i64) -> Result<Vec<Version>> {
    store::versions(tx, rule).await
}

/// Keeps a rule, as its next version; a new one without `id`.
///
/// # Errors
///
/// [`Error::Invalid`] with all fields that must be corrected.
pub async fn save(app: &App, actor: &Actor, id: Option<i64>, draft: &Draft) -> Result<i64> {
    actor.may(Right::KeepRules)?;
    may_keep(actor, draft)?;
    let mut tx = app.db.write().await?;
    check::check(&mut tx, actor, draft).await?;
    let id = match id {
        Some(id) => {
            dialect::lock(&mut tx, "rule", id).await?;
            let known = rule(&mut tx, actor, id).await?;
            if known.kind != draft.kind {
                return Err(Error::invalid("kind", "error-field-malformed"));
            }
            if known.active != draft.active || known.halted_at.is_some() {
                store::set_active(&mut tx, id, draft.active, app.now()).await?;
            }
            id
        }
        None if MOST <= store::all(&mut tx).await?.len() => {
            return Err(Error::invalid("name", "rules-too-many"));
        }
        None => store::insert(&mut tx, draft, app.now()).await?,
    };
    let version = store::save(&mut tx, id, draft, actor.person_id(), app.now()).await?;
    finish(app, tx, actor, Fact::RuleSaved { rule: id, version }).await?;
    Ok(id)
}

/// Records what became of a rule, and lets this node go by it at once.
async fn finish(app: &App, mut tx: Tx, actor: &Actor, fact: Fact) -> Result<()> {
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await?;
    kept::forget(app);
    banner::look(app).await
}

/// Adds a rule as it is; for the example company.
pub async fn add_past(tx: &mut Tx, draft: &Draft, now: Timestamp) -> Result<i64> {
    let id = store::insert(tx, draft, now).await?;
    store::save(tx, id, draft, None, now).await?;
    Ok(id)
}

/// On or off. What happened while it was off is no concern of it.
pub async fn switch(app: &App, actor: &Actor, id: i64, on: bool) -> Result<Rule> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "rule", id).await?;
    let known = rule(&mut tx, actor, id).await?;
    if known.removed_at.is_some() {
        return Err(Error::NotFound);
    }
    store::set_active(&mut tx, id, on, app.now()).await?;
    let rule = store::rule(&mut tx, id).await?;
    finish(app, tx, actor, Fact::RuleSwitched { rule: id, on }).await?;
    Ok(rule)
}

/// Where a rule goes among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Up,
    Down,
    /// Before this rule.
    Before(i64),
    Last,
}

impl Place {
    /// `up`, `down`, `last`, or `before:7`.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "up" => Some(Self::Up),
            "down" => Some(Self::Down),
            "last" => Some(Self::Last),
            _ => text.strip_prefix("before:")?.parse().ok().map(Self::Before),
        }
    }
}

/// Puts a rule elsewhere among those of its kind. Leads change the order of their own; where others stand between them,
/// these stay.
pub async fn shift(app: &App, actor: &Actor, id: i64, place: Place) -> Result<()> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.write().await?;
    let moved = rule(&mut tx, actor, id).await?;
    dialect::lock(&mut tx, "rules", 0).await?;
    let all = store::of_kind(&mut tx, moved.kind).await?;
    let own: Vec<i64> = all.iter().filter(|one| one.is_kept_by(actor)).map(|one| one.id).collect();
    let mut placed = put(&own, id, place).ok_or(Error::NotFound)?.into_iter();
    for (at, one) in (1..).zip(&all) {
        let here = if one.is_kept_by(actor) { placed.next().unwrap_or(one.id) } else { one.id };
        store::set_place(&mut tx, here, at).await?;
    }
    finish(app, tx, actor, Fact::RuleMoved { rule: id }).await
}

/// The order with one of them elsewhere.
fn put(order: &[i64], id: i64, place: Place) -> Option<Vec<i64>> {
    let at = order.iter().position(|one| *one == id)?;
    let mut rest: Vec<i64> = order.iter().copied().filter(|one| *one != id).collect();
    let to = match place {
        Place::Up => at.saturating_sub(1),
        Place::Down => (at + 1).min(rest.len()),
        Place::Last => rest.len(),
        Place::Before(other) if other == id => at,
        Place::Before(other) => rest.iter().position(|one| *one == other)?,
    };
    rest.insert(to, id);
    Some(rest)
}

/// Takes a rule away.
pub async fn remove(app: &App, actor: &Actor, id: i64) -> Result<()> {
    set_removed(app, actor, id, true).await
}

/// Brings a rule back that was taken away; it is off.
pub async fn bring_back(app: &App, actor: &Actor, id: i64) -> Result<()> {
    set_removed(app, actor, id, false).await
}

async fn set_removed(app: &App, actor: &Actor, id: i64, gone: bool) -> Result<()> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.write().await?;
    rule(&mut tx, actor, id).await?;
    store::set_removed(&mut tx, id, gone.then(|| app.now())).await?;
    let fact = if gone { Fact::RuleRemoved { rule: id } } else { Fact::RuleRestored { rule: id } };
    finish(app, tx, actor, fact).await
}

/// Lets a rule be again what it was; that is a new version.
pub async fn restore(app: &App, actor: &Actor, id: i64, version: i64) -> Result<()> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.read().await?;
    let rule = rule(&mut tx, actor, id).await?;
    let versions = store::versions(&mut tx, id).await?;
    drop(tx);
    let was = versions.into_iter().find(|one| one.version == version).ok_or(Error::NotFound)?;
    let draft = Draft { name: was.name, definition: was.definition, ..rule.draft() };
    save(app, actor, Some(id), &draft).await.map(|_| ())
}

/// Rules as they leave a house and come into another one.
#[derive(Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = RuleExchange)]
pub struct Exchange {
    pub rules: Vec<Draft>,
}

/// All rules, to take them to another house.
pub async fn export(tx: &mut Tx) -> Result<Exchange> {
    let all = store::all(tx).await?;
    Ok(Exchange { rules: all.iter().map(Rule::draft).collect() })
}

/// Adds rules, all switched off: what they name may be something else here.
///
/// # Errors
///
/// [`Error::Invalid`] for the first that does not fit this house; those before it are kept.
pub async fn import(app: &App, actor: &Actor, exchange: &Exchange) -> Result<usize> {
    actor.may(Right::ManageSettings)?;
    for draft in &exchange.rules {
        save(app, actor, None, &Draft { active: false, ..draft.clone() }).await?;
    }
    Ok(exchange.rules.len())
}

/// What rules did with a case, the newest first.
pub async fn runs_of_case(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<Run>> {
    store::of_case(tx, case, limit).await
}

/// What a rule did in one run.
pub async fn ran(tx: &mut Tx, run: i64) -> Result<Option<Run>> {
    store::run(tx, run).await
}

/// What a rule is called, also one that was taken away.
pub async fn name(tx: &mut Tx, rule: i64) -> Result<String> {
    Ok(store::rule(tx, rule).await?.name)
}

/// What a rule did before a run, the newest first.
pub async fn runs_of_rule(tx: &mut Tx, rule: i64, before: Option<i64>, limit: i64) -> Result<Vec<Run>> {
    store::newest_of_rule(tx, rule, before.unwrap_or(i64::MAX), limit).await
}

/// Some of what a rule did, the newest first.
pub struct Runs {
    pub seen: Vec<Run>,
    /// The rest is before this run; `None` at the end.
    pub next: Option<i64>,
}

/// What a rule did in cases that the actor may know of, before a run: up to `limit`. It is read on until they are found,
/// so that neither a short part nor where the next one begins tells of hidden cases. Where nearly all are hidden, such as
/// those of a rule for private cases, a part ends after [`LOOKED`] runs all the same.
pub async fn seen_runs(
    tx: &mut Tx,
    actor: &Actor,
    rule: i64,
    before: Option<i64>,
    limit: usize,
) -> Result<Runs> {
    let (mut seen, mut before) = (Vec::new(), before.unwrap_or(i64::MAX));
    for _ in 0..LOOKED / READ {
        let runs = store::newest_of_rule(tx, rule, before, READ).await?;
        let Some(last) = runs.last() else { return Ok(Runs { seen, next: None }) };
        before = last.id;
        let cases: Vec<CaseId> = runs.iter().map(|run| run.case).collect();
        let unseen = cases::sight::unseen(tx, actor, &cases).await?;
        seen.extend(runs.into_iter().filter(|run| !unseen.contains(&run.case)));
        if limit < seen.len() {
            seen.truncate(limit);
            let next = seen.last().map(|last| last.id);
            return Ok(Runs { seen, next });
        }
    }
    Ok(Runs { seen, next: Some(before) })
}

/// How often rules ran on each day since a moment. Private cases are not counted, as in all figures of the work: those who
/// set the house up keep rules and may not even know that there are such cases. What a case was when a rule ran counts.
pub async fn days_since(app: &App, tx: &mut Tx, since: Timestamp) -> Result<Vec<Day>> {
    store::days(tx, &since.moment().to_zoned(app.zone()).date().to_string()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_goes_where_it_is_put() {
        for (place, order) in [
            (Place::Up, vec![1, 3, 2, 4]),
            (Place::Down, vec![1, 2, 4, 3]),
            (Place::Before(1), vec![3, 1, 2, 4]),
            (Place::Before(4), vec![1, 2, 3, 4]),
            (Place::Before(3), vec![1, 2, 3, 4]),
            (Place::Last, vec![1, 2, 4, 3]),
        ] {
            assert_eq!(put(&[1, 2, 3, 4], 3, place), Some(order), "{place:?}");
        }
        assert_eq!(
            (put(&[1, 2], 1, Place::Up), put(&[1, 2], 2, Place::Down)),
            (Some(vec![1, 2]), Some(vec![1, 2]))
        );
        assert_eq!(put(&[1, 2], 1, Place::Before(9)), None, "another lead's, or of another kind");
    }
}
