//! What people do with insights: decide, name an owner, talk, tell customers. Their pages are in `screens`,
//! since they show costs as well.

mod act;
mod tell;

use utoipa_axum::router::OpenApiRouter;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    act::routes().merge(tell::routes())
}
