//! What was changed, told in words: of a case, and of the house.

mod asked;

use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::tasks::{self, NewTask};
use kitt::cases::{Filter, Priority, Sort, bins, bulk, undo};
use kitt::customers;
use kitt::journal;
use kitt::journal::{About, Fact};
use kitt::people;
use kitt::platform::{Actor, CaseId, Role, Timestamp};
use kitt::rules::webhook::{self, WebhookDraft};
use kitt::views::{self, Heading, Shared};
use serde_json::{Value, json};

use crate::world::{World, both, email};

both!(
    a_cases_life_is_told_in_words_by_name,
    entries_lead_to_their_message_and_are_shown_by_kind,
    nothing_is_told_of_cases_that_one_may_not_know_of,
    a_long_history_has_pages_without_gaps,
    what_was_before_is_known_across_pages,
    the_audit_log_names_roles_and_objects,
    the_audit_log_says_as_what_somebody_came_and_what_a_key_may,
    the_audit_log_names_webhooks_views_checklists_and_what_comes_again,
    the_audit_log_is_asked_for_a_person_a_kind_and_a_time,
    who_only_reads_cases_is_led_to_their_history,
    a_promise_is_told_with_what_was_promised,
    what_a_case_waits_for_is_told,
    what_was_taken_back_or_done_to_many_says_so,
    a_task_that_says_something_else_is_told_with_what_it_said,
);

impl World {
    /// Frau Sommerauer writes, and nobody but Kitt is there.
    async fn arrives_by_kitt(&self, subject: &str) -> Result<CaseId> {
        let incoming = self.incoming(None, subject).await?;
        let mut tx = self.app.db.write().await?;
        let (case, _) = cases::receive(&self.app, &mut tx, &Actor::kitt("mail"), incoming).await?;
        tx.commit().await?;
        Ok(case)
    }

    /// The changes of a case as programs read them, and where the next page begins.
    async fn history(&self, case: CaseId, query: &str) -> Result<(Vec<Value>, Option<String>)> {
        let path = format!("/cases/{}/history{query}", self.number(case).await?);
        let json = self.get_json(Role::Agent, &path).await?.json()?;
        let items = json["items"].as_array().context("a list")?.clone();
        Ok((items, json["next"].as_str().map(str::to_owned)))
    }

    async fn audit_log(&self) -> Result<Vec<Value>> {
        let json = self.get_json(Role::Admin, "/settings/audit").await?.json()?;
        Ok(json["items"].as_array().context("a list")?.clone())
    }
}

fn of_kind<'v>(items: &'v [Value], fact: &str) -> Result<&'v Value> {
    items.iter().find(|item| item["fact"] == fact).with_context(|| format!("{fact} in {items:?}"))
}

async fn a_cases_life_is_told_in_words_by_name(world: World) -> Result<()> {
    let (app, eva) = (&world.app, &world.agent);
    let case = world.arrives_by_kitt("Die Lampe flackert").await?;
    let mut tx = app.db.write().await?;
    let workshop = people::add_queue(&mut tx, "Werkstatt", None, None, 60).await?;
    tx.commit().await?;
    cases::set_priority(app, eva, case, Priority::High).await?;
    cases::add_tag(app, eva, case, "VIP").await?;
    cases::move_to(app, eva, case, workshop).await?;
    cases::assign(app, eva, case, world.lead.person_id()).await?;

    let (items, next) = world.history(case, "").await?;

    assert_eq!(next, None);
    let newest = &items[0];
    assert_eq!((&newest["fact"], &newest["by"]), (&json!("case_assigned"), &json!("Eva Agent")));
    assert_eq!((&newest["from"], &newest["to"]), (&json!("niemand"), &json!("Tom Lead")));
    for (fact, field, said) in [
        ("contact_received", "origin", json!("customer")),
        ("contact_received", "subject", json!("E-Mail")),
        ("case_opened", "to", json!("Kundenservice")),
        ("case_prioritised", "from", json!("normal")),
        ("case_prioritised", "to", json!("hoch")),
        ("case_tagged", "subject", json!("VIP")),
        ("case_moved", "what", json!("Eingang geändert")),
        ("case_moved", "from", json!("Kundenservice")),
        ("case_moved", "to", json!("Werkstatt")),
    ] {
        assert_eq!(of_kind(&items, fact)?[field], said, "{fact} {field}");
    }
    let number = world.number(case).await?;
    let page = world.get(Role::Agent, &format!("/cases/{number}/history")).await?;
    assert!(page.body.contains("Kundenservice → Werkstatt"), "{}", page.body);
    assert!(page.body.contains(&format!("data-live=\"case:{case}\"")), "{}", page.body);
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?;
    assert!(page.body.contains(&format!("href=\"/cases/{number}/history\"")), "{}", page.body);
    Ok(())
}

async fn entries_lead_to_their_message_and_are_shown_by_kind(world: World) -> Result<()> {
    let (app, eva) = (&world.app, &world.agent);
    let case = world.arrives_by_kitt("Die Lampe flackert").await?;
    cases::complaint::mark(app, eva, case, true).await?;
    cases::complaint::mark(app, eva, case, false).await?;
    cases::wait(app, eva, case, None).await?;
    let note = cases::note(app, eva, case, "Das Lager weiß davon.", Vec::new()).await?;

    let (all, _) = world.history(case, "").await?;
    let (said, _) = world.history(case, "?kind=messages").await?;

    let facts = |items: &[Value]| items.iter().map(|item| item["fact"].to_string()).collect::<Vec<_>>();
    assert_eq!(facts(&said), ["\"note_added\"", "\"contact_received\""]);
    assert_eq!(said[0]["contact"], json!(note));
    let words: Vec<&Value> = all.iter().map(|item| &item["what"]).collect();
    for what in ["Als Beschwerde eingestuft", "Keine Beschwerde mehr", "Wartet, bis die Kundschaft schreibt"]
    {
        assert!(words.contains(&&json!(what)), "{what} in {words:?}");
    }
    let number = world.number(case).await?;
    let page = world.get(Role::Agent, &format!("/cases/{number}/history?kind=messages")).await?.body;
    assert!(page.contains(&format!("href=\"/cases/{number}#m-{note}\">Notiz")), "{page}");
    assert!(page.contains("kind=messages\" aria-current=\"true\">Nachrichten und Notizen"), "{page}");
    assert!(!page.contains("Keine Beschwerde mehr"), "{page}");
    Ok(())
}

async fn a_promise_is_told_with_what_was_promised(world: World) -> Result<()> {
    let (app, eva) = (&world.app, &world.agent);
    let case = world.arrives_by_kitt("Die Lampe flackert").await?;
    let customer = cases::case(&mut world.read().await?, case).await?.customer;
    let due = world.now() + Duration::from_hours(5);
    cases::promise(app, eva, customer, Some(case), "Rückruf bis 14 Uhr", due).await?;
    let promise = customers::file(&mut world.read().await?, customer, world.now()).await?.promises[0].id;
    cases::move_promise(app, eva, customer, promise, due + Duration::from_hours(2)).await?;
    cases::end_promise(app, eva, customer, promise, true).await?;

    let (items, _) = world.history(case, "").await?;

    let made = of_kind(&items, "promise_made")?;
    assert_eq!((&made["what"], &made["subject"]), (&json!("Zusage gegeben"), &json!("Rückruf bis 14 Uhr")));
    let moved = of_kind(&items, "promise_moved")?;
    for (side, hour) in [("from", "14:00"), ("to", "16:00")] {
        assert!(moved[side].as_str().is_some_and(|said| said.contains(hour)), "{side}: {moved}");
    }
    let ended = of_kind(&items, "promise_ended")?;
    assert_eq!(
        (&ended["what"], &ended["subject"]),
        (&json!("Zusage beendet"), &json!("gehalten, Rückruf bis 14 Uhr"),)
    );
    Ok(())
}

async fn what_a_case_waits_for_is_told(world: World) -> Result<()> {
    let (app, eva) = (&world.app, &world.agent);
    let case = world.arrives_by_kitt("Die Lampe flackert").await?;
    let until = |days| Some(world.now() + Timestamp::days(days));
    cases::wait(app, eva, case, until(1)).await?;
    cases::wait(app, eva, case, until(2)).await?;
    cases::wait(app, eva, case, None).await?;
    cases::reopen(app, eva, case).await?;
    let mut tx = app.db.write().await?;
    let partner = people::add_department(&mut tx, "Lieferant").await?;
    tx.commit().await?;
    let to = cases::To::Department(partner);
    cases::hand_off(app, eva, case, to, "Wann kommt das Teil?", until(3)).await?;

    let (items, _) = world.history(case, "").await?;

    let told: Vec<[&Value; 4]> = items
        .iter()
        .filter(|item| item["fact"] == "case_set_waiting")
        .map(|item| [&item["what"], &item["subject"], &item["from"], &item["to"]])
        .collect();
    let says = |said: &Value, part: &str| said.as_str().is_some_and(|said| said.contains(part));
    let [handed, customer, second, first] = told[..] else { panic!("{told:?}") };
    assert_eq!(handed[0], "Wartet auf eine Übergabe");
    assert!(says(handed[1], "Lieferant, bis "), "{handed:?}");
    assert_eq!((customer[0], customer[3]), (&json!("Wartet"), &json!("bis die Kundschaft schreibt")));
    assert_eq!(customer[2], second[3], "until then it waited");
    assert!(says(second[2], "bis ") && second[2] == first[1], "{second:?} after {first:?}");
    Ok(())
}

async fn what_was_taken_back_or_done_to_many_says_so(world: World) -> Result<()> {
    let (app, eva) = (&world.app, &world.agent);
    let case = world.arrives_by_kitt("Die Lampe flackert").await?;
    let number = world.number(case).await?;
    cases::set_priority(app, eva, case, Priority::Low).await?;
    let offer = undo::newest(&mut world.read().await?, eva, world.now()).await?;
    undo::take_back(app, eva, offer.context("it is offered")?.id).await?;
    let form = [("case", number.as_str()), ("priority", "high")];
    let done = world.post_form(Role::Agent, "/bulk", &form).await?;
    let run = done.location().strip_prefix("/bulk/").and_then(|rest| rest.split('?').next());
    let run: i64 = run.context("a run")?.parse()?;
    bulk::take_back(app, eva, run).await?;

    let (items, _) = world.history(case, "").await?;

    let ways: Vec<&Value> =
        items.iter().filter(|item| item["fact"] == "case_prioritised").map(|item| &item["way"]).collect();
    assert_eq!(ways, [&json!("bulk-undo"), &json!("bulk"), &json!("undo"), &Value::Null]);
    let page = world.get(Role::Agent, &format!("/cases/{number}/history")).await?.body;
    for said in [
        "Eva Agent · rückgängig gemacht<",
        "Eva Agent · für viele Fälle zugleich<",
        "Eva Agent · für viele Fälle zugleich, rückgängig gemacht<",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    Ok(())
}

async fn a_task_that_says_something_else_is_told_with_what_it_said(world: World) -> Result<()> {
    let (app, eva) = (&world.app, &world.agent);
    let case = world.arrives_by_kitt("Die Lampe flackert").await?;
    let first = NewTask { title: "Lager fragen".into(), ..NewTask::default() };
    let task = tasks::add(app, eva, case, &first).await?;
    let person = world.lead.person_id();
    tasks::change(app, eva, task, &NewTask { person, ..first.clone() }).await?;
    let due = Some(world.now() + Timestamp::days(1));
    let other = NewTask { title: "Werk fragen".into(), person, due };
    tasks::change(app, eva, task, &other).await?;

    let (items, _) = world.history(case, "").await?;

    let changed: Vec<&Value> = items.iter().filter(|item| item["fact"] == "task_changed").collect();
    assert_eq!(changed[0]["from"], "ohne Termin, Lager fragen");
    let to = changed[0]["to"].as_str().unwrap_or_default();
    assert!(to.starts_with("bis ") && to.ends_with(", Werk fragen"), "{to}");
    assert_eq!((&changed[1]["from"], &changed[1]["to"]), (&json!("niemand"), &json!("Tom Lead")));
    Ok(())
}

async fn nothing_is_told_of_cases_that_one_may_not_know_of(world: World) -> Result<()> {
    let (app, tom) = (&world.app, &world.lead);
    let (open, hidden) = (world.arrives_by_kitt("Lampe").await?, world.arrives_by_kitt("Kündigung").await?);
    cases::assign(app, tom, hidden, tom.person_id()).await?;
    bins::set_private(app, tom, hidden, true).await?;
    cases::relate(app, tom, open, hidden, cases::Tie::Related).await?;
    let number = world.number(hidden).await?;

    let path = format!("/cases/{number}/history");
    assert_eq!(world.get(Role::Agent, &path).await?.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get_json(Role::Agent, &path).await?.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(Role::Lead, &path).await?.status, StatusCode::OK);

    let path = format!("/cases/{}/history", world.number(open).await?);
    for (role, told) in [(Role::Agent, false), (Role::Lead, true)] {
        let body = world.get_json(role, &path).await?.body;
        let says = (body.contains(&number), body.contains("case_related"));
        assert_eq!(says, (told, told), "{role}: {body}");
    }
    Ok(())
}

async fn a_long_history_has_pages_without_gaps(world: World) -> Result<()> {
    let case = world.arrives_by_kitt("Die Lampe flackert").await?;
    notes(&world, case, 120).await?;

    let (first, next) = world.history(case, "").await?;
    let next = next.context("a second page")?;
    let (second, end) = world.history(case, &format!("?cursor={next}")).await?;

    assert_eq!((first.len(), end), (100, None));
    // Notes, the first message, and that it opened the case.
    assert_eq!(second.len(), 22);
    let ids: Vec<i64> = first.iter().chain(&second).filter_map(|item| item["id"].as_i64()).collect();
    assert!(ids.is_sorted_by(|newer, older| older < newer), "{ids:?}");
    let path = format!("/cases/{}/history", world.number(case).await?);
    let page = world.get(Role::Agent, &path).await?;
    assert!(page.body.contains(&format!("{path}?cursor={next}")), "{}", page.body);
    Ok(())
}

async fn what_was_before_is_known_across_pages(world: World) -> Result<()> {
    let (app, eva) = (&world.app, &world.agent);
    let case = world.arrives_by_kitt("Die Lampe flackert").await?;
    cases::set_priority(app, eva, case, Priority::Low).await?;
    notes(&world, case, 5).await?;
    cases::set_priority(app, eva, case, Priority::High).await?;

    let (items, next) = world.history(case, "?limit=2").await?;

    assert!(next.is_some());
    assert_eq!((&items[0]["from"], &items[0]["to"]), (&json!("niedrig"), &json!("hoch")));
    Ok(())
}

/// Somebody notes something, and the time that it takes is theirs alone.
async fn notes(world: &World, case: CaseId, many: usize) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    for _ in 0..many {
        let note = Fact::NoteAdded { contact: kitt::platform::ContactId(1) };
        journal::record(&world.app, &mut tx, &world.agent, About::case(case), note)?;
    }
    let time = Fact::TimeSpent { seconds: 30 };
    journal::record(&world.app, &mut tx, &world.agent, About::case(case), time)?;
    tx.commit().await?;
    Ok(())
}

async fn the_audit_log_names_roles_and_objects(world: World) -> Result<()> {
    let eva = world.agent.person_id().context("a person")?;
    let change = json!({
        "name": "Eva Agent", "email": email(Role::Agent), "roles": ["agent", "lead"], "active": "yes",
    });
    let changed = world.post_json(Role::Admin, &format!("/settings/people/{eva}"), &change).await?;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    world.post_form(Role::Admin, "/settings/teams", &[("name", "Werkstatt")]).await?;

    let audit = world.audit_log().await?;

    let person = of_kind(&audit, "person_changed")?;
    assert_eq!((&person["subject"], &person["by"]), (&json!("Eva Agent"), &json!("Ada Admin")));
    assert_eq!(
        (&person["from"], &person["to"]),
        (&json!("Kundenservice"), &json!("Kundenservice, Teamleitung"))
    );
    assert_eq!(of_kind(&audit, "setting_changed")?["subject"], "Teams, Werkstatt");
    let page = world.get(Role::Admin, "/settings/audit").await?;
    assert!(page.body.contains("Kundenservice → Kundenservice, Teamleitung"), "{}", page.body);
    Ok(())
}

async fn the_audit_log_says_as_what_somebody_came_and_what_a_key_may(world: World) -> Result<()> {
    let person = [("name", "Nora Neu"), ("email", "nora@haus.example"), ("role_lead", "yes"), ("team", "1")];
    let invited = world.post_form(Role::Admin, "/settings/people", &person).await?;
    assert_eq!(invited.status, StatusCode::OK, "{}", invited.body);
    let key = json!({ "name": "Lager", "role": "finance" });
    world.post_json(Role::Admin, "/settings/tokens", &key).await?;

    let audit = world.audit_log().await?;

    for (fact, who, what) in
        [("person_invited", "Nora Neu", "Teamleitung"), ("token_created", "Lager", "Finanzen")]
    {
        let told = of_kind(&audit, fact)?;
        assert_eq!((&told["subject"], &told["to"]), (&json!(who), &json!(what)), "{fact}");
    }
    Ok(())
}

async fn the_audit_log_is_asked_for_a_person_a_kind_and_a_time(world: World) -> Result<()> {
    let person = [("name", "Nora Neu"), ("email", "nora@haus.example"), ("role_lead", "yes"), ("team", "1")];
    world.post_form(Role::Admin, "/settings/people", &person).await?;
    world.post_form(Role::Admin, "/settings/teams", &[("name", "Werkstatt")]).await?;
    world.get(Role::Agent, "/exports/customers").await?;
    world.forward(Timestamp::days(1));
    world.post_form(Role::Admin, "/settings/teams", &[("name", "Lager")]).await?;
    let eva = world.agent.person_id().context("a person")?;
    let ada = world.admin.person_id().context("a person")?;

    let (monday, tuesday) = ("from=2026-11-16&until=2026-11-16", "from=2026-11-17");
    for (query, told) in [
        (format!("by={eva}"), vec!["list_exported"]),
        (format!("by={ada}&{monday}"), vec!["setting_changed", "person_invited"]),
        (format!("kind=settings&{tuesday}"), vec!["setting_changed"]),
        (format!("kind=people&by={ada}"), vec!["person_invited"]),
        (format!("kind=people&by={eva}"), Vec::new()),
        ("kind=rules".to_owned(), Vec::new()),
        ("until=2026-11-15".to_owned(), Vec::new()),
    ] {
        let list = world.get_json(Role::Admin, &format!("/settings/audit?{query}")).await?.json()?;
        let items = list["items"].as_array().context("a list")?;
        let facts: Vec<&str> = items.iter().filter_map(|item| item["fact"].as_str()).collect();
        assert_eq!(facts, told, "{query}");
    }

    let page = world.get(Role::Admin, &format!("/settings/audit?kind=settings&{tuesday}")).await?.body;
    assert!(page.contains("Lager") && !page.contains("Werkstatt"), "{page}");
    assert!(page.contains("Worum es geht") && page.contains("Alles anzeigen"), "{page}");
    let mut links = page.split("href=\"").filter_map(|rest| rest.split('"').next());
    let file = links.find(|link| link.starts_with("/exports/audit?")).context("a file")?;
    let file = file.replace("&#38;", "&").replace("&amp;", "&");
    assert!(file.contains("kind=settings") && file.contains("from=2026-11-17"), "{file}");
    let file = world.get(Role::Admin, "/exports/audit?kind=settings&from=2026-11-17&format=csv").await?.body;
    assert!(file.contains("Lager") && !file.contains("Werkstatt"), "the file is as its page: {file}");
    let none = world.get(Role::Admin, "/settings/audit?kind=rules").await?.body;
    assert!(none.contains("Dazu wurde nichts geändert."), "{none}");
    let agent = world.get(Role::Agent, "/settings/audit?kind=people").await?;
    assert_eq!(agent.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn the_audit_log_names_webhooks_views_checklists_and_what_comes_again(world: World) -> Result<()> {
    let (app, admin) = (&world.app, &world.admin);
    let url = "https://lager.example/kitt".into();
    let hook = WebhookDraft { name: "Lager".into(), url, private: String::new() };
    let hook = webhook::save(app, admin, None, &hook).await?;
    webhook::remove(app, admin, hook).await?;
    let view = |name: &str, shared| views::Draft {
        name: name.into(),
        filter: Filter::all([]),
        sort: Sort::Due,
        columns: Heading::usual(),
        shared,
        place: 0,
    };
    views::save(app, admin, None, &view("Dringend", Shared::All)).await?;
    views::save(app, &world.agent, None, &view("Nur meine", Shared::Private)).await?;
    let list = [("name", "Rücksendung"), ("items", "Etikett senden")];
    world.post_form(Role::Admin, "/settings/checklists", &list).await?;
    let queue = world.queue.to_string();
    let again = [
        ("subject", "Lager prüfen"),
        ("text", "Regal 3"),
        ("queue", queue.as_str()),
        ("every", "1"),
        ("unit", "week"),
        ("first_day", "2026-11-23"),
        ("time", "08:00"),
    ];
    world.post_form(Role::Agent, "/recurring", &again).await?;

    let audit = world.audit_log().await?;

    for fact in ["webhook_saved", "webhook_removed"] {
        assert_eq!(of_kind(&audit, fact)?["subject"], "Lager", "{fact}");
    }
    let told = |fact: &str| -> Vec<&Value> {
        audit.iter().filter(|line| line["fact"] == fact).map(|line| &line["subject"]).collect()
    };
    let views = told("view_saved");
    assert_eq!(views, [&Value::Null, &json!("Dringend")], "somebody's own view is nobody else's");
    let settings = told("setting_changed");
    assert_eq!(settings, [&json!("Wiederkehrende Fälle, Lager prüfen"), &json!("Checklisten, Rücksendung")]);
    Ok(())
}

async fn who_only_reads_cases_is_led_to_their_history(world: World) -> Result<()> {
    let case = world.arrives_by_kitt("Die Lampe flackert").await?;
    let number = world.number(case).await?;

    let page = world.get(Role::Manager, &format!("/cases/{number}")).await?.body;

    for link in ["history", "rules", "print", "pdf"] {
        assert!(page.contains(&format!("href=\"/cases/{number}/{link}\"")), "{link}: {page}");
    }
    assert!(!page.contains("data-open=\"dlg-merge\""), "{page}");
    let history = world.get(Role::Manager, &format!("/cases/{number}/history")).await?;
    assert!(history.body.contains("Fall eröffnet"), "{}", history.body);
    Ok(())
}
