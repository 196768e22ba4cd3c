//! Who pushes (RFC 8292): the house has one key, made at first use and kept sealed. Browsers take pushes only from who
//! has the key that they were given.

use anyhow::{Context, anyhow};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use url::Url;

use crate::notices::store;
use crate::platform::{App, Result, Timestamp, dialect, sealed};

const PURPOSE: &str = "kitt notices 2026: key that pushes are signed with";
/// How long a signature is good for: less than the day that is allowed.
const LASTS: std::time::Duration = std::time::Duration::from_hours(12);

/// The house's key.
pub struct Key(EcdsaKeyPair);

impl Key {
    /// The key, made if there is none yet.
    pub async fn load(app: &App) -> Result<Self> {
        if let Some(kept) = store::state(&mut app.db.read().await?, "vapid").await? {
            return Self::open(app, &kept);
        }
        let mut tx = app.db.write().await?;
        // Two may want the first one at the same moment.
        dialect::lock(&mut tx, "notices-vapid", 0).await?;
        if let Some(kept) = store::state(&mut tx, "vapid").await? {
            return Self::open(app, &kept);
        }
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| anyhow!("a key for pushes cannot be made"))?;
        let kept = URL_SAFE_NO_PAD.encode(sealed::seal(app.secret(), PURPOSE, made.as_ref())?);
        store::set_state(&mut tx, "vapid", &kept).await?;
        tx.commit().await?;
        Self::open(app, &kept)
    }

    fn open(app: &App, kept: &str) -> Result<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(kept).context("the kept key for pushes")?;
        let key = sealed::open(app.secret(), PURPOSE, &sealed)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key, &SystemRandom::new());
        Ok(Self(pair.map_err(|_| anyhow!("the kept key for pushes is none"))?))
    }

    /// As browsers are given it.
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key().as_ref())
    }

    /// The header `Authorization` of a push to `endpoint`.
    pub fn authorization(&self, endpoint: &Url, contact: &str, now: Timestamp) -> Result<String> {
        let claims = serde_json::json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": (now + LASTS).seconds(),
            "sub": format!("mailto:{contact}"),
        });
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let said = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.0.sign(&SystemRandom::new(), said.as_bytes());
        let signature = signature.map_err(|_| anyhow!("a push cannot be signed"))?;
        let token = format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature));
        Ok(format!("vapid t={token}, k={}", self.public()))
    }
}
