//! Search over everything, as a page and as what the command palette asks.

mod export;
mod hits;
mod named;
mod resolve;
mod state;
mod suggest;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use searchbox::Operator;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::hits::{add_kinds, find, lead_to, list};
use crate::platform::search::{Hit, Request, Wish};
use crate::platform::{Actor, App, Area, Language, Page, Query, Result, Right, Timestamp, Wants};
use resolve::Understood;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(export::found))
        .routes(routes!(suggest::suggestions))
        .routes(routes!(state::search_state))
}

/// Hits on one page of one kind, and in an answer to a program.
const LIMIT: usize = 20;
/// Nobody turns more pages; words narrow better.
const DEEPEST: usize = 2_000;
/// Characters that are read of what was typed.
const TYPED: usize = 400;

#[derive(Deserialize, IntoParams)]
struct SearchQuery {
    /// Words that must all be there, the last one may be unfinished; `"a phrase"`; a number; `-not`; `one OR other`;
    /// `begin*`. Operators, in German or English: `von:` `an:` `betreff:` `kunde:` `datei:` (`from:` `to:` `subject:`
    /// `customer:` `file:`), `eingang:` `bearbeiter:` (`queue:` `owner:`, also `me`, `none`), `status:open|waiting|closed`,
    /// `schlagwort:` `art:` `zustand:` (`tag:` `kind:` `state:`, by the names of the house, also `none`; a state also
    /// `open|waiting|closed`), `erkenntnis:` (`insight:` with a number or words of the title, also `none`), `station:` `abteilung:`
    /// `erwähnt:` (`department:` `mentioned:`, who was called in by a note: a name or `me`),
    /// `kanal:` (`channel:email|phone|letter|chat|form|social|visit|api`), `priority:low|normal|high`,
    /// `ist:` (`is:open|overdue|unassigned|mine|waiting|closed|complaint|suspicious|private`),
    /// `hat:` (`has:attachment|note|finding`), and for when something was said `vor:` `nach:` `seit:` `bis:` `am:`
    /// (`before:` `after:` `since:` `until:` `on:`) with `2026-11-01`, `1.11.`, `2026-11`, `gestern`, `7d`.
    #[serde(default)]
    q: String,
    /// `case`, `customer`, `insight` or `article`
    kind: Option<String>,
    /// `newest` instead of best first.
    sort: Option<String>,
    /// At most 200.
    limit: Option<usize>,
    cursor: Option<String>,
}

impl SearchQuery {
    fn wish(&self, kind: Option<String>) -> Wish {
        let offset = self.cursor.as_deref().and_then(|cursor| cursor.parse().ok()).unwrap_or(0).min(DEEPEST);
        Wish { kind, limit: self.limit.unwrap_or(LIMIT).clamp(1, 200), offset }
    }

    fn request(&self, understood: &Understood) -> Request {
        Request { newest: self.sort.as_deref() == Some("newest"), ..understood.request.clone() }
    }
}

/// Where in a hit the words stand.
#[derive(Serialize, ToSchema)]
struct FoundIn {
    /// Who said it, or what the file is called.
    name: String,
    at: Timestamp,
    file: bool,
}

/// A hit.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchItem)]
struct Item {
    kind: String,
    title: String,
    detail: String,
    /// The page, at the place where the words stand.
    url: String,
    /// HTML: escaped text with found words in `<mark>`.
    snippet: String,
    found_in: Option<FoundIn>,
    updated: Option<Timestamp>,
}

impl From<Hit> for Item {
    fn from(hit: Hit) -> Self {
        let anchor = hit.piece.as_ref().map_or("", |piece| piece.anchor.as_str());
        Self {
            url: format!("{}{anchor}", hit.url),
            kind: hit.kind,
            title: hit.title,
            detail: hit.detail,
            snippet: hit.snippet,
            found_in: hit.piece.map(|piece| FoundIn { name: piece.name, at: piece.at, file: piece.is_file }),
            updated: Some(hit.updated),
        }
    }
}

impl Item {
    fn icon(&self) -> &'static str {
        match self.kind.as_str() {
            "case" => "mail",
            "customer" => "people",
            "insight" => "bulb",
            "article" => "book",
            _ => "search",
        }
    }
}

/// Hits of one kind.
struct Group {
    kind: String,
    total: usize,
    /// There are more than `total`.
    more: bool,
    items: Vec<Item>,
    /// The first of them is called what was looked for.
    named: bool,
}

impl Group {
    fn word(&self) -> String {
        format!("search-kind-{}", self.kind)
    }

    fn has_more(&self) -> bool {
        self.items.len() < self.total
    }

    fn counted(&self, page: &Page) -> String {
        format!("{}{}", page.number(self.total), if self.more { "+" } else { "" })
    }
}

/// What was found, for programs.
#[derive(Serialize, ToSchema)]
struct SearchList {
    items: Vec<Item>,
    next: Option<String>,
    /// How many there are in all, at most 1,000.
    total: usize,
    /// There are more than that.
    more: bool,
    /// Found only with typing errors in mind.
    fuzzy: bool,
    /// What was probably meant, if nothing was found as it was typed.
    instead: Option<String>,
    /// What was not understood and searched as words.
    notes: Vec<String>,
    /// The one case whose number was typed.
    jump: Option<String>,
}

/// A part of what was typed, as it was understood.
struct Chip {
    label: String,
    /// The search without it.
    without: String,
}

#[derive(Template, Serialize)]
#[template(path = "screens/views/search.html")]
struct SearchView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    typed: String,
    #[serde(skip)]
    kind: Option<String>,
    #[serde(skip)]
    newest: bool,
    #[serde(skip)]
    chips: Vec<Chip>,
    #[serde(skip)]
    notes: Vec<String>,
    #[serde(skip)]
    instead: Option<String>,
    #[serde(skip)]
    groups: Vec<Group>,
    #[serde(skip)]
    fuzzy: bool,
    #[serde(skip)]
    ready: bool,
    #[serde(skip)]
    next: Option<String>,
}

impl SearchView {
    /// The address of other words, with kind and order as they are.
    fn words(&self, typed: &str) -> String {
        self.address(typed, self.kind.as_deref().unwrap_or_default(), self.newest, "")
    }

    /// The address of these words among one kind.
    fn link(&self, kind: &str, cursor: &str) -> String {
        self.address(&self.typed, kind, self.newest, cursor)
    }

    /// The address of these words in another order.
    fn sorted(&self, newest: bool) -> String {
        self.address(&self.typed, self.kind.as_deref().unwrap_or_default(), newest, "")
    }

    #[expect(clippy::unused_self, reason = "read as the links above")]
    fn address(&self, typed: &str, kind: &str, newest: bool, cursor: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", typed);
        for (name, value) in
            [("kind", kind), ("sort", if newest { "newest" } else { "" }), ("cursor", cursor)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/search?{}", query.finish())
    }

    /// Where all of one kind is had as a file; `format=…` goes behind it.
    fn export(&self, kind: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &self.typed).append_pair("kind", kind);
        if self.newest {
            query.append_pair("sort", "newest");
        }
        format!("/search/export?{}&", query.finish())
    }

    /// The next page of the kind that is shown.
    fn more(&self) -> Option<String> {
        Some(self.link(self.kind.as_ref()?, self.next.as_ref()?))
    }

    fn total(&self) -> usize {
        self.groups.iter().map(|group| group.total).sum()
    }

    fn counted(&self) -> String {
        let more = self.groups.iter().any(|group| group.more);
        format!("{}{}", self.page.number(self.total()), if more { "+" } else { "" })
    }

    /// The groups whose hits are shown; first those that are called what was looked for.
    fn shown(&self) -> Vec<&Group> {
        let kind = self.kind.as_deref();
        let is_shown = |group: &&Group| !group.items.is_empty() && kind.is_none_or(|kind| kind == group.kind);
        let mut shown: Vec<&Group> = self.groups.iter().filter(is_shown).collect();
        shown.sort_by_key(|group| !group.named);
        shown
    }

    fn is_kind(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }

    /// The operators, with what they are called and take, for the help.
    fn operators(&self) -> Vec<(String, String)> {
        let german = self.page.language == Language::De;
        let said = |operator: Operator| {
            let values: Vec<&str> = operator.values().iter().map(|value| value.name(german)).collect();
            let text = self.page.t(&format!("search-op-{}", operator.code()));
            let text =
                if values.is_empty() { text.into_owned() } else { format!("{text}: {}", values.join(", ")) };
            (format!("{}:", operator.name(german)), text)
        };
        Operator::ALL.into_iter().map(said).collect()
    }
}

/// Finds cases, customers, insights and articles that the reader may see.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = SearchList)))]
async fn search(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<SearchQuery>,
) -> Result<Response> {
    // The query itself knows what its reader may find; somebody without any right finds nothing.
    actor.may(Right::OwnAccount)?;
    let typed: String = query.q.trim().chars().take(TYPED).collect();
    let kind = query.kind.clone().filter(|kind| !kind.is_empty());
    let newest = query.sort.as_deref() == Some("newest");
    let understood = resolve::understand(&app, &actor, &wants.words, &typed).await?;
    if wants.json {
        let wish = query.wish(kind);
        let found = find(&app, &actor, query.request(&understood), vec![wish.clone()]).await?;
        let hits = found.and_then(|mut found| found.pop()).unwrap_or_default();
        return Ok(Json(list(&app, &actor, &wish, &understood, hits).await?).into_response());
    }
    // Who enters nothing but the number of a case wants to go there.
    if let Some(url) = lead_to(&app, &actor, &typed, &mut Vec::new()).await? {
        return Ok(wants.go(&url));
    }
    let page = wants.page(&app, &actor, Area::Search);
    let chips = understood.chips(page.language == Language::De, &page);
    let mut view = SearchView {
        page,
        typed,
        kind,
        newest,
        chips,
        notes: understood.notes.clone(),
        instead: None,
        groups: Vec::new(),
        fuzzy: false,
        ready: true,
        next: None,
    };
    add_kinds(&app, &actor, &query, &understood, &mut view).await?;
    wants.answer(&view)
}
