//! What programs need to know: the description of the API, a page that shows it, and figures for monitoring.
//!
//! The description is made from the handlers; nothing here lists a route by hand. Deliberately absent: a
//! console that sends requests, and anything from other hosts.

mod document;
mod metrics;
mod page;

pub use document::complete;

use axum::routing::get;
use axum::{Json, Router};

use crate::platform::App;

/// Not part of the description: these describe it.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api", get(page::page))
        .route("/api/openapi.json", get(|| async { Json(crate::openapi()) }))
        .route("/metrics", get(metrics::metrics))
}
