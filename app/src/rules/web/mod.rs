//! Pages of rules: all of them in their order, what they say and how often they ran; on and off, up and down.

mod cases;
mod edit;
mod form;
mod hooks;
mod log;
mod say;
mod trials;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use say::Say;

use super::{Day, DryState, Exchange, Place, Rule, RuleKind, Trial};
use crate::platform::web::{Corrections, OFFERED};
use crate::platform::{
    Actor, App, Area, Error, Id, Input, Page, Query, Result, Right, Role, Timestamp, Wants,
};
use crate::rules;

/// Days that the figures cover.
const DAYS: i64 = 30;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, edit::create))
        .routes(routes!(edit::fresh))
        .routes(routes!(edit::draft))
        .routes(routes!(edit::edit, edit::change))
        .routes(routes!(switch))
        .routes(routes!(shift))
        .routes(routes!(remove))
        .routes(routes!(restore))
        .routes(routes!(edit::go_back))
        .routes(routes!(export))
        .routes(routes!(import))
        .routes(routes!(log::show))
        .routes(routes!(log::csv))
        .routes(routes!(trials::show))
        .routes(routes!(trials::stop))
        .routes(routes!(hooks::list, hooks::create))
        .routes(routes!(hooks::change))
        .routes(routes!(hooks::remove))
        .routes(routes!(hooks::restore))
        .routes(routes!(hooks::test))
        .routes(routes!(cases::log))
        .routes(routes!(cases::macros))
        .routes(routes!(cases::run))
        .routes(routes!(cases::run_many))
        .routes(routes!(cases::take_back))
}

#[derive(Deserialize, IntoParams)]
struct ListQuery {
    /// The id of a rule that was just taken away, so that the page offers to bring it back.
    removed: Option<i64>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "rules/views/list.html")]
struct RulesView {
    #[serde(skip)]
    page: Page,
    items: Vec<RuleLine>,
    next: Option<String>,
    #[serde(skip)]
    examples: Vec<(&'static str, String, String)>,
    /// One's own dry runs that go on, or ended today.
    #[serde(skip)]
    trials: Vec<Trial>,
    #[serde(skip)]
    kinds: Vec<RuleKind>,
    /// The whole house's rules are the reader's.
    #[serde(skip)]
    admin: bool,
    #[serde(skip)]
    errors: Corrections,
}

/// A rule with how often it ran.
#[derive(Serialize, ToSchema)]
struct RuleLine {
    #[serde(flatten)]
    rule: Rule,
    /// The last thirty days, those on which it ran; private cases are not counted.
    days: Vec<Day>,
    /// The name of the team whose rule it is.
    #[serde(skip)]
    team_name: String,
    #[serde(skip)]
    sentence: String,
    #[serde(skip)]
    bars: Bars,
}

impl RuleLine {
    fn sum(&self, of: impl Fn(&Day) -> i64) -> i64 {
        self.days.iter().map(of).sum()
    }

    fn changed(&self) -> i64 {
        self.sum(|day| day.changed)
    }

    fn same(&self) -> i64 {
        self.sum(|day| day.same)
    }

    fn failed(&self) -> i64 {
        self.sum(|day| day.failed)
    }
}

/// How often a rule changed something on each of thirty days, as heights up to 20.
struct Bars(Vec<(usize, i64)>);

impl Bars {
    fn of(days: &[Day], now: Timestamp, page: &Page) -> Self {
        let today = now.moment().to_zoned(page.zone().clone()).date();
        let count = |back: i64| {
            let day = today.saturating_sub(jiff::Span::new().days(back)).to_string();
            days.iter().find(|one| one.day == day).map_or(0, |one| one.changed + one.failed)
        };
        let counts: Vec<i64> = (0..DAYS).rev().map(count).collect();
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        Self(counts.into_iter().map(|count| (count * 20 + most - 1) / most).enumerate().collect())
    }
}

impl RulesView {
    fn of(&self, kind: &RuleKind) -> Vec<&RuleLine> {
        self.items.iter().filter(|line| line.rule.kind == *kind).collect()
    }
}

/// All rules, by kind in their order, with how often they ran in the last thirty days.
#[utoipa::path(get, path = "/settings/rules", tag = "rules", params(ListQuery), responses((status = 200, body = RulesView)))]
async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    show(&app, &actor, &wants, query.removed, Corrections::default()).await
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    removed: Option<i64>,
    errors: Corrections,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let all = rules::all(&mut tx, actor).await?;
    let days = rules::days_since(app, &mut tx, app.now() - Timestamp::days(DAYS - 1)).await?;
    let say = Say::load(&mut tx, actor).await?;
    let trials = rules::own_trials(app, &mut tx, actor).await?;
    drop(tx);
    let mut page = wants.page(app, actor, Area::Settings);
    if let Some(removed) = removed {
        page.offer_undo("rules-removed", format!("/settings/rules/{removed}/restored"), app.now() + OFFERED);
    }
    let admin = actor.is(Role::Admin);
    let mut examples = rules::fresh_examples(&wants.words, &all);
    examples.retain(|(_, draft)| admin || draft.kind != RuleKind::Mail);
    let examples = examples
        .into_iter()
        .map(|(code, draft)| (code, say.rule(&page, draft.kind, &draft.definition), draft.name))
        .collect();
    let items = all.into_iter().map(|rule| line(app, &page, &say, &days, rule)).collect();
    // What leads keep decides about no mail of the house.
    let kinds = RuleKind::ALL.iter().copied().filter(|kind| admin || *kind != RuleKind::Mail).collect();
    let status = if errors.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = RulesView { page, items, next: None, examples, trials, kinds, admin, errors };
    wants.answer_as(status, &view)
}

fn line(app: &App, page: &Page, say: &Say, days: &[Day], rule: Rule) -> RuleLine {
    let days: Vec<Day> = days.iter().filter(|day| day.rule == rule.id).cloned().collect();
    let (sentence, bars) = (say.rule(page, rule.kind, &rule.definition), Bars::of(&days, app.now(), page));
    let team = say.choices.teams.iter().find(|team| Some(team.id) == rule.team);
    let team_name = team.map(|team| team.name.clone()).unwrap_or_default();
    RuleLine { rule, days, team_name, sentence, bars }
}

/// What commands on a rule answer to programs.
#[derive(Serialize, ToSchema)]
#[schema(as = RuleSaved)]
struct Saved {
    id: i64,
}

#[derive(Deserialize, ToSchema)]
struct SwitchForm {
    /// `yes` or `no`
    on: String,
}

/// Switches a rule on or off.
#[utoipa::path(post, path = "/settings/rules/{id}/switch", tag = "rules", params(("id" = i64, Path)),
    request_body = SwitchForm, responses((status = 200, body = Rule), (status = 404)))]
async fn switch(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<SwitchForm>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    let rule = rules::switch(&app, &actor, id, form.on == "yes").await?;
    let word = if rule.active { "rules-switched-on" } else { "rules-switched-off" };
    wants.done("/settings/rules", word, &rule)
}

#[derive(Deserialize, ToSchema)]
struct ShiftForm {
    /// `up`, `down`, `last`, or `before:7` with the id of another rule
    to: String,
}

/// Moves a rule among those of its kind.
#[utoipa::path(post, path = "/settings/rules/{id}/place", tag = "rules", params(("id" = i64, Path)),
    request_body = ShiftForm, responses((status = 200, body = Saved), (status = 404)))]
async fn shift(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<ShiftForm>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    let place = Place::read(&form.to).ok_or_else(|| Error::invalid("to", "error-field-malformed"))?;
    rules::shift(&app, &actor, id, place).await?;
    wants.done(&format!("/settings/rules#rule-{id}"), "rules-moved", &Saved { id })
}

/// Takes a rule away; it can be brought back.
#[utoipa::path(post, path = "/settings/rules/{id}/removal", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = Saved), (status = 404)))]
async fn remove(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    rules::remove(&app, &actor, id).await?;
    wants.done(&format!("/settings/rules?removed={id}"), "rules-removed", &Saved { id })
}

/// Brings a rule back, switched off.
#[utoipa::path(post, path = "/settings/rules/{id}/restored", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = Saved), (status = 404)))]
async fn restore(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    rules::bring_back(&app, &actor, id).await?;
    wants.done("/settings/rules", "rules-restored", &Saved { id })
}

/// All rules, to take them to another house.
#[utoipa::path(get, path = "/settings/rules/export", tag = "rules", responses((status = 200, body = Exchange)))]
async fn export(actor: Actor, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let all = rules::export(&mut app.db.read().await?).await?;
    let name = [(axum::http::header::CONTENT_DISPOSITION, "attachment; filename=\"rules.json\"")];
    Ok((name, Json(all)).into_response())
}

#[derive(Deserialize, ToSchema)]
#[schema(as = RulesImportForm)]
struct ImportForm {
    /// What an export says, as text.
    rules: String,
}

/// How many rules came in.
#[derive(Serialize, ToSchema)]
#[schema(as = RulesImported)]
struct Imported {
    rules: usize,
}

/// Adds rules of another house, switched off.
#[utoipa::path(post, path = "/settings/rules/import", tag = "rules", request_body = ImportForm,
    responses((status = 200, body = Imported), (status = 422)))]
async fn import(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<ImportForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let read: Result<Exchange, _> = serde_json::from_str(&form.rules);
    let imported = match read {
        Ok(exchange) => rules::import(&app, &actor, &exchange).await,
        Err(_) => Err(Error::invalid("rules", "rules-import-wrong")),
    };
    match imported {
        Ok(rules) => wants.done("/settings/rules", "rules-imported", &Imported { rules }),
        Err(Error::Invalid(_)) if !wants.json => {
            let wrong = Error::invalid("rules", "rules-import-wrong");
            let Error::Invalid(errors) = wrong else { return Err(wrong) };
            show(&app, &actor, &wants, None, Corrections::new("", errors)).await
        }
        Err(error) => Err(error),
    }
}
