//! Sessions and tokens: who is behind a request.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::store;
use crate::platform::{Actor, App, Error, Outage, PersonId, Result, Timestamp, Tx};

/// How long a login lasts without a visit.
pub const SESSION: std::time::Duration = Timestamp::days(30);

/// The session cookie's name.
pub const COOKIE: &str = "kitt-session";

/// 256 random bits as text.
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// What is stored of a token. The token has 256 random bits, so a plain fast hash is enough.
pub fn hash(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}

pub async fn open(tx: &mut Tx, now: Timestamp, person: PersonId, device: &str) -> Result<String> {
    let token = secret();
    let device: String = device.chars().take(200).collect();
    store::insert_session(tx, &hash(&token), person, &device, now, now + SESSION).await?;
    Ok(token)
}

/// The session token of this request's cookie.
#[derive(Debug, Clone)]
pub struct Current(pub String);

/// Finds out who is behind a request; nobody is fine here, handlers ask for an [`Actor`].
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    // Assets are the same for everybody.
    if !request.uri().path().starts_with("/assets/") {
        match who(&app, &mut request).await {
            Ok(Some(actor)) => {
                request.extensions_mut().insert(actor);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(error = format!("{error:?}"), "cannot look up a session");
                // Whoever it is: it is not a reason to ask for a login.
                if let Some(outage) = error.outage() {
                    request.extensions_mut().insert(outage);
                }
            }
        }
    }
    next.run(request).await
}

async fn who(app: &App, request: &mut Request) -> Result<Option<Actor>> {
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        let hashed = hash(token.trim());
        let mut tx = app.db.glance();
        let actor = store::actor_by_token(&mut tx, &hashed).await?;
        let hour_ago = app.now() - std::time::Duration::from_hours(1);
        if actor.is_some() && store::token_is_unseen(&mut tx, &hashed, hour_ago).await? {
            drop(tx);
            note_use(async {
                let mut tx = app.db.write().await?;
                store::touch_token(&mut tx, &hashed, app.now(), hour_ago).await?;
                tx.commit().await
            })
            .await;
        }
        return Ok(actor);
    }
    let Some(token) = crate::platform::web::cookie(request.headers(), COOKIE) else { return Ok(None) };
    let hashed = hash(&token);
    let mut tx = app.db.glance();
    let Some((person, seen)) = store::session(&mut tx, &hashed, app.now()).await? else { return Ok(None) };
    let actor = store::actor(&mut tx, person).await?;
    drop(tx);
    if seen < app.now() - std::time::Duration::from_hours(1) {
        note_use(async {
            let mut tx = app.db.write().await?;
            store::touch_session(&mut tx, &hashed, app.now(), app.now() + SESSION).await?;
            tx.commit().await
        })
        .await;
    }
    request.extensions_mut().insert(Current(token));
    Ok(actor)
}

/// A disk that is full must not look like a login that ended.
async fn note_use(noting: impl Future<Output = Result<()>>) {
    if let Err(error) = noting.await {
        tracing::warn!(
            error = format!("{error:?}"),
            "cannot note that a login was used: {}",
            error.in_short()
        );
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let unknown = || parts.extensions.get::<Outage>().map(|outage| anyhow::Error::new(*outage).into());
        parts.extensions.get::<Self>().cloned().ok_or_else(|| unknown().unwrap_or(Error::LoggedOut))
    }
}
