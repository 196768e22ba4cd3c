//! `GET /`: where somebody's day begins.

use axum::extract::State;
use axum::response::Response;

use super::first_steps;
use crate::platform::{Actor, App, Result, Right, Role, Wants};

/// Sends everybody to the page of their work, and who sets up a new house to the first steps.
pub async fn home(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    if actor.can(Right::ManageSettings) && first_steps::is_new(&mut app.db.read().await?).await? {
        return Ok(wants.go("/start"));
    }
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
