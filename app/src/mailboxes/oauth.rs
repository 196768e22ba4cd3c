//! Leave to read a mailbox without its password: the authorisation code flow of OAuth 2.0 (RFC 6749) with PKCE
//! (RFC 7636), and access tokens from the refresh token that it ends with.
//!
//! Nothing is stored while a person is at the provider: the `state` that comes back is signed, says who asked for
//! which mailbox until when, and the PKCE verifier is derived from it.

use std::time::Duration;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::fault::Fault;
use super::model::{Mailbox, OauthSettings, Provider, Trouble};
use super::tls;
use crate::platform::{App, MailboxId, PersonId, Timestamp};

/// Where the provider sends people back to.
pub const CALLBACK: &str = "/settings/mailboxes/oauth";
/// How long somebody may take at the provider.
const LONGEST_VISIT: Duration = Duration::from_mins(30);
/// For each answer of the provider.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where a provider does not say how long a token lasts.
const USUAL_LIFE: u64 = 3600;

/// What a provider needs, with what the house says itself going first.
pub fn with_presets(provider: Provider, said: OauthSettings) -> OauthSettings {
    let tenant = if said.tenant.is_empty() { "common".to_owned() } else { said.tenant };
    let (authorize, token, scopes) = match provider {
        Provider::Microsoft => (
            format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize"),
            format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"),
            "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
        ),
        Provider::Google => (
            "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            "https://oauth2.googleapis.com/token".to_owned(),
            "https://mail.google.com/",
        ),
        Provider::Oauth | Provider::Password => (String::new(), String::new(), ""),
    };
    let or = |said: String, preset: String| if said.is_empty() { preset } else { said };
    OauthSettings {
        client: said.client,
        tenant: if provider == Provider::Microsoft { tenant } else { String::new() },
        authorize_url: or(said.authorize_url, authorize),
        token_url: or(said.token_url, token),
        scopes: or(said.scopes, scopes.to_owned()),
    }
}

/// Who went to the provider for which mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    pub mailbox: MailboxId,
    pub person: PersonId,
}

/// The provider's page where leave is given.
pub fn authorize_url(app: &App, mailbox: &Mailbox, person: PersonId) -> anyhow::Result<Url> {
    let until = app.now() + LONGEST_VISIT;
    let state = write_state(app.secret(), Visit { mailbox: mailbox.id, person }, until);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier(app.secret(), &state)));
    let mut url = Url::parse(&mailbox.oauth.authorize_url).context("an authorisation endpoint is no URL")?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &mailbox.oauth.client)
        .append_pair("redirect_uri", &app.settings().link(CALLBACK))
        .append_pair("scope", &mailbox.oauth.scopes)
        .append_pair("state", &state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        .append_pair("login_hint", &mailbox.login);
    if mailbox.provider == Provider::Google {
        // Otherwise there is a refresh token at the very first time only.
        url.query_pairs_mut().append_pair("access_type", "offline").append_pair("prompt", "consent");
    }
    Ok(url)
}

fn write_state(house: &[u8; 32], visit: Visit, until: Timestamp) -> String {
    let nonce: u64 = rand::random();
    let said = format!("{}.{}.{}.{nonce:x}", visit.mailbox, visit.person, until.0);
    format!("{said}.{}", sign(house, &said))
}

/// Whose visit ends with this `state`; `None` if it is not ours or took too long.
pub fn read_state(house: &[u8; 32], state: &str, now: Timestamp) -> Option<Visit> {
    let (said, signature) = state.rsplit_once('.')?;
    // Compares in constant time.
    let given = blake3::Hash::from_hex(signature).ok()?;
    if given != blake3::Hash::from_hex(sign(house, said)).ok()? {
        return None;
    }
    let mut parts = said.split('.').map(str::parse::<i64>);
    let (mailbox, person, until) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    (now.0 <= until).then_some(Visit { mailbox: MailboxId(mailbox), person: PersonId(person) })
}

fn sign(house: &[u8; 32], said: &str) -> String {
    let key = blake3::derive_key("kitt mailboxes: state of an authorisation, 2026", house);
    blake3::keyed_hash(&key, said.as_bytes()).to_hex().to_string()
}

fn verifier(house: &[u8; 32], state: &str) -> String {
    let key = blake3::derive_key("kitt mailboxes: PKCE verifier, 2026", house);
    URL_SAFE_NO_PAD.encode(blake3::keyed_hash(&key, state.as_bytes()).as_bytes())
}

/// What a token endpoint gives. Deliberately without `Debug`.
#[derive(Deserialize)]
pub struct Tokens {
    pub access_token: String,
    pub refresh_token: Option<String>,
    expires_in: Option<u64>,
}

impl Tokens {
    pub fn lifetime(&self) -> Duration {
        Duration::from_secs(self.expires_in.unwrap_or(USUAL_LIFE))
    }
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Exchanges the code that the provider sent a person back with.
pub async fn redeem(
    app: &App,
    settings: &OauthSettings,
    secret: Option<&str>,
    code: &str,
    state: &str,
) -> Result<Tokens, Fault> {
    let verifier = verifier(app.secret(), state);
    let redirect = app.settings().link(CALLBACK);
    let form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &redirect),
        ("code_verifier", &verifier),
    ];
    ask(app, settings, secret, form).await
}

/// A new access token; the provider may give a new refresh token with it.
pub async fn refresh(
    app: &App,
    settings: &OauthSettings,
    secret: Option<&str>,
    refresh_token: &str,
) -> Result<Tokens, Fault> {
    let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    if !settings.scopes.is_empty() {
        form.push(("scope", &settings.scopes));
    }
    ask(app, settings, secret, form).await
}

async fn ask(
    app: &App,
    settings: &OauthSettings,
    secret: Option<&str>,
    mut form: Vec<(&str, &str)>,
) -> Result<Tokens, Fault> {
    form.push(("client_id", &settings.client));
    form.extend(secret.map(|secret| ("client_secret", secret)));
    let unreachable =
        |error: reqwest::Error| Fault::saying(Trouble::TokenServer, &root(&error.without_url()));
    let answer = client(app)?.post(&settings.token_url).form(&form).send().await.map_err(unreachable)?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(unreachable)?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| Trouble::TokenServer.into());
    }
    let Ok(refusal) = serde_json::from_slice::<Refusal>(&body) else {
        return Err(Fault::saying(Trouble::TokenServer, status.as_str()));
    };
    let trouble = match refusal.error.as_str() {
        "invalid_grant" | "interaction_required" | "consent_required" | "access_denied" => Trouble::Consent,
        "invalid_client" | "unauthorized_client" | "invalid_scope" => Trouble::Client,
        _ => Trouble::TokenServer,
    };
    Err(Fault::saying(trouble, &format!("{} {}", refusal.error, refusal.error_description)))
}

fn client(app: &App) -> Result<reqwest::Client, Fault> {
    let trust = tls::trust(app.settings()).map_err(crate::platform::Error::from)?;
    let built = reqwest::Client::builder()
        .tls_backend_preconfigured(trust.as_ref().clone())
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build();
    built.map_err(|error| crate::platform::Error::from(anyhow::Error::from(error)).into())
}

/// The innermost reason, which says most.
fn root(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_signed_and_ends_by_time() {
        let visit = Visit { mailbox: MailboxId(4), person: PersonId(7) };
        let (house, until) = ([1; 32], Timestamp(1_000));
        let state = write_state(&house, visit, until);

        assert_eq!(read_state(&house, &state, until), Some(visit));
        assert_eq!(read_state(&house, &state, Timestamp(1_001)), None);
        assert_eq!(read_state(&[2; 32], &state, until), None);
        assert_eq!(read_state(&house, &state.replacen('4', "5", 1), until), None);
        assert_eq!(read_state(&house, "", until), None);
        assert_ne!(state, write_state(&house, visit, until));
    }

    #[test]
    fn presets_give_way_to_what_is_said() {
        let said =
            OauthSettings { client: "id".into(), tenant: "haus.example".into(), ..OauthSettings::default() };
        let microsoft = with_presets(Provider::Microsoft, said.clone());
        assert!(microsoft.token_url.contains("/haus.example/"));
        let own = OauthSettings { token_url: "https://own.example/token".into(), ..said };
        assert_eq!(with_presets(Provider::Google, own).token_url, "https://own.example/token");
    }
}
