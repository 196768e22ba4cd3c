//! Policies: which cases are answered and solved how soon, and a try-out for a case that somebody imagines.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use calendar::{ClockName, Clocks};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::form::{CHANNELS, GoalFields, PRIORITIES, PolicyForm, StepRow};
use crate::deadlines;
use crate::deadlines::model::{Calendar, Goal, Policy, Subject, Time};
use crate::deadlines::runs::{self, Run};
use crate::people;
use crate::people::Queue;
use crate::platform::web::{Corrections, moment};
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Page, Query, Result, Right, Timestamp, Tx, Wants,
};

pub const URL: &str = "/settings/deadlines";

/// What the form edits, and what is tried out.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct PolicyQuery {
    /// The policy that the form changes; without it the form adds.
    edit: Option<i64>,
    /// Tries out: the queue of the imagined case.
    queue: Option<i64>,
    priority: Option<String>,
    channel: Option<String>,
    /// The id of a kind of cases.
    kind: Option<i64>,
    /// The customer's group or contract.
    group: Option<String>,
    /// "yes": it is a complaint.
    complaint: Option<String>,
    /// When the customer writes; empty: now.
    at: Option<String>,
}

/// What would count for a case.
#[derive(Serialize, ToSchema)]
struct Trial {
    /// `None`: no policy fits, the queue's time to answer counts.
    policy: Option<String>,
    /// `None`: Monday to Friday from 8 to 18.
    calendar: Option<String>,
    first: Option<Timestamp>,
    next: Option<Timestamp>,
    solution: Option<Timestamp>,
    soon: Option<Timestamp>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "deadlines/views/policies.html")]
#[schema(as = DeadlinePoliciesView)]
struct PoliciesView {
    #[serde(skip)]
    page: Page,
    items: Vec<Policy>,
    next: Option<String>,
    trial: Option<Trial>,
    /// How far the last change has reached.
    run: Option<Run>,
    #[serde(skip)]
    query: PolicyQuery,
    #[serde(skip)]
    queues: Vec<Queue>,
    /// Kinds of cases by their ids.
    #[serde(skip)]
    kinds: Vec<(i64, String)>,
    #[serde(skip)]
    calendars: Vec<Calendar>,
    #[serde(skip)]
    groups: Vec<String>,
    #[serde(skip)]
    form: PolicyForm,
    #[serde(skip)]
    errors: Corrections,
}

impl PoliciesView {
    /// How long something may take, in short.
    fn goal(&self, goal: &Goal) -> String {
        let length = self.page.minutes(goal.minutes.into());
        match goal.time {
            Time::Working => length,
            Time::Clock => format!("{length} ({})", self.page.t("deadline-time-clock")),
        }
    }

    /// When a policy fits, in short.
    fn conditions(&self, policy: &Policy) -> String {
        let conditions = &policy.conditions;
        let mut parts: Vec<String> = Vec::new();
        let queues = self.queues.iter().filter(|queue| conditions.queues.contains(&queue.id));
        parts.push(queues.map(|queue| queue.name.clone()).collect::<Vec<_>>().join(", "));
        let word = |prefix: &str, code: &String| self.page.t(format!("{prefix}{code}").as_str()).into_owned();
        let priorities = conditions.priorities.iter().map(|code| word("deadline-priority-", code));
        parts.push(priorities.collect::<Vec<_>>().join(", "));
        let channels = conditions.channels.iter().map(|code| word("channel-", code));
        parts.push(channels.collect::<Vec<_>>().join(", "));
        let kinds = self.kinds.iter().filter(|(kind, _)| conditions.kinds.contains(kind));
        parts.push(kinds.map(|(_, name)| name.clone()).collect::<Vec<_>>().join(", "));
        parts.push(conditions.groups.join(", "));
        match conditions.complaint {
            Some(true) => parts.push(self.page.t("deadline-complaints").into_owned()),
            Some(false) => parts.push(self.page.t("deadline-no-complaints").into_owned()),
            None => {}
        }
        parts.retain(|part| !part.is_empty());
        if parts.is_empty() { self.page.t("deadline-always").into_owned() } else { parts.join(" · ") }
    }

    /// How far the last change has reached, while it goes on.
    fn progress(&self) -> Option<String> {
        let run = self.run.filter(|run| run.ended_at.is_none())?;
        let (done, total) = (self.page.number(run.done), self.page.number(run.total));
        Some(self.page.with2("deadline-run", ("done", done), ("total", total)).into_owned())
    }

    fn is_asked(&self, queue: &Queue) -> bool {
        self.query.queue == Some(queue.id.0)
    }

    fn is_priority(&self, code: &str) -> bool {
        self.query.priority.as_deref().unwrap_or("normal") == code
    }

    fn is_kind(&self, kind: &i64) -> bool {
        self.query.kind == Some(*kind)
    }

    fn is_complaint(&self) -> bool {
        self.query.complaint.as_deref().is_some_and(|complaint| !complaint.is_empty())
    }

    fn is_channel(&self, code: &str) -> bool {
        self.query.channel.as_deref().unwrap_or("email") == code
    }

    /// The fields of the escalation.
    fn steps(&self) -> [StepRow<'_>; 2] {
        self.form.step_rows()
    }

    /// The fields of the three targets.
    fn goals(&self) -> [GoalFields<'_>; 3] {
        self.form.goals()
    }
}

/// The policies in the order in which they are asked, and what they mean for an imagined case.
#[utoipa::path(get, path = "/settings/deadlines", tag = "settings", params(PolicyQuery),
    responses((status = 200, body = PoliciesView), (status = 422)))]
pub async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<PolicyQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let known = deadlines::policies(&mut app.db.read().await?).await?;
    let edited = known.iter().find(|policy| Some(policy.id) == query.edit);
    let form = edited.map_or_else(PolicyForm::fresh, PolicyForm::of);
    show(&app, &actor, &wants, query, form, Vec::new()).await
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    query: PolicyQuery,
    form: PolicyForm,
    errors: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let queues = people::queues(&mut tx).await?;
    let view = PoliciesView {
        page: wants.page(app, actor, Area::Settings),
        items: deadlines::policies(&mut tx).await?,
        next: None,
        trial: try_out(app, &mut tx, &query, &queues).await?,
        run: runs::newest(&mut tx).await?,
        query,
        queues,
        kinds: deadlines::kinds(&mut tx, wants.words.language).await?,
        calendars: deadlines::calendars(&mut tx).await?,
        groups: deadlines::groups(&mut tx).await?,
        form,
        errors: Corrections::new("", errors),
    };
    wants.answer_as(if view.errors.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &view)
}

/// The deadlines of the imagined case.
async fn try_out(app: &App, tx: &mut Tx, query: &PolicyQuery, queues: &[Queue]) -> Result<Option<Trial>> {
    let Some(queue) = queues.iter().find(|queue| Some(queue.id.0) == query.queue) else { return Ok(None) };
    let at = match query.at.as_deref().map(str::trim) {
        None | Some("") => app.now(),
        Some(text) => moment(app, "at", text)?,
    };
    let subject = Subject {
        queue: queue.id,
        priority: query.priority.as_deref().unwrap_or("normal"),
        channel: query.channel.as_deref().unwrap_or("email"),
        kind: query.kind,
        group: query.group.as_deref().map(str::trim).filter(|group| !group.is_empty()),
        complaint: query.complaint.as_deref().is_some_and(|complaint| !complaint.is_empty()),
    };
    let rules = deadlines::rules(app, tx).await?;
    let chosen = rules.choose(&subject, queue);
    let targets = chosen.targets();
    let mut clocks = Clocks::default();
    clocks.wrote(at.moment());
    clocks.set(&targets, at.moment());
    let due = |name: ClockName| {
        let clock = clocks.all().find(|(other, _)| *other == name);
        clock.and_then(|(_, clock)| clock.due).map(Timestamp::from)
    };
    let mut later = Clocks { first: clocks.first.clone(), ..Clocks::default() };
    later.answered(at.moment());
    later.wrote(at.moment());
    later.set(&targets, at.moment());
    Ok(Some(Trial {
        policy: chosen.policy.map(|policy| policy.name.clone()),
        calendar: chosen.calendar.map(str::to_owned),
        first: due(ClockName::First),
        next: later.next.and_then(|clock| clock.due).map(Timestamp::from),
        solution: due(ClockName::Solution),
        soon: clocks.near_at(&targets).map(Timestamp::from),
    }))
}

/// Adds a policy or changes one; the deadlines of open cases follow.
#[utoipa::path(post, path = "/settings/deadlines", tag = "settings", request_body = PolicyForm,
    responses((status = 200, body = Policy), (status = 404), (status = 422)))]
pub async fn set(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<PolicyForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let form = form.gathered();
    let set = match form.parse() {
        Ok(settings) => deadlines::set_policy(&app, &actor, form.id(), &settings).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(id) => {
            let all = deadlines::policies(&mut app.db.read().await?).await?;
            let policy = all.into_iter().find(|policy| policy.id == id).ok_or(Error::NotFound)?;
            wants.done(URL, "deadline-saved", &policy)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            show(&app, &actor, &wants, PolicyQuery::default(), form, errors).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize, ToSchema)]
pub struct MoveForm {
    /// `up`: asked one place earlier; `down`: later.
    to: String,
}

/// Changes the order in which policies are asked.
#[utoipa::path(post, path = "/settings/deadlines/{id}/place", tag = "settings", params(("id" = i64, Path)),
    request_body = MoveForm, responses((status = 200), (status = 404)))]
pub async fn place(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<MoveForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    deadlines::move_policy(&app, &actor, id, form.to == "up").await?;
    let gone = serde_json::json!({ "id": id });
    wants.done(URL, "deadline-saved", &gone)
}

/// Removes a policy.
#[utoipa::path(post, path = "/settings/deadlines/{id}/remove", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200), (status = 404)))]
pub async fn remove(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    deadlines::remove_policy(&app, &actor, id).await?;
    let gone = serde_json::json!({ "id": id });
    wants.done(URL, "deadline-saved", &gone)
}

/// A customer's group or contract.
#[derive(Deserialize, ToSchema)]
pub struct GroupForm {
    /// Empty: none.
    #[serde(default)]
    group: String,
}

/// Puts a customer into a group, by which deadlines are chosen.
#[utoipa::path(post, path = "/customers/{id}/group", tag = "customers", params(("id" = i64, Path)),
    request_body = GroupForm, responses((status = 200), (status = 404), (status = 422)))]
pub async fn group(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<crate::platform::CustomerId>,
    Input(form): Input<GroupForm>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    deadlines::set_group(&app, &actor, id, &form.group).await?;
    let kept: BTreeMap<&str, &str> = BTreeMap::from([("group", form.group.trim())]);
    wants.done(&format!("/customers/{id}"), "customers-saved", &kept)
}
