//! The page of cases that come again: a list with what is next, and one form to add or change.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Draft, Recurring, Rhythm, Unit};
use crate::cases;
use crate::cases::tasks::Checklist;
use crate::people;
use crate::people::{Person, Queue};
use crate::platform::web::{Corrections, meant_day};
use crate::platform::{
    Actor, App, Area, CustomerId, Error, FieldError, Id, Input, Page, PersonId, Query, QueueId, Result,
    Right, Timestamp, Wants,
};
use crate::recurring;

/// Dates shown of each template.
const SHOWN: usize = 3;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, save))
        .routes(routes!(pause))
        .routes(routes!(go_on))
        .routes(routes!(skip))
        .routes(routes!(remove))
}

#[derive(Deserialize, IntoParams)]
struct EditQuery {
    /// The id of what the form changes; without it the form adds.
    edit: Option<i64>,
}

/// A template to add or change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
struct RecurringForm {
    /// Empty to add.
    #[serde(default)]
    id: String,
    subject: String,
    text: String,
    /// The customer's id; empty: for the house itself.
    #[serde(default)]
    customer: String,
    /// The queue's id.
    queue: String,
    /// A person's id; empty: nobody, it waits in its queue.
    #[serde(default)]
    owner: String,
    /// A checklist's id; empty: none.
    #[serde(default)]
    checklist: String,
    every: String,
    /// `day`, `week`, `month` or `year`
    unit: String,
    /// As in 2026-11-30.
    first_day: String,
    /// As in 08:00.
    time: String,
}

impl RecurringForm {
    fn of(row: &Recurring) -> Self {
        let text = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
        Self {
            id: row.id.to_string(),
            subject: row.subject.clone(),
            text: row.text.clone(),
            customer: text(Some(row.customer.0).filter(|_| !row.internal)),
            queue: row.queue.to_string(),
            owner: text(row.owner.map(|owner| owner.0)),
            checklist: text(row.checklist),
            every: row.every.to_string(),
            unit: row.unit.code().to_owned(),
            first_day: row.first_day.clone(),
            time: format!("{:02}:{:02}", row.minute / 60, row.minute % 60),
        }
    }

    fn parse(&self) -> Result<Draft> {
        let wrong = |field| Error::invalid(field, "error-field-malformed");
        let time: Time = self.time.trim().parse().map_err(|_| wrong("time"))?;
        Ok(Draft {
            subject: self.subject.clone(),
            text: self.text.clone(),
            customer: self.customer.parse().ok().map(CustomerId),
            queue: QueueId(self.queue.parse().map_err(|_| wrong("queue"))?),
            owner: self.owner.parse().ok().map(PersonId),
            checklist: self.checklist.parse().ok(),
            rhythm: Rhythm {
                every: self.every.trim().parse().map_err(|_| Error::invalid("every", "recurring-every"))?,
                unit: Unit::from_code(&self.unit).ok_or_else(|| wrong("unit"))?,
                first: meant_day("first_day", &self.first_day)?,
                time,
            },
        })
    }

    fn is_in(&self, queue: &QueueId) -> bool {
        self.queue == queue.to_string()
    }

    fn is_of(&self, owner: &PersonId) -> bool {
        self.owner == owner.to_string()
    }

    fn has(&self, list: &i64) -> bool {
        self.checklist == list.to_string()
    }
}

/// A template with its next dates.
#[derive(Serialize, ToSchema)]
struct RecurringLine {
    #[serde(flatten)]
    recurring: Recurring,
    next: Vec<Timestamp>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "recurring/views/recurring.html")]
struct RecurringView {
    #[serde(skip)]
    page: Page,
    items: Vec<RecurringLine>,
    next: Option<String>,
    #[serde(skip)]
    queues: Vec<Queue>,
    #[serde(skip)]
    owners: Vec<Person>,
    #[serde(skip)]
    checklists: Vec<Checklist>,
    #[serde(skip)]
    form: RecurringForm,
    /// The name of the form's customer.
    #[serde(skip)]
    customer: String,
    #[serde(skip)]
    errors: Corrections,
}

/// Cases that come again, with their next dates.
#[utoipa::path(get, path = "/recurring", tag = "cases", params(EditQuery),
    responses((status = 200, body = RecurringView)))]
async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let form = if let Some(edit) = query.edit {
        RecurringForm::of(&recurring::one(&mut app.db.read().await?, &actor, edit).await?)
    } else {
        let today = app.now().moment().to_zoned(app.zone()).date();
        let (every, unit, time) = ("1".into(), "month".into(), "08:00".into());
        RecurringForm { every, unit, time, first_day: today.to_string(), ..RecurringForm::default() }
    };
    show(&app, &actor, &wants, StatusCode::OK, form, Vec::new()).await
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: RecurringForm,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let mut items = Vec::new();
    for row in recurring::all(&mut tx, actor).await? {
        let before = Timestamp(row.next_at.0 - 1);
        let next =
            if row.paused { Vec::new() } else { recurring::preview(app, &row.rhythm()?, before, SHOWN) };
        items.push(RecurringLine { recurring: row, next });
    }
    let known = items.iter().map(|line| &line.recurring).find(|row| row.id.to_string() == form.id);
    let mut page = wants.page(app, actor, Area::Settings);
    cases::web::offer_undo(&mut page, &mut tx, actor, app.now()).await?;
    let customer = known.filter(|row| !row.internal).map(|row| row.customer_name.clone()).unwrap_or_default();
    let view = RecurringView {
        page,
        items,
        next: None,
        queues: people::queues_for(&mut tx, actor).await?,
        owners: cases::web::owners(&mut tx).await?,
        checklists: cases::tasks::checklists(&mut tx).await?,
        form,
        customer,
        errors: Corrections::new("", errors),
    };
    wants.answer_as(status, &view)
}

/// Adds a case that comes again, or changes one.
#[utoipa::path(post, path = "/recurring", tag = "cases", request_body = RecurringForm,
    responses((status = 200, body = Recurring), (status = 404), (status = 422)))]
async fn save(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<RecurringForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let saved = match form.parse() {
        Ok(draft) => recurring::save(&app, &actor, form.id.parse().ok(), &draft).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(id) => {
            let row = recurring::one(&mut app.db.read().await?, &actor, id).await?;
            wants.done("/recurring", "saved", &row)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(error) => Err(error),
    }
}

/// Opens no more cases until it goes on.
#[utoipa::path(post, path = "/recurring/{id}/pause", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Recurring), (status = 404)))]
async fn pause(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let row = recurring::pause(&app, &actor, id, true).await?;
    wants.done("/recurring", "recurring-paused", &row)
}

/// Goes on with the next date from now.
#[utoipa::path(post, path = "/recurring/{id}/resumption", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Recurring), (status = 404)))]
async fn go_on(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let row = recurring::pause(&app, &actor, id, false).await?;
    wants.done("/recurring", "recurring-goes-on", &row)
}

/// Leaves the next date out.
#[utoipa::path(post, path = "/recurring/{id}/skip", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Recurring), (status = 404)))]
async fn skip(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let row = recurring::skip(&app, &actor, id).await?;
    wants.done("/recurring", "recurring-skipped", &row)
}

/// What programs get of a template that is gone.
#[derive(Serialize, ToSchema)]
struct Removed {
    id: i64,
}

/// Opens no more cases; those that it opened stay.
#[utoipa::path(post, path = "/recurring/{id}/removal", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Removed), (status = 404)))]
async fn remove(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    recurring::remove(&app, &actor, id).await?;
    wants.done("/recurring", "recurring-removed", &Removed { id })
}
