//! Protection of every answer and of every change.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::platform::{App, Error};

/// Scripts, styles, fonts and pictures only from here; nothing inline runs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// Adds the protecting headers; an answer that brings its own policy (customers' HTML) keeps it.
pub async fn protect(State(app): State<App>, request: Request, next: Next) -> Response {
    let asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set(headers, header::CONTENT_SECURITY_POLICY, POLICY);
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "same-origin");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if !asset {
        set(headers, header::CACHE_CONTROL, "no-store");
        set(headers, header::VARY, "Accept, Accept-Language, Cookie");
    }
    if app.settings().is_https() {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

/// Refuses changes that another site's page makes a browser send.
///
/// Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`); programs with a bearer token send
/// neither and carry no cookie, so nothing can be made to act in somebody's name.
pub async fn same_site_only(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_own(&app, request.headers()) {
        return next.run(request).await;
    }
    Error::ForeignSite.into_response()
}

fn is_own(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return true };
    let host = text("host").unwrap_or_default();
    origin == app.settings().origin() || origin.split_once("://").is_some_and(|(_, named)| named == host)
}

/// Who sent a request: the peer, or what a trusted proxy says about it.
pub fn client_ip(app: &App, peer: Option<std::net::SocketAddr>, headers: &HeaderMap) -> String {
    let Some(peer) = peer else { return "?".to_owned() };
    if !app.settings().trusted_proxies.contains(&peer.ip()) {
        return peer.ip().to_string();
    }
    // The last entry is the one that our own proxy added.
    let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|value| value.rsplit(',').next()).map(str::trim);
    last.filter(|text| !text.is_empty()).map_or_else(|| peer.ip().to_string(), str::to_owned)
}
