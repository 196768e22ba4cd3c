//! The door of everything that has a case in its path: who may not know of the case is told that there is none.
//!
//! It looks at the names of the route's parameters, so that it holds for routes of every slice, also those that are
//! added later: `/cases/{number}…`, `/contacts/{id}…`, `/attachments/{id}…`.

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::cases::links;
use crate::cases::sight;
use crate::cases::store;
use crate::cases::store::Name;
use crate::platform::{Actor, App, Error, Result};

pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let route = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let actor = parts.extensions.get::<Actor>().cloned();
    if let (Some(route), Some(actor)) = (route, actor)
        && let Ok(params) = RawPathParams::from_request_parts(&mut parts, &()).await
        && let Some(name) = named(&route, &params)
        && let Err(error) = let_in(&app, &actor, name).await
    {
        return error.into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}

/// The case that a route is about.
fn named<'a>(route: &str, params: &'a RawPathParams) -> Option<Name<'a>> {
    let route = route.strip_prefix("/api/v1").unwrap_or(route);
    let value = |name: &str| params.iter().find(|(key, _)| *key == name).map(|(_, value)| value);
    let below =
        |start: &str| route.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if below("/cases/{number}") {
        value("number").map(Name::Number)
    } else if below("/contacts/{id}") {
        value("id")?.parse().ok().map(Name::Contact)
    } else if below("/attachments/{id}") {
        value("id")?.parse().ok().map(Name::Attachment)
    } else {
        None
    }
}

async fn let_in(app: &App, actor: &Actor, name: Name<'_>) -> Result<()> {
    let mut tx = app.db.glance();
    // Of none the handler says so, in its own order of reasons.
    let Some((case, moved_to)) = store::named_by(&mut tx, name).await? else { return Ok(()) };
    let mut cases = vec![case];
    // Handlers go on to the case that this one was merged into.
    if let Some(next) = moved_to {
        cases.push(links::current(&mut tx, next).await?.id);
    }
    if sight::unseen(&mut tx, actor, &cases).await?.is_empty() { Ok(()) } else { Err(Error::NotFound) }
}
