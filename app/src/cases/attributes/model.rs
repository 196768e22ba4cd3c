//! Kinds, states of the house's own, tags, and the fields that a house defines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::model::{Case, Priority, Status};
use crate::platform::{Bilingual, CaseFieldId, CaseKindId, OwnStateId, QueueId, TagId, Words, codes};

/// What a case is about, such as a question or a complaint.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct CaseKind {
    pub id: CaseKindId,
    #[sqlx(flatten)]
    pub name: Bilingual,
    pub icon: String,
    /// Handled as ISO 10002 wants complaints to be handled.
    pub complaint: bool,
    pub place: i64,
    pub active: bool,
}

/// A state that the house named, such as "waits for the supplier".
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct OwnState {
    pub id: OwnStateId,
    #[sqlx(flatten)]
    pub name: Bilingual,
    /// What it means for deadlines and lists.
    pub base: Status,
    pub place: i64,
    pub active: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct Tag {
    pub id: TagId,
    pub name: String,
}

/// A tag with how many cases have it.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct TagUse {
    pub id: TagId,
    pub name: String,
    pub cases: i64,
}

codes! {
    /// What can be written into a field.
    pub enum FieldType {
        /// One line.
        Text = "text",
        LongText = "long-text",
        Number = "number",
        Money = "money",
        Date = "date",
        YesNo = "yes-no",
        Choice = "choice",
        /// Several choices.
        Choices = "choices",
        /// An address on the web.
        Link = "link",
        /// A number that the customer knows: of an order, a contract, a device.
        Reference = "reference",
    }
}

impl FieldType {
    pub const fn is_chosen(self) -> bool {
        matches!(self, Self::Choice | Self::Choices)
    }
}

/// One of what can be chosen in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// What is stored; stays when the name changes.
    pub key: String,
    pub name: Bilingual,
    /// Still shown where it was chosen, offered no more.
    #[serde(default)]
    pub gone: bool,
}

/// What a field needs to be shown: another field with a value, or with any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OnlyIf {
    pub field: CaseFieldId,
    pub value: Option<String>,
}

/// Something that the house wants to know about its cases.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseField {
    pub id: CaseFieldId,
    /// What programs call it.
    pub key: String,
    pub name: Bilingual,
    pub help: Bilingual,
    pub field_type: FieldType,
    /// Before a case can be closed.
    pub required: bool,
    /// What it says while nobody said anything.
    pub standard: Option<String>,
    /// Empty: all.
    pub queues: Vec<QueueId>,
    /// Empty: all.
    pub kinds: Vec<CaseKindId>,
    pub only_if: Option<OnlyIf>,
    pub choices: Vec<Choice>,
    pub place: i64,
    pub archived: bool,
}

impl CaseField {
    pub fn choice(&self, key: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.key == key)
    }

    /// Is `key` one of the choices in `value`?
    pub fn has(&self, value: &str, key: &str) -> bool {
        if self.field_type == FieldType::Choices {
            value.split(',').any(|one| one == key)
        } else {
            value == key
        }
    }
}

/// A field of a case with what stands in it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub field: CaseField,
    /// As the API writes it.
    pub value: Option<String>,
    /// Nobody said it: the field's standard.
    pub is_standard: bool,
}

impl Entry {
    /// Is it needed before the case can be closed, and missing?
    pub const fn is_missing(&self) -> bool {
        self.field.required && self.value.is_none()
    }

    /// Is its field of this type? Codes as in [`FieldType`].
    pub fn is(&self, field_type: &str) -> bool {
        self.field.field_type.code() == field_type
    }

    /// What a form shows to whoever reads `words`.
    pub fn typed(&self, words: &Words) -> String {
        self.value.as_deref().map_or_else(String::new, |value| super::value::typed(&self.field, value, words))
    }

    pub fn shown(&self, words: &Words) -> String {
        let value = self.value.as_deref();
        value.map_or_else(String::new, |value| super::value::shown(&self.field, value, words))
    }

    pub fn has(&self, key: &str) -> bool {
        self.value.as_deref().is_some_and(|value| self.field.has(value, key))
    }

    /// What may be chosen, and what was although it is offered no more.
    pub fn choices(&self) -> impl Iterator<Item = &Choice> {
        self.field.choices.iter().filter(|choice| !choice.gone || self.has(&choice.key))
    }

    /// The stored text; empty for nothing. Sent back with a change, it says what the writer has seen.
    pub fn seen(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }
}

/// What was said in the fields of a case.
pub type Values = BTreeMap<CaseFieldId, String>;

/// What decides which fields a case has.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub queue: QueueId,
    pub kind: Option<CaseKindId>,
}

/// The fields of a case that belong on its page, in their order. `fields` are all there are.
pub fn entries(fields: Vec<CaseField>, place: Place, values: &Values) -> Vec<Entry> {
    let shown: Vec<CaseFieldId> = fields
        .iter()
        .filter(|field| is_shown(field, &fields, place, values, 0))
        .map(|field| field.id)
        .collect();
    let entry = |field: CaseField| {
        let value = value_of(&field, values).map(str::to_owned);
        let is_standard = value.is_some() && !values.contains_key(&field.id);
        Entry { field, value, is_standard }
    };
    fields.into_iter().filter(|field| shown.contains(&field.id)).map(entry).collect()
}

/// What stands in one field of a case: what was said, else its standard; nothing where the case has no such field.
/// `fields` are all there are.
pub fn value_in<'v>(
    field: &'v CaseField,
    fields: &[CaseField],
    place: Place,
    values: &'v Values,
) -> Option<&'v str> {
    value_of(field, values).filter(|_| is_shown(field, fields, place, values, 0))
}

/// A field that depends on one that depends on one …: nobody asks for more.
pub const DEEPEST: usize = 10;

fn is_shown(field: &CaseField, all: &[CaseField], place: Place, values: &Values, depth: usize) -> bool {
    let here = field.queues.is_empty() || field.queues.contains(&place.queue);
    let kind = field.kinds.is_empty() || place.kind.is_some_and(|kind| field.kinds.contains(&kind));
    if field.archived || !here || !kind {
        return false;
    }
    let Some(only_if) = &field.only_if else { return true };
    let Some(other) = all.iter().find(|other| other.id == only_if.field) else { return false };
    let fits = match (value_of(other, values), &only_if.value) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(value), Some(wanted)) => other.has(value, wanted),
    };
    fits && depth < DEEPEST && is_shown(other, all, place, values, depth + 1)
}

/// What stands in a field: what was said, else its standard.
fn value_of<'v>(field: &'v CaseField, values: &'v Values) -> Option<&'v str> {
    let said = values.get(&field.id).map(String::as_str).or(field.standard.as_deref());
    said.filter(|value| !value.is_empty())
}

/// Kind, own state and tags of a case, as lists and headers show them.
#[derive(Debug, Clone, Default)]
pub struct Badges {
    pub kind: Option<CaseKind>,
    pub state: Option<OwnState>,
    pub tags: Vec<Tag>,
}

impl Badges {
    /// Does the kind say that it is a complaint, so that no mark has to?
    pub fn says_complaint(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.complaint)
    }

    /// Of `case`, where `kinds` and `states` are all there are.
    pub fn of(case: &Case, kinds: &[CaseKind], states: &[OwnState], tags: Vec<Tag>) -> Self {
        Self {
            kind: kinds.iter().find(|kind| Some(kind.id) == case.kind).cloned(),
            state: states.iter().find(|state| Some(state.id) == case.own_state).cloned(),
            tags,
        }
    }
}

/// What a case is besides its messages, with all that it could be.
#[derive(Debug, Clone)]
pub struct Attributes {
    pub badges: Badges,
    pub priority: Priority,
    pub entries: Vec<Entry>,
    /// Those that can be chosen.
    pub kinds: Vec<CaseKind>,
    pub states: Vec<OwnState>,
}

impl Attributes {
    pub fn is_kind(&self, kind: &CaseKind) -> bool {
        self.badges.kind.as_ref().is_some_and(|own| own.id == kind.id)
    }

    pub fn is_state(&self, state: &OwnState) -> bool {
        self.badges.state.as_ref().is_some_and(|own| own.id == state.id)
    }

    /// What keeps the case from being closed.
    pub fn missing(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_missing()).count()
    }
}

/// The key of a priority's word.
pub const fn priority_word(priority: &Priority) -> &'static str {
    match priority {
        Priority::Low => "priority-low",
        Priority::Normal => "priority-normal",
        Priority::High => "priority-high",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(id: i64) -> CaseField {
        CaseField {
            id: CaseFieldId(id),
            key: format!("f{id}"),
            name: Bilingual::same("Feld"),
            help: Bilingual::default(),
            field_type: FieldType::Choices,
            required: false,
            standard: None,
            queues: Vec::new(),
            kinds: Vec::new(),
            only_if: None,
            choices: Vec::new(),
            place: id,
            archived: false,
        }
    }

    fn shown(fields: &[CaseField], values: &[(i64, &str)]) -> Vec<i64> {
        let place = Place { queue: QueueId(1), kind: Some(CaseKindId(2)) };
        let values = values.iter().map(|(id, value)| (CaseFieldId(*id), (*value).to_owned())).collect();
        entries(fields.to_vec(), place, &values).iter().map(|entry| entry.field.id.0).collect()
    }

    #[test]
    fn a_field_is_shown_where_it_belongs() {
        let elsewhere = CaseField { queues: vec![QueueId(9)], ..field(1) };
        let here = CaseField { queues: vec![QueueId(9), QueueId(1)], ..field(2) };
        let other_kind = CaseField { kinds: vec![CaseKindId(7)], ..field(3) };
        let this_kind = CaseField { kinds: vec![CaseKindId(2)], ..field(4) };
        let gone = CaseField { archived: true, ..field(5) };
        assert_eq!(shown(&[elsewhere, here, other_kind, this_kind, gone], &[]), [2, 4]);
    }

    #[test]
    fn a_field_with_a_condition_waits_for_it() {
        let only_if = |field, value: Option<&str>| {
            Some(OnlyIf { field: CaseFieldId(field), value: value.map(str::to_owned) })
        };
        let fields = [
            field(1),
            CaseField { only_if: only_if(1, Some("b")), ..field(2) },
            CaseField { only_if: only_if(2, None), ..field(3) },
        ];
        for (values, expected) in [
            (vec![], vec![1]),
            (vec![(1, "a")], vec![1]),
            (vec![(1, "a,b")], vec![1, 2]),
            (vec![(1, "b"), (2, "x")], vec![1, 2, 3]),
            // What hides a field hides those that depend on it.
            (vec![(1, "a"), (2, "x")], vec![1]),
        ] {
            assert_eq!(shown(&fields, &values), expected, "{values:?}");
        }
    }

    #[test]
    fn a_standard_counts_until_somebody_says_otherwise() {
        let with = CaseField { standard: Some("a".into()), required: true, ..field(1) };
        let place = Place { queue: QueueId(1), kind: None };
        for (said, value, missing) in
            [(None, Some("a"), false), (Some("b"), Some("b"), false), (Some(""), None, true)]
        {
            let values = said.map(|said| (CaseFieldId(1), said.to_owned())).into_iter().collect();
            let entry = entries(vec![with.clone()], place, &values).remove(0);
            assert_eq!((entry.value.as_deref(), entry.is_missing()), (value, missing), "{said:?}");
        }
    }
}
