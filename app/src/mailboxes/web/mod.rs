//! The mailboxes in the settings: list, page, form, and the way to a provider and back.

mod actions;
mod connect;
mod form;
mod pages;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(pages::list, pages::add))
        .routes(routes!(connect::callback))
        .routes(routes!(actions::probe))
        .routes(routes!(pages::page, pages::change))
        .routes(routes!(actions::pause))
        .routes(routes!(actions::attempt))
        .routes(routes!(actions::remove))
        .routes(routes!(connect::connect))
}
