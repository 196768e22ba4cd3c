//! What a browser sees while the example company is made up: how far it is, at the address where the house opens then.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::progress::Far;
use crate::platform::{Language, Settings, Timestamp, Words, server};

/// What is shown by the page.
type Shown = Arc<Mutex<Option<Far>>>;

/// The page that waits, until it is closed.
pub struct Waiting {
    far: Shown,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Waiting {
    /// Serves the page where the house is to be.
    ///
    /// # Errors
    ///
    /// If another program uses the address: better known now than when everything is loaded.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let socket = TcpListener::bind(settings.listen).await.with_context(|| {
            format!(
                "cannot listen on {}: is another program using it? Choose another with --listen",
                settings.listen
            )
        })?;
        let tls = settings.tls.as_ref().map(server::tls).transpose()?;
        let (far, stop) = (Shown::default(), CancellationToken::new());
        let router = Router::new().fallback(page).with_state(far.clone());
        let serving = tokio::spawn(server::serve(socket, tls, router, stop.clone()));
        Ok(Self { far, stop, serving })
    }

    pub fn reached(&self, far: Far) {
        *self.far.lock().unwrap_or_else(PoisonError::into_inner) = Some(far);
    }

    /// Leaves the address to the house.
    pub async fn close(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.serving.await.context("the page that waits broke off")
    }
}

#[derive(Template)]
#[template(path = "demo/views/waiting.html")]
struct WaitingPage {
    words: Words,
    far: Option<Far>,
}

async fn page(State(shown): State<Shown>, headers: HeaderMap) -> Response {
    let far = *shown.lock().unwrap_or_else(PoisonError::into_inner);
    let words = Words::new(language(&headers), TimeZone::UTC, Timestamp(0));
    let page = WaitingPage { words, far }.render().unwrap_or_default();
    let headers = [(header::RETRY_AFTER, "2"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, Html(page)).into_response()
}

/// What the browser asks for first.
fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first = accepted.and_then(|accepted| accepted.get(..2)).map(str::to_ascii_lowercase);
    first.and_then(|code| Language::from_code(&code)).unwrap_or(Language::De)
}

#[cfg(test)]
mod tests {
    use super::super::progress::Part;
    use super::*;

    #[tokio::test]
    async fn whoever_comes_early_reads_how_far_it_is() {
        let shown = Shown::default();
        *shown.lock().expect("nobody else holds it") = Some(Far { part: Part::Cases, percent: 42 });

        let answer = page(State(shown), HeaderMap::new()).await;

        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let body = axum::body::to_bytes(answer.into_body(), 1 << 16).await.expect("a page");
        let body = String::from_utf8_lossy(&body);
        assert!(body.contains("Der Musterladen wird eingerichtet"), "{body}");
        assert!(body.contains("Fälle aus 400 Tagen") && body.contains("value=\"42\""), "{body}");
    }
}
