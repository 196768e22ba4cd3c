//! Tasks of cases, and the checklists that make them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Changed, changed, find, offer_undo};
use crate::cases::tasks::{self, Checklist, Item, NewTask, Task};
use crate::people;
use crate::people::Queue;
use crate::platform::parts;
use crate::platform::web::{Corrections, moment};
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Page, PersonId, Query, QueueId, Result, Right, Wants,
};

/// Tasks on one page.
const LINES: i64 = 50;

#[derive(Deserialize, ToSchema)]
pub(super) struct TaskForm {
    title: String,
    /// A person's id; empty: whoever works on the case.
    #[serde(default)]
    person: String,
    /// RFC 3339, or a local date and time as a form sends it; empty: no day.
    #[serde(default)]
    due: String,
}

impl TaskForm {
    fn parse(self, app: &App) -> Result<NewTask> {
        let due = match self.due.trim() {
            "" => None,
            text => Some(moment(app, "due", text)?),
        };
        Ok(NewTask { title: self.title, person: self.person.parse().ok().map(PersonId), due })
    }
}

/// Adds a task to the case.
#[utoipa::path(post, path = "/cases/{number}/tasks", tag = "cases", params(("number" = String, Path)),
    request_body = TaskForm, responses((status = 200, body = Task), (status = 422)))]
pub(super) async fn add(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<TaskForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let task = tasks::add(&app, &actor, case.id, &form.parse(&app)?).await?;
    let task = tasks::task(&mut app.db.read().await?, task).await?;
    wants.done(&format!("/cases/{number}"), "task-added", &task)
}

/// Says anew what is to do, who does it and until when.
#[utoipa::path(post, path = "/tasks/{id}", tag = "cases", params(("id" = i64, Path)),
    request_body = TaskForm, responses((status = 200, body = Task), (status = 404), (status = 422)))]
pub(super) async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<TaskForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let task = tasks::change(&app, &actor, id, &form.parse(&app)?).await?;
    back(&wants, &task, "task-changed")
}

/// To the page it was sent from: the list of tasks or the case.
fn back(wants: &Wants, task: &Task, word: &'static str) -> Result<Response> {
    let list = wants.from.as_deref().is_some_and(|page| page.starts_with("/tasks"));
    let page = if list { "/tasks".to_owned() } else { format!("/cases/{}", task.number) };
    wants.done(&page, word, task)
}

/// The task is done.
#[utoipa::path(post, path = "/tasks/{id}/end", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Task), (status = 404), (status = 409)))]
pub(super) async fn end(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let task = tasks::end(&app, &actor, id).await?;
    back(&wants, &task, "task-ended")
}

/// The task is to do again.
#[utoipa::path(post, path = "/tasks/{id}/reopening", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Task), (status = 404), (status = 409)))]
pub(super) async fn reopen(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let task = tasks::reopen(&app, &actor, id).await?;
    back(&wants, &task, "task-reopened")
}

/// The task was a mistake.
#[utoipa::path(post, path = "/tasks/{id}/removal", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Task), (status = 404)))]
pub(super) async fn remove(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let task = tasks::remove(&app, &actor, id).await?;
    back(&wants, &task, "task-removed")
}

#[derive(Deserialize, IntoParams)]
pub(super) struct TaskQuery {
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/views/tasks.html")]
pub(super) struct TasksView {
    #[serde(skip)]
    page: Page,
    items: Vec<Task>,
    next: Option<String>,
}

/// What the reader has to do, the most urgent first.
#[utoipa::path(get, path = "/tasks", tag = "cases", params(TaskQuery), responses((status = 200, body = TasksView)))]
pub(super) async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<TaskQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let limit = parts::limit(query.limit, LINES);
    let cursor = query.cursor.as_deref().and_then(parts::read_cursor);
    let mut tx = app.db.read().await?;
    let items = tasks::tasks_of(&mut tx, &actor, cursor, limit + 1).await?;
    let (items, next) = parts::cut(items, limit, |last| parts::cursor(last.sort_at, last.id));
    let mut page = wants.page(&app, &actor, Area::Inbox);
    offer_undo(&mut page, &mut tx, &actor, app.now()).await?;
    wants.answer(&TasksView { page, items, next })
}

#[derive(Deserialize, ToSchema)]
pub(super) struct PickForm {
    /// The checklist's id.
    checklist: String,
}

/// Makes the tasks of a checklist on the case.
#[utoipa::path(post, path = "/cases/{number}/checklist", tag = "cases", params(("number" = String, Path)),
    request_body = PickForm, responses((status = 200, body = Changed), (status = 404), (status = 422)))]
pub(super) async fn apply(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<PickForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let list = form.checklist.parse().map_err(|_| Error::invalid("checklist", "checklist-choose"))?;
    tasks::apply(&app, &actor, case.id, list).await?;
    changed(&app, &wants, &number, "checklist-applied").await
}

/// A checklist as people write it: one task a line, the days after ` +`.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(super) struct ChecklistForm {
    /// Empty to add.
    #[serde(default)]
    id: String,
    name: String,
    /// The id of the only queue it is for; empty: for all.
    #[serde(default)]
    queue: String,
    /// One task a line; "Call back +2" is due two days after it was picked.
    items: String,
    /// "yes" unless it is out of use.
    #[serde(default)]
    active: String,
}

impl ChecklistForm {
    fn of(list: &Checklist) -> Self {
        let line = |item: &Item| match item.days {
            Some(days) => format!("{} +{days}", item.title),
            None => item.title.clone(),
        };
        Self {
            id: list.id.to_string(),
            name: list.name.clone(),
            queue: list.queue.map(|queue| queue.to_string()).unwrap_or_default(),
            items: list.items.iter().map(line).collect::<Vec<_>>().join("\n"),
            active: if list.active { "yes".into() } else { String::new() },
        }
    }

    fn parse(&self) -> Checklist {
        let item = |line: &str| match line.rsplit_once(" +") {
            Some((title, days)) if days.trim().parse::<u32>().is_ok() => {
                Item { title: title.trim().to_owned(), days: days.trim().parse().ok() }
            }
            _ => Item { title: line.to_owned(), days: None },
        };
        let lines = self.items.lines().map(str::trim).filter(|line| !line.is_empty());
        Checklist {
            id: self.id.parse().unwrap_or(0),
            name: self.name.clone(),
            queue: self.queue.parse().ok().map(QueueId),
            active: self.id.is_empty() || self.active == "yes",
            items: lines.map(item).collect(),
        }
    }

    fn is_of(&self, queue: &QueueId) -> bool {
        self.queue == queue.to_string()
    }
}

#[derive(Deserialize, IntoParams)]
pub(super) struct EditQuery {
    /// The id of what the form changes; without it the form adds.
    edit: Option<i64>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/views/checklists.html")]
pub(super) struct ChecklistsView {
    #[serde(skip)]
    page: Page,
    items: Vec<Checklist>,
    next: Option<String>,
    #[serde(skip)]
    queues: Vec<Queue>,
    #[serde(skip)]
    form: ChecklistForm,
    #[serde(skip)]
    errors: Corrections,
}

impl ChecklistsView {
    fn queue(&self, list: &Checklist) -> Option<&str> {
        self.queues.iter().find(|queue| Some(queue.id) == list.queue).map(|queue| queue.name.as_str())
    }
}

/// The checklists.
#[utoipa::path(get, path = "/settings/checklists", tag = "settings", params(EditQuery),
    responses((status = 200, body = ChecklistsView)))]
pub(super) async fn checklists(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let known = tasks::checklists(&mut app.db.read().await?).await?;
    let edited = known.iter().find(|list| Some(list.id) == query.edit);
    let form = edited.map(ChecklistForm::of).unwrap_or_default();
    show(&app, &actor, &wants, StatusCode::OK, form, Vec::new()).await
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: ChecklistForm,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let view = ChecklistsView {
        page: wants.page(app, actor, Area::Settings),
        items: tasks::checklists(&mut tx).await?,
        next: None,
        queues: people::queues(&mut tx).await?,
        form,
        errors: Corrections::new("", errors),
    };
    wants.answer_as(status, &view)
}

/// Adds a checklist, or writes one anew.
#[utoipa::path(post, path = "/settings/checklists", tag = "settings", request_body = ChecklistForm,
    responses((status = 200, body = Checklist), (status = 404), (status = 422)))]
pub(super) async fn save(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<ChecklistForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let mut list = form.parse();
    match tasks::save_checklist(&app, &actor, &list).await {
        Ok(id) => {
            list.id = id;
            wants.done("/settings/checklists", "saved", &list)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(error) => Err(error),
    }
}
