//! What is done to many cases.

use std::collections::BTreeMap;

use money::Notation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::attributes;
use crate::cases::attributes::CaseField;
use crate::cases::involved;
use crate::cases::model::{Bin, Priority};
use crate::people;
use crate::platform::{
    Actor, App, CaseKindId, Error, OwnStateId, PersonId, QueueId, Result, TagId, Timestamp, Tx, codes,
};

codes! {
    /// What a run does to the status of its cases.
    pub enum Step { Close = "close", Reopen = "reopen", Wait = "wait" }
}

/// What a run does. Stored as JSON, so fields are only added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BulkChange)]
#[serde(default, deny_unknown_fields)]
pub struct Change {
    /// A person's id; 0: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// For `wait`; without it until the customer writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// `spam`, `trash`, or `none` to take it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
    /// The id of a kind; 0: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaseKindId>,
    /// The id of a state of the house's own, instead of `step`: what it means happens, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_state: Option<OwnStateId>,
    /// Names of tags that are added; those that the house does not know yet are made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
    /// Names of tags that are taken away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub untag: Vec<String>,
    /// What is written into fields that the house made, by their keys; empty: what stands there is taken away.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Who is responsible as well: a person's id; 0: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deputy: Option<PersonId>,
    /// Who follows the cases from now on: a person's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow: Option<PersonId>,
    /// Who does so no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfollow: Option<PersonId>,
}

impl Change {
    #[expect(clippy::option_option, reason = "nobody is somebody to give it to, too")]
    pub(in crate::cases) fn owner(&self) -> Option<Option<PersonId>> {
        self.owner.map(|person| Some(person).filter(|person| person.0 != 0))
    }

    #[expect(clippy::option_option, reason = "nobody as well is a change, too")]
    pub(in crate::cases) fn deputy(&self) -> Option<Option<PersonId>> {
        self.deputy.map(|person| Some(person).filter(|person| person.0 != 0))
    }

    #[expect(clippy::option_option, reason = "to be of no kind is a change, too")]
    pub(in crate::cases) fn kind(&self) -> Option<Option<CaseKindId>> {
        self.kind.map(|kind| Some(kind).filter(|kind| kind.0 != 0))
    }

    #[expect(clippy::option_option, reason = "to be in no bin is a change, too")]
    pub(super) fn bin(&self) -> Option<Option<Bin>> {
        self.bin.as_deref().map(Bin::from_code)
    }

    /// What was typed into fields, as it is stored: people write numbers and days in their language.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] of `field` for one that there is not, of `value` for what does not fit.
    pub async fn settle(&mut self, tx: &mut Tx, notation: Notation) -> Result<()> {
        if self.fields.is_empty() {
            return Ok(());
        }
        let fields = attributes::fields(tx).await?;
        for (key, text) in &mut self.fields {
            *text = read(&fields, key, text, notation)?;
        }
        Ok(())
    }
}

/// What is written into the field `key`, as it is stored.
fn read(fields: &[CaseField], key: &str, text: &str, notation: Notation) -> Result<String> {
    let field = fields.iter().find(|field| field.key == key && !field.archived);
    let field = field.ok_or_else(|| Error::invalid("field", "filter-value-unknown"))?;
    let value = attributes::read(field, text, notation).map_err(|word| Error::invalid("value", word))?;
    Ok(value.map(|value| value.text).unwrap_or_default())
}

/// The tag of this name, however it is written.
pub(super) async fn tag_of(tx: &mut Tx, name: &str) -> Result<Option<TagId>> {
    let Ok(name) = attributes::tag_name(name) else { return Ok(None) };
    Ok(attributes::tag_named(tx, &name).await?.map(|tag| tag.id))
}

/// Is there anything to do, and with whom and where that are?
///
/// # Errors
///
/// [`Error::Invalid`] if nothing would be done at all, or somewhere that is not.
pub(super) async fn check(app: &App, tx: &mut Tx, actor: &Actor, change: &Change) -> Result<()> {
    if *change == Change::default() {
        return Err(Error::invalid("change", "bulk-nothing"));
    }
    if change.until.is_some_and(|until| until <= app.now()) {
        return Err(Error::invalid("until", "case-wait-past"));
    }
    let bin = change.bin.as_deref();
    if bin.is_some_and(|bin| bin != "none" && Bin::from_code(bin).is_none()) {
        return Err(Error::invalid("bin", "error-field-malformed"));
    }
    if let Some(queue) = change.queue {
        people::queue(tx, queue).await?;
        if actor.sight.hidden.contains(&queue) {
            return Err(Error::NotFound);
        }
    }
    check_people(tx, change).await?;
    check_attributes(tx, change).await
}

async fn check_people(tx: &mut Tx, change: &Change) -> Result<()> {
    if let Some(Some(person)) = change.owner()
        && !people::person(tx, person).await?.active
    {
        return Err(Error::invalid("owner", "case-owner-gone"));
    }
    for (field, person) in [("deputy", change.deputy().flatten()), ("follow", change.follow)] {
        if let Some(person) = person
            && !involved::can_be(tx, person).await?
        {
            return Err(Error::invalid(field, "case-person-cannot"));
        }
    }
    if let Some(person) = change.unfollow {
        people::person(tx, person).await?;
    }
    Ok(())
}

async fn check_attributes(tx: &mut Tx, change: &Change) -> Result<()> {
    if let Some(Some(id)) = change.kind()
        && !attributes::kinds(tx).await?.iter().any(|kind| kind.id == id && kind.active)
    {
        return Err(Error::invalid("kind", "attr-out-of-use"));
    }
    if let Some(id) = change.own_state {
        if change.step.is_some() {
            return Err(Error::invalid("step", "bulk-two-states"));
        }
        if !attributes::own_states(tx).await?.iter().any(|state| state.id == id && state.active) {
            return Err(Error::invalid("step", "attr-out-of-use"));
        }
    }
    for name in &change.tag {
        if attributes::tag_name(name).is_err() {
            return Err(Error::invalid("tag", "bulk-tag-wrong"));
        }
    }
    for name in &change.untag {
        if tag_of(tx, name).await?.is_none() {
            return Err(Error::invalid("untag", "attr-tag-unknown"));
        }
    }
    let fields = if change.fields.is_empty() { Vec::new() } else { attributes::fields(tx).await? };
    for (key, text) in &change.fields {
        read(&fields, key, text, Notation::Either)?;
    }
    Ok(())
}
