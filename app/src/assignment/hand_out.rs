//! Hands waiting cases of a queue out, what is due first first.
//!
//! A job does it in portions, each in one transaction with the lock on all assigning, so that two nodes never exceed a
//! capacity together. What is done is no longer waiting, so a node may die in between.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;
use workforce::{Need, Outcome};

use super::model::{Absent, Cause, Explanation, Mode, Rule, Waiting};
use super::staff::{Staff, need};
use super::{lock, modes, store};
use crate::cases;
use crate::cases::{Case, Status};
use crate::customers;
use crate::customers::Customer;
use crate::people;
use crate::platform::{
    Actor, App, CaseId, CaseKindId, CustomerId, JobKind, PersonId, QueueId, Result, Timestamp, Tx, dialect,
};

/// Cases of one transaction.
const PORTION: usize = 50;
/// Cases that are looked at in one hand-out; those that wait longest.
const MOST: i64 = 1000;

/// The keeper was waited for long enough, and the case is looked at as all others are.
const WAITED: Timestamp = Timestamp(0);

pub static HAND_OUT: JobKind = JobKind { name: "assignment.hand_out", run };

fn run(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    async move { hand_out(&app, serde_json::from_value(payload)?).await }.boxed()
}

/// Looks for somebody for each waiting case of a queue.
pub async fn hand_out(app: &App, queue: QueueId) -> Result<()> {
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    store::unask(&mut tx, queue).await?;
    tx.commit().await?;
    let mut tx = app.db.read().await?;
    let waiting = store::waiting_in(&mut tx, queue, MOST).await?;
    let mut waiting = cases::some(&mut tx, &waiting).await?;
    drop(tx);
    waiting.sort_by_key(|case| (case.due_at.is_none(), case.due_at, case.id));
    let waiting: Vec<CaseId> = waiting.into_iter().map(|case| case.id).collect();
    for portion in waiting.chunks(PORTION) {
        hand_out_some(app, queue, portion).await?;
    }
    Ok(())
}

async fn hand_out_some(app: &App, queue: QueueId, portion: &[CaseId]) -> Result<()> {
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    let rule = modes::rule(&mut tx, queue).await?;
    if rule.mode == Mode::Hand {
        store::forget_queue(&mut tx, queue).await?;
        return tx.commit().await;
    }
    dialect::lock_all(&mut tx, "case", portion.iter().map(|case| case.0)).await?;
    let mut desk = Desk::load(&mut tx, rule, portion).await?;
    for case in portion {
        let (waiting, case) = (desk.waiting.remove(case), desk.cases.remove(case));
        if let (Some(waiting), Some(case)) = (waiting, case) {
            desk.place(app, &mut tx, &waiting, &case).await?;
        }
    }
    tx.commit().await
}

/// What is needed to hand a portion of a queue's cases out.
struct Desk {
    rule: Rule,
    staff: Staff,
    waiting: HashMap<CaseId, Waiting>,
    cases: HashMap<CaseId, Case>,
    customers: HashMap<CustomerId, Customer>,
    refusals: HashMap<CaseId, BTreeSet<i64>>,
    kinds: BTreeMap<CaseKindId, BTreeSet<i64>>,
}

/// What becomes of a waiting case before anybody is chosen.
enum Standing {
    /// Somebody is looked for; whose it was stands beside it, if their replacement comes first.
    Look(Option<PersonId>),
    /// It goes on waiting.
    Later,
    /// It needs nobody any more, or nobody by this queue's rule.
    Over,
}

impl Desk {
    async fn load(tx: &mut Tx, rule: Rule, portion: &[CaseId]) -> Result<Self> {
        let queue = people::queue(tx, rule.queue).await?;
        let cases = cases::some(tx, portion).await?;
        let of: Vec<CustomerId> = cases.iter().map(|case| case.customer).collect();
        Ok(Self {
            staff: Staff::load(tx, &queue).await?,
            waiting: store::waiting_of(tx, portion).await?,
            cases: cases.into_iter().map(|case| (case.id, case)).collect(),
            customers: customers::some(tx, &of).await?,
            refusals: store::refusals(tx, portion).await?,
            kinds: store::kind_skills(tx).await?,
            rule,
        })
    }

    fn standing(&self, waiting: &Waiting, case: &Case) -> Standing {
        let elsewhere = case.queue != self.rule.queue || case.moved_to.is_some() || case.bin.is_some();
        if elsewhere || case.private || case.status == Status::Closed {
            return Standing::Over;
        }
        match case.owner {
            None if case.status == Status::Waiting => Standing::Later,
            None => Standing::Look(None),
            Some(owner) if !self.staff.is_away(owner) => Standing::Over,
            // The run that takes it from them is on its way.
            Some(_) if waiting.cause == Cause::Absence => Standing::Later,
            Some(owner) if !self.staff.has(owner) => Standing::Look(None),
            Some(owner) => match self.rule.absent {
                Absent::Leave => Standing::Over,
                Absent::Replacement => Standing::Look(Some(owner)),
                Absent::Queue => Standing::Look(None),
            },
        }
    }

    fn need(&self, case: &Case, owner: Option<PersonId>) -> Need {
        Need {
            owner: owner.map(|owner| owner.0),
            refused: self.refusals.get(&case.id).cloned().unwrap_or_default(),
            ..need(&self.rule, &self.kinds, case, self.customers.get(&case.customer))
        }
    }

    /// Looks for somebody for a case, gives it to them, and keeps why.
    async fn place(&mut self, app: &App, tx: &mut Tx, waiting: &Waiting, case: &Case) -> Result<()> {
        let owner = match self.standing(waiting, case) {
            Standing::Look(owner) => owner,
            Standing::Later => return Ok(()),
            Standing::Over => return store::forget(tx, case.id).await,
        };
        let now = app.now();
        let waited = waiting.keeper_until.is_some_and(|until| until <= now);
        let need = self.need(case, owner);
        let decision = workforce::choose(self.rule.decides(waited), &need, &self.staff.people);
        let why = Explanation::of(&decision, waiting.cause, &need);
        if let Outcome::Chosen { person, .. } = decision.outcome {
            return self.give(app, tx, case, PersonId(person), &why).await;
        }
        if case.owner.is_some() {
            // Its owner is away, and so is everybody else: it is at least seen in the queue.
            cases::assign_in(app, tx, &Actor::kitt("assignment"), case, None).await?;
        }
        let waits = decision.outcome == Outcome::Waits;
        let hours = Duration::from_secs(self.rule.wait_hours.unsigned_abs() * 3600);
        let until = match waiting.keeper_until {
            Some(_) if waited => Some(WAITED),
            None if waits => Some(waiting.since + hours),
            until => until,
        };
        self.leave(tx, waiting, &why, until, now).await
    }

    async fn give(
        &mut self,
        app: &App,
        tx: &mut Tx,
        case: &Case,
        to: PersonId,
        why: &Explanation,
    ) -> Result<()> {
        cases::assign_in(app, tx, &Actor::kitt("assignment"), case, Some(to)).await?;
        let turn = self.staff.give(to);
        store::take_turn(tx, case.queue, to, turn).await?;
        store::insert_step(tx, case.id, case.queue, Some(to), app.now(), &serde_json::to_string(why)?)
            .await?;
        store::forget(tx, case.id).await
    }

    /// The case goes on waiting; why is kept once.
    async fn leave(
        &self,
        tx: &mut Tx,
        waiting: &Waiting,
        why: &Explanation,
        keeper_until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<()> {
        let text = serde_json::to_string(why)?;
        if waiting.why.as_ref() == Some(&text) && waiting.keeper_until == keeper_until {
            return Ok(());
        }
        if waiting.why.as_ref() != Some(&text) {
            store::insert_step(tx, waiting.case, waiting.queue, None, now, &text).await?;
        }
        store::explain_waiting(tx, waiting.case, keeper_until, &text, why.is_lacking()).await
    }
}
