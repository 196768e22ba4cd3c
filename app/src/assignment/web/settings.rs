//! Rules of queues, skills of the house, and what a rule would do.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ticked;
use crate::assignment;
use crate::assignment::{Absent, KeeperAway, Mode, Rule, Skill, Trial};
use crate::cases::CaseKind;
use crate::cases::attributes;
use crate::people;
use crate::people::Queue;
use crate::platform::web::{Corrections, OFFERED};
use crate::platform::{
    Actor, App, Area, CaseKindId, Error, FieldError, Id, Input, Page, Query, QueueId, Result, Right, Wants,
};

const URL: &str = "/settings/assignment";

#[derive(Debug, Default, Deserialize, IntoParams)]
pub(super) struct TrialQuery {
    /// The queue whose rule is tried on its newest cases.
    #[serde(rename = "try")]
    tried: Option<i64>,
    /// A skill that was just taken away, so that the page offers to bring it back.
    removed_skill: Option<i64>,
    /// The queue whose rule was just saved: it stays unfolded.
    saved: Option<i64>,
}

/// A queue and its rule.
#[derive(Serialize, ToSchema)]
#[schema(as = AssignmentRuleLine)]
struct RuleLine {
    name: String,
    #[serde(flatten)]
    rule: Rule,
}

impl RuleLine {
    /// Kitt looks for somebody by itself.
    fn is_automatic(&self) -> bool {
        self.rule.mode != Mode::Hand
    }

    fn needs(&self, skill: &Skill) -> bool {
        self.rule.skills.contains(&skill.id)
    }
}

/// A kind and what its cases need.
#[derive(Serialize, ToSchema)]
struct KindLine {
    kind: CaseKindId,
    #[serde(skip)]
    named: CaseKind,
    /// Ids of skills.
    skills: Vec<i64>,
}

impl KindLine {
    fn needs(&self, skill: &Skill) -> bool {
        self.skills.contains(&skill.id)
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "assignment/views/settings.html")]
pub(super) struct AssignmentView {
    #[serde(skip)]
    page: Page,
    items: Vec<RuleLine>,
    next: Option<String>,
    /// Open cases that somebody has at the same time, unless it is entered otherwise.
    capacity: i64,
    skills: Vec<Skill>,
    kinds: Vec<KindLine>,
    /// What the rule of the queue that was asked for would do.
    trial: Option<Trial>,
    #[serde(skip)]
    tried: Option<QueueId>,
    /// The queue whose form was refused.
    #[serde(skip)]
    wrong: Option<QueueId>,
    #[serde(skip)]
    saved: Option<QueueId>,
    #[serde(skip)]
    errors: Corrections,
}

impl AssignmentView {
    fn is_wrong(&self, line: &RuleLine) -> bool {
        self.wrong == Some(line.rule.queue)
    }

    fn is_open(&self, line: &RuleLine) -> bool {
        let asked = [self.wrong, self.saved, self.trial.as_ref().and(self.tried)];
        self.items.len() == 1 || asked.contains(&Some(line.rule.queue))
    }

    fn trial_of(&self, line: &RuleLine) -> Option<&Trial> {
        self.trial.as_ref().filter(|_| self.tried == Some(line.rule.queue))
    }

    fn given(trial: &Trial) -> i64 {
        Trial::sum(&trial.given)
    }
}

/// How the cases of each queue find somebody.
#[utoipa::path(get, path = "/settings/assignment", tag = "settings", params(TrialQuery),
    responses((status = 200, body = AssignmentView)))]
pub(super) async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<TrialQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let tried = query.tried.map(QueueId);
    let mut view = view(&app, &actor, &wants, tried, None, Vec::new()).await?;
    view.saved = query.saved.map(QueueId);
    if let Some(skill) = query.removed_skill {
        let back = format!("{URL}/skills/{skill}/restored");
        view.page.offer_undo("assignment-skill-removed", back, app.now() + OFFERED);
    }
    wants.answer(&view)
}

async fn view(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    tried: Option<QueueId>,
    wrong: Option<QueueId>,
    errors: Vec<FieldError>,
) -> Result<AssignmentView> {
    let mut tx = app.db.read().await?;
    let rules = assignment::rules(&mut tx).await?;
    let trial = match rules.iter().find(|rule| Some(rule.queue) == tried) {
        Some(rule) => Some(assignment::try_out(app, &mut tx, actor, rule).await?),
        None => None,
    };
    let queues = people::queues(&mut tx).await?;
    let named = |rule: Rule| {
        let is = |queue: &&Queue| queue.id == rule.queue;
        RuleLine { name: queues.iter().find(is).map(|queue| queue.name.clone()).unwrap_or_default(), rule }
    };
    let mut needed = assignment::kind_skills(&mut tx).await?;
    let kind = |named: CaseKind| KindLine {
        kind: named.id,
        skills: needed.remove(&named.id).unwrap_or_default().into_iter().collect(),
        named,
    };
    Ok(AssignmentView {
        page: wants.page(app, actor, Area::Settings),
        items: rules.into_iter().map(named).collect(),
        next: None,
        capacity: assignment::capacity(&mut tx).await?,
        skills: assignment::skills(&mut tx).await?,
        kinds: attributes::kinds(&mut tx).await?.into_iter().map(kind).collect(),
        trial,
        tried,
        wrong,
        saved: None,
        errors: Corrections::new("", errors),
    })
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[schema(as = AssignmentRuleForm)]
pub(super) struct RuleForm {
    /// The queue's id.
    queue: String,
    /// `hand`, `load` or `turn`
    mode: String,
    /// "yes": the personal contact person comes first.
    #[serde(default)]
    keeper: String,
    /// When that person cannot take it: `replacement`, `wait` or `team`.
    #[serde(default)]
    keeper_away: String,
    /// Hours, for `wait`.
    #[serde(default)]
    wait_hours: String,
    /// "yes": the customer's language must be spoken.
    #[serde(default)]
    speaks: String,
    /// Cases of somebody who goes away: `leave`, `replacement` or `queue`.
    #[serde(default)]
    absent: String,
    /// Ids of skills that are needed.
    #[serde(default)]
    skills: Vec<i64>,
    /// The page's boxes: `skill_7`
    #[serde(flatten)]
    #[schema(ignore)]
    boxes: BTreeMap<String, serde_json::Value>,
}

impl RuleForm {
    fn queue(&self) -> Result<QueueId> {
        self.queue.parse().map(QueueId).map_err(|_| Error::NotFound)
    }

    fn parse(&self) -> Result<Rule> {
        let usual = Rule::of(self.queue()?);
        let wrong = |field| Error::invalid(field, "error-field-malformed");
        let hours = match self.wait_hours.trim() {
            "" => Ok(usual.wait_hours),
            number => number.parse().map_err(|_| Error::invalid("wait_hours", "assignment-wait-range")),
        };
        let or = |text: &str, usual: &'static str| {
            if text.is_empty() { usual.to_owned() } else { text.to_owned() }
        };
        let away = KeeperAway::from_code(&or(&self.keeper_away, usual.keeper_away.code()));
        Ok(Rule {
            mode: Mode::from_code(&self.mode).ok_or_else(|| wrong("mode"))?,
            keeper: self.keeper == "yes",
            keeper_away: away.ok_or_else(|| wrong("keeper_away"))?,
            wait_hours: hours?,
            speaks: self.speaks == "yes",
            absent: Absent::from_code(&or(&self.absent, usual.absent.code()))
                .ok_or_else(|| wrong("absent"))?,
            skills: ticked(&self.boxes, "skill_").into_iter().chain(self.skills.iter().copied()).collect(),
            ..usual
        })
    }
}

/// Sets up how a queue's cases find somebody.
#[utoipa::path(post, path = "/settings/assignment", tag = "settings", request_body = RuleForm,
    responses((status = 200, body = Rule), (status = 404), (status = 422)))]
pub(super) async fn save(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<RuleForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let saved = match form.parse() {
        Ok(rule) => assignment::set_rule(&app, &actor, &rule).await.map(|()| rule),
        Err(error) => Err(error),
    };
    match saved {
        Ok(rule) => wants.done(&format!("{URL}?saved={0}#q-{0}", rule.queue), "saved", &rule),
        Err(Error::Invalid(errors)) if !wants.json => {
            let view = view(&app, &actor, &wants, None, form.queue().ok(), errors).await?;
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}

#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
pub(super) struct CapacityForm {
    /// Open cases that somebody has at the same time.
    capacity: String,
}

/// Sets how many open cases somebody has at the same time, unless it is entered otherwise.
#[utoipa::path(post, path = "/settings/assignment/capacity", tag = "settings", request_body = CapacityForm,
    responses((status = 200, body = CapacityForm), (status = 422)))]
pub(super) async fn capacity(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<CapacityForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let number = form.capacity.trim().parse();
    let number = number.map_err(|_| Error::invalid("capacity", "assignment-capacity-range"))?;
    assignment::set_capacity(&app, &actor, number).await?;
    wants.done(URL, "saved", &form)
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct SkillForm {
    /// Empty to add.
    #[serde(default)]
    id: String,
    name: String,
}

/// Adds a skill or names it anew.
#[utoipa::path(post, path = "/settings/assignment/skills", tag = "settings", request_body = SkillForm,
    responses((status = 200, body = Skill), (status = 404), (status = 422)))]
pub(super) async fn skill(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<SkillForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let id = assignment::save_skill(&app, &actor, form.id.parse().ok(), &form.name).await?;
    wants.done(&format!("{URL}#skills"), "saved", &Skill { id, name: form.name.trim().to_owned() })
}

/// Nobody has or needs a skill any more.
#[utoipa::path(post, path = "/settings/assignment/skills/{id}/remove", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200), (status = 404)))]
pub(super) async fn remove_skill(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    assignment::remove_skill(&app, &actor, id).await?;
    let removed = format!("{URL}?removed_skill={id}#skills");
    let answer = serde_json::json!({ "id": id });
    wants.done(&removed, "assignment-skill-removed", &answer)
}

/// Brings a skill back, with who has it and what needs it.
#[utoipa::path(post, path = "/settings/assignment/skills/{id}/restored", tag = "settings", params(("id" = i64, Path)),
    responses((status = 200), (status = 404)))]
pub(super) async fn restore_skill(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    assignment::bring_skill_back(&app, &actor, id).await?;
    let back = format!("{URL}#skills");
    let answer = serde_json::json!({ "id": id });
    wants.done(&back, "assignment-skill-restored", &answer)
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = AssignmentKindForm)]
pub(super) struct KindForm {
    /// The kind's id.
    kind: String,
    /// Ids of skills that its cases need.
    #[serde(default)]
    skills: Vec<i64>,
    /// The page's boxes: `skill_7`
    #[serde(flatten)]
    #[schema(ignore)]
    boxes: BTreeMap<String, serde_json::Value>,
}

/// Sets what cases of a kind need.
#[utoipa::path(post, path = "/settings/assignment/kinds", tag = "settings", request_body = KindForm,
    responses((status = 200), (status = 404), (status = 422)))]
pub(super) async fn kind(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<KindForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let kind = form.kind.parse().map(CaseKindId).map_err(|_| Error::NotFound)?;
    let skills = ticked(&form.boxes, "skill_").into_iter().chain(form.skills).collect();
    assignment::set_kind_skills(&app, &actor, kind, &skills).await?;
    wants.done(&format!("{URL}#kinds"), "saved", &serde_json::json!({ "kind": kind, "skills": skills }))
}
