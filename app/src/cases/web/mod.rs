//! What people and programs do with cases. The pages that show them are in `screens`.

mod addressees;
pub mod bodies;
mod bulk;
pub mod clocks;
mod drafts;
mod files;
mod guard;
mod involved;
mod links;
mod log;
mod merge;
mod patience;
mod presence;
mod sight;
mod talks;
mod tasks;
mod time;
pub mod upload;
mod write;

pub use files::encoded_name;
pub use guard::guard;

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{
    Attachment, Bin, Case, Channel, Contact, Direction, DueClock, Line, Priority, Problem, SenderProof,
    State as ContactState, Status,
};
use super::recipients::Addressee;
use crate::people;
use crate::platform::web::moment;
use crate::platform::{
    Actor, App, CaseKindId, ContactId, CustomerId, Id, Input, OwnStateId, PersonId, QueueId, Result, Right,
    Timestamp, Tx, Wants,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(with_files())
        .merge(super::attributes::web::routes())
        .merge(work())
        .routes(routes!(write::undo))
        .routes(routes!(write::take_back))
        .routes(routes!(write::send_again))
        .routes(routes!(write::reschedule))
        .routes(routes!(log::log))
        .routes(routes!(assign))
        .routes(routes!(move_to))
        .routes(routes!(wait))
        .routes(routes!(reopen))
        .routes(routes!(sight::bin))
        .routes(routes!(bulk::preview))
        .routes(routes!(bulk::start))
        .routes(routes!(bulk::show))
        .routes(routes!(bulk::undo))
        .routes(routes!(sight::privacy))
        .routes(routes!(active))
        .routes(routes!(presence::be, presence::show))
        .routes(routes!(clocks::deadlines))
        .routes(routes!(clocks::complaint))
        .routes(routes!(clocks::end_complaint))
        .routes(routes!(clocks::set_settings))
        .routes(routes!(addressees::list))
        .routes(routes!(addressees::colleagues))
        .routes(routes!(drafts::save))
        .routes(routes!(drafts::take_over))
        .routes(routes!(drafts::discard))
        .routes(routes!(drafts::restore))
        .routes(routes!(drafts::picture))
        .routes(routes!(talks::pass_on))
        .routes(routes!(links::join))
        .routes(routes!(links::part))
        .routes(routes!(links::accept))
        .routes(routes!(files::html))
        .routes(routes!(files::attachment))
}

/// The work on cases beside answering them.
fn work() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(merge::pick))
        .routes(routes!(merge::merge))
        .routes(routes!(merge::unmerge))
        .routes(routes!(merge::split))
        .routes(routes!(merge::relate))
        .routes(routes!(merge::unrelate))
        .routes(routes!(involved::involve))
        .routes(routes!(involved::release))
        .routes(routes!(involved::hand_off))
        .routes(routes!(involved::handoffs))
        .routes(routes!(involved::accept))
        .routes(routes!(involved::answer))
        .routes(routes!(involved::withdraw))
        .routes(routes!(tasks::add))
        .routes(routes!(tasks::list))
        .routes(routes!(tasks::change))
        .routes(routes!(tasks::end))
        .routes(routes!(tasks::reopen))
        .routes(routes!(tasks::remove))
        .routes(routes!(tasks::apply))
        .routes(routes!(tasks::checklists, tasks::save))
        .routes(routes!(patience::page, patience::save))
        .routes(routes!(time::own, time::correct))
        .routes(routes!(time::close))
}

/// These take files.
fn with_files() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(write::reply))
        .routes(routes!(write::note))
        .routes(routes!(talks::say))
        .routes(routes!(drafts::upload))
        .layer(axum::extract::DefaultBodyLimit::max(upload::LARGEST))
}

/// A name with its id.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named<T> {
    pub id: T,
    pub name: String,
}

/// A case as the API shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "facts of a case that do not exclude each other")]
pub struct CaseJson {
    pub number: String,
    pub subject: String,
    pub status: Status,
    pub queue: Named<QueueId>,
    pub owner: Option<Named<PersonId>>,
    pub customer: Named<CustomerId>,
    pub channel: Channel,
    pub priority: Priority,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub due_at: Option<Timestamp>,
    /// What is due then: an answer, the solution, or the case was put away until then.
    pub due_clock: Option<DueClock>,
    pub wait_until: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub contacts: i64,
    pub snippet: String,
    pub documented: bool,
    /// The sender of one of its contacts is probably forged.
    pub suspicious: bool,
    /// Only for those who are named on it, and their leads.
    pub private: bool,
    /// `spam`, `trash` or nothing.
    pub bin: Option<Bin>,
    /// Ids; `/attributes` has the names.
    pub kind: Option<CaseKindId>,
    pub own_state: Option<OwnStateId>,
    /// Steps of the escalation that were taken.
    pub escalated: i64,
    pub complaint: bool,
}

impl CaseJson {
    pub fn of(line: &Line) -> Self {
        let case = &line.case;
        let owner = case.owner.zip(line.owner_name.clone()).map(|(id, name)| Named { id, name });
        Self {
            number: case.number.clone(),
            subject: case.subject.clone(),
            status: case.status,
            queue: Named { id: case.queue, name: line.queue_name.clone() },
            owner,
            customer: Named { id: case.customer, name: line.customer_name.clone() },
            channel: case.channel,
            priority: case.priority,
            created_at: case.created_at,
            updated_at: case.updated_at,
            due_at: case.due_at,
            due_clock: case.due_clock.filter(|_| case.due_at.is_some()),
            wait_until: case.wait_until,
            closed_at: case.closed_at,
            contacts: case.contacts,
            snippet: case.snippet.clone(),
            documented: case.documented,
            suspicious: case.suspicious,
            private: case.private,
            bin: case.bin,
            kind: case.kind,
            own_state: case.own_state,
            escalated: case.escalated,
            complaint: case.complaint,
        }
    }
}

/// A contact as the API shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactJson {
    pub id: ContactId,
    pub direction: Direction,
    pub channel: Channel,
    pub at: Timestamp,
    pub author: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub subject: Option<String>,
    pub text: String,
    pub quoted: Option<String>,
    pub signature: Option<String>,
    pub state: ContactState,
    /// Why it has not arrived.
    pub problem: Option<Problem>,
    /// The other side's words about it.
    pub reason: Option<String>,
    /// When it leaves, or left at the earliest.
    pub send_at: Option<Timestamp>,
    /// The next attempt, while one is to come.
    pub next_at: Option<Timestamp>,
    pub automatic: bool,
    pub stranger: bool,
    pub sender_proof: SenderProof,
    /// The texts are cut; `/contacts/{id}/raw` has them whole.
    pub shortened: bool,
    pub attachments: Vec<Attachment>,
    /// Whom it names, if they are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<Addressee>,
    /// The side conversation it belongs to; missing: said with the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk: Option<i64>,
}

impl ContactJson {
    pub fn of(contact: Contact, attachments: Vec<Attachment>) -> Self {
        Self {
            id: contact.id,
            direction: contact.direction,
            channel: contact.channel,
            at: contact.at,
            author: contact.author,
            from: contact.from_address,
            to: contact.to_address,
            subject: contact.subject,
            text: contact.text,
            quoted: contact.quoted,
            signature: contact.signature,
            state: contact.state,
            problem: contact.problem,
            reason: contact.reason,
            send_at: contact.send_at,
            next_at: contact.next_at,
            automatic: contact.automatic,
            stranger: contact.stranger,
            sender_proof: contact.sender_proof,
            shortened: contact.shortened,
            attachments,
            recipients: Vec::new(),
            talk: contact.talk,
        }
    }
}

/// What a changed case answers to programs.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseChanged)]
struct Changed {
    number: String,
    status: Status,
    owner: Option<PersonId>,
    due_at: Option<Timestamp>,
    wait_until: Option<Timestamp>,
}

/// Finds the case that a path names.
pub(in crate::cases) async fn find(app: &App, number: &str) -> Result<Case> {
    let mut tx = app.db.read().await?;
    super::by_number(&mut tx, number).await
}

async fn changed(app: &App, wants: &Wants, number: &str, word: &'static str) -> Result<Response> {
    let case = find(app, number).await?;
    wants.done(&format!("/cases/{number}"), word, &Changed::of(case))
}

/// As [`changed`]; who may not know of the case any more, or put it away, goes on with the list.
async fn changed_for(
    app: &App,
    wants: &Wants,
    actor: &Actor,
    number: &str,
    word: &'static str,
) -> Result<Response> {
    let case = find(app, number).await?;
    let gone = super::sight::check(&mut app.db.read().await?, actor, &case).await.is_err();
    let next = if gone || case.bin.is_some() { "/cases".into() } else { format!("/cases/{number}") };
    wants.done(&next, word, &Changed::of(case))
}

impl Changed {
    fn of(case: Case) -> Self {
        Self {
            number: case.number,
            status: case.status,
            owner: case.owner,
            due_at: case.due_at,
            wait_until: case.wait_until,
        }
    }
}

#[derive(Deserialize, ToSchema)]
struct Assignee {
    /// A person's id; empty or missing gives the case back to its queue.
    #[serde(default, deserialize_with = "number_or_empty")]
    owner: Option<i64>,
}

/// A form sends text, a program a number; an empty choice is none.
fn number_or_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(i64),
        Text(String),
        None,
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(Some(number)),
        Either::Text(text) if text.is_empty() => Ok(None),
        Either::Text(text) => text.parse().map(Some).map_err(serde::de::Error::custom),
        Either::None => Ok(None),
    }
}

/// Gives the case to somebody, or back to its queue.
#[utoipa::path(post, path = "/cases/{number}/assignee", tag = "cases", params(("number" = String, Path)),
    request_body = Assignee, responses((status = 200, body = Changed)))]
async fn assign(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<Assignee>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    super::assign(&app, &actor, case.id, form.owner.map(PersonId)).await?;
    changed_for(&app, &wants, &actor, &number, "case-assigned").await
}

#[derive(Deserialize, ToSchema)]
struct Move {
    queue: i64,
}

/// Moves the case to another queue.
#[utoipa::path(post, path = "/cases/{number}/queue", tag = "cases", params(("number" = String, Path)),
    request_body = Move, responses((status = 200, body = Changed)))]
async fn move_to(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<Move>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    super::move_to(&app, &actor, case.id, QueueId(form.queue)).await?;
    changed_for(&app, &wants, &actor, &number, "case-moved").await
}

#[derive(Deserialize, ToSchema)]
struct WaitForm {
    /// RFC 3339, or a local date and time as a form sends it; empty: until the customer writes.
    #[serde(default)]
    until: String,
}

/// Puts the case away until a moment, or until the customer writes.
#[utoipa::path(post, path = "/cases/{number}/wait", tag = "cases", params(("number" = String, Path)),
    request_body = WaitForm, responses((status = 200, body = Changed), (status = 422)))]
async fn wait(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<WaitForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let until = match form.until.trim() {
        "" => None,
        text => Some(moment(&app, "until", text)?),
    };
    super::wait(&app, &actor, case.id, until).await?;
    changed(&app, &wants, &number, "case-waits").await
}

/// The work goes on.
#[utoipa::path(post, path = "/cases/{number}/reopen", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Changed)))]
async fn reopen(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    super::reopen(&app, &actor, case.id).await?;
    changed(&app, &wants, &number, "case-reopened").await
}

#[derive(Deserialize, ToSchema)]
struct Active {
    seconds: i64,
}

/// Adds active seconds that the page measured.
#[utoipa::path(post, path = "/cases/{number}/active", tag = "cases", params(("number" = String, Path)),
    request_body = Active, responses((status = 204)))]
async fn active(
    actor: Actor,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<Active>,
) -> Result<axum::http::StatusCode> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    super::spend_time(&app, &actor, case.id, form.seconds).await?;
    super::see(&app, &actor, case.id).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

/// People who can own a case.
pub async fn owners(tx: &mut Tx) -> Result<Vec<people::Person>> {
    let all = people::all(tx).await?;
    let works = |person: &people::Person| {
        person.active && person.roles.iter().any(|role| Right::WorkCases.roles().contains(role))
    };
    Ok(all.into_iter().filter(works).collect())
}
