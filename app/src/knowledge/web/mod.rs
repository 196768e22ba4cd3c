//! Pages of articles, what a case asks of them, and what programs get.

mod case;
mod edit;
mod form;
mod gaps;
mod list;
mod proposals;
mod read;
mod shelf;
mod versions;

use std::collections::HashMap;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::people;
use crate::platform::web::day;
use crate::platform::{App, PersonId, Result, Tx, Words};

const URL: &str = "/knowledge";

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, edit::propose))
        .routes(routes!(list::articles))
        .routes(routes!(edit::blank))
        .routes(routes!(gaps::page, gaps::missed))
        .routes(routes!(gaps::forget))
        .routes(routes!(read::read, edit::change))
        .routes(routes!(read::article))
        .routes(routes!(read::feedback))
        .routes(routes!(read::set_state))
        .routes(routes!(edit::edit))
        .routes(routes!(versions::versions))
        .routes(routes!(versions::restore))
        .routes(routes!(proposals::suggest))
        .routes(routes!(proposals::read))
        .routes(routes!(proposals::decide))
        .routes(routes!(proposals::withdraw))
        .routes(routes!(case::offered))
}

/// The page of an article.
fn page_of(article: i64) -> String {
    format!("{URL}/{article}")
}

/// Where somebody writes about what was searched in vain.
fn begin(words: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("{URL}/new?{}", query.append_pair("title", words).finish())
}

/// What people are called.
struct Names(HashMap<PersonId, String>);

impl Names {
    async fn load(tx: &mut Tx) -> Result<Self> {
        let all = people::all(tx).await?;
        Ok(Self(all.into_iter().map(|person| (person.id, person.name)).collect()))
    }

    /// Empty for nobody.
    fn of(&self, person: Option<PersonId>) -> &str {
        person.and_then(|person| self.0.get(&person)).map_or("", String::as_str)
    }
}

/// A day as people read it; empty for none.
fn day_in_words(words: &Words, kept: Option<&str>) -> String {
    kept.and_then(day).map(|day| words.civil(day)).unwrap_or_default()
}
