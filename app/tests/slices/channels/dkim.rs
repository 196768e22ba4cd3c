//! Signed mail, verified as its recipients do.

use std::borrow::Borrow;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kitt::platform::{Role, sealed, sql};
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::{
    AuthenticatedMessage, DkimResult, MX, MessageAuthenticator, Parameters, RecordSet, ResolverCache, Txt,
};
use serde_json::{Value, json};

use crate::support::smtp;
use crate::world::{World, both};

both!(
    a_mail_is_signed_once_its_key_is_switched_on,
    a_mail_signed_with_rsa_is_verified,
    a_key_can_be_had_once_and_never_be_seen,
);

const PATIENCE: Duration = Duration::from_secs(20);

/// A DNS that knows one record.
struct OneRecord {
    name: String,
    text: String,
}

impl ResolverCache<Box<str>, Txt> for OneRecord {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let known: Box<str> = self.name.as_str().into();
        let key = DomainKey::parse(self.text.as_bytes()).ok()?;
        (known.borrow() == name).then(|| Txt::DomainKey(key.into()))
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// Knows nothing; the library wants one for each kind of record.
struct Nothing;

macro_rules! knows_nothing {
    ($($key:ty => $value:ty),+ $(,)?) => {
        $(impl ResolverCache<$key, $value> for Nothing {
            fn get<Q>(&self, _: &Q) -> Option<$value>
            where
                $key: Borrow<Q>,
                Q: Hash + Eq + ?Sized,
            {
                None
            }

            fn remove<Q>(&self, _: &Q) -> Option<$value>
            where
                $key: Borrow<Q>,
                Q: Hash + Eq + ?Sized,
            {
                None
            }

            fn insert(&self, _: $key, _: $value, _: Instant) {}
        })+
    };
}

knows_nothing!(
    Box<str> => RecordSet<MX>,
    Box<str> => RecordSet<Ipv4Addr>,
    Box<str> => RecordSet<Ipv6Addr>,
    IpAddr => RecordSet<Box<str>>,
);

async fn verify(raw: &[u8], dns: &OneRecord) -> Result<bool> {
    let message = AuthenticatedMessage::parse(raw).context("a message")?;
    let parameters = Parameters {
        params: &message,
        cache_txt: Some(dns),
        cache_mx: Some(&Nothing),
        cache_ptr: Some(&Nothing),
        cache_ipv4: Some(&Nothing),
        cache_ipv6: Some(&Nothing),
    };
    let found = MessageAuthenticator::new_system_conf()?.verify_dkim(parameters).await;
    Ok(found.iter().any(|one| *one.result() == DkimResult::Pass))
}

async fn make_key(world: &World) -> Result<Value> {
    let form = json!({ "domain": "Haus.example", "selector": "kitt", "algorithm": "ed25519" });
    world.post_json(Role::Admin, "/settings/sending/keys", &form).await?.json()
}

async fn a_mail_is_signed_once_its_key_is_switched_on(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let key = make_key(&world).await?;
    let text = format!("v=DKIM1; k=ed25519; p={}", key["public"].as_str().context("public")?);
    let dns = OneRecord { name: "kitt._domainkey.haus.example.".into(), text };
    world.answer("Noch ohne Unterschrift.").await?;
    world.after(Duration::from_secs(11)).await?;

    let path = format!("/settings/sending/keys/{}/signs", key["id"]);
    world.post_json(Role::Admin, &path, &json!({ "signs": "1" })).await?;
    world.answer("Mit Unterschrift.").await?;
    world.after(Duration::from_secs(11)).await?;

    let mails = server.wait_for(2, PATIENCE)?;
    assert!(!String::from_utf8_lossy(&mails[0].raw).contains("DKIM-Signature"));
    let signed = &mails[1].raw;
    assert!(verify(signed, &dns).await?);
    // Neither other words nor a second sender.
    let text = String::from_utf8_lossy(signed).into_owned();
    assert!(!verify(text.replace("Mit Unterschrift", "Mit Unterschlag").as_bytes(), &dns).await?);
    assert!(!verify(format!("From: Boss <boss@evil.example>\r\n{text}").as_bytes(), &dns).await?);
    Ok(())
}

/// A key of 2048 bits takes long to find in a test, so this one was found before.
const RSA: &str = include_str!("../../support/dkim_rsa.txt");

async fn a_mail_signed_with_rsa_is_verified(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let mut halves = RSA.lines();
    let private = STANDARD.decode(halves.next().context("the private half")?)?;
    let public = halves.next().context("the public half")?;
    let purpose = "kitt channels: private keys of DKIM, 2026";
    let mut tx = world.app.db.write().await?;
    sql("INSERT INTO dkim_keys (domain, selector, algorithm, private, public, signs, created_at)
         VALUES ('haus.example', 'kitt', 'rsa', $1, $2, TRUE, 0)")
    .bind(sealed::seal(world.app.secret(), purpose, &private)?)
    .bind(public)
    .run(&mut tx)
    .await?;
    tx.commit().await?;
    let dns = OneRecord {
        name: "kitt._domainkey.haus.example.".into(),
        text: format!("v=DKIM1; k=rsa; p={public}"),
    };

    world.answer("Mit RSA.").await?;
    world.after(Duration::from_secs(11)).await?;

    let signed = &server.wait_for(1, PATIENCE)?[0].raw;
    assert!(verify(signed, &dns).await?);
    let text = String::from_utf8_lossy(signed).into_owned();
    assert!(text.contains("a=rsa-sha256"), "{text}");
    assert!(!verify(text.replace("Mit RSA", "Mit DSA").as_bytes(), &dns).await?);
    Ok(())
}

async fn a_key_can_be_had_once_and_never_be_seen(world: World) -> Result<()> {
    let key = make_key(&world).await?;
    assert_eq!((key["domain"].as_str(), key["signs"].as_bool()), (Some("haus.example"), Some(false)));
    assert!(key.get("private").is_none());

    let again = make_key(&world).await?;
    assert_eq!(again["errors"][0]["field"], "selector", "{again}");

    let page = world.get(Role::Admin, "/settings/sending").await?;
    assert!(page.body.contains("kitt._domainkey.haus.example. TXT"), "{}", page.body);
    let public = key["public"].as_str().context("public")?.replace('+', "&#43;");
    assert!(page.body.contains(&public) || page.body.contains(key["public"].as_str().unwrap_or_default()));
    world.post_json(Role::Admin, &format!("/settings/sending/keys/{}/remove", key["id"]), &json!({})).await?;
    assert_eq!(world.get_json(Role::Admin, "/settings/sending").await?.json()?["keys"], json!([]));
    Ok(())
}
