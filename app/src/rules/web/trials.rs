//! Dry runs: how far one is and what it found, on a page of its own and in the form that it looks at.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::say::Say;
use crate::platform::{Actor, App, Area, Id, Page, Result, Right, Wants};
use crate::rules;
use crate::rules::{Dry, DryState, RuleKind, Trial};

/// The part of a page that tells what was found; while it goes on, it fetches itself.
#[derive(Template)]
#[template(path = "rules/views/dry.html")]
pub struct DryPart<'a> {
    pub page: &'a Page,
    pub dry: &'a Dry,
    pub kind: RuleKind,
}

impl DryPart<'_> {
    pub fn html(&self) -> String {
        self.render().unwrap_or_default()
    }

    fn goes_on(&self) -> bool {
        self.dry.state == DryState::Running
    }

    /// It ended before it had looked at all.
    fn ended_early(&self) -> bool {
        matches!(self.dry.state, DryState::Stopped | DryState::Failed)
    }

    /// How it looked.
    fn how(&self) -> String {
        let (page, dry) = (self.page, self.dry);
        let n = ("n", page.number(dry.looked_at));
        page.with2("rules-dry-how", ("when", page.when(&dry.since)), n).into_owned()
    }

    /// What it says in one sentence.
    fn found(&self) -> String {
        let (page, dry) = (self.page, self.dry);
        let cases = page.number(dry.cases);
        let cases = if dry.over { page.with("rules-dry-over", "n", cases).into_owned() } else { cases };
        let cases = ("cases", cases);
        match self.kind {
            RuleKind::Trigger => page.with2("rules-dry-past", ("n", page.number(dry.matches)), cases),
            _ => page.with("rules-dry-now", cases.0, cases.1),
        }
        .into_owned()
    }
}

#[derive(Template, Serialize)]
#[template(path = "rules/views/trial.html")]
struct TrialView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    trial: Trial,
    #[serde(skip)]
    sentence: String,
    #[serde(skip)]
    part: String,
}

impl TrialView {
    /// The form with what was tried.
    fn form(&self) -> String {
        let rule = self.trial.rule.map_or_else(|| "new".to_owned(), |rule| rule.to_string());
        format!("/settings/rules/{rule}?trial={}", self.trial.id)
    }
}

/// How far a dry run is, and what it found so far.
#[utoipa::path(get, path = "/settings/rules/trials/{id}", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = Dry), (status = 404)))]
pub(super) async fn show(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    let dry = rules::trial_found(&app, &actor, id).await?;
    if wants.json {
        return Ok(Json(dry).into_response());
    }
    let mut tx = app.db.read().await?;
    let trial = rules::trial(&mut tx, &actor, id).await?;
    let say = Say::load(&mut tx, &actor).await?;
    drop(tx);
    let page = wants.page(&app, &actor, Area::Settings);
    let sentence = say.rule(&page, trial.draft.kind, &trial.draft.definition);
    let part = DryPart { page: &page, dry: &dry, kind: trial.draft.kind }.html();
    wants.answer(&TrialView { page, trial, sentence, part })
}

/// What stopping a dry run answers to programs.
#[derive(Serialize, ToSchema)]
#[schema(as = RuleDryRunStopped)]
struct Stopped {
    id: i64,
}

/// Stops a dry run; what it found stays.
#[utoipa::path(post, path = "/settings/rules/trials/{id}/stop", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = Stopped), (status = 404)))]
pub(super) async fn stop(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    rules::stop_trial(&app, &actor, id).await?;
    wants.done(&format!("/settings/rules/trials/{id}"), "rules-dry-stopped", &Stopped { id })
}
