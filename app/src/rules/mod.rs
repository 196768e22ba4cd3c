//! Rules: what happens by itself with cases, and what people do with one key.
//!
//! A rule has conditions, the same as lists have, and actions, which are the ordinary commands of cases. Triggers answer
//! what happened ([`listen`], [`run`]), mail filters decide about mails before their cases exist ([`mails`]), time rules
//! look after cases with which nothing happens ([`times`]), macros wait for people ([`macros`]). What a rule did is kept with its version and why; it cannot set itself off, and one that
//! keeps failing switches itself off. Deliberately absent: conditions or actions of their own that no list and no
//! person has, and rules that delete anything.

mod action;
mod banner;
mod dry;
mod examples;
mod listen;
pub mod macros;
mod mails;
mod model;
mod perform;
mod run;
mod store;
pub mod times;
pub mod web;
pub mod webhook;

pub use action::{Action, Addressee, Deed};
pub use dry::{Dry, Found, dry_run};
pub use examples::examples;
pub use listen::LISTENERS;
pub use mails::{MailCondition, MailPart, MailTest, SIEVE};
pub use model::{Day, Definition, Draft, Event, Outcome, Rule, RuleKind, Run, Version};
pub use run::Happened;
pub use times::clock;

use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, CaseId, Error, FieldError, JobKind, Result, Right, Timestamp, Tx, dialect,
};

pub static JOBS: [&JobKind; 3] = [&run::ANSWER, &mails::TREAT, &webhook::SEND];

const LONGEST_NAME: usize = 80;
/// More than anybody keeps in mind.
const MOST: usize = 300;
/// Longer between two runs of a time rule is for recurring cases.
const LONGEST_PAUSE: i64 = 366;

/// All rules, by kind in their order.
pub async fn all(tx: &mut Tx) -> Result<Vec<Rule>> {
    store::all(tx).await
}

/// Also one that was taken away.
pub async fn rule(tx: &mut Tx, rule: i64) -> Result<Rule> {
    store::rule(tx, rule).await
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
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    check(&mut tx, actor, draft).await?;
    let id = match id {
        Some(id) => {
            dialect::lock(&mut tx, "rule", id).await?;
            let known = store::rule(&mut tx, id).await?;
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
    app.part::<listen::Kept>().forget();
    app.part::<mails::Filters>().forget();
    banner::look(app).await
}

async fn check(tx: &mut Tx, actor: &Actor, draft: &Draft) -> Result<()> {
    let definition = &draft.definition;
    let mut errors: Vec<FieldError> =
        FieldError::of_text("name", &draft.name, LONGEST_NAME).into_iter().collect();
    let mut wrong = |field, word| errors.push(FieldError { field, word });
    if draft.kind == RuleKind::Trigger && definition.events.is_empty() {
        wrong("events", "rules-events-none");
    }
    if draft.kind == RuleKind::Time && definition.filter.of.is_empty() {
        // It would do something with every case there ever was.
        wrong("filter", "rules-filter-none");
    }
    if draft.kind == RuleKind::Mail && definition.mail.is_empty() {
        wrong("mail", "rules-mail-none");
    }
    if !definition.mail.iter().all(MailCondition::is_sound) {
        wrong("mail", "rules-mail-wrong");
    }
    let quiet = definition.actions.iter().any(|action| action.does == Deed::Quiet);
    if quiet && draft.kind != RuleKind::Mail {
        wrong("actions", "rules-action-wrong");
    }
    if definition.actions.is_empty() {
        wrong("actions", "rules-actions-none");
    }
    if action::MOST < definition.actions.len() {
        wrong("actions", "rules-actions-many");
    }
    if definition.again_days.is_some_and(|days| !(1..=LONGEST_PAUSE).contains(&days)) {
        wrong("again_days", "rules-again-wrong");
    }
    if let Err(Error::Invalid(more)) = definition.filter.check() {
        errors.extend(more);
    }
    for action in definition.actions.iter().take(action::MOST) {
        match action.check(tx, actor).await {
            Err(Error::Invalid(more)) => {
                errors.extend(more);
                break;
            }
            checked => checked?,
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Adds a rule as it is; for the example company.
pub async fn add_past(tx: &mut Tx, draft: &Draft, now: Timestamp) -> Result<i64> {
    let id = store::insert(tx, draft, now).await?;
    store::save(tx, id, draft, None, now).await?;
    Ok(id)
}

/// On or off. What happened while it was off is no concern of it.
pub async fn switch(app: &App, actor: &Actor, id: i64, on: bool) -> Result<Rule> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "rule", id).await?;
    let known = store::rule(&mut tx, id).await?;
    if known.removed_at.is_some() {
        return Err(Error::NotFound);
    }
    store::set_active(&mut tx, id, on, app.now()).await?;
    let rule = store::rule(&mut tx, id).await?;
    finish(app, tx, actor, Fact::RuleSwitched { rule: id, on }).await?;
    Ok(rule)
}

/// One place up or down among those of its kind.
pub async fn shift(app: &App, actor: &Actor, id: i64, up: bool) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    let rule = store::rule(&mut tx, id).await?;
    let mut order: Vec<i64> = store::of_kind(&mut tx, rule.kind).await?.iter().map(|one| one.id).collect();
    let at = order.iter().position(|one| *one == id).ok_or(Error::NotFound)?;
    let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|other| *other < order.len()) };
    if let Some(other) = other {
        order.swap(at, other);
    }
    for (place, one) in order.iter().enumerate() {
        store::set_place(&mut tx, *one, i64::try_from(place + 1).unwrap_or(i64::MAX)).await?;
    }
    finish(app, tx, actor, Fact::RuleMoved { rule: id }).await
}

/// Takes a rule away, or brings it back; then it is off.
pub async fn remove(app: &App, actor: &Actor, id: i64, gone: bool) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    store::rule(&mut tx, id).await?;
    store::set_removed(&mut tx, id, gone.then(|| app.now())).await?;
    let fact = if gone { Fact::RuleRemoved { rule: id } } else { Fact::RuleRestored { rule: id } };
    finish(app, tx, actor, fact).await
}

/// Lets a rule be again what it was; that is a new version.
pub async fn restore(app: &App, actor: &Actor, id: i64, version: i64) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.read().await?;
    let rule = store::rule(&mut tx, id).await?;
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
    Ok(Exchange { rules: store::all(tx).await?.iter().map(Rule::draft).collect() })
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

/// What a rule did before a run, the newest first.
pub async fn runs_of_rule(tx: &mut Tx, rule: i64, before: Option<i64>, limit: i64) -> Result<Vec<Run>> {
    store::newest_of_rule(tx, rule, before.unwrap_or(i64::MAX), limit).await
}

/// What a rule did after a run, the oldest first, to take all of it elsewhere.
pub async fn runs_after(tx: &mut Tx, rule: i64, after: i64, limit: i64) -> Result<Vec<Run>> {
    store::runs_after(tx, rule, after, limit).await
}

/// How often rules ran on each day since a moment.
pub async fn days_since(app: &App, tx: &mut Tx, since: Timestamp) -> Result<Vec<Day>> {
    store::days(tx, &since.moment().to_zoned(app.zone()).date().to_string()).await
}
