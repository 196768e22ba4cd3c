//! What a rule did: its runs with time, case, what it answered and what came of it; also as a table.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::say::Say;
use crate::cases;
use crate::platform::{Actor, App, Area, CaseId, Id, Page, Query, Result, Right, Tx, Wants};
use crate::rules;
use crate::rules::{Rule, Run, Version};

const LINES: i64 = 50;
/// Runs in a table.
const MOST: i64 = 20_000;

/// A run as pages and programs see it.
#[derive(Serialize, ToSchema)]
#[schema(as = RuleRunLine)]
pub struct RunLine {
    #[serde(flatten)]
    pub run: Run,
    /// The number of its case.
    pub number: String,
    #[serde(skip)]
    pub subject: String,
    /// What changed, in words.
    pub did: Vec<String>,
    /// What it answered to and what was asked for, in words.
    pub why: String,
    /// Why it came to nothing, in words.
    pub trouble: String,
}

/// Runs with the words of what they did under the version they ran as.
pub async fn lines(tx: &mut Tx, page: &Page, say: &Say, runs: Vec<Run>) -> Result<Vec<RunLine>> {
    let ids: Vec<CaseId> = runs.iter().map(|run| run.case).collect();
    let of: HashMap<CaseId, (String, String)> =
        cases::some(tx, &ids).await?.into_iter().map(|case| (case.id, (case.number, case.subject))).collect();
    let mut versions: HashMap<i64, Vec<Version>> = HashMap::new();
    let mut lines = Vec::with_capacity(runs.len());
    for run in runs {
        let known = match versions.entry(run.rule) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(rules::versions(tx, run.rule).await?),
        };
        let version = known.iter().find(|one| one.version == run.version);
        let did = version.map_or_else(Vec::new, |version| {
            let actions = run.done().into_iter().filter_map(|at| version.definition.actions.get(at));
            actions.map(|action| say.action(page, action)).collect()
        });
        let (number, subject) = of.get(&run.case).cloned().unwrap_or_default();
        let why = why(page, say, &run, version);
        let trouble = Say::reason(page, &run);
        lines.push(RunLine { run, number, subject, did, why, trouble });
    }
    Ok(lines)
}

/// "weil ein Fall eröffnet wurde und Eingang ist Kundenservice"
fn why(page: &Page, say: &Say, run: &Run, version: Option<&Version>) -> String {
    let event = if run.event.is_empty() {
        String::new()
    } else {
        page.t(format!("rules-event-{}", run.event).as_str()).into_owned()
    };
    let conditions = version.map(|version| {
        let definition = &version.definition;
        if definition.mail.is_empty() {
            crate::views::web::conditions::in_words(page, &say.choices, &definition.filter)
        } else {
            Say::mail(page, definition)
        }
    });
    let parts: Vec<String> =
        [event, conditions.unwrap_or_default()].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(&format!(" {} ", page.t("views-and")))
}

/// Without those on cases that the reader may not know of.
async fn seen(tx: &mut Tx, actor: &Actor, mut runs: Vec<Run>) -> Result<Vec<Run>> {
    let cases: Vec<CaseId> = runs.iter().map(|run| run.case).collect();
    let unseen = cases::sight::unseen(tx, actor, &cases).await?;
    runs.retain(|run| !unseen.contains(&run.case));
    Ok(runs)
}

#[derive(Deserialize, IntoParams)]
pub(super) struct LogQuery {
    /// Only runs before this one.
    before: Option<i64>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "rules/views/log.html")]
pub(super) struct RuleLogView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    rule: Rule,
    items: Vec<RunLine>,
    next: Option<String>,
}

/// What a rule did, the newest first.
#[utoipa::path(get, path = "/settings/rules/{id}/log", tag = "rules", params(("id" = i64, Path), LogQuery),
    responses((status = 200, body = RuleLogView), (status = 404)))]
pub(super) async fn show(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<LogQuery>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.read().await?;
    let rule = rules::rule(&mut tx, &actor, id).await?;
    let runs = rules::runs_of_rule(&mut tx, id, query.before, LINES).await?;
    let full = i64::try_from(runs.len()).unwrap_or(0) == LINES;
    let next = runs.last().filter(|_| full).map(|run| format!("/settings/rules/{id}/log?before={}", run.id));
    let runs = seen(&mut tx, &actor, runs).await?;
    let page = wants.page(&app, &actor, Area::Settings);
    let say = Say::load(&mut tx, &actor).await?;
    let items = lines(&mut tx, &page, &say, runs).await?;
    wants.answer(&RuleLogView { page, rule, items, next })
}

/// All that a rule did, as a table.
#[utoipa::path(get, path = "/settings/rules/{id}/csv", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, content_type = "text/csv"), (status = 404)))]
pub(super) async fn csv(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    let mut tx = app.db.read().await?;
    rules::rule(&mut tx, &actor, id).await?;
    let page = wants.page(&app, &actor, Area::Settings);
    let say = Say::load(&mut tx, &actor).await?;
    let runs = rules::runs_after(&mut tx, id, 0, MOST).await?;
    let runs = seen(&mut tx, &actor, runs).await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["at", "case", "version", "event", "outcome", "did", "reason"];
    writer.write_record(head).map_err(anyhow::Error::from)?;
    for line in lines(&mut tx, &page, &say, runs).await? {
        let (run, did) = (&line.run, line.did.join(", "));
        let at = run.at.moment().to_string();
        let version = run.version.to_string();
        let cells = [
            at.as_str(),
            &line.number,
            &version,
            &run.event,
            run.outcome.code(),
            &harmless(&did),
            &harmless(&run.reason),
        ];
        writer.write_record(cells).map_err(anyhow::Error::from)?;
    }
    let table = writer.into_inner().map_err(|error| anyhow::Error::from(error.into_error()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"rule.csv\"")),
    ];
    Ok((StatusCode::OK, headers, table).into_response())
}

/// A spreadsheet would calculate what begins like a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell.to_owned() }
}
