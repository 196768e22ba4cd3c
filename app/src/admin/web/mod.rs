//! The settings pages.

mod names;
mod operation;
mod people;
mod queues;
mod tokens;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::{App, Role};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(operation::overview))
        .routes(routes!(operation::mail))
        .routes(routes!(operation::jobs))
        .routes(routes!(operation::retry))
        .routes(routes!(people::list, people::invite))
        .routes(routes!(people::page, people::change))
        .routes(routes!(people::link))
        .routes(routes!(names::teams, names::name_team))
        .routes(routes!(names::departments, names::name_department))
        .routes(routes!(queues::queues, queues::set_queue))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
}

/// What a role is called.
pub const fn role_word(role: &Role) -> &'static str {
    match role {
        Role::Agent => "admin-role-agent",
        Role::Lead => "admin-role-lead",
        Role::Department => "admin-role-department",
        Role::Manager => "admin-role-manager",
        Role::Admin => "admin-role-admin",
        Role::Partner => "admin-role-partner",
        Role::Finance => "admin-role-finance",
        Role::WorksCouncil => "admin-role-works-council",
        Role::DataProtection => "admin-role-data-protection",
    }
}
