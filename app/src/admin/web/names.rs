//! Teams and departments: the same page twice, a list and one form to add or to give another name.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::people;
use crate::people::{Department, Team};
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, DepartmentId, Error, Input, Page, Query, Result, Right, TeamId, Wants,
};

#[derive(Deserialize, IntoParams)]
pub struct EditQuery {
    /// The id of what the form changes; without it the form adds.
    pub(super) edit: Option<i64>,
}

/// A team or department to add, or to give another name.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct NameForm {
    /// Empty to add.
    #[serde(default)]
    id: String,
    name: String,
}

/// Something with a name.
struct NameLine {
    id: i64,
    name: String,
}

/// Which of the two pages with names it is.
#[derive(Clone, Copy)]
enum Names {
    Teams,
    Departments,
}

impl Names {
    const fn url(self) -> &'static str {
        match self {
            Self::Teams => "/settings/teams",
            Self::Departments => "/settings/departments",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Teams => "settings-teams",
            Self::Departments => "settings-departments",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Teams => "admin-teams-text",
            Self::Departments => "admin-departments-text",
        }
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "admin/views/names.html")]
struct TeamsView {
    #[serde(skip)]
    page: Page,
    items: Vec<Team>,
    next: Option<String>,
    #[serde(skip)]
    frame: NamesFrame,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "admin/views/names.html")]
struct DepartmentsView {
    #[serde(skip)]
    page: Page,
    items: Vec<Department>,
    next: Option<String>,
    #[serde(skip)]
    frame: NamesFrame,
}

/// What both pages show.
struct NamesFrame {
    names: Names,
    lines: Vec<NameLine>,
    form: NameForm,
    errors: Corrections,
}

impl NamesFrame {
    /// `form` was sent and has `errors`, or is empty and shows what `edit` names.
    fn new(
        names: Names,
        lines: Vec<NameLine>,
        edit: Option<i64>,
        form: NameForm,
        errors: Corrections,
    ) -> Self {
        let edited = lines.iter().find(|line| Some(line.id) == edit);
        let form = edited.map_or(form, |line| NameForm { id: line.id.to_string(), name: line.name.clone() });
        Self { names, lines, form, errors }
    }
}

/// The teams.
#[utoipa::path(get, path = "/settings/teams", tag = "settings", params(EditQuery),
    responses((status = 200, body = TeamsView)))]
pub async fn teams(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    show_teams(&app, &actor, &wants, StatusCode::OK, query.edit, NameForm::default(), Corrections::default())
        .await
}

async fn show_teams(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    edit: Option<i64>,
    form: NameForm,
    errors: Corrections,
) -> Result<Response> {
    let items = people::teams(&mut app.db.read().await?).await?;
    let lines = items.iter().map(|team| NameLine { id: team.id.0, name: team.name.clone() }).collect();
    let frame = NamesFrame::new(Names::Teams, lines, edit, form, errors);
    wants.answer_as(
        status,
        &TeamsView { page: wants.page(app, actor, Area::Settings), items, next: None, frame },
    )
}

/// Adds a team or gives one another name.
#[utoipa::path(post, path = "/settings/teams", tag = "settings", request_body = NameForm,
    responses((status = 200, body = Team), (status = 404), (status = 422)))]
pub async fn name_team(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<NameForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let team = form.id.parse().map(TeamId).ok();
    match people::name_team(&app, &actor, team, &form.name).await {
        Ok(id) => wants.done("/settings/teams", "saved", &Team { id, name: form.name.trim().to_owned() }),
        Err(Error::Invalid(errors)) if !wants.json => {
            let errors = Corrections::new("", errors);
            show_teams(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, None, form, errors).await
        }
        Err(error) => Err(error),
    }
}

/// The departments.
#[utoipa::path(get, path = "/settings/departments", tag = "settings", params(EditQuery),
    responses((status = 200, body = DepartmentsView)))]
pub async fn departments(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let (form, errors) = (NameForm::default(), Corrections::default());
    show_departments(&app, &actor, &wants, StatusCode::OK, query.edit, form, errors).await
}

async fn show_departments(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    edit: Option<i64>,
    form: NameForm,
    errors: Corrections,
) -> Result<Response> {
    let items = people::departments(&mut app.db.read().await?).await?;
    let lines = items.iter().map(|one| NameLine { id: one.id.0, name: one.name.clone() }).collect();
    let frame = NamesFrame::new(Names::Departments, lines, edit, form, errors);
    let page = wants.page(app, actor, Area::Settings);
    wants.answer_as(status, &DepartmentsView { page, items, next: None, frame })
}

/// Adds a department or gives one another name.
#[utoipa::path(post, path = "/settings/departments", tag = "settings", request_body = NameForm,
    responses((status = 200, body = Department), (status = 404), (status = 422)))]
pub async fn name_department(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<NameForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let department = form.id.parse().map(DepartmentId).ok();
    match people::name_department(&app, &actor, department, &form.name).await {
        Ok(id) => wants.done(
            "/settings/departments",
            "saved",
            &Department { id, name: form.name.trim().to_owned() },
        ),
        Err(Error::Invalid(errors)) if !wants.json => {
            let errors = Corrections::new("", errors);
            show_departments(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, None, form, errors).await
        }
        Err(error) => Err(error),
    }
}
