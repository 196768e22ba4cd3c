//! What happened to cases becomes work for the rules that wait for it.
//!
//! Hearing only notes it, in the transaction that moves the cursor: so nothing is forgotten and nothing heard twice,
//! and a rule that fails keeps no other from working.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;

use super::model::{Event, Rule, RuleKind};
use super::run::{ANSWER, Happened};
use super::store;
use crate::journal;
use crate::journal::{Entry, Fact};
use crate::platform::{App, Result, Timestamp, Tx, jobs};

pub static LISTENERS: [&journal::Listener; 1] = [&journal::Listener { name: "rules", wants, hear }];

/// Another node may go by what was set before for so long.
const SETTLED: std::time::Duration = std::time::Duration::from_secs(2);

/// The triggers, as this node read them last.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<(Timestamp, Arc<Vec<Rule>>)>>);

impl Kept {
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

const fn wants(fact: &Fact) -> bool {
    Event::of(fact).is_some()
}

fn hear<'a>(app: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let (Some(case), Some(event)) = (entry.about.case, Event::of(&entry.fact)) else { return Ok(()) };
        let waits = triggers(app, tx).await?.iter().any(|rule| rule.may_answer(event, entry.at));
        if !waits {
            return Ok(());
        }
        let happened = Happened { entry: entry.id, case, event, at: entry.at, cause: entry.cause };
        jobs::enqueue(tx, ANSWER.name, &happened, app.now()).await?;
        Ok(())
    })
}

async fn triggers(app: &App, tx: &mut Tx) -> Result<Arc<Vec<Rule>>> {
    let (kept, now) = (app.part::<Kept>(), app.now());
    let known = kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((at, rules)) = known
        && at <= now
        && now < at + SETTLED
    {
        return Ok(rules);
    }
    let rules = Arc::new(store::of_kind(tx, RuleKind::Trigger).await?);
    *kept.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, rules.clone()));
    Ok(rules)
}
