//! Answers: written, taken back, claimed, failed.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::Body;
use axum::http::Method;
use kitt::cases;
use kitt::cases::{Status, Then};
use kitt::platform::{CaseId, Error, Right, Role};

use super::answer;
use crate::world::{World, both};

both!(
    an_answer_can_be_taken_back_until_it_is_claimed,
    who_takes_an_answer_back_goes_on_in_its_text,
    a_contact_is_claimed_once,
    a_failed_answer_brings_the_case_back,
    only_who_works_cases_may_answer,
    who_takes_an_answer_back_gains_no_time,
    taking_back_a_message_aside_leaves_the_case_closed,
    what_was_taken_back_is_neither_shown_nor_counted,
    who_has_not_seen_what_others_said_is_asked_once_more,
    who_has_no_address_is_offered_no_answer,
    an_answer_to_what_is_no_longer_the_last_word_asks_first,
);

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

async fn who_takes_an_answer_back_goes_on_in_its_text(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let contact = cases::reply(&world.app, &world.agent, case, answer(Then::Wait)).await?;
    let path = format!("/contacts/{contact}/undo");
    let back = world.post_form(Role::Agent, &path, &[]).await?;
    let cookie = back.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let session = format!("kitt-session={}; {cookie}", world.session(Role::Agent).await?);
    let headers = [("accept", "text/html"), ("cookie", session.as_str())];
    let resumed = world.ask(None, Method::GET, back.location(), &headers, Body::empty()).await?.body;
    let later = world.get(Role::Agent, back.location()).await?.body;

    assert!(resumed.contains(" data-resume"), "{resumed}");
    assert!(!later.contains(" data-resume"), "only at once: {later}");
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
