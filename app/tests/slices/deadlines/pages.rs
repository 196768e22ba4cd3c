//! How deadlines are set up, tried out and explained.

use anyhow::{Context, Result};
use kitt::cases::{Status, Then};
use kitt::deadlines;
use kitt::platform::{Error, Role};

use super::{office, quick};
use crate::world::{World, both};

both!(
    calendars_and_policies_are_set_up_on_their_pages,
    the_try_out_shows_what_would_count,
    another_calendar_brings_its_days_off,
    a_case_explains_its_deadlines_and_offers_the_end_of_a_complaint,
);

async fn calendars_and_policies_are_set_up_on_their_pages(world: World) -> Result<()> {
    let admin = Role::Admin;
    let created = world.form(admin, "/settings/calendars", &[("name", "Wien")]).await?;
    let url = created.location().to_owned();
    let queue = format!("queue_{}", world.queue);
    let week = [
        ("mo", "8-12, 13-17"),
        ("tu", "8-12"),
        ("we", ""),
        ("th", ""),
        ("fr", "9-13"),
        ("sa", ""),
        ("su", ""),
    ];
    let mut fields =
        vec![("name", "Wien"), ("time_zone", "Europe/Vienna"), ("region", "AT-9"), ("local_leopold", "yes")];
    fields.extend(week);
    fields.push((&queue, "yes"));
    let saved = world.form(admin, &url, &fields).await?;
    let day = [("from", "2026-12-24"), ("hours", "8-12"), ("name", "Heiligabend"), ("yearly", "yes")];
    world.form(admin, &format!("{url}/days"), &day).await?;
    let page = world.get(admin, &url).await?;
    let wrong = world
        .form(admin, &url, &[("name", "Wien"), ("time_zone", "Europe/Atlantis"), ("mo", "bald")])
        .await?;

    assert_eq!((created.status.as_u16(), saved.status.as_u16(), wrong.status.as_u16()), (303, 303, 422));
    for text in ["Heiligabend", "24.12.2026", "Mariä Empfängnis", "08:00-12:00, 13:00-17:00"] {
        assert!(page.body.contains(text), "{text} is missing: {}", page.body);
    }
    assert!(wrong.body.contains("mo-e"), "{}", wrong.body);

    let policy = [
        ("name", "Schnell"),
        ("first", "2 h"),
        ("first_time", "working"),
        ("warning", "30"),
        ("step1", "0"),
        ("step1_lead", "yes"),
        ("priority_high", "yes"),
    ];
    let saved = world.form(admin, "/settings/deadlines", &policy).await?;
    let wrong = world
        .form(admin, "/settings/deadlines", &[("name", "X"), ("first", "bald"), ("warning", "30")])
        .await?;
    let list = world.get_json(admin, "/settings/deadlines").await?.json()?;
    assert_eq!((saved.status.as_u16(), wrong.status.as_u16()), (303, 422));
    assert_eq!(list["items"][0]["goals"]["first"]["minutes"], 120);
    assert_eq!(list["items"][0]["goals"]["steps"][0]["lead"], true);
    assert_eq!(list["items"][0]["conditions"]["priorities"][0], "high");
    let edit = world.get(admin, &format!("/settings/deadlines?edit={}", list["items"][0]["id"])).await?;
    assert!(edit.body.contains("value=\"2 h\"") && edit.body.contains("Schnell"), "{}", edit.body);
    Ok(())
}

async fn the_try_out_shows_what_would_count(world: World) -> Result<()> {
    deadlines::set_calendar(&world.app, &world.admin, None, &office(&world)).await?;
    world.promise(quick()).await?;
    let path = format!("/settings/deadlines?queue={}&at=2026-12-07T16:00", world.queue);
    let trial = world.get_json(Role::Admin, &path).await?.json()?["trial"].clone();
    let page = world.get(Role::Admin, &path).await?;

    // One hour on Monday, one on Wednesday: Tuesday is a holiday.
    assert_eq!(trial["first"], "2026-12-09T08:00:00Z");
    assert_eq!(trial["next"], "2026-12-07T16:00:00Z");
    assert_eq!((&trial["policy"], &trial["calendar"]), (&"Schnell".into(), &"Büro".into()));
    assert!(page.body.contains("09.12.2026, 09:00"), "{}", page.body);
    Ok(())
}

async fn another_calendar_brings_its_days_off(world: World) -> Result<()> {
    let calendar = deadlines::set_calendar(&world.app, &world.admin, None, &office(&world)).await?;
    let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261116\nDTEND;VALUE=DATE:20261118\nSUMMARY:Umzug\nEND:VEVENT\nEND:VCALENDAR\n";
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"frei.ics\"\r\n\r\n{ics}\r\n--b--\r\n"
    );
    let headers = [
        ("content-type", "multipart/form-data; boundary=b"),
        ("sec-fetch-site", "same-origin"),
        ("accept", "text/html"),
    ];
    let path = format!("/settings/calendars/{calendar}/import");
    let taken = world.ask(Role::Admin, axum::http::Method::POST, &path, &headers, form).await?;
    let wrong = deadlines::import_days(&world.app, &world.admin, calendar, "Hallo").await;
    let case = world.write_in("Die Lampe flackert").await?.0;

    assert_eq!(taken.status, 303, "{taken:?}");
    assert!(matches!(wrong, Err(Error::Invalid(_))));
    let due = world.clocked(case).await?.due_at.context("due")?.moment().to_zoned(world.app.zone());
    // Monday and Tuesday are off: the whole of Wednesday.
    assert_eq!((due.day(), due.hour()), (18, 17));
    Ok(())
}

async fn a_case_explains_its_deadlines_and_offers_the_end_of_a_complaint(world: World) -> Result<()> {
    deadlines::set_calendar(&world.app, &world.admin, None, &office(&world)).await?;
    world.promise(quick()).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.clocked(case).await?.number;
    world.says(case, Then::Wait).await?;
    let clocks = world.get_json(Role::Agent, &format!("/cases/{number}/deadlines")).await?.json()?;
    let listed = world.get_json(Role::Agent, &format!("/cases/{number}")).await?.json()?;
    world.form(Role::Agent, &format!("/cases/{number}/complaint"), &[("complaint", "yes")]).await?;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?;
    let refused = world.form(Role::Agent, &format!("/cases/{number}/close"), &[]).await?;
    let end = [("outcome", "accepted"), ("letter", "Danke"), ("note", "am Telefon"), ("send", "no")];
    let closed = world.form(Role::Agent, &format!("/cases/{number}/complaint/end"), &end).await?;

    assert_eq!((&clocks["policy"], &clocks["calendar"]), (&"Schnell".into(), &"Büro".into()));
    assert_eq!(
        (&clocks["clocks"][0]["clock"], &clocks["clocks"][0]["is_late"]),
        (&"first".into(), &false.into())
    );
    assert_eq!(clocks["clocks"][1]["paused_since"], "2026-11-16T08:00:00Z");
    assert_eq!(listed["deadlines"]["clocks"][1]["clock"], "solution");
    for text in ["Schnell", "Büro", "steht still", "dlg-complaint", "Beschwerde abschließen"] {
        assert!(page.body.contains(text), "{text} is missing");
    }
    assert_ne!(refused.status, 200);
    assert_eq!((closed.status.as_u16(), world.status(case).await?), (303, Status::Closed));
    Ok(())
}
