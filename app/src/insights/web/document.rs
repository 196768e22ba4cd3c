//! Documenting a case: the dialog as a page of its own, and what becomes of what it sends.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dialog::{DocumentDialog, add_causes, dialog};
use super::form::{FindingsForm, Standing};
use crate::cases;
use crate::findings;
use crate::findings::Finding;
use crate::insights::document;
use crate::platform::{Actor, App, Area, Error, FieldError, Id, Input, Page, Query, Result, Right, Wants};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(document_page)).routes(routes!(post_findings))
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "insights/views/document.html")]
struct DocumentView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    dialog: DocumentDialog,
    #[serde(skip)]
    errors: Vec<FieldError>,
}

#[derive(Deserialize, IntoParams)]
struct DocumentQuery {
    /// Words of another cause's title.
    q: Option<String>,
}

/// How a case could be documented: proposals, and what was documented.
#[utoipa::path(get, path = "/cases/{number}/document", tag = "insights",
    params(("number" = String, Path), DocumentQuery),
    responses((status = 200, body = DocumentView), (status = 404)))]
async fn document_page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<DocumentQuery>,
) -> Result<Response> {
    actor.may(Right::Document)?;
    let mut tx = app.db.read().await?;
    let case = cases::by_number(&mut tx, &number).await?.id;
    let query = query.q.unwrap_or_default();
    let dialog = dialog(&app, &mut tx, &wants.words, case, &query).await?;
    wants.answer(&DocumentView { page: wants.page(&app, &actor, Area::Inbox), dialog, errors: Vec::new() })
}

#[derive(Serialize, ToSchema)]
struct Documented {
    unknown: bool,
    findings: Vec<Finding>,
}

/// Documents a case; what stood before and is not said again is withdrawn.
#[utoipa::path(post, path = "/cases/{number}/findings", tag = "insights", params(("number" = String, Path)),
    request_body = FindingsForm,
    responses((status = 200, body = Documented), (status = 303, description = "documented"), (status = 422)))]
async fn post_findings(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<FindingsForm>,
) -> Result<Response> {
    actor.may(Right::Document)?;
    let mut tx = app.db.read().await?;
    let row = cases::by_number(&mut tx, &number).await?;
    let case = row.id;
    let standing = findings::of_case(&mut tx, case).await?;
    drop(tx);
    let written = match form.said(&Standing { findings: &standing, product: row.product }) {
        Ok(said) => document(&app, &actor, case, said).await,
        Err(error) => Err(error),
    };
    let mut tx = app.db.read().await?;
    match written {
        Ok(()) => {
            let unknown = findings::is_unknown(&mut tx, case).await?;
            let documented = Documented { unknown, findings: findings::of_case(&mut tx, case).await? };
            wants.done(&format!("/cases/{number}"), "document-done", &documented)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            let mut dialog = dialog(&app, &mut tx, &wants.words, case, "").await?;
            add_causes(&mut tx, &mut dialog, &form.insights()).await?;
            form.refill(&mut dialog);
            let page = wants.page(&app, &actor, Area::Inbox);
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &DocumentView { page, dialog, errors })
        }
        Err(error) => Err(error),
    }
}
