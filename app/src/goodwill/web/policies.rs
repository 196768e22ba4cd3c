//! The policies of the house: list, add, change.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::goodwill;
use crate::goodwill::{Policy, PolicyDraft};
use crate::people;
use crate::people::Department;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, DepartmentId, Error, Id, Input, Page, PolicyId, Result, Right, Timestamp, Tx, Wants,
};

/// Days that the counts of the list look back.
const DAYS: i64 = 90;

/// A policy with how often it was asked about in the last 90 days.
#[derive(Serialize, ToSchema)]
struct PolicyLine {
    #[serde(flatten)]
    policy: Policy,
    owner: Option<String>,
    granted: i64,
    refused: i64,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "goodwill/views/policies.html")]
struct PoliciesView {
    #[serde(skip)]
    page: Page,
    items: Vec<PolicyLine>,
    next: Option<String>,
    #[serde(skip)]
    departments: Vec<Department>,
    #[serde(skip)]
    editor: bool,
    #[serde(skip)]
    form: PolicyForm,
    #[serde(skip)]
    errors: Corrections,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "goodwill/views/policy.html")]
struct PolicyView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    policy: Policy,
    #[serde(skip)]
    departments: Vec<Department>,
    #[serde(skip)]
    form: PolicyForm,
    #[serde(skip)]
    errors: Corrections,
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct PolicyForm {
    title: String,
    /// The id of the department that owns it; empty for none.
    #[serde(default)]
    department: String,
    text: String,
    /// "yes" unless it is out of use.
    #[serde(default)]
    active: String,
}

impl PolicyForm {
    fn draft(&self) -> PolicyDraft {
        PolicyDraft {
            title: self.title.trim().to_owned(),
            department: self.department.parse().map(DepartmentId).ok(),
            // Browsers send line ends their own way, and only a new text is a new version.
            text: self.text.trim().replace("\r\n", "\n"),
            active: self.active == "yes",
        }
    }

    fn of(policy: &Policy) -> Self {
        Self {
            title: policy.title.clone(),
            department: policy.department.map(|id| id.to_string()).unwrap_or_default(),
            text: policy.text.clone(),
            active: if policy.active { "yes".into() } else { String::new() },
        }
    }

    fn is_owned_by(&self, department: &Department) -> bool {
        self.department == department.id.to_string()
    }

    fn is_active(&self) -> bool {
        self.active == "yes"
    }
}

async fn lines(tx: &mut Tx, since: Timestamp) -> Result<Vec<PolicyLine>> {
    let departments = people::departments(tx).await?;
    let counts: HashMap<_, _> =
        goodwill::counts(tx, since).await?.into_iter().map(|count| (count.policy, count)).collect();
    let line = |policy: Policy| {
        let owner =
            departments.iter().find(|one| Some(one.id) == policy.department).map(|one| one.name.clone());
        let count = counts.get(&policy.id.0).copied().unwrap_or_default();
        PolicyLine { policy, owner, granted: count.granted, refused: count.refused }
    };
    Ok(goodwill::policies(tx).await?.into_iter().map(line).collect())
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: PolicyForm,
    errors: Corrections,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let view = PoliciesView {
        page: wants.page(app, actor, Area::Settings),
        items: lines(&mut tx, app.now() - Timestamp::days(DAYS)).await?,
        next: None,
        departments: people::departments(&mut tx).await?,
        editor: goodwill::may_edit_policies(actor),
        form,
        errors,
    };
    wants.answer_as(status, &view)
}

/// The policies, with how often each was granted and refused in the last 90 days.
#[utoipa::path(get, path = "/policies", tag = "goodwill", responses((status = 200, body = PoliciesView)))]
pub async fn list(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    let form = PolicyForm { active: "yes".into(), ..PolicyForm::default() };
    show(&app, &actor, &wants, StatusCode::OK, form, Corrections::default()).await
}

/// Writes a new policy.
#[utoipa::path(post, path = "/policies", tag = "goodwill", request_body = PolicyForm,
    responses((status = 200, body = Policy), (status = 422)))]
pub async fn add(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<PolicyForm>,
) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    match goodwill::add_policy(&app, &actor, &PolicyDraft { active: true, ..form.draft() }).await {
        Ok(policy) => {
            let policy = goodwill::policy(&mut app.db.read().await?, policy).await?;
            wants.done("/policies", "saved", &policy)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            let errors = Corrections::new("", errors);
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(error) => Err(error),
    }
}

/// One policy.
#[utoipa::path(get, path = "/policies/{id}", tag = "goodwill", params(("id" = i64, Path)),
    responses((status = 200, body = PolicyView), (status = 404)))]
pub async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<PolicyId>,
) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    let mut tx = app.db.read().await?;
    let policy = goodwill::policy(&mut tx, id).await?;
    let view = PolicyView {
        page: wants.page(&app, &actor, Area::Settings),
        departments: people::departments(&mut tx).await?,
        form: PolicyForm::of(&policy),
        policy,
        errors: Corrections::default(),
    };
    wants.answer(&view)
}

/// Changes a policy; a new text is a new version.
#[utoipa::path(post, path = "/policies/{id}", tag = "goodwill", params(("id" = i64, Path)),
    request_body = PolicyForm, responses((status = 200, body = Policy), (status = 404), (status = 422)))]
pub async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<PolicyId>,
    Input(form): Input<PolicyForm>,
) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    match goodwill::change_policy(&app, &actor, id, &form.draft()).await {
        Ok(_) => {
            let policy = goodwill::policy(&mut app.db.read().await?, id).await?;
            wants.done("/policies", "saved", &policy)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            let mut tx = app.db.read().await?;
            let view = PolicyView {
                page: wants.page(&app, &actor, Area::Settings),
                policy: goodwill::policy(&mut tx, id).await?,
                departments: people::departments(&mut tx).await?,
                form,
                errors: Corrections::new("", errors),
            };
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}
