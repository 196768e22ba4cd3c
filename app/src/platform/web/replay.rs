//! `Idempotency-Key`: a program that repeats a POST gets the first answer, and nothing happens twice.
//!
//! A key belongs to one sender and one path for 24 hours. Only answers that changed something are kept; after
//! an error the same key may try again. What a node died over stays refused: whether it happened is unknown.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::platform::{Actor, App, Error, Result, Timestamp, Who, sql};

/// The longest key, in bytes.
const LONGEST: usize = 200;
/// Larger answers are not kept: no answer to a POST comes near.
const LARGEST: usize = 1 << 20;

/// Whose key it is, for what.
struct Key {
    actor: String,
    path: String,
    key: String,
    /// Of the request's body: the same key for something else is a mistake.
    hash: String,
}

#[derive(sqlx::FromRow)]
struct Kept {
    hash: String,
    /// `None` while the first request is under way.
    status: Option<i64>,
    content_type: Option<String>,
    location: Option<String>,
    body: Option<Vec<u8>>,
}

/// Answers repeated requests; all others pass.
pub async fn replay(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get("idempotency-key").cloned() else { return next.run(request).await };
    let actor = request.extensions().get::<Actor>().map(name);
    let (Some(actor), true) = (actor, request.method() == Method::POST) else {
        return next.run(request).await;
    };
    let Some(key) = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST) else {
        return Error::invalid("idempotency-key", "error-field-malformed").into_response();
    };
    let (key, path) = (key.to_owned(), request.uri().path().to_owned());
    once(&app, actor, path, key, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

fn name(actor: &Actor) -> String {
    match actor.who {
        Who::Person(id) => format!("person {id}"),
        Who::Token(id) => format!("token {id}"),
        Who::Kitt(part) => format!("kitt {part}"),
    }
}

async fn once(
    app: &App,
    actor: String,
    path: String,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, crate::LARGEST_BODY).await.map_err(|_| Error::TooLarge(crate::LARGEST_BODY))?;
    let key = Key { actor, path, key, hash: blake3::hash(&body).to_hex().to_string() };
    if let Some(kept) = reserve(app, &key).await? {
        return kept.answer(&key);
    }
    // In a task of its own: a sender that hangs up must not leave its key taken and the answer unknown.
    let app = app.clone();
    let handled = tokio::spawn(async move {
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        keep(&app, &key, response).await
    });
    handled.await.map_err(anyhow::Error::from)?
}

/// Takes the key; what is kept under it if somebody has it already.
async fn reserve(app: &App, key: &Key) -> Result<Option<Kept>> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    sql("DELETE FROM idempotency WHERE at <= $1").bind(now - Timestamp::days(1)).run(&mut tx).await?;
    let taken = sql("INSERT INTO idempotency (actor, path, key, hash, at) VALUES ($1, $2, $3, $4, $5)
                     ON CONFLICT (actor, path, key) DO NOTHING")
    .bind(&key.actor)
    .bind(&key.path)
    .bind(&key.key)
    .bind(&key.hash)
    .bind(now)
    .run(&mut tx)
    .await?;
    let kept = if taken == 1 { None } else { Some(load(&mut tx, key).await?) };
    tx.commit().await?;
    Ok(kept)
}

async fn load(tx: &mut crate::platform::Tx, key: &Key) -> Result<Kept> {
    sql("SELECT hash, status, content_type, location, body FROM idempotency
         WHERE actor = $1 AND path = $2 AND key = $3")
    .bind(&key.actor)
    .bind(&key.path)
    .bind(&key.key)
    .one(tx)
    .await
}

impl Kept {
    fn answer(self, key: &Key) -> Result<Response> {
        if self.hash != key.hash {
            return Err(Error::invalid("idempotency-key", "error-key-reused"));
        }
        let status = self.status.and_then(|status| u16::try_from(status).ok());
        let status = status.and_then(|status| StatusCode::from_u16(status).ok()).ok_or(Error::Stale)?;
        let mut response = (status, self.body.unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_TYPE);
        for (name, value) in [(header::CONTENT_TYPE, self.content_type), (header::LOCATION, self.location)] {
            if let Some(value) = value.and_then(|value| value.parse().ok()) {
                headers.insert(name, value);
            }
        }
        Ok(response)
    }
}

/// Keeps a success for the next time; after anything else the key is free again.
async fn keep(app: &App, key: &Key, response: Response) -> Result<Response> {
    let (parts, body) = response.into_parts();
    let changed = parts.status.is_success() || parts.status.is_redirection();
    let bytes =
        if changed { Some(to_bytes(body, LARGEST).await.map_err(anyhow::Error::from)?) } else { None };
    let mut tx = app.db.write().await?;
    let statement = match &bytes {
        Some(bytes) => fill(key, parts.status, &parts.headers, bytes),
        None => sql("DELETE FROM idempotency WHERE actor = $1 AND path = $2 AND key = $3")
            .bind(&key.actor)
            .bind(&key.path)
            .bind(&key.key),
    };
    statement.run(&mut tx).await?;
    tx.commit().await?;
    Ok(Response::from_parts(parts, bytes.map_or_else(Body::empty, Body::from)))
}

/// Cookies are not kept: they may be secrets.
fn fill(key: &Key, status: StatusCode, headers: &HeaderMap, body: &Bytes) -> crate::platform::Sql {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    sql("UPDATE idempotency SET status = $4, content_type = $5, location = $6, body = $7
         WHERE actor = $1 AND path = $2 AND key = $3")
    .bind(&key.actor)
    .bind(&key.path)
    .bind(&key.key)
    .bind(i64::from(status.as_u16()))
    .bind(text(header::CONTENT_TYPE))
    .bind(text(header::LOCATION))
    .bind(body.to_vec())
}
