//! Mail that leaves in good order, whatever the mail server says.

mod later;

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, Problem, State, Then};
use kitt::node;
use kitt::platform::{CaseId, Clock, ContactId, Role, Settings};
use serde_json::{Value, json};

use super::{mail, mail_of};
use crate::support::smtp;
use crate::world::{World, both};

both!(
    at_each_step_a_refusal_is_understood,
    a_greylist_delays_one_mail_and_nobody_else,
    a_domain_that_is_busy_is_left_alone_and_others_are_not,
    a_connection_cut_after_the_last_byte_sends_the_same_mail_once_more,
    a_second_cut_asks_a_person,
    many_mails_to_a_domain_keep_step_over_one_connection,
    a_persons_answer_goes_before_mail_to_many,
    after_four_days_a_mail_has_failed,
    a_report_of_delivery_is_asked_for,
    in_test_mode_mail_goes_to_nobody_or_to_one_address,
    a_failed_mail_goes_to_another_address,
    an_answer_comes_from_the_address_written_to_with_its_queues_signature,
);

const PATIENCE: Duration = Duration::from_secs(20);
/// A little more than the time to take an answer back.
const UNDONE: Duration = Duration::from_secs(11);

impl World {
    /// A case of somebody with this address.
    async fn case_of_address(&self, address: &str) -> Result<CaseId> {
        let raw = mail_of(address, "Die Lampe", &format!("Message-ID: <{address}>\r\n"));
        Ok(self.case(self.arrive(raw).await?.case).await?.id)
    }

    async fn write_answer_to(&self, address: &str, text: &str) -> Result<ContactId> {
        let case = self.case_of_address(address).await?;
        let answer = Answer { text: text.into(), ..Answer::default() };
        Ok(cases::reply(&self.app, &self.agent, case, answer).await?)
    }

    /// State and problem of a contact.
    async fn fares(&self, contact: ContactId) -> Result<(State, Option<Problem>)> {
        let contact = self.contact(Some(contact)).await?;
        Ok((contact.state, contact.problem))
    }

    pub(crate) async fn restart_with(&mut self, change: impl FnOnce(&mut Settings)) -> Result<()> {
        let mut settings = self.app.settings().clone();
        change(&mut settings);
        self.app = node::open(settings, Clock::fixed(self.now())).await?;
        Ok(())
    }
}

async fn at_each_step_a_refusal_is_understood(mut world: World) -> Result<()> {
    let cases = [
        ("connect", "421 4.3.2 too busy", State::Queued, Problem::Busy),
        ("connect", "554 5.7.1 no service for you", State::Queued, Problem::SenderRefused),
        ("ehlo", "451 4.3.0 not now", State::Queued, Problem::Busy),
        ("mail", "450 4.7.1 slow down", State::Queued, Problem::Busy),
        ("mail", "553 5.7.1 sender not allowed by policy", State::Failed, Problem::SenderRefused),
        ("rcpt", "452 4.2.2 mailbox full", State::Queued, Problem::MailboxFull),
        ("rcpt", "550 5.1.1 no such user here", State::Failed, Problem::MailboxUnknown),
        ("rcpt", "550 5.2.2 over quota", State::Failed, Problem::MailboxFull),
        ("data", "451 4.3.0 queue file write error", State::Queued, Problem::Busy),
        ("data", "554 5.5.1 no valid recipients", State::Failed, Problem::MailboxUnknown),
        ("end", "451 4.7.1 try again later", State::Queued, Problem::Busy),
        ("end", "552 5.3.4 message size exceeds fixed limit", State::Failed, Problem::TooLarge),
        ("end", "554 5.7.1 rejected as spam", State::Failed, Problem::Spam),
        ("mail", "cut", State::Queued, Problem::ServerUnreachable),
    ];
    let rules: Vec<Value> =
        cases.iter().map(|(at, say, ..)| json!({ "at": at, "say": say, "in_order": true })).collect();
    let server = smtp::Server::scripted(&json!(rules))?;
    world.use_server(&server).await?;
    let mut wrong = Vec::new();
    for (at, say, state, problem) in cases {
        let contact = world.write_answer_to("ingrid@example.org", "Wir sehen nach.").await?;
        world.after(UNDONE).await?;
        let fares = world.fares(contact).await?;
        if fares != (state, Some(problem)) {
            wrong.push(format!("{at} {say}: {fares:?}"));
        }
        if fares.0 == State::Queued {
            cases::withdraw(&world.app, &world.agent, contact).await?;
        }
        // Whatever rests has rested.
        world.after(Duration::from_hours(1)).await?;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(server.mails()?.is_empty());
    Ok(())
}

async fn a_greylist_delays_one_mail_and_nobody_else(mut world: World) -> Result<()> {
    let server = smtp::Server::scripted(
        &json!([{ "at": "rcpt", "for": "ingrid", "say": "451 4.7.1 Greylisted, come back later" }]),
    )?;
    world.use_server(&server).await?;
    let first = world.write_answer_to("ingrid@example.org", "Wir sehen nach.").await?;
    let other = world.write_answer_to("karl@example.org", "Wir sehen nach.").await?;

    world.after(UNDONE).await?;

    assert_eq!(world.fares(first).await?, (State::Queued, Some(Problem::Busy)));
    assert_eq!(world.fares(other).await?, (State::Sent, None));
    let number = cases::case(&mut world.read().await?, world.contact(Some(first)).await?.case).await?.number;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("verzögert") && page.contains("Nächster Versuch"), "{page}");

    world.after(Duration::from_secs(31)).await?;
    assert_eq!(world.fares(first).await?, (State::Sent, None));
    assert_eq!(server.wait_for(2, PATIENCE)?.len(), 2);
    Ok(())
}

async fn a_domain_that_is_busy_is_left_alone_and_others_are_not(mut world: World) -> Result<()> {
    let server = smtp::Server::scripted(
        &json!([{ "at": "rcpt", "for": "slow.example", "say": "421 4.7.0 too many mails from you" }]),
    )?;
    world.use_server(&server).await?;
    let mut slow = Vec::new();
    for name in ["a", "b", "c"] {
        slow.push(world.write_answer_to(&format!("{name}@slow.example"), "Wir sehen nach.").await?);
    }
    let other = world.write_answer_to("ingrid@example.org", "Wir sehen nach.").await?;

    world.after(UNDONE).await?;

    // The second and third were not even tried, and say why all the same: the server would take them now.
    for contact in &slow {
        assert_eq!(world.fares(*contact).await?, (State::Queued, Some(Problem::Busy)));
        assert!(world.contact(Some(*contact)).await?.next_at.is_some());
    }
    assert_eq!(world.fares(other).await?, (State::Sent, None));
    assert_eq!(server.wait_for(1, PATIENCE)?[0].to, ["ingrid@example.org"]);

    world.after(Duration::from_secs(31)).await?;
    for contact in &slow {
        assert_eq!(world.fares(*contact).await?, (State::Sent, None));
    }
    Ok(())
}

async fn a_connection_cut_after_the_last_byte_sends_the_same_mail_once_more(mut world: World) -> Result<()> {
    let server = smtp::Server::scripted(&json!([{ "at": "end", "say": "cut" }]))?;
    world.use_server(&server).await?;
    let contact = world.write_answer_to("ingrid@example.org", "Wir sehen nach.").await?;

    world.after(UNDONE).await?;
    assert_eq!(world.fares(contact).await?, (State::Queued, Some(Problem::Interrupted)));
    world.after(Duration::from_secs(31)).await?;

    let mails = server.wait_for(2, PATIENCE)?;
    assert!(mails[0].raw == mails[1].raw, "servers recognise the copy by its id");
    assert_eq!(world.fares(contact).await?, (State::Sent, None));
    Ok(())
}

async fn a_second_cut_asks_a_person(mut world: World) -> Result<()> {
    let server = smtp::Server::scripted(&json!([{ "at": "end", "say": "cut", "times": 2 }]))?;
    world.use_server(&server).await?;
    let contact = world.write_answer_to("ingrid@example.org", "Wir sehen nach.").await?;

    for _ in 0..4 {
        world.after(Duration::from_mins(10)).await?;
    }

    assert_eq!(world.fares(contact).await?, (State::Failed, Some(Problem::Unsure)));
    assert_eq!(server.mails()?.len(), 2);
    Ok(())
}

async fn many_mails_to_a_domain_keep_step_over_one_connection(mut world: World) -> Result<()> {
    let server = smtp::Server::scripted(&json!([]))?;
    world.use_server(&server).await?;
    let case = world.case_of_address("ingrid@example.org").await?;
    for number in 0..24 {
        let answer = Answer { text: format!("Nachricht {number}"), ..Answer::default() };
        cases::reply(&world.app, &world.agent, case, answer).await?;
    }

    world.after(UNDONE).await?;
    assert_eq!(server.mails()?.len(), 20);
    world.after(Duration::from_millis(600)).await?;
    assert_eq!(server.mails()?.len(), 21);
    world.after(Duration::from_secs(2)).await?;

    assert_eq!(server.mails()?.len(), 24);
    assert_eq!(server.connections(), 1);
    Ok(())
}

async fn a_persons_answer_goes_before_mail_to_many(mut world: World) -> Result<()> {
    let server = smtp::Server::scripted(&json!([]))?;
    world.use_server(&server).await?;
    for name in ["a", "b", "c"] {
        let case = world.case_of_address(&format!("{name}@example.org")).await?;
        let answer = Answer { text: "An alle.".into(), then: Then::Keep, ..Answer::default() };
        cases::reply(&world.app, &world.agent, case, answer).await?;
    }
    world.forward(Duration::from_secs(5));
    world.write_answer_to("ingrid@example.org", "Nur an Sie.").await?;

    world.after(Duration::from_secs(30)).await?;

    let mails = server.wait_for(4, PATIENCE)?;
    assert_eq!(mails[0].to, ["ingrid@example.org"]);
    Ok(())
}

async fn after_four_days_a_mail_has_failed(mut world: World) -> Result<()> {
    // Nobody listens there.
    world.use_relay("smtp://127.0.0.1:1").await?;
    let contact = world.write_answer_to("ingrid@example.org", "Wir sehen nach.").await?;
    world.after(UNDONE).await?;
    assert_eq!(world.fares(contact).await?, (State::Queued, Some(Problem::ServerUnreachable)));

    world.after(Duration::from_hours(4 * 24 - 1)).await?;
    assert_eq!(world.fares(contact).await?.0, State::Queued);
    world.after(Duration::from_hours(2)).await?;

    assert_eq!(world.fares(contact).await?, (State::Failed, Some(Problem::Expired)));
    Ok(())
}

async fn a_report_of_delivery_is_asked_for(mut world: World) -> Result<()> {
    let server = smtp::Server::scripted(&json!([]))?;
    world.use_server(&server).await?;
    world.write_answer_to("ingrid+lampe@example.org", "Wir sehen nach.").await?;
    world.after(UNDONE).await?;

    let mails = server.wait_for(1, PATIENCE)?;
    let id = mail::parse(&mails[0].raw)?.message_id.context("it has an id")?;
    let envelope = &mails[0].parameters;
    assert!(envelope.contains(&format!("RET=HDRS ENVID={id}")), "{envelope}");
    assert!(
        envelope.contains("NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;ingrid+2Blampe@example.org"),
        "{envelope}"
    );
    Ok(())
}

async fn in_test_mode_mail_goes_to_nobody_or_to_one_address(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    world.restart_with(|settings| settings.mail_test_mode = Some("nobody".into())).await?;
    let contact = world.write_answer_to("ingrid@example.org", "Nur ein Versuch.").await?;
    world.after(UNDONE).await?;

    assert!(server.mails()?.is_empty());
    assert_eq!(world.fares(contact).await?, (State::Sent, Some(Problem::TestMode)));
    let page = world.get(Role::Agent, "/sent").await?.body;
    assert!(page.contains("ingrid@example.org") && page.contains("Testbetrieb"), "{page}");

    world.restart_with(|settings| settings.mail_test_mode = Some("probe@haus.example".into())).await?;
    world.write_answer_to("ingrid@example.org", "Noch ein Versuch.").await?;
    world.after(UNDONE).await?;

    let mails = server.wait_for(1, PATIENCE)?;
    assert_eq!(mails[0].to, ["probe@haus.example"]);
    assert!(world.get(Role::Agent, "/sent").await?.body.contains("probe@haus.example"));
    Ok(())
}

async fn a_failed_mail_goes_to_another_address(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let contact = world.write_answer_to("nobody@example.org", "Wir sehen nach.").await?;
    world.after(UNDONE).await?;
    assert_eq!(world.fares(contact).await?, (State::Failed, Some(Problem::MailboxUnknown)));

    let form = json!({ "to": "ingrid@example.org" });
    let again = world.post_json(Role::Agent, &format!("/contacts/{contact}/retry"), &form).await?;
    assert!(again.status.is_success(), "{}", again.body);
    world.after(UNDONE).await?;

    let mails = server.wait_for(1, PATIENCE)?;
    assert_eq!(mails[0].to, ["ingrid@example.org"]);
    assert_eq!(mail::parse(&mails[0].raw)?.to[0].address, "ingrid@example.org");
    assert_eq!(world.fares(contact).await?, (State::Sent, None));
    Ok(())
}

async fn an_answer_comes_from_the_address_written_to_with_its_queues_signature(
    mut world: World,
) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    world.name_queue("lampen@haus.example").await?;
    let set = [
        ("sender_name", "Lampendienst"),
        ("signature_de", "Freundliche Grüße\n{agent}\n{queue}"),
        ("signature_en", "Kind regards\n{agent}"),
    ];
    let path = format!("/settings/sending/queues/{}", world.queue);
    let saved = world.post_form(Role::Admin, &path, &set).await?;
    assert!(saved.status.is_redirection(), "{}", saved.body);
    let wrong = world
        .post_form(
            Role::Admin,
            &path,
            &[("sender_name", ""), ("signature_de", "{agnet}"), ("signature_en", "")],
        )
        .await?;
    assert!(wrong.body.contains("Diesen Platzhalter gibt es nicht"), "{}", wrong.body);

    // One writes to the queue's address, one to that of the house, which belongs to no queue.
    for (to, id) in [("lampen+x@haus.example", "1"), ("service@haus.example", "2")] {
        let raw = mail("Die Lampe", &format!("Message-ID: <{id}@example.org>\r\n"));
        let case = world.case(world.arrive_at(to, raw).await?.case).await?.id;
        let text = "Wir sehen nach.";
        let answer = Answer { text: text.into(), html: Some(format!("<p>{text}</p>")), ..Answer::default() };
        cases::reply(&world.app, &world.agent, case, answer).await?;
    }
    world.after(UNDONE).await?;

    let mails = server.wait_for(2, PATIENCE)?;
    let mut from: Vec<&str> = mails.iter().map(|mail| mail.from.as_str()).collect();
    from.sort_unstable();
    assert_eq!(from, ["lampen@haus.example", "service@haus.example"]);
    for sent in &mails {
        let read = mail::parse(&sent.raw)?;
        assert_eq!(read.from[0].name, "Lampendienst");
        assert!(
            read.text.contains("Wir sehen nach.\n\n-- \nFreundliche Grüße\nEva Agent\nKundenservice"),
            "{}",
            read.text
        );
        assert!(read.html.is_some_and(|html| html.contains("Freundliche Grüße<br>Eva Agent")));
    }
    // Whoever writes the next answer sees it.
    let number = cases::case(&mut world.read().await?, CaseId(1)).await?.number;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("Signatur</summary>") && page.contains("Freundliche Grüße\nEva Agent"), "{page}");
    Ok(())
}
