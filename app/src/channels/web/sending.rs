//! How mail leaves: is the queue well, who do queues write as, which keys sign.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cases;
use crate::channels::dkim::{self, Algorithm, Key};
use crate::channels::links;
use crate::channels::rules::Rules;
use crate::channels::signature::{self, QueueMail};
use crate::channels::web::rules::RulesForm;
use crate::channels::{Overdue, overdue, store};
use crate::people;
use crate::people::Queue;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Language, Page, Query, QueueId, Result, Right, Wants,
};

pub const URL: &str = "/settings/sending";

#[derive(Deserialize, IntoParams)]
pub struct EditQuery {
    /// The queue whose signature is edited.
    queue: Option<i64>,
}

/// A queue with how it presents itself.
#[derive(Serialize, ToSchema)]
struct QueueLine {
    queue: Queue,
    mail: QueueMail,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/sending.html")]
struct SendingView {
    #[serde(skip)]
    page: Page,
    overdue: Overdue,
    queues: Vec<QueueLine>,
    keys: Vec<Key>,
    rules: Rules,
    /// Whether customers can reach this house, for links.
    reachable: bool,
    /// How long a written answer can be taken back.
    undo_seconds: u64,
    #[serde(skip)]
    rules_form: RulesForm,
    #[serde(skip)]
    edited: Option<QueueForm>,
    #[serde(skip)]
    key_form: KeyForm,
    #[serde(skip)]
    errors: Corrections,
}

/// The form of one queue, with what its signature looks like.
struct QueueForm {
    id: QueueId,
    name: String,
    mail: QueueMail,
    german: Option<String>,
    english: Option<String>,
}

/// A key to be made.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct KeyForm {
    /// Of the addresses that mails come from.
    domain: String,
    /// Names the key within the domain.
    selector: String,
    /// `rsa` or `ed25519`
    #[serde(default)]
    algorithm: String,
}

impl SendingView {
    fn is_ed25519(&self) -> bool {
        self.key_form.algorithm == Algorithm::Ed25519.code()
    }
}

/// How mail leaves.
#[utoipa::path(get, path = "/settings/sending", tag = "settings", params(EditQuery),
    responses((status = 200, body = SendingView)))]
pub async fn show(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let edited = query.queue.map(|id| (QueueId(id), None));
    render(&app, &actor, &wants, edited, Forms::default(), Vec::new()).await
}

/// Forms as they were sent, of which one at most is wrong.
#[derive(Default)]
struct Forms {
    key: KeyForm,
    rules: Option<RulesForm>,
}

/// The page with the rules as they were sent, and what is wrong with them.
pub async fn render_rules(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    rules: RulesForm,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let forms = Forms { rules: Some(rules), ..Forms::default() };
    render(app, actor, wants, None, forms, errors).await
}

/// The page with a form of a queue, perhaps as it was sent, and what is wrong with it.
async fn render(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    edited: Option<(QueueId, Option<QueueMail>)>,
    forms: Forms,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let mut queues = Vec::new();
    for queue in people::queues(&mut tx).await? {
        let mail = store::queue_mail(&mut tx, queue.id).await?;
        queues.push(QueueLine { queue, mail });
    }
    let edited = edited.and_then(|(id, sent)| {
        let line = queues.iter().find(|line| line.queue.id == id)?;
        Some(queue_form(app, actor, &line.queue, sent.unwrap_or_else(|| line.mail.clone())))
    });
    let rules = store::rules(&mut tx).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = SendingView {
        page: wants.page(app, actor, Area::Settings),
        overdue: overdue(app, &mut tx).await?,
        keys: store::keys(&mut tx).await?,
        queues,
        edited,
        key_form: with_defaults(app, forms.key),
        rules_form: forms.rules.unwrap_or_else(|| RulesForm::of(&rules)),
        rules,
        undo_seconds: cases::undo_time(&mut tx).await?.as_secs(),
        reachable: links::is_reachable(app),
        errors: Corrections::new("", errors),
    };
    wants.answer_as(status, &view)
}

fn queue_form(app: &App, actor: &Actor, queue: &Queue, mail: QueueMail) -> QueueForm {
    let house = &app.settings().house;
    let in_language = |language| mail.signature(language, &actor.name, &queue.name, house);
    let (german, english) = (in_language(Language::De), in_language(Language::En));
    QueueForm { id: queue.id, name: queue.name.clone(), german, english, mail }
}

fn with_defaults(app: &App, mut form: KeyForm) -> KeyForm {
    if form.domain.is_empty() && form.selector.is_empty() {
        let from = &app.settings().mail_from;
        form.domain = from
            .rsplit_once('@')
            .map(|(_, domain)| domain.to_owned())
            // An address to try things out with has none.
            .filter(|domain| domain.parse::<std::net::IpAddr>().is_err())
            .unwrap_or_default();
        form.selector = "kitt".into();
    }
    form
}

/// Sets who a queue writes as.
#[utoipa::path(post, path = "/settings/sending/queues/{id}", tag = "settings", params(("id" = i64, Path)),
    request_body = QueueMail, responses((status = 200, body = QueueMail), (status = 404), (status = 422)))]
pub async fn set_queue(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<QueueId>,
    Input(form): Input<QueueMail>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    people::queue(&mut app.db.read().await?, id).await?;
    match signature::set(&app, &actor, id, &form).await {
        Ok(()) => wants.done(&format!("{URL}?queue={id}"), "saved", &form),
        Err(Error::Invalid(errors)) if !wants.json => {
            render(&app, &actor, &wants, Some((id, Some(form))), Forms::default(), errors).await
        }
        Err(error) => Err(error),
    }
}

/// Makes a key that can sign mails.
#[utoipa::path(post, path = "/settings/sending/keys", tag = "settings", request_body = KeyForm,
    responses((status = 200, body = Key), (status = 422)))]
pub async fn create_key(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<KeyForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let algorithm = Algorithm::from_code(&form.algorithm).unwrap_or(Algorithm::Rsa);
    match dkim::create(&app, &actor, (&form.domain, &form.selector), algorithm).await {
        Ok(id) => done(&app, &wants, id, "sending-key-made").await,
        Err(Error::Invalid(errors)) if !wants.json => {
            let forms = Forms { key: form, ..Forms::default() };
            render(&app, &actor, &wants, None, forms, errors).await
        }
        Err(error) => Err(error),
    }
}

async fn done(app: &App, wants: &Wants, id: i64, word: &'static str) -> Result<Response> {
    let key = store::key(&mut app.db.read().await?, id).await?;
    wants.done(URL, word, &key)
}

/// Asks the DNS for the record of a key.
#[utoipa::path(post, path = "/settings/sending/keys/{id}/check", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, body = Key), (status = 404)))]
pub async fn check_key(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    dkim::check(&app, &actor, id).await?;
    done(&app, &wants, id, "sending-key-checked").await
}

#[derive(Deserialize, ToSchema)]
pub struct Signs {
    /// `1` to sign with it, `0` not to.
    signs: String,
}

/// Switches a key on or off.
#[utoipa::path(post, path = "/settings/sending/keys/{id}/signs", tag = "settings", params(("id" = i64, Path)),
    request_body = Signs, responses((status = 200, body = Key), (status = 404)))]
pub async fn set_signs(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<Signs>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    dkim::set_signs(&app, &actor, id, form.signs == "1").await?;
    done(&app, &wants, id, "saved").await
}

/// Forgets a key.
#[utoipa::path(post, path = "/settings/sending/keys/{id}/remove", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200, body = Key), (status = 404)))]
pub async fn remove_key(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let key = store::key(&mut app.db.read().await?, id).await?;
    dkim::remove(&app, &actor, id).await?;
    wants.done(URL, "saved", &key)
}
