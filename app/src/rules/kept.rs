//! The rules that everything which happens asks for, kept in memory for a moment.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::model::{Rule, RuleKind};
use super::store;
use crate::platform::{App, Result, Timestamp, Tx};

/// Another node may go by what was set before for so long.
const SETTLED: Duration = Duration::from_secs(2);

/// Of each kind, as this node read them last.
#[derive(Default)]
struct Kept {
    triggers: Slot,
    filters: Slot,
}

type Slot = Mutex<Option<(Timestamp, Arc<Vec<Rule>>)>>;

/// The triggers that are on, in their order.
pub async fn triggers(app: &App, tx: &mut Tx) -> Result<Arc<Vec<Rule>>> {
    of(app, tx, RuleKind::Trigger, &app.part::<Kept>().triggers).await
}

/// The mail filters that are on, in their order.
pub async fn filters(app: &App, tx: &mut Tx) -> Result<Arc<Vec<Rule>>> {
    of(app, tx, RuleKind::Mail, &app.part::<Kept>().filters).await
}

/// This node goes at once by what was just set.
pub fn forget(app: &App) {
    let kept = app.part::<Kept>();
    for slot in [&kept.triggers, &kept.filters] {
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

async fn of(app: &App, tx: &mut Tx, kind: RuleKind, slot: &Slot) -> Result<Arc<Vec<Rule>>> {
    let now = app.now();
    let known = slot.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((at, rules)) = known
        && at <= now
        && now < at + SETTLED
    {
        return Ok(rules);
    }
    let mut rules = store::of_kind(tx, kind).await?;
    rules.retain(|rule| rule.active);
    let rules = Arc::new(rules);
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, rules.clone()));
    Ok(rules)
}
