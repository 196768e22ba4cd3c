//! Mail that comes back: noted at what was sent, and at the address.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, State, Status};
use kitt::customers;
use kitt::customers::PointKind;
use kitt::platform::{ContactId, Role};
use mail::threading;

use super::mail;
use crate::world::{World, both};

both!(
    a_lasting_failure_fails_the_answer_and_marks_the_address,
    a_delay_is_noted_and_leaves_the_case_alone,
    a_mail_that_is_lost_though_its_address_is_fine_failed,
    who_writes_again_has_an_address_that_works,
    an_agent_says_that_an_address_works,
    who_answers_sees_that_mail_came_back,
    a_report_about_nobodys_mail_is_a_case_and_marks_nothing,
    a_report_opens_no_closed_case_but_its_lost_answer_does,
);

/// A report about a mail to Frau Sommerauer.
fn report(id: &str, action: &str, status: &str, said: &str) -> String {
    format!(
        "From: Mail Delivery System <mailer-daemon@mx.example>\r\nTo: service@haus.example\r\n\
         Subject: Undelivered Mail\r\nMessage-ID: <{status}.{action}@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nYour message.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; ingrid@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; {said}\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{id}>\r\nSubject: Lampe\r\n\r\nGern.\r\n--b--\r\n"
    )
}

fn unknown(id: &str) -> String {
    report(id, "failed", "5.1.1", "550 5.1.1 user unknown")
}

impl World {
    /// Eva answered Frau Sommerauer: the answer and its id.
    async fn sent_answer(&self) -> Result<(ContactId, String)> {
        let first = self.arrive(mail("Lampe", "Message-ID: <1@example.org>\r\n")).await?;
        let case = self.case(first.case).await?;
        let answer = Answer { text: "Gern.".into(), ..Answer::default() };
        let contact = cases::reply(&self.app, &self.agent, case.id, answer).await?;
        self.forward(Duration::from_mins(1));
        self.tamper("UPDATE contacts SET state = 'sent' WHERE state = 'queued'").await?;
        Ok((contact, threading::message_id(contact, &case.number, "haus.example", self.app.secret())))
    }

    async fn mark(&self) -> Result<Option<(String, bool)>> {
        let bounce = customers::bounce(&mut self.read().await?, "Ingrid@example.org").await?;
        Ok(bounce.filter(|bounce| !bounce.delayed).map(|bounce| (bounce.reason, bounce.permanent)))
    }
}

async fn a_lasting_failure_fails_the_answer_and_marks_the_address(world: World) -> Result<()> {
    let (contact, id) = world.sent_answer().await?;
    let report = world.arrive(unknown(&id)).await?;

    let failed = world.contact(Some(contact)).await?;
    assert_eq!((failed.state, failed.reason.as_deref()), (State::Failed, Some("550 5.1.1 user unknown")));
    assert_eq!(report.case, Some(failed.case));
    assert_eq!(world.mark().await?, Some(("userunknown".into(), true)));
    let case = world.case(report.case).await?;
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?;
    assert!(page.body.contains("Diese Adresse gibt es nicht."), "{}", page.body);
    assert!(page.body.contains("550 5.1.1 user unknown"), "{}", page.body);
    let file = world.get(Role::Agent, &format!("/customers/{}", case.customer)).await?;
    assert!(file.body.contains("Die letzte Mail kam zurück"), "{}", file.body);
    Ok(())
}

async fn a_delay_is_noted_and_leaves_the_case_alone(world: World) -> Result<()> {
    let (contact, id) = world.sent_answer().await?;
    let delay = report(&id, "delayed", "4.4.1", "connection timed out");
    let received = world.arrive(delay).await?;

    let sent = world.contact(Some(contact)).await?;
    assert_eq!(sent.state, State::Delayed);
    assert!(sent.reason.as_deref().is_some_and(|reason| reason.contains("4.4.1")), "{:?}", sent.reason);
    assert_eq!(world.case(received.case).await?.status, Status::Waiting);
    assert_eq!(world.mark().await?, None, "the address may be as good as any");
    let file = world.get(Role::Agent, &format!("/customers/{}", sent.customer)).await?.body;
    assert!(file.contains("war lange unterwegs") && !file.contains("kam zurück"), "{file}");
    let number = world.case(Some(sent.case)).await?.number;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("Die Adresse stimmt wohl"), "{page}");

    world.arrive(unknown(&id)).await?;
    world.arrive(report(&id, "delayed", "4.4.2", "timed out once more")).await?;
    assert_eq!(world.contact(Some(contact)).await?.state, State::Failed);
    assert_eq!(
        world.mark().await?.map(|(_, permanent)| permanent),
        Some(true),
        "a delay takes no failure back"
    );
    Ok(())
}

async fn a_mail_that_is_lost_though_its_address_is_fine_failed(world: World) -> Result<()> {
    let (contact, id) = world.sent_answer().await?;
    world.arrive(report(&id, "failed", "4.4.7", "delivery time expired")).await?;

    assert_eq!(world.contact(Some(contact)).await?.state, State::Failed);
    assert_eq!(world.mark().await?, Some(("expired".into(), false)));
    Ok(())
}

async fn who_writes_again_has_an_address_that_works(world: World) -> Result<()> {
    let (_, id) = world.sent_answer().await?;
    world.arrive(unknown(&id)).await?;
    let auto = "In-Reply-To: <1@example.org>\r\nAuto-Submitted: auto-replied\r\n";
    world.arrive(mail("Abwesend", auto)).await?;
    assert!(world.mark().await?.is_some(), "a machine that answers proves nothing");

    world.arrive(mail("Lampe", "In-Reply-To: <1@example.org>\r\n")).await?;
    assert_eq!(world.mark().await?, None);
    Ok(())
}

async fn an_agent_says_that_an_address_works(world: World) -> Result<()> {
    let (contact, id) = world.sent_answer().await?;
    world.arrive(unknown(&id)).await?;
    let customer = world.contact(Some(contact)).await?.customer;
    let file = customers::file(&mut world.read().await?, customer, world.now()).await?;
    let point = file.points.iter().find(|point| point.kind == PointKind::Email).context("an address")?;
    assert!(point.bounced_at.is_some() && point.bounce_permanent == Some(true), "{point:?}");

    world.post_form(Role::Agent, &format!("/customers/{customer}/points/{}/works", point.id), &[]).await?;

    assert_eq!(world.mark().await?, None);
    Ok(())
}

async fn who_answers_sees_that_mail_came_back(world: World) -> Result<()> {
    let (contact, id) = world.sent_answer().await?;
    let row = world.contact(Some(contact)).await?;
    customers::add_point(&world.app, &world.agent, row.customer, PointKind::Email, "privat@example.org")
        .await?;
    let number = world.case(Some(row.case)).await?.number;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?;
    assert!(!page.body.contains("kam zurück"), "{}", page.body);

    world.arrive(unknown(&id)).await?;

    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?;
    assert!(page.body.contains("Die letzte Mail an ingrid@example.org kam zurück"), "{}", page.body);
    assert!(page.body.contains("data-chips-value=\"privat@example.org\""), "{}", page.body);
    Ok(())
}

async fn a_report_about_nobodys_mail_is_a_case_and_marks_nothing(world: World) -> Result<()> {
    let (contact, id) = world.sent_answer().await?;
    let forged = id.replace('@', "x@");
    let received = world.arrive(unknown(&forged)).await?;

    assert!(received.case.is_some() && received.case != Some(world.contact(Some(contact)).await?.case));
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    assert_eq!(world.mark().await?, None);
    Ok(())
}

async fn a_report_opens_no_closed_case_but_its_lost_answer_does(world: World) -> Result<()> {
    let (contact, id) = world.sent_answer().await?;
    let case = world.contact(Some(contact)).await?.case;
    cases::close(&world.app, &world.agent, case).await?;

    world.arrive(report(&id, "delayed", "4.4.1", "connection timed out")).await?;
    assert_eq!(world.case(Some(case)).await?.status, Status::Closed);

    world.arrive(unknown(&id)).await?;
    assert_eq!(world.case(Some(case)).await?.status, Status::Open, "the customer has no answer");
    Ok(())
}
