//! Files that are too large for a mail wait behind a link.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::http::{Method, StatusCode};
use kitt::cases;
use kitt::cases::{Problem, State};
use kitt::channels;
use kitt::channels::FileLink;
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{ContactId, Error, Role};
use serde_json::{Value, json};

use super::mail;
use crate::support::postfix::Postfix;
use crate::support::smtp;
use crate::world::{Answer, World, both};

both!(
    what_does_not_fit_goes_as_a_link_that_a_customer_opens,
    a_link_is_valid_until_it_expires_or_is_withdrawn,
    a_mail_server_that_takes_less_gets_less,
    without_an_address_for_customers_no_link_is_promised,
    a_large_file_is_taken_and_a_larger_one_is_refused,
    who_asks_too_often_has_to_wait,
    the_rules_of_sending_are_numbers_that_make_sense,
);

const PATIENCE: Duration = Duration::from_secs(20);
const UNDONE: Duration = Duration::from_secs(11);
/// What two browsers put between the fields.
const BOUNDARY: &str = "a-boundary";

fn rules(largest_mb: i64) -> Value {
    json!({
        "person_per_minute": "120", "bulk_per_minute": "60", "together": "2",
        "largest_mb": largest_mb.to_string(), "link_days": "30",
    })
}

fn bytes(size: usize) -> Vec<u8> {
    (0..=250).cycle().take(size).collect()
}

impl World {
    /// The number of a case that a customer opened.
    async fn written_to(&self) -> Result<String> {
        let received = self.arrive(mail("Die Lampe", "Message-ID: <1@example.org>\r\n")).await?;
        Ok(self.case(received.case).await?.number)
    }

    /// Eva's browser sends an answer with files.
    async fn answer_with(&self, number: &str, files: &[(&str, &[u8])]) -> Result<Answer> {
        let mut form = Vec::new();
        let mut field = |head: &str, content: &[u8]| {
            form.extend_from_slice(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
            );
            form.extend_from_slice(content);
            form.extend_from_slice(b"\r\n");
        };
        field("name=\"body\"", "<p>Anbei die Pläne.</p>".as_bytes());
        field("name=\"body_format\"", b"html");
        for (name, content) in files {
            field(&format!("name=\"file\"; filename=\"{name}\""), content);
        }
        form.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [("accept", "application/json"), ("content-type", kind.as_str())];
        self.ask(Role::Agent, Method::POST, &format!("/api/v1/cases/{number}/replies"), &headers, form).await
    }

    async fn set_largest(&self, megabytes: i64) -> Result<()> {
        let set = self.post_json(Role::Admin, "/settings/sending/rules", &rules(megabytes)).await?;
        ensure!(set.status == StatusCode::OK, "{}", set.body);
        Ok(())
    }

    async fn links_of(&self, contact: ContactId) -> Result<Vec<FileLink>> {
        Ok(channels::links(&mut self.read().await?, &[contact]).await?)
    }

    /// An answer with one file that went as a link: the link, and the path of its page.
    async fn sent_as_link(&self) -> Result<(FileLink, String)> {
        self.set_largest(1).await?;
        let answer = self.answer_with(&self.written_to().await?, &[("Plan.pdf", &bytes(1_500_000))]).await?;
        let contact = ContactId(answer.json()?["contact"].as_i64().context("a contact")?);
        self.after(UNDONE).await?;
        let link = self.links_of(contact).await?.pop().context("a link")?;
        let path = link.path(&self.app);
        Ok((link, path))
    }
}

async fn what_does_not_fit_goes_as_a_link_that_a_customer_opens(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    world.set_largest(1).await?;
    let number = world.written_to().await?;
    let (large, small) = (bytes(1_500_000), bytes(100_000));

    let answer = world.answer_with(&number, &[("Plan Größe.pdf", &large), ("klein.png", &small)]).await?;
    world.after(UNDONE).await?;

    let sent = server.wait_for(1, PATIENCE)?;
    assert!(sent[0].raw.len() < 1_000_000, "{}", sent[0].raw.len());
    let read = mail::parse(&sent[0].raw)?;
    let names: Vec<&str> = read.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["klein.png"]);
    assert!(read.text.starts_with("Anbei die Pläne.\n\nDiese Dateien sind zu groß"), "{}", read.text);
    assert!(
        read.text.contains("Plan Größe.pdf (1,5 MB), verfügbar bis 16.12.2026")
            || read.text.contains("Plan Größe.pdf (1 MB), verfügbar bis 16.12.2026"),
        "{}",
        read.text
    );
    let path = read.text.lines().find_map(|line| line.strip_prefix("http://kitt.test")).context("a link")?;
    assert!(read.html.is_some_and(|html| html.contains(path)), "the HTML has the link, too");

    let page = world.get(None, path).await?;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Plan Größe.pdf") && !page.body.contains("<script"), "{}", page.body);
    assert_eq!(
        (page.header("referrer-policy"), page.header("x-content-type-options")),
        ("no-referrer", "nosniff")
    );
    assert!(!page.header("content-security-policy").contains("script-src"));
    let file =
        world.send(None, Method::GET, &format!("{path}/content"), &[], axum::body::Body::empty()).await?;
    let disposition = file.headers()["content-disposition"].to_str()?.to_owned();
    assert!(disposition.starts_with("attachment; filename*=UTF-8''Plan%20Gr"), "{disposition}");
    assert_eq!(axum::body::to_bytes(file.into_body(), 1 << 24).await?, large);

    let contact = ContactId(answer.json()?["contact"].as_i64().context("a contact")?);
    assert_eq!(world.links_of(contact).await?[0].downloads, 1);
    let shown = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(
        shown.contains("Ging als Link, gültig bis 16.12.2026") && shown.contains("Einmal heruntergeladen"),
        "{shown}"
    );
    let case = world.contact(Some(contact)).await?.case;
    let facts = journal::of_case(&mut world.read().await?, case).await?;
    assert!(facts.iter().any(|entry| entry.fact == Fact::FilesLinked { contact, files: 1 }), "{facts:?}");
    Ok(())
}

async fn a_link_is_valid_until_it_expires_or_is_withdrawn(mut world: World) -> Result<()> {
    world.use_relay("sink:").await?;
    let (link, path) = world.sent_as_link().await?;
    let file = link.attachment;
    let content = format!("{path}/content");

    let mut forged = path.clone();
    forged.replace_range(path.len() - 1.., if path.ends_with('0') { "1" } else { "0" });
    assert_eq!(world.get(None, &forged).await?.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(None, "/files/x").await?.status, StatusCode::NOT_FOUND);

    world.forward(Duration::from_hours(31 * 24));
    let over = world.get(None, &path).await?;
    assert_eq!((over.status, world.get(None, &content).await?.status), (StatusCode::GONE, StatusCode::GONE));
    assert!(over.body.contains("service@haus.example"), "says whom to ask: {}", over.body);

    world.post_form(Role::Agent, &format!("/attachments/{file}/link/extension"), &[]).await?;
    assert_eq!(world.get(None, &content).await?.status, StatusCode::OK);
    world.post_form(Role::Agent, &format!("/attachments/{file}/link/end"), &[]).await?;
    assert_eq!(world.get(None, &content).await?.status, StatusCode::GONE);

    // That was a mistake; once a colleague did something else with it, it stays.
    let undo = async || -> Result<Result<(), Error>> {
        let offer = cases::undo::newest(&mut world.read().await?, &world.agent, world.now()).await?;
        let offer = offer.context("nothing is offered")?.id;
        Ok(cases::undo::take_back(&world.app, &world.agent, offer).await.map(drop))
    };
    undo().await??;
    assert_eq!(world.get(None, &content).await?.status, StatusCode::OK);
    world.post_form(Role::Agent, &format!("/attachments/{file}/link/extension"), &[]).await?;
    world.forward(Duration::from_secs(1));
    world.post_form(Role::Lead, &format!("/attachments/{file}/link/extension"), &[]).await?;
    let late = undo().await?;
    assert!(matches!(&late, Err(Error::Invalid(_))), "{late:?}");
    assert_eq!(world.get(None, &content).await?.status, StatusCode::OK);

    // What was erased is gone, whatever the link says.
    world.post_form(Role::Agent, &format!("/attachments/{file}/link/extension"), &[]).await?;
    world.tamper("DELETE FROM attachments").await?;
    assert_eq!(world.get(None, &path).await?.status, StatusCode::GONE);
    Ok(())
}

async fn a_mail_server_that_takes_less_gets_less(mut world: World) -> Result<()> {
    let listener = channels::smtp::bind(&world.app).await?;
    // It takes messages of up to 10,240,000 bytes, and says so.
    let postfix = Postfix::start(listener.address()?)?;
    world.use_relay(&format!("smtp://{}", postfix.address)).await?;
    let number = world.written_to().await?;

    let answer = world.answer_with(&number, &[("Plan.pdf", &bytes(9_000_000))]).await?;
    world.after(UNDONE).await?;

    let contact = ContactId(answer.json()?["contact"].as_i64().context("a contact")?);
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    assert_eq!(world.links_of(contact).await?.len(), 1);
    Ok(())
}

async fn without_an_address_for_customers_no_link_is_promised(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let local = "http://127.0.0.1:8080".parse()?;
    world.restart_with(|settings| settings.public_url = local).await?;
    world.set_largest(1).await?;
    let number = world.written_to().await?;

    let answer = world.answer_with(&number, &[("Plan.pdf", &bytes(1_500_000))]).await?;
    world.after(UNDONE).await?;

    let contact = ContactId(answer.json()?["contact"].as_i64().context("a contact")?);
    let found = world.contact(Some(contact)).await?;
    assert_eq!((found.state, found.problem), (State::Failed, Some(Problem::NoPublicUrl)));
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("--public-url"), "{page}");
    assert!(server.mails()?.is_empty());

    // Once it is set up, the same answer leaves.
    let public = "https://kitt.example".parse()?;
    world.restart_with(|settings| settings.public_url = public).await?;
    cases::send_again(&world.app, &world.agent, contact, None).await?;
    world.after(UNDONE).await?;
    let sent = server.wait_for(1, PATIENCE)?;
    assert!(mail::parse(&sent[0].raw)?.text.contains("https://kitt.example/files/"));
    Ok(())
}

async fn a_large_file_is_taken_and_a_larger_one_is_refused(world: World) -> Result<()> {
    let number = world.written_to().await?;
    let taken = world.answer_with(&number, &[("Film.mp4", &bytes(40_000_000))]).await?;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    let contact = ContactId(taken.json()?["contact"].as_i64().context("a contact")?);
    let files = cases::attachments(&mut world.read().await?, contact).await?;
    assert_eq!(files[0].size, 40_000_000);
    assert!(world.app.blobs.is_sound(&files[0].blob).await);

    let refused = world.answer_with(&number, &[("Film.mp4", &bytes(100_000_001))]).await?;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", refused.body);
    Ok(())
}

async fn who_asks_too_often_has_to_wait(world: World) -> Result<()> {
    let mut last = StatusCode::OK;
    for _ in 0..301 {
        last = world.get(None, "/files/0123456789").await?.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    world.forward(Duration::from_mins(1));
    assert_eq!(world.get(None, "/files/0123456789").await?.status, StatusCode::NOT_FOUND);
    Ok(())
}

async fn the_rules_of_sending_are_numbers_that_make_sense(world: World) -> Result<()> {
    let fields = [
        ("person_per_minute", "0"),
        ("bulk_per_minute", "60"),
        ("together", "viele"),
        ("largest_mb", "15"),
        ("link_days", "30"),
    ];
    let page = world.post_form(Role::Admin, "/settings/sending/rules", &fields).await?;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.body.contains("value=\"viele\"") && page.body.contains("id=\"together-e\""),
        "{}",
        page.body
    );

    world.set_largest(25).await?;
    let known = world.get_json(Role::Admin, "/settings/sending").await?.json()?;
    assert_eq!(known["rules"]["largest_mb"], 25);
    let case = world.writes(
        world.customer("Ingrid Sommerauer", "ingrid@example.org").await?,
        ("Ingrid Sommerauer", Some("ingrid@example.org")),
        cases::Channel::Email,
        "Lampe",
        "Guten Tag",
    );
    let number = cases::case(&mut world.read().await?, case.await?).await?.number;
    let composer = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(composer.contains("data-mail-max=\"25000000\""), "{composer}");
    Ok(())
}
