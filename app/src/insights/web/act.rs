//! Decision, owner, department, comment.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::insights;
use crate::insights::{Decision, InsightState, Step};
use crate::platform::web::{day, zoned};
use crate::platform::{
    Actor, App, DepartmentId, Error, Id, Input, InsightId, PersonId, Result, Right, Timestamp, Wants,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(decide))
        .routes(routes!(own))
        .routes(routes!(settle))
        .routes(routes!(comment))
}

#[derive(Deserialize, ToSchema)]
struct DecisionForm {
    /// `accept`, `dispute`, `plan`, `fix`, `decline`, `reopen`
    step: Step,
    /// Needed to dispute and to decline.
    #[serde(default)]
    reason: String,
    /// A manager's or lead's id; needed to dispute.
    #[serde(default)]
    arbiter: String,
    /// The announced day, `2027-01-15`; needed to plan.
    #[serde(default)]
    due: String,
}

impl DecisionForm {
    fn parse(self, app: &App) -> Result<Decision> {
        let said = (!self.reason.trim().is_empty()).then(|| self.reason.trim().to_owned());
        if said.as_ref().is_some_and(|reason| 2000 < reason.chars().count()) {
            return Err(Error::invalid("reason", "error-field-too-long"));
        }
        Ok(match self.step {
            Step::Accept => Decision::Accept,
            Step::Fix => Decision::Fix { reason: said },
            Step::Reopen => Decision::Reopen { reason: said },
            Step::Plan => Decision::Plan { due: end_of_day(app, &self.due)?, reason: said },
            Step::Decline => Decision::Decline { reason: self.reason },
            Step::Dispute => {
                let arbiter =
                    self.arbiter.parse().map_err(|_| Error::invalid("arbiter", "insight-arbiter-missing"))?;
                Decision::Dispute { reason: self.reason, arbiter: PersonId(arbiter) }
            }
        })
    }
}

/// The last second of `day`, in the house's zone: the whole day counts.
fn end_of_day(app: &App, text: &str) -> Result<Timestamp> {
    let day = day(text).ok_or_else(|| Error::invalid("due", "insight-due-missing"))?;
    zoned(app, "due", day.at(23, 59, 59, 0))
}

#[derive(Serialize, ToSchema)]
struct Decided {
    state: InsightState,
}

/// Decides about an insight, for its department.
#[utoipa::path(post, path = "/insights/{id}/decision", tag = "insights", params(("id" = i64, Path)),
    request_body = DecisionForm, responses((status = 200, body = Decided), (status = 403), (status = 422)))]
async fn decide(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(insight): Id<i64>,
    Input(form): Input<DecisionForm>,
) -> Result<Response> {
    actor.may(Right::DecideInsights)?;
    let decision = form.parse(&app)?;
    let state = insights::decide(&app, &actor, InsightId(insight), decision).await?;
    wants.done(&format!("/insights/{insight}"), "insight-decided", &Decided { state })
}

#[derive(Deserialize, ToSchema)]
struct OwnerForm {
    /// A person's id; empty for nobody.
    #[serde(default)]
    owner: String,
}

#[derive(Serialize, ToSchema)]
struct Done {
    insight: i64,
}

/// Names who answers for an insight in its department.
#[utoipa::path(post, path = "/insights/{id}/owner", tag = "insights", params(("id" = i64, Path)),
    request_body = OwnerForm, responses((status = 200, body = Done), (status = 403), (status = 422)))]
async fn own(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(insight): Id<i64>,
    Input(form): Input<OwnerForm>,
) -> Result<Response> {
    actor.may(Right::DecideInsights)?;
    let owner = match form.owner.trim() {
        "" => None,
        id => Some(PersonId(id.parse().map_err(|_| Error::invalid("owner", "insight-owner-outside"))?)),
    };
    insights::own(&app, &actor, InsightId(insight), owner).await?;
    wants.done(&format!("/insights/{insight}"), "saved", &Done { insight })
}

#[derive(Deserialize, ToSchema)]
struct DepartmentForm {
    /// A department's id; the insight's own one holds it to the insight.
    department: i64,
}

/// Says whose insight it is, which settles a dispute.
#[utoipa::path(post, path = "/insights/{id}/department", tag = "insights", params(("id" = i64, Path)),
    request_body = DepartmentForm, responses((status = 200, body = Decided), (status = 403), (status = 422)))]
async fn settle(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(insight): Id<i64>,
    Input(form): Input<DepartmentForm>,
) -> Result<Response> {
    actor.may(Right::SettleDisputes)?;
    let state = insights::settle(&app, &actor, InsightId(insight), DepartmentId(form.department)).await?;
    wants.done(&format!("/insights/{insight}"), "insight-settled", &Decided { state })
}

#[derive(Deserialize, ToSchema)]
struct CommentForm {
    text: String,
}

/// Says something about an insight, to service and department.
#[utoipa::path(post, path = "/insights/{id}/comments", tag = "insights", params(("id" = i64, Path)),
    request_body = CommentForm, responses((status = 200, body = Done), (status = 422)))]
async fn comment(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(insight): Id<i64>,
    Input(form): Input<CommentForm>,
) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    insights::comment(&app, &actor, InsightId(insight), &form.text).await?;
    wants.done(&format!("/insights/{insight}#talk"), "insight-commented", &Done { insight })
}
