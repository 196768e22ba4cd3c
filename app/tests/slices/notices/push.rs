//! Pushes to browsers: encrypted so that only the browser reads them, signed by the house, given up when it is gone.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kitt::cases;
use kitt::notices;
use kitt::notices::{NoticeKind, Ways, Wishes};
use kitt::platform::{Error, Role};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::SystemRandom;
use ring::signature;
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    only_the_browser_reads_what_is_pushed_and_it_says_no_more_than_allowed,
    a_browser_that_is_gone_is_forgotten_and_a_busy_service_is_tried_again,
    a_pause_holds_pushes_back_and_many_come_as_one,
    what_was_read_meanwhile_is_not_pushed,
    only_push_services_are_taken_and_only_own_browsers_touched,
);

const PUSHED: Ways = Ways { page: true, push: true, mail: false, digest: false };

/// A push service on this machine.
#[derive(Clone)]
struct Service {
    url: String,
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    says: Arc<AtomicU16>,
}

impl Service {
    async fn start() -> Result<Self> {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/push/", socket.local_addr()?);
        let service = Self { url, got: Arc::default(), says: Arc::new(AtomicU16::new(201)) };
        let router = Router::new().route("/push/{id}", post(take)).with_state(service.clone());
        tokio::spawn(async move { axum::serve(socket, router).await });
        Ok(service)
    }

    fn got(&self) -> Vec<(HeaderMap, Bytes)> {
        self.got.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn take(State(service): State<Service>, headers: HeaderMap, body: Bytes) -> StatusCode {
    service.got.lock().unwrap_or_else(PoisonError::into_inner).push((headers, body));
    StatusCode::from_u16(service.says.load(Ordering::SeqCst)).unwrap_or(StatusCode::CREATED)
}

/// A browser; its key is good for one message.
struct Browser {
    key: EphemeralPrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn stretch(key: &Prk, info: &[&[u8]], length: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let filled = key.expand(info, Length(length)).and_then(|stretched| stretched.fill(&mut bytes));
    filled.map_err(|_| anyhow!("not stretched"))?;
    Ok(bytes)
}

impl Browser {
    fn new() -> Result<Self> {
        let key = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new());
        let key = key.map_err(|_| anyhow!("no key"))?;
        let public = key.compute_public_key().map_err(|_| anyhow!("no key"))?.as_ref().to_vec();
        Ok(Self { key, public, auth: [7; 16] })
    }

    /// The agent switches it on.
    async fn switch_on(&self, world: &World, service: &Service, id: u8) -> Result<Value> {
        let form = json!({
            "endpoint": format!("{}{id}", service.url),
            "p256dh": URL_SAFE_NO_PAD.encode(&self.public),
            "auth": URL_SAFE_NO_PAD.encode(self.auth),
        });
        world.post_json(Role::Agent, "/notices/browsers", &form).await?.json()
    }

    /// As RFC 8291 tells browsers.
    fn read(self, body: &[u8]) -> Result<Value> {
        let (salt, rest) = body.split_at(16);
        let (head, rest) = rest.split_at(5);
        ensure!(head == [0, 0, 16, 0, 65], "{head:?}");
        let (theirs, sealed) = rest.split_at(65);
        let shared = agree_ephemeral(self.key, &UnparsedPublicKey::new(&ECDH_P256, theirs), <[u8]>::to_vec);
        let shared = shared.map_err(|_| anyhow!("no agreement"))?;
        let both = Salt::new(HKDF_SHA256, &self.auth).extract(&shared);
        let material = stretch(&both, &[b"WebPush: info\0", &self.public, theirs], 32)?;
        let keys = Salt::new(HKDF_SHA256, salt).extract(&material);
        let key = stretch(&keys, &[b"Content-Encoding: aes128gcm\0"], 16)?;
        let nonce: [u8; 12] = stretch(&keys, &[b"Content-Encoding: nonce\0"], 12)?
            .try_into()
            .map_err(|_| anyhow!("12 bytes"))?;
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).map_err(|_| anyhow!("no key"))?);
        let mut bytes = sealed.to_vec();
        let plain = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes);
        let plain = plain.map_err(|_| anyhow!("it cannot be read"))?;
        ensure!(plain.last() == Some(&2), "the mark of the last record");
        Ok(serde_json::from_slice(&plain[..plain.len() - 1])?)
    }
}

/// Checks who signed a push, as push services do (RFC 8292).
fn check_signature(headers: &HeaderMap, key: &str, service: &Service) -> Result<()> {
    let said = headers.get("authorization").and_then(|value| value.to_str().ok()).context("signed")?;
    let (token, named) =
        said.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k=")).context("vapid")?;
    ensure!(named == key, "the key that the browser was given");
    let (claimed, signature) = token.rsplit_once('.').context("a token")?;
    signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, URL_SAFE_NO_PAD.decode(key)?)
        .verify(claimed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature)?)
        .map_err(|_| anyhow!("the signature is none"))?;
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claimed.split_once('.').context("two parts")?.1)?)?;
    ensure!(service.url.starts_with(claims["aud"].as_str().context("whom")?), "{claims}");
    ensure!(claims["sub"] == "mailto:service@haus.example", "{claims}");
    Ok(())
}

impl World {
    async fn pushes(&self) -> Result<()> {
        notices::hand_over(&self.app).await?;
        self.settle().await
    }
}

async fn only_the_browser_reads_what_is_pushed_and_it_says_no_more_than_allowed(world: World) -> Result<()> {
    let (service, browser, second) = (Service::start().await?, Browser::new()?, Browser::new()?);
    let key = world.get_json(Role::Agent, "/notices/settings").await?.json()?["push_key"].clone();
    let key = key.as_str().context("a key")?;
    let case = world.own_case().await?;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    browser.switch_on(&world, &service, 1).await?;
    world.mention(case).await?;
    world.pushes().await?;
    world.pushes().await?;

    let got = service.got();
    assert_eq!(got.len(), 1, "once");
    let (headers, body) = &got[0];
    check_signature(headers, key, &service)?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert_eq!((text("content-encoding"), text("ttl")), ("aes128gcm", "43200"));
    let said = browser.read(body)?;
    assert_eq!(said["title"], "Du wurdest erwähnt");
    assert_eq!(said["body"], format!("Fall {number}"), "nobody's name, nothing of what it is about");

    let wishes = Wishes { push_subject: true, ..Wishes::default() };
    notices::set_wishes(&world.app, &world.agent, Some(&wishes)).await?;
    second.switch_on(&world, &service, 1).await?;
    world.mention(world.own_case().await?).await?;
    world.pushes().await?;
    let body = service.got().pop().context("a push")?.1;
    let said = second.read(&body)?["body"].to_string();
    assert!(said.contains("Sofa") && said.contains("Tom Lead"), "{said}");
    Ok(())
}

async fn a_browser_that_is_gone_is_forgotten_and_a_busy_service_is_tried_again(world: World) -> Result<()> {
    let service = Service::start().await?;
    Browser::new()?.switch_on(&world, &service, 1).await?;
    service.says.store(503, Ordering::SeqCst);
    world.mention(world.own_case().await?).await?;
    world.pushes().await?;
    service.says.store(201, Ordering::SeqCst);
    world.forward(Duration::from_secs(10));
    world.pushes().await?;
    assert_eq!(service.got().len(), 2, "once more after a failure");

    service.says.store(410, Ordering::SeqCst);
    world.mention(world.own_case().await?).await?;
    world.pushes().await?;
    let left = world.get_json(Role::Agent, "/notices/settings").await?.json()?["browsers"].clone();
    assert_eq!(left, json!([]));
    world.mention(world.own_case().await?).await?;
    world.pushes().await?;
    assert_eq!(service.got().len(), 3, "nobody is there any more");
    Ok(())
}

async fn a_pause_holds_pushes_back_and_many_come_as_one(world: World) -> Result<()> {
    let (service, browser) = (Service::start().await?, Browser::new()?);
    browser.switch_on(&world, &service, 1).await?;
    let mut wishes = Wishes { ways: [(NoticeKind::Mentioned, PUSHED)].into(), ..Wishes::default() };
    wishes.quiet.pause = Some((world.now() + Duration::from_hours(1)).moment());
    notices::set_wishes(&world.app, &world.agent, Some(&wishes)).await?;
    for _ in 0..4 {
        world.mention(world.own_case().await?).await?;
    }
    world.pushes().await?;
    assert_eq!(service.got().len(), 0);

    world.forward(Duration::from_hours(1));
    world.pushes().await?;
    let got = service.got();
    assert_eq!(got.len(), 1);
    assert_eq!(browser.read(&got[0].1)?["title"], "4 neue Benachrichtigungen");
    Ok(())
}

async fn what_was_read_meanwhile_is_not_pushed(world: World) -> Result<()> {
    let service = Service::start().await?;
    Browser::new()?.switch_on(&world, &service, 1).await?;
    let case = world.own_case().await?;
    world.mention(case).await?;
    notices::hand_over(&world.app).await?;
    notices::see(&world.app, &mut world.app.db.read().await?, &world.agent, case).await?;
    world.settle().await?;
    assert_eq!(service.got().len(), 0);
    Ok(())
}

async fn only_push_services_are_taken_and_only_own_browsers_touched(world: World) -> Result<()> {
    let (service, browser) = (Service::start().await?, Browser::new()?);
    let (point, none, secret): (&[u8], &[u8], &[u8]) = (&browser.public, &[4; 65], &[7; 16]);
    for (endpoint, p256dh, auth, field) in [
        ("ftp://push.example/1", point, secret, "endpoint"),
        ("http://push.example/1", point, secret, "endpoint"),
        ("https://localhost/1", point, secret, "endpoint"),
        ("https://10.0.0.1/1", point, secret, "endpoint"),
        ("https://push.example/1", none, secret, "p256dh"),
        ("https://push.example/1", point, &secret[1..], "auth"),
    ] {
        let keys = (URL_SAFE_NO_PAD.encode(p256dh), URL_SAFE_NO_PAD.encode(auth));
        let keys = (keys.0.as_str(), keys.1.as_str());
        let refused = notices::push::add_browser(&world.app, &world.agent, endpoint, keys, "test").await;
        match refused {
            Err(Error::Invalid(fields)) => assert_eq!(fields[0].field, field, "{endpoint}"),
            other => anyhow::bail!("{endpoint}: {other:?}"),
        }
    }
    let id = browser.switch_on(&world, &service, 1).await?["id"].as_i64().context("an id")?;
    for path in [format!("/notices/browsers/{id}/trial"), format!("/notices/browsers/{id}/removal")] {
        assert_eq!(world.post_json(Role::Lead, &path, &json!({})).await?.status, 404, "{path}");
    }
    world.post_json(Role::Agent, &format!("/notices/browsers/{id}/trial"), &json!({})).await?;
    world.settle().await?;
    assert_eq!(browser.read(&service.got()[0].1)?["title"], "So meldet sich Kitt.");
    let removed =
        world.post_json(Role::Agent, &format!("/notices/browsers/{id}/removal"), &json!({})).await?;
    assert_eq!(removed.status, 200);
    Ok(())
}
