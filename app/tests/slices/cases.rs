//! A case from the first message to the last.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, Channel, Cursor, Destination, Eyes, Filter, Incoming, Sort, Status, Then, View};
use kitt::journal;
use kitt::platform::{CaseId, ContactId, Error, Right, Role, Timestamp, dialect, sql};
use serde_json::Value;

use crate::world::{World, both};

both!(
    a_first_message_opens_a_case_that_is_due_in_working_hours,
    what_the_customer_writes_next_opens_a_closed_case_again,
    a_second_message_does_not_move_the_deadline,
    a_stranger_and_a_machine_owe_no_answer,
    an_answer_can_be_taken_back_until_it_is_claimed,
    a_contact_is_claimed_once,
    a_failed_answer_brings_the_case_back,
    a_waiting_case_wakes_when_its_time_comes,
    only_who_works_cases_may_answer,
    lists_show_what_is_due_first_and_go_on_where_they_ended,
    numbers_are_never_given_twice,
    a_sitting_counts_two_minutes_at_most,
    who_takes_an_answer_back_gains_no_time,
    taking_back_a_message_aside_leaves_the_case_closed,
    what_was_just_closed_does_not_wake,
    closed_cases_come_last_and_the_newest_first,
    a_long_conversation_is_shown_in_parts,
    long_messages_begin_on_the_page_and_are_whole_when_asked_for,
    who_was_not_answered_still_waits_after_closing_and_reopening,
    what_was_taken_back_is_neither_shown_nor_counted,
    who_has_not_seen_what_others_said_is_asked_once_more,
    a_new_case_needs_a_way_to_reach_its_customer_and_keeps_every_word,
    one_phone_number_is_one_customer_however_it_is_written,
    nobody_waits_for_a_day_that_was_mistyped,
    who_has_no_address_is_offered_no_answer,
    no_text_can_hold_a_nul,
    who_takes_a_case_over_owns_it,
    an_answer_to_what_is_no_longer_the_last_word_asks_first,
    the_headings_of_a_list_count_all_of_it,
    a_refusal_leads_back_to_its_page,
    the_list_tells_the_house_from_the_customer,
    what_was_written_in_bold_is_shown_so,
    no_day_is_too_far_away_without_a_word,
);

async fn a_first_message_opens_a_case_that_is_due_in_working_hours(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;

    let row = cases::case(&mut world.read().await?, case).await?;
    let facts = journal::of_case(&mut world.read().await?, case).await?;

    assert_eq!((row.status, row.subject.as_str(), row.contacts), (Status::Open, "Die Lampe flackert", 1));
    assert!(row.number.starts_with("26-"), "{}", row.number);
    // Monday 9:00 and eight working hours.
    assert_eq!(row.due_at, Some(world.now() + Duration::from_hours(8)));
    assert_eq!(facts.len(), 2, "{facts:?}");
    Ok(())
}

async fn what_the_customer_writes_next_opens_a_closed_case_again(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::close(&world.app, &world.agent, case).await?;
    assert_eq!(world.status(case).await?, Status::Closed);

    world.forward(Timestamp::days(1));
    world.write_to(case).await?;

    let row = cases::case(&mut world.read().await?, case).await?;
    assert_eq!((row.status, row.contacts, row.closed_at), (Status::Open, 2, None));
    assert!(row.due_at.is_some());
    Ok(())
}

async fn a_second_message_does_not_move_the_deadline(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let due = cases::case(&mut world.read().await?, case).await?.due_at;

    world.forward(Duration::from_hours(1));
    world.write_to(case).await?;

    assert_eq!(cases::case(&mut world.read().await?, case).await?.due_at, due);
    Ok(())
}

async fn a_stranger_and_a_machine_owe_no_answer(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::close(&world.app, &world.agent, case).await?;
    for (automatic, stranger) in [(true, false), (false, true)] {
        let incoming = Incoming { automatic, stranger, ..world.incoming(Some(case), "Bin im Urlaub").await? };
        world.receive(incoming).await?;
    }

    assert_eq!(world.status(case).await?, Status::Closed);
    Ok(())
}

async fn an_answer_can_be_taken_back_until_it_is_claimed(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let (app, agent) = (&world.app, &world.agent);
    let first = cases::reply(app, agent, case, answer(Then::Close)).await?;
    assert_eq!(world.status(case).await?, Status::Closed);

    cases::withdraw(app, agent, first).await?;
    assert_eq!(world.status(case).await?, Status::Open);
    assert!(cases::claim(app, first).await?.is_none(), "what was taken back must not leave");
    let second = cases::reply(app, agent, case, answer(Then::Wait)).await?;
    assert!(cases::claim(app, second).await?.is_some());

    let late = cases::withdraw(app, agent, second).await;
    assert!(matches!(&late, Err(Error::Invalid(errors)) if errors[0].word == "case-undo-late"), "{late:?}");
    assert_eq!(cases::case(&mut world.read().await?, case).await?.owner, agent.person_id());
    Ok(())
}

async fn a_contact_is_claimed_once(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let contact = cases::reply(&world.app, &world.agent, case, answer(Then::Wait)).await?;
    let claim = || {
        let app = world.app.clone();
        tokio::spawn(async move { cases::claim(&app, contact).await })
    };

    let mut claimed = 0;
    for node in [claim(), claim(), claim(), claim()] {
        claimed += usize::from(node.await??.is_some());
    }

    assert_eq!(claimed, 1);
    Ok(())
}

async fn a_failed_answer_brings_the_case_back(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let contact = cases::reply(&world.app, &world.agent, case, answer(Then::Close)).await?;
    cases::claim(&world.app, contact).await?;
    let mut tx = world.app.db.write().await?;
    cases::failed(&world.app, &mut tx, &world.agent, contact, "550 unknown").await?;
    tx.commit().await?;

    let failed = cases::contact(&mut world.read().await?, contact).await?;
    assert_eq!(failed.reason.as_deref(), Some("550 unknown"));
    assert_eq!(world.status(case).await?, Status::Open);
    Ok(())
}

async fn a_waiting_case_wakes_when_its_time_comes(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let past = cases::wait(&world.app, &world.agent, case, Some(world.now())).await;
    cases::wait(&world.app, &world.agent, case, Some(world.now() + Timestamp::days(2))).await?;

    assert!(matches!(past, Err(Error::Invalid(_))));
    world.forward(Timestamp::days(1));
    assert_eq!(cases::wake(&world.app).await?, 0);
    world.forward(Timestamp::days(1));
    assert_eq!(cases::wake(&world.app).await?, 1);
    assert_eq!(cases::wake(&world.app).await?, 0);
    assert_eq!(world.status(case).await?, Status::Open);
    Ok(())
}

async fn only_who_works_cases_may_answer(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    for outsider in [&world.department_member, &world.manager] {
        let refused = cases::reply(&world.app, outsider, case, answer(Then::Wait)).await;
        assert!(matches!(refused, Err(Error::Forbidden(Right::WorkCases))), "{refused:?}");
    }
    let missing = cases::reply(&world.app, &world.agent, CaseId(999), answer(Then::Wait)).await;
    assert!(matches!(missing, Err(Error::NotFound)), "{missing:?}");
    Ok(())
}

async fn lists_show_what_is_due_first_and_go_on_where_they_ended(world: World) -> Result<()> {
    for number in 0..7 {
        world.write_in(&format!("Anliegen {number}")).await?;
        world.forward(Duration::from_mins(1));
    }
    let filter = cases::filter_of(View::Unassigned, &world.agent);
    let eyes = Eyes::of(&world.app, &world.agent);
    let mut tx = world.read().await?;
    let mut subjects = Vec::new();
    let mut cursor = None;
    loop {
        let page = cases::list(&mut tx, &eyes, &filter, Sort::Due, cursor.as_ref(), 3).await?;
        let Some(last) = page.last() else { break };
        cursor = Some(Cursor::after(last, Sort::Due));
        subjects.extend(page.into_iter().map(|line| line.case.subject));
    }

    let expected: Vec<_> = (0..7).map(|number| format!("Anliegen {number}")).collect();
    assert_eq!(subjects, expected);
    assert_eq!(cases::count(&mut tx, &eyes, &filter, 5).await?, 5, "counting stops at its limit");
    assert_eq!(cases::count(&mut tx, &eyes, &Filter::default(), 100).await?, 7);
    Ok(())
}

async fn numbers_are_never_given_twice(world: World) -> Result<()> {
    let incoming = world.incoming(None, "Gleichzeitig").await?;
    let open = || {
        let (app, agent, incoming) = (world.app.clone(), world.agent.clone(), incoming.clone());
        tokio::spawn(async move {
            let mut tx = app.db.write().await?;
            let opened = cases::receive(&app, &mut tx, &agent, incoming).await?;
            tx.commit().await?;
            Ok::<_, Error>(opened.0)
        })
    };
    let tasks: Vec<_> = (0..12).map(|_| open()).collect();
    let mut numbers = std::collections::BTreeSet::new();
    for task in tasks {
        let case = task.await??;
        numbers.insert(cases::case(&mut world.read().await?, case).await?.number);
    }

    assert_eq!(numbers.len(), 12);
    Ok(())
}

async fn a_sitting_counts_two_minutes_at_most(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    for seconds in [30, 0, -5, 4000] {
        cases::spend_time(&world.app, &world.agent, case, seconds).await?;
    }

    assert_eq!(cases::case(&mut world.read().await?, case).await?.active_seconds, 150);
    Ok(())
}

async fn who_takes_an_answer_back_gains_no_time(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let due = cases::case(&mut world.read().await?, case).await?.due_at;
    world.forward(Duration::from_hours(3));
    let answer = cases::reply(&world.app, &world.agent, case, answer(Then::Wait)).await?;

    cases::withdraw(&world.app, &world.agent, answer).await?;

    assert_eq!(cases::case(&mut world.read().await?, case).await?.due_at, due);
    Ok(())
}

async fn taking_back_a_message_aside_leaves_the_case_closed(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::close(&world.app, &world.agent, case).await?;
    let aside = cases::reply(&world.app, &world.agent, case, answer(Then::Keep)).await?;

    cases::withdraw(&world.app, &world.agent, aside).await?;

    assert_eq!(world.status(case).await?, Status::Closed);
    Ok(())
}

async fn what_was_just_closed_does_not_wake(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::wait(&world.app, &world.agent, case, Some(world.now() + Timestamp::days(1))).await?;
    world.forward(Timestamp::days(1));
    let mut tx = world.app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    sql("UPDATE cases SET status = 'closed', wait_until = NULL, closed_at = 1").run(&mut tx).await?;

    let app = world.app.clone();
    let waking = tokio::spawn(async move { cases::wake(&app).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    tx.commit().await?;

    assert_eq!(waking.await??, 0);
    assert_eq!(world.status(case).await?, Status::Closed);
    Ok(())
}

async fn closed_cases_come_last_and_the_newest_first(world: World) -> Result<()> {
    for subject in ["erster", "zweiter", "dritter", "offen", "fällig"] {
        let case = world.write_in(subject).await?.0;
        world.forward(Duration::from_mins(1));
        match subject {
            "fällig" => {}
            // Open without a deadline.
            "offen" => drop(cases::reply(&world.app, &world.agent, case, answer(Then::StayOpen)).await?),
            _ => cases::close(&world.app, &world.agent, case).await?,
        }
    }
    for (view, expected) in [
        (View::Closed, &["dritter", "zweiter", "erster"][..]),
        (View::All, &["fällig", "offen", "dritter", "zweiter", "erster"]),
    ] {
        let mut subjects = Vec::new();
        let mut path = format!("/cases?view={view}&limit=2");
        loop {
            let list = world.get_json(Role::Agent, &path).await?.json()?;
            let items = list["items"].as_array().context("a list")?;
            subjects.extend(items.iter().map(|case| case["subject"].as_str().unwrap_or_default().to_owned()));
            let Some(next) = list["next"].as_str() else { break };
            path = format!("/cases?view={view}&limit=2&cursor={next}");
        }
        assert_eq!(subjects, expected, "{view}");
    }
    Ok(())
}

async fn a_long_conversation_is_shown_in_parts(world: World) -> Result<()> {
    let case = world.write_in("Der Anfang").await?.0;
    let next = Incoming { html: Some("<p>groß</p>".into()), ..world.incoming(Some(case), "Weiter").await? };
    let mut tx = world.app.db.write().await?;
    for number in 0..200 {
        let next = Incoming { text: format!("Nachricht {number}."), ..next.clone() };
        cases::receive(&world.app, &mut tx, &world.agent, next).await?;
    }
    tx.commit().await?;
    let path = format!("/cases/{}", cases::case(&mut world.read().await?, case).await?.number);

    let page = world.get(Role::Agent, &path).await?;
    let last = world.get_json(Role::Agent, &path).await?.json()?;
    let earlier = last["earlier"].as_str().context("there is more")?;
    let first = world.get_json(Role::Agent, &format!("{path}?before={earlier}")).await?.json()?;

    assert!(page.body.contains(&format!("before={earlier}")) && !page.body.contains("Der Anfang."));
    assert!(page.body.contains("Nachricht 199.") && page.body.contains("Wie gesendet ansehen"));
    assert_eq!(last["messages"].as_array().map(Vec::len), Some(200));
    assert_eq!(first["messages"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&first["messages"][0]["text"], &first["earlier"]),
        (&"Guten Tag, Der Anfang.".into(), &Value::Null)
    );
    Ok(())
}

async fn long_messages_begin_on_the_page_and_are_whole_when_asked_for(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let long = format!("{} Ende des Briefs.", "Sie flackert jeden Abend. ".repeat(100));
    let next = Incoming { text: long.clone(), ..world.incoming(Some(case), "Weiter").await? };
    let mut tx = world.app.db.write().await?;
    let mut contacts = Vec::new();
    for _ in 0..4 {
        contacts.push(cases::receive(&world.app, &mut tx, &world.agent, next.clone()).await?.1);
    }
    tx.commit().await?;
    let path = format!("/cases/{}", cases::case(&mut world.read().await?, case).await?.number);

    let page = world.get(Role::Agent, &path).await?.body;
    let asked = world.get(Role::Agent, &format!("{path}?whole={}", contacts[0])).await?.body;
    let program = world.get_json(Role::Agent, &path).await?.json()?;

    assert_eq!(page.matches("Ende des Briefs.").count(), 3, "the newest three are shown at length");
    assert!(page.contains(&format!("whole={}#m-{}", contacts[0], contacts[0])));
    assert_eq!(asked.matches("Ende des Briefs.").count(), 4);
    assert_eq!(program["messages"][1]["text"], Value::String(long));
    Ok(())
}

async fn who_was_not_answered_still_waits_after_closing_and_reopening(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let due = cases::case(&mut world.read().await?, case).await?.due_at;

    world.forward(Duration::from_mins(5));
    cases::close(&world.app, &world.agent, case).await?;
    cases::reopen(&world.app, &world.agent, case).await?;
    let unanswered = cases::case(&mut world.read().await?, case).await?;
    cases::reply(&world.app, &world.agent, case, answer(Then::Close)).await?;
    cases::reopen(&world.app, &world.agent, case).await?;
    let answered = cases::case(&mut world.read().await?, case).await?;

    assert_eq!((unanswered.due_at, unanswered.status), (due, Status::Open));
    assert_eq!((answered.due_at, answered.status), (None, Status::Open));
    Ok(())
}

async fn what_was_taken_back_is_neither_shown_nor_counted(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let before = cases::case(&mut world.read().await?, case).await?;
    let contact = cases::reply(&world.app, &world.agent, case, answer(Then::Wait)).await?;
    let meanwhile = cases::case(&mut world.read().await?, case).await?;

    cases::withdraw(&world.app, &world.agent, contact).await?;
    let again = cases::withdraw(&world.app, &world.agent, contact).await;

    let after = cases::case(&mut world.read().await?, case).await?;
    assert_ne!((before.snippet.as_str(), before.contacts), (meanwhile.snippet.as_str(), meanwhile.contacts));
    assert_eq!((before.snippet, before.contacts), (after.snippet, after.contacts));
    assert!(matches!(&again, Err(Error::Invalid(errors)) if errors[0].word == "case-undo-done"), "{again:?}");
    Ok(())
}

async fn who_has_not_seen_what_others_said_is_asked_once_more(world: World) -> Result<()> {
    let (case, first) = world.write_in("Die Lampe flackert").await?;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    let path = format!("/cases/{number}/replies");
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains(&format!("name=\"seen\" value=\"{first}\"")), "{page}");
    let seen = first.to_string();
    let write = async |role, seen: &str| {
        world.post_form(role, &path, &[("body", "Guten Tag."), ("then", "open"), ("seen", seen)]).await
    };

    let quick = write(Role::Lead, &seen).await?;
    let own = write(Role::Lead, &seen).await?;
    let late = write(Role::Agent, &seen).await?;
    let sure = write(Role::Agent, "").await?;
    world.write_to(case).await?;
    let last = cases::contacts(&mut world.read().await?, case).await?[3].id.to_string();
    let unread = write(Role::Agent, &last).await?;

    assert_eq!((quick.status, own.status, sure.status), (303.try_into()?, 303.try_into()?, 303.try_into()?));
    assert_eq!(late.status, 422);
    assert!(late.body.contains("hat jemand anders in diesem Fall geantwortet"), "{}", late.body);
    assert_eq!(unread.status, 422);
    assert!(unread.body.contains("eine neue Nachricht"), "{}", unread.body);
    Ok(())
}

async fn a_new_case_needs_a_way_to_reach_its_customer_and_keeps_every_word(world: World) -> Result<()> {
    let long = "x".repeat(10_000);
    let new = |reach: &str, name: &str, subject: &str| serde_json::json!({"channel": "phone", "reach": reach, "name": name, "subject": subject, "text": "Hallo"});
    for (case, field) in [
        (new("kein anschluss", "Anna", "Lampe"), "reach"),
        (new("", "Anna", "Lampe"), "reach"),
        (new("+43 664 1234567", &long, "Lampe"), "name"),
        (new("+43 664 1234567", "Anna", &long), "subject"),
        (new("anna@", "Anna", "Lampe"), "reach"),
    ] {
        let refused = world.post_json(Role::Agent, "/cases", &case).await?;
        assert_eq!(refused.status, 422, "{}", refused.body);
        let errors = refused.json()?["errors"].clone();
        assert_eq!(errors.as_array().map(Vec::len), Some(1), "{errors}");
        assert_eq!(errors[0]["field"], field, "{errors}");
    }
    Ok(())
}

async fn one_phone_number_is_one_customer_however_it_is_written(world: World) -> Result<()> {
    let mut customers = Vec::new();
    for reach in ["+43 664 1234567", "0043 664 1234567", "0664/123 45 67", "+43 (0)664 1234567"] {
        let new =
            serde_json::json!({"channel": "phone", "reach": reach, "subject": "Lampe", "text": "Hallo"});
        let logged = world.post_json(Role::Agent, "/cases", &new).await?.json()?;
        let number = logged["number"].as_str().context("a number")?;
        customers.push(cases::by_number(&mut world.read().await?, number).await?.customer);
    }

    customers.dedup();
    assert_eq!(customers.len(), 1, "{customers:?}");
    Ok(())
}

async fn nobody_waits_for_a_day_that_was_mistyped(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    for (until, message) in [
        ("9999-12-31T10:00", "mehr als zehn Jahre"),
        ("1900-01-01T10:00", "liegt in der Vergangenheit"),
        ("morgen", "nicht die richtige Form"),
    ] {
        let path = format!("/cases/{number}/wait");
        let refused = world.post_form(Role::Agent, &path, &[("until", until)]).await?;
        assert_eq!(refused.status, 422, "{until}");
        assert!(refused.body.contains(message), "{until}: {}", refused.body);
    }
    Ok(())
}

async fn who_has_no_address_is_offered_no_answer(world: World) -> Result<()> {
    let new = serde_json::json!({"channel": "phone", "reach": "+43 664 1234567", "subject": "Lampe", "text": "Hallo"});
    let logged = world.post_json(Role::Agent, "/cases", &new).await?.json()?;
    let path = format!("/cases/{}", logged["number"].as_str().context("a number")?);

    let without = world.get(Role::Agent, &path).await?.body;
    let customer = cases::by_number(&mut world.read().await?, &path[7..]).await?.customer;
    let point = serde_json::json!({"kind": "email", "value": "anna@example.org"});
    world.post_json(Role::Agent, &format!("/customers/{customer}/points"), &point).await?;
    let with = world.get(Role::Agent, &path).await?.body;

    assert!(!without.contains("data-editor") && without.contains("fehlt eine E-Mail-Adresse"), "{without}");
    assert!(with.contains("data-editor"), "{with}");
    Ok(())
}

async fn no_text_can_hold_a_nul(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let note = cases::note(&world.app, &world.agent, case, "Kein\0 Ende", Vec::new()).await?;

    assert_eq!(cases::contact(&mut world.read().await?, note).await?.text, "Kein Ende");
    Ok(())
}

fn answer(then: Then) -> Answer {
    Answer { text: "Guten Tag, wir tauschen sie.".into(), then, ..Answer::default() }
}

impl World {
    pub(super) async fn number(&self, case: CaseId) -> Result<String> {
        Ok(cases::case(&mut self.read().await?, case).await?.number)
    }

    /// A new case of Frau Sommerauer.
    pub(super) async fn write_in(&self, subject: &str) -> Result<(CaseId, ContactId)> {
        let incoming = self.incoming(None, subject).await?;
        self.receive(incoming).await
    }

    /// She writes again.
    pub(super) async fn write_to(&self, case: CaseId) -> Result<(CaseId, ContactId)> {
        let incoming = self.incoming(Some(case), "Noch etwas").await?;
        self.receive(incoming).await
    }

    pub(super) async fn incoming(&self, case: Option<CaseId>, subject: &str) -> Result<Incoming> {
        let customer = self.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
        let into = match case {
            Some(case) => Destination::Case(case),
            None => Destination::New(kitt::people::queue(&mut self.read().await?, self.queue).await?),
        };
        Ok(Incoming {
            channel: Channel::Email,
            at: self.now(),
            customer,
            author: "Ingrid Sommerauer".into(),
            from_address: Some("ingrid@example.org".into()),
            to_address: None,
            subject: subject.into(),
            text: format!("Guten Tag, {subject}."),
            quoted: None,
            signature: None,
            html: None,
            into,
            automatic: false,
            stranger: false,
            received: None,
            shortened: false,
            attachments: Vec::new(),
            recipients: Vec::new(),
            talk: None,
        })
    }

    pub(super) async fn receive(&self, incoming: Incoming) -> Result<(CaseId, ContactId)> {
        let mut tx = self.app.db.write().await?;
        let received = cases::receive(&self.app, &mut tx, &self.agent, incoming).await?;
        tx.commit().await?;
        Ok(received)
    }

    pub(super) async fn status(&self, case: CaseId) -> Result<Status> {
        Ok(cases::case(&mut self.read().await?, case).await?.status)
    }
}

async fn who_takes_a_case_over_owns_it(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.number(case).await?;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    let form = page
        .split("<form")
        .find(|form| form.contains(&format!("id=\"take-{number}\"")))
        .context("no form")?;
    assert_eq!(
        form.split("</form>").next().map(|form| form.matches("name=\"owner\"").count()),
        Some(1),
        "{form}"
    );
    let me = form.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).context("nobody")?;

    let taken = world.post_form(Role::Agent, &format!("/cases/{number}/assignee"), &[("owner", me)]).await?;

    assert_eq!((taken.status.as_u16(), taken.location()), (303, format!("/cases/{number}").as_str()));
    let line = cases::line(&mut world.read().await?, case).await?;
    assert_eq!(line.owner_name.as_deref(), Some("Eva Agent"));
    Ok(())
}

async fn an_answer_to_what_is_no_longer_the_last_word_asks_first(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let path = format!("/cases/{}/replies", world.number(case).await?);
    let page = world.get(Role::Agent, path.trim_end_matches("/replies")).await?.body;
    let seen = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let seen = seen.context("the page does not say what it shows")?;
    let first = world.post_form(Role::Lead, &path, &[("body", "Wir tauschen sie."), ("seen", seen)]).await?;
    assert_eq!(first.status.as_u16(), 303);

    let late = world.post_form(Role::Agent, &path, &[("body", "Bitte um ein Foto."), ("seen", seen)]).await?;
    let on_purpose =
        world.post_form(Role::Agent, &path, &[("body", "Bitte um ein Foto."), ("seen", "")]).await?;

    assert_eq!(late.status.as_u16(), 422);
    assert!(
        late.body.contains("data-field=\"seen\"") && late.body.contains("jemand anders"),
        "{}",
        late.body
    );
    assert_eq!(on_purpose.status.as_u16(), 303);
    let said = cases::contacts(&mut world.read().await?, case).await?;
    assert_eq!(said.len(), 3, "{said:?}");

    world.write_to(case).await?;
    let program = serde_json::json!({"body": "Danke!", "seen": said[2].id});
    let behind = world.post_json(Role::Agent, &path, &program).await?;
    assert_eq!(behind.json()?["errors"][0]["field"], "seen");
    Ok(())
}

async fn the_headings_of_a_list_count_all_of_it(world: World) -> Result<()> {
    for nth in 0..60 {
        world.write_in(&format!("Lampe {nth}")).await?;
    }
    world.forward(Timestamp::days(3));
    for nth in 0..3 {
        world.write_in(&format!("Tisch {nth}")).await?;
    }
    let counts = |page: &str| -> Vec<String> {
        let heads = page.split("class=\"q-h\"").skip(1);
        let count = |head: &str| head.split("class=\"num\">").nth(1)?.split('<').next().map(str::to_owned);
        heads.filter_map(count).collect()
    };

    let first = world.get(Role::Agent, "/cases?view=unassigned").await?.body;
    assert_eq!(counts(&first), ["60"]);
    let next =
        first.split("cursor=").nth(1).and_then(|rest| rest.split('"').next()).context("no next page")?;
    let second = world.get(Role::Agent, &format!("/cases?view=unassigned&cursor={next}")).await?.body;
    assert_eq!(counts(&second), ["60", "3"]);
    Ok(())
}

async fn a_refusal_leads_back_to_its_page(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.number(case).await?;
    let (page, path) = (format!("/cases/{number}?view=team"), format!("/cases/{number}/replies"));
    let from = format!("http://kitt.test{page}");
    let headers = [
        ("accept", "text/html"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
        ("referer", from.as_str()),
    ];

    let refused = world.ask(Role::Agent, axum::http::Method::POST, &path, &headers, "body=").await?;
    let logged_out = world.ask(None, axum::http::Method::POST, &path, &headers, "body=Hallo").await?;
    let unknown = world.post_form(None, &path, &[("body", "Hallo")]).await?;

    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.body.contains(&format!("href=\"{page}\"")), "{}", refused.body);
    assert!(refused.body.contains("href=\"/cases\" aria-current=\"page\""), "{}", refused.body);
    let next: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    assert_eq!(logged_out.location(), format!("/login?next={next}"));
    assert_eq!(unknown.location(), "/login?next=%2F");
    Ok(())
}

async fn the_list_tells_the_house_from_the_customer(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let list = || world.get(Role::Agent, "/cases?view=unassigned");
    assert!(list().await?.body.contains("class=\"q-sn clip grow\""));

    cases::note(&world.app, &world.agent, case, "Beim Lager nachfragen", Vec::new()).await?;

    assert!(list().await?.body.contains("class=\"q-sn house clip grow\""));
    let until = world.now() + Timestamp::days(2);
    cases::wait(&world.app, &world.agent, case, Some(until)).await?;
    let waiting = world.get(Role::Agent, "/cases?view=waiting").await?.body;
    assert!(waiting.contains("bis 18.11.2026, 09:00"), "{waiting}");
    Ok(())
}

async fn what_was_written_in_bold_is_shown_so(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.number(case).await?;
    let html = "<p>Bis <b>Freitag</b>.<script>x()</script></p>";
    let form = [("body", html), ("body_format", "html")];

    world.post_form(Role::Agent, &format!("/cases/{number}/replies"), &form).await?;

    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("<p>Bis <b>Freitag</b>.</p>"), "{page}");
    Ok(())
}

async fn no_day_is_too_far_away_without_a_word(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let path = format!("/cases/{}/wait", world.number(case).await?);

    for (until, word) in [("9999-12-31T23:00", "mehr als zehn Jahre"), ("bald", "nicht die richtige Form")] {
        let answer = world.post_form(Role::Agent, &path, &[("until", until)]).await?;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(
            answer.body.contains("data-field=\"until\"") && answer.body.contains(word),
            "{}",
            answer.body
        );
    }
    Ok(())
}
