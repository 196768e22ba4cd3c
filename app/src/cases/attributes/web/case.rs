//! Kind, priority, state, tags and fields of one case, and what there is to choose from.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cases::attributes;
use crate::cases::attributes::{Attributes, CaseField, CaseKind, NewState, OwnState, Tag, Written};
use crate::cases::model::{Case, Priority, Status};
use crate::cases::web::{Named, find};
use crate::platform::{
    Actor, App, CaseKindId, Error, Id, Input, Language, OwnStateId, Query, Result, Right, TagId, Wants,
};

/// Tags that are offered while somebody types.
const OFFERED: i64 = 20;

/// What a case is besides its messages, as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttributesJson {
    pub priority: Priority,
    pub kind: Option<Named<CaseKindId>>,
    pub own_state: Option<Named<OwnStateId>>,
    pub tags: Vec<Tag>,
    /// By key; those without a value are null.
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
    /// Keys of what is needed before the case can be closed, and missing.
    pub missing: Vec<String>,
}

impl AttributesJson {
    pub fn of(own: &Attributes, language: Language) -> Self {
        let name = |name: &crate::platform::Bilingual| name.in_language(language).to_owned();
        let value = |entry: &attributes::Entry| {
            entry
                .value
                .as_deref()
                .map_or(serde_json::Value::Null, |value| attributes::json(&entry.field, value))
        };
        let missing = own.entries.iter().filter(|entry| entry.is_missing());
        Self {
            priority: own.priority,
            kind: own.badges.kind.as_ref().map(|kind| Named { id: kind.id, name: name(&kind.name) }),
            own_state: own.badges.state.as_ref().map(|state| Named { id: state.id, name: name(&state.name) }),
            tags: own.badges.tags.clone(),
            fields: own.entries.iter().map(|entry| (entry.field.key.clone(), value(entry))).collect(),
            missing: missing.map(|entry| entry.field.key.clone()).collect(),
        }
    }
}

/// After a change: the page of the case, or what the case is now.
async fn changed(app: &App, wants: &Wants, case: &Case, word: &'static str) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let now = crate::cases::case(&mut tx, case.id).await?;
    let own = attributes::attributes(&mut tx, &now).await?;
    wants.done(&format!("/cases/{}", case.number), word, &AttributesJson::of(&own, wants.words.language))
}

/// All that cases can be.
#[derive(Serialize, ToSchema)]
pub(super) struct Offered {
    priorities: Vec<Priority>,
    kinds: Vec<CaseKind>,
    own_states: Vec<OwnState>,
    fields: Vec<CaseField>,
}

/// The kinds, own states and fields of the house, also those that are out of use.
#[utoipa::path(get, path = "/attributes", tag = "cases", responses((status = 200, body = Offered)))]
pub(super) async fn offered(actor: Actor, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let offered = Offered {
        priorities: Priority::ALL.to_vec(),
        kinds: attributes::kinds(&mut tx).await?,
        own_states: attributes::own_states(&mut tx).await?,
        fields: attributes::fields(&mut tx).await?,
    };
    Ok(Json(offered).into_response())
}

#[derive(Deserialize, IntoParams)]
pub(super) struct TagQuery {
    /// A part of the name.
    #[serde(default)]
    q: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct TagList {
    items: Vec<Tag>,
}

/// Up to twenty tags whose names contain what is typed.
#[utoipa::path(get, path = "/tags", tag = "cases", params(TagQuery), responses((status = 200, body = TagList)))]
pub(super) async fn tags(
    actor: Actor,
    State(app): State<App>,
    Query(query): Query<TagQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let items = attributes::tags_like(&mut app.db.read().await?, &query.q, OFFERED).await?;
    Ok(Json(TagList { items }).into_response())
}

#[derive(Deserialize, ToSchema)]
pub(super) struct PriorityForm {
    /// `low`, `normal` or `high`
    #[schema(inline)]
    priority: Priority,
}

/// How urgent the case is.
#[utoipa::path(post, path = "/cases/{number}/priority", tag = "cases", params(("number" = String, Path)),
    request_body = PriorityForm, responses((status = 200, body = AttributesJson), (status = 422)))]
pub(super) async fn set_priority(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<PriorityForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    attributes::set_priority(&app, &actor, case.id, form.priority).await?;
    changed(&app, &wants, &case, "attr-priority-set").await
}

/// An id, as text or number; empty for none.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Chosen {
    Number(i64),
    Text(String),
}

impl Chosen {
    fn id(&self, field: &'static str) -> Result<Option<i64>> {
        match self {
            Self::Number(id) => Ok(Some(*id)),
            Self::Text(text) if text.trim().is_empty() => Ok(None),
            Self::Text(text) => {
                let id = text.trim().parse();
                id.map(Some).map_err(|_| Error::invalid(field, "error-field-malformed"))
            }
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CaseKindChoice)]
pub(super) struct KindForm {
    /// The id of a kind, as text or number; empty for none.
    #[schema(value_type = String)]
    kind: Chosen,
}

/// What the case is about.
#[utoipa::path(post, path = "/cases/{number}/kind", tag = "cases", params(("number" = String, Path)),
    request_body = KindForm, responses((status = 200, body = AttributesJson), (status = 404), (status = 422)))]
pub(super) async fn set_kind(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<KindForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    attributes::set_kind(&app, &actor, case.id, form.kind.id("kind")?.map(CaseKindId)).await?;
    changed(&app, &wants, &case, "attr-kind-set").await
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CaseStateChoice)]
pub(super) struct StateForm {
    /// `open`, `waiting`, `closed`, or the id of a state of the house's own, as text or number.
    #[schema(value_type = String)]
    state: Chosen,
}

impl StateForm {
    fn parse(&self) -> Result<NewState> {
        if let Chosen::Text(text) = &self.state
            && let Some(base) = Status::from_code(text)
        {
            return Ok(NewState::Base(base));
        }
        let own = self.state.id("state")?.ok_or_else(|| Error::invalid("state", "error-field-required"))?;
        Ok(NewState::Own(OwnStateId(own)))
    }
}

/// How the case stands; what the state means happens, too: it is closed, opened again, or waits.
#[utoipa::path(post, path = "/cases/{number}/state", tag = "cases", params(("number" = String, Path)),
    request_body = StateForm, responses((status = 200, body = AttributesJson), (status = 404), (status = 422)))]
pub(super) async fn set_state(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<StateForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    attributes::set_state(&app, &actor, case.id, form.parse()?).await?;
    changed(&app, &wants, &case, "attr-state-set").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct TagForm {
    name: String,
}

/// Adds a tag; one that the house does not know yet is made.
#[utoipa::path(post, path = "/cases/{number}/tags", tag = "cases", params(("number" = String, Path)),
    request_body = TagForm, responses((status = 200, body = AttributesJson), (status = 422)))]
pub(super) async fn add_tag(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<TagForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    attributes::add_tag(&app, &actor, case.id, &form.name).await?;
    changed(&app, &wants, &case, "attr-tagged").await
}

/// Takes a tag from the case.
#[utoipa::path(post, path = "/cases/{number}/tags/{id}/remove", tag = "cases",
    params(("number" = String, Path), ("id" = i64, Path)), responses((status = 200, body = AttributesJson)))]
pub(super) async fn remove_tag(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((number, tag)): Id<(String, i64)>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    attributes::remove_tag(&app, &actor, case.id, TagId(tag)).await?;
    changed(&app, &wants, &case, "attr-untagged").await
}

/// What is written into a field. The page sends one box per choice, since forms know no lists.
#[derive(Deserialize, ToSchema)]
pub(super) struct FieldInput {
    /// Text, number, true or false, a list of choices; empty or null for nothing.
    #[serde(default)]
    #[schema(value_type = Object)]
    value: serde_json::Value,
    /// What stood there when the writer looked; missing: whatever stands there is overwritten.
    seen: Option<String>,
    /// `choice_` and the key of one that is ticked.
    #[serde(flatten)]
    #[schema(ignore)]
    boxes: BTreeMap<String, serde_json::Value>,
}

impl FieldInput {
    fn text(&self) -> String {
        let ticked: Vec<&str> = self.boxes.keys().filter_map(|name| name.strip_prefix("choice_")).collect();
        if ticked.is_empty() { plain(&self.value) } else { ticked.join(",") }
    }
}

/// A JSON value as a person would type it.
fn plain(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(many) => many.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Object(_) => serde_json::from_value::<money::Money>(value.clone()).map_or_else(
            |_| value.to_string(),
            |sum| format!("{}.{:02} {}", sum.cents / 100, (sum.cents % 100).abs(), sum.currency.code()),
        ),
    }
}

/// Writes into a field that the house made.
#[utoipa::path(post, path = "/cases/{number}/fields/{key}", tag = "cases",
    params(("number" = String, Path), ("key" = String, Path)),
    request_body = FieldInput, responses((status = 200, body = AttributesJson), (status = 404), (status = 422)))]
pub(super) async fn set_field(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((number, key)): Id<(String, String)>,
    Input(form): Input<FieldInput>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let (text, seen) = (form.text(), form.seen.as_deref());
    let written = Written { text: &text, notation: wants.notation(), seen };
    attributes::set_field(&app, &actor, case.id, &key, written).await?;
    changed(&app, &wants, &case, "attr-field-set").await
}
