//! Webhooks: another program is told of a case, signed, again and again until it listens.
//!
//! What leaves is a job, so that no rule waits for somebody else's server. The signature is HMAC-SHA256 over the
//! moment, a dot and the body, as hexadecimal digits: `Kitt-Signature: t=1763283600,v1=…`. Addresses within the house's
//! own network are refused unless the webhook may go there, also when a name leads to one: or whoever sets up a rule
//! could ask what no browser reaches.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::future::BoxFuture;
use ring::hmac;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::{Host, Url};

use super::banner;
use super::kept;
use super::model::Outcome;
use super::perform::Deal;
use super::run::day;
use super::store;
pub use super::store::{Webhook, WebhookDraft};
use super::trouble::Reason;
pub use super::trouble::Trouble;
use crate::cases;
use crate::cases::Case;
use crate::cases::web::CaseJson;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, CaseId, Error, FieldError, JobKind, Network, Result, Right, Tx, dialect, jobs, sealed, trust,
};

const PURPOSE: &str = "kitt webhook secret 2026-11";
const PATIENCE: Duration = Duration::from_secs(20);
const LONGEST_NAME: usize = 80;
const LONGEST_URL: usize = 1_000;
/// After so many failures in a row the rule that wants it is switched off.
const FAILURES: i64 = 10;
/// Not to be reached from outside: the machine itself, private and local networks, and what is no host at all.
const PRIVATE: [&str; 14] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/3",
    "::/127",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

pub static SEND: JobKind = JobKind { name: "webhook", run: send };

/// What is to be told, as its job keeps it.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    webhook: i64,
    rule: i64,
    version: i64,
    run: i64,
    case: CaseId,
}

/// Tells a webhook of a case, if this transaction commits.
pub(super) async fn enqueue(app: &App, tx: &mut Tx, deal: &Deal<'_>, row: &Case, webhook: i64) -> Result<()> {
    store::webhook(tx, webhook).await?;
    let (rule, version, run) = (deal.rule, deal.version, deal.run);
    let told = Told { webhook, rule, version, run, case: row.id };
    jobs::enqueue(tx, SEND.name, &told, app.now()).await?;
    Ok(())
}

fn send(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let told: Told = serde_json::from_value(payload)?;
        let mut tx = app.db.read().await?;
        let hook = match store::webhook(&mut tx, told.webhook).await {
            // Nobody wants to hear it any more.
            Err(Error::NotFound) => {
                drop(tx);
                return unheard(&app, &told, &Trouble::plain("gone")).await;
            }
            hook => hook?,
        };
        let rule = store::rule(&mut tx, told.rule).await?;
        let line = cases::line(&mut tx, told.case).await?;
        drop(tx);
        let body = json!({
            "id": told.run,
            "at": app.now(),
            "rule": {"id": rule.id, "name": rule.name, "version": told.version},
            "case": CaseJson::of(&line),
        });
        let sent = post(&app, &hook, &body).await;
        note(&app, &hook, &told, sent).await
    })
}

async fn unheard(app: &App, told: &Told, trouble: &Trouble) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "rule", told.rule).await?;
    heard(app, &mut tx, told, Some(trouble)).await?;
    tx.commit().await
}

/// Keeps with a run, whose rule is locked, whether what it called has listened: it was heard when all have. It counts on
/// the day on which it ran.
async fn heard(app: &App, tx: &mut Tx, told: &Told, trouble: Option<&Trouble>) -> Result<()> {
    let run = told.run;
    let Some(known) = store::run(tx, run).await? else { return Ok(()) };
    let reason = known.reason.after(told.webhook, trouble);
    let outcome = if reason == Reason::Nothing { Outcome::Changed } else { Outcome::Unheard };
    if known.counted && known.outcome != outcome {
        let day = day(app, known.at);
        store::uncount_day(tx, known.rule, &day, known.outcome).await?;
        store::count_day(tx, known.rule, &day, outcome).await?;
    }
    store::set_heard(tx, run, outcome, &reason).await
}

/// Keeps how it went.
async fn note(app: &App, hook: &Webhook, told: &Told, sent: Result<(), Trouble>) -> Result<()> {
    let (rule, mut tx) = (told.rule, app.db.write().await?);
    dialect::lock(&mut tx, "rule", rule).await?;
    heard(app, &mut tx, told, sent.as_ref().err()).await?;
    let Err(trouble) = sent else {
        store::listened(&mut tx, hook.id, app.now()).await?;
        return tx.commit().await;
    };
    let failures = store::refused(&mut tx, hook.id, &trouble.to_string(), app.now()).await?;
    let halts = failures % FAILURES == 0 && store::rule(&mut tx, rule).await?.active;
    if halts {
        store::halt(&mut tx, rule, app.now()).await?;
        let fact = Fact::RuleSwitched { rule, on: false };
        journal::record(app, &mut tx, &Actor::kitt("rules"), About::house(), fact)?;
    }
    tx.commit().await?;
    if halts {
        kept::forget(app);
        banner::look(app).await?;
    }
    // The job is tried again.
    Err(anyhow::anyhow!("a webhook did not listen: {trouble}").into())
}

async fn post(app: &App, hook: &Webhook, body: &Value) -> Result<(), Trouble> {
    let url = Url::parse(&hook.url).map_err(|_| Trouble::plain("address"))?;
    let body = serde_json::to_vec(body).map_err(|_| Trouble::plain("broken"))?;
    let secret = sealed::open(app.secret(), PURPOSE, &hook.secret).map_err(|_| Trouble::plain("secret"))?;
    let signature = sign(&secret, app.now().seconds(), &body);
    let client = client(app, hook, &url).await?;
    let request = client
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", "Kitt")
        .header("kitt-signature", signature)
        .body(body);
    let status = request.send().await.map_err(|error| Trouble::of(&error))?.status();
    if status.is_success() { Ok(()) } else { Err(Trouble::new("status", status.as_str())) }
}

/// `t=1763283600,v1=…`
fn sign(secret: &[u8], seconds: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut text = format!("{seconds}.").into_bytes();
    text.extend_from_slice(body);
    let signed = hmac::sign(&key, &text);
    format!("t={seconds},v1={}", digits(signed.as_ref()))
}

/// A client that goes to the address that was looked at, wherever the name leads a moment later.
async fn client(app: &App, hook: &Webhook, url: &Url) -> Result<reqwest::Client, Trouble> {
    let (wrong, nowhere) = (|| Trouble::plain("address"), || Trouble::plain("nowhere"));
    let port = url.port_or_known_default().ok_or_else(wrong)?;
    let (name, found): (Option<&str>, Vec<SocketAddr>) = match url.host().ok_or_else(wrong)? {
        Host::Ipv4(ip) => (None, vec![SocketAddr::from((ip, port))]),
        Host::Ipv6(ip) => (None, vec![SocketAddr::from((ip, port))]),
        Host::Domain(name) => {
            let found = tokio::net::lookup_host((name, port)).await.map_err(|_| nowhere())?;
            (Some(name), found.collect())
        }
    };
    if found.is_empty() {
        return Err(nowhere());
    }
    if !hook.private && found.iter().any(|address| is_private(address.ip())) {
        return Err(Trouble::plain("inside"));
    }
    let trust = trust(app.settings()).map_err(|error| Trouble::new("certificates", &format!("{error:#}")))?;
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(trust.as_ref().clone())
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE);
    if let Some(name) = name {
        builder = builder.resolve_to_addrs(name, &found);
    }
    builder.build().map_err(|error| Trouble::of(&error))
}

fn is_private(ip: IpAddr) -> bool {
    PRIVATE.iter().any(|range| range.parse::<Network>().is_ok_and(|range| range.contains(ip)))
}

/// Does the address itself say that it is inside? Written as a number, or by a name that exists only there.
fn is_inside(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_private(ip.into()),
        Some(Host::Ipv6(ip)) => is_private(ip.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_lowercase();
            let ends = |end: &&str| name == **end || name.ends_with(&format!(".{end}"));
            ["localhost", "local", "internal", "lan", "home.arpa"].iter().any(ends)
        }
        None => false,
    }
}

/// All webhooks, by name.
pub async fn all(tx: &mut Tx) -> Result<Vec<Webhook>> {
    store::webhooks(tx).await
}

/// What a webhook is called, also if it was taken away.
pub async fn name(tx: &mut Tx, id: i64) -> Result<String> {
    store::webhook_name(tx, id).await
}

/// Adds a webhook, or changes one; a new one gets a secret.
///
/// # Errors
///
/// [`Error::Invalid`] without a name, and for an address that is none or not protected on its way.
pub async fn save(app: &App, actor: &Actor, id: Option<i64>, draft: &WebhookDraft) -> Result<i64> {
    actor.may(Right::ManageSettings)?;
    check(draft)?;
    let mut tx = app.db.write().await?;
    let id = if let Some(id) = id {
        store::webhook(&mut tx, id).await?;
        store::update_webhook(&mut tx, id, draft).await?;
        id
    } else {
        let secret = sealed::seal(app.secret(), PURPOSE, fresh_secret().as_bytes())?;
        store::insert_webhook(&mut tx, draft, secret).await?
    };
    journal::record(app, &mut tx, actor, About::house(), Fact::WebhookSaved { webhook: id })?;
    tx.commit().await?;
    Ok(id)
}

fn fresh_secret() -> String {
    let bytes: [u8; 32] = rand::random();
    digits(&bytes)
}

/// Hexadecimal.
fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn check(draft: &WebhookDraft) -> Result<()> {
    let mut errors: Vec<FieldError> =
        FieldError::of_text("name", &draft.name, LONGEST_NAME).into_iter().collect();
    let private = draft.private == "yes";
    let url =
        Url::parse(draft.url.trim()).ok().filter(|url| url.has_host() && url.as_str().len() <= LONGEST_URL);
    let word = match url.as_ref().map(Url::scheme) {
        Some("https" | "http") if private => None,
        Some("http") => Some("rules-webhook-https"),
        // Whatever a name leads to is looked at when it is called.
        Some("https") => url.as_ref().is_some_and(is_inside).then_some("rules-webhook-inside"),
        _ => Some("rules-webhook-url-wrong"),
    };
    errors.extend(word.map(|word| FieldError { field: "url", word }));
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Takes a webhook away; rules that want it fail meanwhile.
pub async fn remove(app: &App, actor: &Actor, id: i64) -> Result<()> {
    set_removed(app, actor, id, true).await
}

/// Brings a webhook back, with its secret.
pub async fn bring_back(app: &App, actor: &Actor, id: i64) -> Result<()> {
    set_removed(app, actor, id, false).await
}

async fn set_removed(app: &App, actor: &Actor, id: i64, gone: bool) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    store::kept_webhook(&mut tx, id).await?;
    store::set_webhook_removed(&mut tx, id, gone.then(|| app.now())).await?;
    let fact =
        if gone { Fact::WebhookRemoved { webhook: id } } else { Fact::WebhookRestored { webhook: id } };
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await
}

/// What receivers need to check signatures.
pub fn secret_of(app: &App, actor: &Actor, hook: &Webhook) -> Result<String> {
    actor.may(Right::ManageSettings)?;
    let secret = sealed::open(app.secret(), PURPOSE, &hook.secret)?;
    Ok(String::from_utf8_lossy(&secret).into_owned())
}

/// Tells a webhook now that this is a test; what went wrong, if something did.
pub async fn test(app: &App, actor: &Actor, id: i64) -> Result<Option<Trouble>> {
    actor.may(Right::ManageSettings)?;
    let hook = store::webhook(&mut app.db.read().await?, id).await?;
    let sent = post(app, &hook, &json!({"test": true, "at": app.now()})).await;
    let mut tx = app.db.write().await?;
    let trouble = match sent {
        Ok(()) => {
            store::listened(&mut tx, id, app.now()).await?;
            None
        }
        Err(trouble) => {
            store::refused(&mut tx, id, &trouble.to_string(), app.now()).await?;
            Some(trouble)
        }
    };
    tx.commit().await?;
    Ok(trouble)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_the_house_is_known_in_every_spelling() {
        for (address, private) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:10.1.2.3", true),
            ("169.254.169.254", true),
            ("192.168.4.4", true),
            ("fd00::1", true),
            ("fe80::1", true),
            ("224.0.0.1", true),
            ("255.255.255.255", true),
            ("93.184.216.34", false),
            ("2606:2800:220:1::1", false),
            ("172.32.0.1", false),
        ] {
            assert_eq!(is_private(address.parse().expect("an address")), private, "{address}");
        }
    }

    #[test]
    fn an_address_that_says_that_it_is_inside_is_known() {
        for (url, inside) in [
            ("https://10.0.0.1/kitt", true),
            ("https://[::1]:8443/", true),
            ("https://2130706433/", true),
            ("https://0x7f.1/", true),
            ("https://[fe80::1]/", true),
            ("https://LOCALHOST./", true),
            ("https://drucker.lan/", true),
            ("https://shop.example/", false),
            ("https://93.184.216.34/", false),
            ("https://mylocalhost/", false),
        ] {
            assert_eq!(is_inside(&Url::parse(url).expect("an address")), inside, "{url}");
        }
    }

    #[test]
    fn a_signature_is_over_the_moment_and_the_body() {
        // As any HMAC-SHA256 of "1763283600.{}" under the key "geheim".
        let signed = sign(b"geheim", 1_763_283_600, b"{}");
        assert!(signed.starts_with("t=1763283600,v1="));
        assert_eq!(signed.len(), "t=1763283600,v1=".len() + 64);
        assert_ne!(signed, sign(b"geheim", 1_763_283_600, b"{ }"));
        assert_ne!(signed[16..], sign(b"geheim", 1_763_283_601, b"{}")[16..]);
    }
}
