//! What a rule would do, tried on the newest cases of its queue, without doing it.
//!
//! Told are cases and reasons, never who would get how many: that would be a ranking.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use workforce::{Need, Outcome};

use super::model::{Because, Cause, Explanation, Rule};
use super::staff::{Staff, need};
use super::store;
use crate::cases;
use crate::cases::{Condition, Eyes, Field, Filter, Sort};
use crate::customers;
use crate::people;
use crate::platform::{Actor, App, PersonId, Result, Tx};

/// Cases that a rule is tried on.
const TRIED: i64 = 50;

/// What would become of the newest cases of a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AssignmentTrial)]
pub struct Trial {
    pub cases: i64,
    /// How many somebody would get, by why.
    pub given: BTreeMap<String, i64>,
    /// How many would wait, by what is missing: skill, language, away, busy … or `waits` for the keeper.
    pub left: BTreeMap<String, i64>,
}

impl Trial {
    pub fn sum(of: &BTreeMap<String, i64>) -> i64 {
        of.values().sum()
    }
}

/// Tries `rule` with the people as they are now, who have nothing else to do: what is in their hands today says nothing
/// about the days when these cases came.
pub async fn try_out(app: &App, tx: &mut Tx, actor: &Actor, rule: &Rule) -> Result<Trial> {
    let queue = people::queue(tx, rule.queue).await?;
    let mut staff = Staff::load(tx, &queue).await?;
    for one in &mut staff.people {
        one.load = 0;
        // Who can have something can have all of these.
        one.capacity = one.capacity.min(1) * u32::MAX;
    }
    let filter = Filter::all([Condition::is(Field::Queue, rule.queue)]);
    let lines = cases::list(tx, &Eyes::of(app, actor), &filter, Sort::Newest, None, TRIED).await?;
    let of: Vec<_> = lines.iter().map(|line| line.case.customer).collect();
    let (customers, kinds) = (customers::some(tx, &of).await?, store::kind_skills(tx).await?);
    let mut trial = Trial::default();
    for case in lines.into_iter().rev().map(|line| line.case) {
        trial.add(&mut staff, rule, &need(rule, &kinds, &case, customers.get(&case.customer)));
    }
    Ok(trial)
}

impl Trial {
    fn add(&mut self, staff: &mut Staff, rule: &Rule, need: &Need) {
        self.cases += 1;
        let decision = workforce::choose(rule.decides(false), need, &staff.people);
        let why = Explanation::of(&decision, Cause::Opened, need);
        let (list, code) = match decision.outcome {
            Outcome::Chosen { person, .. } => {
                staff.give(PersonId(person));
                (&mut self.given, why.because.code())
            }
            Outcome::Waits => (&mut self.left, Because::Waits.code()),
            // Who comes nearest says what is missing.
            Outcome::Nobody => {
                let nearest = decision.rejected.values().max().copied();
                (&mut self.left, nearest.map_or(Because::Nobody.code(), super::model::rejection_code))
            }
        };
        *list.entry(code.to_owned()).or_default() += 1;
    }
}
