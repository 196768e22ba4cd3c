//! Who works here: invite, change, a new link.

use std::collections::BTreeMap;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::people;
use crate::people::web::check_person;
use crate::people::{Department, NewPerson, Person, Team};
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, DepartmentId, Error, FieldError, Id, Input, Page, PersonId, Result, Right, Role,
    TeamId, Tx, Wants,
};

#[derive(Template, Serialize, ToSchema)]
#[template(path = "admin/views/people.html")]
struct PeopleView {
    #[serde(skip)]
    page: Page,
    items: Vec<Person>,
    next: Option<String>,
    #[serde(skip)]
    choices: Choices,
    /// The one-time link that was just made; never shown again.
    #[serde(skip)]
    link: Option<String>,
    #[serde(skip)]
    form: PersonForm,
    #[serde(skip)]
    errors: Corrections,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "admin/views/person.html")]
struct PersonView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    person: Person,
    #[serde(skip)]
    choices: Choices,
    #[serde(skip)]
    form: PersonForm,
    #[serde(skip)]
    errors: Corrections,
}

/// What a person can be.
struct Choices {
    teams: Vec<Team>,
    departments: Vec<Department>,
}

impl Choices {
    async fn load(tx: &mut Tx) -> Result<Self> {
        Ok(Self { teams: people::teams(tx).await?, departments: people::departments(tx).await? })
    }

    fn team(&self, person: &Person) -> Option<&str> {
        self.teams.iter().find(|team| Some(team.id) == person.team).map(|team| team.name.as_str())
    }
}

/// A person as the form has them. Programs send lists; the page one field per ticked box, since forms know no
/// lists.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct PersonForm {
    name: String,
    email: String,
    /// `agent`, `lead`, `department`, `manager`, `admin`, `partner`, `finance`, `works_council`, `data_protection`
    #[serde(deserialize_with = "read_list")]
    roles: Vec<String>,
    /// The team's id; empty for none.
    team: String,
    /// Ids of departments.
    #[serde(deserialize_with = "read_list")]
    departments: Vec<String>,
    /// "yes" unless the person may not log in any more.
    active: String,
    /// The page's boxes: `role_agent`, `department_3` …
    #[serde(flatten)]
    #[schema(ignore)]
    boxes: BTreeMap<String, serde_json::Value>,
}

/// A list in JSON, or text with commas.
fn read_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Text(String),
        Many(Vec<String>),
        Numbers(Vec<i64>),
    }
    Ok(match Given::deserialize(deserializer)? {
        Given::Text(text) => {
            text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
        }
        Given::Many(many) => many,
        Given::Numbers(ids) => ids.iter().map(ToString::to_string).collect(),
    })
}

impl PersonForm {
    fn of(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            email: person.email.clone(),
            roles: person.roles.iter().map(ToString::to_string).collect(),
            team: person.team.map(|team| team.to_string()).unwrap_or_default(),
            departments: person.departments.iter().map(ToString::to_string).collect(),
            active: if person.active { "yes".into() } else { String::new() },
            boxes: BTreeMap::new(),
        }
    }

    /// Takes the ticked boxes into the lists.
    fn gathered(mut self) -> Self {
        for field in self.boxes.keys() {
            if let Some(role) = field.strip_prefix("role_") {
                self.roles.push(role.to_owned());
            } else if let Some(department) = field.strip_prefix("department_") {
                self.departments.push(department.to_owned());
            }
        }
        self
    }

    fn parse(&self) -> Result<NewPerson> {
        let (name, email) = (self.name.trim().to_owned(), self.email.trim().to_owned());
        let mut errors = match check_person(&name, &email) {
            Err(Error::Invalid(errors)) => errors,
            other => other.map(|()| Vec::new())?,
        };
        let roles: Option<Vec<Role>> = self.roles.iter().map(|role| Role::from_code(role)).collect();
        let roles = roles.filter(|roles| !roles.is_empty());
        if roles.is_none() {
            errors.push(FieldError { field: "roles", word: "admin-roles-choose" });
        }
        let id = |text: &String| text.parse().map(DepartmentId).ok();
        match roles {
            Some(roles) if errors.is_empty() => Ok(NewPerson {
                name,
                email,
                roles,
                team: self.team.parse().map(TeamId).ok(),
                departments: self.departments.iter().filter_map(id).collect(),
            }),
            _ => Err(Error::Invalid(errors)),
        }
    }

    fn has(&self, role: &Role) -> bool {
        self.roles.iter().any(|one| one == role.code())
    }

    fn is_in(&self, team: &TeamId) -> bool {
        self.team == team.to_string()
    }

    fn belongs_to(&self, department: &DepartmentId) -> bool {
        self.departments.contains(&department.to_string())
    }

    fn is_active(&self) -> bool {
        self.active == "yes"
    }
}

/// Who works here.
#[utoipa::path(get, path = "/settings/people", tag = "settings", responses((status = 200, body = PeopleView)))]
pub async fn list(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManagePeople)?;
    show(&app, &actor, &wants, StatusCode::OK, None, PersonForm::default(), Corrections::default()).await
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    link: Option<String>,
    form: PersonForm,
    errors: Corrections,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let items = people::all(&mut tx).await?;
    let choices = Choices::load(&mut tx).await?;
    let page = wants.page(app, actor, Area::Settings);
    wants.answer_as(status, &PeopleView { page, items, next: None, choices, link, form, errors })
}

/// Who was invited, with the link that sets their password.
#[derive(Serialize, ToSchema)]
struct Invited {
    id: PersonId,
    /// Works once, for seven days.
    link: String,
}

/// Adds a person; the answer has the one-time link, which is shown only now.
#[utoipa::path(post, path = "/settings/people", tag = "settings", request_body = PersonForm,
    responses((status = 200, body = Invited), (status = 422)))]
pub async fn invite(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<PersonForm>,
) -> Result<Response> {
    actor.may(Right::ManagePeople)?;
    let form = form.gathered();
    let invited = match form.parse() {
        Ok(new) => people::invite(&app, &actor, new).await,
        Err(error) => Err(error),
    };
    match invited {
        Ok((id, token)) => shown_once(&app, &actor, &wants, id, &token).await,
        Err(Error::Invalid(errors)) if !wants.json => {
            let errors = Corrections::new("", errors);
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, None, form, errors).await
        }
        Err(error) => Err(error),
    }
}

async fn shown_once(app: &App, actor: &Actor, wants: &Wants, id: PersonId, token: &str) -> Result<Response> {
    let link = app.settings().link(&format!("/welcome/{token}"));
    if wants.json {
        return Ok(Json(Invited { id, link }).into_response());
    }
    show(app, actor, wants, StatusCode::OK, Some(link), PersonForm::default(), Corrections::default()).await
}

/// A fresh one-time link for somebody who lost their password; the old one ends.
#[utoipa::path(post, path = "/settings/people/{id}/link", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, body = Invited), (status = 404)))]
pub async fn link(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<PersonId>,
) -> Result<Response> {
    actor.may(Right::ManagePeople)?;
    let token = people::invite_again(&app, &actor, id).await?;
    shown_once(&app, &actor, &wants, id, &token).await
}

/// One person.
#[utoipa::path(get, path = "/settings/people/{id}", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, body = PersonView), (status = 404)))]
pub async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<PersonId>,
) -> Result<Response> {
    actor.may(Right::ManagePeople)?;
    let mut tx = app.db.read().await?;
    let person = people::person(&mut tx, id).await?;
    let view = PersonView {
        page: wants.page(&app, &actor, Area::Settings),
        choices: Choices::load(&mut tx).await?,
        form: PersonForm::of(&person),
        person,
        errors: Corrections::default(),
    };
    wants.answer(&view)
}

/// Changes what a person is, and whether they may log in.
#[utoipa::path(post, path = "/settings/people/{id}", tag = "settings", params(("id" = i64, Path)),
    request_body = PersonForm, responses((status = 200, body = Person), (status = 404), (status = 422)))]
pub async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<PersonId>,
    Input(form): Input<PersonForm>,
) -> Result<Response> {
    actor.may(Right::ManagePeople)?;
    let form = form.gathered();
    let changed = match form.parse() {
        Ok(new) => people::change(&app, &actor, id, new, form.is_active()).await,
        Err(error) => Err(error),
    };
    let mut tx = app.db.read().await?;
    match changed {
        Ok(()) => wants.done("/settings/people", "saved", &people::person(&mut tx, id).await?),
        Err(Error::Invalid(errors)) if !wants.json => {
            let view = PersonView {
                page: wants.page(&app, &actor, Area::Settings),
                person: people::person(&mut tx, id).await?,
                choices: Choices::load(&mut tx).await?,
                form,
                errors: Corrections::new("", errors),
            };
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}
