//! What a department decides about an insight, and who may.
//!
//! Every decision is kept with its reason and who made it; announced dates are recorded before any effect is
//! measured. `verified` is nobody's decision: only a measured effect sets it, and nothing measures it yet.

use super::model::{Insight, InsightState};
use super::store;
use crate::findings::Kind;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, DepartmentId, Error, InsightId, PersonId, Result, Right, Role, Timestamp, Tx, codes, dialect,
};

/// The reason that is stored when a fixed cause came back; shown in the reader's words.
pub const RELAPSE: &str = "relapse";
/// The reason that is stored when an insight went to another department.
pub const MOVED: &str = "moved";
/// The reason that is stored when an arbiter left it with its department.
pub const STAYS: &str = "stays";

codes! {
    /// What an owner can do with an insight.
    pub enum Step {
        Accept = "accept",
        Dispute = "dispute",
        Plan = "plan",
        Fix = "fix",
        Decline = "decline",
        Reopen = "reopen",
    }
}

/// The state that `step` leads to; `None` where it makes no sense.
///
/// A disputed insight cannot be declined by its owner: nothing is swept under the rug, it waits for its arbiter.
pub const fn next(state: InsightState, step: Step) -> Option<InsightState> {
    use InsightState::{Accepted, Declined, Disputed, Fixed, Open, Planned, Proposed, Verified};
    match (state, step) {
        (Proposed | Open | Disputed | Declined, Step::Accept) => Some(Accepted),
        (Proposed | Open | Accepted | Planned, Step::Dispute) => Some(Disputed),
        (Proposed | Open | Accepted | Planned | Disputed | Declined, Step::Plan) => Some(Planned),
        (Proposed | Open | Accepted | Planned | Disputed, Step::Fix) => Some(Fixed),
        (Proposed | Open | Accepted | Planned, Step::Decline) => Some(Declined),
        (Accepted | Disputed | Planned | Declined | Fixed | Verified, Step::Reopen) => Some(Open),
        _ => None,
    }
}

/// A step with what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Accept,
    /// Goes to `arbiter`, a manager or lead, so that it stays visible.
    Dispute {
        reason: String,
        arbiter: PersonId,
    },
    /// `due` is announced to everybody.
    Plan {
        due: Timestamp,
        reason: Option<String>,
    },
    Fix {
        reason: Option<String>,
    },
    Decline {
        reason: String,
    },
    Reopen {
        reason: Option<String>,
    },
}

impl Decision {
    pub const fn step(&self) -> Step {
        match self {
            Self::Accept => Step::Accept,
            Self::Dispute { .. } => Step::Dispute,
            Self::Plan { .. } => Step::Plan,
            Self::Fix { .. } => Step::Fix,
            Self::Decline { .. } => Step::Decline,
            Self::Reopen { .. } => Step::Reopen,
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Accept => None,
            Self::Dispute { reason, .. } | Self::Decline { reason } => Some(reason),
            Self::Plan { reason, .. } | Self::Fix { reason } | Self::Reopen { reason } => reason.as_deref(),
        }
    }

    const fn due(&self) -> Option<Timestamp> {
        if let Self::Plan { due, .. } = self { Some(*due) } else { None }
    }

    const fn arbiter(&self) -> Option<PersonId> {
        if let Self::Dispute { arbiter, .. } = self { Some(*arbiter) } else { None }
    }
}

/// A row of the history of decisions.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Decided {
    pub state: InsightState,
    /// In the person's words; [`RELAPSE`], [`MOVED`] and [`STAYS`] are Kitt's own codes.
    pub reason: Option<String>,
    pub due_at: Option<Timestamp>,
    pub arbiter: Option<String>,
    pub by: Option<String>,
    pub at: Timestamp,
}

/// Something that was said about an insight.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Comment {
    pub text: String,
    pub by: Option<String>,
    pub at: Timestamp,
}

/// Decides for the owning department; the new state.
///
/// # Errors
///
/// [`Error::Invalid`] where the step makes no sense in the insight's state, lacks its reason, or plans for the past.
pub async fn decide(
    app: &App,
    actor: &Actor,
    insight: InsightId,
    decision: Decision,
) -> Result<InsightState> {
    actor.may(Right::DecideInsights)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "insight", insight.0).await?;
    let row = store::insight(&mut tx, insight).await?;
    if !may_decide(actor, &row) {
        return Err(Error::Forbidden(Right::DecideInsights));
    }
    check(app, &mut tx, &decision).await?;
    let state =
        next(row.state, decision.step()).ok_or_else(|| Error::invalid("decision", "insight-no-way"))?;
    let reason = decision.reason().map(str::trim).filter(|reason| !reason.is_empty());
    let made = NewDecision { state, reason, due: decision.due(), arbiter: decision.arbiter() };
    set(app, &mut tx, actor, insight, made).await?;
    tx.commit().await?;
    Ok(state)
}

async fn check(app: &App, tx: &mut Tx, decision: &Decision) -> Result<()> {
    match decision {
        Decision::Dispute { reason, .. } | Decision::Decline { reason } if reason.trim().is_empty() => {
            return Err(Error::invalid("reason", "insight-reason-missing"));
        }
        Decision::Plan { due, .. } if *due < app.now() => {
            return Err(Error::invalid("due", "insight-due-past"));
        }
        _ => {}
    }
    if let Some(arbiter) = decision.arbiter() {
        let known = arbiters(tx).await?.into_iter().any(|person| person.id == arbiter);
        if !known {
            return Err(Error::invalid("arbiter", "insight-arbiter-missing"));
        }
    }
    Ok(())
}

/// Who can settle a dispute: managers and leads.
pub async fn arbiters(tx: &mut Tx) -> Result<Vec<people::Person>> {
    let people = people::all(tx).await?;
    let settles =
        |person: &people::Person| person.active && (person.is(&Role::Manager) || person.is(&Role::Lead));
    Ok(people.into_iter().filter(settles).collect())
}

/// Members of the owning department, and managers.
pub fn may_decide(actor: &Actor, insight: &Insight) -> bool {
    let member = insight.department.is_some_and(|own| actor.departments.contains(&own));
    actor.can(Right::DecideInsights) && (member || actor.is(Role::Manager) || actor.is(Role::Admin))
}

/// Managers, and who was named as arbiter of an open dispute.
pub async fn may_settle(tx: &mut Tx, actor: &Actor, insight: &Insight) -> Result<bool> {
    if !actor.can(Right::SettleDisputes) {
        return Ok(false);
    }
    if actor.is(Role::Manager) || actor.is(Role::Admin) {
        return Ok(true);
    }
    let named = insight.state == InsightState::Disputed && actor.person_id().is_some();
    Ok(named && store::arbiter(tx, insight.id).await? == actor.person_id())
}

/// Says whose insight it is, which settles a dispute: another department has to decide, or the own one is held
/// to it.
pub async fn settle(
    app: &App,
    actor: &Actor,
    insight: InsightId,
    department: DepartmentId,
) -> Result<InsightState> {
    actor.may(Right::SettleDisputes)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "insight", insight.0).await?;
    let row = store::insight(&mut tx, insight).await?;
    if !may_settle(&mut tx, actor, &row).await? {
        return Err(Error::Forbidden(Right::SettleDisputes));
    }
    if !people::departments(&mut tx).await?.iter().any(|known| known.id == department) {
        return Err(Error::invalid("department", "error-field-required"));
    }
    let stays = row.department == Some(department);
    if stays && row.state != InsightState::Disputed {
        return Err(Error::invalid("department", "insight-no-way"));
    }
    let (state, reason) = if stays { (InsightState::Accepted, STAYS) } else { (InsightState::Open, MOVED) };
    if !stays {
        store::set_department(&mut tx, insight, department).await?;
        let fact = Fact::InsightMoved { department: Some(department) };
        journal::record(app, &mut tx, actor, About::insight(insight), fact)?;
    }
    let made = NewDecision { state, reason: Some(reason), due: None, arbiter: None };
    set(app, &mut tx, actor, insight, made).await?;
    tx.commit().await?;
    Ok(state)
}

/// Names who answers for the insight in its department; `None` for nobody.
pub async fn own(app: &App, actor: &Actor, insight: InsightId, owner: Option<PersonId>) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "insight", insight.0).await?;
    let row = store::insight(&mut tx, insight).await?;
    if !may_decide(actor, &row) {
        return Err(Error::Forbidden(Right::DecideInsights));
    }
    if let Some(owner) = owner {
        let person = people::person(&mut tx, owner).await?;
        if !person.active || !row.department.is_some_and(|own| person.belongs_to(&own)) {
            return Err(Error::invalid("owner", "insight-owner-outside"));
        }
    }
    store::set_owner(&mut tx, insight, owner).await?;
    journal::record(app, &mut tx, actor, About::insight(insight), Fact::InsightOwned { person: owner })?;
    tx.commit().await
}

/// Service and department talk about the insight.
pub async fn comment(app: &App, actor: &Actor, insight: InsightId, text: &str) -> Result<()> {
    actor.may(Right::ReadInsights)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("text", "error-field-required"));
    }
    if 4000 < text.chars().count() {
        return Err(Error::invalid("text", "error-field-too-long"));
    }
    let mut tx = app.db.write().await?;
    store::insight(&mut tx, insight).await?;
    store::insert_comment(&mut tx, insight, actor.person_id(), text, app.now()).await?;
    journal::record(app, &mut tx, actor, About::insight(insight), Fact::InsightCommented)?;
    tx.commit().await
}

/// A fixed cause that is documented for a case of a later day has come back, and its owner must decide again.
pub async fn notice_relapse(
    app: &App,
    tx: &mut Tx,
    insight: InsightId,
    case_opened: Timestamp,
) -> Result<bool> {
    dialect::lock(tx, "insight", insight.0).await?;
    let row = store::insight(tx, insight).await?;
    // A granted wish or praise is not refuted by being said again.
    let can_relapse = matches!(row.kind, Kind::Cause | Kind::Unclear | Kind::Hindrance);
    if !row.is_mended() || !can_relapse || row.decided_at.is_none_or(|fixed| case_opened <= fixed) {
        return Ok(false);
    }
    let made = NewDecision { state: InsightState::Open, reason: Some(RELAPSE), due: None, arbiter: None };
    set(app, tx, &Actor::kitt("insights"), insight, made).await?;
    Ok(true)
}

/// A decision before it is stored.
pub struct NewDecision<'a> {
    pub state: InsightState,
    pub reason: Option<&'a str>,
    pub due: Option<Timestamp>,
    pub arbiter: Option<PersonId>,
}

async fn set(app: &App, tx: &mut Tx, actor: &Actor, insight: InsightId, made: NewDecision<'_>) -> Result<()> {
    let fact = Fact::InsightDecided { state: made.state.code().into(), due: made.due };
    store::insert_decision(tx, insight, &made, actor.person_id(), app.now()).await?;
    store::set_state(tx, insight, made.state, made.due, app.now()).await?;
    journal::record(app, tx, actor, About::insight(insight), fact)
}

#[cfg(test)]
mod tests {
    use super::InsightState::{Accepted, Declined, Disputed, Fixed, Open, Planned, Proposed, Verified};
    use super::*;

    #[test]
    fn each_state_allows_these_steps_and_no_others() {
        // accept, dispute, plan, fix, decline, reopen
        for (state, led_to) in [
            (Proposed, [Some(Accepted), Some(Disputed), Some(Planned), Some(Fixed), Some(Declined), None]),
            (Open, [Some(Accepted), Some(Disputed), Some(Planned), Some(Fixed), Some(Declined), None]),
            (Accepted, [None, Some(Disputed), Some(Planned), Some(Fixed), Some(Declined), Some(Open)]),
            (Planned, [None, Some(Disputed), Some(Planned), Some(Fixed), Some(Declined), Some(Open)]),
            (Disputed, [Some(Accepted), None, Some(Planned), Some(Fixed), None, Some(Open)]),
            (Declined, [Some(Accepted), None, Some(Planned), None, None, Some(Open)]),
            (Fixed, [None, None, None, None, None, Some(Open)]),
            (Verified, [None, None, None, None, None, Some(Open)]),
        ] {
            for (step, leads_to) in Step::ALL.iter().zip(led_to) {
                assert_eq!(next(state, *step), leads_to, "{state}: {step}");
            }
        }
    }

    #[test]
    fn no_step_verifies_an_insight() {
        for state in InsightState::ALL {
            assert!(Step::ALL.iter().all(|step| next(*state, *step) != Some(Verified)));
        }
    }
}
