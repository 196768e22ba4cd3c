//! People of a case, and to whom it is handed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Changed, changed, find, offer_undo};
use crate::cases;
use crate::cases::{Handoff, HandoffState, Involvement, To};
use crate::platform::parts;
use crate::platform::web::moment;
use crate::platform::{
    Actor, App, Area, DepartmentId, Error, Id, Input, Page, PersonId, Query, QueueId, Result, Right, Wants,
};

/// Hand-offs on one page.
const LINES: i64 = 50;

#[derive(Deserialize, ToSchema)]
#[schema(as = CasePersonForm)]
pub(super) struct PersonForm {
    /// The person's id; empty: who asks.
    #[serde(default)]
    person: String,
    /// `deputy` or `follower`
    part: String,
}

impl PersonForm {
    fn parse(&self, actor: &Actor) -> Result<(PersonId, Involvement)> {
        let part = Involvement::from_code(&self.part);
        let part = part.ok_or_else(|| Error::invalid("part", "error-field-malformed"))?;
        let person = match self.person.trim() {
            "" => actor.person()?,
            id => PersonId(id.parse().map_err(|_| Error::invalid("person", "error-field-malformed"))?),
        };
        Ok((person, part))
    }
}

/// Somebody is deputy of the case, or follows it.
#[utoipa::path(post, path = "/cases/{number}/people", tag = "cases", params(("number" = String, Path)),
    request_body = PersonForm, responses((status = 200, body = Changed), (status = 422)))]
pub(super) async fn involve(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<PersonForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let (person, part) = form.parse(&actor)?;
    cases::involve(&app, &actor, case.id, person, part).await?;
    let word = if part == Involvement::Deputy { "case-has-deputy" } else { "case-followed" };
    changed(&app, &wants, &number, word).await
}

/// Somebody is it no longer.
#[utoipa::path(post, path = "/cases/{number}/people/removal", tag = "cases", params(("number" = String, Path)),
    request_body = PersonForm, responses((status = 200, body = Changed)))]
pub(super) async fn release(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<PersonForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let (person, part) = form.parse(&actor)?;
    cases::release_person(&app, &actor, case.id, person, part).await?;
    changed(&app, &wants, &number, "case-released").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct HandoffForm {
    /// `queue:` or `person:` or `department:`, and the id.
    to: String,
    reason: String,
    /// RFC 3339, or a local date and time as a form sends it; empty: no day.
    #[serde(default)]
    due: String,
}

impl HandoffForm {
    fn to(&self) -> Result<To> {
        let wrong = || Error::invalid("to", "case-handoff-choose");
        let (kind, id) = self.to.split_once(':').ok_or_else(wrong)?;
        let id = id.parse().map_err(|_| wrong())?;
        match kind {
            "queue" => Ok(To::Queue(QueueId(id))),
            "person" => Ok(To::Person(PersonId(id))),
            "department" => Ok(To::Department(DepartmentId(id))),
            _ => Err(wrong()),
        }
    }
}

/// Hands the case to somebody, who says yes or no; until then it stays where it is.
#[utoipa::path(post, path = "/cases/{number}/handoffs", tag = "cases", params(("number" = String, Path)),
    request_body = HandoffForm, responses((status = 200, body = Changed), (status = 422)))]
pub(super) async fn hand_off(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<HandoffForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let due = match form.due.trim() {
        "" => None,
        text => Some(moment(&app, "due", text)?),
    };
    cases::hand_off(&app, &actor, case.id, form.to()?, &form.reason, due).await?;
    changed(&app, &wants, &number, "case-handed-off").await
}

#[derive(Deserialize, IntoParams)]
pub(super) struct HandoffQuery {
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/views/handoffs.html")]
pub(super) struct HandoffsView {
    #[serde(skip)]
    page: Page,
    items: Vec<Handoff>,
    next: Option<String>,
}

/// What others hand to the reader, to their queues or to their departments, the oldest first.
#[utoipa::path(get, path = "/handoffs", tag = "cases", params(HandoffQuery),
    responses((status = 200, body = HandoffsView)))]
pub(super) async fn handoffs(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<HandoffQuery>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let limit = parts::limit(query.limit, LINES);
    let cursor = query.cursor.as_deref().and_then(parts::read_cursor);
    let mut tx = app.db.read().await?;
    let items = cases::handed_to(&mut tx, &actor, cursor, limit + 1).await?;
    let (items, next) = parts::cut(items, limit, |last| parts::cursor(last.at, last.id));
    let mut page = wants.page(&app, &actor, Area::Inbox);
    offer_undo(&mut page, &mut tx, &actor, app.now()).await?;
    wants.answer(&HandoffsView { page, items, next })
}

/// What a hand-off answers to programs.
#[derive(Serialize, ToSchema)]
pub(super) struct HandedOff {
    number: String,
    handoff: i64,
}

/// Back to the case for those who see cases, else to what they are handed.
fn answered(actor: &Actor, wants: &Wants, handoff: &Handoff, word: &'static str) -> Result<Response> {
    let number = handoff.number.clone();
    let back = if actor.can(Right::ReadCases) { format!("/cases/{number}") } else { "/handoffs".into() };
    wants.done(&back, word, &HandedOff { number, handoff: handoff.id })
}

/// Says yes: who can own the case has it, others are at it.
#[utoipa::path(post, path = "/handoffs/{id}/acceptance", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = HandedOff), (status = 404), (status = 409)))]
pub(super) async fn accept(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let handoff = cases::accept_handoff(&app, &actor, id).await?;
    answered(&actor, &wants, &handoff, "case-handoff-accepted")
}

#[derive(Deserialize, ToSchema)]
pub(super) struct AnswerForm {
    /// Why not, or what is to be known; becomes a note of the case.
    reason: String,
    /// `declined`, or `done` for what was asked of a department or partner.
    #[serde(default)]
    state: String,
}

/// Says no with a reason, or that what was asked for is done.
#[utoipa::path(post, path = "/handoffs/{id}/answer", tag = "cases", params(("id" = i64, Path)),
    request_body = AnswerForm, responses((status = 200, body = HandedOff), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn answer(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<AnswerForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    match HandoffState::from_code(&form.state) {
        Some(HandoffState::Declined) => {
            let handoff = cases::decline_handoff(&app, &actor, id, &form.reason).await?;
            answered(&actor, &wants, &handoff, "case-handoff-declined")
        }
        Some(HandoffState::Done) => {
            let handoff = cases::answer_handoff(&app, &actor, id, &form.reason).await?;
            answered(&actor, &wants, &handoff, "case-handoff-answered")
        }
        _ => Err(Error::invalid("state", "error-field-malformed")),
    }
}

/// Takes a hand-off back.
#[utoipa::path(post, path = "/handoffs/{id}/withdrawal", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = HandedOff), (status = 404), (status = 409)))]
pub(super) async fn withdraw(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let handoff = cases::withdraw_handoff(&app, &actor, id).await?;
    answered(&actor, &wants, &handoff, "case-handoff-withdrawn")
}
