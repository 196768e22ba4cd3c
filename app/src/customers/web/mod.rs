//! The list of customers and what people do with one. The page of one customer is in `screens`.

mod notes;
mod objections;
mod pick;
mod purchases;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::edit;
use super::model::{Change, Customer, NewCustomer, PointKind};
use crate::platform::parts;
use crate::platform::{
    Actor, App, Area, CustomerId, Error, Id, Input, Language, Page, PersonId, Query, Result, Right, Tone,
    Wants,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(change))
        .routes(routes!(add_point))
        .routes(routes!(remove_point))
        .routes(routes!(point_works))
        .routes(routes!(pick::pick))
        .routes(routes!(notes::add))
        .routes(routes!(notes::remove))
        .routes(routes!(objections::note))
        .routes(routes!(objections::lift))
        .routes(routes!(purchases::product))
        .routes(routes!(purchases::purchase))
        .routes(routes!(purchases::order_state))
}

/// Customers on one page.
const LINES: i64 = 50;

#[derive(Deserialize, IntoParams)]
struct ListQuery {
    /// A part of the name.
    #[serde(default)]
    q: String,
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct CustomerList {
    items: Vec<Customer>,
    next: Option<String>,
}

#[derive(Template, Serialize)]
#[template(path = "customers/views/list.html")]
struct ListView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    typed: String,
    #[serde(skip)]
    first: bool,
    #[serde(flatten)]
    list: CustomerList,
}

impl ListView {
    fn more(&self) -> Option<String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &self.typed).append_pair("cursor", self.list.next.as_ref()?);
        Some(format!("/customers?{}", query.finish()))
    }

    /// The search over everything about customers, not names only.
    fn search(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &self.typed).append_pair("kind", "customer");
        format!("/search?{}", query.finish())
    }
}

/// Customers by name.
#[utoipa::path(get, path = "/customers", tag = "customers", params(ListQuery),
    responses((status = 200, body = CustomerList)))]
async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCustomers)?;
    let mut tx = app.db.read().await?;
    let limit = parts::limit(query.limit, LINES);
    let cursor = query.cursor.as_deref().and_then(read_cursor);
    let first = cursor.is_none();
    let items = super::list(&mut tx, query.q.trim(), cursor, limit + 1).await?;
    let (items, next) = parts::cut(items, limit, |last| format!("{}_{}", last.id, super::fold(&last.name)));
    let list = CustomerList { items, next };
    if wants.json {
        return Ok(Json(list).into_response());
    }
    let page = wants.page(&app, &actor, Area::Customers);
    wants.answer(&ListView { page, typed: query.q.trim().to_owned(), first, list })
}

fn read_cursor(text: &str) -> Option<(String, CustomerId)> {
    let (id, name) = text.split_once('_')?;
    Some((name.to_owned(), CustomerId(id.parse().ok()?)))
}

/// What programs get after a change.
#[derive(Serialize, ToSchema)]
#[schema(as = CustomerChanged)]
pub struct Changed {
    id: CustomerId,
    version: i64,
}

/// Shows the customer, or tells a program the new version.
pub async fn done(app: &App, wants: &Wants, customer: CustomerId, word: &'static str) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let version = super::customer(&mut tx, customer).await?.version;
    wants.done(&format!("/customers/{customer}"), word, &Changed { id: customer, version })
}

/// What a form of a page sends for "nothing".
fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A number, or the empty text of a form's empty choice.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(untagged)]
enum Keeper {
    Id(i64),
    Text(String),
    #[default]
    None,
}

impl Keeper {
    fn person(&self) -> Option<PersonId> {
        match self {
            Self::Id(id) => Some(PersonId(*id)),
            Self::Text(text) => text.parse().ok().map(PersonId),
            Self::None => None,
        }
    }
}

#[derive(Deserialize, ToSchema)]
struct Form {
    /// The version that was edited; not needed for a new customer.
    #[serde(default, deserialize_with = "version")]
    version: i64,
    name: String,
    #[serde(default)]
    salutation: String,
    #[serde(default)]
    street: String,
    #[serde(default)]
    postcode: String,
    #[serde(default)]
    town: String,
    #[serde(default)]
    country: String,
    language: Option<Language>,
    /// `formal` or `informal`; empty: as the queue that writes. Missing: as it was.
    tone: Option<String>,
    /// A person's id.
    #[serde(default)]
    keeper: Keeper,
    /// For a new customer.
    #[serde(default)]
    email: String,
    /// For a new customer.
    #[serde(default)]
    phone: String,
}

impl Form {
    /// What was chosen; as it was `before` if nothing was sent, for programs that know nothing of it.
    fn tone(&self, before: Option<Tone>) -> Result<Option<Tone>> {
        match self.tone.as_deref() {
            None => Ok(before),
            Some("") => Ok(None),
            Some(code) => {
                let tone = Tone::from_code(code);
                tone.map(Some).ok_or_else(|| Error::invalid("tone", "error-field-malformed"))
            }
        }
    }
}

/// Forms send numbers as text.
fn version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(i64),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

/// Adds a customer.
#[utoipa::path(post, path = "/customers", tag = "customers", request_body = Form,
    responses((status = 200, body = Changed), (status = 422)))]
async fn create(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<Form>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    let points = [(PointKind::Email, filled(&form.email)), (PointKind::Phone, filled(&form.phone))];
    let new = NewCustomer {
        name: filled(&form.name).unwrap_or_default(),
        salutation: filled(&form.salutation),
        street: filled(&form.street),
        postcode: filled(&form.postcode),
        town: filled(&form.town),
        country: filled(&form.country),
        language: form.language,
        tone: form.tone(None)?,
        keeper: form.keeper.person(),
        points: points.into_iter().filter_map(|(kind, value)| Some((kind, value?))).collect(),
        ..NewCustomer::default()
    };
    let customer = edit::create(&app, &actor, &new).await?;
    done(&app, &wants, customer, "customers-added").await
}

/// Changes name, salutation, address, language, form of address and keeper.
#[utoipa::path(post, path = "/customers/{id}", tag = "customers", params(("id" = i64, Path)),
    request_body = Form, responses((status = 200, body = Changed), (status = 409), (status = 422)))]
async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<Form>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    let before = super::customer(&mut app.db.read().await?, CustomerId(id)).await?;
    let change = Change {
        version: form.version,
        name: filled(&form.name).unwrap_or_default(),
        salutation: filled(&form.salutation),
        street: filled(&form.street),
        postcode: filled(&form.postcode),
        town: filled(&form.town),
        country: filled(&form.country),
        language: form.language.unwrap_or(Language::De),
        tone: form.tone(before.tone)?,
        keeper: form.keeper.person(),
    };
    edit::change(&app, &actor, CustomerId(id), &change).await?;
    done(&app, &wants, CustomerId(id), "customers-saved").await
}

#[derive(Deserialize, ToSchema)]
struct PointForm {
    kind: PointKind,
    value: String,
}

/// Adds an e-mail address, phone number or handle.
#[utoipa::path(post, path = "/customers/{id}/points", tag = "customers", params(("id" = i64, Path)),
    request_body = PointForm, responses((status = 200, body = Changed), (status = 422)))]
async fn add_point(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<PointForm>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    edit::add_point(&app, &actor, CustomerId(id), form.kind, &form.value).await?;
    done(&app, &wants, CustomerId(id), "customers-saved").await
}

/// Removes a contact point.
#[utoipa::path(post, path = "/customers/{id}/points/{point}/remove", tag = "customers",
    params(("id" = i64, Path), ("point" = i64, Path)),
    responses((status = 200, body = Changed), (status = 404)))]
async fn remove_point(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((id, point)): Id<(i64, i64)>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    edit::remove_point(&app, &actor, CustomerId(id), point).await?;
    done(&app, &wants, CustomerId(id), "customers-saved").await
}

/// Says that an address works from which a mail came back.
#[utoipa::path(post, path = "/customers/{id}/points/{point}/works", tag = "customers",
    params(("id" = i64, Path), ("point" = i64, Path)),
    responses((status = 200, body = Changed), (status = 404)))]
async fn point_works(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((id, point)): Id<(i64, i64)>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    crate::customers::forget_bounce(&app, &actor, CustomerId(id), point).await?;
    done(&app, &wants, CustomerId(id), "customers-saved").await
}
