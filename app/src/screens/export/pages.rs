//! Lists that are read as programs read them, page after page, until there is no next one.
//!
//! Who asks, in which language and what they may know is as with the list itself, since it is the same handler: nothing
//! has to be kept in step, and what a page takes out for its reader is not in the file either.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;
use url::form_urlencoded::Serializer;

use super::lists::{LISTS, List};
use super::{ExportQuery, Source, Tell};
use crate::journal::Fact;
use crate::platform::{Actor, App, Error, Id, Language, Query, Result, Right, Wants};

/// Lines of a page; lists give no more at once.
const PAGE: &str = "200";
/// Bytes of a page, far beyond what two hundred lines have.
const LARGEST: usize = 256 << 20;

/// One of the lists of the house as a file, with the filters of its page: `customers`, `insights`, `quotes`, `tasks`,
/// `handoffs`, `recurring`, `snippets`, `articles`, `notices`, `case-history` (of a `number`), `rule-log` (of a `rule`),
/// `audit`, `unprocessable`, `suppressed`, `sent`, `jobs`, `ledger`, `exposure`, `policies`, `people` or `tags`.
#[utoipa::path(get, path = "/exports/{list}", tag = "exports", params(("list" = String, Path), ExportQuery),
    responses((status = 200, content_type = "text/csv"), (status = 404), (status = 422)))]
pub(super) async fn export(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(name): Id<String>,
    Query(asked): Query<Vec<(String, String)>>,
    Query(as_file): Query<ExportQuery>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let list = LISTS.iter().find(|list| list.name == name).ok_or(Error::NotFound)?;
    let address = Address::of(list, asked)?;
    let reader = Reader { lists: crate::lists(&app), actor, language: wants.words.language };
    let page = match reader.read(&address.page(None)).await? {
        Ok(page) => page,
        // What the list itself says: its rights and filters are its own matter.
        Err(refused) => return Ok(refused),
    };
    let fact = Fact::ListExported { list: name, format: as_file.format.code().into() };
    super::record(&app, &reader.actor, fact).await?;
    let source = Pages { list, next: address.next(page.next), address, reader, first: Some(page.items) };
    Ok(super::answer(&app, &wants, (list.name, as_file.format), source))
}

/// Where a list is read.
struct Address {
    path: String,
    /// Its filters.
    query: Vec<(String, String)>,
}

impl Address {
    /// # Errors
    ///
    /// [`Error::NotFound`] if it is not said whose list it is.
    fn of(list: &List, mut query: Vec<(String, String)>) -> Result<Self> {
        query.retain(|(name, _)| !["format", "limit", "cursor", "before"].contains(&name.as_str()));
        let mut path = String::new();
        for part in list.url.split_inclusive('/') {
            let Some(name) =
                part.strip_prefix('{').and_then(|part| part.trim_end_matches('/').strip_suffix('}'))
            else {
                path.push_str(part);
                continue;
            };
            let given = query.iter().position(|(known, _)| known == name).ok_or(Error::NotFound)?;
            let (_, value) = query.remove(given);
            if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                return Err(Error::NotFound);
            }
            path.push_str(&value);
            path.push_str(if part.ends_with('/') { "/" } else { "" });
        }
        Ok(Self { path, query })
    }

    fn page(&self, cursor: Option<&str>) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&self.query).append_pair("limit", PAGE);
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        format!("{}?{}", self.path, query.finish())
    }

    /// Where the next page is: some lists say its address.
    fn next(&self, next: Option<String>) -> Option<String> {
        next.map(|next| if next.starts_with('/') { next } else { self.page(Some(&next)) })
    }
}

/// A page of a list.
#[derive(Deserialize)]
struct Page {
    items: Vec<Value>,
    next: Option<String>,
}

/// On whose behalf pages are read.
struct Reader {
    lists: Router,
    actor: Actor,
    language: Language,
}

impl Reader {
    /// A page, or how the list refused it.
    async fn read(&self, url: &str) -> Result<Result<Page, Response>> {
        let request = Request::get(url)
            .header(header::ACCEPT_LANGUAGE, self.language.code())
            .extension(self.actor.clone())
            .body(Body::empty())
            .map_err(anyhow::Error::from)?;
        let Ok(response) = self.lists.clone().oneshot(request).await;
        if response.status() != StatusCode::OK {
            return Ok(Err(response));
        }
        let bytes = to_bytes(response.into_body(), LARGEST).await.map_err(anyhow::Error::from)?;
        Ok(Ok(serde_json::from_slice(&bytes)?))
    }
}

struct Pages {
    list: &'static List,
    address: Address,
    reader: Reader,
    /// The first page, until it has left.
    first: Option<Vec<Value>>,
    next: Option<String>,
}

impl Source for Pages {
    type Line = Value;

    fn head(&self, tell: &Tell) -> Vec<String> {
        self.list.columns.iter().map(|column| tell.words.t(column.word).into_owned()).collect()
    }

    async fn more(&mut self) -> Result<Option<Vec<Value>>> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let Some(url) = self.next.take() else { return Ok(None) };
        match self.reader.read(&url).await? {
            Ok(page) => {
                // A list that does not go on would else never end.
                self.next = self.address.next(page.next).filter(|next| *next != url);
                Ok(Some(page.items))
            }
            Err(refused) => Err(anyhow::anyhow!("a page of a list: {}", refused.status()).into()),
        }
    }

    fn cells(&self, tell: &Tell, line: &Value) -> Vec<String> {
        self.list.columns.iter().map(|column| column.cell(tell, line)).collect()
    }

    fn json(&self, line: &Value) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_list_begins_at_its_beginning_with_its_filters() -> Result<()> {
        let list = List { name: "x", url: "/cases/{number}/history", columns: &[] };
        let asked =
            query(&[("number", "26-1"), ("q", "a b"), ("cursor", "7"), ("limit", "1"), ("format", "csv")]);
        let address = Address::of(&list, asked)?;
        assert_eq!(address.page(None), "/cases/26-1/history?q=a+b&limit=200");
        assert_eq!(address.page(Some("1_2")), "/cases/26-1/history?q=a+b&limit=200&cursor=1_2");
        assert_eq!(address.next(Some("/there?before=7".into())), Some("/there?before=7".into()));
        Ok(())
    }

    #[test]
    fn nothing_but_one_name_goes_into_an_address() {
        let list = List { name: "x", url: "/settings/rules/{rule}/log", columns: &[] };
        for wrong in [query(&[]), query(&[("rule", "")]), query(&[("rule", "1/../..")])] {
            assert!(matches!(Address::of(&list, wrong), Err(Error::NotFound)));
        }
        let log = Address::of(&list, query(&[("rule", "7")])).map(|address| address.path);
        assert_eq!(log.ok().as_deref(), Some("/settings/rules/7/log"));
    }
}
