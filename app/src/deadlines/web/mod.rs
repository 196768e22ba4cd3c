//! The settings pages of calendars and policies.

mod calendar_form;
mod calendars;
mod days;
mod form;
mod policies;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(calendars::list, calendars::create))
        .routes(routes!(calendars::page, calendars::change))
        .routes(routes!(calendars::remove))
        .routes(routes!(days::add_day))
        .routes(routes!(days::remove_day))
        .routes(routes!(days::import))
        .routes(routes!(policies::list, policies::set))
        .routes(routes!(policies::place))
        .routes(routes!(policies::remove))
        .routes(routes!(policies::group))
}
