//! What of the cases of a run stands in other tables: tags, fields, people. It is asked for all of a batch at once, and
//! only as far as the change is about it.

use std::collections::HashMap;

use super::plan::Plan;
use crate::cases::attributes;
use crate::cases::attributes::Values;
use crate::cases::involved::Involvement;
use crate::cases::store;
use crate::platform::{CaseId, PersonId, Result, TagId, Tx};

#[derive(Default)]
pub(super) struct Beside {
    tags: HashMap<CaseId, Vec<TagId>>,
    values: HashMap<CaseId, Values>,
    people: HashMap<CaseId, Vec<(PersonId, Involvement)>>,
}

impl Beside {
    pub async fn load(tx: &mut Tx, plan: &Plan<'_>, cases: &[CaseId]) -> Result<Self> {
        let mut beside = Self::default();
        if plan.asks_for_tags() {
            for (case, tag, _) in attributes::tags_of(tx, cases).await? {
                beside.tags.entry(case).or_default().push(tag);
            }
        }
        if plan.asks_for_values() {
            beside.values = attributes::values_of(tx, cases).await?;
        }
        if plan.asks_for_people() {
            for (case, person, part) in store::involved_in(tx, cases).await? {
                beside.people.entry(case).or_default().push((person, part));
            }
        }
        Ok(beside)
    }

    pub fn tags(&self, case: CaseId) -> &[TagId] {
        self.tags.get(&case).map_or(&[], Vec::as_slice)
    }

    pub fn values(&self, case: CaseId) -> Values {
        self.values.get(&case).cloned().unwrap_or_default()
    }

    pub fn deputy(&self, case: CaseId) -> Option<PersonId> {
        let all = self.people.get(&case)?;
        all.iter().find(|(_, part)| *part == Involvement::Deputy).map(|(person, _)| *person)
    }

    pub fn follows(&self, case: CaseId, person: PersonId) -> bool {
        self.people.get(&case).is_some_and(|all| all.contains(&(person, Involvement::Follower)))
    }
}
