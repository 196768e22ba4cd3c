//! Side conversations inside a case, and messages that are sent on.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, NewTalk, Place, Recipient, Status};
use kitt::platform::Role;

use super::{mail, mail_of};
use crate::support::smtp;
use crate::world::{World, both};

both!(
    a_supplier_answers_into_the_case_and_never_to_the_customer,
    a_message_is_forwarded_with_its_text_and_what_comes_back_stays_aside,
    a_message_is_sent_on_byte_by_byte,
);

const PATIENCE: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_hours(1);
const UNDONE: Duration = Duration::from_secs(11);

fn supplier() -> Vec<Recipient> {
    vec![Recipient { place: Place::To, name: "Werk".into(), address: "werk@lampen.example".into() }]
}

async fn a_supplier_answers_into_the_case_and_never_to_the_customer(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let case =
        world.case(world.arrive(mail("Die Lampe", "Message-ID: <1@example.org>\r\n")).await?.case).await?;
    let new = NewTalk {
        recipients: supplier(),
        subject: "Ersatzteil".into(),
        text: "Habt ihr den Sockel?".into(),
        ..NewTalk::default()
    };
    let asked = cases::say(&world.app, &world.agent, case.id, new).await?;
    world.after(UNDONE).await?;
    let sent = server.wait_for(1, PATIENCE)?;
    let read = mail::parse(&sent[0].raw)?;
    assert_eq!(sent[0].to, ["werk@lampen.example"]);
    assert!(read.references.is_empty(), "the customer's ids stay with the customer: {:?}", read.references);
    let before = world.case(Some(case.id)).await?;
    cases::wait(&world.app, &world.agent, case.id, None).await?;
    world.forward(HOUR);

    // From another mailbox of theirs, by the signed address or by the id alone.
    let reply = read.reply_to[0].address.clone();
    let first = world.arrive_at(&reply, mail_of("lager@lampen.example", "AW: Ersatzteil", "")).await?;
    let id =
        format!("In-Reply-To: <{}>\r\nMessage-ID: <9@lampen.example>\r\n", read.message_id.context("id")?);
    let second = world.arrive(mail_of("werk@lampen.example", "AW: Ersatzteil", &id)).await?;

    let talk = world.contact(Some(asked)).await?.talk;
    for received in [&first, &second] {
        let contact = world.contact(received.contact).await?;
        assert_eq!((contact.case, contact.talk), (case.id, talk));
        assert_eq!(contact.customer, case.customer);
        assert!(!contact.stranger);
    }
    let after = world.case(Some(case.id)).await?;
    assert_eq!(after.status, Status::Open);
    assert!(before.due_at.is_some());
    assert_eq!(
        after.due_at,
        before.due_at.map(|due| due + HOUR),
        "the customer still waits, an hour was not ours"
    );
    world.forward(9 * HOUR);
    assert_eq!(cases::alarm(&world.app).await?, 1, "it is missed as any other");

    // The answer to the customer goes to the customer, in the customer's thread.
    cases::reply(&world.app, &world.agent, case.id, Answer { text: "Kommt.".into(), ..Answer::default() })
        .await?;
    world.after(UNDONE).await?;
    let sent = server.wait_for(2, PATIENCE)?;
    assert_eq!(sent[1].to, ["ingrid@example.org"]);
    assert_eq!(mail::parse(&sent[1].raw)?.references, ["1@example.org"]);
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(page.contains("Nebengespräch"), "{page}");
    let file = world.get(Role::Agent, &format!("/customers/{}", case.customer)).await?.body;
    assert!(!file.contains("Sockel"), "what suppliers are asked is in the customer's file");
    Ok(())
}

async fn a_message_is_forwarded_with_its_text_and_what_comes_back_stays_aside(
    mut world: World,
) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let received = world.arrive(mail("Die Lampe", "")).await?;
    let case = world.case(received.case).await?;
    let contact = received.contact.context("filed")?;
    let page = world.get(Role::Agent, &format!("/cases/{}?forward={contact}", case.number)).await?.body;
    assert!(page.contains("&#62; Guten Tag, die Lampe flackert."), "{page}");

    let path = format!("/cases/{}/talks", case.number);
    let form = [("to", "Werk <werk@lampen.example>"), ("body", "Bitte ansehen.\n> Die Lampe flackert.")];
    let done = world.post_form(Role::Agent, &path, &form).await?;
    assert_eq!(done.status, 303, "{}", done.body);
    world.after(UNDONE).await?;

    let sent = server.wait_for(1, PATIENCE)?;
    let read = mail::parse(&sent[0].raw)?;
    assert_eq!(sent[0].to, ["werk@lampen.example"]);
    assert!(read.text.contains("> Die Lampe flackert."), "{}", read.text);
    Ok(())
}

async fn a_message_is_sent_on_byte_by_byte(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let raw = mail("Die Lampe", "Message-ID: <1@example.org>\r\n");
    let received = world.arrive(raw.clone()).await?;
    let contact = received.contact.context("filed")?;

    let path = format!("/contacts/{contact}/redirects");
    let done = world.post_form(Role::Agent, &path, &[("to", "werk@lampen.example")]).await?;
    assert_eq!(done.status, 303, "{}", done.body);
    world.after(UNDONE).await?;

    let sent = server.wait_for(1, PATIENCE)?;
    let text = String::from_utf8_lossy(&sent[0].raw).into_owned();
    assert_eq!(
        (sent[0].from.as_str(), sent[0].to.as_slice()),
        ("service@haus.example", &["werk@lampen.example".to_owned()][..])
    );
    assert!(text.starts_with("Resent-Date: "), "{text}");
    assert!(text.contains("Resent-To: werk@lampen.example\r\n"), "{text}");
    assert!(text.trim_end().ends_with(raw.trim_end()), "{text}");
    Ok(())
}
