//! How the search stands: its index, and the texts of files.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cases;
use crate::cases::{FileTexts, UnreadableFile};
use crate::platform::{Actor, App, Area, Page, Result, Right, Wants};

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/views/search_state.html")]
struct SearchState {
    #[serde(skip)]
    page: Page,
    /// Documents that can be found on this node.
    documents: u64,
    /// False while the index is being built.
    complete: bool,
    files: FileTexts,
    /// The newest ones that could not be read.
    unreadable: Vec<UnreadableFile>,
}

/// How far the index is, which files were read and which could not be.
#[utoipa::path(get, path = "/settings/search", tag = "settings", responses((status = 200, body = SearchState)))]
pub async fn search_state(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let (files, unreadable) = cases::file_texts(&mut app.db.read().await?).await?;
    let state = app.search().state();
    let view = SearchState {
        page: wants.page(&app, &actor, Area::Settings),
        documents: state.map_or(0, |state| state.documents),
        complete: state.is_some_and(|state| state.complete),
        files,
        unreadable,
    };
    wants.answer(&view)
}
