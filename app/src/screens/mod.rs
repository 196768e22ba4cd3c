//! Pages that show several slices at once. They read through the doors and change nothing.

mod chart;
mod costs;
pub mod department;
pub mod home;
pub mod hub;
mod search;
pub mod workplace;

use utoipa_axum::router::OpenApiRouter;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    workplace::routes().merge(hub::routes()).merge(department::routes()).merge(search::routes())
}
