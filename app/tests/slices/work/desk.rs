//! What a person does at the desk: calls, own time, paper, finding a case.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::{Body, to_bytes};
use axum::http::Method;
use kitt::cases;
use kitt::cases::{Channel, Direction, Logged, NewContact, State, Status};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{Role, sql};
use serde_json::json;

use super::me;
use crate::world::{World, both};

both!(
    a_call_is_written_down_in_seconds,
    who_writes_a_call_down_has_its_case_and_that_is_known,
    an_email_of_ours_leaves_and_is_not_only_written_down,
    an_email_with_nowhere_to_go_is_refused_at_its_field,
    own_time_is_put_right_and_shown_to_nobody_else,
    who_puts_time_right_twice_at_once_does_it_once,
    a_case_on_paper_keeps_notes_to_itself,
    a_case_on_paper_says_days_and_signatures,
    a_case_on_paper_says_how_much_of_it_is_missing,
    a_case_as_pdf_is_for_those_who_may_know_of_it,
    a_number_leads_straight_to_its_case,
    what_fits_is_offered_while_one_types,
    the_page_of_a_case_offers_all_of_it,
);

async fn a_call_is_written_down_in_seconds(world: World) -> Result<()> {
    let new = json!({"channel": "phone", "reach": "+43 664 1234567", "name": "Anna Neu",
                     "text": "Fragt nach der Lampe.\nRuft wieder an.", "minutes": "4", "done": "yes"});
    let logged = world.post_json(Role::Agent, "/cases", &new).await?.json()?;
    let number = logged["number"].as_str().context("a number")?.to_owned();
    let case = cases::by_number(&mut world.read().await?, &number).await?;
    assert_eq!(
        (case.subject.as_str(), case.status, case.active_seconds),
        ("Fragt nach der Lampe.", Status::Closed, 240)
    );

    let back = json!({"channel": "phone", "direction": "out", "customer": case.customer.to_string(),
                      "case": number, "text": "Zurückgerufen."});
    let into = world.post_json(Role::Agent, "/cases", &back).await?.json()?;
    assert_eq!(into["number"], number.as_str());
    let last = cases::contacts(&mut world.read().await?, case.id).await?.pop().context("the call")?;
    assert_eq!((last.direction, last.text.as_str()), (Direction::Outbound, "Zurückgerufen."));
    assert!(world.has(case.id, &Fact::ContactLogged { contact: last.id, channel: "phone".into() }).await?);

    let outbound = Logged {
        channel: Channel::Phone,
        direction: Direction::Outbound,
        customer: Some(case.customer),
        reach: String::new(),
        name: String::new(),
        subject: String::new(),
        text: "Angerufen, niemand da.".into(),
        into: None,
        queue: None,
        minutes: 0,
        done: false,
    };
    let number = cases::log(&world.app, &world.agent, outbound).await?;
    let row = cases::by_number(&mut world.read().await?, &number).await?;
    assert_eq!((row.status, row.due_at, row.contacts), (Status::Open, None, 1));
    Ok(())
}

async fn who_writes_a_call_down_has_its_case_and_that_is_known(world: World) -> Result<()> {
    let new =
        json!({"channel": "phone", "reach": "+43 664 1234567", "name": "Anna Neu", "text": "Fragt nach."});

    let logged = world.post_json(Role::Agent, "/cases", &new).await?.json()?;

    let number = logged["number"].as_str().context("a number")?;
    let case = cases::by_number(&mut world.read().await?, number).await?;
    assert_eq!(case.owner, Some(me(&world)?));
    assert!(world.has(case.id, &Fact::CaseAssigned { to: case.owner, from: None }).await?);
    Ok(())
}

async fn an_email_of_ours_leaves_and_is_not_only_written_down(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    let new = json!({"channel": "email", "direction": "out", "reach": "anna@example.org", "name": "Anna Neu",
                     "subject": "Ihre Lampe", "text": "Die Lampe kommt morgen."});
    let written = world.post_json(Role::Agent, "/cases", &new).await?.json()?;
    let number = written["number"].as_str().context("a number")?;
    let case = cases::by_number(&mut world.read().await?, number).await?;
    let queued = cases::contacts(&mut world.read().await?, case.id).await?.pop().context("the mail")?;
    world.hear().await?;
    world.forward(cases::UNDO + Duration::from_secs(1));
    world.settle().await?;
    let sent = cases::contact(&mut world.read().await?, queued.id).await?;

    assert_eq!((case.status, case.due_at, case.contacts), (Status::Waiting, None, 1));
    assert_eq!((queued.state, queued.to_address.as_deref()), (State::Queued, Some("anna@example.org")));
    assert_eq!(queued.subject.as_deref(), Some("Ihre Lampe"));
    assert_eq!(sent.state, State::Sent);

    // The address of somebody who is known need not be typed, and the name that stands in the field is none.
    let more = json!({"channel": "email", "direction": "out", "customer": case.customer.to_string(),
                      "reach": "Anna Neu", "case": number, "text": "Sie ist unterwegs.", "done": "yes"});
    world.post_json(Role::Agent, "/cases", &more).await?;
    let closed = cases::by_number(&mut world.read().await?, number).await?;
    let last = cases::contacts(&mut world.read().await?, case.id).await?.pop().context("the mail")?;
    assert_eq!((last.state, last.to_address.as_deref()), (State::Queued, Some("anna@example.org")));
    assert_eq!(closed.status, Status::Closed);
    Ok(())
}

async fn an_email_with_nowhere_to_go_is_refused_at_its_field(world: World) -> Result<()> {
    for reach in ["+43 664 1234567", "service@haus.example"] {
        let new = json!({"channel": "email", "direction": "out", "reach": reach, "text": "Hallo"});
        let refused = world.post_json(Role::Agent, "/cases", &new).await?;
        assert_eq!(refused.status, 422, "{reach}: {}", refused.body);
        assert_eq!(refused.json()?["errors"][0]["field"], "reach", "{reach}");
    }
    let opened = world.get_json(Role::Agent, "/cases?view=all").await?.json()?;
    assert_eq!(opened["items"], json!([]), "nothing is kept of what was not sent");
    Ok(())
}

async fn own_time_is_put_right_and_shown_to_nobody_else(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    for _ in 0..5 {
        cases::spend_time(app, agent, case, 120).await?;
    }
    cases::spend_time(app, &world.lead, case, 60).await?;
    let path = format!("/cases/{}/time", world.number(case).await?);

    let own = world.get_json(Role::Agent, &path).await?.json()?;
    assert_eq!(own["items"], json!([{"day": "2026-11-16", "seconds": 600}]));
    let corrected = world.post_form(Role::Agent, &path, &[("day", "2026-11-16"), ("minutes", "7")]).await?;

    assert_eq!(corrected.status.as_u16(), 303, "{}", corrected.body);
    assert_eq!(world.case_row(case).await?.active_seconds, 7 * 60 + 60);
    assert_eq!(world.get_json(Role::Lead, &path).await?.json()?["items"][0]["seconds"], 60);
    let facts = journal::of_case(&mut world.read().await?, case).await?;
    assert!(facts.iter().any(|entry| matches!(entry.fact, Fact::TimeCorrected { seconds: -180, .. })));
    world.hear().await?;
    let page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?;
    assert_eq!(page.status.as_u16(), 200);
    world.post_form(Role::Agent, &path, &[("day", "2026-11-16"), ("minutes", "0")]).await?;
    assert_eq!(world.case_row(case).await?.active_seconds, 60);
    Ok(())
}

async fn who_puts_time_right_twice_at_once_does_it_once(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    let day = world.now().moment().to_zoned(world.app.zone()).date();
    let correct = || {
        let (app, agent) = (world.app.clone(), world.agent.clone());
        tokio::spawn(async move { cases::correct_time(&app, &agent, case, day, 30).await })
    };

    for done in [correct(), correct(), correct(), correct()] {
        done.await??;
    }

    let row = cases::case(&mut world.read().await?, case).await?;
    assert_eq!(row.active_seconds, 30 * 60);
    Ok(())
}

async fn a_case_on_paper_keeps_notes_to_itself(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    cases::note(&world.app, &world.agent, case, "Kunde ist ungeduldig", Vec::new()).await?;
    let path = format!("/cases/{}/print", world.number(case).await?);

    let plain = world.get(Role::Agent, &path).await?.body;
    let whole = world.get(Role::Agent, &format!("{path}?notes=yes")).await?.body;

    assert!(plain.contains("Ingrid Sommerauer") && !plain.contains("ungeduldig"), "{plain}");
    assert!(whole.contains("ungeduldig"));
    Ok(())
}

async fn a_case_on_paper_says_days_and_signatures(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    let number = world.number(case).await?;
    let (print, pdf) = (format!("/cases/{number}/print"), format!("/cases/{number}/pdf"));
    let bare = world.get(Role::Agent, &pdf).await?.body.len();
    let mut tx = world.app.db.write().await?;
    sql("UPDATE contacts SET signature = $1").bind("Ingrid\nGänseweg 7").run(&mut tx).await?;
    tx.commit().await?;

    let page = world.get(Role::Agent, &print).await?.body;
    let signed = world.get(Role::Agent, &pdf).await?.body.len();

    assert!(page.contains("Gänseweg 7"), "{page}");
    assert!(bare < signed, "the signature is in the file, too");
    assert!(
        page.contains("16.11.2026, 09:00") && !page.contains("heute, "),
        "what is kept is read later: {page}"
    );
    Ok(())
}

async fn a_case_on_paper_says_how_much_of_it_is_missing(world: World) -> Result<()> {
    let case = world.case_row(world.write_in("Lampe").await?.0).await?;
    let print = format!("/cases/{}/print", case.number);
    let whole = world.get(Role::Agent, &print).await?.body;
    // Paper has the newest two thousand.
    let mut tx = world.app.db.write().await?;
    for _ in 0..2_000 {
        let note = NewContact::of(&world.agent, &case, world.now() + Duration::from_mins(1));
        cases::add_past_contact(&mut tx, &note, &[]).await?;
    }
    sql("UPDATE cases SET contacts = 2001 WHERE id = $1").bind(case.id).run(&mut tx).await?;
    tx.commit().await?;

    let page = world.get(Role::Agent, &print).await?.body;
    let pdf = format!("/cases/{}/pdf", case.number);
    let file = world.send(Role::Agent, Method::GET, &pdf, &[], Body::empty()).await?;
    let file = to_bytes(file.into_body(), 64 << 20).await?;
    let text = texts::text_of("Fall.pdf", "application/pdf", &file).ok().context("a text")?;

    let missing = "Ein früherer Kontakt steht nicht hier. Die Seite des Falls zeigt ihn.";
    assert!(page.contains(missing) && !whole.contains(missing), "{page}");
    // Where its lines end does not matter.
    let close = |text: &str| text.split_whitespace().collect::<String>();
    assert!(close(&text).contains(&close(missing)), "{text}");
    Ok(())
}

async fn a_case_as_pdf_is_for_those_who_may_know_of_it(world: World) -> Result<()> {
    let case = world.write_in("Größe der Lampe").await?.0;
    cases::note(&world.app, &world.agent, case, "Kunde ist ungeduldig", Vec::new()).await?;
    let path = format!("/cases/{}/pdf", world.number(case).await?);

    let plain = world.get(Role::Agent, &path).await?;
    let whole = world.get(Role::Agent, &format!("/api/v1{path}?notes=yes")).await?;
    assert_eq!((plain.header("content-type"), plain.body.get(..7)), ("application/pdf", Some("%PDF-1.")));
    assert!(plain.body.len() < whole.body.len(), "the note is in the other one only");

    let mut tx = world.app.db.write().await?;
    sql("UPDATE cases SET private = TRUE WHERE id = $1").bind(case).run(&mut tx).await?;
    tx.commit().await?;
    assert_eq!(world.get(Role::Admin, &path).await?.status.as_u16(), 404);
    Ok(())
}

async fn a_number_leads_straight_to_its_case(world: World) -> Result<()> {
    let number = world.number(world.write_in("Lampe").await?.0).await?;

    let there = world.get(Role::Agent, &format!("/search?q={number}")).await?;
    let unknown = world.get(Role::Agent, "/search?q=26-99999").await?;

    assert_eq!(there.location(), format!("/cases/{number}"));
    assert_eq!(unknown.status.as_u16(), 200);
    Ok(())
}

async fn what_fits_is_offered_while_one_types(world: World) -> Result<()> {
    let case = world.case_row(world.write_in("Lampe").await?.0).await?;
    let first = |url: String| {
        let world = &world;
        async move { anyhow::Ok(world.get_json(Role::Agent, &url).await?.json()?["items"][0].clone()) }
    };

    let by_customer = first(format!("/pick/cases?customer={}", case.customer)).await?;
    assert_eq!(by_customer["number"], case.number);
    let digits = case.number.split_once('-').context("a number")?.1;
    for typed in [case.number.as_str(), digits] {
        assert_eq!(first(format!("/pick/cases?q={typed}")).await?["subject"], "Lampe", "{typed}");
    }
    for typed in ["sommer", "ingrid%40exa"] {
        let found = first(format!("/pick/customers?q={typed}")).await?;
        assert_eq!(found["name"], "Ingrid Sommerauer", "{typed}");
    }
    let none = world.get_json(Role::Agent, "/pick/customers?q=niemand").await?.json()?;
    assert_eq!(none["items"], json!([]));
    Ok(())
}

async fn the_page_of_a_case_offers_all_of_it(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    world.write_in("Tisch").await?;
    let url = format!("/cases/{}", world.number(case).await?);
    let page = world.get(Role::Agent, &url).await?.body;
    for dialog in ["merge", "split", "relate", "handoff", "task", "people", "time"] {
        assert!(page.contains(&format!("id=\"dlg-{dialog}\"")), "{dialog}");
        assert!(page.contains(&format!("data-open=\"dlg-{dialog}\"")), "{dialog}");
    }
    let watching = world.get(Role::Manager, &url).await?.body;
    assert!(!watching.contains("dlg-merge"), "who may not work on cases is offered none of it");
    Ok(())
}
