//! Passwords and tokens at rest: sealed with a key that is derived from the house's secret.
//!
//! A sealed secret cannot be read in a list, a log or a table that was copied alone. Whoever has the whole
//! database has the key, too: against that, the disk has to be encrypted.

use anyhow::{Context, anyhow};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::platform::Result;

/// What the key is for; another text is another key.
const PURPOSE: &str = "kitt mailboxes: passwords and refresh tokens, 2026";

/// Encrypts and authenticates; the nonce goes in front.
pub fn seal(house: &[u8; 32], secret: &str) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE_LEN] = rand::random();
    let mut bytes = secret.as_bytes().to_vec();
    key(house)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes)
        .map_err(|_| anyhow!("a secret cannot be sealed"))?;
    Ok([nonce.as_slice(), &bytes].concat())
}

/// # Errors
///
/// If it was sealed with another key, or changed.
pub fn open(house: &[u8; 32], sealed: &[u8]) -> Result<String> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().context("a sealed secret is too short")?;
    let mut bytes = rest.to_vec();
    let plain = key(house)?
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut bytes)
        .map_err(|_| anyhow!("a secret was sealed with another key"))?;
    Ok(std::str::from_utf8(plain).context("a secret is no text")?.to_owned())
}

fn key(house: &[u8; 32]) -> Result<LessSafeKey> {
    let key = blake3::derive_key(PURPOSE, house);
    let key = UnboundKey::new(&CHACHA20_POLY1305, &key).map_err(|_| anyhow!("a key has the wrong length"))?;
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_house_opens_what_nobody_changed() -> Result<()> {
        let sealed = seal(&[7; 32], "Überaus geheim")?;

        assert_eq!(open(&[7; 32], &sealed)?, "Überaus geheim");
        assert!(open(&[8; 32], &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&[7; 32], &changed).is_err(), "byte {at}");
        }
        assert!(open(&[7; 32], b"short").is_err());
        assert_ne!(seal(&[7; 32], "x")?, seal(&[7; 32], "x")?);
        Ok(())
    }
}
