//! Answers that leave through a real mail server.

use std::time::Duration;

use anyhow::Result;
use kitt::cases;
use kitt::cases::{Answer, NewAttachment, Problem, State};
use kitt::node;
use kitt::platform::{CaseId, Clock, ContactId, Role, Settings};

use super::mail;
use crate::support::smtp;
use crate::world::{World, both};

both!(
    an_answer_leaves_after_its_undo_time_and_what_comes_back_threads,
    what_was_taken_back_never_leaves,
    a_busy_mail_server_gets_the_same_bytes_again,
    what_the_mail_server_refuses_for_good_fails_visibly,
    without_a_mail_server_answers_wait_and_say_so,
    a_mail_server_that_is_set_up_wrongly_fails_no_answer,
    a_crash_before_the_handover_sends_once,
    a_crash_during_the_handover_sends_the_same_mail_once_more,
    a_second_crash_during_the_handover_asks_a_person,
    the_sink_keeps_what_it_swallows,
);

const PATIENCE: Duration = Duration::from_secs(20);

impl World {
    /// The house is restarted with this server for outgoing mail.
    pub(crate) async fn use_relay(&mut self, url: &str) -> Result<()> {
        let settings = Settings { smtp_relay: Some(url.to_owned()), ..self.app.settings().clone() };
        self.app = node::open(settings, Clock::fixed(self.now())).await?;
        Ok(())
    }

    pub async fn use_server(&mut self, server: &smtp::Server) -> Result<()> {
        self.use_relay(&format!("smtp://{}", server.address)).await
    }

    /// Frau Sommerauer wrote, and Eva answers.
    pub async fn answer(&self, text: &str) -> Result<(CaseId, ContactId)> {
        let received = self.arrive(mail("Die Lampe", "Message-ID: <1@example.org>\r\n")).await?;
        let case = self.case(received.case).await?.id;
        let answer = Answer { text: text.into(), html: Some(format!("<p>{text}</p>")), ..Answer::default() };
        Ok((case, cases::reply(&self.app, &self.agent, case, answer).await?))
    }

    /// Everything that is due after `span` is done.
    pub async fn after(&self, span: Duration) -> Result<()> {
        self.hear().await?;
        self.forward(span);
        self.settle().await
    }
}

async fn an_answer_leaves_after_its_undo_time_and_what_comes_back_threads(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let first = world.arrive(mail("Die Lampe", "Message-ID: <1@example.org>\r\n")).await?;
    let case = world.case(first.case).await?;
    let blob = world.app.blobs.put("Anleitung".into()).await?;
    let file = NewAttachment {
        name: "Anleitung.pdf".into(),
        content_type: "application/pdf".into(),
        size: 9,
        blob,
        inline: false,
        content_id: None,
    };
    let answer = Answer { text: "Wir sehen nach.".into(), attachments: vec![file], ..Answer::default() };
    let contact = cases::reply(&world.app, &world.agent, case.id, answer).await?;

    world.after(Duration::from_secs(9)).await?;
    assert!(server.mails()?.is_empty());
    world.after(Duration::from_secs(2)).await?;

    let sent = server.wait_for(1, PATIENCE)?;
    let read = mail::parse(&sent[0].raw)?;
    assert_eq!(sent[0].to, ["ingrid@example.org"]);
    assert_eq!(sent[0].from, "service@haus.example");
    assert_eq!(
        (read.from[0].name.as_str(), read.from[0].address.as_str()),
        ("Haus & Heim", "service@haus.example")
    );
    assert_eq!(read.to[0].name, "Ingrid Sommerauer");
    assert_eq!(read.subject, format!("Die Lampe [{}]", case.number));
    assert_eq!(read.in_reply_to, ["1@example.org"]);
    assert_eq!(read.references, ["1@example.org"]);
    assert_eq!(read.text.trim(), "Wir sehen nach.");
    assert_eq!(
        (read.attachments[0].name.as_str(), read.attachments[0].content.as_slice()),
        ("Anleitung.pdf", &b"Anleitung"[..])
    );
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);

    // She answers: by the address, by the ids, by the number.
    let id = read.message_id.unwrap_or_default();
    let to_address = world.arrive_at(&read.reply_to[0].address, mail("x", "")).await?;
    let by_ids = world
        .arrive(mail("AW: Die Lampe", &format!("In-Reply-To: <{id}>\r\nMessage-ID: <2@example.org>\r\n")))
        .await?;
    let by_number = world.arrive(mail(&format!("AW: {}", read.subject), "")).await?;
    assert_eq!([to_address.case, by_ids.case, by_number.case], [Some(case.id); 3]);

    // And the next answer goes on with the chain.
    let answer = Answer { text: "Erledigt.".into(), ..Answer::default() };
    cases::reply(&world.app, &world.agent, case.id, answer).await?;
    world.after(Duration::from_secs(11)).await?;
    let sent = server.wait_for(2, PATIENCE)?;
    let next = mail::parse(&sent[1].raw)?;
    assert_eq!(next.in_reply_to, ["2@example.org"]);
    assert_eq!(next.references, ["1@example.org".to_owned(), id, "2@example.org".into()]);
    assert_eq!(next.subject, read.subject);
    Ok(())
}

async fn what_was_taken_back_never_leaves(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let (_, contact) = world.answer("Doch nicht.").await?;
    world.hear().await?;

    cases::withdraw(&world.app, &world.agent, contact).await?;
    world.after(Duration::from_mins(1)).await?;

    assert!(server.mails()?.is_empty());
    assert_eq!(world.contact(Some(contact)).await?.state, State::Withdrawn);
    Ok(())
}

async fn a_busy_mail_server_gets_the_same_bytes_again(mut world: World) -> Result<()> {
    let server = smtp::Server::failing(1)?;
    world.use_server(&server).await?;
    let (_, contact) = world.answer("Wir sehen nach.").await?;

    world.after(Duration::from_secs(11)).await?;
    let waiting = world.contact(Some(contact)).await?;
    world.after(Duration::from_secs(31)).await?;

    assert_eq!(waiting.state, State::Queued);
    assert!(waiting.reason.as_deref().is_some_and(|reason| reason.contains("451")), "{:?}", waiting.reason);
    let sent = server.wait_for(1, PATIENCE)?;
    // Its date is that of the first attempt: composed once.
    assert_eq!(mail::parse(&sent[0].raw)?.date, Some(world.now().seconds() - 31));
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    Ok(())
}

async fn what_the_mail_server_refuses_for_good_fails_visibly(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let received = world.arrive(mail("Lampe", "Reply-To: nobody@example.org\r\n")).await?;
    let case = world.case(received.case).await?.id;
    let answer = Answer { text: "Hallo?".into(), ..Answer::default() };
    let contact = cases::reply(&world.app, &world.agent, case, answer).await?;

    world.after(Duration::from_secs(11)).await?;

    let failed = world.contact(Some(contact)).await?;
    assert_eq!((failed.state, failed.problem), (State::Failed, Some(Problem::MailboxUnknown)));
    assert!(
        failed.reason.as_deref().is_some_and(|reason| reason.contains("no such mailbox")),
        "{:?}",
        failed.reason
    );
    assert_eq!(world.case(Some(case)).await?.status, cases::Status::Open);
    Ok(())
}

async fn without_a_mail_server_answers_wait_and_say_so(mut world: World) -> Result<()> {
    let (_, contact) = world.answer("Wir sehen nach.").await?;
    world.after(Duration::from_secs(11)).await?;
    let waiting = world.contact(Some(contact)).await?;
    assert_eq!(waiting.state, State::Queued);
    assert_eq!(waiting.problem, Some(Problem::NoServer));
    assert_eq!(waiting.next_at, Some(world.now() + Duration::from_mins(1)));

    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    world.after(Duration::from_secs(61)).await?;

    assert_eq!(server.wait_for(1, PATIENCE)?.len(), 1);
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    Ok(())
}

async fn a_mail_server_that_is_set_up_wrongly_fails_no_answer(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_relay(&format!("smtp://{}?tls=required", server.address)).await?;
    let (_, contact) = world.answer("Wir sehen nach.").await?;
    world.after(Duration::from_secs(11)).await?;
    let waiting = world.contact(Some(contact)).await?;
    assert_eq!(waiting.state, State::Queued);
    assert!(
        waiting.reason.as_deref().is_some_and(|reason| reason.contains("STARTTLS")),
        "{:?}",
        waiting.reason
    );

    world.use_server(&server).await?;
    world.after(Duration::from_secs(61)).await?;

    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    Ok(())
}

async fn a_crash_before_the_handover_sends_once(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let (_, contact) = world.answer("Wir sehen nach.").await?;
    world.hear().await?;

    cases::claim(&world.app, contact).await?;
    world.after(Duration::from_secs(11)).await?;

    assert_eq!(server.wait_for(1, PATIENCE)?.len(), 1);
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    Ok(())
}

/// The mail left, but the process died before it could remember that: its job comes back.
async fn crash_after_the_handover(world: &World) -> Result<()> {
    world.tamper("UPDATE contacts SET state = 'sending' WHERE state = 'sent'").await?;
    world.tamper("UPDATE outgoing SET state = 'handing', ended_at = NULL").await?;
    world
        .tamper(
            "INSERT INTO jobs (kind, payload, state, attempts, run_at, lease_until)
             SELECT 'channels.send', '{\"contact\":' || contact_id || '}', 'waiting', 1, 0, 0 FROM outgoing",
        )
        .await
}

async fn a_crash_during_the_handover_sends_the_same_mail_once_more(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let (_, contact) = world.answer("Wir sehen nach.").await?;
    world.after(Duration::from_secs(11)).await?;

    crash_after_the_handover(&world).await?;
    world.after(Duration::from_secs(400)).await?;

    let sent = server.wait_for(2, PATIENCE)?;
    assert!(sent[0].raw == sent[1].raw, "servers recognise the copy by its id");
    assert_eq!(world.contact(Some(contact)).await?.state, State::Sent);
    Ok(())
}

async fn a_second_crash_during_the_handover_asks_a_person(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let (_, contact) = world.answer("Wir sehen nach.").await?;
    world.after(Duration::from_secs(11)).await?;

    for _ in 0..2 {
        crash_after_the_handover(&world).await?;
        world.after(Duration::from_secs(400)).await?;
    }

    assert_eq!(server.mails()?.len(), 2);
    let failed = world.contact(Some(contact)).await?;
    assert_eq!(failed.state, State::Failed);
    assert_eq!(failed.problem, Some(Problem::Unsure));
    Ok(())
}

async fn the_sink_keeps_what_it_swallows(mut world: World) -> Result<()> {
    world.use_relay("sink:").await?;
    let (_, contact) = world.answer("Wir sehen nach.").await?;
    world.after(Duration::from_secs(11)).await?;

    let list = world.get_json(Role::Agent, "/sent").await?.json()?;
    let page = world.get(Role::Agent, "/sent").await?;
    let one = world.get(Role::Agent, &format!("/sent/{contact}")).await?;
    let raw = world.get(Role::Agent, &format!("/sent/{contact}/raw")).await?;

    assert_eq!(list["items"][0]["recipient"], "ingrid@example.org");
    assert!(page.body.contains("Die Lampe") && one.body.contains("Wir sehen nach."));
    assert!(raw.body.starts_with("Date: "));
    Ok(())
}
