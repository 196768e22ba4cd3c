//! Secrets at rest: encrypted with a key that is derived from the house's own secret, bound to what they are for.
//!
//! A sealed secret cannot be read in a list, a log or a table that was copied alone. Whoever has the whole
//! database has the house's secret, too: against that, the disk has to be encrypted.

use anyhow::anyhow;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::error::Result;

/// Encrypts and authenticates; [`open`] needs the same purpose. The nonce goes in front.
///
/// `purpose` says what the key is for, in words that nobody else uses: another text is another key.
pub fn seal(house: &[u8; 32], purpose: &'static str, secret: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE_LEN] = rand::random();
    let mut sealed = secret.to_vec();
    key(house, purpose)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
        .map_err(|_| anyhow!("a secret cannot be sealed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// # Errors
///
/// If the bytes were changed, or sealed for another purpose or by another house.
pub fn open(house: &[u8; 32], purpose: &'static str, sealed: &[u8]) -> Result<Vec<u8>> {
    let broken = || anyhow!("a kept secret cannot be opened: was the database's secret changed?");
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(broken)?;
    let mut bytes = rest.to_vec();
    let opened = key(house, purpose)?
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut bytes)
        .map_err(|_| broken())?;
    Ok(opened.to_vec())
}

fn key(house: &[u8; 32], purpose: &'static str) -> Result<LessSafeKey> {
    let key = blake3::derive_key(purpose, house);
    let key = UnboundKey::new(&CHACHA20_POLY1305, &key).map_err(|_| anyhow!("a key has the wrong length"))?;
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_house_opens_what_nobody_changed() -> Result<()> {
        let sealed = seal(&[7; 32], "test", "Überaus geheim".as_bytes())?;

        assert_eq!(open(&[7; 32], "test", &sealed)?, "Überaus geheim".as_bytes());
        assert!(open(&[8; 32], "test", &sealed).is_err());
        assert!(open(&[7; 32], "something else", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&[7; 32], "test", &changed).is_err(), "byte {at}");
        }
        assert!(open(&[7; 32], "test", b"short").is_err());
        assert_ne!(seal(&[7; 32], "test", b"x")?, seal(&[7; 32], "test", b"x")?);
        Ok(())
    }
}
