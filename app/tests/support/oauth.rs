//! An OAuth 2.0 server that gives leave to read mailboxes: authorisation code with PKCE (RFC 6749, RFC 7636),
//! refresh tokens that are good for once, and introspection (RFC 7662), by which Dovecot asks about tokens.
//!
//! It says yes to everybody at once, as somebody would who presses the button. It is strict about everything else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};

pub const CLIENT: &str = "kitt";
pub const SECRET: &str = "client-geheim";

type Fields = HashMap<String, String>;

/// Listens until the runtime of the test ends.
#[derive(Clone)]
pub struct Provider {
    pub url: String,
    books: Arc<Mutex<Books>>,
}

struct Books {
    /// By code: what it was asked for with, and for whom.
    codes: HashMap<String, (Fields, String)>,
    refresh: HashMap<String, String>,
    access: HashMap<String, (String, Instant)>,
    lifetime: Duration,
    issued: u32,
}

impl Provider {
    /// Its access tokens last for `lifetime`.
    pub async fn start(lifetime: Duration) -> Result<Self> {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let books = Books {
            codes: HashMap::new(),
            refresh: HashMap::new(),
            access: HashMap::new(),
            lifetime,
            issued: 0,
        };
        let provider =
            Self { url: format!("http://{}", socket.local_addr()?), books: Arc::new(Mutex::new(books)) };
        let router = Router::new()
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/introspect", post(introspect))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(socket, router).await });
        Ok(provider)
    }

    /// All leave is taken back.
    pub fn revoke(&self) {
        let mut books = self.books();
        books.refresh.clear();
        books.access.clear();
    }

    /// All access tokens end at once, whatever was said when they were given.
    pub fn end_access(&self) {
        self.books().access.clear();
    }

    /// How many access tokens were given so far.
    pub fn issued(&self) -> u32 {
        self.books().issued
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn give(&mut self, user: &str) -> Response {
        let (access, refresh) = (format!("access-{}", random()), format!("refresh-{}", random()));
        self.access.insert(access.clone(), (user.to_owned(), Instant::now() + self.lifetime));
        self.refresh.insert(refresh.clone(), user.to_owned());
        self.issued += 1;
        Json(json!({
            "access_token": access, "token_type": "Bearer", "expires_in": self.lifetime.as_secs(), "refresh_token": refresh,
        }))
        .into_response()
    }
}

fn random() -> String {
    format!("{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>())
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}

fn refuse(error: &str) -> Response {
    let body = json!({ "error": error, "error_description": "The test's provider says no." });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

async fn authorize(State(provider): State<Provider>, Query(asked): Query<Fields>) -> Response {
    let right = field(&asked, "response_type") == "code"
        && field(&asked, "client_id") == CLIENT
        && field(&asked, "code_challenge_method") == "S256"
        && !field(&asked, "state").is_empty();
    if !right {
        return refuse("invalid_request");
    }
    let code = random();
    let back = format!("{}?code={code}&state={}", field(&asked, "redirect_uri"), field(&asked, "state"));
    let user = field(&asked, "login_hint").to_owned();
    provider.books().codes.insert(code, (asked, user));
    Redirect::to(&back).into_response()
}

async fn token(State(provider): State<Provider>, Form(asked): Form<Fields>) -> Response {
    if field(&asked, "client_id") != CLIENT || field(&asked, "client_secret") != SECRET {
        return refuse("invalid_client");
    }
    let mut books = provider.books();
    match field(&asked, "grant_type") {
        "authorization_code" => {
            let Some((then, user)) = books.codes.remove(field(&asked, "code")) else {
                return refuse("invalid_grant");
            };
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field(&asked, "code_verifier")));
            let same = field(&then, "redirect_uri") == field(&asked, "redirect_uri");
            if !same || field(&then, "code_challenge") != challenge {
                return refuse("invalid_grant");
            }
            books.give(&user)
        }
        "refresh_token" => match books.refresh.remove(field(&asked, "refresh_token")) {
            Some(user) => books.give(&user),
            None => refuse("invalid_grant"),
        },
        _ => refuse("unsupported_grant_type"),
    }
}

async fn introspect(State(provider): State<Provider>, Form(asked): Form<Fields>) -> Response {
    let books = provider.books();
    let known = books.access.get(field(&asked, "token")).filter(|(_, until)| Instant::now() < *until);
    let answer = match known {
        Some((user, _)) => json!({ "active": true, "username": user }),
        None => json!({ "active": false }),
    };
    Json(answer).into_response()
}
