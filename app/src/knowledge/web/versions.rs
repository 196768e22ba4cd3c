//! What an article was: its versions, two of them compared, one brought back.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::edit::lines_of;
use super::{Names, day_in_words, page_of};
use crate::knowledge;
use crate::knowledge::{Article, ArticleVersion, Change, Content, Line};
use crate::platform::parts;
use crate::platform::{Actor, App, Area, Id, Input, Language, Page, Query, Result, Right, Tx, Wants, Words};

/// Versions on one page.
const LINES: i64 = 50;

#[derive(Deserialize, IntoParams)]
pub(super) struct VersionsQuery {
    /// The versions that are compared; otherwise the newest with the one before.
    from: Option<i64>,
    to: Option<i64>,
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<i64>,
}

/// Two versions beside each other.
#[derive(Serialize, ToSchema)]
#[schema(as = ArticleComparison)]
struct Compared {
    from: i64,
    to: i64,
    parts: Vec<Part>,
}

/// What changed in one language, or about the article.
#[derive(Serialize, ToSchema)]
#[schema(as = ArticleComparisonPart)]
pub(super) struct Part {
    /// None: of what is no text.
    pub(super) language: Option<Language>,
    pub(super) lines: Vec<Line>,
}

impl Part {
    fn is_changed(&self) -> bool {
        self.lines.iter().any(|line| line.change != Change::Same)
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "knowledge/views/versions.html")]
struct ArticleVersionsView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    article: Article,
    items: Vec<ArticleVersion>,
    next: Option<String>,
    compared: Option<Compared>,
    #[serde(skip)]
    names: Names,
    #[serde(skip)]
    may_change: bool,
}

impl ArticleVersionsView {
    fn title(&self) -> &str {
        &self.article.text(self.page.language).title
    }

    fn editor(&self, version: &ArticleVersion) -> &str {
        self.names.of(version.person)
    }

    fn is_current(&self, version: &ArticleVersion) -> bool {
        version.version == self.article.version
    }

    fn is_from(&self, version: &ArticleVersion) -> bool {
        self.compared.as_ref().is_some_and(|compared| compared.from == version.version)
    }

    fn is_to(&self, version: &ArticleVersion) -> bool {
        self.compared.as_ref().is_some_and(|compared| compared.to == version.version)
    }

    fn more(&self) -> Option<String> {
        Some(format!("{}/versions?cursor={}", page_of(self.article.id), self.next.as_ref()?))
    }
}

/// The versions of an article, the newest first, and two of them compared.
#[utoipa::path(get, path = "/knowledge/{id}/versions", tag = "knowledge",
    params(("id" = i64, Path), VersionsQuery),
    responses((status = 200, body = ArticleVersionsView), (status = 404)))]
pub(super) async fn versions(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<VersionsQuery>,
) -> Result<Response> {
    actor.may(Right::ReadKnowledge)?;
    let mut tx = app.db.read().await?;
    let article = knowledge::article(&mut tx, &actor, id).await?;
    let names = Names::load(&mut tx).await?;
    let limit = parts::limit(query.limit, LINES);
    let below = query.cursor.unwrap_or(i64::MAX);
    let items = knowledge::versions(&mut tx, id, below, limit + 1).await?;
    let (items, next) = parts::cut(items, limit, |last| last.version.to_string());
    let to = query.to.unwrap_or(article.version);
    let from = query.from.unwrap_or(to - 1);
    let compared = if (query.from, query.to) == (None, None) && from < 1 {
        None
    } else {
        Some(compare(&mut tx, &wants.words, &names, id, (from, to)).await?)
    };
    let view = ArticleVersionsView {
        page: wants.page(&app, &actor, Area::Knowledge),
        may_change: article.may_be_changed_by(&actor),
        article,
        items,
        next,
        compared,
        names,
    };
    wants.answer(&view)
}

async fn compare(
    tx: &mut Tx,
    words: &Words,
    names: &Names,
    article: i64,
    (from, to): (i64, i64),
) -> Result<Compared> {
    let before = knowledge::version(tx, article, from).await?.content;
    let after = knowledge::version(tx, article, to).await?.content;
    Ok(Compared { from, to, parts: parts_of(words, names, &before, &after) })
}

/// What is another in `after`, part by part.
pub(super) fn parts_of(words: &Words, names: &Names, before: &Content, after: &Content) -> Vec<Part> {
    let text = |content: &Content, language: Language| {
        content.exactly(language).map(|text| lines_of(&text.title, &text.body)).unwrap_or_default()
    };
    let mut parts: Vec<Part> = Vec::new();
    for language in Language::ALL.iter().copied() {
        let lines = knowledge::compare(&text(before, language), &text(after, language));
        parts.push(Part { language: Some(language), lines });
    }
    let lines = knowledge::compare(&about(words, names, before), &about(words, names, after));
    parts.push(Part { language: None, lines });
    parts.retain(Part::is_changed);
    parts
}

/// What is known of an article beside its texts, line by line.
fn about(words: &Words, names: &Names, content: &Content) -> String {
    let known = [
        ("knowledge-tags", content.tags.join(", ")),
        ("knowledge-owner", names.of(content.owner).to_owned()),
        ("knowledge-review", day_in_words(words, content.review_on.as_deref())),
    ];
    let lines = known.iter().filter(|(_, value)| !value.is_empty());
    lines.map(|(key, value)| format!("{}: {value}\n", words.t(key))).collect::<Vec<_>>().concat()
}

/// The version that is brought back.
#[derive(Deserialize, ToSchema)]
#[schema(as = ArticleVersionForm)]
pub(super) struct VersionForm {
    version: i64,
}

/// Lets an article say again what it said in a version; that is its next version.
#[utoipa::path(post, path = "/knowledge/{id}/version", tag = "knowledge", params(("id" = i64, Path)),
    request_body = VersionForm, responses((status = 200, body = Article), (status = 404)))]
pub(super) async fn restore(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<VersionForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    knowledge::restore(&app, &actor, id, form.version).await?;
    let article = knowledge::article(&mut app.db.read().await?, &actor, id).await?;
    wants.done(&page_of(id), "knowledge-restored", &article)
}
