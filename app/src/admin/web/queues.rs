//! Queues: a list and one form to add or change.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::names::EditQuery;
use crate::people;
use crate::people::{Queue, QueueSettings, Reopening, Team};
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Error, FieldError, Input, Page, Query, QueueId, Result, Right, TeamId, Tone, Wants,
};

/// A queue to add or change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct QueueForm {
    /// Empty to add.
    #[serde(default)]
    id: String,
    name: String,
    /// The team's id; empty for none.
    #[serde(default)]
    team: String,
    /// Empty: the house's address.
    #[serde(default)]
    address: String,
    /// Working minutes until an answer is due.
    answer_minutes: String,
    /// What a mail to a closed case does: `always` opens it again, `within` for some days, `never` opens another
    /// case that follows it. Empty: as it was, and for a new queue within 30 days.
    #[serde(default)]
    reopen: String,
    /// How many days, for `within`.
    #[serde(default)]
    reopen_days: String,
    /// `yes`: only its team and admins see it and its cases; `no`: all do. Empty: as it was.
    #[serde(default)]
    restricted: String,
    /// How it addresses customers of whom nobody said: `formal` or `informal`. Empty: as it was.
    #[serde(default)]
    tone: String,
}

impl QueueForm {
    fn of(queue: &Queue) -> Self {
        Self {
            id: queue.id.to_string(),
            name: queue.name.clone(),
            team: queue.team.map(|team| team.to_string()).unwrap_or_default(),
            address: queue.address.clone().unwrap_or_default(),
            answer_minutes: queue.answer_minutes.to_string(),
            reopen: match queue.reopen_days {
                None => "always",
                Some(0) => "never",
                Some(_) => "within",
            }
            .to_owned(),
            reopen_days: queue.reopen_days.unwrap_or_default().max(0).to_string(),
            restricted: if queue.restricted { "yes" } else { "no" }.to_owned(),
            tone: queue.tone.code().to_owned(),
        }
    }

    fn reopening(&self) -> Result<Option<Reopening>> {
        Ok(Some(match self.reopen.as_str() {
            "" => return Ok(None),
            "always" => Reopening::Always,
            "never" => Reopening::Never,
            "within" => {
                let days = self.reopen_days.trim().parse();
                Reopening::Within(days.map_err(|_| Error::invalid("reopen_days", "people-reopen-days"))?)
            }
            _ => return Err(Error::invalid("reopen", "error-field-malformed")),
        }))
    }

    fn tone(&self) -> Result<Option<Tone>> {
        match (self.tone.as_str(), Tone::from_code(&self.tone)) {
            ("", _) => Ok(None),
            (_, None) => Err(Error::invalid("tone", "error-field-malformed")),
            (_, tone) => Ok(tone),
        }
    }

    fn parse(&self) -> Result<QueueSettings> {
        let minutes = self.answer_minutes.trim().parse();
        let answer_minutes =
            minutes.map_err(|_| Error::invalid("answer_minutes", "people-answer-minutes"))?;
        Ok(QueueSettings {
            name: self.name.clone(),
            team: self.team.parse().map(TeamId).ok(),
            address: Some(self.address.clone()),
            answer_minutes,
            reopening: self.reopening()?,
            restricted: match self.restricted.as_str() {
                "" => None,
                "yes" => Some(true),
                "no" => Some(false),
                _ => return Err(Error::invalid("restricted", "error-field-malformed")),
            },
            tone: self.tone()?,
        })
    }

    /// The days to show where another choice was made.
    fn days(&self) -> &str {
        if self.reopen_days.is_empty() || self.reopen_days == "0" { "30" } else { &self.reopen_days }
    }

    fn is_of(&self, team: &TeamId) -> bool {
        self.team == team.to_string()
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "admin/views/queues.html")]
struct QueuesView {
    #[serde(skip)]
    page: Page,
    items: Vec<Queue>,
    next: Option<String>,
    #[serde(skip)]
    teams: Vec<Team>,
    #[serde(skip)]
    form: QueueForm,
    #[serde(skip)]
    errors: Corrections,
}

impl QueuesView {
    fn team(&self, queue: &Queue) -> Option<&str> {
        self.teams.iter().find(|team| Some(team.id) == queue.team).map(|team| team.name.as_str())
    }
}

/// The queues, the first one first: it gets what no other queue claims.
#[utoipa::path(get, path = "/settings/queues", tag = "settings", params(EditQuery),
    responses((status = 200, body = QueuesView)))]
pub async fn queues(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let known = people::queues(&mut app.db.read().await?).await?;
    let edited = known.iter().find(|queue| Some(queue.id.0) == query.edit);
    let fresh = || QueueForm { answer_minutes: "480".into(), ..QueueForm::default() };
    let form = edited.map_or_else(fresh, QueueForm::of);
    show_queues(&app, &actor, &wants, StatusCode::OK, form, Vec::new()).await
}

async fn show_queues(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: QueueForm,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let view = QueuesView {
        page: wants.page(app, actor, Area::Settings),
        items: people::queues(&mut tx).await?,
        next: None,
        teams: people::teams(&mut tx).await?,
        form,
        errors: Corrections::new("", errors),
    };
    wants.answer_as(status, &view)
}

/// Adds a queue or changes one.
#[utoipa::path(post, path = "/settings/queues", tag = "settings", request_body = QueueForm,
    responses((status = 200, body = Queue), (status = 404), (status = 422)))]
pub async fn set_queue(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<QueueForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let queue = form.id.parse().map(QueueId).ok();
    let set = match form.parse() {
        Ok(settings) => people::set_queue(&app, &actor, queue, &settings).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(id) => {
            let queue = people::queue(&mut app.db.read().await?, id).await?;
            wants.done("/settings/queues", "saved", &queue)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            show_queues(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(error) => Err(error),
    }
}
