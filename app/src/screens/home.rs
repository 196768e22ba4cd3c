//! `GET /`: where somebody's day begins.

use axum::response::Response;

use crate::platform::{Actor, Result, Right, Role, Wants};

/// Sends everybody to the page of their work.
pub async fn home(actor: Actor, wants: Wants) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    Ok(wants.go(start(&actor)))
}

fn start(actor: &Actor) -> &'static str {
    if actor.can(Right::WorkCases) {
        "/cases"
    } else if actor.is(Role::Department) {
        "/department"
    } else if actor.is(Role::Manager) {
        "/hub"
    } else {
        "/account"
    }
}
