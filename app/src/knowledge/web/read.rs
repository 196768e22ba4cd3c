//! One article: read, said to have helped, published, put away.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shelf::Shelf;
use super::{Names, day_in_words, page_of};
use crate::cases;
use crate::knowledge;
use crate::knowledge::{Article, ArticleState, ArticleText, Gap, Proposal};
use crate::platform::{
    Actor, App, Area, Error, Id, Input, Language, Page, Query, Result, Right, Timestamp, Wants,
};

/// An article, in all its languages.
#[utoipa::path(get, path = "/articles/{id}", tag = "knowledge", params(("id" = i64, Path)),
    responses((status = 200, body = Article), (status = 404)))]
pub(super) async fn article(actor: Actor, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ReadKnowledge)?;
    let article = knowledge::article(&mut app.db.read().await?, &actor, id).await?;
    Ok(Json(article).into_response())
}

#[derive(Deserialize, IntoParams)]
pub(super) struct ReadQuery {
    /// `de` or `en`; otherwise as the reader reads everything.
    #[serde(default)]
    language: String,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "knowledge/views/article.html")]
struct ArticleView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    article: Article,
    /// What is shown of it.
    #[serde(skip)]
    text: ArticleText,
    #[serde(skip)]
    names: Names,
    /// Who saved it last.
    #[serde(skip)]
    editor: String,
    #[serde(skip)]
    may_change: bool,
    #[serde(skip)]
    is_due: bool,
    /// Changes that are proposed and not decided, as far as the reader may know of them.
    proposals: Vec<Proposal>,
    #[serde(skip)]
    shelf: Shelf,
    /// What was searched in vain, for those who write articles.
    #[serde(skip)]
    gaps: Vec<Gap>,
}

impl ArticleView {
    /// Does it say the same in another language?
    fn is_translated(&self) -> bool {
        1 < self.article.texts.len()
    }

    fn is_shown(&self, text: &ArticleText) -> bool {
        text.language == self.text.language
    }

    /// The language that it could be translated into.
    fn missing(&self) -> Option<Language> {
        Language::ALL.iter().copied().find(|language| self.article.exactly(*language).is_none())
    }

    fn owner(&self) -> &str {
        self.names.of(self.article.owner)
    }

    fn review(&self) -> String {
        day_in_words(&self.page, self.article.review_on.as_deref())
    }

    const fn changed_at(&self) -> &Timestamp {
        &self.article.changed_at
    }

    fn is_draft(&self) -> bool {
        self.article.state == ArticleState::Draft
    }

    fn is_published(&self) -> bool {
        self.article.state == ArticleState::Published
    }

    fn is_archived(&self) -> bool {
        self.article.state == ArticleState::Archived
    }

    /// May the reader propose a change?
    fn may_suggest(&self) -> bool {
        !self.may_change && self.is_published() && self.page.can("work_cases")
    }

    fn proposer(&self, proposal: &Proposal) -> &str {
        self.names.of(Some(proposal.person))
    }

    /// The list of what has this tag.
    fn tagged(tag: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        format!("{}?{}", super::URL, query.append_pair("tag", tag).finish())
    }
}

/// An article.
#[utoipa::path(get, path = "/knowledge/{id}", tag = "knowledge", params(("id" = i64, Path), ReadQuery),
    responses((status = 200, body = ArticleView), (status = 404)))]
pub(super) async fn read(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<ReadQuery>,
) -> Result<Response> {
    actor.may(Right::ReadKnowledge)?;
    let mut tx = app.db.read().await?;
    let article = knowledge::article(&mut tx, &actor, id).await?;
    let names = Names::load(&mut tx).await?;
    let saved = knowledge::version(&mut tx, id, article.version).await?;
    let mut page = wants.page(&app, &actor, Area::Knowledge);
    cases::web::offer_undo(&mut page, &mut tx, &actor, app.now()).await?;
    let language = Language::from_code(&query.language).unwrap_or(page.language);
    let view = ArticleView {
        text: article.text(language).clone(),
        editor: names.of(saved.person).to_owned(),
        may_change: article.may_be_changed_by(&actor),
        is_due: article.is_due(knowledge::today(&app)),
        proposals: knowledge::proposals(&mut tx, &actor, id).await?,
        shelf: Shelf::load(&app, &mut tx, &actor, &article, language).await?,
        gaps: knowledge::gaps(&app, &mut tx, &actor).await?,
        page,
        article,
        names,
    };
    wants.answer(&view)
}

/// Whether an article helped.
#[derive(Deserialize, ToSchema)]
#[schema(as = ArticleFeedback)]
pub(super) struct FeedbackForm {
    /// `yes` or `no`
    helped: String,
}

/// Says whether an article helped. It is counted; who said it is kept nowhere.
#[utoipa::path(post, path = "/knowledge/{id}/feedback", tag = "knowledge", params(("id" = i64, Path)),
    request_body = FeedbackForm, responses((status = 200, body = Article), (status = 404), (status = 422)))]
pub(super) async fn feedback(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<FeedbackForm>,
) -> Result<Response> {
    actor.may(Right::ReadKnowledge)?;
    match form.helped.as_str() {
        "yes" => knowledge::helped(&app, &actor, id).await?,
        "no" => knowledge::did_not_help(&app, &actor, id).await?,
        _ => return Err(Error::invalid("helped", "error-field-malformed")),
    }
    let article = knowledge::article(&mut app.db.read().await?, &actor, id).await?;
    wants.done(&page_of(id), "knowledge-thanks", &article)
}

/// What an article becomes.
#[derive(Deserialize, ToSchema)]
#[schema(as = ArticleStateForm)]
pub(super) struct StateForm {
    /// `published` or `archived`
    state: String,
}

/// Publishes an article or puts it away.
#[utoipa::path(post, path = "/knowledge/{id}/state", tag = "knowledge", params(("id" = i64, Path)),
    request_body = StateForm, responses((status = 200, body = Article), (status = 404), (status = 422)))]
pub(super) async fn set_state(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<StateForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let word = match ArticleState::from_code(&form.state) {
        Some(ArticleState::Published) => {
            knowledge::publish(&app, &actor, id).await?;
            "knowledge-published"
        }
        Some(ArticleState::Archived) => {
            knowledge::archive(&app, &actor, id).await?;
            "knowledge-archived"
        }
        _ => return Err(Error::invalid("state", "error-field-malformed")),
    };
    let article = knowledge::article(&mut app.db.read().await?, &actor, id).await?;
    wants.done(&page_of(id), word, &article)
}
