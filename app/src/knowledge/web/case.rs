//! Articles for an answer: those that fit a case, and those that fit what is typed.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page_of;
use crate::cases;
use crate::customers;
use crate::knowledge;
use crate::knowledge::{Article, ArticleState, Wanted};
use crate::platform::{Actor, App, Id, Language, Query, Result, Right};

/// Proposals while somebody types.
const MOST: usize = 12;
/// Articles that are offered before anything is typed.
const NEAR: usize = 3;
/// Characters of how a text begins.
const GLIMPSE: usize = 120;

#[derive(Deserialize, IntoParams)]
pub(super) struct OfferQuery {
    /// What was typed; empty: articles that fit the case.
    #[serde(default)]
    q: String,
}

/// An article ready to be inserted into an answer.
#[derive(Serialize, ToSchema)]
#[schema(as = ArticleOffered)]
struct Offered {
    id: i64,
    title: String,
    /// How it begins, as text.
    begins: String,
    html: String,
    url: String,
    language: Language,
    /// There is none in the customer's language.
    other_language: bool,
}

impl Offered {
    fn of(article: &Article, wanted: Language) -> Self {
        let text = article.text(wanted);
        let plain = knowledge::plain(&text.body).replace('\n', " ");
        Self {
            id: article.id,
            title: text.title.clone(),
            begins: plain.chars().take(GLIMPSE).collect(),
            html: text.body.clone(),
            url: format!("{}?language={}", page_of(article.id), text.language),
            language: text.language,
            other_language: text.language != wanted,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = ArticlesOffered)]
struct AllOffered {
    items: Vec<Offered>,
}

/// Published articles for an answer in a case, in its customer's language if there is a text in it.
#[utoipa::path(get, path = "/cases/{number}/articles", tag = "knowledge",
    params(("number" = String, Path), OfferQuery),
    responses((status = 200, body = AllOffered), (status = 404)))]
pub(super) async fn offered(
    actor: Actor,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<OfferQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.read().await?;
    let case = cases::by_number(&mut tx, &number).await?;
    let language = customers::customer(&mut tx, case.customer).await?.language;
    drop(tx);
    let typed = query.q.trim();
    let mut articles = if typed.is_empty() {
        knowledge::suggestions(&app, &actor, &case, NEAR).await?
    } else {
        let wanted = Wanted { words: typed.to_owned(), ..Wanted::default() };
        let found = knowledge::find(&app, &actor, &wanted, 0, MOST).await?;
        found.map(|found| found.items).unwrap_or_default()
    };
    articles.retain(|article| article.state == ArticleState::Published);
    let items = articles.iter().map(|article| Offered::of(article, language)).collect();
    Ok(Json(AllOffered { items }).into_response())
}
