//! The page of webhooks: where they go, how they fare, and a test.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::platform::web::{Corrections, OFFERED};
use crate::platform::{Actor, App, Area, Error, Id, Input, Page, Query, Result, Right, Wants};
use crate::rules::webhook;
use crate::rules::webhook::{Trouble, Webhook, WebhookDraft};

#[derive(Deserialize, IntoParams)]
pub(super) struct HookQuery {
    /// The id of what the form changes; without it the form adds.
    edit: Option<i64>,
    /// One that was just taken away, so that the page offers to bring it back.
    removed: Option<i64>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "rules/views/webhooks.html")]
pub(super) struct WebhooksView {
    #[serde(skip)]
    page: Page,
    items: Vec<Webhook>,
    next: Option<String>,
    #[serde(skip)]
    id: Option<i64>,
    #[serde(skip)]
    form: WebhookDraft,
    #[serde(skip)]
    secret: Option<String>,
    #[serde(skip)]
    errors: Corrections,
}

impl WebhooksView {
    /// What went wrong last, in words.
    fn trouble(&self, hook: &Webhook) -> String {
        Trouble::read(&hook.trouble).said(&self.page)
    }

    fn action(&self) -> String {
        self.id.map_or("/settings/webhooks".into(), |id| format!("/settings/webhooks/{id}"))
    }
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    (id, form): (Option<i64>, Option<WebhookDraft>),
    removed: Option<i64>,
    errors: Corrections,
) -> Result<Response> {
    let items = webhook::all(&mut app.db.read().await?).await?;
    let known = items.iter().find(|hook| Some(hook.id) == id);
    if id.is_some() && known.is_none() {
        return Err(Error::NotFound);
    }
    let secret = known.map(|hook| webhook::secret_of(app, actor, hook)).transpose()?;
    let as_kept = |hook: &Webhook| WebhookDraft {
        name: hook.name.clone(),
        url: hook.url.clone(),
        private: if hook.private { "yes".into() } else { String::new() },
    };
    let form = form.or_else(|| known.map(as_kept)).unwrap_or_default();
    let mut page = wants.page(app, actor, Area::Settings);
    if let Some(removed) = removed {
        let back = format!("/settings/webhooks/{removed}/restored");
        page.offer_undo("rules-webhook-removed", back, app.now() + OFFERED);
    }
    let status = if errors.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    wants.answer_as(status, &WebhooksView { page, items, next: None, id, form, secret, errors })
}

/// The webhooks, with how they fared last.
#[utoipa::path(get, path = "/settings/webhooks", tag = "rules", params(HookQuery),
    responses((status = 200, body = WebhooksView)))]
pub(super) async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<HookQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    show(&app, &actor, &wants, (query.edit, None), query.removed, Corrections::default()).await
}

/// A webhook with the secret that receivers check signatures with.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookSaved)]
struct Saved {
    id: i64,
    secret: String,
}

async fn keep(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    id: Option<i64>,
    draft: WebhookDraft,
) -> Result<Response> {
    match webhook::save(app, actor, id, &draft).await {
        Ok(id) => {
            let all = webhook::all(&mut app.db.read().await?).await?;
            let hook = all.iter().find(|hook| hook.id == id).ok_or(Error::NotFound)?;
            let secret = webhook::secret_of(app, actor, hook)?;
            wants.done(&format!("/settings/webhooks?edit={id}"), "saved", &Saved { id, secret })
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            show(app, actor, wants, (id, Some(draft)), None, Corrections::new("", errors)).await
        }
        Err(error) => Err(error),
    }
}

/// Adds a webhook; it gets a secret.
#[utoipa::path(post, path = "/settings/webhooks", tag = "rules", request_body = WebhookDraft,
    responses((status = 200, body = Saved), (status = 422)))]
pub(super) async fn create(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(draft): Input<WebhookDraft>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    keep(&app, &actor, &wants, None, draft).await
}

/// Changes a webhook; its secret stays.
#[utoipa::path(post, path = "/settings/webhooks/{id}", tag = "rules", params(("id" = i64, Path)),
    request_body = WebhookDraft, responses((status = 200, body = Saved), (status = 404), (status = 422)))]
pub(super) async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(draft): Input<WebhookDraft>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    keep(&app, &actor, &wants, Some(id), draft).await
}

/// What a test or a removal says to programs.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookTested)]
struct Tested {
    id: i64,
    /// What went wrong; `null`: it listened.
    trouble: Option<String>,
}

/// Takes a webhook away; rules that want it fail from now on.
#[utoipa::path(post, path = "/settings/webhooks/{id}/removal", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = Tested), (status = 404)))]
pub(super) async fn remove(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    webhook::remove(&app, &actor, id).await?;
    let page = format!("/settings/webhooks?removed={id}");
    wants.done(&page, "rules-webhook-removed", &Tested { id, trouble: None })
}

/// Brings a webhook back, with its secret.
#[utoipa::path(post, path = "/settings/webhooks/{id}/restored", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = Tested), (status = 404)))]
pub(super) async fn restore(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    webhook::bring_back(&app, &actor, id).await?;
    wants.done("/settings/webhooks", "rules-webhook-restored", &Tested { id, trouble: None })
}

/// Tells a webhook now that this is a test.
#[utoipa::path(post, path = "/settings/webhooks/{id}/test", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = Tested), (status = 404)))]
pub(super) async fn test(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let trouble = webhook::test(&app, &actor, id).await?.map(|trouble| trouble.to_string());
    let word = if trouble.is_none() { "rules-webhook-listens" } else { "rules-webhook-deaf" };
    wants.done(&format!("/settings/webhooks?edit={id}"), word, &Tested { id, trouble })
}
