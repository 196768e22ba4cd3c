//! What departments see: their inbox of insights, one insight's page, and the list of all.

mod all;
mod history;
mod inbox;
mod insight;
mod numbers;

use utoipa_axum::router::OpenApiRouter;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    inbox::routes().merge(insight::routes()).merge(all::routes())
}
