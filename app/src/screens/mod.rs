//! Pages that show several slices at once. They read through the doors and change nothing.

mod chart;
mod costs;
pub mod customer;
mod customer_export;
pub mod department;
pub mod home;
pub mod hub;
mod lifeline;
mod search;
mod timeline;
pub mod workplace;

use utoipa_axum::router::OpenApiRouter;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    workplace::routes()
        .merge(hub::routes())
        .merge(department::routes())
        .merge(search::routes())
        .merge(customer::routes())
        .merge(customer_export::routes())
}
