//! Who writes learns at once that the mail has arrived: once, with number and date, and never a machine.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, Direction, State, Then};
use kitt::platform::{CaseId, Role};

use super::{mail, mail_of};
use crate::world::{World, both};

both!(
    a_new_mail_is_acknowledged_once_with_number_and_date,
    machines_forged_senders_and_quiet_queues_get_no_acknowledgement,
    wrong_placeholders_are_refused_on_the_page,
    a_queue_that_uses_du_acknowledges_with_du,
    lists_quote_the_customer_and_not_the_acknowledgement,
);

impl World {
    async fn acknowledge(&self, german: &str) -> Result<u16> {
        let path = format!("/settings/acknowledgements/{}", self.queue);
        let form = [("is_on", "yes"), ("text_de", german), ("text_en", "")];
        Ok(self.post_form(Role::Admin, &path, &form).await?.status.as_u16())
    }

    /// What a machine of the house wrote in a case.
    async fn acknowledgements(&self, case: Option<CaseId>) -> Result<Vec<cases::Contact>> {
        let mut contacts = cases::contacts(&mut self.read().await?, case.context("a case")?).await?;
        contacts.retain(|contact| contact.direction == Direction::Outbound);
        Ok(contacts)
    }
}

async fn a_new_mail_is_acknowledged_once_with_number_and_date(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    world.acknowledge("Nummer {nummer}: {betreff}, bis {bis}, {name}").await?;
    let first = world.arrive(mail("Lampe {nummer}", "Message-ID: <a@example.org>\r\n")).await?;
    world
        .arrive(mail("Re: Lampe", "Message-ID: <b@example.org>\r\nIn-Reply-To: <a@example.org>\r\n"))
        .await?;

    let case = world.case(first.case).await?;
    let said = world.acknowledgements(first.case).await?;
    let [said] = said.as_slice() else { anyhow::bail!("one is due: {said:?}") };
    // Monday 9:00 and eight hours.
    let expected = format!(
        "Nummer {}: Lampe {{nummer}}, bis 16. November 2026, 17:00 Uhr, Ingrid Sommerauer",
        case.number
    );
    assert_eq!(said.text, expected);
    assert!(said.automatic && said.person.is_none());
    // The customer still waits for a person.
    assert_eq!(case.due_at, Some(world.now() + std::time::Duration::from_hours(8)));
    let sent = world.notice(case.id, "ingrid@example.org").await?;
    assert_eq!(sent.state, State::Sent, "it leaves like all automatic mail");
    Ok(())
}

async fn machines_forged_senders_and_quiet_queues_get_no_acknowledgement(world: World) -> Result<()> {
    let quiet = world.arrive(mail("Vorher", "Message-ID: <q@example.org>\r\n")).await?;
    world.acknowledge("").await?;
    let machine = mail("Nachtlauf", "Message-ID: <m@example.org>\r\nAuto-Submitted: auto-generated\r\n");
    let machine = world.arrive(machine).await?;
    let person = mail_of("Otto Huber <otto@example.org>", "Nachher", "Message-ID: <p@example.org>\r\n");
    let person = world.arrive(person).await?;

    assert!(world.acknowledgements(quiet.case).await?.is_empty());
    if machine.case.is_some() {
        assert!(world.acknowledgements(machine.case).await?.is_empty());
    }
    let usual = world.acknowledgements(person.case).await?.pop().context("an acknowledgement")?;
    assert!(usual.text.contains("Haus & Heim") && usual.text.contains("Otto Huber"), "{}", usual.text);
    Ok(())
}

async fn wrong_placeholders_are_refused_on_the_page(world: World) -> Result<()> {
    assert_eq!(world.acknowledge("Nummer {nmumer}").await?, 422);
    assert_eq!(world.acknowledge("Nummer {nummer}").await?, 303);
    let complaints = [("instance_de", "Schlichtungsstelle Wien"), ("instance_en", ""), ("silent_days", "14")];
    let saved = world.post_form(Role::Admin, "/settings/complaints", &complaints).await?;
    let page = world.get(Role::Admin, "/settings/acknowledgements?queue=1").await?;
    assert_eq!(saved.status, 303);
    assert!(page.body.contains("Schlichtungsstelle Wien") && page.body.contains("{nummer}"), "{}", page.body);
    Ok(())
}

async fn a_queue_that_uses_du_acknowledges_with_du(world: World) -> Result<()> {
    let path = format!("/settings/acknowledgements/{}", world.queue);
    let form = [("is_on", "yes"), ("text_de", ""), ("text_de_informal", "Deine Mail ist da, {name}.")];
    assert_eq!(world.post_form(Role::Admin, &path, &form).await?.status, 303);
    let formal = world.arrive(mail("Lampe", "Message-ID: <a@example.org>\r\n")).await?;
    world.usual_tone("informal").await?;
    let informal = mail_of("Otto Huber <otto@example.org>", "Nachher", "Message-ID: <p@example.org>\r\n");
    let informal = world.arrive(informal).await?;

    let [formal, informal] = [
        world.acknowledgements(formal.case).await?.pop().context("the usual one")?.text,
        world.acknowledgements(informal.case).await?.pop().context("the queue's own")?.text,
    ];
    assert!(formal.contains("Ihre Nachricht „Lampe“"), "{formal}");
    assert_eq!(informal, "Deine Mail ist da, Otto Huber.");
    Ok(())
}

async fn lists_quote_the_customer_and_not_the_acknowledgement(world: World) -> Result<()> {
    world.acknowledge("").await?;
    let arrived = world.arrive(mail("Lampe", "")).await?;
    let case = world.case(arrived.case).await?;
    let answer = Answer { text: "Wir sehen nach.".into(), then: Then::StayOpen, ..Answer::default() };
    let answer = cases::reply(&world.app, &world.agent, case.id, answer).await?;
    let answered = world.case(arrived.case).await?;
    cases::withdraw(&world.app, &world.agent, answer).await?;
    let taken_back = world.case(arrived.case).await?;

    assert_eq!(world.acknowledgements(arrived.case).await?.len(), 2);
    assert_eq!((case.snippet.as_str(), case.is_of_house()), ("Guten Tag, die Lampe flackert.", false));
    assert_eq!((case.contacts, answered.snippet.as_str()), (2, "Wir sehen nach."));
    assert_eq!((taken_back.snippet.as_str(), taken_back.is_of_house()), (case.snippet.as_str(), false));
    Ok(())
}
