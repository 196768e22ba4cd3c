//! Two cases are one, one is two, or they have to do with each other.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Changed, changed, find};
use crate::cases;
use crate::cases::{Picked, Split, Tie};
use crate::platform::{
    Actor, App, CaseId, ContactId, CustomerId, Error, Id, Input, Query, Result, Right, Tx, Wants,
};

#[derive(Deserialize, IntoParams)]
pub(super) struct PickQuery {
    /// A number, words of the subject or of what was said, the customer's name.
    #[serde(default)]
    q: String,
    /// As long as nothing is typed: what of this customer is not closed.
    customer: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct PickedCases {
    items: Vec<Picked>,
}

/// Cases to choose from, the likeliest first.
#[utoipa::path(get, path = "/pick/cases", tag = "cases", params(PickQuery),
    responses((status = 200, body = PickedCases)))]
pub(super) async fn pick(
    actor: Actor,
    State(app): State<App>,
    Query(query): Query<PickQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let customer = query.customer.and_then(|id| id.parse().ok()).map(CustomerId);
    let items = cases::pick(&app, &actor, &query.q, customer).await?;
    Ok(Json(PickedCases { items }).into_response())
}

/// Numbers of cases: a list, or a text with spaces or commas between them.
#[derive(Default, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = CaseNumbers)]
pub(super) enum Numbers {
    List(Vec<String>),
    Text(String),
    #[default]
    None,
}

impl Numbers {
    fn list(self) -> Vec<String> {
        match self {
            Self::List(numbers) => numbers,
            Self::Text(text) => {
                let parts = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
                parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
            }
            Self::None => Vec::new(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
pub(super) struct MergeForm {
    /// Numbers of cases that go into this one.
    #[serde(default)]
    cases: Numbers,
    /// Ticked suggestions of the page: `case-` and the number.
    #[serde(flatten)]
    #[schema(ignore)]
    ticked: HashMap<String, String>,
}

impl MergeForm {
    fn numbers(self) -> Vec<String> {
        let ticked = self.ticked.into_keys().filter_map(|name| name.strip_prefix("case-").map(str::to_owned));
        ticked.chain(self.cases.list()).collect()
    }
}

/// Moves everything of other cases into this one; their numbers lead here from then on.
#[utoipa::path(post, path = "/cases/{number}/merge", tag = "cases", params(("number" = String, Path)),
    request_body = MergeForm, responses((status = 200, body = Changed), (status = 409), (status = 422)))]
pub(super) async fn merge(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<MergeForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let into = find(&app, &number).await?;
    let mut from = Vec::new();
    for number in form.numbers() {
        from.push(named(&mut app.db.read().await?, "cases", &number).await?);
    }
    let case = cases::merge(&app, &actor, into.id, &from).await?;
    changed(&app, &wants, &case.number, "case-merged").await
}

/// The case with this number, as somebody typed it into a field.
async fn named(tx: &mut Tx, field: &'static str, number: &str) -> Result<CaseId> {
    let known = cases::find_number(tx, number.trim()).await?;
    known.map(|case| case.id).ok_or_else(|| Error::invalid(field, "case-number-unknown"))
}

/// Takes a merge back: the case has again what it brought along. What came to the other one since stays there.
#[utoipa::path(post, path = "/cases/{number}/unmerge", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Changed), (status = 404)))]
pub(super) async fn unmerge(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = cases::numbered(&mut app.db.read().await?, &number).await?;
    let case = cases::unmerge(&app, &actor, case.id).await?;
    changed(&app, &wants, &case.number, "case-parted").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct SplitForm {
    /// Ids of contacts, with spaces or commas between them.
    #[serde(default)]
    contacts: String,
    /// Empty: what the first of them is about.
    #[serde(default)]
    subject: String,
    /// The id of another customer; empty: the same.
    #[serde(default)]
    customer: String,
    /// Ticked contacts of the page: `contact-` and the id.
    #[serde(flatten)]
    #[schema(ignore)]
    ticked: HashMap<String, String>,
}

impl SplitForm {
    fn contacts(&self) -> Vec<ContactId> {
        let ticked = self.ticked.keys().filter_map(|name| name.strip_prefix("contact-"));
        let typed = self.contacts.split(|c: char| !c.is_ascii_digit());
        ticked.chain(typed).filter_map(|id| id.parse().ok()).map(ContactId).collect()
    }
}

/// Makes some contacts of a case a case of their own.
#[utoipa::path(post, path = "/cases/{number}/split", tag = "cases", params(("number" = String, Path)),
    request_body = SplitForm, responses((status = 200, body = Changed), (status = 409), (status = 422)))]
pub(super) async fn split(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<SplitForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let contacts = form.contacts();
    let split =
        Split { contacts, subject: form.subject, customer: form.customer.parse().ok().map(CustomerId) };
    let new = cases::split(&app, &actor, case.id, &split).await?;
    changed(&app, &wants, &new.number, "case-was-split").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct RelationForm {
    /// The number of the other case.
    other: String,
    /// What it is to this one: `related`, `parent`, `child`, `original` or `duplicate`.
    tie: String,
    /// "yes": as a duplicate of it, this case is closed.
    #[serde(default)]
    close: String,
}

/// Says what another case is to this one.
#[utoipa::path(post, path = "/cases/{number}/relations", tag = "cases", params(("number" = String, Path)),
    request_body = RelationForm, responses((status = 200, body = Changed), (status = 422)))]
pub(super) async fn relate(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<RelationForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let other = named(&mut app.db.read().await?, "other", &form.other).await?;
    let tie = Tie::from_code(&form.tie).ok_or_else(|| Error::invalid("tie", "error-field-malformed"))?;
    if tie == Tie::Original && form.close == "yes" {
        cases::close_as_duplicate(&app, &actor, case.id, other).await?;
        return changed(&app, &wants, &number, "case-closed").await;
    }
    cases::relate(&app, &actor, case.id, other, tie).await?;
    changed(&app, &wants, &number, "case-related").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct OtherForm {
    /// The number of the other case.
    other: String,
}

/// Says that another case has nothing to do with this one.
#[utoipa::path(post, path = "/cases/{number}/relations/removal", tag = "cases", params(("number" = String, Path)),
    request_body = OtherForm, responses((status = 200, body = Changed), (status = 404)))]
pub(super) async fn unrelate(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<OtherForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let other = cases::numbered(&mut app.db.read().await?, form.other.trim()).await?;
    cases::unrelate(&app, &actor, case.id, other.id).await?;
    changed(&app, &wants, &number, "case-unrelated").await
}
