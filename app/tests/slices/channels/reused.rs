//! Threads that are used again: for something new, long after the end, or by another route.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::{Answer, Status};
use kitt::channels::Received;
use kitt::journal;
use kitt::journal::Fact;
use kitt::people::{QueueSettings, Reopening};
use kitt::platform::{CaseId, Error, Role, Timestamp};
use mail::threading;

use super::{mail, mail_of};
use crate::world::{World, both};

both!(
    a_new_subject_in_an_old_thread_opens_a_case_that_follows,
    one_click_joins_and_another_takes_it_back,
    what_was_joined_stays_once_something_else_happened,
    nobody_joins_what_follows_nothing,
    a_mail_to_a_closed_case_follows_its_queues_rule,
    a_queues_rule_is_set_where_queues_are,
    machines_open_nothing_however_old_the_case_is,
    one_mail_on_two_ways_is_one_contact,
    one_id_with_two_texts_is_two_contacts,
    a_mail_without_an_id_is_known_again_by_its_content,
    a_stranger_is_marked_until_somebody_says_that_they_belong,
);

const FIRST: &str = "Message-ID: <1@example.org>\r\n";
const ANSWERS_FIRST: &str = "In-Reply-To: <1@example.org>\r\n";

impl World {
    async fn linked(&self, case: Option<CaseId>) -> Result<Vec<(String, bool, bool)>> {
        let case = self.case(case).await?;
        let links = cases::links(&mut self.read().await?, &self.agent, &case).await?;
        Ok(links.into_iter().map(|link| (link.number, link.earlier, link.joined)).collect())
    }

    async fn texts_of(&self, case: CaseId) -> Result<usize> {
        Ok(cases::contacts(&mut self.read().await?, case).await?.len())
    }

    /// A case about the lamp, and one about an invoice that was written in answer to it.
    async fn lamp_and_invoice(&self) -> Result<(Received, Received)> {
        let lamp = self.arrive(mail("Lampe flackert", FIRST)).await?;
        let fields = format!("{ANSWERS_FIRST}Message-ID: <2@example.org>\r\n");
        Ok((lamp, self.arrive(mail("AW: Rechnung 4711", &fields)).await?))
    }
}

async fn a_new_subject_in_an_old_thread_opens_a_case_that_follows(world: World) -> Result<()> {
    let (lamp, invoice) = world.lamp_and_invoice().await?;
    let more = world.arrive(mail("Re: Rechnung 4711", ANSWERS_FIRST)).await?;
    let back = world.arrive(mail("AW: WG: Re[5]: Lampe flackert", ANSWERS_FIRST)).await?;
    let empty = world.arrive(mail("AW:", ANSWERS_FIRST)).await?;

    assert_ne!(invoice.case, lamp.case);
    assert_eq!((more.case, back.case, empty.case), (invoice.case, lamp.case, lamp.case));
    let (first, second) = (world.case(lamp.case).await?, world.case(invoice.case).await?);
    assert_eq!(world.linked(invoice.case).await?, [(first.number, true, false)]);
    assert_eq!(world.linked(lamp.case).await?, [(second.number.clone(), false, false)]);
    let facts = journal::of_case(&mut world.read().await?, second.id).await?;
    let follows = Fact::CaseFollows { earlier: first.id, why: "subject".into() };
    assert!(facts.iter().any(|entry| entry.fact == follows), "{facts:?}");
    let page = world.get(Role::Agent, &format!("/cases/{}", second.number)).await?;
    assert!(page.body.contains(&format!("/cases/{}/join", second.number)), "{}", page.body);
    Ok(())
}

async fn one_click_joins_and_another_takes_it_back(world: World) -> Result<()> {
    let (lamp, invoice) = world.lamp_and_invoice().await?;
    let (first, second) = (world.case(lamp.case).await?, world.case(invoice.case).await?);
    cases::close(&world.app, &world.agent, first.id).await?;
    let before = world.case(lamp.case).await?;

    let joined = world.post_form(Role::Agent, &format!("/cases/{}/join", second.number), &[]).await?;

    assert_eq!(joined.location(), format!("/cases/{}", first.number));
    assert_eq!((world.texts_of(first.id).await?, world.texts_of(second.id).await?), (2, 0));
    let (into, shell) = (world.case(lamp.case).await?, world.case(invoice.case).await?);
    assert_eq!(
        (into.status, into.contacts, shell.status, shell.contacts),
        (Status::Open, 2, Status::Closed, 0)
    );
    assert_eq!((shell.moved_to, shell.subject), (Some(first.id), second.subject.clone()));
    let page = world.get(Role::Agent, &format!("/cases/{}", second.number)).await?;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, joined.location()));
    let data = world.get_json(Role::Agent, &format!("/cases/{}", second.number)).await?.json()?;
    assert_eq!(data["moved_to"], first.number);
    let page = world.get(Role::Agent, joined.location()).await?;
    assert!(page.body.contains(&format!("/cases/{}/part", second.number)), "{}", page.body);

    let parted = world.post_form(Role::Agent, &format!("/cases/{}/part", second.number), &[]).await?;

    assert_eq!(parted.location(), format!("/cases/{}", second.number));
    assert_eq!((world.texts_of(first.id).await?, world.texts_of(second.id).await?), (1, 1));
    let (into, out) = (world.case(lamp.case).await?, world.case(invoice.case).await?);
    assert_eq!((into.status, into.closed_at, into.contacts), (Status::Closed, before.closed_at, 1));
    assert_eq!((out.status, out.due_at, out.contacts, out.moved_to), (Status::Open, second.due_at, 1, None));
    assert_eq!(into.snippet, before.snippet);
    Ok(())
}

async fn what_was_joined_stays_once_something_else_happened(world: World) -> Result<()> {
    let (lamp, invoice) = world.lamp_and_invoice().await?;
    let second = world.case(invoice.case).await?;
    cases::join(&world.app, &world.agent, second.id).await?;
    world.hear().await?;
    // By the id of what was moved, by the number, and by the address that the other case would have had.
    let by_id = world.arrive(mail("AW: Rechnung 4711", "In-Reply-To: <2@example.org>\r\n")).await?;
    let by_number = world.arrive(mail(&format!("Frage [{}]", second.number), "")).await?;
    let address = threading::reply_address("service@haus.example", &second.number, world.app.secret());
    let by_address = world.arrive_at(&address, mail("Frage", "")).await?;

    let late = cases::part(&world.app, &world.agent, second.id).await;
    let twice = cases::join(&world.app, &world.agent, second.id).await;

    assert_eq!([by_id.case, by_number.case, by_address.case], [lamp.case; 3]);
    assert!(matches!(&late, Err(Error::Invalid(wrong)) if wrong[0].word == "case-part-late"), "{late:?}");
    assert!(matches!(twice, Err(Error::Stale)), "{twice:?}");
    Ok(())
}

async fn nobody_joins_what_follows_nothing(world: World) -> Result<()> {
    let lamp = world.arrive(mail("Lampe", "")).await?;
    let case = world.case(lamp.case).await?.id;
    assert!(matches!(cases::join(&world.app, &world.agent, case).await, Err(Error::NotFound)));
    assert!(matches!(cases::join(&world.app, &world.manager, case).await, Err(Error::Forbidden(_))));
    Ok(())
}

async fn a_mail_to_a_closed_case_follows_its_queues_rule(world: World) -> Result<()> {
    for (reopening, days, opens) in [
        (Reopening::Within(30), 29, true),
        (Reopening::Within(30), 31, false),
        (Reopening::Always, 4000, true),
        (Reopening::Never, 0, false),
    ] {
        world.set_rule(reopening).await?;
        let id = format!("{}-{days}@example.org", world.now().0);
        let first = world.arrive(mail("Lampe", &format!("Message-ID: <{id}>\r\n"))).await?;
        let case = world.case(first.case).await?;
        cases::close(&world.app, &world.agent, case.id).await?;
        let address = threading::reply_address("service@haus.example", &case.number, world.app.secret());
        world.forward(Timestamp::days(days) + Duration::from_mins(1));

        let reply = world.arrive_at(&address, mail("AW: Lampe", "")).await?;
        let again = world.arrive_at(&address, mail("AW: Lampe", "")).await?;

        let status = world.case(first.case).await?.status;
        assert_eq!((reply.case == first.case, status == Status::Open), (opens, opens), "{reopening:?}");
        assert_eq!(
            again.case, reply.case,
            "{reopening:?}: the follow-up is open, so it gets what comes next"
        );
        if !opens {
            assert_eq!(world.linked(reply.case).await?, [(case.number, true, false)]);
        }
    }
    Ok(())
}

async fn a_queues_rule_is_set_where_queues_are(world: World) -> Result<()> {
    let id = world.queue.to_string();
    let send = async |reopen: &str, days: &str| {
        let fields = [
            ("id", id.as_str()),
            ("name", "Kundenservice"),
            ("answer_minutes", "480"),
            ("reopen", reopen),
            ("reopen_days", days),
        ];
        world.post_form(Role::Admin, "/settings/queues", &fields).await
    };
    let rule = async || {
        let queue = kitt::people::queue(&mut world.read().await?, world.queue).await?;
        anyhow::Ok(queue.reopen_days)
    };
    assert_eq!(rule().await?, Some(30), "as long as nobody chose");
    for (reopen, days, set) in
        [("within", "7", Some(7)), ("", "", Some(7)), ("never", "7", Some(0)), ("always", "7", None)]
    {
        assert_eq!(send(reopen, days).await?.status, StatusCode::SEE_OTHER, "{reopen}");
        assert_eq!(rule().await?, set, "{reopen}");
    }
    for days in ["0", "-3", "viele", "9999999"] {
        let refused = send("within", days).await?;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}");
        assert!(refused.body.contains("höchstens 3650"), "{days}: {}", refused.body);
    }
    assert_eq!(rule().await?, None);
    Ok(())
}

impl World {
    /// Sets the queue's rule as the form does.
    async fn set_rule(&self, reopening: Reopening) -> Result<()> {
        let queue = kitt::people::queue(&mut self.read().await?, self.queue).await?;
        let set = QueueSettings {
            name: queue.name,
            team: queue.team,
            address: queue.address,
            answer_minutes: queue.answer_minutes,
            reopening: Some(reopening),
            restricted: None,
            tone: None,
        };
        kitt::people::set_queue(&self.app, &self.admin, Some(self.queue), &set).await?;
        Ok(())
    }
}

async fn machines_open_nothing_however_old_the_case_is(world: World) -> Result<()> {
    world.set_rule(Reopening::Never).await?;
    let first = world.arrive(mail("Lampe", FIRST)).await?;
    cases::close(&world.app, &world.agent, first.case.context("a case")?).await?;

    let fields = format!("{ANSWERS_FIRST}Auto-Submitted: auto-replied\r\n");
    let notice = world.arrive(mail("Abwesend: ganz anderer Betreff", &fields)).await?;

    assert_eq!(notice.case, first.case);
    assert_eq!(world.case(first.case).await?.status, Status::Closed);
    assert!(world.linked(first.case).await?.is_empty());
    Ok(())
}

async fn one_mail_on_two_ways_is_one_contact(world: World) -> Result<()> {
    let date = "Date: Mon, 16 Nov 2026 09:00:00 +0100\r\n";
    let written = mail("Lampe", &format!("{FIRST}{date}"));
    let by_listener = world
        .arrive(format!("Received: from a by b; now\r\nReturn-Path: <i@x.example>\r\n{written}"))
        .await?;
    let by_mailbox = world
        .arrive(format!("Delivered-To: service@haus.example\r\n{}", written.replace("\r\n", "\n")))
        .await?;

    assert_eq!(by_mailbox.reason.as_deref(), Some("duplicate"));
    assert_eq!((by_mailbox.case, by_mailbox.contact), (by_listener.case, by_listener.contact));

    // An answer, and the case moved to another queue between its two arrivals.
    let answer = mail("AW: Lampe", &format!("{ANSWERS_FIRST}{date}Message-ID: <2@example.org>\r\n"));
    let first = world.arrive(answer.clone()).await?;
    let mut tx = world.app.db.write().await?;
    let other = kitt::people::add_queue(&mut tx, "Technik", None, None, 60).await?;
    tx.commit().await?;
    cases::move_to(&world.app, &world.agent, first.case.context("a case")?, other).await?;
    let again = world.arrive(format!("Received: from a by b\r\n{answer}")).await?;
    assert_eq!((again.contact, again.reason.as_deref()), (first.contact, Some("duplicate")));
    Ok(())
}

async fn one_id_with_two_texts_is_two_contacts(world: World) -> Result<()> {
    let first = world.arrive(mail("Lampe", FIRST)).await?;
    let other = world.arrive(mail("Lampe", FIRST).replace("flackert", "ist dunkel")).await?;

    assert_ne!(first.contact, other.contact);
    assert!(world.contact(other.contact).await?.text.contains("dunkel"));
    Ok(())
}

async fn a_mail_without_an_id_is_known_again_by_its_content(world: World) -> Result<()> {
    let written = mail("Lampe", "Date: Mon, 16 Nov 2026 09:00:00 +0100\r\n");
    let first = world.arrive(written.clone()).await?;
    let again = world.arrive(format!("Received: from a by b\r\n{written}")).await?;
    let later = world.arrive(written.replace("09:00:00", "09:00:01")).await?;

    assert_eq!(again.contact, first.contact);
    assert_ne!(later.contact, first.contact);
    Ok(())
}

async fn a_stranger_is_marked_until_somebody_says_that_they_belong(world: World) -> Result<()> {
    let first = world.arrive(mail("Lampe", FIRST)).await?;
    let case = world.case(first.case).await?;
    let address = threading::reply_address("service@haus.example", &case.number, world.app.secret());
    let husband = "Karl <karl@example.net>";
    let stranger = world.arrive_at(&address, mail_of(husband, "AW: Lampe", "")).await?;
    let file = world.contact(stranger.contact).await?.customer;
    assert_ne!(file, case.customer, "the stranger gets a file of their own");
    let to = cases::recipient(&mut world.read().await?, &case).await?;
    assert_eq!(to.as_deref(), Some("ingrid@example.org"));

    let contact = stranger.contact.context("a contact")?;
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?;
    assert!(page.body.contains(&format!("/contacts/{contact}/participant")), "{}", page.body);
    world.post_form(Role::Agent, &format!("/contacts/{contact}/participant"), &[]).await?;

    assert!(!world.contact(stranger.contact).await?.stranger);
    let again = world.arrive(mail_of(husband, &format!("[{}] Lampe", case.number), "")).await?;
    assert_eq!((again.case, world.contact(again.contact).await?.stranger), (first.case, false));
    let answer = Answer { text: "Gern.".into(), ..Answer::default() };
    let answer = cases::reply(&world.app, &world.agent, case.id, answer).await?;
    assert_eq!(world.contact(Some(answer)).await?.to_address.as_deref(), Some("karl@example.net"));
    let twice = cases::accept(&world.app, &world.agent, contact).await;
    assert!(matches!(twice, Err(Error::Stale)), "{twice:?}");
    Ok(())
}
