//! What people do with insights: document cases with them, decide, name an owner, talk, tell customers. Their pages are in `screens`,
//! since they show costs as well.

mod act;
mod answers;
mod choices;
pub mod dialog;
mod document;
mod form;
mod search;
mod tell;

use utoipa_axum::router::OpenApiRouter;

use crate::platform::App;

pub fn routes() -> OpenApiRouter<App> {
    act::routes()
        .merge(answers::routes())
        .merge(document::routes())
        .merge(search::routes())
        .merge(tell::routes())
}
