//! Browsers that pushes go to: switched on in each of them, listed for the person, and ended there or here.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::notices::push;
use crate::platform::{Actor, App, Id, Input, Result, Right, Wants};

const SETTINGS: &str = "/notices/settings";

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(add))
        .routes(routes!(remove_own))
        .routes(routes!(remove))
        .routes(routes!(try_out))
}

/// What a browser hands out when it allows pushes.
#[derive(Deserialize, ToSchema)]
struct BrowserForm {
    /// The address of its push service.
    endpoint: String,
    /// Its public key, base64url.
    p256dh: String,
    /// Its secret, base64url.
    auth: String,
}

/// A browser, by its id.
#[derive(Serialize, ToSchema)]
struct BrowserId {
    id: i64,
}

/// Tells the reader in this browser from now on.
#[utoipa::path(post, path = "/notices/browsers", tag = "account", request_body = BrowserForm,
    responses((status = 200, body = BrowserId), (status = 422)))]
async fn add(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    headers: HeaderMap,
    Input(form): Input<BrowserForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("?");
    let id = push::add_browser(&app, &actor, &form.endpoint, (&form.p256dh, &form.auth), agent).await?;
    wants.done(SETTINGS, "notices-push-on", &BrowserId { id })
}

#[derive(Deserialize, ToSchema)]
struct EndpointForm {
    endpoint: String,
}

/// Tells nobody any more in the browser with this address.
#[utoipa::path(post, path = "/notices/browsers/removal", tag = "account", request_body = EndpointForm,
    responses((status = 200)))]
async fn remove_own(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<EndpointForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    push::remove_endpoint(&app, &actor, &form.endpoint).await?;
    wants.done(SETTINGS, "notices-push-off", &())
}

/// Tells the reader in that browser no more.
#[utoipa::path(post, path = "/notices/browsers/{id}/removal", tag = "account", params(("id" = i64, Path)),
    responses((status = 200, body = BrowserId), (status = 404)))]
async fn remove(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    push::remove_browser(&app, &actor, id).await?;
    wants.done(SETTINGS, "notices-push-off", &BrowserId { id })
}

/// Sends a push to see whether it arrives.
#[utoipa::path(post, path = "/notices/browsers/{id}/trial", tag = "account", params(("id" = i64, Path)),
    responses((status = 200, body = BrowserId), (status = 404)))]
async fn try_out(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    push::try_out(&app, &actor, id).await?;
    wants.done(SETTINGS, "notices-push-tried", &BrowserId { id })
}
