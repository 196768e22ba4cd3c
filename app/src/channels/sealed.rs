//! Secrets at rest: encrypted with a key that is made of the house's own secret, bound to what they are for.
//!
//! A copy of one table is worth nothing. Whoever has the whole database has the house's secret, too.

use anyhow::anyhow;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::platform::{App, Result};

fn key(app: &App, purpose: &str) -> Result<LessSafeKey> {
    let bytes = blake3::keyed_hash(app.secret(), format!("sealed {purpose}").as_bytes());
    let key = UnboundKey::new(&CHACHA20_POLY1305, bytes.as_bytes()).map_err(|_| anyhow!("not a key"))?;
    Ok(LessSafeKey::new(key))
}

/// Encrypts `secret`; [`open`] needs the same purpose.
pub fn seal(app: &App, purpose: &str, secret: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE_LEN] = rand::random();
    let mut sealed = secret.to_vec();
    key(app, purpose)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
        .map_err(|_| anyhow!("cannot encrypt"))?;
    Ok([&nonce[..], &sealed].concat())
}

/// # Errors
///
/// If the bytes were changed, or sealed for another purpose or by another house.
pub fn open(app: &App, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    let broken = || anyhow!("a kept secret cannot be decrypted: was the database's secret changed?");
    let (nonce, rest) = sealed.split_at_checked(NONCE_LEN).ok_or_else(broken)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
    let mut bytes = rest.to_vec();
    let opened = key(app, purpose)?.open_in_place(nonce, Aad::empty(), &mut bytes).map_err(|_| broken())?;
    Ok(opened.to_vec())
}
