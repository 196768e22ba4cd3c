//! Overview, mail and jobs.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::people::Queue;
use crate::platform::jobs::Job;
use crate::platform::parts;
use crate::platform::{Actor, App, Area, Error, Id, JobId, Page, Query, Result, Right, Wants, jobs};

/// Jobs on one page.
const LINES: i64 = 100;

/// A page of the settings.
#[derive(Serialize, ToSchema)]
struct SettingsLink {
    url: &'static str,
    title: String,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "admin/views/overview.html")]
struct OverviewView {
    #[serde(skip)]
    page: Page,
    items: Vec<SettingsLink>,
}

/// The settings that the reader may see.
#[utoipa::path(get, path = "/settings", tag = "settings", responses((status = 200, body = OverviewView)))]
pub async fn overview(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let page = wants.page(&app, &actor, Area::Settings);
    let link = |link: &crate::platform::web::Link| SettingsLink {
        url: link.url,
        title: page.t(link.word).into_owned(),
    };
    let items = page.settings().map(link).collect();
    wants.answer(&OverviewView { page, items })
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "admin/views/mail.html")]
struct MailView {
    #[serde(skip)]
    page: Page,
    /// Is a server for outgoing mail set up?
    relay: bool,
    from: String,
    /// Where the SMTP and LMTP listener waits.
    listen: String,
    queues: Vec<Queue>,
}

/// How mail comes in and goes out. Set up with flags or the settings file.
#[utoipa::path(get, path = "/settings/mail", tag = "settings", responses((status = 200, body = MailView)))]
pub async fn mail(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let queues = people::queues(&mut app.db.read().await?).await?;
    let settings = app.settings();
    let view = MailView {
        page: wants.page(&app, &actor, Area::Settings),
        relay: settings.smtp_relay.is_some(),
        from: settings.mail_from.clone(),
        listen: settings.smtp_listen.to_string(),
        queues,
    };
    wants.answer(&view)
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "admin/views/jobs.html")]
struct JobsView {
    #[serde(skip)]
    page: Page,
    items: Vec<Job>,
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
pub struct JobsQuery {
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<i64>,
}

/// Jobs that failed for good, newest first.
#[utoipa::path(get, path = "/settings/jobs", tag = "settings", params(JobsQuery),
    responses((status = 200, body = JobsView)))]
pub async fn jobs(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<JobsQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let limit = parts::limit(query.limit, LINES);
    let before = JobId(query.cursor.unwrap_or(i64::MAX));
    let items = jobs::dead_before(&mut app.db.read().await?, before, limit + 1).await?;
    let (items, next) = parts::cut(items, limit, |last| last.id.to_string());
    wants.answer(&JobsView { page: wants.page(&app, &actor, Area::Settings), items, next })
}

/// Gives a failed job another round of attempts.
#[utoipa::path(post, path = "/settings/jobs/{id}/retry", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, description = "tried again soon"), (status = 404)))]
pub async fn retry(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(job): Id<JobId>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    if !jobs::retry(&mut tx, job, app.now()).await? {
        return Err(Error::NotFound);
    }
    journal::record(&app, &mut tx, &actor, About::house(), Fact::JobRetried { job })?;
    tx.commit().await?;
    wants.done("/settings/jobs", "admin-job-retried", &serde_json::json!({}))
}
