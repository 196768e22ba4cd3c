//! Signing our mails (DKIM, RFC 6376), so that others can tell them from forgeries.
//!
//! A key is made here, published by whoever keeps the domain's DNS, checked, and then signs. Its private half is
//! kept encrypted and is never shown. A domain may have several keys that sign: an old one and its successor, or
//! one of each algorithm for servers that know only RSA.

use anyhow::{Context, anyhow};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::{DkimKey, Ed25519Key, RsaKey};
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::{Canonicalization, DkimSigner};
use mail_auth::{DnsError, MessageAuthenticator};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey};
use serde::Serialize;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer};
use utoipa::ToSchema;

use super::store;
use crate::platform::sealed;
use crate::platform::{Actor, App, Error, Result, Right, Timestamp, Tx, codes};

/// Bits of an RSA key: what all servers verify and a DNS record holds.
const RSA_BITS: usize = 2048;
/// What the secret is encrypted for.
const PURPOSE: &str = "kitt channels: private keys of DKIM, 2026";
/// How long the DNS may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);

/// Signed wherever they stand; those that stand twice here can also not be added later.
const SIGNED: [&str; 22] = [
    "From",
    "From",
    "Reply-To",
    "Reply-To",
    "To",
    "To",
    "Cc",
    "Cc",
    "Subject",
    "Subject",
    "Date",
    "Date",
    "Message-ID",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

codes! {
    pub enum Algorithm { Rsa = "rsa", Ed25519 = "ed25519" }
}

codes! {
    /// What the DNS says about a key.
    pub enum Found {
        /// The record is right.
        Published = "published",
        Missing = "missing",
        /// There is a record with another key.
        Different = "different",
        /// The DNS did not answer.
        Unreachable = "unreachable",
    }
}

/// A key of a domain.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Key {
    pub id: i64,
    pub domain: String,
    pub selector: String,
    pub algorithm: Algorithm,
    #[serde(skip)]
    pub private: Vec<u8>,
    /// Base64.
    pub public: String,
    pub signs: bool,
    pub created_at: Timestamp,
    pub checked_at: Option<Timestamp>,
    pub found: Option<Found>,
}

impl Key {
    /// Where its record belongs.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// The record's text.
    pub fn record(&self) -> String {
        format!("v=DKIM1; k={}; p={}", self.algorithm, self.public)
    }
}

/// A key before it has an id.
pub struct NewKey {
    pub domain: String,
    pub selector: String,
    pub algorithm: Algorithm,
    pub private: Vec<u8>,
    pub public: String,
}

/// Makes a key; it signs once it is switched on.
///
/// # Errors
///
/// [`Error::Invalid`] of `domain` or `selector`.
pub async fn create(
    app: &App,
    actor: &Actor,
    (domain, selector): (&str, &str),
    algorithm: Algorithm,
) -> Result<i64> {
    actor.may(Right::ManageSettings)?;
    let domain = domain.trim().to_lowercase();
    let selector = selector.trim().to_lowercase();
    if !is_name(&domain) || !domain.contains('.') {
        return Err(Error::invalid("domain", "error-field-malformed"));
    }
    if !is_name(&selector) {
        return Err(Error::invalid("selector", "error-field-malformed"));
    }
    let known = store::keys(&mut app.db.read().await?).await?;
    if known.iter().any(|key| key.domain == domain && key.selector == selector) {
        return Err(Error::invalid("selector", "sending-selector-taken"));
    }
    // Finding large primes takes a while.
    let made = tokio::task::spawn_blocking(move || generate(algorithm)).await.map_err(anyhow::Error::from)?;
    let (private, public) = made?;
    let private = sealed::seal(app.secret(), PURPOSE, &private)?;
    let key = NewKey { domain, selector, algorithm, private, public: STANDARD.encode(public) };
    let mut tx = app.db.write().await?;
    let id = store::insert_key(&mut tx, &key, app.now()).await?;
    super::record_setting(app, &mut tx, actor, "dkim")?;
    tx.commit().await?;
    Ok(id)
}

fn is_name(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    text.len() <= 200 && text.split('.').all(label)
}

/// The private key (PKCS #1 or PKCS #8, DER) and the public one as the record has it.
fn generate(algorithm: Algorithm) -> Result<(Vec<u8>, Vec<u8>)> {
    if algorithm == Algorithm::Ed25519 {
        let private = Ed25519Key::generate_pkcs8().map_err(anyhow::Error::msg)?;
        let public = Ed25519Key::from_pkcs8_der(&private).map_err(anyhow::Error::msg)?.public_key();
        return Ok((private, public));
    }
    let private = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, RSA_BITS).map_err(anyhow::Error::from)?;
    let public = private.to_public_key().to_pkcs1_der().map_err(anyhow::Error::from)?.as_bytes().to_vec();
    let private = private.to_pkcs1_der().map_err(anyhow::Error::from)?.as_bytes().to_vec();
    // Records hold the key with its algorithm's name around it (RFC 6376, 3.6.1, as servers do it).
    Ok((private, with_algorithm(&public)))
}

/// `RSAPublicKey` as `SubjectPublicKeyInfo`: a fixed head for keys of 2048 bits.
fn with_algorithm(public: &[u8]) -> Vec<u8> {
    const RSA: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = [&[0][..], public].concat();
    let bits = tagged(0x03, &bits);
    tagged(0x30, &[&RSA[..], &bits].concat())
}

/// A DER value with its tag and length.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut head = vec![tag];
    match significant {
        [short] if *short < 0x80 => head.push(*short),
        [] => head.push(0),
        long => {
            head.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            head.extend(long);
        }
    }
    [&head[..], content].concat()
}

/// Switches a key on or off.
pub async fn set_signs(app: &App, actor: &Actor, id: i64, signs: bool) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    store::key(&mut tx, id).await?;
    store::set_signs(&mut tx, id, signs).await?;
    super::record_setting(app, &mut tx, actor, "dkim")?;
    tx.commit().await
}

/// Forgets a key. What it signed stays valid as long as its record is published.
pub async fn remove(app: &App, actor: &Actor, id: i64) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    store::key(&mut tx, id).await?;
    store::remove_key(&mut tx, id).await?;
    super::record_setting(app, &mut tx, actor, "dkim")?;
    tx.commit().await
}

/// Asks the DNS for the key's record, and keeps what it said.
pub async fn check(app: &App, actor: &Actor, id: i64) -> Result<Found> {
    actor.may(Right::ManageSettings)?;
    let key = store::key(&mut app.db.read().await?, id).await?;
    let asked = tokio::time::timeout(PATIENCE, ask(&key.record_name())).await;
    let found = match asked {
        Ok(Ok(Some(record))) => judge(&record, &key),
        Ok(Ok(None)) => Found::Missing,
        Ok(Err(_)) | Err(_) => Found::Unreachable,
    };
    let mut tx = app.db.write().await?;
    store::set_found(&mut tx, id, found.code(), app.now()).await?;
    tx.commit().await?;
    Ok(found)
}

/// The text record of a name; `None` if there is none.
async fn ask(name: &str) -> anyhow::Result<Option<String>> {
    let resolver = MessageAuthenticator::new_system_conf().map_err(|error| anyhow!("{error}"))?;
    match resolver.txt_raw_lookup(format!("{name}.")).await {
        Ok(text) => Ok(Some(String::from_utf8_lossy(&text).into_owned()).filter(|text| !text.is_empty())),
        Err(mail_auth::Error::Dns(DnsError::RecordNotFound(_))) => Ok(None),
        Err(error) => Err(anyhow!("{error}")),
    }
}

/// Blanks and the order of the tags mean nothing.
pub fn judge(record: &str, key: &Key) -> Found {
    let bare: String = record.chars().filter(|c| !c.is_whitespace()).collect();
    let public = bare.split(';').find_map(|tag| tag.strip_prefix("p="));
    match public {
        Some(public) if public == key.public => Found::Published,
        Some(_) => Found::Different,
        None => Found::Missing,
    }
}

/// The message with a signature of each key of the sender's domain that signs.
pub async fn sign(app: &App, tx: &mut Tx, sender: &str, raw: Vec<u8>) -> Result<Vec<u8>> {
    let domain = sender.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
    let mut keys = Vec::new();
    for key in store::signing_keys(tx, &domain).await? {
        let private = sealed::open(app.secret(), PURPOSE, &key.private)?;
        keys.push((key, private));
    }
    if keys.is_empty() {
        return Ok(raw);
    }
    let signed = tokio::task::spawn_blocking(move || sign_with(&keys, &raw)).await;
    Ok(signed.map_err(anyhow::Error::from)??)
}

fn sign_with(keys: &[(Key, Vec<u8>)], raw: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut head = String::new();
    for (key, private) in keys {
        let signer: DkimKey = match key.algorithm {
            Algorithm::Rsa => {
                let der = PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(private.as_slice()));
                RsaKey::from_key_der(der).map_err(|error| anyhow!("{error}"))?.into()
            }
            Algorithm::Ed25519 => {
                Ed25519Key::from_pkcs8_der(private).map_err(|error| anyhow!("{error}"))?.into()
            }
        };
        let signature = DkimSigner::from_key(signer)
            .domain(&key.domain)
            .selector(&key.selector)
            .headers(SIGNED)
            .header_canonicalization(Canonicalization::Relaxed)
            .body_canonicalization(Canonicalization::Relaxed)
            .sign(raw)
            .map_err(|error| anyhow!("{error}"))
            .with_context(|| format!("signing with the key {}", key.id))?;
        head.push_str(&signature.to_header());
    }
    Ok([head.as_bytes(), raw].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key {
            id: 1,
            domain: "haus.example".into(),
            selector: "kitt".into(),
            algorithm: Algorithm::Ed25519,
            private: Vec::new(),
            public: "abc=".into(),
            signs: true,
            created_at: Timestamp(0),
            checked_at: None,
            found: None,
        }
    }

    #[test]
    fn a_record_counts_however_it_is_written() {
        for (record, found) in [
            (key().record(), Found::Published),
            ("v=DKIM1;k=ed25519;\tp=ab c=; t=s".into(), Found::Published),
            ("v=DKIM1; p=other".into(), Found::Different),
            ("v=DKIM1; p=".into(), Found::Different),
            ("v=spf1 -all".into(), Found::Missing),
        ] {
            assert_eq!(judge(&record, &key()), found, "{record}");
        }
        assert_eq!(key().record_name(), "kitt._domainkey.haus.example");
    }

    #[test]
    fn names_are_those_of_the_dns() {
        for (name, good) in [
            ("haus.example", true),
            ("a_b", true),
            ("", false),
            ("-a", false),
            ("a b", false),
            ("a..b", false),
            ("ä", false),
        ] {
            assert_eq!(is_name(name), good, "{name}");
        }
    }

    #[test]
    fn lengths_are_written_as_der_wants_them() {
        assert_eq!(tagged(3, &[1]), [3, 1, 1]);
        assert_eq!(tagged(3, &[0; 200])[..3], [3, 0x81, 200]);
        assert_eq!(tagged(3, &[0; 300])[..4], [3, 0x82, 1, 44]);
    }

    /// A private key (PKCS #1) and its public half (`SubjectPublicKeyInfo`), both DER as base64, made by OpenSSL.
    const RSA: &str = include_str!("../../tests/support/dkim_rsa.txt");

    #[test]
    fn rsa_keys_are_published_as_other_programs_publish_them_and_sign() {
        let (private, public) = RSA.trim().split_once('\n').expect("two lines");
        let private = STANDARD.decode(private).expect("base64");
        let der = PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(private.as_slice()));
        let bare =
            RsaKey::<mail_auth::common::crypto::Sha256>::from_key_der(der).expect("a key").public_key();
        assert_eq!(STANDARD.encode(with_algorithm(&bare)), public);

        let key = Key { algorithm: Algorithm::Rsa, public: public.to_owned(), ..key() };
        let signed = sign_with(&[(key, private)], b"From: a@haus.example\r\n\r\nx\r\n").expect("it signs");
        let head = String::from_utf8_lossy(&signed).into_owned();
        assert!(head.starts_with("DKIM-Signature: v=1; a=rsa-sha256; s=kitt; d=haus.example;"), "{head}");
    }
}
