//! What a rule did: its runs with time, case, what it answered and what came of it; also as a table.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::say::Say;
use crate::cases;
use crate::platform::sheet;
use crate::platform::sheet::Csv;
use crate::platform::{Actor, App, Area, CaseId, Id, Page, Query, Result, Right, Tx, Wants};
use crate::rules;
use crate::rules::{Rule, Run, Version};

const LINES: usize = 50;
/// Runs that anybody gets at once.
const MOST: usize = 200;
/// Runs that a table reads at a time.
const PORTION: usize = 500;

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
        let trouble = run.reason.said(page);
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

#[derive(Deserialize, IntoParams)]
pub(super) struct LogQuery {
    /// Only runs before this one.
    before: Option<i64>,
    /// At most 200.
    limit: Option<usize>,
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
    let limit = query.limit.unwrap_or(LINES).clamp(1, MOST);
    let runs = rules::seen_runs(&mut tx, &actor, id, query.before, limit).await?;
    let more = query.limit.map_or_else(String::new, |limit| format!("&limit={limit}"));
    let next = runs.next.map(|before| format!("/settings/rules/{id}/log?before={before}{more}"));
    let page = wants.page(&app, &actor, Area::Settings);
    let say = Say::load(&mut tx, &actor).await?;
    let items = lines(&mut tx, &page, &say, runs.seen).await?;
    wants.answer(&RuleLogView { page, rule, items, next })
}

/// All that a rule did, as a table, the newest first.
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
    let say = Say::load(&mut tx, &actor).await?;
    drop(tx);
    let page = wants.page(&app, &actor, Area::Settings);
    let table = Table { app, actor, page, say, rule: id, at: At::Head };
    Ok(sheet::file("rule", Body::from_stream(stream::try_unfold(table, Table::next))))
}

/// A table that is written portion by portion, each read by itself: a slow reader holds no transaction.
struct Table {
    app: App,
    actor: Actor,
    page: Page,
    say: Say,
    rule: i64,
    at: At,
}

/// What of a table comes next.
#[derive(Clone, Copy)]
enum At {
    Head,
    /// The runs before this one.
    Before(Option<i64>),
    End,
}

impl Table {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        let bytes = match self.at {
            At::Head => {
                self.at = At::Before(None);
                let head = ["at", "case", "version", "event", "outcome", "did", "reason"];
                Csv::Semicolons.head(head.map(str::to_owned))?
            }
            At::Before(run) => self.portion(run).await?,
            At::End => return Ok(None),
        };
        Ok(Some((bytes.into(), self)))
    }

    async fn portion(&mut self, before: Option<i64>) -> Result<Vec<u8>> {
        let mut tx = self.app.db.read().await?;
        let runs = rules::seen_runs(&mut tx, &self.actor, self.rule, before, PORTION).await?;
        self.at = runs.next.map_or(At::End, |next| At::Before(Some(next)));
        let lines = lines(&mut tx, &self.page, &self.say, runs.seen).await?;
        drop(tx);
        Csv::Semicolons.rows(lines.into_iter().map(cells))
    }
}

fn cells(line: RunLine) -> [String; 7] {
    let RunLine { run, number, did, trouble, .. } = line;
    let (at, version, outcome) = (run.at.moment().to_string(), run.version.to_string(), run.outcome);
    [at, number, version, run.event, outcome.code().to_owned(), did.join(", "), trouble]
}
