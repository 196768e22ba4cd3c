//! A change with what the house knows of it, what a case would be by it, and why it cannot be done to some.

use money::Notation;
use serde::{Deserialize, Serialize};

use super::beside::Beside;
use super::change::{Change, Step, tag_of};
use crate::cases::attributes;
use crate::cases::attributes::{CaseField, CaseKind, Entry, MOST_TAGS, OwnState, Value, Values};
use crate::cases::involved::Involvement;
use crate::cases::model::{Case, Status};
use crate::platform::{CaseId, PersonId, Result, TagId, Tx};

/// What a change means.
pub(super) struct Plan<'c> {
    pub change: &'c Change,
    kind: Option<CaseKind>,
    state: Option<OwnState>,
    /// All that the house made, archived ones too.
    fields: Vec<CaseField>,
    /// What is written into which of them.
    pub written: Vec<(CaseField, Option<Value>)>,
    /// Names of tags to add, each with the tag if there is one.
    pub tags: Vec<(String, Option<TagId>)>,
    pub untag: Vec<TagId>,
    /// Something of it went out of use since the run began.
    is_gone: bool,
}

impl<'c> Plan<'c> {
    pub async fn of(tx: &mut Tx, change: &'c Change) -> Result<Self> {
        let kinds = if change.kind.is_some() { attributes::kinds(tx).await? } else { Vec::new() };
        let states = if change.own_state.is_some() { attributes::own_states(tx).await? } else { Vec::new() };
        let mut plan = Self {
            change,
            kind: kinds.into_iter().find(|kind| Some(kind.id) == change.kind),
            state: states.into_iter().find(|state| Some(state.id) == change.own_state),
            fields: attributes::fields(tx).await?,
            written: Vec::new(),
            tags: Vec::new(),
            untag: Vec::new(),
            is_gone: false,
        };
        plan.is_gone = plan.kind.as_ref().is_some_and(|kind| !kind.active)
            || plan.state.as_ref().is_some_and(|state| !state.active);
        for (key, text) in &change.fields {
            let field = plan.fields.iter().find(|field| field.key == *key && !field.archived);
            match field.map(|field| (field, attributes::read(field, text, Notation::Either))) {
                Some((field, Ok(value))) => plan.written.push((field.clone(), value)),
                _ => plan.is_gone = true,
            }
        }
        for name in &change.tag {
            let name = attributes::tag_name(name)?;
            let tag = tag_of(tx, &name).await?;
            plan.tags.push((name, tag));
        }
        for name in &change.untag {
            plan.untag.extend(tag_of(tx, name).await?);
        }
        Ok(plan)
    }

    /// May a case be closed by it?
    fn may_close(&self) -> bool {
        self.change.step == Some(Step::Close)
            || self.state.as_ref().is_some_and(|state| state.base == Status::Closed)
    }

    pub const fn asks_for_tags(&self) -> bool {
        !self.tags.is_empty() || !self.untag.is_empty()
    }

    pub fn asks_for_values(&self) -> bool {
        !self.written.is_empty() || (self.may_close() && self.fields.iter().any(|field| field.required))
    }

    pub const fn asks_for_people(&self) -> bool {
        let change = self.change;
        change.deputy.is_some() || change.follow.is_some() || change.unfollow.is_some()
    }

    /// What a case would be afterwards, as far as its own row says it.
    pub fn of_case(&self, case: &Case) -> Case {
        let change = self.change;
        let mut after = case.clone();
        if let Some(queue) = change.queue.filter(|queue| *queue != case.queue) {
            after.queue = queue;
            after.owner = case.owner.filter(|_| case.private);
        }
        after.owner = change.owner().unwrap_or(after.owner);
        after.priority = change.priority.unwrap_or(case.priority);
        after.bin = change.bin().unwrap_or(case.bin);
        after.kind = change.kind().unwrap_or(case.kind);
        // What becomes of the kind of a complaint is one.
        let complains = after.kind != case.kind && self.kind.as_ref().is_some_and(|kind| kind.complaint);
        after.complaint = case.complaint || complains;
        match change.step {
            Some(Step::Close) => after.status = Status::Closed,
            Some(Step::Reopen) => after.status = Status::Open,
            Some(Step::Wait) => (after.status, after.wait_until) = (Status::Waiting, change.until),
            None => {}
        }
        if let Some(state) = self.state.as_ref().filter(|state| state.base != case.status) {
            (after.status, after.wait_until) = (state.base, None);
        }
        // A state of the house's own lasts as long as what it means.
        let stays = case.own_state.filter(|_| after.status == case.status);
        after.own_state = self.state.as_ref().map(|state| state.id).or(stays);
        after
    }

    /// Why it cannot be done to a case, as a word of the pages.
    pub fn refusal(&self, case: &Case, beside: &Beside) -> Option<&'static str> {
        let after = self.of_case(case);
        let closes = after.status == Status::Closed && case.status != Status::Closed;
        if case.moved_to.is_some() {
            return Some("bulk-moved");
        }
        if self.is_gone {
            return Some("bulk-out-of-use");
        }
        if after.private && after.owner.is_none() {
            return Some("case-private-nobody");
        }
        if after.complaint && closes {
            return Some("bulk-complaint");
        }
        if let Some(why) = self.refusal_of_fields(&after, closes, beside) {
            return Some(why);
        }
        if MOST_TAGS < self.tags_of(&after, beside) {
            return Some("attr-too-many-tags");
        }
        let seen = |case: &Case| {
            let stands = (case.status, case.wait_until, case.own_state);
            (case.queue, case.owner, case.priority, case.bin, case.kind, stands)
        };
        (seen(&after) == seen(case) && !self.changes_beside(case.id, beside)).then_some("bulk-same")
    }

    /// Fields belong to some cases only, and the house wants some of them before a case is closed.
    fn refusal_of_fields(&self, after: &Case, closes: bool, beside: &Beside) -> Option<&'static str> {
        let asks = closes && self.fields.iter().any(|field| field.required);
        if self.written.is_empty() && !asks {
            return None;
        }
        let mut values = beside.values(after.id);
        self.write(&mut values);
        let entries = attributes::entries(self.fields.clone(), attributes::place_of(after), &values);
        let belongs = |field: &CaseField| entries.iter().any(|entry| entry.field.id == field.id);
        if !self.written.iter().all(|(field, _)| belongs(field)) {
            return Some("bulk-field-elsewhere");
        }
        (closes && entries.iter().any(Entry::is_missing)).then_some("bulk-incomplete")
    }

    /// What would stand in the fields of a case.
    fn write(&self, values: &mut Values) {
        for (field, value) in &self.written {
            match (value, &field.standard) {
                (Some(value), _) => values.insert(field.id, value.text.clone()),
                (None, Some(_)) => values.insert(field.id, String::new()),
                (None, None) => values.remove(&field.id),
            };
        }
    }

    /// How many tags a case would have.
    fn tags_of(&self, case: &Case, beside: &Beside) -> usize {
        let has = beside.tags(case.id);
        let kept = has.iter().filter(|tag| !self.untag.contains(tag)).count();
        let new = |tag: Option<TagId>| tag.is_none_or(|tag| !has.contains(&tag) || self.untag.contains(&tag));
        kept + self.tags.iter().filter(|(_, tag)| new(*tag)).count()
    }

    /// Does anything change that stands in other tables?
    fn changes_beside(&self, case: CaseId, beside: &Beside) -> bool {
        let has = beside.tags(case);
        let tags = self.tags.iter().any(|(_, tag)| tag.is_none_or(|tag| !has.contains(&tag)))
            || self.untag.iter().any(|tag| has.contains(tag));
        let said = beside.values(case);
        let fields = self.written.iter().any(|(field, value)| {
            let shown = said.get(&field.id).map(String::as_str).or(field.standard.as_deref());
            shown.unwrap_or_default() != value.as_ref().map_or("", |value| value.text.as_str())
        });
        tags || fields || !self.parts(case, beside).is_empty()
    }

    /// Who is to be involved in a case, and who no longer, in this order.
    pub fn parts(&self, case: CaseId, beside: &Beside) -> Vec<Part> {
        let part = |part: Involvement, joins: bool| move |person: PersonId| Part { person, part, joins };
        let mut parts = Vec::new();
        let was = beside.deputy(case);
        if let Some(deputy) = self.change.deputy().filter(|deputy| *deputy != was) {
            parts.extend(was.map(part(Involvement::Deputy, false)));
            parts.extend(deputy.map(part(Involvement::Deputy, true)));
        }
        let follows = |person: &PersonId| beside.follows(case, *person);
        let (follow, unfollow) = (self.change.follow, self.change.unfollow);
        parts.extend(follow.filter(|person| !follows(person)).map(part(Involvement::Follower, true)));
        parts.extend(unfollow.filter(follows).map(part(Involvement::Follower, false)));
        parts
    }
}

/// Somebody who is involved in a case by a run, or no longer. Stored as JSON.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Part {
    pub person: PersonId,
    pub part: Involvement,
    pub joins: bool,
}
