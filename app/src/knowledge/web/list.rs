//! The list of articles, and the same for programs.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Names, URL, day_in_words};
use crate::cases;
use crate::knowledge;
use crate::knowledge::{Article, ArticleState, ArticleText, Asked, Gap, Show, Wanted};
use crate::platform::parts;
use crate::platform::{Actor, App, Area, Language, Page, Query, Result, Right, Wants};

/// Articles on one page.
const LINES: i64 = 50;
/// Nobody turns more pages of a search; words narrow better.
const DEEPEST: usize = 2_000;

#[derive(Deserialize, IntoParams)]
pub(super) struct ListQuery {
    /// Words that must all be there, the last one may be unfinished; what fits best comes first.
    #[serde(default)]
    q: String,
    /// `published`, `due`, `proposed`, `drafts` or `archived`; words are looked for among all that can be found.
    #[serde(default)]
    show: String,
    /// `de` or `en`: only articles that say something in this language.
    #[serde(default)]
    language: String,
    /// Only articles with this tag.
    #[serde(default)]
    tag: String,
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<String>,
}

impl ListQuery {
    fn show(&self) -> Show {
        Show::from_code(&self.show).unwrap_or(Show::Published)
    }

    fn asked(&self) -> Asked {
        let tag = self.tag.trim().to_owned();
        Asked { language: Language::from_code(&self.language), tag, ..Asked::new(self.show()) }
    }

    fn wanted(&self) -> Wanted {
        let Asked { language, tag, .. } = self.asked();
        Wanted { words: self.q.trim().to_owned(), language, tag }
    }

    /// Nothing but words, and the beginning of what they find.
    fn is_plain_search(&self) -> bool {
        let narrowed = [&self.language, &self.tag].iter().any(|text| !text.trim().is_empty());
        !self.q.trim().is_empty() && !narrowed && self.cursor.is_none()
    }
}

/// A part of a list.
#[derive(Default)]
struct Part {
    items: Vec<Article>,
    next: Option<String>,
    /// The search cannot answer yet.
    waits: bool,
}

async fn part(app: &App, actor: &Actor, query: &ListQuery) -> Result<Part> {
    let limit = parts::limit(query.limit, LINES);
    let cursor = query.cursor.as_deref();
    if query.q.trim().is_empty() {
        let mut tx = app.db.read().await?;
        let before = cursor.and_then(parts::read_cursor);
        let items = knowledge::list(app, &mut tx, actor, &query.asked(), before, limit + 1).await?;
        let (items, next) = parts::cut(items, limit, |last| parts::cursor(last.changed_at, last.id));
        return Ok(Part { items, next, waits: false });
    }
    let offset = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0).min(DEEPEST);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let Some(found) = knowledge::find(app, actor, &query.wanted(), offset, limit).await? else {
        return Ok(Part { waits: true, ..Part::default() });
    };
    Ok(Part { items: found.items, next: found.next.map(|next| next.to_string()), waits: false })
}

/// Articles, for programs.
#[derive(Serialize, ToSchema)]
struct ArticleList {
    items: Vec<Article>,
    next: Option<String>,
}

/// Articles that the reader may know of: what was changed last first, or what fits the words best.
#[utoipa::path(get, path = "/articles", tag = "knowledge", params(ListQuery),
    responses((status = 200, body = ArticleList)))]
pub(super) async fn articles(
    actor: Actor,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    actor.may(Right::ReadKnowledge)?;
    let part = part(&app, &actor, &query).await?;
    Ok(Json(ArticleList { items: part.items, next: part.next }).into_response())
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "knowledge/views/list.html")]
struct KnowledgeView {
    #[serde(skip)]
    page: Page,
    items: Vec<Article>,
    next: Option<String>,
    #[serde(skip)]
    query: Shown,
    #[serde(skip)]
    tags: Vec<(String, i64)>,
    /// How many are due for review, and how many drafts and proposed changes there are.
    #[serde(skip)]
    counts: Counts,
    /// What was searched in vain.
    gaps: Vec<Gap>,
    #[serde(skip)]
    names: Names,
    #[serde(skip)]
    waits: bool,
    /// There is any article at all.
    #[serde(skip)]
    any: bool,
    #[serde(skip)]
    today: Date,
}

/// What the list was asked for.
struct Shown {
    words: String,
    show: Show,
    language: String,
    tag: String,
}

struct Counts {
    due: i64,
    drafts: i64,
    proposed: i64,
}

impl KnowledgeView {
    /// The same list of other articles.
    fn showing(&self, show: &str) -> String {
        self.address(show, "")
    }

    fn more(&self) -> Option<String> {
        Some(self.address(self.query.show.code(), self.next.as_ref()?))
    }

    fn address(&self, show: &str, cursor: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let Shown { words, language, tag, .. } = &self.query;
        for (name, value) in [
            ("q", words.as_str()),
            ("show", show),
            ("language", language.as_str()),
            ("tag", tag.as_str()),
            ("cursor", cursor),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{URL}?{}", query.finish())
    }

    fn is_shown(&self, show: &str) -> bool {
        self.query.words.is_empty() && self.query.show.code() == show
    }

    fn is_language(&self, code: &str) -> bool {
        self.query.language == code
    }

    fn is_tag(&self, tag: &str) -> bool {
        knowledge::same_tag(&self.query.tag, tag)
    }

    const fn is_narrowed(&self) -> bool {
        !self.query.words.is_empty() || !self.query.language.is_empty() || !self.query.tag.is_empty()
    }

    fn text<'a>(&self, article: &'a Article) -> &'a ArticleText {
        let wanted = Language::from_code(&self.query.language);
        article.text(wanted.unwrap_or(self.page.language))
    }

    fn owner(&self, article: &Article) -> &str {
        self.names.of(article.owner)
    }

    fn review(&self, article: &Article) -> String {
        day_in_words(&self.page, article.review_on.as_deref())
    }

    fn is_due(&self, article: &Article) -> bool {
        article.is_due(self.today)
    }

    fn is_published(&self) -> bool {
        self.query.show == Show::Published
    }
}

/// Articles of the house.
#[utoipa::path(get, path = "/knowledge", tag = "knowledge", params(ListQuery),
    responses((status = 200, body = KnowledgeView)))]
pub(super) async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    actor.may(Right::ReadKnowledge)?;
    let part = part(&app, &actor, &query).await?;
    if part.items.is_empty() && query.is_plain_search() && !wants.json {
        knowledge::missed(&app, &actor, &query.q).await?;
    }
    let mut tx = app.db.read().await?;
    let counts = Counts {
        due: knowledge::count(&app, &mut tx, &actor, &Asked::new(Show::Due)).await?,
        drafts: knowledge::count(&app, &mut tx, &actor, &Asked::new(Show::Drafts)).await?,
        proposed: knowledge::count(&app, &mut tx, &actor, &Asked::new(Show::Proposed)).await?,
    };
    let mut page = wants.page(&app, &actor, Area::Knowledge);
    cases::web::offer_undo(&mut page, &mut tx, &actor, app.now()).await?;
    let view = KnowledgeView {
        page,
        tags: knowledge::known_tags(&mut tx).await?,
        counts,
        gaps: knowledge::gaps(&app, &mut tx, &actor).await?,
        names: Names::load(&mut tx).await?,
        any: knowledge::any(&mut tx).await?,
        today: knowledge::today(&app),
        items: part.items,
        next: part.next,
        waits: part.waits,
        query: Shown {
            show: query.show(),
            words: query.q.trim().to_owned(),
            language: query.language,
            tag: query.tag.trim().to_owned(),
        },
    };
    wants.answer(&view)
}
