//! What a rule would have done, looked at before it is kept. Nothing is changed.
//!
//! Of triggers: what happened in the last thirty days is taken from the journal, the newest first, and the conditions
//! are asked of the cases as they are today, which the page says. That is done in portions, the first at once and the
//! others by a job, so that one can go away, come back, and stop it ([`look`]). Of time rules and macros: the cases that
//! are now as the rule says, which is one question ([`found`]).
//!
//! Counted is what the reader may know of: those who keep rules are no part of the work in private cases. So a dry run
//! is for who began it, and for nobody else.

mod found;
mod look;

pub use found::{Dry, Found};
pub use look::LOOK;

use super::may_keep;
use super::model::{Draft, RuleKind};
use super::store::trials as store;
use crate::cases::filter::unless_known;
use crate::people;
use crate::platform::{Actor, App, EntryId, Error, Result, Right, Timestamp, Tx, Who, codes, dialect, jobs};

/// How far back it looks.
const BACK: i64 = 30;
/// Cases counted.
const COUNTED: i64 = 10_000;
/// Examples shown; of a dry run that has ended, nothing else is kept of cases.
const SHOWN: i64 = 50;
/// How long what was found is kept, in days.
const KEPT: i64 = 7;
/// Rows forgotten at a time.
const FORGOTTEN: i64 = 2_000;

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
    /// Who began it.
    pub who: Who,
    /// The rule that would be changed.
    pub rule: Option<i64>,
    pub draft: Draft,
    pub state: DryState,
    /// Entries below this one are still to be looked at.
    pub before: EntryId,
    pub looked_at: i64,
    /// How often the rule would have run.
    pub matches: i64,
    /// On how many cases; one more than [`COUNTED`] for any number beyond.
    pub cases: i64,
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
}

/// Looks what a rule would have done, of triggers as far as a moment reaches; the rest is looked at by itself.
///
/// # Errors
///
/// [`Error::Invalid`] for mail filters, and for conditions that cannot be understood; [`Error::NotFound`] if the rule
/// that is to be changed is not there, or another team's.
pub async fn dry_run(app: &App, actor: &Actor, rule: Option<i64>, draft: &Draft) -> Result<Dry> {
    actor.may(Right::KeepRules)?;
    may_keep(actor, draft)?;
    let mut tx = app.db.read().await?;
    if let Some(rule) = rule {
        super::rule(&mut tx, actor, rule).await?;
    }
    unless_known(&mut tx, &draft.definition.filter).await?;
    match draft.kind {
        RuleKind::Mail => Err(Error::invalid("mail", "rules-dry-mail")),
        RuleKind::Time | RuleKind::Macro => found::of_now(app, &mut tx, actor, draft).await,
        RuleKind::Trigger => {
            drop(tx);
            let id = begin(app, actor, rule, draft).await?;
            look::at_once(app, id).await?;
            found(app, actor, id).await
        }
    }
}

/// How far a dry run is, and what it found so far.
pub async fn found(app: &App, actor: &Actor, id: i64) -> Result<Dry> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.read().await?;
    let trial = own_one(&mut tx, actor, id).await?;
    found::result(&mut tx, actor, trial).await
}

/// One's own dry run.
pub async fn trial(tx: &mut Tx, actor: &Actor, id: i64) -> Result<Trial> {
    let trial = own_one(tx, actor, id).await?;
    Ok(as_it_stands(tx, trial).await?.0)
}

async fn own_one(tx: &mut Tx, actor: &Actor, id: i64) -> Result<Trial> {
    let trial = store::trial(tx, id).await?;
    if trial.who == actor.who { Ok(trial) } else { Err(Error::NotFound) }
}

/// With whether it is stuck: its job was given up after many attempts, and no other will come.
async fn as_it_stands(tx: &mut Tx, mut trial: Trial) -> Result<(Trial, bool)> {
    let stuck = trial.state == DryState::Running && jobs::is_dead(tx, LOOK.name, &trial.id).await?;
    if stuck {
        trial.state = DryState::Failed;
    }
    Ok((trial, stuck))
}

/// One's own of the last day, the newest first.
pub async fn own(app: &App, tx: &mut Tx, actor: &Actor) -> Result<Vec<Trial>> {
    let mut own = Vec::new();
    for trial in store::of_who(tx, actor.who, app.now() - Timestamp::days(1)).await? {
        own.push(as_it_stands(tx, trial).await?.0);
    }
    Ok(own)
}

/// Stops one; what it found stays.
pub async fn stop(app: &App, actor: &Actor, id: i64) -> Result<()> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "rule_trial", id).await?;
    let trial = own_one(&mut tx, actor, id).await?;
    end(&mut tx, trial, DryState::Stopped).await?;
    tx.commit().await
}

async fn begin(app: &App, actor: &Actor, rule: Option<i64>, draft: &Draft) -> Result<i64> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    // Who looks anew no longer waits for what they looked for before.
    for id in store::running_of(&mut tx, actor.who).await? {
        dialect::lock(&mut tx, "rule_trial", id).await?;
        let trial = store::trial(&mut tx, id).await?;
        end(&mut tx, trial, DryState::Stopped).await?;
    }
    let id = store::insert(&mut tx, actor.who, rule, draft, (now, now - Timestamp::days(BACK))).await?;
    look::go_on_later(app, &mut tx, id).await?;
    tx.commit().await?;
    Ok(id)
}

/// Ends one that still runs and is locked; of the cases only the examples are kept.
async fn end(tx: &mut Tx, trial: Trial, state: DryState) -> Result<()> {
    if trial.state != DryState::Running {
        return Ok(());
    }
    let id = trial.id;
    store::save(tx, &Trial { state, ..trial }).await?;
    store::keep_newest(tx, id, SHOWN).await
}

/// Who began it, with what they may do and know of now.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] if they have left, or keep such rules no more.
async fn beginner(tx: &mut Tx, trial: &Trial) -> Result<Actor> {
    let actor = match trial.who {
        Who::Person(person) => people::actor(tx, person).await?,
        Who::Token(token) => people::program(tx, token).await?,
        Who::Kitt(part) => Actor::kitt(part),
    };
    actor.may(Right::KeepRules)?;
    may_keep(&actor, &trial.draft).map_err(|_| Error::Forbidden(Right::KeepRules))?;
    Ok(actor)
}

/// Forgets a portion of those that nobody looks at any more.
pub async fn forget(app: &App) -> Result<()> {
    let until = app.now() - Timestamp::days(KEPT);
    if !store::any_before(&mut app.db.read().await?, until).await? {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    store::forget(&mut tx, until, FORGOTTEN).await?;
    tx.commit().await
}
