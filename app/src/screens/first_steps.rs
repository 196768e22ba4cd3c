//! `GET /start`: what a new house needs, in the order in which it helps, and what of it is done.
//!
//! Nothing is kept for it: what is done shows in the house itself.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cases;
use crate::goodwill;
use crate::mailboxes;
use crate::people;
use crate::platform::{Actor, App, Area, Page, Result, Right, Tx, Wants};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

/// One thing to do.
#[derive(Debug, Serialize, ToSchema)]
struct Step {
    /// Code, also of its words.
    step: &'static str,
    done: bool,
    /// Where it is done.
    url: &'static str,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/views/first_steps.html")]
struct FirstSteps {
    #[serde(skip)]
    page: Page,
    steps: Vec<Step>,
    /// Nobody has written to this house yet.
    is_new: bool,
}

impl FirstSteps {
    /// The first that is not done.
    fn is_next(&self, step: &Step) -> bool {
        self.steps.iter().find(|one| !one.done).is_some_and(|next| next.step == step.step)
    }

    fn is_open(&self) -> bool {
        self.steps.iter().any(|step| !step.done)
    }
}

/// What a new house needs, and what of it is done.
#[utoipa::path(get, path = "/start", tag = "settings", responses((status = 200, body = FirstSteps)))]
async fn show(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.read().await?;
    let steps = steps(&app, &mut tx).await?;
    let page = wants.page(&app, &actor, Area::Settings);
    let is_new = is_new(&mut tx).await?;
    wants.answer(&FirstSteps { page, steps, is_new })
}

async fn steps(app: &App, tx: &mut Tx) -> Result<Vec<Step>> {
    let has_mail = !mailboxes::all(tx).await?.is_empty() || !is_new(tx).await?;
    let people = people::all(tx).await?.iter().filter(|person| person.active).count();
    let has_departments = !people::departments(tx).await?.is_empty();
    let queues = people::queues(tx).await?;
    let has_policies = !goodwill::policies(tx).await?.is_empty();
    let step = |step, done, url| Step { step, done, url };
    Ok(vec![
        step("mailbox", has_mail, "/settings/mailboxes"),
        step("relay", app.settings().smtp_relay.is_some(), "/settings/mail"),
        step("people", 1 < people, "/settings/people"),
        step(
            "queues",
            1 < queues.len() || queues.iter().any(|queue| queue.team.is_some()),
            "/settings/queues",
        ),
        step("departments", has_departments, "/settings/departments"),
        step("goodwill", has_policies, "/policies"),
    ])
}

/// Has nobody ever written to this house?
pub(super) async fn is_new(tx: &mut Tx) -> Result<bool> {
    Ok(!cases::any(tx).await?)
}
