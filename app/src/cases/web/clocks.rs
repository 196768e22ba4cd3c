//! What a case's deadlines are and why, complaints, and what the house says about them.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{changed, closed, find};
use crate::cases::clocks::{self, Asks};
use crate::cases::complaint::{self, ComplaintSettings, End, Ended, Outcome};
use crate::cases::{Case, DueClock};
use crate::deadlines::Time;
use crate::people;
use crate::platform::{Actor, App, Error, Id, Input, Result, Right, Timestamp, Tx, Wants};

/// One clock of a case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClockJson {
    pub clock: DueClock,
    pub from: Timestamp,
    /// `None` while it stands still, or without a target.
    pub due_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Since when it stands still.
    pub paused_since: Option<Timestamp>,
    /// How often it stood still before.
    pub pauses: usize,
    /// It ended, or is, later than it was due.
    pub is_late: bool,
    /// What is allowed, in minutes of working or clock time.
    pub minutes: Option<u32>,
    pub time: Option<Time>,
}

impl ClockJson {
    pub fn is_working(&self) -> bool {
        self.time == Some(Time::Working)
    }

    pub const fn word(&self) -> &'static str {
        match self.clock {
            DueClock::First => "deadline-clock-first",
            DueClock::Next => "deadline-clock-next",
            DueClock::Solution => "deadline-clock-solution",
            DueClock::FollowUp => "deadline-clock-follow_up",
        }
    }
}

/// The deadlines of a case, and where they come from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClocksJson {
    pub clocks: Vec<ClockJson>,
    /// `None`: no policy fits, the queue's time to answer counts.
    pub policy: Option<String>,
    /// `None`: Monday to Friday from 8 to 18.
    pub calendar: Option<String>,
    pub escalated: i64,
    pub complaint: bool,
    pub complaint_end: Option<Ended>,
}

/// What the clocks of a case say, for its page and for programs.
pub async fn explain(app: &App, tx: &mut Tx, case: &Case) -> Result<ClocksJson> {
    let queue = people::queue(tx, case.queue).await?;
    let (all, now) = (clocks::known(case)?, app.now());
    let complaint_end = complaint::ended(tx, case.id).await?;
    clocks::with_targets(app, tx, Asks::of(case), &queue, |chosen| {
        let mut shown = Vec::new();
        for (name, clock) in all.all().filter(|(_, clock)| !clock.void) {
            let goal = match DueClock::of(name) {
                DueClock::First => chosen.goals.first,
                DueClock::Next => chosen.goals.next,
                _ => chosen.goals.solution,
            };
            // Histories that were imported have a deadline in their row only, where lists take it from.
            let of_row =
                case.due_at.filter(|_| case.due_clock == Some(DueClock::of(name)) && clock.is_running());
            let due_at = clock.due.map(Timestamp::from).or(of_row);
            let ended_at = clock.ended.map(Timestamp::from);
            let paused = clock.pauses.last().filter(|_| clock.is_paused());
            shown.push(ClockJson {
                clock: DueClock::of(name),
                from: clock.from.into(),
                due_at,
                ended_at,
                paused_since: paused.map(|pause| pause.from.into()),
                pauses: clock.pauses.iter().filter(|pause| pause.to.is_some()).count(),
                is_late: due_at.is_some_and(|due| due < ended_at.unwrap_or(now)),
                minutes: goal.map(|goal| goal.minutes),
                time: goal.map(|goal| goal.time),
            });
        }
        ClocksJson {
            clocks: shown,
            policy: chosen.policy.map(|policy| policy.name.clone()),
            calendar: chosen.calendar.map(str::to_owned),
            escalated: case.escalated,
            complaint: case.complaint,
            complaint_end,
        }
    })
    .await
}

/// The deadlines of a case, and where they come from.
#[utoipa::path(get, path = "/cases/{number}/deadlines", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = ClocksJson), (status = 404)))]
pub async fn deadlines(actor: Actor, State(app): State<App>, Id(number): Id<String>) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let case = find(&app, &number).await?;
    Ok(Json(explain(&app, &mut app.db.read().await?, &case).await?).into_response())
}

#[derive(Deserialize, ToSchema)]
pub struct ComplaintForm {
    /// `yes` or `no`
    complaint: String,
}

/// Marks a case as a complaint, or no longer.
#[utoipa::path(post, path = "/cases/{number}/complaint", tag = "cases", params(("number" = String, Path)),
    request_body = ComplaintForm, responses((status = 200), (status = 404)))]
pub async fn complaint(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<ComplaintForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let is_one = form.complaint == "yes";
    complaint::mark(&app, &actor, case.id, is_one).await?;
    changed(&app, &wants, &number, if is_one { "complaint-marked" } else { "complaint-unmarked" }).await
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ComplaintEndForm)]
pub struct EndForm {
    /// `accepted`, `escalation` or `silent`
    outcome: String,
    #[serde(default)]
    note: String,
    /// The last letter, as plain text; empty: none is sent.
    #[serde(default)]
    letter: String,
    /// "no": the letter of the page is not sent.
    #[serde(default)]
    send: String,
    /// The number of the case that a page goes on with, and the view it is in; empty: it stays where it is.
    #[serde(default)]
    next: String,
    #[serde(default)]
    view: String,
}

/// Closes a complaint and says how it ended.
#[utoipa::path(post, path = "/cases/{number}/complaint/end", tag = "cases", params(("number" = String, Path)),
    request_body = EndForm, responses((status = 200), (status = 404), (status = 422)))]
pub async fn end_complaint(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<EndForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let outcome = Outcome::from_code(&form.outcome);
    let outcome = outcome.ok_or_else(|| Error::invalid("outcome", "complaint-outcome-needed"))?;
    let case = find(&app, &number).await?;
    let letter = if form.send == "no" { String::new() } else { form.letter };
    complaint::end(&app, &actor, case.id, End { outcome, note: form.note, letter }).await?;
    closed(&app, &wants, &actor, &number, "complaint-closed", (&form.next, &form.view)).await
}

/// Sets what the house says about complaints.
#[utoipa::path(post, path = "/settings/complaints", tag = "settings", request_body = ComplaintSettingsForm,
    responses((status = 200, body = ComplaintSettings), (status = 422)))]
pub async fn set_settings(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<ComplaintSettingsForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let days = form.silent_days.trim().parse();
    let set = ComplaintSettings {
        instance_de: form.instance_de,
        instance_en: form.instance_en,
        silent_days: days.map_err(|_| Error::invalid("silent_days", "complaint-days-wrong"))?,
    };
    complaint::set_settings(&app, &actor, &set).await?;
    let kept = complaint::settings(&mut app.db.read().await?).await?;
    wants.done("/settings/acknowledgements", "saved", &kept)
}

/// What the house says about complaints, as a form sends it.
#[derive(Deserialize, ToSchema)]
pub struct ComplaintSettingsForm {
    #[serde(default)]
    instance_de: String,
    #[serde(default)]
    instance_en: String,
    silent_days: String,
}
