//! Passwords: argon2id, at most two at a time so that logins cannot eat the machine.

use anyhow::anyhow;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::platform::{Error, Result};

/// Shorter ones are refused; NIST SP 800-63B asks for at least 8, we for 10 without rules about characters.
const SHORTEST: usize = 10;
const LONGEST: usize = 200;

/// Each takes 19 MiB and one core for some 20 ms.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Verified for unknown accounts, so that the time of the answer tells nothing.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbCEh$Mx0mVh3MTKGRhM0Y1W+Fh0hkmkVWo2z9Vw3mS0kD3sY";

fn argon() -> Argon2<'static> {
    // OWASP's first choice for argon2id.
    let params = Params::new(19 * 1024, 2, 1, None).expect("constant parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

pub async fn hash(password: String) -> Result<String> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Error::invalid("password", "password-length"));
    }
    let _turn = AT_ONCE.acquire().await.map_err(anyhow::Error::from)?;
    let hashed = tokio::task::spawn_blocking(move || {
        argon().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    Ok(hashed
        .await
        .map_err(anyhow::Error::from)?
        .map_err(|error| anyhow!("cannot hash a password: {error}"))?)
}

/// Does `password` belong to `hash`? Without a hash the answer is no, after the same time.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    let _turn = AT_ONCE.acquire().await.map_err(anyhow::Error::from)?;
    let known = hash.is_some();
    let verified = tokio::task::spawn_blocking(move || {
        let text = hash.unwrap_or_else(|| NOBODY.to_owned());
        PasswordHash::new(&text).is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok())
    });
    Ok(verified.await.map_err(anyhow::Error::from)? && known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_opens() -> Result<()> {
        let hash = hash("richtig und lang".into()).await?;
        assert!(verify("richtig und lang".into(), Some(hash.clone())).await?);
        assert!(!verify("falsch und lang".into(), Some(hash)).await?);
        assert!(!verify("richtig und lang".into(), None).await?);
        Ok(())
    }

    #[test]
    fn the_hash_for_nobody_is_well_formed() {
        assert!(PasswordHash::new(NOBODY).is_ok(), "else unknown accounts would answer faster");
    }
}
