//! How long queues wait for their customers.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases;
use crate::cases::Patience;
use crate::people;
use crate::platform::web::Corrections;
use crate::platform::{Actor, App, Area, Error, FieldError, Input, Page, QueueId, Result, Right, Wants};

/// A queue and how long it waits.
#[derive(Serialize, ToSchema)]
struct PatienceLine {
    name: String,
    #[serde(flatten)]
    patience: Patience,
}

impl PatienceLine {
    fn text_de(&self) -> &str {
        self.patience.text_de.as_deref().unwrap_or_default()
    }

    fn text_de_informal(&self) -> &str {
        self.patience.text_de_informal.as_deref().unwrap_or_default()
    }

    fn text_en(&self) -> &str {
        self.patience.text_en.as_deref().unwrap_or_default()
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/views/patience.html")]
pub(super) struct PatienceView {
    #[serde(skip)]
    page: Page,
    items: Vec<PatienceLine>,
    next: Option<String>,
    /// The queue whose form was refused.
    #[serde(skip)]
    wrong: Option<QueueId>,
    #[serde(skip)]
    errors: Corrections,
}

impl PatienceView {
    fn is_wrong(&self, line: &PatienceLine) -> bool {
        self.wrong == Some(line.patience.queue)
    }
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct PatienceForm {
    /// The queue's id.
    queue: String,
    /// "yes" to remind and close.
    #[serde(default)]
    active: String,
    remind_days: String,
    close_days: String,
    /// Empty: the words of the house.
    #[serde(default)]
    text_de: String,
    /// For those who are addressed informally; empty: as for the others.
    #[serde(default)]
    text_de_informal: String,
    #[serde(default)]
    text_en: String,
}

impl PatienceForm {
    fn parse(&self) -> Result<Patience> {
        let number =
            |field, text: &str| text.trim().parse().map_err(|_| Error::invalid(field, "patience-days"));
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let queue = self.queue.parse().map(QueueId).map_err(|_| Error::NotFound)?;
        Ok(Patience {
            queue,
            active: self.active == "yes",
            remind_days: number("remind_days", &self.remind_days)?,
            close_days: number("close_days", &self.close_days)?,
            text_de: text(&self.text_de),
            text_de_informal: text(&self.text_de_informal),
            text_en: text(&self.text_en),
        })
    }
}

/// How long each queue waits for its customers.
#[utoipa::path(get, path = "/settings/patience", tag = "settings", responses((status = 200, body = PatienceView)))]
pub(super) async fn page(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    show(&app, &actor, &wants, StatusCode::OK, None, Vec::new()).await
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    wrong: Option<QueueId>,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let known = cases::patience(&mut tx).await?;
    let line = |queue: people::Queue| {
        let own = known.iter().find(|one| one.queue == queue.id).cloned();
        PatienceLine { patience: own.unwrap_or(Patience::of(queue.id)), name: queue.name }
    };
    let items = people::queues(&mut tx).await?.into_iter().map(line).collect();
    let page = wants.page(app, actor, Area::Settings);
    let errors = Corrections::new("", errors);
    wants.answer_as(status, &PatienceView { page, items, next: None, wrong, errors })
}

/// Sets up how long a queue waits.
#[utoipa::path(post, path = "/settings/patience", tag = "settings", request_body = PatienceForm,
    responses((status = 200, body = Patience), (status = 404), (status = 422)))]
pub(super) async fn save(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<PatienceForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let saved = match form.parse() {
        Ok(patience) => cases::set_patience(&app, &actor, &patience).await.map(|()| patience),
        Err(error) => Err(error),
    };
    match saved {
        Ok(patience) => wants.done("/settings/patience", "saved", &patience),
        Err(Error::Invalid(errors)) if !wants.json => {
            let queue = form.queue.parse().ok().map(QueueId);
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, queue, errors).await
        }
        Err(error) => Err(error),
    }
}
