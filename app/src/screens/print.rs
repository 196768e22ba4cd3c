//! A case on paper: what was said in it, whole and in its order; the browser makes the PDF.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cases;
use crate::cases::web::CaseJson;
use crate::cases::{Attachment, Contact, Direction, Line};
use crate::platform::{Actor, App, Area, ContactId, Id, Page, Query, Result, Right, Wants};

/// More is a book.
const MOST: i64 = 2_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(print))
}

#[derive(Deserialize, IntoParams)]
struct PrintQuery {
    /// "yes": with what is internal.
    #[serde(default)]
    notes: String,
}

/// A contact with its files.
struct Said {
    contact: Contact,
    files: Vec<Attachment>,
}

impl Said {
    fn is_note(&self) -> bool {
        self.contact.direction == Direction::Note
    }
}

#[derive(Template, Serialize)]
#[template(path = "screens/views/print.html")]
struct PrintView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    head: Line,
    #[serde(skip)]
    said: Vec<Said>,
    #[serde(skip)]
    notes: bool,
    #[serde(flatten)]
    case: CaseJson,
}

/// A case to be printed, with its internal notes or without.
#[utoipa::path(get, path = "/cases/{number}/print", tag = "cases", params(("number" = String, Path), PrintQuery),
    responses((status = 200, body = CaseJson), (status = 404)))]
async fn print(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<PrintQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let case = cases::by_number(&mut tx, &number).await?;
    let line = cases::line(&mut tx, case.id).await?;
    let notes = query.notes == "yes";
    let mut contacts = cases::contacts_before(&mut tx, case.id, None, MOST).await?;
    contacts.retain(|contact| contact.state != cases::State::Withdrawn);
    contacts.retain(|contact| notes || contact.direction != Direction::Note);
    let ids: Vec<ContactId> = contacts.iter().map(|contact| contact.id).collect();
    let mut files = cases::attachments_of(&mut tx, &ids).await?;
    let with_files =
        |contact: Contact| Said { files: files.remove(&contact.id).unwrap_or_default(), contact };
    let said = contacts.into_iter().map(with_files).collect();
    let page = wants.page(&app, &actor, Area::Inbox);
    wants.answer(&PrintView { page, case: CaseJson::of(&line), head: line, said, notes })
}
