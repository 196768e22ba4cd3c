//! Pushes to browsers (RFC 8030): encrypted for the browser, signed by the house, sent by a job with retries.
//!
//! They pass through the browser's maker, so they say the kind and the case's number only, unless the person allows
//! more. A browser that is gone is forgotten. A push that comes twice replaces itself by its tag.
//! Deliberately absent: knowing whether somebody looked.

mod seal;
mod vapid;

use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context, anyhow};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::{BoxFuture, FutureExt};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::model::{Browser, Line, Notice};
use super::{lines, store};
use crate::people;
use crate::platform::{Actor, App, Error, JobKind, Language, Result, Tx, Words, jobs, trust};

/// So many come each by itself, more of them as one.
const EACH: usize = 3;
/// Later than this nobody needs it.
const LASTS: Duration = Duration::from_hours(12);
const PATIENCE: Duration = Duration::from_secs(20);
/// Characters of an address of a push service.
const LONGEST_ENDPOINT: usize = 1000;

/// The push service wants to be asked again later.
const BUSY: [StatusCode; 2] = [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT];
/// The browser is gone, or was given another key than ours.
const GONE: [StatusCode; 4] =
    [StatusCode::NOT_FOUND, StatusCode::GONE, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];

/// Pushes to one browser.
pub static PUSH: JobKind = JobKind { name: "notices.push", run };

#[derive(Serialize, Deserialize)]
struct Payload {
    browser: i64,
    /// None: a trial.
    notices: Vec<i64>,
    /// When it was handed over.
    at: i64,
}

/// What the service worker shows.
#[derive(Serialize)]
struct Message {
    title: String,
    body: String,
    url: String,
    tag: String,
}

/// The public key that browsers are given.
pub async fn public_key(app: &App) -> Result<String> {
    Ok(vapid::Key::load(app).await?.public())
}

/// Pushes notices to a browser, if this transaction commits.
pub(super) async fn enqueue(app: &App, tx: &mut Tx, browser: i64, notices: &[i64]) -> Result<()> {
    let at = app.now().0;
    let size = if notices.len() <= EACH { 1 } else { notices.len() };
    for part in notices.chunks(size.max(1)) {
        jobs::enqueue(tx, PUSH.name, &Payload { browser, notices: part.to_vec(), at }, app.now()).await?;
    }
    Ok(())
}

/// Shows a browser's owner that pushes arrive.
///
/// # Errors
///
/// [`Error::NotFound`] if it is not one of the actor's.
pub async fn try_out(app: &App, actor: &Actor, browser: i64) -> Result<()> {
    let mut tx = app.db.write().await?;
    let known = store::browser(&mut tx, browser).await?.ok_or(Error::NotFound)?;
    if Some(known.person) != actor.person_id() {
        return Err(Error::NotFound);
    }
    let payload = Payload { browser, notices: Vec::new(), at: app.now().0 };
    jobs::enqueue(&mut tx, PUSH.name, &payload, app.now()).await?;
    tx.commit().await
}

/// Adds the browser that the actor uses.
///
/// # Errors
///
/// [`Error::Invalid`] for keys that are none, or an address where nobody pushes.
pub async fn add_browser(
    app: &App,
    actor: &Actor,
    endpoint: &str,
    (p256dh, auth): (&str, &str),
    device: &str,
) -> Result<i64> {
    let person = actor.person()?;
    let wrong = |field| Error::invalid(field, "error-field-malformed");
    address(app, endpoint).ok_or_else(|| wrong("endpoint"))?;
    let point = URL_SAFE_NO_PAD.decode(p256dh.trim_end_matches('=')).map_err(|_| wrong("p256dh"))?;
    if point.len() != seal::POINT || seal::seal(b"", &point, &[0; seal::SECRET]).is_err() {
        return Err(wrong("p256dh"));
    }
    let secret = URL_SAFE_NO_PAD.decode(auth.trim_end_matches('=')).map_err(|_| wrong("auth"))?;
    if secret.len() != seal::SECRET {
        return Err(wrong("auth"));
    }
    let device: String = device.chars().take(200).collect();
    let mut tx = app.db.write().await?;
    let keys = (endpoint, p256dh.trim_end_matches('='), auth.trim_end_matches('='));
    let browser = store::add_browser(&mut tx, person, keys, &device, app.now()).await?;
    tx.commit().await?;
    Ok(browser)
}

/// A push service's address: encrypted and outside. A house that is only tried out takes this machine, too.
fn address(app: &App, endpoint: &str) -> Option<Url> {
    let url = Url::parse(endpoint).ok().filter(|_| endpoint.len() <= LONGEST_ENDPOINT)?;
    let outside = url.scheme() == "https" && url.domain().is_some_and(|name| name.contains('.'));
    let here = !app.settings().is_https() && url.host_str() == Some("127.0.0.1");
    (url.username().is_empty() && (outside || here)).then_some(url)
}

/// Whoever adds a browser must not make the house knock at its own network's doors.
async fn is_reachable(app: &App, url: &Url) -> Result<bool> {
    if !app.settings().is_https() {
        return Ok(true);
    }
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    let mut found = tokio::net::lookup_host((host, port)).await.context("the push service's name")?;
    Ok(found.all(|address| is_outside(address.ip().to_canonical())))
}

fn is_outside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()),
        IpAddr::V6(ip) => {
            let local = ip.is_unique_local() || ip.is_unicast_link_local();
            !(local || ip.is_loopback() || ip.is_unspecified())
        }
    }
}

fn run(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    async move {
        let payload: Payload = serde_json::from_value(payload)?;
        push(&app, &payload).await
    }
    .boxed()
}

async fn push(app: &App, payload: &Payload) -> Result<()> {
    if payload.at < (app.now() - LASTS).0 {
        return Ok(());
    }
    let mut tx = app.db.read().await?;
    let Some(browser) = store::browser(&mut tx, payload.browser).await? else { return Ok(()) };
    let Ok(actor) = people::actor(&mut tx, browser.person).await else { return Ok(()) };
    let Some((message, alarm)) = message(app, &mut tx, &actor, &browser, &payload.notices).await? else {
        return Ok(());
    };
    drop(tx);
    let status = send(app, &browser, &message, alarm).await?;
    if status.is_server_error() || BUSY.contains(&status) {
        return Err(anyhow!("the push service says {status}").into());
    }
    let mut tx = app.db.write().await?;
    if status.is_success() {
        store::touch_browser(&mut tx, browser.id, app.now()).await?;
    } else if GONE.contains(&status) {
        store::drop_browser(&mut tx, browser.id).await?;
    } else {
        // It would say the same again.
        tracing::warn!(browser = browser.id, "the push service says {status}");
    }
    tx.commit().await
}

/// What is left to say, and whether it is urgent.
async fn message(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    browser: &Browser,
    notices: &[i64],
) -> Result<Option<(Message, bool)>> {
    let (wishes, _) = super::wishes(tx, browser.person).await?;
    let words = Words::new(actor.language.unwrap_or(Language::De), wishes.zone(&app.zone()), app.now());
    if notices.is_empty() {
        let (title, body) = (words.t("notices-push-trial").into_owned(), app.settings().house.clone());
        return Ok(Some((Message { title, body, url: "/notices".into(), tag: "trial".into() }, false)));
    }
    let mut rows = store::some(tx, notices).await?;
    // An id belongs to a person for ever; this costs nothing and forgives nothing.
    rows.retain(|notice: &Notice| notice.read_at.is_none() && notice.person == browser.person);
    let lines = lines::unread(tx, actor, &words, &rows).await?;
    let alarm = lines.iter().any(|line| line.kind.is_alarm());
    Ok(match lines.as_slice() {
        [] => None,
        [line] => Some((one(&words, line, wishes.push_subject), alarm)),
        several => {
            let title = words.n("notices-push-many", several.len()).into_owned();
            let tag = "notices".to_owned();
            Some((Message { title, body: String::new(), url: "/notices".into(), tag }, alarm))
        }
    })
}

fn one(words: &Words, line: &Line, personal: bool) -> Message {
    let case = line.case.as_ref().map(|number| words.with("case-number", "number", number).into_owned());
    let more = if personal { [line.about.clone(), line.who.clone()] } else { [None, None] };
    let body: Vec<String> = case.into_iter().chain(more.into_iter().flatten()).collect();
    Message {
        title: line.what.clone(),
        body: body.join(" · "),
        url: format!("/notices/{}", line.id),
        tag: format!("notice-{}", line.id),
    }
}

async fn send(app: &App, browser: &Browser, message: &Message, alarm: bool) -> Result<StatusCode> {
    let Some(url) = address(app, &browser.endpoint) else { return Ok(StatusCode::GONE) };
    if !is_reachable(app, &url).await? {
        return Ok(StatusCode::GONE);
    }
    let point = URL_SAFE_NO_PAD.decode(&browser.p256dh).context("a kept key")?;
    let auth = URL_SAFE_NO_PAD.decode(&browser.auth).context("a kept secret")?;
    let body = seal::seal(serde_json::to_string(message)?.as_bytes(), &point, &auth)?;
    let key = vapid::Key::load(app).await?;
    let authorization = key.authorization(&url, &app.settings().mail_from, app.now())?;
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(trust(app.settings())?.as_ref().clone())
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(anyhow::Error::from)?;
    let topic = blake3::hash(message.tag.as_bytes()).to_hex()[..32].to_owned();
    let answer = client
        .post(url)
        .header("authorization", authorization)
        .header("content-encoding", "aes128gcm")
        .header("content-type", "application/octet-stream")
        .header("ttl", LASTS.as_secs().to_string())
        .header("urgency", if alarm { "high" } else { "normal" })
        .header("topic", topic)
        .body(body)
        .send()
        .await
        .map_err(|error| anyhow::Error::from(error.without_url()))?;
    Ok(answer.status())
}

/// Forgets one of the actor's browsers.
pub async fn remove_browser(app: &App, actor: &Actor, browser: i64) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::drop_browser_of(&mut tx, actor.person()?, browser).await?;
    tx.commit().await
}

/// Forgets the browser with this endpoint, if it is the actor's.
pub async fn remove_endpoint(app: &App, actor: &Actor, endpoint: &str) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::drop_endpoint(&mut tx, actor.person()?, endpoint).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::is_outside;

    #[test]
    fn the_house_knocks_at_no_door_of_its_own_network() {
        for (ip, outside) in [
            ("142.250.74.10", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("192.168.0.1", false),
            ("169.254.169.254", false),
            ("0.0.0.0", false),
            ("2a00:1450:4001::5", true),
            ("::1", false),
            ("fd00::1", false),
            ("fe80::1", false),
        ] {
            assert_eq!(is_outside(ip.parse().expect("an address")), outside, "{ip}");
        }
    }
}
