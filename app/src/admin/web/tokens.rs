//! Keys for programs: create, revoke.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::people;
use crate::people::Token;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Page, Result, Right, Role, TokenId, Wants,
};

#[derive(Template, Serialize, ToSchema)]
#[template(path = "admin/views/tokens.html")]
struct TokensView {
    #[serde(skip)]
    page: Page,
    items: Vec<Token>,
    next: Option<String>,
    /// The token that was just made; never shown again.
    #[serde(skip)]
    secret: Option<String>,
    #[serde(skip)]
    form: TokenForm,
    #[serde(skip)]
    errors: Corrections,
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct TokenForm {
    /// What it is for.
    name: String,
    /// One role, as in `kitt token create`.
    role: String,
}

/// A new token. It is shown only now.
#[derive(Serialize, ToSchema)]
struct NewToken {
    token: String,
}

/// The API tokens, newest first, without their secrets.
#[utoipa::path(get, path = "/settings/tokens", tag = "settings", responses((status = 200, body = TokensView)))]
pub async fn list(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManagePeople)?;
    show(&app, &actor, &wants, StatusCode::OK, None, TokenForm::default(), Vec::new()).await
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    secret: Option<String>,
    form: TokenForm,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let items = people::tokens(&mut app.db.read().await?).await?;
    let page = wants.page(app, actor, Area::Settings);
    let errors = Corrections::new("", errors);
    wants.answer_as(status, &TokensView { page, items, next: None, secret, form, errors })
}

/// Creates a token; the answer shows it, and nothing does later.
#[utoipa::path(post, path = "/settings/tokens", tag = "settings", request_body = TokenForm,
    responses((status = 200, body = NewToken), (status = 422)))]
pub async fn create(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<TokenForm>,
) -> Result<Response> {
    actor.may(Right::ManagePeople)?;
    match form.parse() {
        Ok((name, role)) => {
            let token = people::create_token(&app, &actor, &name, role).await?;
            if wants.json {
                return Ok(Json(NewToken { token }).into_response());
            }
            show(&app, &actor, &wants, StatusCode::OK, Some(token), TokenForm::default(), Vec::new()).await
        }
        Err(errors) if wants.json => Err(Error::Invalid(errors)),
        Err(errors) => show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, None, form, errors).await,
    }
}

impl TokenForm {
    fn parse(&self) -> Result<(String, Role), Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = self.name.trim();
        errors.extend(FieldError::of_text("name", name, 100));
        let role = Role::from_code(&self.role);
        if role.is_none() {
            errors.push(FieldError { field: "role", word: "admin-role-choose" });
        }
        match role {
            Some(role) if errors.is_empty() => Ok((name.to_owned(), role)),
            _ => Err(errors),
        }
    }

    fn is(&self, role: &Role) -> bool {
        self.role == role.code()
    }
}

/// Ends a token at once.
#[utoipa::path(post, path = "/settings/tokens/{id}/revoke", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, description = "ended"), (status = 404)))]
pub async fn revoke(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<TokenId>,
) -> Result<Response> {
    actor.may(Right::ManagePeople)?;
    people::revoke_token(&app, &actor, id).await?;
    wants.done("/settings/tokens", "admin-token-revoked", &serde_json::json!({}))
}
