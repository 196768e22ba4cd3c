//! Pages of rates, ledger and exposure.

mod exposure;
mod ledger;
mod rates;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rates::page, rates::set))
        .routes(routes!(ledger::list))
        .routes(routes!(exposure::page, exposure::report))
}
