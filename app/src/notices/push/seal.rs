//! Encryption of a push for one browser (RFC 8291, RFC 8188): its maker carries it and cannot read it.

use anyhow::anyhow;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::SystemRandom;

/// Bytes of an uncompressed point of P-256.
pub const POINT: usize = 65;
/// Bytes of the secret that a browser made.
pub const SECRET: usize = 16;
/// Bytes of a record. What is pushed fits into one.
const RECORD: u32 = 4096;
/// After the last byte of the last record.
const LAST: u8 = 2;

/// The body of the request.
pub fn seal(plain: &[u8], browser: &[u8], auth: &[u8]) -> anyhow::Result<Vec<u8>> {
    let random = SystemRandom::new();
    let failed = |_| anyhow!("a push cannot be encrypted: is the browser's key one?");
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &random).map_err(failed)?;
    let public = own.compute_public_key().map_err(failed)?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, browser);
    let salt: [u8; 16] = rand::random();
    agree_ephemeral(own, &theirs, |shared| seal_with(plain, shared, (browser, public.as_ref()), auth, salt))
        .map_err(failed)?
}

/// As [`seal`], with what is random or follows from it.
fn seal_with(
    plain: &[u8],
    shared: &[u8],
    (browser, own): (&[u8], &[u8]),
    auth: &[u8],
    salt: [u8; 16],
) -> anyhow::Result<Vec<u8>> {
    let both = Salt::new(HKDF_SHA256, auth).extract(shared);
    let material: [u8; 32] = expand(&both, &[b"WebPush: info\0", browser, own])?;
    let keys = Salt::new(HKDF_SHA256, &salt).extract(&material);
    let key: [u8; 16] = expand(&keys, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce: [u8; NONCE_LEN] = expand(&keys, &[b"Content-Encoding: nonce\0"])?;

    let mut sealed = [plain, &[LAST]].concat();
    let key = UnboundKey::new(&AES_128_GCM, &key).map_err(|_| anyhow!("a key has the wrong length"))?;
    LessSafeKey::new(key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
        .map_err(|_| anyhow!("a push cannot be encrypted"))?;
    let length = u8::try_from(own.len())?;
    Ok([&salt[..], &RECORD.to_be_bytes(), &[length], own, &sealed].concat())
}

/// The length of what a key is stretched to.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(key: &Prk, info: &[&[u8]]) -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    let filled = key.expand(info, Length(N)).and_then(|stretched| stretched.fill(&mut bytes));
    filled.map_err(|_| anyhow!("a key cannot be stretched"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_standard_comes_out_as_it_stands_there() -> anyhow::Result<()> {
        let browser =
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let own =
            bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt: [u8; 16] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().expect("16 bytes");
        let sealed = seal_with(
            b"When I grow up, I want to be a watermelon",
            &shared,
            (&browser, &own),
            &bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            salt,
        )?;
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
        Ok(())
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(seal(b"x", &[4; POINT], &[0; SECRET]).is_err());
        assert!(seal(b"x", b"", b"").is_err());
    }
}
