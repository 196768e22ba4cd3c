//! What could come next while somebody types into the search box.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use searchbox::{Completion, Operator, Text, Value};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::hits::find;
use super::named;
use crate::platform::search::{Need, Request, Want, Wish};
use crate::platform::{Actor, App, Language, Query, Result, Right, Wants, Words};

/// Suggestions at a time.
const MOST: usize = 10;
/// Tags and insights of which they are chosen.
const LOOKED_AT: i64 = 50;

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
            let names = names(&app, &actor, &wants.words, operator, &begun).await?;
            let detail = wants.words.t(&format!("search-op-{}", operator.code())).into_owned();
            let own = words_of(operator, &begun, &names).into_iter();
            let own = own.map(|value| with(value.name(german).to_owned(), detail.clone(), " "));
            let theirs =
                |(name, detail): &(String, String)| with(typed_name(operator, name), detail.clone(), " ");
            own.chain(names.iter().map(theirs)).collect()
        }
        Completion::Nothing => Vec::new(),
    };
    items.truncate(MOST);
    Ok(Json(Suggestions { items, next: None }).into_response())
}

/// A name as it is typed. Within quotation marks no other ones can stand; its words are found without them.
fn typed_name(operator: Operator, name: &str) -> String {
    let plain = name.replace(searchbox::is_quote, " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let is_one = name == plain && !name.contains(char::is_whitespace);
    if is_one && operator.word(&language::fold(name)).is_none() { plain } else { format!("\"{plain}\"") }
}

/// Words that mean something of their own where a name is taken: nobody, none, and the states of every house unless
/// it has one of that name.
fn words_of(operator: Operator, begun: &str, names: &[(String, String)]) -> Vec<&'static Value> {
    let bases = if operator == Operator::State { Operator::Status.values() } else { &[] };
    let is_own =
        |base: &&Value| names.iter().any(|(name, _)| base.names.contains(&language::fold(name).as_str()));
    let begins = |value: &&Value| value.names.iter().any(|name| name.starts_with(begun));
    operator.words().iter().chain(bases.iter().filter(|base| !is_own(base))).filter(begins).collect()
}

/// Names that an operator takes, with what tells them apart; only those that the actor may see.
async fn names(
    app: &App,
    actor: &Actor,
    words: &Words,
    operator: Operator,
    begun: &str,
) -> Result<Vec<(String, String)>> {
    if operator.is_named() {
        let mut tx = app.db.read().await?;
        let mut found = named::like(&mut tx, actor, words, (operator, begun), LOOKED_AT).await?;
        found.retain(|one| one.current);
        return Ok(found.into_iter().map(|one| (one.name, one.detail)).collect());
    }
    if begun.len() < 2 {
        return Ok(Vec::new());
    }
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
