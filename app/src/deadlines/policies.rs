//! Setting policies up.

use super::forget;
use super::model::{Goal, Goals, PolicySettings, WarningUnit};
use super::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, Error, FieldError, Result, Right, Tx};

/// Characters of a policy's name.
const LONGEST_NAME: usize = 100;
/// Minutes of a year.
const LONGEST: u32 = 366 * 24 * 60;
/// Steps of an escalation.
const MOST_STEPS: usize = 3;

/// Sets a policy up; a new one without `policy` is asked last.
///
/// # Errors
///
/// [`Error::Invalid`] without a name or any target, and for times that nobody waits.
pub async fn set_policy(app: &App, actor: &Actor, policy: Option<i64>, set: &PolicySettings) -> Result<i64> {
    actor.may(Right::ManageSettings)?;
    let mut errors = wrong_goals(&set.goals);
    errors.extend(FieldError::of_text("name", &set.name, LONGEST_NAME));
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let mut tx = app.db.write().await?;
    if let Some(calendar) = set.calendar
        && !store::calendars(&mut tx).await?.iter().any(|one| one.id == calendar)
    {
        return Err(Error::invalid("calendar", "error-field-malformed"));
    }
    let queues = people::queues(&mut tx).await?;
    let named = set.goals.steps.iter().filter_map(|step| step.queue).chain(set.conditions.queues.clone());
    for queue in named {
        if !queues.iter().any(|one| one.id == queue) {
            return Err(Error::invalid("queues", "error-field-malformed"));
        }
    }
    let id = match policy {
        Some(policy) => {
            store::update_policy(&mut tx, policy, set).await?;
            policy
        }
        None => store::insert_policy(&mut tx, set).await?,
    };
    done(app, tx, actor).await?;
    Ok(id)
}

fn wrong_goals(goals: &Goals) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let all = [("first", goals.first), ("next", goals.next), ("solution", goals.solution)];
    if all.iter().all(|(_, goal)| goal.is_none()) {
        errors.push(FieldError { field: "first", word: "deadline-goal-missing" });
    }
    let is_wrong = |goal: Goal| goal.minutes == 0 || LONGEST < goal.minutes;
    for (field, goal) in all {
        if goal.is_some_and(is_wrong) {
            errors.push(FieldError { field, word: "deadline-goal-wrong" });
        }
    }
    let (amount, unit) = (goals.warning.amount, goals.warning.unit);
    if LONGEST < amount || (unit == WarningUnit::Percent && 100 < amount) {
        errors.push(FieldError { field: "warning", word: "deadline-warning-wrong" });
    }
    let in_order = goals.steps.is_sorted_by_key(|step| step.after);
    if MOST_STEPS < goals.steps.len() || !in_order || goals.steps.iter().any(|step| LONGEST < step.after) {
        errors.push(FieldError { field: "steps", word: "deadline-steps-wrong" });
    }
    errors
}

/// Asks a policy one place earlier, or later.
pub async fn move_policy(app: &App, actor: &Actor, policy: i64, earlier: bool) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    let mut order: Vec<i64> = store::policies(&mut tx).await?.into_iter().map(|one| one.id).collect();
    let at = order.iter().position(|id| *id == policy).ok_or(Error::NotFound)?;
    let to = if earlier { at.saturating_sub(1) } else { (at + 1).min(order.len() - 1) };
    order.swap(at, to);
    for (place, id) in (1..).zip(order) {
        store::set_place(&mut tx, id, place).await?;
    }
    done(app, tx, actor).await
}

pub async fn remove_policy(app: &App, actor: &Actor, policy: i64) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    store::delete_policy(&mut tx, policy).await?;
    done(app, tx, actor).await
}

async fn done(app: &App, mut tx: Tx, actor: &Actor) -> Result<()> {
    record(app, &mut tx, actor, "deadlines")?;
    tx.commit().await?;
    forget(app);
    Ok(())
}

pub(super) fn record(app: &App, tx: &mut Tx, actor: &Actor, name: &str) -> Result<()> {
    journal::record(app, tx, actor, About::house(), Fact::SettingChanged { name: name.to_owned(), of: None })
}
