//! What the client wants back: a page in its language, or JSON.

use std::convert::Infallible;

use askama::Template;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::page::{Area, Page, Toast, Unread};
use crate::platform::words::{Language, Words};
use crate::platform::{Actor, App, Result};

/// Marks requests below `/api/v1`: they always get JSON.
#[derive(Clone, Copy)]
pub struct Api;

/// The name of the cookie that carries a message over a redirect.
const FLASH: &str = "kitt-flash";

/// What the client asked for.
#[derive(Clone)]
pub struct Wants {
    pub json: bool,
    pub words: Words,
    /// The path and query that were asked for.
    pub url: String,
    /// The path and query of the page that the request was sent from, if it is one of this house.
    pub from: Option<String>,
    /// Whether the reader's keyboard has a key ⌘.
    apple: bool,
    unread: Unread,
    flash: Option<String>,
}

impl FromRequestParts<App> for Wants {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(parts, app))
    }
}

impl Wants {
    pub fn of(parts: &Parts, app: &App) -> Self {
        let accept = text(&parts.headers, header::ACCEPT);
        let api = parts.extensions.get::<Api>().is_some() || parts.uri.path().starts_with("/api/");
        let json = api || accept.starts_with("application/json");
        let chosen = parts.extensions.get::<Actor>().and_then(|actor| actor.language);
        let language = chosen
            .or_else(|| cookie(&parts.headers, "kitt-language").and_then(|code| Language::from_code(&code)))
            .unwrap_or_else(|| preferred(text(&parts.headers, header::ACCEPT_LANGUAGE)));
        Self {
            json,
            words: Words::new(language, app.zone(), app.now()),
            url: parts.uri.path_and_query().map_or("/", |url| url.as_str()).to_owned(),
            from: page_before(&parts.headers),
            apple: text(&parts.headers, header::USER_AGENT).contains("Mac OS"),
            unread: parts.extensions.get::<Unread>().copied().unwrap_or_default(),
            flash: cookie(&parts.headers, FLASH),
        }
    }

    /// The frame of a page of `area`, for `actor`.
    pub fn page(&self, app: &App, actor: &Actor, area: Area) -> Page {
        let mut page = self.public_page(app, area);
        page.banners = app.banners().of(actor);
        page.actor = Some(actor.clone());
        page
    }

    /// The frame of a page that needs no login.
    pub fn public_page(&self, app: &App, area: Area) -> Page {
        let known = |word: &&String| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let toast = self.flash.as_ref().filter(known).map(|word| Toast {
            word: word.clone(),
            text: None,
            undo: None,
        });
        let mut page = Page::new(app, self.words.clone(), area, self.url.clone(), toast);
        page.apple = self.apple;
        page.unread = self.unread;
        page
    }

    /// How numbers are typed: by people in their language, by programs in any way that cannot be misread.
    pub const fn notation(&self) -> money::Notation {
        if self.json { money::Notation::Either } else { self.words.notation() }
    }

    /// The page, or its data.
    pub fn answer<V: Template + Serialize>(&self, view: &V) -> Result<Response> {
        self.answer_as(StatusCode::OK, view)
    }

    /// A part of a page that a script puts in its place, or its data. What the page is to say stays for the page.
    pub fn fragment<V: Template + Serialize>(&self, view: &V) -> Result<Response> {
        if self.json {
            return Ok(Json(view).into_response());
        }
        Ok(Html(view.render().map_err(anyhow::Error::from)?).into_response())
    }

    /// The page, or its data, with a status of its own.
    pub fn answer_as<V: Template + Serialize>(&self, status: StatusCode, view: &V) -> Result<Response> {
        if self.json {
            return Ok((status, Json(view)).into_response());
        }
        let page = view.render().map_err(anyhow::Error::from)?;
        let mut response = (status, Html(page)).into_response();
        if self.flash.is_some() {
            let gone = HeaderValue::from_static("kitt-flash=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly");
            response.headers_mut().append(header::SET_COOKIE, gone);
        }
        Ok(response)
    }

    /// After a change: browsers go to `location`, where `word` is shown; programs get `data`.
    pub fn done(&self, location: &str, word: &'static str, data: &impl Serialize) -> Result<Response> {
        if self.json {
            return Ok(Json(data).into_response());
        }
        let mut response = self.go(&beside_same_list(self.from.as_deref(), location));
        let flash = format!("{FLASH}={word}; Path=/; Max-Age=20; SameSite=Lax; HttpOnly");
        let flash = HeaderValue::from_str(&flash).map_err(anyhow::Error::from)?;
        response.headers_mut().append(header::SET_COOKIE, flash);
        Ok(response)
    }

    /// Sends a browser on.
    pub fn go(&self, location: &str) -> Response {
        let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    }
}

/// Where a page goes on that was shown beside a list, if it goes on where it was: that list stays.
fn beside_same_list(from: Option<&str>, location: &str) -> String {
    let query = from.and_then(|from| from.strip_prefix(location)?.strip_prefix('?')).unwrap_or_default();
    match url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "view") {
        Some(view) => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            format!("{location}?{}", query.extend_pairs([view]).finish())
        }
        None => location.to_owned(),
    }
}

/// The path and query of the page that says it sent this request; nothing for pages of other sites.
fn page_before(headers: &HeaderMap) -> Option<String> {
    let page = url::Url::parse(text(headers, header::REFERER)).ok()?;
    let host = text(headers, header::HOST);
    let named = page.port().map_or_else(
        || page.host_str().unwrap_or_default().to_owned(),
        |port| format!("{}:{port}", page.host_str().unwrap_or_default()),
    );
    (!host.is_empty() && named == host)
        .then(|| page[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The value of a cookie of this request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// German unless English is asked for before German.
fn preferred(accept: &str) -> Language {
    let mut known = accept.split(',').filter_map(|part| {
        let tag = part.split([';', '-']).next().unwrap_or_default().trim();
        Language::from_code(&tag.to_ascii_lowercase())
    });
    known.next().unwrap_or(Language::De)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_house_are_where_somebody_came_from() {
        for (host, referer, page) in [
            (
                "kitt.example",
                "https://kitt.example/cases/26-10001?view=mine#m-1",
                Some("/cases/26-10001?view=mine"),
            ),
            ("localhost:3000", "http://localhost:3000/account", Some("/account")),
            ("kitt.example", "https://evil.example/cases/26-10001", None),
            ("kitt.example", "https://kitt.example:444/", None),
            ("kitt.example", "", None),
            ("", "https://kitt.example/", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            headers.insert(header::REFERER, HeaderValue::from_static(referer));
            assert_eq!(page_before(&headers).as_deref(), page, "{referer} at {host}");
        }
    }

    #[test]
    fn who_goes_on_where_they_were_keeps_the_list_beside_it() {
        for (from, next) in [
            (Some("/cases/26-1?view=team&talk=0"), "/cases/26-1?view=team"),
            (Some("/cases/26-1?talk=0"), "/cases/26-1"),
            (Some("/cases/26-10?view=team"), "/cases/26-1"),
            (Some("/cases/26-1?view=a%26b"), "/cases/26-1?view=a%26b"),
            (None, "/cases/26-1"),
        ] {
            assert_eq!(beside_same_list(from, "/cases/26-1"), next, "{from:?}");
        }
    }

    #[test]
    fn the_first_known_language_wins_and_german_is_the_default() {
        for (accept, language) in [
            ("", Language::De),
            ("en-GB,en;q=0.9,de;q=0.8", Language::En),
            ("fr-CH, de;q=0.7, en;q=0.5", Language::De),
            ("DE-at", Language::De),
        ] {
            assert_eq!(preferred(accept), language, "{accept}");
        }
    }
}
