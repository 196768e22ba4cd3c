//! What a dry run says: how often a rule would have run, on how many cases, and some of them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{COUNTED, DryState, SHOWN, Trial, as_it_stands};
use crate::cases;
use crate::cases::{Eyes, Line, Sort};
use crate::platform::{Actor, App, Result, Timestamp, Tx};
use crate::rules::model::{Draft, RuleKind};
use crate::rules::store::trials as store;

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
    /// On how many cases; `over` says that there are more.
    pub cases: i64,
    pub over: bool,
    /// Entries of the journal that were looked at.
    pub looked_at: i64,
    /// Back to this moment.
    pub since: Timestamp,
    /// There is more beyond what is counted.
    pub more: bool,
    /// It was given up after many attempts, and goes on once an administrator lets it.
    pub stuck: bool,
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

/// Of a trigger. Examples that the reader may no longer know of are left out.
pub async fn result(tx: &mut Tx, actor: &Actor, trial: Trial) -> Result<Dry> {
    let (trial, stuck) = as_it_stands(tx, trial).await?;
    let mut examples = Vec::new();
    for (case, event, at, times) in store::newest(tx, trial.id, SHOWN).await? {
        let line = cases::line(tx, case).await?;
        if cases::sight::check(tx, actor, &line.case).await.is_ok() {
            examples.push(example(line, event.code(), at, times));
        }
    }
    let over = COUNTED < trial.cases;
    Ok(Dry {
        id: Some(trial.id),
        state: trial.state,
        percent: trial.percent(),
        matches: trial.matches,
        cases: trial.cases.min(COUNTED),
        over,
        looked_at: trial.looked_at,
        since: trial.since,
        more: over || matches!(trial.state, DryState::Stopped | DryState::Failed),
        stuck,
        examples,
    })
}

/// Of a rule that looks for cases as they are now: time rules as Kitt, macros as who runs them.
pub async fn of_now(app: &App, tx: &mut Tx, actor: &Actor, draft: &Draft) -> Result<Dry> {
    let (kitt, filter) = (Actor::kitt("rules"), draft.meant());
    let eyes = match draft.kind {
        RuleKind::Macro => Eyes::of(app, actor),
        _ => Eyes::of_kitt(app, &kitt, actor),
    };
    let count = cases::count(tx, &eyes, &filter, COUNTED + 1).await?;
    let lines = cases::list(tx, &eyes, &filter, Sort::Oldest, None, SHOWN).await?;
    let (cases, over) = (count.min(COUNTED), COUNTED < count);
    Ok(Dry {
        id: None,
        state: DryState::Done,
        percent: 100,
        matches: cases,
        cases,
        over,
        looked_at: 0,
        since: app.now(),
        more: over,
        stuck: false,
        examples: lines.into_iter().map(|line| example(line, "", app.now(), 1)).collect(),
    })
}

fn example(line: Line, event: &str, at: Timestamp, times: i64) -> Found {
    let Line { case, customer_name: customer, .. } = line;
    Found { number: case.number, subject: case.subject, customer, event: event.to_owned(), at, times }
}
