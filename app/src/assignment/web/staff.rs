//! The people whom one leads: who is there now, what they can do, how much they have at the same time.
//!
//! Nothing here says how much somebody did, or was away before.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ticked;
use crate::assignment;
use crate::assignment::{Absence, Profile, Skill};
use crate::people;
use crate::people::Person;
use crate::platform::{
    Actor, App, Area, Attendance, Error, Id, Input, Language, Page, PersonId, Query, QueueId, Result, Right,
    Wants,
};

#[derive(Deserialize, IntoParams)]
pub(super) struct StaffQuery {
    /// The person whose form is shown.
    edit: Option<i64>,
}

/// Somebody, as their lead sees them.
#[derive(Serialize, ToSchema)]
struct Member {
    person: PersonId,
    name: String,
    attendance: Attendance,
    /// Now and ahead.
    absences: Vec<Absence>,
    profile: Profile,
}

/// Cases of a queue that nobody at work can do.
#[derive(Serialize, ToSchema)]
struct Lacking {
    queue: QueueId,
    name: String,
    cases: i64,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "assignment/views/staff.html")]
pub(super) struct StaffView {
    #[serde(skip)]
    page: Page,
    items: Vec<Member>,
    next: Option<String>,
    lacking: Vec<Lacking>,
    skills: Vec<Skill>,
    /// Of the house, for those without one of their own.
    capacity: i64,
    #[serde(skip)]
    people: Vec<Person>,
    #[serde(skip)]
    edit: Option<i64>,
}

impl StaffView {
    fn name(&self, person: &PersonId) -> &str {
        self.people.iter().find(|one| one.id == *person).map_or("–", |one| &one.name)
    }

    fn edited(&self) -> Option<&Member> {
        self.items.iter().find(|one| Some(one.person.0) == self.edit)
    }

    fn can(&self, member: &Member) -> String {
        let skills = self.skills.iter().filter(|skill| member.profile.skills.contains(&skill.id));
        let word = |code: &String| self.page.t(format!("language-{code}").as_str()).into_owned();
        let languages = member.profile.languages.iter().map(word);
        skills.map(|skill| skill.name.clone()).chain(languages).collect::<Vec<_>>().join(", ")
    }

    fn capacity_of(&self, member: &Member) -> i64 {
        member.profile.capacity.unwrap_or(self.capacity)
    }

    fn others<'a>(&'a self, member: &'a Member) -> impl Iterator<Item = &'a Person> {
        self.people.iter().filter(|one| one.active && one.can(Right::WorkCases) && one.id != member.person)
    }
}

impl Member {
    fn has(&self, skill: &i64) -> bool {
        self.profile.skills.contains(skill)
    }

    fn speaks(&self, language: &Language) -> bool {
        self.profile.languages.contains(language.code())
    }

    fn typed_capacity(&self) -> String {
        self.profile.capacity.map(|capacity| capacity.to_string()).unwrap_or_default()
    }
}

/// The people whom the reader leads.
#[utoipa::path(get, path = "/staff", tag = "assignment", params(StaffQuery), responses((status = 200, body = StaffView)))]
pub(super) async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<StaffQuery>,
) -> Result<Response> {
    actor.may(Right::LeadPeople)?;
    let mut tx = app.db.read().await?;
    let people = people::all(&mut tx).await?;
    let mut profiles = assignment::profiles(&mut tx).await?;
    let absences = assignment::absences(&mut tx).await?;
    let led = people
        .iter()
        .filter(|person| person.active && person.can(Right::WorkCases) && assignment::leads(&actor, person));
    let member = |person: &Person| Member {
        person: person.id,
        name: person.name.clone(),
        attendance: person.attendance,
        absences: absences.iter().filter(|absence| absence.person == person.id).cloned().collect(),
        profile: profiles.remove(&person.id).unwrap_or_default(),
    };
    let items = led.map(member).collect();
    let queues = people::queues_for(&mut tx, &actor).await?;
    let lacking = assignment::lacking(&mut tx).await?.into_iter().filter_map(|(id, cases)| {
        let queue = queues.iter().find(|queue| queue.id == id)?;
        Some(Lacking { queue: id, name: queue.name.clone(), cases })
    });
    let view = StaffView {
        page: wants.page(&app, &actor, Area::Settings),
        items,
        next: None,
        lacking: lacking.collect(),
        skills: assignment::skills(&mut tx).await?,
        capacity: assignment::capacity(&mut tx).await?,
        people,
        edit: query.edit,
    };
    wants.answer(&view)
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct ProfileForm {
    /// Open cases at the same time; empty: as the house has it.
    capacity: String,
    /// Codes of languages.
    languages: Vec<String>,
    /// Ids of skills.
    skills: Vec<i64>,
    /// The page's boxes: `skill_7`, `language_de`
    #[serde(flatten)]
    #[schema(ignore)]
    boxes: BTreeMap<String, serde_json::Value>,
}

impl ProfileForm {
    fn parse(self) -> Result<Profile> {
        let capacity = match self.capacity.trim() {
            "" => None,
            number => {
                let wrong = |_| Error::invalid("capacity", "assignment-capacity-range");
                Some(number.parse::<i64>().map_err(wrong)?)
            }
        };
        let boxes = self.boxes.keys().filter_map(|name| name.strip_prefix("language_").map(str::to_owned));
        Ok(Profile {
            capacity,
            languages: boxes.chain(self.languages).collect(),
            skills: ticked(&self.boxes, "skill_").into_iter().chain(self.skills).collect(),
        })
    }
}

/// Enters what somebody can do and how much they have at the same time.
#[utoipa::path(post, path = "/staff/{id}", tag = "assignment", params(("id" = i64, Path)),
    request_body = ProfileForm, responses((status = 200, body = Profile), (status = 404), (status = 422)))]
pub(super) async fn save(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<PersonId>,
    Input(form): Input<ProfileForm>,
) -> Result<Response> {
    actor.may(Right::LeadPeople)?;
    let profile = form.parse()?;
    assignment::set_profile(&app, &actor, id, &profile).await?;
    wants.done("/staff", "saved", &profile)
}
