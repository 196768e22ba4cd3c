//! What people and programs do with cases. The pages that show them are in `screens`.

mod addressees;
pub mod bodies;
mod bulk;
pub mod clocks;
mod drafts;
mod files;
mod guard;
mod involved;
mod json;
mod links;
mod log;
mod merge;
mod offer;
mod patience;
pub mod presence;
mod promises;
mod sight;
mod steps;
mod talks;
mod tasks;
mod time;
pub mod upload;
mod write;

pub use files::encoded_name;
pub use guard::guard;
pub use json::{CaseJson, ContactJson, Named};
pub use offer::{offer_undo, tells_of_taking_back};

use axum::response::Response;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Case, Status};
use crate::people;
use crate::platform::{Actor, App, Error, PersonId, Result, Right, Timestamp, Tx, Wants};

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
        .routes(routes!(steps::assign))
        .routes(routes!(steps::move_to))
        .routes(routes!(steps::wait))
        .routes(routes!(steps::reopen))
        .routes(routes!(sight::bin))
        .routes(routes!(bulk::preview))
        .routes(routes!(bulk::value))
        .routes(routes!(bulk::start))
        .routes(routes!(bulk::show))
        .routes(routes!(bulk::undo))
        .routes(routes!(sight::privacy))
        .routes(routes!(steps::active))
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
        .routes(routes!(promises::make))
        .routes(routes!(promises::end))
        .routes(routes!(promises::put_off))
        .routes(routes!(promises::withdraw))
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

/// As [`changed`], of a case that was closed: who goes on with the case `next` of the list `view` is shown that.
async fn closed(
    app: &App,
    wants: &Wants,
    actor: &Actor,
    number: &str,
    word: &'static str,
    (next, view): (&str, &str),
) -> Result<Response> {
    if next.is_empty() || !is_known(app, actor, next).await? {
        return changed(app, wants, number, word).await;
    }
    let case = find(app, number).await?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("view", view).finish();
    wants.done(&format!("/cases/{next}?{query}"), word, &Changed::of(case))
}

/// Is there a case of this number that the actor may know of?
async fn is_known(app: &App, actor: &Actor, number: &str) -> Result<bool> {
    let mut tx = app.db.read().await?;
    let found = match super::by_number(&mut tx, number).await {
        Ok(case) => super::sight::check(&mut tx, actor, &case).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(()) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
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

/// A form sends text, a program a number; an empty choice is none.
fn number_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
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

/// People who can own a case.
pub async fn owners(tx: &mut Tx) -> Result<Vec<people::Person>> {
    let all = people::all(tx).await?;
    let works = |person: &people::Person| person.active && person.can(Right::WorkCases);
    Ok(all.into_iter().filter(works).collect())
}
