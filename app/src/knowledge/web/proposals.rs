//! Changes that somebody proposes: written, compared with what holds, accepted, declined, withdrawn.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::{beside, refused};
use super::form::ArticleInput;
use super::versions::{Part, parts_of};
use super::{Names, URL, page_of};
use crate::cases;
use crate::knowledge;
use crate::knowledge::{Article, ArticleState, Change, Proposal, ProposalState, Saved};
use crate::platform::{Actor, App, Area, Error, Id, Input, Page, Result, Right, Wants};

/// The page of a proposal.
fn page_of_proposal(proposal: i64) -> String {
    format!("{URL}/proposals/{proposal}")
}

/// Proposes a change of a published article; who did so before changes the proposal. What is left out stays as it is.
#[utoipa::path(post, path = "/knowledge/{id}/proposals", tag = "knowledge", params(("id" = i64, Path)),
    request_body = ArticleInput,
    responses((status = 200, body = Proposal), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn suggest(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(input): Input<ArticleInput>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let known = knowledge::article(&mut app.db.read().await?, &actor, id).await?;
    let form = input.over(Some(&known));
    let version = form.version()?;
    let suggested = match form.parse() {
        Ok(typed) => knowledge::suggest(&app, &actor, id, version, &typed).await,
        Err(error) => Err(error),
    };
    match suggested {
        Ok(Saved::Done(proposal)) => {
            let proposal = knowledge::proposal(&mut app.db.read().await?, &actor, proposal).await?;
            wants.done(&page_of_proposal(proposal.id), "knowledge-change-proposed", &proposal)
        }
        Ok(Saved::Meanwhile(_)) if wants.json => Err(Error::Stale),
        Ok(Saved::Meanwhile(now)) => beside(&app, &actor, &wants, *now, form).await,
        Err(Error::Invalid(errors)) if !wants.json => {
            refused(&app, &actor, &wants, Some(known), form, errors).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "knowledge/views/proposal.html")]
struct ArticleProposalView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    proposal: Proposal,
    #[serde(skip)]
    article: Article,
    /// What it changes in what the article says now.
    parts: Vec<Part>,
    #[serde(skip)]
    names: Names,
    #[serde(skip)]
    is_own: bool,
}

impl ArticleProposalView {
    fn title(&self) -> &str {
        &self.article.text(self.proposal.said.text.language).title
    }

    fn proposer(&self) -> &str {
        self.names.of(Some(self.proposal.person))
    }

    /// The article was changed since it was proposed.
    fn is_moved(&self) -> bool {
        self.proposal.is_open() && self.proposal.base != self.article.version
    }

    fn may_decide(&self) -> bool {
        self.proposal.is_open() && self.page.can("write_knowledge")
    }

    /// What is proposed for it can be accepted and changed.
    fn is_published(&self) -> bool {
        self.article.state == ArticleState::Published
    }

    fn may_withdraw(&self) -> bool {
        self.proposal.is_open() && self.is_own && self.page.can("work_cases")
    }

    /// What became of it; empty while it is open.
    fn outcome(&self) -> String {
        let when = self.page.when(&self.proposal.at);
        let name = self.names.of(self.proposal.decided_by);
        match self.proposal.state {
            ProposalState::Open => String::new(),
            ProposalState::Accepted => {
                self.page.both("knowledge-change-is-accepted", "name", name, "when", when).into_owned()
            }
            ProposalState::Declined if self.proposal.reason.is_empty() => {
                self.page.with("knowledge-change-is-closed", "when", when).into_owned()
            }
            ProposalState::Declined => {
                self.page.both("knowledge-change-is-declined", "name", name, "when", when).into_owned()
            }
            ProposalState::Withdrawn => {
                self.page.with("knowledge-change-is-withdrawn", "when", when).into_owned()
            }
        }
    }
}

/// A proposed change, compared with what the article says now.
#[utoipa::path(get, path = "/knowledge/proposals/{id}", tag = "knowledge", params(("id" = i64, Path)),
    responses((status = 200, body = ArticleProposalView), (status = 404)))]
pub(super) async fn read(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.read().await?;
    let proposal = knowledge::proposal(&mut tx, &actor, id).await?;
    let article = knowledge::article(&mut tx, &actor, proposal.article).await?;
    let names = Names::load(&mut tx).await?;
    let mut page = wants.page(&app, &actor, Area::Knowledge);
    cases::web::offer_undo(&mut page, &mut tx, &actor, app.now()).await?;
    let now = article.content();
    let parts = parts_of(&wants.words, &names, &now, &now.saying(&proposal.said));
    let is_own = proposal.is_by(&actor);
    wants.answer(&ArticleProposalView { page, proposal, article, parts, names, is_own })
}

/// What becomes of a proposal.
#[derive(Deserialize, ToSchema)]
#[schema(as = ArticleDecision)]
pub(super) struct DecisionForm {
    /// `accepted` or `declined`
    decision: String,
    /// The version of the article that it was compared with, to accept it.
    #[serde(default)]
    version: String,
    /// Why it is declined; who proposed it reads this.
    #[serde(default)]
    reason: String,
}

/// Accepts a proposal, which is the article's next version then, or declines it with a reason.
#[utoipa::path(post, path = "/knowledge/proposals/{id}/decision", tag = "knowledge", params(("id" = i64, Path)),
    request_body = DecisionForm,
    responses((status = 200, body = Proposal), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn decide(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<DecisionForm>,
) -> Result<Response> {
    actor.may(Right::WriteKnowledge)?;
    let word = match ProposalState::from_code(&form.decision) {
        Some(ProposalState::Accepted) => {
            let wrong = |_| Error::invalid("version", "error-field-malformed");
            let version = form.version.trim().parse().map_err(wrong)?;
            knowledge::accept(&app, &actor, id, version).await?;
            "knowledge-change-accepted"
        }
        Some(ProposalState::Declined) => {
            knowledge::decline(&app, &actor, id, &form.reason).await?;
            "knowledge-change-declined"
        }
        _ => return Err(Error::invalid("decision", "error-field-malformed")),
    };
    let proposal = knowledge::proposal(&mut app.db.read().await?, &actor, id).await?;
    wants.done(&page_of(proposal.article), word, &proposal)
}

/// Takes one's own proposal away.
#[utoipa::path(post, path = "/knowledge/proposals/{id}/withdrawal", tag = "knowledge", params(("id" = i64, Path)),
    responses((status = 200, body = Proposal), (status = 404), (status = 422)))]
pub(super) async fn withdraw(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    knowledge::withdraw(&app, &actor, id).await?;
    let proposal = knowledge::proposal(&mut app.db.read().await?, &actor, id).await?;
    wants.done(&page_of(proposal.article), "knowledge-change-withdrawn", &proposal)
}
