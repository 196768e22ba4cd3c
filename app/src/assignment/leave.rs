//! What becomes of the cases of somebody who goes away: as each queue has it, they stay, go to the replacement, or back
//! to the queue.
//!
//! A job looks at them once and begins runs of [`bulk`], which go on after a node dies and can be taken back as a
//! whole. Done twice it does nothing twice: what was given away is no longer theirs.

use std::collections::HashMap;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;

use super::model::{Absence, Absent, Cause, Mode, Rule};
use super::{lock, staff, store};
use crate::cases;
use crate::cases::Case;
use crate::cases::bulk;
use crate::people;
use crate::people::{Person, Queue};
use crate::platform::{Actor, App, Attendance, CaseId, Error, JobKind, PersonId, QueueId, Result, Tx};

/// Cases that one person has; more stay theirs.
const MOST: i64 = 5000;

pub static LEAVE: JobKind = JobKind { name: "assignment.leave", run };

fn run(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    async move {
        let mut tx = app.db.read().await?;
        let absence = match store::absence(&mut tx, serde_json::from_value(payload)?).await {
            // It is over already.
            Err(Error::NotFound) => return Ok(()),
            absence => absence?,
        };
        let share = Share::load(&mut tx, &absence).await?;
        drop(tx);
        share.hand_over(&app, &absence).await
    }
    .boxed()
}

/// What goes where.
struct Share {
    /// Who answers for it, and can take it back: who entered the absence.
    actor: Option<Actor>,
    /// Numbers of cases that go to the replacement.
    over: Vec<String>,
    /// Those that go back to their queue.
    back: Vec<String>,
    /// Of these, those whose queues look for somebody else by themselves.
    look: Vec<(CaseId, QueueId)>,
}

impl Share {
    async fn load(tx: &mut Tx, absence: &Absence) -> Result<Self> {
        let actor = people::actor(tx, absence.set_by.unwrap_or(absence.person)).await.ok();
        let rules: HashMap<QueueId, Rule> =
            store::rules(tx).await?.into_iter().map(|rule| (rule.queue, rule)).collect();
        let queues: HashMap<QueueId, Queue> =
            people::queues(tx).await?.into_iter().map(|queue| (queue.id, queue)).collect();
        let stand_in = match absence.replacement {
            Some(person) => Some(people::person(tx, person).await?),
            None => None,
        };
        let stand_in = stand_in.filter(|one| one.active && one.attendance != Attendance::Away);
        let mut share = Self { actor, over: Vec::new(), back: Vec::new(), look: Vec::new() };
        for case in cases::held_by(tx, absence.person, MOST).await? {
            if let (Some(rule), Some(queue)) = (rules.get(&case.queue), queues.get(&case.queue)) {
                share.add(case, rule, queue, stand_in.as_ref());
            }
        }
        Ok(share)
    }

    fn add(&mut self, case: Case, rule: &Rule, queue: &Queue, stand_in: Option<&Person>) {
        // Who may know of a private case its people decide.
        if rule.absent == Absent::Leave || case.private {
            return;
        }
        let fits = stand_in.is_some_and(|one| staff::is_admitted(one, queue));
        if rule.absent == Absent::Replacement && fits {
            self.over.push(case.number);
            return;
        }
        if rule.mode != Mode::Hand {
            self.look.push((case.id, case.queue));
        }
        self.back.push(case.number);
    }

    async fn hand_over(self, app: &App, absence: &Absence) -> Result<()> {
        let Some(actor) = self.actor else { return Ok(()) };
        if !self.look.is_empty() {
            let mut tx = app.db.write().await?;
            lock(&mut tx).await?;
            for (case, queue) in self.look {
                store::wait(&mut tx, case, queue, Cause::Absence, app.now()).await?;
            }
            tx.commit().await?;
        }
        let mut runs = Vec::new();
        for (numbers, owner) in [(self.over, absence.replacement), (self.back, Some(PersonId(0)))] {
            if !numbers.is_empty() {
                let change = bulk::Change { owner, ..bulk::Change::default() };
                runs.push(bulk::start(app, &actor, &bulk::Chosen::Marked(numbers), &change).await?);
            }
        }
        if runs.is_empty() {
            return Ok(());
        }
        let mut tx = app.db.write().await?;
        store::note_runs(&mut tx, absence.id, &runs).await?;
        tx.commit().await
    }
}
