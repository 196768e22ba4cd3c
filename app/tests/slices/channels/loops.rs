//! Machines do not write to each other for ever, and whatever is held says why.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, Contact, State, Status, Then};
use kitt::journal;
use kitt::journal::Fact;
use kitt::node;
use kitt::platform::{Actor, CaseId, Clock, ContactId, Role, Settings};

use super::mail;
use crate::world::{World, both};

both!(
    machines_write_to_nobody_who_does_not_read,
    what_people_write_is_never_held,
    who_answers_automatically_gets_no_automatic_answer,
    a_case_and_an_address_take_so_many_automatic_mails,
    what_was_held_is_listed_and_a_person_sends_it_anyway,
    a_flood_is_filed_and_opens_nothing,
);

impl World {
    /// The house is restarted with a mail server that swallows everything.
    pub(crate) async fn with_sink(mut self) -> Result<Self> {
        let settings = Settings { smtp_relay: Some("sink:".into()), ..self.app.settings().clone() };
        self.app = node::open(settings, Clock::fixed(self.now())).await?;
        Ok(self)
    }

    /// A machine of the house writes in a case, and what may leave does.
    pub(crate) async fn notice(&self, case: CaseId, to: &str) -> Result<Contact> {
        let answer = Answer {
            text: "Wir haben Ihre Mail erhalten.".into(),
            to: Some(to.into()),
            then: Then::Keep,
            automatic: true,
            ..Answer::default()
        };
        let contact = self.reply_by_machine(case, answer).await?;
        self.sent_by_now(contact).await
    }

    /// As the house's own parts write, of which no person is the author.
    async fn reply_by_machine(&self, case: CaseId, answer: Answer) -> Result<ContactId> {
        let mut tx = self.app.db.write().await?;
        let contact = cases::reply_in(&self.app, &mut tx, &Actor::kitt("test"), case, answer).await?;
        tx.commit().await?;
        Ok(contact)
    }

    async fn sent_by_now(&self, contact: ContactId) -> Result<Contact> {
        self.hear().await?;
        self.forward(cases::UNDO + Duration::from_secs(1));
        self.settle().await?;
        self.contact(Some(contact)).await
    }
}

async fn machines_write_to_nobody_who_does_not_read(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    world.name_queue("hilfe@haus.example").await?;
    let case = world.arrive(mail("Lampe", "")).await?.case.context("a case")?;
    for (to, reason) in [
        ("HILFE+lampe@haus.example", "own-address"),
        ("service@haus.example", "own-address"),
        ("no-reply@shop.example", "no-reply"),
        ("MAILER-DAEMON@mx.example", "no-reply"),
    ] {
        let held = world.notice(case, to).await?;
        assert_eq!((held.state, held.reason.as_deref()), (State::Suppressed, Some(reason)), "{to}");
        let facts = journal::of_case(&mut world.read().await?, case).await?;
        let fact = Fact::ContactSuppressed { contact: held.id, reason: reason.into() };
        assert!(facts.iter().any(|entry| entry.fact == fact), "{to}: {facts:?}");
    }
    assert_eq!(world.notice(case, "ingrid@example.org").await?.state, State::Sent);
    Ok(())
}

async fn what_people_write_is_never_held(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    let case = world.arrive(mail("Lampe", "")).await?.case.context("a case")?;
    for _ in 0..12 {
        let to = Some("no-reply@shop.example".to_owned());
        let answer = Answer { text: "Doch.".into(), to, ..Answer::default() };
        let contact = cases::reply(&world.app, &world.agent, case, answer).await?;
        assert_eq!(world.sent_by_now(contact).await?.state, State::Sent);
    }
    Ok(())
}

async fn who_answers_automatically_gets_no_automatic_answer(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    let auto = "In-Reply-To: <1@example.org>\r\nAuto-Submitted: auto-replied\r\n";
    let case =
        world.arrive(mail("Lampe", "Message-ID: <1@example.org>\r\n")).await?.case.context("a case")?;
    assert_eq!(world.notice(case, "ingrid@example.org").await?.state, State::Sent);

    world.arrive(mail("Abwesend", auto)).await?;
    let held = world.notice(case, "Ingrid@example.org").await?;
    assert_eq!((held.state, held.reason.as_deref()), (State::Suppressed, Some("auto-replies")));

    // A person's mail that forbids machines to answer it.
    let silent = "In-Reply-To: <1@example.org>\r\nX-Auto-Response-Suppress: All\r\n";
    let written = world.arrive(mail("Lampe", silent)).await?;
    assert!(!world.contact(written.contact).await?.automatic);
    let held = world.notice(case, "ingrid@example.org").await?;
    assert_eq!(held.reason.as_deref(), Some("auto-replies"));

    world.arrive(mail("Lampe", "In-Reply-To: <1@example.org>\r\n")).await?;
    assert_eq!(world.notice(case, "ingrid@example.org").await?.state, State::Sent);
    Ok(())
}

async fn a_case_and_an_address_take_so_many_automatic_mails(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    let case = world.arrive(mail("Lampe", "")).await?.case.context("a case")?;
    for number in 0..10 {
        let sent = world.notice(case, &format!("nummer{number}@example.org")).await?;
        assert_eq!(sent.state, State::Sent, "{number}");
    }
    let held = world.notice(case, "eleven@example.org").await?;
    assert_eq!(held.reason.as_deref(), Some("case-cap"));

    world.forward(Duration::from_mins(10));
    assert_eq!(world.notice(case, "twelve@example.org").await?.state, State::Sent);

    for number in 0..40 {
        let one = world.arrive(mail(&format!("Frage {number}"), "")).await?.case.context("a case")?;
        assert_eq!(world.notice(one, "viel@example.org").await?.state, State::Sent, "{number}");
    }
    let held = world.notice(case, "VIEL@example.org").await?;
    assert_eq!(held.reason.as_deref(), Some("address-cap"));
    world.forward(Duration::from_hours(25));
    assert_eq!(world.notice(case, "viel@example.org").await?.state, State::Sent);
    Ok(())
}

async fn what_was_held_is_listed_and_a_person_sends_it_anyway(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    let empty = world.get(Role::Admin, "/suppressions").await?;
    assert!(empty.body.contains("Hier ist nichts"), "{}", empty.body);
    let case = world.arrive(mail("Lampe", "")).await?.case;
    let number = world.case(case).await?.number;
    let held = world.notice(case.context("a case")?, "no-reply@shop.example").await?;

    let list = world.get(Role::Admin, "/suppressions").await?;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?;
    assert!(
        list.body.contains("no-reply@shop.example") && list.body.contains("liest niemand"),
        "{}",
        list.body
    );
    assert!(page.body.contains("nicht gesendet") && page.body.contains("liest niemand"), "{}", page.body);
    assert!(page.body.contains(&format!("/contacts/{}/anyway", held.id)));

    let path = format!("/contacts/{}/anyway", held.id);
    let sent = world.post_form(Role::Agent, &path, &[]).await?;
    assert_eq!(sent.location(), format!("/cases/{number}"));
    assert_eq!(world.sent_by_now(held.id).await?.state, State::Sent);
    let list = world.get_json(Role::Admin, "/suppressions").await?.json()?;
    assert_eq!(list["items"][0]["number"], number);
    assert!(list["items"][0]["released_at"].is_string(), "{list}");
    let twice = world.post_json(Role::Agent, &path, &serde_json::json!({})).await?;
    assert_eq!(twice.status, axum::http::StatusCode::CONFLICT);
    Ok(())
}

async fn a_flood_is_filed_and_opens_nothing(world: World) -> Result<()> {
    let first = world.arrive(mail("Lampe", "Message-ID: <1@example.org>\r\n")).await?;
    let case = world.case(first.case).await?.id;
    let again = |n: i64| {
        mail("AW: Lampe", &format!("In-Reply-To: <1@example.org>\r\nMessage-ID: <n{n}@example.org>\r\n"))
    };
    for number in 0..9 {
        let one = world.arrive(again(number)).await?;
        assert!(!world.contact(one.contact).await?.automatic, "{number}");
    }
    cases::close(&world.app, &world.agent, case).await?;

    let flood = world.arrive(again(10)).await?;

    let contact = world.contact(flood.contact).await?;
    assert_eq!((flood.case, contact.automatic, contact.reason.as_deref()), (first.case, true, Some("flood")));
    let row = world.case(first.case).await?;
    assert_eq!((row.status, row.due_at, row.contacts), (Status::Closed, None, 11));

    world.forward(Duration::from_mins(11));
    world.arrive(again(11)).await?;
    assert_eq!(world.case(first.case).await?.status, Status::Open);
    Ok(())
}
