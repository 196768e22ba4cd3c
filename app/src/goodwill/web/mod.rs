//! Goodwill, refunds and requests of a case; the policies.

mod case;
mod policies;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::App;

pub use case::{GrantForm, RefundForm, RequestForm};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(case::page, case::grant))
        .routes(routes!(case::refund))
        .routes(routes!(case::request))
        .routes(routes!(case::reverse))
        .routes(routes!(policies::list, policies::add))
        .routes(routes!(policies::page, policies::change))
}
