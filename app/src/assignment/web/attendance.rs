//! One's own attendance: there, busy or away, and what is planned; leads say it for their people by the same addresses.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{morning, person};
use crate::assignment;
use crate::assignment::{Absence, NewAbsence, Profile, Skill};
use crate::people;
use crate::people::Person;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Attendance, Error, FieldError, Id, Input, Page, PersonId, Result, Right, Wants,
};

const URL: &str = "/attendance";

#[derive(Template, Serialize, ToSchema)]
#[template(path = "assignment/views/attendance.html")]
pub(super) struct AttendanceView {
    #[serde(skip)]
    page: Page,
    attendance: Attendance,
    absences: Vec<Absence>,
    profile: Profile,
    /// Open cases at the same time.
    capacity: i64,
    skills: Vec<Skill>,
    #[serde(skip)]
    people: Vec<Person>,
    #[serde(skip)]
    form: AbsenceForm,
    #[serde(skip)]
    errors: Corrections,
}

impl AttendanceView {
    fn name(&self, person: &PersonId) -> &str {
        self.people.iter().find(|one| one.id == *person).map_or("–", |one| &one.name)
    }

    fn now(&self) -> Option<&Absence> {
        self.absences.iter().find(|absence| absence.begun)
    }

    fn is_replacement(&self, person: &Person) -> bool {
        self.form.replacement == person.id.to_string()
    }

    /// Who can stand in: everybody who works on cases, but oneself.
    fn others(&self) -> impl Iterator<Item = &Person> {
        let me = self.page.person();
        self.people.iter().filter(move |one| one.active && one.can(Right::WorkCases) && Some(one.id) != me)
    }

    fn own_skills(&self) -> String {
        let own = self.skills.iter().filter(|skill| self.profile.skills.contains(&skill.id));
        own.map(|skill| skill.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn own_languages(&self) -> String {
        let word = |code: &String| self.page.t(format!("language-{code}").as_str()).into_owned();
        self.profile.languages.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

/// One's own attendance and absences, and what was entered about oneself.
#[utoipa::path(get, path = "/attendance", tag = "assignment", responses((status = 200, body = AttendanceView)))]
pub(super) async fn page(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    show(&app, &actor, &wants, StatusCode::OK, AbsenceForm::default(), Vec::new()).await
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: AbsenceForm,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    // Programs have no attendance of their own.
    let me = actor.person_id().unwrap_or(PersonId(0));
    let profile = assignment::profile(&mut tx, me).await?;
    let view = AttendanceView {
        page: wants.page(app, actor, Area::Settings),
        attendance: actor.attendance,
        absences: assignment::absences_of(&mut tx, me).await?,
        capacity: profile.capacity.unwrap_or(assignment::capacity(&mut tx).await?),
        profile,
        skills: assignment::skills(&mut tx).await?,
        people: people::all(&mut tx).await?,
        form,
        errors: Corrections::new("", errors),
    };
    wants.answer_as(status, &view)
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(super) struct AttendanceForm {
    /// A person's id; empty: who asks. Leads can say it for their people.
    #[serde(default)]
    person: String,
    /// `there`, `busy` or `away`
    attendance: String,
    /// For `away`: the first day back; empty: until somebody says otherwise.
    #[serde(default)]
    until: String,
    /// For `away`: the id of who stands in.
    #[serde(default)]
    replacement: String,
}

/// What programs get.
#[derive(Serialize, ToSchema)]
pub(super) struct Attends {
    person: PersonId,
    attendance: Attendance,
}

/// Says that somebody is there, takes nothing new, or is away from now on.
#[utoipa::path(post, path = "/attendance", tag = "assignment", request_body = AttendanceForm,
    responses((status = 200, body = Attends), (status = 404), (status = 422)))]
pub(super) async fn set(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<AttendanceForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let who = whose(&actor, &form.person)?;
    let attendance = Attendance::from_code(&form.attendance)
        .ok_or_else(|| Error::invalid("attendance", "error-field-malformed"))?;
    if attendance == Attendance::Away {
        let until = morning(&app, "until", &form.until)?;
        let replacement = person("replacement", &form.replacement)?;
        assignment::be_away(&app, &actor, who, until, replacement).await?;
    } else {
        assignment::attend(&app, &actor, who, attendance == Attendance::Busy).await?;
    }
    let word = match attendance {
        Attendance::There => "attendance-now-there",
        Attendance::Busy => "attendance-now-busy",
        Attendance::Away => "attendance-now-away",
    };
    // The switch is above every page.
    let back = wants.from.clone().unwrap_or_else(|| URL.to_owned());
    wants.done(&back, word, &Attends { person: who, attendance })
}

fn whose(actor: &Actor, text: &str) -> Result<PersonId> {
    person("person", text)?.map_or_else(|| actor.person(), Ok)
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(super) struct AbsenceForm {
    /// A person's id; empty: who asks.
    #[serde(default)]
    person: String,
    /// The first day away, as in 2026-12-24.
    from: String,
    /// The first day back; empty: until somebody says otherwise.
    #[serde(default)]
    until: String,
    /// The id of who stands in.
    #[serde(default)]
    replacement: String,
}

impl AbsenceForm {
    fn parse(&self, app: &App, actor: &Actor) -> Result<(PersonId, NewAbsence)> {
        let from = morning(app, "from", &self.from)?;
        let from = from.ok_or_else(|| Error::invalid("from", "error-field-required"))?;
        let until = morning(app, "until", &self.until)?;
        let replacement = person("replacement", &self.replacement)?;
        // Today begins now.
        let from = if from <= app.now() { app.now() } else { from };
        Ok((whose(actor, &self.person)?, NewAbsence { from, until, replacement }))
    }
}

/// Plans an absence.
#[utoipa::path(post, path = "/absences", tag = "assignment", request_body = AbsenceForm,
    responses((status = 200, body = Absence), (status = 404), (status = 422)))]
pub(super) async fn plan(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<AbsenceForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let planned = match form.parse(&app, &actor) {
        Ok((who, new)) => assignment::plan(&app, &actor, who, new).await.map(|id| (who, id)),
        Err(error) => Err(error),
    };
    match planned {
        Ok((who, id)) => {
            let all = assignment::absences_of(&mut app.db.read().await?, who).await?;
            let absence = all.into_iter().find(|absence| absence.id == id).ok_or(Error::NotFound)?;
            let own = actor.person_id() == Some(who);
            wants.done(if own { URL } else { "/staff" }, "attendance-planned", &absence)
        }
        Err(Error::Invalid(errors)) if !wants.json && form.person.is_empty() => {
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(error) => Err(error),
    }
}

/// An absence is not planned any more, or is over now.
#[utoipa::path(post, path = "/absences/{id}/removal", tag = "assignment", params(("id" = i64, Path)),
    responses((status = 200, body = Absence), (status = 404)))]
pub(super) async fn cancel(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let absence = assignment::cancel(&app, &actor, id).await?;
    let own = actor.person_id() == Some(absence.person);
    wants.done(if own { URL } else { "/staff" }, "attendance-cancelled", &absence)
}
