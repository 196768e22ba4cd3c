//! Search over everything, as a page and as what the command palette asks.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cases;
use crate::platform::search::{Hit, Hits, Request};
use crate::platform::{Actor, App, Area, Page, Query, Result, Right, Wants};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// Hits on one page of one kind, and in an answer to a program.
const LIMIT: usize = 20;
/// Hits of each kind while all kinds are shown.
const EACH: usize = 6;
/// Nobody turns more pages; words narrow better.
const DEEPEST: usize = 2_000;

#[derive(Deserialize, IntoParams)]
struct SearchQuery {
    /// Words that must all be there, the last one may be unfinished; "a phrase"; a number.
    #[serde(default)]
    q: String,
    /// `case`, `customer` or `insight`
    kind: Option<String>,
    /// At most 200.
    limit: Option<usize>,
    cursor: Option<String>,
}

/// A hit.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchItem)]
struct Item {
    kind: String,
    title: String,
    detail: String,
    url: String,
    /// HTML: escaped text with found words in `<mark>`.
    snippet: String,
}

impl From<Hit> for Item {
    fn from(hit: Hit) -> Self {
        Self { kind: hit.kind, title: hit.title, detail: hit.detail, url: hit.url, snippet: hit.snippet }
    }
}

impl Item {
    fn icon(&self) -> &'static str {
        match self.kind.as_str() {
            "case" => "mail",
            "customer" => "people",
            "insight" => "bulb",
            _ => "search",
        }
    }
}

/// Hits of one kind.
struct Group {
    kind: String,
    total: usize,
    items: Vec<Item>,
}

impl Group {
    fn word(&self) -> String {
        format!("search-kind-{}", self.kind)
    }

    fn has_more(&self) -> bool {
        self.items.len() < self.total
    }
}

/// What was found, for programs.
#[derive(Serialize, ToSchema)]
struct SearchList {
    items: Vec<Item>,
    next: Option<String>,
    /// How many there are in all.
    total: usize,
    /// Found only with typing errors in mind.
    fuzzy: bool,
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
    groups: Vec<Group>,
    #[serde(skip)]
    fuzzy: bool,
    #[serde(skip)]
    ready: bool,
    #[serde(skip)]
    next: Option<String>,
}

impl SearchView {
    /// The address of these words among one kind.
    fn link(&self, kind: &str, cursor: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &self.typed);
        for (name, value) in [("kind", kind), ("cursor", cursor)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/search?{}", query.finish())
    }

    /// The next page of the kind that is shown.
    fn more(&self) -> Option<String> {
        Some(self.link(self.kind.as_ref()?, self.next.as_ref()?))
    }
}

/// Finds cases, customers and insights that the reader may see.
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
    let typed: String = query.q.trim().chars().take(200).collect();
    let kind = query.kind.clone().filter(|kind| !kind.is_empty());
    if wants.json {
        let (list, _) = list(&app, &actor, &query, &typed, kind).await?;
        return Ok(Json(list).into_response());
    }
    if let Some(number) = whole_number(&app, &actor, &typed).await? {
        return Ok(wants.go(&format!("/cases/{number}")));
    }
    let page = wants.page(&app, &actor, Area::Search);
    let mut view =
        SearchView { page, typed, kind, groups: Vec::new(), fuzzy: false, ready: true, next: None };
    match view.kind.clone() {
        Some(kind) => {
            let (list, ready) = list(&app, &actor, &query, &view.typed, Some(kind.clone())).await?;
            view.ready = ready;
            view.fuzzy = list.fuzzy;
            view.next = list.next;
            view.groups.push(Group { kind, total: list.total, items: list.items });
        }
        None => overview(&app, &actor, &mut view).await?,
    }
    view.groups.retain(|group| !group.items.is_empty());
    wants.answer(&view)
}

/// One list, best first: what programs and the palette get, and one kind's own page. False: not open yet.
async fn list(
    app: &App,
    actor: &Actor,
    query: &SearchQuery,
    typed: &str,
    kind: Option<String>,
) -> Result<(SearchList, bool)> {
    let offset = query.cursor.as_deref().and_then(|cursor| cursor.parse().ok()).unwrap_or(0).min(DEEPEST);
    let limit = query.limit.unwrap_or(LIMIT).clamp(1, 200);
    let cases_too = kind.as_ref().is_none_or(|kind| kind == "case");
    let request = Request { text: typed.to_owned(), kind, limit, offset };
    let found = find(app, actor, request).await?;
    let ready = found.is_some();
    let hits = found.unwrap_or_default();
    let end = offset + hits.items.len();
    let next = (end < hits.total.min(DEEPEST)).then(|| end.to_string());
    let mut items: Vec<Item> = hits.items.into_iter().map(Item::from).collect();
    if offset == 0 && cases_too {
        jump(app, actor, typed, &mut items).await?;
    }
    let total = hits.total.max(items.len());
    Ok((SearchList { items, next, total, fuzzy: hits.fuzzy }, ready))
}

/// The best of each kind.
async fn overview(app: &App, actor: &Actor, view: &mut SearchView) -> Result<()> {
    for source in crate::search_sources() {
        let kind = source.kind.to_owned();
        let request = Request { text: view.typed.clone(), kind: Some(kind.clone()), limit: EACH, offset: 0 };
        let found = find(app, actor, request).await?;
        view.ready &= found.is_some();
        let hits = found.unwrap_or_default();
        let mut items: Vec<Item> = hits.items.into_iter().map(Item::from).collect();
        if kind == "case" {
            jump(app, actor, &view.typed, &mut items).await?;
        }
        view.fuzzy |= hits.fuzzy && !items.is_empty();
        view.groups.push(Group { kind, total: hits.total.max(items.len()), items });
    }
    Ok(())
}

async fn find(app: &App, actor: &Actor, request: Request) -> Result<Option<Hits>> {
    app.search().find(app, &crate::search_sources(), actor, request).await
}

/// Who enters nothing but the number of a case wants to go there.
async fn whole_number(app: &App, actor: &Actor, typed: &str) -> Result<Option<String>> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let whole = typed.split_once('-').is_some_and(|(year, rest)| is_number(year) && is_number(rest));
    if !whole || !actor.can(Right::ReadCases) {
        return Ok(None);
    }
    let case = cases::find_number(&mut app.db.read().await?, typed).await?;
    Ok(case.map(|case| case.number))
}

/// A case's whole number leads to it even before the index knows it.
async fn jump(app: &App, actor: &Actor, typed: &str, items: &mut Vec<Item>) -> Result<()> {
    let like_number = typed.len() < 20 && typed.contains(|c: char| c.is_ascii_digit());
    if !like_number || !actor.can(Right::ReadCases) {
        return Ok(());
    }
    let mut tx = app.db.read().await?;
    let Some(case) = cases::find_number(&mut tx, typed).await? else { return Ok(()) };
    if cases::sight::check(&mut tx, actor, &case).await.is_err() || case.bin.is_some() {
        return Ok(());
    }
    let url = format!("/cases/{}", case.number);
    if items.iter().all(|item| item.url != url) {
        let (title, detail) = (case.subject, case.number);
        items.insert(0, Item { kind: "case".into(), title, detail, url, snippet: String::new() });
    }
    Ok(())
}
