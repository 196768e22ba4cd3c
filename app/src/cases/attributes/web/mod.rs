//! What people and programs set on cases, and the settings pages behind it.

mod case;
mod field;
mod kinds;
mod states;
mod tags;

pub use case::AttributesJson;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::{App, Page};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(case::offered))
        .routes(routes!(case::tags))
        .routes(routes!(case::set_priority))
        .routes(routes!(case::set_kind))
        .routes(routes!(case::set_state))
        .routes(routes!(case::add_tag))
        .routes(routes!(case::remove_tag))
        .routes(routes!(case::set_field))
        .routes(routes!(kinds::list, kinds::set_up))
        .routes(routes!(states::list, states::set_up))
        .routes(routes!(tags::list, tags::rename))
        .routes(routes!(tags::merge))
        .routes(routes!(tags::remove))
        .routes(routes!(field::list, field::add))
        .routes(routes!(field::page, field::change))
}

/// The pages of these settings: address, and the key of their name.
pub const PAGES: [(&str, &str); 4] = [
    ("/settings/attributes", "attr-kinds"),
    ("/settings/attributes/states", "attr-states"),
    ("/settings/attributes/tags", "attr-tags"),
    ("/settings/attributes/fields", "attr-fields"),
];

/// Is this the page that is shown?
pub fn is_open(page: &Page, url: &str) -> bool {
    page.url.split('?').next() == Some(url)
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
pub struct EditQuery {
    /// The id of what the form changes; without it the form adds.
    edit: Option<i64>,
}

/// The place in an order as a form has it; empty or nonsense: the last one.
fn place(text: &str) -> i64 {
    text.trim().parse().unwrap_or(0)
}
