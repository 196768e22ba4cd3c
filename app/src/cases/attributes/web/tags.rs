//! The tags of the house: rename, merge, remove. New ones are made where they are used: on a case.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::EditQuery;
use crate::cases::attributes;
use crate::cases::attributes::TagUse;
use crate::platform::{Actor, App, Area, Error, Id, Input, Page, Query, Result, Right, TagId, Wants};

/// Cases of a tag are counted up to here.
const COUNTED: i64 = 1000;

#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/attributes/views/tags.html")]
#[schema(as = TagUseList)]
pub(super) struct TagsView {
    #[serde(skip)]
    page: Page,
    /// Cases are counted up to 1,000.
    items: Vec<TagUse>,
    next: Option<String>,
    #[serde(skip)]
    edited: Option<TagUse>,
}

impl TagsView {
    fn count(&self, tag: &TagUse) -> String {
        if COUNTED <= tag.cases {
            format!("{}+", self.page.number(COUNTED - 1))
        } else {
            self.page.number(tag.cases)
        }
    }
}

/// All tags, with how many cases have them.
#[utoipa::path(get, path = "/settings/attributes/tags", tag = "settings", params(EditQuery),
    responses((status = 200, body = TagsView)))]
pub(super) async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let items = attributes::tag_uses(&mut app.db.read().await?, COUNTED).await?;
    let edited = items.iter().find(|tag| Some(tag.id.0) == query.edit).cloned();
    wants.answer(&TagsView { page: wants.page(&app, &actor, Area::Settings), items, next: None, edited })
}

#[derive(Deserialize, ToSchema)]
pub(super) struct RenameForm {
    id: String,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct TagDone {
    id: TagId,
}

/// Gives a tag another name.
#[utoipa::path(post, path = "/settings/attributes/tags", tag = "settings", request_body = RenameForm,
    responses((status = 200, body = TagDone), (status = 404), (status = 422)))]
pub(super) async fn rename(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<RenameForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let id = form.id.trim().parse().map(TagId).map_err(|_| Error::NotFound)?;
    attributes::rename_tag(&app, &actor, id, &form.name).await?;
    wants.done("/settings/attributes/tags", "saved", &TagDone { id })
}

#[derive(Deserialize, ToSchema)]
#[schema(as = TagMergeForm)]
pub(super) struct MergeForm {
    /// The name of the other tag.
    into: String,
}

/// All cases of this tag get the other one; this one is gone.
#[utoipa::path(post, path = "/settings/attributes/tags/{id}/merge", tag = "settings", params(("id" = i64, Path)),
    request_body = MergeForm, responses((status = 200, body = TagDone), (status = 404), (status = 422)))]
pub(super) async fn merge(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<MergeForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let found = attributes::tag_named(&mut app.db.read().await?, &form.into).await?;
    let into = found.ok_or_else(|| Error::invalid("into", "attr-tag-unknown"))?.id;
    attributes::merge_tags(&app, &actor, TagId(id), into).await?;
    wants.done("/settings/attributes/tags", "attr-merged", &TagDone { id: into })
}

/// Takes the tag from all cases.
#[utoipa::path(post, path = "/settings/attributes/tags/{id}/remove", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, body = TagDone), (status = 404)))]
pub(super) async fn remove(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    attributes::forget_tag(&app, &actor, TagId(id)).await?;
    wants.done("/settings/attributes/tags", "attr-removed", &TagDone { id: TagId(id) })
}
