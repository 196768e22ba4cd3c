//! What administrators set up: kinds, states, tags and fields.

use std::collections::HashSet;

use money::Notation;

use super::model::{CaseField, CaseKind, Choice, DEEPEST, FieldType, OnlyIf, OwnState};
use super::{set, store, value};
use crate::customers::fold;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, Bilingual, CaseFieldId, CaseKindId, Error, FieldError, OwnStateId, QueueId, Result, Right,
    TagId, Tx, dialect,
};

const LONGEST_NAME: usize = 60;
const LONGEST_HELP: usize = 300;
const LONGEST_KEY: usize = 40;
const MOST_CHOICES: usize = 200;
/// As many as one statement of a case's page reads without being felt.
const MOST_FIELDS: usize = 200;

/// What several administrators change at the same moment is one thing: the order and the names.
async fn begin(app: &App, actor: &Actor) -> Result<Tx> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "attributes", 0).await?;
    Ok(tx)
}

/// `of`: which one.
async fn done(app: &App, mut tx: Tx, actor: &Actor, name: &str, of: i64) -> Result<()> {
    let fact = Fact::SettingChanged { name: name.to_owned(), of: Some(of) };
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await
}

fn check_name(name: &Bilingual) -> Result<()> {
    Error::unless_text("name_de", &name.de, LONGEST_NAME)?;
    Error::unless_short("name_en", &name.en, LONGEST_NAME)
}

/// Is one of these called the same in German or English?
fn is_taken<'n>(mut others: impl Iterator<Item = &'n Bilingual>, name: &Bilingual) -> bool {
    others.any(|other| fold(&other.de) == fold(&name.de) || fold(&other.en) == fold(&name.en))
}

/// Adds a kind, or changes the one with this id.
///
/// # Errors
///
/// [`Error::Invalid`] without a name, or with one that another kind has.
pub async fn set_up_kind(
    app: &App,
    actor: &Actor,
    id: Option<CaseKindId>,
    kind: &CaseKind,
) -> Result<CaseKindId> {
    check_name(&kind.name)?;
    let mut tx = begin(app, actor).await?;
    let all = store::kinds(&mut tx).await?;
    if is_taken(all.iter().filter(|one| Some(one.id) != id).map(|one| &one.name), &kind.name) {
        return Err(Error::invalid("name_de", "people-name-taken"));
    }
    let kind = CaseKind { place: place(kind.place, all.iter().map(|one| one.place)), ..kind.clone() };
    let id = store::save_kind(&mut tx, id, &kind).await?;
    done(app, tx, actor, "kinds", id.0).await?;
    Ok(id)
}

/// Adds a state, or changes the one with this id; what it means stays.
///
/// # Errors
///
/// As [`set_up_kind`].
pub async fn set_up_state(
    app: &App,
    actor: &Actor,
    id: Option<OwnStateId>,
    state: &OwnState,
) -> Result<OwnStateId> {
    check_name(&state.name)?;
    let mut tx = begin(app, actor).await?;
    let all = store::states(&mut tx).await?;
    if is_taken(all.iter().filter(|one| Some(one.id) != id).map(|one| &one.name), &state.name) {
        return Err(Error::invalid("name_de", "people-name-taken"));
    }
    let state = OwnState { place: place(state.place, all.iter().map(|one| one.place)), ..state.clone() };
    let id = store::save_state(&mut tx, id, &state).await?;
    done(app, tx, actor, "states", id.0).await?;
    Ok(id)
}

/// The place that was asked for, or the last one.
fn place(asked: i64, taken: impl Iterator<Item = i64>) -> i64 {
    if 0 < asked { asked.min(10_000) } else { taken.max().unwrap_or(0) + 1 }
}

/// Gives a tag another name.
///
/// # Errors
///
/// [`Error::Invalid`] for the name of another tag: the two can be merged.
pub async fn rename_tag(app: &App, actor: &Actor, tag: TagId, name: &str) -> Result<()> {
    let name = set::tag_name(name)?;
    let folded = fold(&name);
    let mut tx = begin(app, actor).await?;
    if store::tag_named(&mut tx, &folded).await?.is_some_and(|other| other.id != tag) {
        return Err(Error::invalid("name", "attr-tag-taken"));
    }
    store::rename_tag(&mut tx, tag, &name, &folded).await?;
    done(app, tx, actor, "tags", tag.0).await
}

/// All cases of the first tag get the second one; the first is gone.
///
/// # Errors
///
/// [`Error::Invalid`] for one and the same tag.
pub async fn merge_tags(app: &App, actor: &Actor, from: TagId, into: TagId) -> Result<()> {
    if from == into {
        return Err(Error::invalid("into", "attr-tag-same"));
    }
    let mut tx = begin(app, actor).await?;
    store::tag(&mut tx, from).await?;
    store::tag(&mut tx, into).await?;
    store::move_tag(&mut tx, from, into).await?;
    store::forget_tag(&mut tx, from).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::TagsMerged { from, into })?;
    done(app, tx, actor, "tags", into.0).await
}

/// Takes a tag from all its cases and from the house.
pub async fn forget_tag(app: &App, actor: &Actor, tag: TagId) -> Result<()> {
    let mut tx = begin(app, actor).await?;
    store::tag(&mut tx, tag).await?;
    store::forget_tag(&mut tx, tag).await?;
    done(app, tx, actor, "tags", tag.0).await
}

/// A field as somebody wants it to be.
#[derive(Debug, Clone)]
pub struct FieldDraft {
    /// Of a new field; empty: made of its name.
    pub key: String,
    pub name: Bilingual,
    pub help: Bilingual,
    /// Of a new field.
    pub field_type: FieldType,
    pub required: bool,
    /// As typed.
    pub standard: String,
    pub notation: Notation,
    pub queues: Vec<QueueId>,
    pub kinds: Vec<CaseKindId>,
    /// Another field and what stands there, as typed; empty for anything.
    pub only_if: Option<(CaseFieldId, String)>,
    /// An empty key is a new choice.
    pub choices: Vec<Choice>,
    /// 0: the last one.
    pub place: i64,
    pub archived: bool,
}

/// Adds a field, or changes the one with this id; its key and its type stay.
///
/// # Errors
///
/// [`Error::Invalid`] for a name or key that is missing or taken, a choice without choices, a standard that does
/// not fit, and a condition that leads back to the field.
pub async fn set_up_field(
    app: &App,
    actor: &Actor,
    id: Option<CaseFieldId>,
    draft: &FieldDraft,
) -> Result<CaseFieldId> {
    let mut tx = begin(app, actor).await?;
    let all = store::fields(&mut tx).await?;
    let before = match id {
        Some(id) => Some(all.iter().find(|field| field.id == id).ok_or(Error::NotFound)?),
        None if MOST_FIELDS <= all.len() => return Err(Error::invalid("name_de", "attr-too-many-fields")),
        None => None,
    };
    let field = drawn_up(before, &all, draft)?;
    let id = store::save_field(&mut tx, id, &field).await?;
    done(app, tx, actor, "fields", id.0).await?;
    Ok(id)
}

fn drawn_up(before: Option<&CaseField>, all: &[CaseField], draft: &FieldDraft) -> Result<CaseField> {
    check_name(&draft.name)?;
    Error::unless_short("help_de", &draft.help.de, LONGEST_HELP)?;
    Error::unless_short("help_en", &draft.help.en, LONGEST_HELP)?;
    let others = || all.iter().filter(|other| before.is_none_or(|before| before.id != other.id));
    if is_taken(others().map(|other| &other.name), &draft.name) {
        return Err(Error::invalid("name_de", "people-name-taken"));
    }
    let field_type = before.map_or(draft.field_type, |before| before.field_type);
    let mut field = CaseField {
        id: before.map_or(CaseFieldId(0), |before| before.id),
        key: match before {
            Some(before) => before.key.clone(),
            None => new_key(draft, all)?,
        },
        name: draft.name.clone(),
        help: draft.help.clone(),
        field_type,
        required: draft.required,
        standard: None,
        queues: draft.queues.clone(),
        kinds: draft.kinds.clone(),
        only_if: condition(before, all, draft)?,
        choices: if field_type.is_chosen() { choices(draft)? } else { Vec::new() },
        place: place(draft.place, all.iter().map(|one| one.place)),
        archived: draft.archived,
    };
    let standard = value::read(&field, &draft.standard, draft.notation)
        .map_err(|word| Error::Invalid(vec![FieldError { field: "standard", word }]))?;
    field.standard = standard.map(|value| value.text);
    Ok(field)
}

/// What programs call a new field: as it was said, or made of its name.
fn new_key(draft: &FieldDraft, all: &[CaseField]) -> Result<String> {
    let is_free = |key: &str| all.iter().all(|field| field.key != key);
    if !draft.key.is_empty() {
        let is_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if LONGEST_KEY < draft.key.len() || !draft.key.bytes().all(is_name) {
            return Err(Error::invalid("key", "attr-wrong-key"));
        }
        return if is_free(&draft.key) {
            Ok(draft.key.clone())
        } else {
            Err(Error::invalid("key", "attr-key-taken"))
        };
    }
    let plain = slug(&draft.name.en);
    let numbered = (2..).map(|number| format!("{plain}_{number}"));
    let free = std::iter::once(plain.clone()).chain(numbered).find(|key| is_free(key));
    Ok(free.expect("there are more numbers than fields"))
}

/// "Serial number" as `serial_number`.
fn slug(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("_").chars().take(LONGEST_KEY - 4).collect();
    if slug.is_empty() { "field".to_owned() } else { slug }
}

/// The choices with a key each; those that were there keep theirs.
fn choices(draft: &FieldDraft) -> Result<Vec<Choice>> {
    let mut keys: HashSet<String> = draft
        .choices
        .iter()
        .filter(|choice| !choice.key.is_empty())
        .map(|choice| choice.key.clone())
        .collect();
    let mut choices = Vec::new();
    for choice in draft.choices.iter().filter(|choice| !choice.name.is_empty()) {
        check_name(&choice.name).map_err(|_| Error::invalid("choices", "error-field-too-long"))?;
        let mut choice = choice.clone();
        if choice.key.is_empty() {
            let plain = slug(&choice.name.en);
            let numbered = (2..).map(|number| format!("{plain}_{number}"));
            let free = std::iter::once(plain.clone()).chain(numbered).find(|key| keys.insert(key.clone()));
            choice.key = free.expect("there are more numbers than choices");
        }
        choices.push(choice);
    }
    if choices.iter().all(|choice| choice.gone) {
        return Err(Error::invalid("choices", "attr-choices-needed"));
    }
    if MOST_CHOICES < choices.len() {
        return Err(Error::invalid("choices", "attr-too-many-choices"));
    }
    Ok(choices)
}

fn condition(before: Option<&CaseField>, all: &[CaseField], draft: &FieldDraft) -> Result<Option<OnlyIf>> {
    let Some((other, typed)) = &draft.only_if else { return Ok(None) };
    let wrong = |word| Error::Invalid(vec![FieldError { field: "only_field", word }]);
    let find = |id: CaseFieldId| all.iter().find(|field| field.id == id);
    let other = find(*other).ok_or_else(|| wrong("error-field-malformed"))?;
    let mut above = Some(other);
    for _ in 0..=DEEPEST {
        if let (Some(one), Some(before)) = (above, before)
            && one.id == before.id
        {
            return Err(wrong("attr-condition-circle"));
        }
        above = above.and_then(|one| one.only_if.as_ref()).and_then(|only_if| find(only_if.field));
    }
    if above.is_some() {
        return Err(wrong("attr-condition-deep"));
    }
    let value = value::read(other, typed, draft.notation)
        .map_err(|word| Error::Invalid(vec![FieldError { field: "only_value", word }]))?;
    Ok(Some(OnlyIf { field: other.id, value: value.map(|value| value.text) }))
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_key_is_a_name_that_programs_can_write() {
        for (name, key) in [
            ("Serial number", "serial_number"),
            ("Größe (cm)", "groesse_cm"),
            ("  ", "field"),
            ("訂單", "field"),
        ] {
            assert_eq!(slug(name), key);
        }
    }
}
