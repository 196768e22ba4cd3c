//! What could come next while somebody types into the search box.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use searchbox::{Completion, Operator, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::find;
use crate::people;
use crate::platform::search::{Need, Request, Want, Wish};
use crate::platform::{Actor, App, Language, Query, Result, Right, Wants};

/// Suggestions at a time.
const MOST: usize = 8;

#[derive(Deserialize, IntoParams)]
pub struct SuggestQuery {
    /// What was typed so far.
    #[serde(default)]
    q: String,
}

/// What could be typed.
#[derive(Serialize, ToSchema)]
#[schema(as = SearchSuggestion)]
struct Suggestion {
    /// The whole text with it.
    text: String,
    /// What is added.
    label: String,
    /// What it means.
    detail: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SearchSuggestions)]
struct Suggestions {
    items: Vec<Suggestion>,
    next: Option<String>,
}

/// What could come next in a search: operators, their values, names.
#[utoipa::path(get, path = "/search/suggestions", tag = "search", params(SuggestQuery),
    responses((status = 200, body = Suggestions)))]
pub async fn suggestions(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<SuggestQuery>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let typed: String = query.q.chars().take(super::TYPED).collect();
    let german = wants.words.language == Language::De;
    let (start, completion) = searchbox::complete(&typed);
    let with = |label: String, detail: String, end: &str| Suggestion {
        text: format!("{}{label}{end}", &typed[..start]),
        label,
        detail,
    };
    let mut items: Vec<Suggestion> = match completion {
        Completion::Operators(found) => {
            let one = |operator: &Operator| {
                let detail = wants.words.t(&format!("search-op-{}", operator.code())).into_owned();
                with(format!("{}:", operator.name(german)), detail, "")
            };
            found.iter().map(one).collect()
        }
        Completion::Values(operator, values) => {
            let detail = wants.words.t(&format!("search-op-{}", operator.code())).into_owned();
            values.iter().map(|value| with(value.name(german).to_owned(), detail.clone(), " ")).collect()
        }
        Completion::Name(operator, begun) => {
            let names = names(&app, &actor, operator, &begun).await?;
            names.into_iter().map(|(name, detail)| with(quoted(&name), detail, " ")).collect()
        }
        Completion::Nothing => Vec::new(),
    };
    items.truncate(MOST);
    Ok(Json(Suggestions { items, next: None }).into_response())
}

fn quoted(name: &str) -> String {
    if name.contains(char::is_whitespace) { format!("\"{name}\"") } else { name.to_owned() }
}

/// Names that an operator takes, with what tells them apart; only those that the actor may see.
async fn names(app: &App, actor: &Actor, operator: Operator, begun: &str) -> Result<Vec<(String, String)>> {
    let fits = |name: &String| language::fold(name).contains(begun);
    match operator {
        Operator::Queue | Operator::Owner if !actor.can(Right::ReadCases) => Ok(Vec::new()),
        Operator::Queue => {
            let mut queues = people::queues(&mut app.db.read().await?).await?;
            queues.retain(|queue| actor.sight.seen.contains(&queue.id));
            Ok(queues
                .into_iter()
                .map(|queue| queue.name)
                .filter(fits)
                .map(|name| (name, String::new()))
                .collect())
        }
        Operator::Owner => {
            let people = people::all(&mut app.db.read().await?).await?;
            let names =
                people.into_iter().filter(|person| person.active).map(|person| person.name).filter(fits);
            Ok(names.map(|name| (name, String::new())).collect())
        }
        _ if begun.len() < 2 => Ok(Vec::new()),
        _ => {
            let text = Text { text: begun.to_owned(), exact: false, wild: true };
            let request = Request {
                parts: vec![vec![Need { not: false, want: Want::In(Operator::Customer, text) }]],
                ..Request::default()
            };
            let wish = Wish { kind: Some("customer".into()), limit: MOST, offset: 0 };
            let found = find(app, actor, request, vec![wish]).await?.unwrap_or_default();
            let hits = found.into_iter().flat_map(|hits| hits.items);
            Ok(hits.map(|hit| (hit.title, hit.detail)).collect())
        }
    }
}
