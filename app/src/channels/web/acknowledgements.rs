//! What queues say to new mails by themselves, and what the house says at the end of complaints.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cases::complaint::{self, ComplaintSettings};
use crate::channels::acknowledge::{self, AcknowledgementSettings};
use crate::people;
use crate::people::Queue;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Page, Query, QueueId, Result, Right, Wants,
};

const URL: &str = "/settings/acknowledgements";

#[derive(Deserialize, IntoParams)]
pub struct EditQuery {
    /// The queue whose texts are edited.
    queue: Option<i64>,
}

/// A queue with what it says.
#[derive(Serialize, ToSchema)]
struct AcknowledgingQueue {
    queue: Queue,
    says: AcknowledgementSettings,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/acknowledgements.html")]
struct AcknowledgementsView {
    #[serde(skip)]
    page: Page,
    queues: Vec<AcknowledgingQueue>,
    complaints: ComplaintSettings,
    #[serde(skip)]
    edited: Option<AcknowledgingQueue>,
    #[serde(skip)]
    errors: Corrections,
}

/// What a queue says, as a form sends it.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct AcknowledgementForm {
    /// "yes": new mails are acknowledged.
    is_on: String,
    /// With `{name}`, `{nummer}`, `{betreff}`, `{bis}`, `{haus}`; empty: the usual text.
    text_de: String,
    /// For those who are addressed informally; empty: as for the others.
    text_de_informal: String,
    text_en: String,
}

/// What queues say to new mails by themselves.
#[utoipa::path(get, path = "/settings/acknowledgements", tag = "settings", params(EditQuery),
    responses((status = 200, body = AcknowledgementsView)))]
pub async fn show(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let edited = query.queue.map(|queue| (QueueId(queue), None));
    render(&app, &actor, &wants, edited, Vec::new()).await
}

async fn render(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    edited: Option<(QueueId, Option<AcknowledgementSettings>)>,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let mut queues = Vec::new();
    for queue in people::queues(&mut tx).await? {
        let says = acknowledge::settings(&mut tx, queue.id).await?;
        queues.push(AcknowledgingQueue { queue, says });
    }
    let edited = edited.and_then(|(id, sent)| {
        let line = queues.iter().find(|line| line.queue.id == id)?;
        let says = sent.unwrap_or_else(|| line.says.clone());
        Some(AcknowledgingQueue { queue: line.queue.clone(), says })
    });
    let view = AcknowledgementsView {
        page: wants.page(app, actor, Area::Settings),
        queues,
        complaints: complaint::settings(&mut tx).await?,
        edited,
        errors: Corrections::new("", errors),
    };
    wants.answer_as(if view.errors.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &view)
}

/// Sets what a queue says to new mails.
#[utoipa::path(post, path = "/settings/acknowledgements/{id}", tag = "settings", params(("id" = i64, Path)),
    request_body = AcknowledgementForm,
    responses((status = 200, body = AcknowledgementSettings), (status = 404), (status = 422)))]
pub async fn set(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<QueueId>,
    Input(form): Input<AcknowledgementForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let says = AcknowledgementSettings {
        is_on: form.is_on == "yes",
        text_de: form.text_de,
        text_de_informal: form.text_de_informal,
        text_en: form.text_en,
    };
    match acknowledge::set(&app, &actor, id, &says).await {
        Ok(()) => wants.done(URL, "saved", &says),
        Err(Error::Invalid(errors)) if !wants.json => {
            render(&app, &actor, &wants, Some((id, Some(says))), errors).await
        }
        Err(error) => Err(error),
    }
}
