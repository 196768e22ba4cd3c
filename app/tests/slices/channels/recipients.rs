//! Mail to several people: To, Cc and Bcc, and how it fares with each.

use std::time::Duration;

use anyhow::Result;
use kitt::cases;
use kitt::cases::{Answer, Place, Problem, Progress, Recipient, State};
use kitt::platform::{Error, Role};
use serde_json::json;

use super::{mail, mail_of};
use crate::support::smtp;
use crate::world::{World, both};

both!(
    an_answer_to_all_reaches_everybody_once_and_hides_blind_copies,
    one_who_is_refused_for_now_is_tried_again_alone,
    one_who_does_not_exist_is_shown_and_can_be_written_to_elsewhere,
    a_bounce_of_one_recipient_marks_that_one,
    whoever_had_a_copy_of_our_answer_takes_part,
    the_house_does_not_write_to_itself_and_to_nonsense,
    the_page_proposes_to_answer_all_but_the_house,
    what_kitt_said_by_itself_hides_nobody_from_an_answer_to_all,
);

const PATIENCE: Duration = Duration::from_secs(20);
const UNDONE: Duration = Duration::from_secs(11);

fn to(place: Place, address: &str) -> Recipient {
    Recipient { place, name: String::new(), address: address.into() }
}

fn to_three() -> Answer {
    Answer {
        text: "Wir sehen nach.".into(),
        recipients: vec![
            to(Place::To, "ingrid@example.org"),
            to(Place::Cc, "karl@example.org"),
            to(Place::Bcc, "chefin@example.net"),
        ],
        ..Answer::default()
    }
}

async fn an_answer_to_all_reaches_everybody_once_and_hides_blind_copies(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let case = world.case(world.arrive(mail("Die Lampe", "")).await?.case).await?.id;

    let contact = cases::reply(&world.app, &world.agent, case, to_three()).await?;
    world.after(UNDONE).await?;

    let sent = server.wait_for(1, PATIENCE)?;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, ["ingrid@example.org", "karl@example.org", "chefin@example.net"]);
    let read = mail::parse(&sent[0].raw)?;
    assert_eq!(read.to[0].address, "ingrid@example.org");
    assert_eq!(read.cc[0].address, "karl@example.org");
    assert!(!String::from_utf8_lossy(&sent[0].raw).contains("chefin"), "a blind copy is named");
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    Ok(())
}

async fn one_who_is_refused_for_now_is_tried_again_alone(mut world: World) -> Result<()> {
    let server = smtp::Server::scripted(
        &json!([{ "at": "rcpt", "for": "karl", "say": "451 4.7.1 Greylisted, come back later", "times": 1 }]),
    )?;
    world.use_server(&server).await?;
    let case = world.case(world.arrive(mail("Die Lampe", "")).await?.case).await?.id;

    let contact = cases::reply(&world.app, &world.agent, case, to_three()).await?;
    world.after(UNDONE).await?;
    assert_eq!(world.contact(Some(contact)).await?.state, State::Queued);
    for _ in 0..6 {
        world.after(Duration::from_mins(10)).await?;
    }

    let sent = server.wait_for(2, PATIENCE)?;
    assert_eq!(sent.iter().map(|mail| mail.to.len()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(sent[1].to, ["karl@example.org"]);
    assert_eq!(sent[0].raw, sent[1].raw);
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    Ok(())
}

async fn one_who_does_not_exist_is_shown_and_can_be_written_to_elsewhere(mut world: World) -> Result<()> {
    let server = smtp::Server::scripted(
        &json!([{ "at": "rcpt", "for": "karl@example.org", "say": "550 5.1.1 no such user here" }]),
    )?;
    world.use_server(&server).await?;
    let case = world.case(world.arrive(mail("Die Lampe", "")).await?.case).await?;

    let contact = cases::reply(&world.app, &world.agent, case.id, to_three()).await?;
    world.after(UNDONE).await?;

    let fares = world.contact(Some(contact)).await?;
    assert_eq!((fares.state, fares.problem), (State::Failed, Some(Problem::MailboxUnknown)));
    let states: Vec<Progress> =
        cases::recipients(&mut world.read().await?, contact).await?.iter().map(|one| one.state).collect();
    assert_eq!(states, [Progress::Sent, Progress::Failed, Progress::Sent]);
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(page.contains("Nicht erreicht: karl@example.org."), "{page}");

    cases::send_again(&world.app, &world.agent, contact, Some("karl@example.net")).await?;
    world.after(UNDONE).await?;
    let sent = server.wait_for(2, PATIENCE)?;
    assert_eq!(sent[1].to, ["karl@example.net"]);
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    Ok(())
}

async fn a_bounce_of_one_recipient_marks_that_one(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let case = world.case(world.arrive(mail("Die Lampe", "")).await?.case).await?.id;
    let contact = cases::reply(&world.app, &world.agent, case, to_three()).await?;
    world.after(UNDONE).await?;
    let id = mail::parse(&server.wait_for(1, PATIENCE)?[0].raw)?.message_id.unwrap_or_default();

    world.arrive(bounce("karl@example.org", &id)).await?;

    let states: Vec<Progress> =
        cases::recipients(&mut world.read().await?, contact).await?.iter().map(|one| one.state).collect();
    assert_eq!(states, [Progress::Sent, Progress::Failed, Progress::Sent]);
    assert_eq!(world.contact(Some(contact)).await?.state, State::Failed);
    Ok(())
}

fn bounce(recipient: &str, id: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: service@haus.example\r\nSubject: Undelivered\r\nDate: Mon, 16 Nov 2026 08:30:00 +0000\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\nSubject: Die Lampe\r\n\r\n--b--\r\n"
    )
}

async fn whoever_had_a_copy_of_our_answer_takes_part(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let case = world.case(world.arrive(mail("Die Lampe", "")).await?.case).await?;
    cases::reply(&world.app, &world.agent, case.id, to_three()).await?;
    world.after(UNDONE).await?;
    let address = mail::parse(&server.wait_for(1, PATIENCE)?[0].raw)?.reply_to[0].address.clone();

    let karl = world.arrive_at(&address, mail_of("karl@example.org", "AW: Die Lampe", "")).await?;
    let other = world.arrive_at(&address, mail_of("egon@example.org", "AW: Die Lampe", "")).await?;

    assert_eq!([karl.case, other.case], [Some(case.id); 2]);
    assert!(!world.contact(karl.contact).await?.stranger);
    assert!(world.contact(other.contact).await?.stranger);
    Ok(())
}

async fn the_house_does_not_write_to_itself_and_to_nonsense(world: World) -> Result<()> {
    let case = world.case(world.arrive(mail("Die Lampe", "")).await?.case).await?;
    for (place, address) in [(Place::Cc, "service@haus.example"), (Place::To, "SERVICE@haus.example")] {
        let recipients = vec![to(Place::To, "ingrid@example.org"), to(place, address)];
        let answer = Answer { text: "Hallo".into(), recipients, ..Answer::default() };
        let refused = cases::reply(&world.app, &world.agent, case.id, answer).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(errors)) if errors[0].word == "recipient-own"),
            "{address}"
        );
    }
    let path = format!("/cases/{}/replies", case.number);
    let wrong = json!({ "body": "Hallo", "cc": "karl@example.org, karl" });
    let refused = world.post_json(Role::Agent, &path, &wrong).await?;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("\"cc\""), "{}", refused.body);
    Ok(())
}

async fn the_page_proposes_to_answer_all_but_the_house(world: World) -> Result<()> {
    let with_copies = "Cc: Karl <karl@example.org>, service@haus.example\r\n";
    let case = world.case(world.arrive(mail("Die Lampe", with_copies)).await?.case).await?;
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(page.contains("data-chips-value=\"Karl &#60;karl@example.org&#62;\""), "{page}");
    let proposed =
        world.get_json(Role::Agent, &format!("/cases/{}/addressees?q=kar", case.number)).await?.json()?;
    assert_eq!(proposed["items"][0]["address"], "karl@example.org");
    Ok(())
}

async fn what_kitt_said_by_itself_hides_nobody_from_an_answer_to_all(world: World) -> Result<()> {
    let settings = format!("/settings/acknowledgements/{}", world.queue);
    world.post_form(Role::Admin, &settings, &[("is_on", "yes"), ("text_de", ""), ("text_en", "")]).await?;
    let with_copies = "Cc: Karl <karl@example.org>\r\n";
    let case = world.case(world.arrive(mail("Die Lampe", with_copies)).await?.case).await?;
    let contacts = cases::contacts(&mut world.read().await?, case.id).await?;
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(contacts.last().is_some_and(|last| last.automatic), "it was acknowledged");
    assert!(page.contains("data-chips-value=\"Karl &#60;karl@example.org&#62;\""), "{page}");
    Ok(())
}
