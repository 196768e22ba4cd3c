//! Pages that show several slices at once. They read through the doors and change nothing.

mod case_work;
mod cells;
mod chart;
mod composer;
mod conversation;
pub mod costs;
pub mod customer;
mod customer_export;
pub mod department;
mod empty;
mod export;
mod first_steps;
mod history;
pub mod home;
pub mod hub;
mod lifeline;
mod listed;
mod opened;
mod print;
mod queue;
mod search;
mod table;
mod timeline;
mod urgency;
mod workload;
pub mod workplace;

use utoipa_axum::router::OpenApiRouter;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    workplace::routes()
        .merge(hub::routes())
        .merge(department::routes())
        .merge(search::routes())
        .merge(print::routes())
        .merge(history::routes())
        .merge(customer::routes())
        .merge(customer_export::routes())
        .merge(export::routes())
        .merge(first_steps::routes())
        .merge(workload::routes())
}
