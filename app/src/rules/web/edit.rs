//! The form of a rule, with a look at what it would have done and at what it was before.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Saved;
use super::form::{RuleForm, Sent};
use super::say::Say;
use crate::people;
use crate::people::{Person, Team};
use crate::platform::web::Corrections;
use crate::platform::{Actor, App, Area, Error, Id, Input, Page, Query, Result, Right, Wants};
use crate::rules;
use crate::rules::{Action, Deed, Draft, Dry, Event, MailCondition, MailPart, Rule, RuleKind, Version};
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
    teams: Vec<Team>,
    #[serde(skip)]
    dry: Option<Dry>,
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
        Conditions { page, form, choices, draft: self.draft_url() }.html()
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
            MailPart::Automatic | MailPart::Suspicious => "flag",
            _ => "text",
        }
    }

    fn conditions_word(&self) -> String {
        format!("rules-conditions-{}", self.form.kind)
    }

    /// How the dry run looked.
    fn how(&self, dry: &Dry) -> String {
        let (page, looked_at) = (&self.page, i64::try_from(dry.looked_at).unwrap_or(i64::MAX));
        let n = ("n", page.number(looked_at));
        page.with2("rules-dry-how", ("when", page.when(&dry.since)), n).into_owned()
    }

    /// What the dry run says in one sentence.
    fn found(&self, dry: &Dry) -> String {
        let (page, number) = (&self.page, |n: usize| i64::try_from(n).unwrap_or(i64::MAX));
        if self.form.kind == RuleKind::Trigger {
            let times = ("n", page.number(number(dry.matches)));
            page.with2("rules-dry-past", times, ("cases", page.number(number(dry.cases)))).into_owned()
        } else {
            page.with("rules-dry-now", "cases", page.number(number(dry.cases))).into_owned()
        }
    }
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    (id, form): (Option<i64>, RuleForm),
    dry: Option<Dry>,
    errors: Corrections,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let (mut rule, mut versions) = (None, Vec::new());
    if let Some(id) = id {
        rule = Some(rules::rule(&mut tx, id).await?);
        versions = rules::versions(&mut tx, id).await?;
    }
    let (say, teams) = (Say::load(&mut tx, actor).await?, people::teams(&mut tx).await?);
    let people = people::all(&mut tx).await?;
    drop(tx);
    let page = wants.page(app, actor, Area::Settings);
    let status = if errors.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    wants.answer_as(status, &EditView { page, rule, form, say, teams, dry, versions, people, errors })
}

#[derive(Deserialize, IntoParams)]
pub(super) struct FreshQuery {
    /// `trigger`, `time` or `macro`
    kind: Option<String>,
    /// The code of an example to begin with.
    example: Option<String>,
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
    actor.may(Right::ManageSettings)?;
    let kind = query.kind.as_deref().and_then(RuleKind::from_code).unwrap_or(RuleKind::Trigger);
    let example =
        rules::examples(&wants.words).into_iter().find(|(code, _)| Some(*code) == query.example.as_deref());
    let form = example.map_or_else(|| RuleForm::fresh(kind), |(_, draft)| RuleForm::of(&draft));
    show(&app, &actor, &wants, (None, form), None, Corrections::default()).await
}

/// The form of a rule; for programs the rule.
#[utoipa::path(get, path = "/settings/rules/{id}", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = Rule), (status = 404)))]
pub(super) async fn edit(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let rule = rules::rule(&mut app.db.read().await?, id).await?;
    if wants.json {
        return Ok(Json(rule).into_response());
    }
    let form = RuleForm::of(&rule.draft());
    show(&app, &actor, &wants, (Some(id), form), None, Corrections::default()).await
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
    actor.may(Right::ManageSettings)?;
    let mut form = match sent {
        Sent::Form(form) => *form,
        Sent::Draft(draft) => {
            return Ok(Json(rules::dry_run(&app, &actor, &draft).await?).into_response());
        }
    };
    form.obey();
    let (mut dry, mut errors) = (None, Corrections::default());
    if form.wish == "dry" {
        let looked = match form.draft() {
            Ok(draft) => rules::dry_run(&app, &actor, &draft).await,
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
    actor.may(Right::ManageSettings)?;
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
    actor.may(Right::ManageSettings)?;
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
    actor.may(Right::ManageSettings)?;
    rules::restore(&app, &actor, id, form.version).await?;
    wants.done(&format!("/settings/rules/{id}"), "rules-version-restored", &Saved { id })
}
