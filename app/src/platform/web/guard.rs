//! Protection of every answer and of every change.

use std::net::{IpAddr, SocketAddr};

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
pub fn client_ip(app: &App, peer: Option<SocketAddr>, headers: &HeaderMap) -> String {
    let Some(peer) = peer else { return "?".to_owned() };
    forwarded(&app.settings().trusted_proxies, peer.ip().to_canonical(), headers).to_string()
}

/// Follows the way back from proxy to proxy, as far as they are trusted. Each adds who it heard from at the end,
/// in the same line or in one of its own; what stands before that is the sender's tale.
fn forwarded(trusted: &[IpAddr], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut at = peer;
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    for hop in lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(',')) {
        if !trusted.contains(&at) {
            break;
        }
        match address(hop.trim()) {
            Some(from) => at = from,
            None => break,
        }
    }
    at
}

/// Some proxies add the port.
fn address(hop: &str) -> Option<IpAddr> {
    let address = hop.parse().or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_trusted_proxies_added_is_believed() -> Result<(), Box<dyn std::error::Error>> {
        let trusted = ["127.0.0.1".parse()?, "10.0.0.2".parse()?];
        for (peer, lines, client) in [
            ("192.0.2.1", vec!["203.0.113.9"], "192.0.2.1"),
            ("127.0.0.1", vec![], "127.0.0.1"),
            ("127.0.0.1", vec!["203.0.113.9, 192.0.2.1"], "192.0.2.1"),
            ("127.0.0.1", vec!["203.0.113.9", "192.0.2.1"], "192.0.2.1"),
            ("127.0.0.1", vec!["203.0.113.9, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
            ("127.0.0.1", vec!["192.0.2.1:5123"], "192.0.2.1"),
            ("127.0.0.1", vec!["unknown"], "127.0.0.1"),
            ("::ffff:127.0.0.1", vec!["::ffff:192.0.2.1"], "192.0.2.1"),
        ] {
            let mut headers = HeaderMap::new();
            for line in &lines {
                headers.append("x-forwarded-for", line.parse()?);
            }
            let peer: IpAddr = peer.parse()?;
            let found = forwarded(&trusted, peer.to_canonical(), &headers);
            assert_eq!(found.to_string(), client, "{peer} {lines:?}");
        }
        Ok(())
    }
}
