//! Time rules: what becomes of cases with which nothing happens.
//!
//! Every minute the cases are looked for that are as a rule says. It acts once while a case stays so, or again after
//! some days; a case that became different and then the same again is a new cause. Deliberately absent: a moment of
//! its own for each case, which every change of the case would have to move.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::banner;
use super::dry;
use super::model::{Outcome, Rule, RuleKind};
use super::run::{Why, fire};
use super::store;
use crate::cases;
use crate::cases::{Cursor, Eyes};
use crate::platform::{Actor, App, CaseId, Result, Timestamp, Tx};

const ROUND: Duration = Duration::from_mins(1);
/// Cases that one rule looks at in one round; who has more of them should say more exactly which.
const MOST_SEEN: usize = 50_000;
/// Cases that one rule changes in one round, so that a mistake can be stopped.
const MOST_DONE: usize = 500;
const PAGE: i64 = 1_000;
/// What rules did is known for so long.
const KEPT: Duration = Duration::from_hours(365 * 24);
const FORGOTTEN: i64 = 5_000;

/// Looks for as long as the server runs.
pub fn clock(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while !stop.is_cancelled() {
            if let Err(error) = round(&app).await {
                tracing::error!(error = format!("{error:?}"), "cannot look after time rules");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
        }
    })
}

/// One look; how many cases were changed.
pub async fn round(app: &App) -> Result<usize> {
    let rules = store::of_kind(&mut app.db.read().await?, RuleKind::Time).await?;
    let mut done = 0;
    for rule in rules.iter().filter(|rule| rule.active) {
        done += look(app, rule).await?;
    }
    if store::any_run_before(&mut app.db.read().await?, app.now() - KEPT).await? {
        let mut tx = app.db.write().await?;
        store::forget_runs(&mut tx, app.now() - KEPT, FORGOTTEN).await?;
        tx.commit().await?;
    }
    dry::forget(app).await?;
    banner::look(app).await?;
    Ok(done)
}

async fn look(app: &App, rule: &Rule) -> Result<usize> {
    let mut tx = app.db.read().await?;
    let found = found(app, &mut tx, rule).await?;
    let known: HashMap<CaseId, Timestamp> =
        store::known_matches(&mut tx, rule.id).await?.into_iter().collect();
    drop(tx);
    let lapsed: Vec<CaseId> = known.keys().copied().filter(|case| !found.contains(case)).collect();
    // Beyond what was looked at nobody knows.
    if !lapsed.is_empty() && found.len() < MOST_SEEN {
        let mut tx = app.db.write().await?;
        store::delete_matches(&mut tx, rule.id, &lapsed).await?;
        tx.commit().await?;
    }
    let mut due: Vec<CaseId> = found.into_iter().filter(|case| is_due(app, rule, known.get(case))).collect();
    due.sort_unstable();
    let mut done = 0;
    for case in due.into_iter().take(MOST_DONE) {
        let why = Why { found: true, ..Why::default() };
        done += usize::from(fire(app, rule, case, &why).await? == Some(Outcome::Changed));
    }
    Ok(done)
}

/// The cases that are as the rule says.
async fn found(app: &App, tx: &mut Tx, rule: &Rule) -> Result<HashSet<CaseId>> {
    let actor = Actor::kitt("rules");
    let (eyes, filter, mut cursor) = (Eyes::of(app, &actor), rule.meant(), None::<Cursor>);
    let mut found = HashSet::new();
    while found.len() < MOST_SEEN {
        let (page, next) = cases::ids(tx, &eyes, &filter, cursor.as_ref(), PAGE).await?;
        if page.is_empty() {
            break;
        }
        found.extend(page);
        cursor = next;
    }
    Ok(found)
}

fn is_due(app: &App, rule: &Rule, last: Option<&Timestamp>) -> bool {
    match (last, rule.definition.again_days) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(last), Some(days)) => *last + Timestamp::days(days) <= app.now(),
    }
}

/// Takes a case up in the transaction that treats it; false if another node was faster.
pub(super) async fn claim(app: &App, tx: &mut Tx, rule: &Rule, case: CaseId) -> Result<bool> {
    let known = store::match_of(tx, rule.id, case).await?;
    if !is_due(app, rule, known.as_ref()) {
        return Ok(false);
    }
    store::add_match(tx, rule.id, case, app.now()).await?;
    Ok(true)
}
