//! What a case is besides its messages: kind, priority, states of the house's own, tags, and fields that the
//! house defines.
//!
//! Each has one command here with its right, its fact and a way back; people, programs and rules use the same.
//! Deliberately absent: values written when a case is opened. A field's standard is what it says until somebody
//! says otherwise, so that mail is filed as fast as without fields, and a new standard holds at once.

mod back;
mod define;
mod filter;
mod make;
mod model;
mod set;
mod store;
mod value;
pub mod web;

use std::collections::{HashMap, HashSet};

use futures::future::BoxFuture;

pub use back::{Change, invert};
pub use define::{FieldDraft, forget_tag, merge_tags, rename_tag, set_up_field, set_up_kind, set_up_state};
pub use filter::find;
pub(super) use make::{MOST_TAGS, make_kind, make_tagged, make_untagged, write};
pub use model::{
    Attributes, Badges, CaseField, CaseKind, Choice, Entry, FieldType, OnlyIf, OwnState, Place, Tag, TagUse,
    Values, entries, priority_word, value_in,
};
pub use set::{
    NewState, PastAttributes, Written, add_past, add_tag, add_tag_in, remove_tag, remove_tag_in, set_field,
    set_field_in, set_kind, set_kind_in, set_priority, set_priority_in, set_state, set_state_in, tag_name,
    unless_complete,
};
pub use value::{Value, folded, json, read, shown, typed};

use super::model::Case;
use crate::platform::{Bilingual, CaseFieldId, CaseId, OwnStateId, Result, TagId, Timestamp, Tx};

/// What decides which fields the case has.
pub const fn place_of(case: &Case) -> Place {
    Place { queue: case.queue, kind: case.kind }
}

/// All kinds, in their order.
pub async fn kinds(tx: &mut Tx) -> Result<Vec<CaseKind>> {
    store::kinds(tx).await
}

/// The kinds that can be chosen, by their ids, for slices that only know that there are such.
pub fn kind_names(tx: &mut Tx) -> BoxFuture<'_, Result<Vec<(i64, Bilingual)>>> {
    Box::pin(async move {
        let kinds = store::kinds(tx).await?.into_iter().filter(|kind| kind.active);
        Ok(kinds.map(|kind| (kind.id.0, kind.name)).collect())
    })
}

/// All states of the house's own, in their order.
pub async fn own_states(tx: &mut Tx) -> Result<Vec<OwnState>> {
    store::states(tx).await
}

/// All fields, archived ones too, in their order.
pub async fn fields(tx: &mut Tx) -> Result<Vec<CaseField>> {
    store::fields(tx).await
}

pub async fn field(tx: &mut Tx, field: CaseFieldId) -> Result<CaseField> {
    store::field(tx, field).await
}

pub async fn tag(tx: &mut Tx, tag: TagId) -> Result<Tag> {
    store::tag(tx, tag).await
}

/// The tag of this name, if there is one.
pub async fn tag_named(tx: &mut Tx, name: &str) -> Result<Option<Tag>> {
    store::tag_named(tx, &crate::customers::fold(name.trim())).await
}

/// Up to `limit` tags with `part` in their names.
pub async fn tags_like(tx: &mut Tx, part: &str, limit: i64) -> Result<Vec<Tag>> {
    store::tags_like(tx, &crate::customers::fold(part.trim().trim_start_matches('#')), limit).await
}

/// What the search can narrow cases by of their tags, by case; one without any says so.
pub async fn codes(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, String)>> {
    let mut without: HashSet<CaseId> = cases.iter().copied().collect();
    let mut codes = Vec::new();
    for (case, tag, _) in store::tags_of(tx, cases).await? {
        without.remove(&case);
        codes.push((case, format!("tag:{tag}")));
    }
    codes.extend(without.into_iter().map(|case| (case, "tag:none".to_owned())));
    Ok(codes)
}

/// The ids of all cases with a tag.
pub async fn tagged(tx: &mut Tx, tag: TagId) -> Result<Vec<i64>> {
    store::tagged(tx, tag).await
}

/// All tags with how many cases have them, counted up to `limit`.
pub async fn tag_uses(tx: &mut Tx, limit: i64) -> Result<Vec<TagUse>> {
    store::tag_uses(tx, limit).await
}

/// The tag of this name, made if there is none; for imports and the example company.
pub async fn make_tag(tx: &mut Tx, name: &str) -> Result<TagId> {
    Ok(store::make_tag(tx, name, &crate::customers::fold(name)).await?.id)
}

/// The tags of these cases, by name.
pub async fn tags_of(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, TagId, String)>> {
    store::tags_of(tx, cases).await
}

/// What was said in the fields of these cases.
pub async fn values_of(tx: &mut Tx, cases: &[CaseId]) -> Result<HashMap<CaseId, Values>> {
    let mut values: HashMap<CaseId, Values> = HashMap::new();
    for (case, field, value) in store::values_of(tx, cases).await? {
        values.entry(case).or_default().insert(field, value);
    }
    Ok(values)
}

/// Adds a state as it is; for imports and the example company.
pub async fn add_state(tx: &mut Tx, state: &OwnState) -> Result<OwnStateId> {
    store::save_state(tx, None, state).await
}

/// Adds a field as it is; for imports and the example company.
pub async fn add_field(tx: &mut Tx, field: CaseField) -> Result<CaseField> {
    let id = store::save_field(tx, None, &field).await?;
    Ok(CaseField { id, ..field })
}

/// Kind, own state and tags of these cases, for lists: three statements at most, however many cases.
pub async fn badges<'c>(
    tx: &mut Tx,
    cases: impl Iterator<Item = &'c Case> + Clone,
) -> Result<HashMap<CaseId, Badges>> {
    let ids: Vec<CaseId> = cases.clone().map(|case| case.id).collect();
    let has_kind = cases.clone().any(|case| case.kind.is_some());
    let kinds = if has_kind { store::kinds(tx).await? } else { Vec::new() };
    let has_state = cases.clone().any(|case| case.own_state.is_some());
    let states = if has_state { store::states(tx).await? } else { Vec::new() };
    let mut tags: HashMap<CaseId, Vec<Tag>> = HashMap::new();
    for (case, id, name) in store::tags_of(tx, &ids).await? {
        tags.entry(case).or_default().push(Tag { id, name });
    }
    let mut of = |case: &Case| Badges::of(case, &kinds, &states, tags.remove(&case.id).unwrap_or_default());
    Ok(cases.map(|case| (case.id, of(case))).collect())
}

/// A case stands as it did, in this state of the house's own.
pub async fn restore_state(
    tx: &mut Tx,
    case: CaseId,
    state: Option<OwnStateId>,
    now: Timestamp,
) -> Result<()> {
    store::set_own_state(tx, case, state, now).await
}

/// What `case` is, with what it could be: five statements, however many fields.
pub async fn attributes(tx: &mut Tx, case: &Case) -> Result<Attributes> {
    let (mut kinds, mut states) = (store::kinds(tx).await?, store::states(tx).await?);
    let tags = store::tags_of(tx, &[case.id]).await?.into_iter().map(|(_, id, name)| Tag { id, name });
    let badges = Badges::of(case, &kinds, &states, tags.collect());
    let values = store::values(tx, case.id).await?.into_iter().collect();
    let entries = entries(store::fields(tx).await?, place_of(case), &values);
    kinds.retain(|kind| kind.active);
    states.retain(|state| state.active);
    Ok(Attributes { badges, priority: case.priority, entries, kinds, states })
}
