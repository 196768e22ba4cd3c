//! Macros: what people do again and again, done by one key, on one case or on marked ones.
//!
//! A macro acts as the person who runs it: their rights, their name, their way back. What each of its actions would
//! offer to take back becomes one thing that is taken back at once.

use super::model::{Outcome, Rule, RuleKind};
use super::run::{Why, do_all, reason};
use super::store;
use crate::cases;
use crate::cases::{Eyes, sight, undo};
use crate::platform::{Actor, App, CaseId, Error, Result, Right, Role, Tx, dialect};

/// More marked cases are for the bulk steps of lists.
pub const MOST: usize = 200;

/// The macros that an actor may run, in their order.
pub async fn of(tx: &mut Tx, actor: &Actor) -> Result<Vec<Rule>> {
    let mut all = store::of_kind(tx, RuleKind::Macro).await?;
    all.retain(|rule| rule.active && is_for(rule, actor));
    Ok(all)
}

fn is_for(rule: &Rule, actor: &Actor) -> bool {
    let of_team = rule.team.is_none_or(|team| actor.is(Role::Admin) || actor.teams.contains(&team));
    if !of_team {
        return false;
    }
    match rule.definition.shared.strip_prefix("team:") {
        Some(team) => actor.is(Role::Admin) || actor.teams.iter().any(|own| own.to_string() == team),
        None => true,
    }
}

/// Runs a macro on a case.
///
/// # Errors
///
/// What any of its actions says; then nothing of it is done.
pub async fn run(app: &App, actor: &Actor, id: i64, case: CaseId) -> Result<Outcome> {
    Ok(run_undoable(app, actor, id, case).await?.0)
}

/// As [`run`], with how it is taken back.
async fn run_undoable(app: &App, actor: &Actor, id: i64, case: CaseId) -> Result<(Outcome, Option<i64>)> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    sight::seen(&mut tx, actor, case).await?;
    let rule = store::rule(&mut tx, id).await?;
    if rule.kind != RuleKind::Macro || !rule.active || rule.removed_at.is_some() || !is_for(&rule, actor) {
        return Err(Error::NotFound);
    }
    let meant = cases::matching(&mut tx, &Eyes::of(app, actor), &rule.meant(), &[case]).await?;
    if meant.is_empty() {
        return Err(Error::invalid("macro", "rules-macro-not-meant"));
    }
    let before = undo::last(&mut tx, actor).await?;
    let why = Why { person: actor.person_id(), ..Why::default() };
    let outcome = do_all(app, &mut tx, actor, &rule, case, &why).await?;
    undo::gather(app, &mut tx, actor, case, "rules-macro-ran", before).await?;
    let undo = undo::last(&mut tx, actor).await?;
    tx.commit().await?;
    Ok((outcome, Some(undo).filter(|undo| *undo != before)))
}

/// What became of marked cases.
#[derive(Debug, Default, serde::Serialize, utoipa::ToSchema)]
#[schema(as = MacroRuns)]
pub struct Runs {
    pub changed: usize,
    pub same: usize,
    /// Numbers of cases that could not be changed, with the reason as a translation key.
    pub refused: Vec<(String, String)>,
    /// What can be taken back, one for each changed case.
    pub undos: Vec<i64>,
}

impl Runs {
    /// As a form sends it.
    pub fn undos_in_a_row(&self) -> String {
        self.undos.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

/// Runs a macro on several cases, each by itself.
pub async fn run_many(app: &App, actor: &Actor, id: i64, numbers: &[String]) -> Result<Runs> {
    actor.may(Right::WorkCases)?;
    if numbers.is_empty() {
        return Err(Error::invalid("cases", "bulk-none"));
    }
    if MOST < numbers.len() {
        return Err(Error::invalid("cases", "bulk-too-many"));
    }
    let found = cases::by_numbers(&mut app.db.read().await?, numbers).await?;
    let mut runs = Runs::default();
    for case in found {
        match run_undoable(app, actor, id, case.id).await {
            Ok((Outcome::Changed, undo)) => {
                runs.changed += 1;
                runs.undos.extend(undo);
            }
            Ok(_) => runs.same += 1,
            Err(Error::NotFound) => {}
            Err(error @ (Error::Invalid(_) | Error::OwnFields(_) | Error::Stale)) => {
                runs.refused.push((case.number, reason(&error).to_owned()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(runs)
}
