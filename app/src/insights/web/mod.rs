//! Pages of insights.

use utoipa_axum::router::OpenApiRouter;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
