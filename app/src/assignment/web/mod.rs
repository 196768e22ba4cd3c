//! Pages of assignment: one's own attendance, the people one leads, the rules, and why a case is where it is.

mod attendance;
mod case;
mod settings;
mod staff;

use std::collections::BTreeMap;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::web::{day, zoned};
use crate::platform::{App, Error, PersonId, Result, Timestamp};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(attendance::page, attendance::set))
        .routes(routes!(attendance::plan))
        .routes(routes!(attendance::cancel))
        .routes(routes!(staff::list))
        .routes(routes!(staff::save))
        .routes(routes!(settings::page, settings::save))
        .routes(routes!(settings::capacity))
        .routes(routes!(settings::skill))
        .routes(routes!(settings::remove_skill))
        .routes(routes!(settings::restore_skill))
        .routes(routes!(settings::kind))
        .routes(routes!(case::show))
        .routes(routes!(case::hand_back))
}

/// Numbers behind `prefix` in the names of ticked boxes, such as `skill_7`.
fn ticked(boxes: &BTreeMap<String, serde_json::Value>, prefix: &str) -> Vec<i64> {
    boxes.keys().filter_map(|name| name.strip_prefix(prefix)?.parse().ok()).collect()
}

/// The beginning of a day in the house's zone; `None` for an empty field.
fn morning(app: &App, field: &'static str, text: &str) -> Result<Option<Timestamp>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = day(text).ok_or_else(|| Error::invalid(field, "error-field-malformed"))?;
    zoned(app, field, day.at(0, 0, 0, 0)).map(Some)
}

/// A person's id; `None` for an empty field.
fn person(field: &'static str, text: &str) -> Result<Option<PersonId>> {
    match text.trim() {
        "" => Ok(None),
        id => id
            .parse()
            .map(|id| Some(PersonId(id)))
            .map_err(|_| Error::invalid(field, "error-field-malformed")),
    }
}
