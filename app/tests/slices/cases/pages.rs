//! Lists and conversations as pages show them.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Cursor, Eyes, Filter, Incoming, Sort, Then, View};
use kitt::platform::{CaseId, Role, Timestamp};
use serde_json::Value;

use super::answer;
use crate::world::{World, both};

both!(
    lists_show_what_is_due_first_and_go_on_where_they_ended,
    closed_cases_come_last_and_the_newest_first,
    a_long_conversation_is_shown_in_parts,
    long_messages_begin_on_the_page_and_are_whole_when_asked_for,
    contacts_are_counted_without_what_the_house_says_to_itself,
    the_headings_of_a_list_count_all_of_it,
    a_refusal_leads_back_to_its_page,
    the_list_tells_the_house_from_the_customer,
    what_was_written_in_bold_is_shown_so,
    a_long_message_can_be_folded_and_is_there_whole,
    every_part_of_a_case_has_a_name_of_its_own,
);

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
    let place = format!("/cases/{number}/notes");
    let noted = world.ask(Role::Agent, axum::http::Method::POST, &place, &headers, "body=Hallo").await?;

    assert_eq!(noted.location(), page, "the list beside it stays");
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
    let due = cases::case(&mut world.read().await?, case).await?.due_at.context("an answer is owed")?;
    assert!(waiting.contains(&format!("data-due=\"{}\"", due.millis())), "and when: {waiting}");
    let page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?.body;
    assert!(page.contains("wartet bis 18.11.2026, 09:00"), "{page}");
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

async fn contacts_are_counted_without_what_the_house_says_to_itself(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (into, other) = (world.write_in("Lampe").await?.0, world.write_in("Stuhl").await?.0);
    // Page, programs, and lists that ask for a number of contacts.
    let counted = async |case: CaseId, word: &str| -> Result<i64> {
        let row = cases::case(&mut world.read().await?, case).await?;
        let path = format!("/cases/{}", row.number);
        let page = world.get(Role::Agent, &path).await?.body;
        assert!(page.contains(&format!(", {word}</span>")), "{word}: {page}");
        let said = world.get_json(Role::Agent, &path).await?.json()?;
        assert_eq!(said["contacts"], row.exchanged(), "{said}");
        Ok(row.exchanged())
    };
    cases::note(app, agent, into, "Lager fragen", Vec::new()).await?;
    cases::note(app, agent, other, "Gehört dazu", Vec::new()).await?;
    assert_eq!(counted(into, "1 Kontakt").await?, 1);

    let answer = cases::reply(app, agent, into, answer(Then::Wait)).await?;
    assert_eq!(counted(into, "2 Kontakte").await?, 2);
    cases::withdraw(app, agent, answer).await?;
    assert_eq!(counted(into, "1 Kontakt").await?, 1);

    // What is moved is counted where it is then, and again where it was.
    cases::merge(app, agent, into, &[other]).await?;
    assert_eq!(cases::case(&mut world.read().await?, into).await?.internal, 2);
    assert_eq!(cases::case(&mut world.read().await?, other).await?.internal, 0);
    cases::unmerge(app, agent, other).await?;
    assert_eq!(counted(other, "1 Kontakt").await?, 1);
    let row = cases::case(&mut world.read().await?, into).await?;
    assert_eq!(row.internal, 1);
    Ok(())
}

async fn a_long_message_can_be_folded_and_is_there_whole(world: World) -> Result<()> {
    let (case, short) = world.write_in("Die Lampe flackert").await?;
    let incoming = world.incoming(Some(case), "Noch etwas").await?;
    let letter = format!("{}Zum Schluss.", "Und dann noch das. ".repeat(40));
    let long = world.receive(Incoming { text: letter, ..incoming }).await?.1;

    let page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?.body;

    // Which of them a phone folds, its script decides; screen readers read both.
    assert!(page.contains(&format!("data-unfold=\"t-{long}\" aria-controls=\"t-{long}\"")), "{page}");
    assert!(page.contains("Ganze Nachricht</button>") && page.contains("Zum Schluss."), "{page}");
    assert!(!page.contains(&format!("data-unfold=\"t-{short}\"")), "{page}");
    Ok(())
}

async fn every_part_of_a_case_has_a_name_of_its_own(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::note(&world.app, &world.lead, case, "Birne bestellt", Vec::new()).await?;

    let page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?.body;

    // Labels name the first of several: the field of a dialog would be without one.
    let mut names: Vec<&str> =
        page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    names.sort_unstable();
    let twice: Vec<&[&str]> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(40 < names.len() && twice.is_empty(), "{twice:?}");
    Ok(())
}
