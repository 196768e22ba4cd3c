//! The list of customers to be told: prepare, change, approve.

mod view;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::view::{TellQuery, TellView};
use crate::insights;
use crate::insights::tell::{self, Template as Message, Templates};
use crate::platform::{
    Actor, App, CustomerId, Error, Id, Input, InsightId, Language, Query, Result, Right, Wants, Words,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(page, prepare))
        .routes(routes!(rewrite))
        .routes(routes!(change))
        .routes(routes!(approve))
        .routes(routes!(take_back))
}

/// Who said it, who knows, and what they will be told.
#[utoipa::path(get, path = "/insights/{id}/tell", tag = "insights", params(("id" = i64, Path), TellQuery),
    responses((status = 200, body = TellView), (status = 404)))]
async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(insight): Id<i64>,
    Query(query): Query<TellQuery>,
) -> Result<Response> {
    may_see(&actor)?;
    let view = TellView::load(&app, &actor, &wants, InsightId(insight), &query).await?;
    wants.answer(&view)
}

/// Names and addresses: for those who tell or approve, not for other departments.
fn may_see(actor: &Actor) -> Result<()> {
    if actor.can(Right::TellCustomers) { Ok(()) } else { actor.may(Right::ApproveTelling) }
}

#[derive(Serialize, ToSchema)]
struct Prepared {
    telling: i64,
}

/// Prepares a message for every customer who said it and does not know yet.
#[utoipa::path(post, path = "/insights/{id}/tell", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Prepared), (status = 422)))]
async fn prepare(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(insight): Id<i64>,
) -> Result<Response> {
    actor.may(Right::TellCustomers)?;
    let mut tx = app.db.read().await?;
    let about = insights::insight(&mut tx, InsightId(insight)).await?;
    drop(tx);
    let template = |language| {
        let words = Words::new(language, app.zone(), app.now());
        let wish = about.kind == insights::Kind::Wish;
        let key = if wish { "tell-template-wish" } else { "tell-template-fixed" };
        // The title is in the house's language, which is that of who prepares; the other one has to be written.
        let what = if language == wants.words.language { about.title.clone() } else { String::new() };
        Message { text: words.with(key, "house", &app.settings().house).into_owned(), what }
    };
    let (de, en) = (template(Language::De), template(Language::En));
    let templates = Templates { de, de_informal: String::new(), en };
    let telling = tell::prepare(&app, &actor, InsightId(insight), templates).await?;
    wants.done(&format!("/insights/{insight}/tell"), "tell-prepared", &Prepared { telling })
}

#[derive(Deserialize, ToSchema)]
struct TemplatesForm {
    insight: i64,
    /// Placeholders: `{anrede}`, `{name}`, `{fall}`, `{was}`, or in English `{greeting}`, `{name}`, `{case}`, `{what}`
    de: String,
    /// The German message for those who are addressed informally; empty: the other one.
    #[serde(default)]
    de_informal: String,
    en: String,
    /// What `{was}` stands for in the German message.
    #[serde(default)]
    what_de: String,
    /// What `{what}` stands for in the English message.
    #[serde(default)]
    what_en: String,
}

/// Changes what everybody is told.
#[utoipa::path(post, path = "/tellings/{id}/templates", tag = "insights", params(("id" = i64, Path)),
    request_body = TemplatesForm, responses((status = 200, body = Prepared), (status = 409), (status = 422)))]
async fn rewrite(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(telling): Id<i64>,
    Input(form): Input<TemplatesForm>,
) -> Result<Response> {
    actor.may(Right::TellCustomers)?;
    let templates = Templates {
        de: Message { text: form.de, what: form.what_de.trim().to_owned() },
        de_informal: form.de_informal.trim().to_owned(),
        en: Message { text: form.en, what: form.what_en.trim().to_owned() },
    };
    match tell::rewrite(&app, &actor, telling, &templates).await {
        Ok(()) => wants.done(&format!("/insights/{}/tell", form.insight), "saved", &Prepared { telling }),
        Err(Error::Invalid(errors)) if !wants.json => {
            let about = InsightId(form.insight);
            let view = TellView::load(&app, &actor, &wants, about, &TellQuery::default()).await?;
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &view.corrected(templates, errors))
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize, ToSchema)]
struct RecipientForm {
    insight: i64,
    /// The message for this customer; empty: the template.
    text: Option<String>,
    /// `true` leaves them out, `false` takes them in again.
    skipped: Option<bool>,
}

/// Changes one customer's message, or leaves them out.
#[utoipa::path(post, path = "/tellings/{id}/customers/{customer}", tag = "insights",
    params(("id" = i64, Path), ("customer" = i64, Path)), request_body = RecipientForm,
    responses((status = 200, body = Prepared), (status = 409), (status = 422)))]
async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((telling, customer)): Id<(i64, i64)>,
    Input(form): Input<RecipientForm>,
) -> Result<Response> {
    actor.may(Right::TellCustomers)?;
    let customer = CustomerId(customer);
    if let Some(text) = &form.text {
        tell::edit(&app, &actor, telling, customer, text).await?;
    }
    if let Some(skipped) = form.skipped {
        tell::skip(&app, &actor, telling, customer, skipped).await?;
    }
    wants.done(&format!("/insights/{}/tell", form.insight), "saved", &Prepared { telling })
}

#[derive(Deserialize, IntoParams)]
struct Approval {
    /// How many customers will be told, as whoever approves was shown; pages have to say it.
    customers: Option<i64>,
}

/// Lets the messages go; needs somebody other than who prepared them.
#[utoipa::path(post, path = "/tellings/{id}/approval", tag = "insights", params(("id" = i64, Path), Approval),
    responses((status = 200, body = Prepared), (status = 409), (status = 422)))]
async fn approve(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(telling): Id<i64>,
    Query(approval): Query<Approval>,
) -> Result<Response> {
    actor.may(Right::ApproveTelling)?;
    let insight = match approval.customers {
        Some(customers) => tell::approve_for(&app, &actor, telling, customers).await?,
        None if wants.json => tell::approve(&app, &actor, telling).await?,
        None => return Err(Error::invalid("customers", "tell-count-changed")),
    };
    wants.done(&format!("/insights/{insight}/tell"), "tell-approved", &Prepared { telling })
}

/// Takes the whole telling back, as long as it is not approved.
#[utoipa::path(post, path = "/tellings/{id}/end", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Prepared), (status = 409)))]
async fn take_back(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(telling): Id<i64>,
) -> Result<Response> {
    actor.may(Right::TellCustomers)?;
    let insight = tell::take_back(&app, &actor, telling).await?;
    wants.done(&format!("/insights/{insight}/tell"), "tell-taken-back", &Prepared { telling })
}
