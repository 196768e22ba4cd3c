//! The form of a rule, with a look at what it would have done and at what it was before.

use askama::Template;
use askama::filters::Safe;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Saved;
use super::form::{RuleForm, Sent};
use super::say::Say;
use super::trials::DryPart;
use crate::people;
use crate::people::{Person, Team};
use crate::platform::web::Corrections;
use crate::platform::{Actor, App, Area, Error, Id, Input, Page, Query, Result, Right, Role, Wants, rows};
use crate::rules;
use crate::rules::{
    Action, Aspect, Deed, Draft, Dry, Event, LANGUAGES, MailCondition, MailPart, Rule, RuleKind, Version,
};
use crate::views::web::conditions::Conditions;

#[derive(Template, Serialize)]
#[template(path = "rules/views/edit.html")]
struct EditView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    rule: Option<Rule>,
    #[serde(skip)]
    form: RuleForm,
    #[serde(skip)]
    say: Say,
    #[serde(skip)]
    dry: Option<Dry>,
    /// The reader keeps the rules of the whole house, and chooses whose one is.
    #[serde(skip)]
    admin: bool,
    /// The teams whose rules the reader keeps.
    #[serde(skip)]
    teams: Vec<Team>,
    #[serde(skip)]
    versions: Vec<Version>,
    #[serde(skip)]
    people: Vec<Person>,
    #[serde(skip)]
    errors: Corrections,
}

impl EditView {
    fn action_url(&self) -> String {
        self.rule.as_ref().map_or("/settings/rules".into(), |rule| format!("/settings/rules/{}", rule.id))
    }

    fn draft_url(&self) -> String {
        let id = self.rule.as_ref().map(|rule| format!("?id={}", rule.id));
        format!("/settings/rules/draft{}", id.unwrap_or_default())
    }

    fn conditions(&self) -> String {
        let (page, form, choices) = (&self.page, &self.form.conditions, &self.say.choices);
        Conditions { page, form, choices, draft: self.draft_url(), errors: &self.errors }.html()
    }

    fn found(&self, dry: &Dry) -> String {
        DryPart { page: &self.page, dry, kind: self.form.kind }.html()
    }

    fn mark_change(&self, row: &usize) -> Safe<String> {
        self.errors.mark_row(rows::CHANGES.field(*row), &format!("cf{row}"))
    }

    fn note_change(&self, row: &usize) -> Safe<String> {
        let name = self.page.with("rules-change-nth", "n", row + 1);
        self.errors.note_row(&self.page, rows::CHANGES.field(*row), &format!("cf{row}"), &name)
    }

    fn mark_mail(&self, row: &usize) -> Safe<String> {
        self.errors.mark_row(rows::MAILS.field(*row), &format!("mv{row}"))
    }

    fn note_mail(&self, row: &usize) -> Safe<String> {
        let name = self.page.with("views-condition", "n", row + 1);
        self.errors.note_row(&self.page, rows::MAILS.field(*row), &format!("mv{row}"), &name)
    }

    /// The control of an action with which something is wrong.
    fn control(&self, row: &usize) -> String {
        let text = self.errors.word(rows::ACTIONS.field(*row)) == Some("rules-action-text-missing");
        format!("{}{row}", if text { "at" } else { "av" })
    }

    fn mark_action(&self, row: &usize, control: &str) -> Safe<String> {
        let own = self.control(row);
        if own.starts_with(control) {
            self.errors.mark_row(rows::ACTIONS.field(*row), &own)
        } else {
            Safe(String::new())
        }
    }

    fn note_action(&self, row: &usize) -> Safe<String> {
        let name = self.page.with("rules-action", "n", row + 1);
        self.errors.note_row(&self.page, rows::ACTIONS.field(*row), &self.control(row), &name)
    }

    fn is_of(&self, team: &Team) -> bool {
        self.form.team == Some(team.id)
    }

    fn is(&self, kind: &str) -> bool {
        self.form.kind.code() == kind
    }

    fn has(&self, event: &Event) -> bool {
        self.form.events.contains(event)
    }

    fn span(action: &Action) -> (&str, &str) {
        let value = action.value.as_str();
        value.split_at_checked(value.len().saturating_sub(1)).unwrap_or(("", "d"))
    }

    fn by(&self, version: &Version) -> String {
        let by = self.people.iter().find(|person| Some(person.id) == version.person);
        by.map(|person| person.name.clone()).unwrap_or_default()
    }

    fn said(&self, version: &Version) -> String {
        self.say.rule(&self.page, self.form.kind, &version.definition)
    }

    fn sentence(&self) -> String {
        let definition = self.form.draft().map(|draft| draft.definition).unwrap_or_default();
        self.say.rule(&self.page, self.form.kind, &definition)
    }

    fn is_shared(&self, team: &Team) -> bool {
        self.form.shared == format!("team:{}", team.id)
    }

    /// How the value of a condition on a mail is typed.
    const fn mail_input(condition: &MailCondition) -> &'static str {
        match condition.part {
            _ if !condition.test.needs_value() => "none",
            MailPart::Automatic | MailPart::Suspicious => "flag",
            MailPart::Language => "language",
            _ => "text",
        }
    }

    fn conditions_word(&self) -> String {
        format!("rules-conditions-{}", self.form.kind)
    }
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    (id, mut form): (Option<i64>, RuleForm),
    dry: Option<Dry>,
    errors: Corrections,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let (mut rule, mut versions) = (None, Vec::new());
    if let Some(id) = id {
        rule = Some(rules::rule(&mut tx, actor, id).await?);
        versions = rules::versions(&mut tx, id).await?;
    }
    let (say, people) = (Say::load(&mut tx, actor).await?, people::all(&mut tx).await?);
    drop(tx);
    let admin = actor.is(Role::Admin);
    let mut teams = say.choices.teams.clone();
    teams.retain(|team| admin || actor.teams.contains(&team.id));
    if !admin && form.team.is_none() {
        form.team = teams.first().map(|team| team.id);
    }
    say.choices.settle(&mut form.conditions);
    let page = wants.page(app, actor, Area::Settings);
    let status = if errors.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = EditView { page, rule, form, say, dry, admin, teams, versions, people, errors };
    wants.answer_as(status, &view)
}

#[derive(Deserialize, IntoParams)]
pub(super) struct FreshQuery {
    /// `trigger`, `mail`, `time` or `macro`
    kind: Option<String>,
    /// The code of an example to begin with.
    example: Option<String>,
    /// A dry run whose draft the form shows.
    trial: Option<i64>,
}

/// The form with the draft of a dry run, and what that found.
async fn show_trial(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    (id, trial): (Option<i64>, i64),
) -> Result<Response> {
    let dry = rules::trial_found(app, actor, trial).await?;
    let trial = rules::trial(&mut app.db.read().await?, actor, trial).await?;
    if trial.rule != id {
        return Err(Error::NotFound);
    }
    show(app, actor, wants, (id, RuleForm::of(&trial.draft)), Some(dry), Corrections::default()).await
}

/// The form of a new rule.
#[utoipa::path(get, path = "/settings/rules/new", tag = "rules", params(FreshQuery),
    responses((status = 200, content_type = "text/html")))]
pub(super) async fn fresh(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<FreshQuery>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    if let Some(trial) = query.trial {
        return show_trial(&app, &actor, &wants, (None, trial)).await;
    }
    let kind = query.kind.as_deref().and_then(RuleKind::from_code).unwrap_or(RuleKind::Trigger);
    let example =
        rules::examples(&wants.words).into_iter().find(|(code, _)| Some(*code) == query.example.as_deref());
    let form = example.map_or_else(|| RuleForm::fresh(kind), |(_, draft)| RuleForm::of(&draft));
    show(&app, &actor, &wants, (None, form), None, Corrections::default()).await
}

/// The form of a rule; for programs the rule.
#[utoipa::path(get, path = "/settings/rules/{id}", tag = "rules", params(("id" = i64, Path), TrialQuery),
    responses((status = 200, body = Rule), (status = 404)))]
pub(super) async fn edit(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<TrialQuery>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    if let Some(trial) = query.trial {
        return show_trial(&app, &actor, &wants, (Some(id), trial)).await;
    }
    let mut tx = app.db.read().await?;
    let rule = rules::rule(&mut tx, &actor, id).await?;
    if wants.json {
        return Ok(Json(rule).into_response());
    }
    // Who went away comes back to what was found meanwhile, unless the rule was changed since.
    let draft = rule.draft();
    let mut own = rules::own_trials(&app, &mut tx, &actor).await?.into_iter();
    let trial = own.find(|trial| trial.rule == Some(id) && trial.draft.definition == draft.definition);
    drop(tx);
    let dry = match trial {
        Some(trial) => Some(rules::trial_found(&app, &actor, trial.id).await?),
        None => None,
    };
    show(&app, &actor, &wants, (Some(id), RuleForm::of(&draft)), dry, Corrections::default()).await
}

#[derive(Deserialize, IntoParams)]
pub(super) struct TrialQuery {
    /// A dry run whose draft the form shows.
    trial: Option<i64>,
}

#[derive(Deserialize, IntoParams)]
pub(super) struct DraftQuery {
    /// The rule that the form changes.
    id: Option<i64>,
}

/// The form with a row more or less, or with what the rule would have done; nothing is kept or changed.
#[utoipa::path(post, path = "/settings/rules/draft", tag = "rules", params(DraftQuery), request_body = Draft,
    responses((status = 200, body = Dry), (status = 422)))]
pub(super) async fn draft(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<DraftQuery>,
    sent: Sent,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    let mut form = match sent {
        Sent::Form(form) => *form,
        Sent::Draft(draft) => {
            return Ok(Json(rules::dry_run(&app, &actor, query.id, &draft).await?).into_response());
        }
    };
    form.obey();
    let (mut dry, mut errors) = (None, Corrections::default());
    if form.wish == "dry" {
        let looked = match form.draft() {
            Ok(draft) => rules::dry_run(&app, &actor, query.id, &draft).await,
            Err(error) => Err(error),
        };
        match looked {
            Ok(found) => dry = Some(found),
            Err(Error::Invalid(fields)) => errors = Corrections::new("", fields),
            Err(error) => return Err(error),
        }
    }
    show(&app, &actor, &wants, (query.id, form), dry, errors).await
}

async fn keep(app: &App, actor: &Actor, wants: &Wants, id: Option<i64>, sent: Sent) -> Result<Response> {
    let saved = match sent.draft() {
        Ok(draft) => rules::save(app, actor, id, &draft).await,
        Err(error) => Err(error),
    };
    match (saved, sent) {
        (Ok(id), _) => wants.done(&format!("/settings/rules#rule-{id}"), "saved", &Saved { id }),
        (Err(Error::Invalid(errors)), Sent::Form(form)) if !wants.json => {
            show(app, actor, wants, (id, *form), None, Corrections::new("", errors)).await
        }
        (Err(error), _) => Err(error),
    }
}

/// Makes a rule.
#[utoipa::path(post, path = "/settings/rules", tag = "rules", request_body = Draft,
    responses((status = 200, body = Saved), (status = 422)))]
pub(super) async fn create(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    sent: Sent,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    keep(&app, &actor, &wants, None, sent).await
}

/// Changes a rule; what it was is kept.
#[utoipa::path(post, path = "/settings/rules/{id}", tag = "rules", params(("id" = i64, Path)), request_body = Draft,
    responses((status = 200, body = Saved), (status = 404), (status = 422)))]
pub(super) async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    sent: Sent,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    keep(&app, &actor, &wants, Some(id), sent).await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct VersionForm {
    version: i64,
}

/// Lets a rule be again what it was in a version.
#[utoipa::path(post, path = "/settings/rules/{id}/version", tag = "rules", params(("id" = i64, Path)),
    request_body = VersionForm, responses((status = 200, body = Saved), (status = 404)))]
pub(super) async fn go_back(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<VersionForm>,
) -> Result<Response> {
    actor.may(Right::KeepRules)?;
    rules::restore(&app, &actor, id, form.version).await?;
    wants.done(&format!("/settings/rules/{id}"), "rules-version-restored", &Saved { id })
}
