//! The list of mailboxes and the page of one, each with its form.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::form::MailboxForm;
use super::show::{self, MailboxLine, Problem};
use crate::mailboxes;
use crate::mailboxes::model::{Afterwards, MailboxMail, Outcome, Provider, Security, Since};
use crate::mailboxes::store;
use crate::people;
use crate::people::Queue;
use crate::platform::web::Corrections;
use crate::platform::{Actor, App, Area, Error, Id, Input, MailboxId, Page, Query, Result, Right, Wants};

/// Mails that stayed on the server and are shown.
const LEFT: i64 = 100;

#[derive(Deserialize, IntoParams)]
pub struct AddQuery {
    /// How the mailbox to set up is logged in to: password, microsoft, google, oauth.
    add: Option<String>,
}

/// What is shown beside the form.
#[derive(Default)]
pub struct FormFrame {
    pub form: MailboxForm,
    pub errors: Corrections,
    pub queues: Vec<Queue>,
    pub redirect: String,
    /// What trying it showed: the folders, or what is wrong.
    pub probe: Option<Probe>,
}

/// What trying a mailbox showed.
#[derive(Serialize, ToSchema)]
pub struct Probe {
    /// The folders of the server, if it could be logged in to.
    pub folders: Option<Vec<String>>,
    pub problem: Option<Problem>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "mailboxes/views/list.html")]
struct MailboxesView {
    #[serde(skip)]
    page: Page,
    items: Vec<MailboxLine>,
    next: Option<String>,
    #[serde(skip)]
    adding: bool,
    #[serde(skip)]
    frame: FormFrame,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "mailboxes/views/mailbox.html")]
struct MailboxView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    line: MailboxLine,
    /// Mails that stayed on the server, newest first.
    left: Vec<MailboxMail>,
    #[serde(skip)]
    frame: FormFrame,
    /// What a visit to the provider ended with.
    #[serde(skip)]
    visit: Option<Problem>,
}

/// The mailboxes and how they fare.
#[utoipa::path(get, path = "/settings/mailboxes", tag = "settings", params(AddQuery),
    responses((status = 200, body = MailboxesView)))]
pub async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<AddQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let form = query.add.as_deref().and_then(Provider::from_code).map(MailboxForm::fresh);
    show_list(&app, &actor, &wants, StatusCode::OK, form, Corrections::default(), None).await
}

pub async fn show_list(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: Option<MailboxForm>,
    errors: Corrections,
    probe: Option<Probe>,
) -> Result<Response> {
    let page = wants.page(app, actor, Area::Settings);
    let mut tx = app.db.read().await?;
    let queues = people::queues(&mut tx).await?;
    let items = show::lines(&page, &mut tx, &queues).await?;
    let adding = form.is_some();
    let frame = FormFrame { form: form.unwrap_or_default(), errors, queues, redirect: redirect(app), probe };
    wants.answer_as(status, &MailboxesView { page, items, next: None, adding, frame })
}

/// Sets a mailbox up.
#[utoipa::path(post, path = "/settings/mailboxes", tag = "settings", request_body = MailboxForm,
    responses((status = 200, body = MailboxLine), (status = 422)))]
pub async fn add(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<MailboxForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let added = match form.draft() {
        Ok(draft) => mailboxes::add(&app, &actor, &draft).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(id) => done(&app, &actor, &wants, id, "saved").await,
        Err(Error::Invalid(errors)) if !wants.json => {
            let errors = Corrections::new("", errors);
            show_list(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, Some(form), errors, None).await
        }
        Err(error) => Err(error),
    }
}

/// A mailbox, how it fares, and what stayed on its server.
#[utoipa::path(get, path = "/settings/mailboxes/{id}", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, body = MailboxView), (status = 404)))]
pub async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<MailboxId>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let form = MailboxForm::of(&mailboxes::mailbox(&mut app.db.read().await?, id).await?);
    let shown = Shown { form, ..Shown::default() };
    show_page(&app, &actor, &wants, StatusCode::OK, id, shown).await
}

/// What differs between the ways to a mailbox's page.
#[derive(Default)]
pub struct Shown {
    pub form: MailboxForm,
    pub errors: Corrections,
    pub probe: Option<Probe>,
    pub visit: Option<Problem>,
}

pub async fn show_page(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    id: MailboxId,
    shown: Shown,
) -> Result<Response> {
    let page = wants.page(app, actor, Area::Settings);
    let mut tx = app.db.read().await?;
    let queues = people::queues(&mut tx).await?;
    let mailbox = mailboxes::mailbox(&mut tx, id).await?;
    let line = MailboxLine::new(&page, mailbox, store::status(&mut tx, id).await?, &queues);
    let left = mailboxes::left(&mut tx, id, LEFT).await?;
    let Shown { form, errors, probe, visit } = shown;
    let frame = FormFrame { form, errors, queues, redirect: redirect(app), probe };
    wants.answer_as(status, &MailboxView { page, line, left, frame, visit })
}

fn redirect(app: &App) -> String {
    app.settings().link(mailboxes::oauth::CALLBACK)
}

/// Changes a mailbox.
#[utoipa::path(post, path = "/settings/mailboxes/{id}", tag = "settings", params(("id" = i64, Path)),
    request_body = MailboxForm, responses((status = 200, body = MailboxLine), (status = 404), (status = 422)))]
pub async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<MailboxId>,
    Input(form): Input<MailboxForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let form = MailboxForm { id: id.to_string(), ..form };
    let changed = match form.draft() {
        Ok(draft) => mailboxes::change(&app, &actor, id, &draft).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => done(&app, &actor, &wants, id, "saved").await,
        Err(Error::Invalid(errors)) if !wants.json => {
            let shown = Shown { form, errors: Corrections::new("", errors), ..Shown::default() };
            show_page(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, id, shown).await
        }
        Err(error) => Err(error),
    }
}

/// After a change: back to the mailbox's page.
pub async fn done(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    id: MailboxId,
    word: &'static str,
) -> Result<Response> {
    let page = wants.page(app, actor, Area::Settings);
    let mut tx = app.db.read().await?;
    let queues = people::queues(&mut tx).await?;
    let mailbox = mailboxes::mailbox(&mut tx, id).await?;
    let line = MailboxLine::new(&page, mailbox, store::status(&mut tx, id).await?, &queues);
    wants.done(&format!("/settings/mailboxes/{id}"), word, &line)
}

pub const fn security_word(security: &Security) -> &'static str {
    match security {
        Security::Tls => "mailboxes-security-tls",
        Security::Starttls => "mailboxes-security-starttls",
        Security::None => "mailboxes-security-none",
    }
}

pub const fn since_word(since: &Since) -> &'static str {
    match since {
        Since::All => "mailboxes-since-all",
        Since::New => "mailboxes-since-new",
    }
}

pub const fn afterwards_word(afterwards: &Afterwards) -> &'static str {
    match afterwards {
        Afterwards::Keep => "mailboxes-afterwards-keep",
        Afterwards::Move => "mailboxes-afterwards-move",
        Afterwards::Delete => "mailboxes-afterwards-delete",
    }
}
