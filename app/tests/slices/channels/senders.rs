//! Who sent it? Mails that are really signed, a DNS that really answers, or does not.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kitt::cases::SenderProof;
use kitt::channels;
use kitt::channels::{Delivery, Received, Route};
use kitt::node;
use kitt::platform::{App, Clock, Role, Settings};
use mail::threading;
use mail_auth::arc::ArcSealer;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::DkimSigner;
use mail_auth::{ArcOutput, AuthenticatedMessage, AuthenticationResults, DmarcOutput, DmarcResult};

use crate::support::dns::Dns;
use crate::world::{World, both};

both!(
    a_signed_mail_is_confirmed_in_plain_words,
    a_forged_sender_is_marked_and_kept_out_of_the_customers_file,
    a_forged_sender_is_nobodys_participant,
    a_mail_that_was_changed_on_its_way_is_not_believed,
    a_permitted_server_confirms_and_a_foreign_one_does_not,
    a_sealed_forward_is_believed_of_trusted_servers_only,
    several_senders_are_suspicious,
    without_dns_nothing_is_lost_and_nothing_claimed,
    a_slow_dns_holds_nobody_else_up,
    a_forgers_slow_domain_excuses_nothing,
    what_a_trusted_server_found_is_believed_of_it_only,
    this_machine_and_imports_ask_no_dns,
);

const SHOP: &str = "192.0.2.7";

/// The world with a DNS of its own, in which the domain of Frau Sommerauer signs and disowns what is not hers.
struct House {
    world: World,
    app: App,
    dns: Dns,
    key: Vec<u8>,
}

impl House {
    async fn new(world: World) -> Result<Self> {
        let dns = Dns::start().await?;
        let key = Ed25519Key::generate_pkcs8()?;
        let public = STANDARD.encode(Ed25519Key::from_pkcs8_der(&key)?.public_key());
        for domain in ["example.org", "list.example", "evil.example"] {
            dns.text(&format!("s._domainkey.{domain}"), &format!("v=DKIM1; k=ed25519; p={public}"));
        }
        dns.text("_dmarc.example.org", "v=DMARC1; p=reject");
        dns.text("evil.example", "v=spf1 ip4:203.0.113.0/24 -all");
        dns.text("open.example", &format!("v=spf1 ip4:{SHOP} -all"));
        let app = with(&world, |settings| settings.dns_server = Some(dns.address)).await?;
        Ok(Self { world, app, dns, key })
    }

    /// With a valid signature of `domain` in front.
    fn signed(&self, domain: &str, mail: &str) -> Result<String> {
        let signature = DkimSigner::from_key(Ed25519Key::from_pkcs8_der(&self.key)?)
            .domain(domain)
            .selector("s")
            .headers(["From", "To", "Subject"])
            .sign(mail.as_bytes())?;
        Ok(signature.to_header() + mail)
    }

    /// As the list server forwards it: changed, and sealed with what it had found.
    fn forwarded(&self, mail: &str) -> Result<String> {
        let changed = mail.replace("flackert", "flackert (list.example)");
        let message = AuthenticatedMessage::parse(changed.as_bytes()).context("it has headers")?;
        let found = DmarcOutput::new("example.org".into()).with_dkim_result(DmarcResult::Pass);
        let results = AuthenticationResults::new("mx.list.example").with_dmarc_result(&found);
        let seal = ArcSealer::from_key(Ed25519Key::from_pkcs8_der(&self.key)?)
            .domain("list.example")
            .selector("s")
            .headers(["From", "To", "Subject", "DKIM-Signature"])
            .seal(&message, &results, &ArcOutput::default())?
            .to_header();
        Ok(seal + &changed)
    }

    async fn arrives(&self, peer: &str, sender: &str, raw: &str) -> Result<Received> {
        arrives(&self.world, &self.app, delivery(peer, sender, raw)).await
    }

    async fn proof(&self, mail: &Received) -> Result<SenderProof> {
        Ok(self.world.contact(mail.contact).await?.sender_proof)
    }
}

/// The same house once more, set up differently.
async fn with(world: &World, change: impl FnOnce(&mut Settings)) -> Result<App> {
    let mut settings = Settings { check_senders: true, ..world.app.settings().clone() };
    change(&mut settings);
    node::open(settings, Clock::fixed(world.now())).await
}

fn delivery(peer: &str, sender: &str, raw: &str) -> Delivery {
    Delivery {
        route: Route::Smtp,
        from: Some(sender.into()),
        to: vec!["service@haus.example".into()],
        peer: Some(peer.into()),
        raw: raw.into(),
        queue: None,
    }
}

async fn arrives(world: &World, app: &App, delivery: Delivery) -> Result<Received> {
    let id = channels::intake::keep_from(app, delivery, Some("mail.example")).await?;
    channels::worker::work_off(app).await?;
    world.received(id).await
}

fn mail(subject: &str) -> String {
    super::mail(subject, "Date: Mon, 16 Nov 2026 08:00:00 +0100\r\n")
}

async fn a_signed_mail_is_confirmed_in_plain_words(world: World) -> Result<()> {
    let house = House::new(world).await?;
    let first = house.arrives(SHOP, "x@open.example", &house.signed("example.org", &mail("Lampe"))?).await?;

    assert_eq!(house.proof(&first).await?, SenderProof::Verified);
    let case = house.world.case(first.case).await?;
    assert!(!case.suspicious);
    let page = house.world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    for words in
        ["Absender bestätigt", "Unterschrieben von example.org (DKIM)", "darf für open.example senden (SPF)"]
    {
        assert!(page.contains(words), "{words}");
    }
    let data = house.world.get_json(Role::Agent, &format!("/cases/{}", case.number)).await?.json()?;
    let message = &data["messages"][0];
    assert_eq!((&message["sender_proof"], &data["suspicious"]), (&"verified".into(), &false.into()));
    assert_eq!(
        (&message["sender"]["dmarc"], &message["sender"]["from"]),
        (&"pass".into(), &"example.org".into())
    );
    Ok(())
}

async fn a_forged_sender_is_marked_and_kept_out_of_the_customers_file(world: World) -> Result<()> {
    let house = House::new(world).await?;
    let real = house.arrives(SHOP, "i@example.org", &house.signed("example.org", &mail("Lampe"))?).await?;
    // Its own signature and its own server are right, and prove nothing about another domain.
    let forged = house.signed("evil.example", &mail("Neue Bankverbindung"))?;
    let forged = house.arrives("203.0.113.9", "x@evil.example", &forged).await?;

    assert_eq!(house.proof(&forged).await?, SenderProof::Suspicious);
    let (real, case) = (house.world.case(real.case).await?, house.world.case(forged.case).await?);
    assert_ne!(real.customer, case.customer);
    assert!(case.suspicious && !real.suspicious);
    let page = house.world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    for words in [
        "vermutlich gefälscht",
        "gibt sich als example.org aus",
        "bittet darum, solche Nachrichten abzuweisen",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let list = house.world.get_json(Role::Agent, "/cases?view=all").await?.json()?;
    let marked: Vec<_> =
        list["items"].as_array().context("a list")?.iter().map(|one| &one["suspicious"]).collect();
    assert!(marked.contains(&&true.into()) && marked.contains(&&false.into()), "{list}");
    Ok(())
}

async fn a_forged_sender_is_nobodys_participant(world: World) -> Result<()> {
    let house = House::new(world).await?;
    let signed = house.signed("example.org", &super::mail("Lampe", "Message-ID: <1@example.org>\r\n"))?;
    let first = house.arrives(SHOP, "i@example.org", &signed).await?;
    let number = house.world.case(first.case).await?.number;

    let guess = super::mail(&format!("Re: [{number}] Lampe"), "References: <1@example.org>\r\n");
    let forged = house.arrives("203.0.113.9", "x@evil.example", &guess).await?;
    let signed = house.signed("example.org", &guess)?;
    let real = house.arrives("203.0.113.9", "x@evil.example", &signed).await?;
    let token = threading::reply_address("service@haus.example", &number, house.app.secret());
    let proven =
        Delivery { to: vec![token], ..delivery("203.0.113.9", "x@evil.example", &mail("Mit Adresse")) };
    let proven = arrives(&house.world, &house.app, proven).await?;

    assert_ne!(forged.case, first.case);
    assert_eq!(real.case, first.case);
    let contact = house.world.contact(proven.contact).await?;
    assert_eq!(
        (proven.case, contact.stranger),
        (first.case, true),
        "who knows the secret address is heard, marked"
    );
    Ok(())
}

async fn a_mail_that_was_changed_on_its_way_is_not_believed(world: World) -> Result<()> {
    let house = House::new(world).await?;
    let changed = house.signed("example.org", &mail("Lampe"))?.replace("flackert", "brennt");
    let changed = house.arrives(SHOP, "x@open.example", &changed).await?;

    assert_eq!(house.proof(&changed).await?, SenderProof::Suspicious);
    let found = changed.authentication().context("it was looked at")?;
    assert!(channels::explain(&found).iter().any(|sentence| sentence.word == "sender-dkim-fail"));
    Ok(())
}

async fn a_permitted_server_confirms_and_a_foreign_one_does_not(world: World) -> Result<()> {
    let house = House::new(world).await?;
    let from = |subject: &str| super::mail_of("Otto <otto@open.example>", subject, "");
    for (peer, proof) in [(SHOP, SenderProof::Verified), ("203.0.113.9", SenderProof::Unverified)] {
        let mail = house.arrives(peer, "otto@open.example", &from(peer)).await?;
        assert_eq!(house.proof(&mail).await?, proof, "{peer}");
    }
    // A bounce has no sender, and no customer's domain.
    let bounce = house.arrives(SHOP, "", &super::mail_of("MAILER-DAEMON@open.example", "Zurück", "")).await?;
    assert_eq!(house.proof(&bounce).await?, SenderProof::Unverified);
    Ok(())
}

async fn a_sealed_forward_is_believed_of_trusted_servers_only(world: World) -> Result<()> {
    let house = House::new(world).await?;
    let sealed = house.forwarded(&house.signed("example.org", &mail("Über die Liste"))?)?;
    let trusting = with(&house.world, |settings| {
        settings.dns_server = Some(house.dns.address);
        settings.trusted_authserv_ids = vec!["mx.list.example".into()];
    });
    let trusting = trusting.await?;

    let doubted = house.arrives("203.0.113.9", "list@list.example", &sealed).await?;
    let believed = Delivery {
        to: vec!["postmaster@haus.example".into()],
        ..delivery("203.0.113.9", "list@list.example", &sealed)
    };
    let id = channels::intake::keep_from(&trusting, believed, Some("list.example")).await?;
    let believed = house.world.received(id).await?.authentication().context("it was looked at")?;

    assert_eq!(house.proof(&doubted).await?, SenderProof::Suspicious);
    ensure!(believed.forwarded && believed.proof() == SenderProof::Unverified, "{believed:?}");
    Ok(())
}

async fn several_senders_are_suspicious(world: World) -> Result<()> {
    let house = House::new(world).await?;
    let two = super::mail_of("ingrid@example.org, x@evil.example", "Zwei", "");
    let two = house.arrives("203.0.113.9", "x@evil.example", &house.signed("evil.example", &two)?).await?;
    assert_eq!(house.proof(&two).await?, SenderProof::Suspicious);
    Ok(())
}

async fn without_dns_nothing_is_lost_and_nothing_claimed(world: World) -> Result<()> {
    let house = House::new(world).await?;
    // A port at which nobody listens.
    let gone = tokio::net::UdpSocket::bind("127.0.0.1:0").await?.local_addr()?;
    let app = with(&house.world, |settings| settings.dns_server = Some(gone)).await?;
    let signed = house.signed("example.org", &mail("Lampe"))?;
    let mail = arrives(&house.world, &app, delivery(SHOP, "i@example.org", &signed)).await?;

    assert_eq!(house.proof(&mail).await?, SenderProof::Unchecked);
    Ok(())
}

async fn a_slow_dns_holds_nobody_else_up(world: World) -> Result<()> {
    let house = House::new(world).await?;
    house.dns.silence("org");
    let signed = house.signed("example.org", &mail("Langsam"))?;
    let start = Instant::now();
    let slow = {
        let (app, delivery) = (house.app.clone(), delivery(SHOP, "i@example.org", &signed));
        tokio::spawn(async move { channels::intake::keep_from(&app, delivery, Some("mail.example")).await })
    };
    let quick =
        house.arrives(SHOP, "o@open.example", &super::mail_of("o@open.example", "Schnell", "")).await?;
    let before = !slow.is_finished();
    let slow = slow.await??;
    let took = start.elapsed();
    channels::worker::work_off(&house.app).await?;

    assert_eq!(house.proof(&quick).await?, SenderProof::Verified);
    assert!(before, "the other did not wait");
    assert!(took < Duration::from_secs(20), "{took:?}: five seconds, on a quiet machine");
    let slow = house.world.received(slow).await?;
    assert_eq!(house.proof(&slow).await?, SenderProof::Unchecked);
    Ok(())
}

async fn a_forgers_slow_domain_excuses_nothing(world: World) -> Result<()> {
    let house = House::new(world).await?;
    house.dns.silence("slow.example");
    let mail = house.signed("slow.example", &mail("Dringend"))?;
    let forged = house.arrives("203.0.113.9", "x@slow.example", &mail).await?;
    assert_eq!(house.proof(&forged).await?, SenderProof::Suspicious);
    Ok(())
}

async fn what_a_trusted_server_found_is_believed_of_it_only(world: World) -> Result<()> {
    let house = House::new(world).await?;
    let app = with(&house.world, |settings| {
        settings.dns_server = Some(house.dns.address);
        settings.trusted_relays = vec!["192.0.2.0/24".parse().expect("a network")];
        settings.trusted_authserv_ids = vec!["mx.haus.example".into()];
    });
    let app = app.await?;
    let found = |by: &str, dmarc: &str| {
        format!("Authentication-Results: {by}; dmarc={dmarc} header.from=example.org\r\n")
    };
    for (peer, fields, proof) in [
        (SHOP, found("mx.haus.example", "pass"), SenderProof::Verified),
        (SHOP, found("mx.haus.example", "fail (p=reject)"), SenderProof::Suspicious),
        (SHOP, found("mx.evil.example", "pass"), SenderProof::Unchecked),
        ("203.0.113.9", found("mx.haus.example", "pass"), SenderProof::Suspicious),
    ] {
        let raw = super::mail(&format!("{peer} {proof}"), &fields);
        let mail = arrives(&house.world, &app, delivery(peer, "x@example.org", &raw)).await?;
        assert_eq!(house.proof(&mail).await?, proof, "{peer} {fields}");
    }
    Ok(())
}

async fn this_machine_and_imports_ask_no_dns(world: World) -> Result<()> {
    let house = House::new(world).await?;
    let signed = |subject: &str| house.signed("example.org", &mail(subject));
    let here = house.arrives("127.0.0.1", "x@evil.example", &signed("Von hier")?).await?;
    let old = Delivery { route: Route::Import, peer: None, ..delivery(SHOP, "", &signed("Von früher")?) };
    let old = arrives(&house.world, &house.app, old).await?;
    let plain = Delivery { route: Route::Api, peer: None, ..delivery(SHOP, "", &mail("Ohne Unterschrift")) };
    let plain = arrives(&house.world, &house.app, plain).await?;
    for mail in [here, old, plain] {
        assert_eq!(house.proof(&mail).await?, SenderProof::Unchecked);
    }
    assert_eq!(house.dns.asked(), 0);

    let program =
        Delivery { route: Route::Api, peer: None, ..delivery(SHOP, "", &signed("Mit Unterschrift")?) };
    let program = arrives(&house.world, &house.app, program).await?;
    assert_eq!(house.proof(&program).await?, SenderProof::Verified);
    assert!(0 < house.dns.asked());
    Ok(())
}
