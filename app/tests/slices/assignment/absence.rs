//! Who is there: absence, standing in, and what is set about it.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::assignment;
use kitt::assignment::{Absent, Mode, NewAbsence, Rule};
use kitt::cases;
use kitt::journal::Fact;
use kitt::people;
use kitt::platform::{Actor, Attendance, EntryId, Error, Role, Timestamp};
use serde_json::json;

use super::{holding, id};
use crate::world::{World, both};

both!(
    cases_of_who_goes_away_go_to_who_stands_in_and_back_with_one_click,
    cases_of_who_goes_away_go_back_to_the_queue_and_on,
    a_planned_absence_begins_and_ends_by_itself_and_leaves_nothing,
    a_lead_says_it_for_their_team_and_nobody_else_for_others,
    the_pages_of_attendance_do_what_they_say,
    a_skill_that_is_removed_is_needed_by_nobody,
);

impl World {
    async fn attendance(&self, person: &Actor) -> Result<Attendance> {
        Ok(people::person(&mut self.read().await?, id(person)?).await?.attendance)
    }
}

async fn cases_of_who_goes_away_go_to_who_stands_in_and_back_with_one_click(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let [lamp, vase] = holding(&world, Mode::Hand, Absent::Replacement).await?;
    let me = id(&world.agent)?;
    assignment::be_away(&world.app, &world.agent, me, None, mia.person_id()).await?;
    world.settle().await?;
    assert_eq!((world.owner(lamp).await?, world.owner(vase).await?), (mia.person_id(), mia.person_id()));

    // What Mia touched since is hers.
    cases::wait(&world.app, &mia, vase, None).await?;
    let absence = assignment::absences_of(&mut world.read().await?, me).await?.pop().context("it")?;
    let run = absence.runs().next().context("a run")?.parse()?;
    cases::bulk::take_back(&world.app, &world.agent, run).await?;
    assert_eq!((world.owner(lamp).await?, world.owner(vase).await?), (Some(me), mia.person_id()));
    Ok(())
}

async fn cases_of_who_goes_away_go_back_to_the_queue_and_on(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let [lamp, vase] = holding(&world, Mode::Load, Absent::Queue).await?;
    world.can(&mia, &[], &[], Some(1)).await?;
    let me = id(&world.agent)?;
    // The lead says it: Eva is ill.
    assignment::be_away(&world.app, &world.lead, me, None, None).await?;
    world.settle().await?;
    assert_eq!((world.owner(lamp).await?, world.owner(vase).await?), (mia.person_id(), None));
    let why = world.why(&mia, lamp).await?;
    assert!(why.steps[0].sentences.join(" ").contains("ist abwesend"), "{why:?}");

    assignment::attend(&world.app, &world.lead, me, false).await?;
    world.settle().await?;
    assert_eq!(world.owner(vase).await?, Some(me), "who comes back gets what waits");
    Ok(())
}

async fn a_planned_absence_begins_and_ends_by_itself_and_leaves_nothing(world: World) -> Result<()> {
    world.hands_out_by(Mode::Load).await?;
    let (me, now) = (id(&world.agent)?, world.now());
    let new = NewAbsence {
        from: now + Timestamp::days(2),
        until: Some(now + Timestamp::days(5)),
        replacement: None,
    };
    assignment::plan(&world.app, &world.agent, me, new).await?;
    assignment::tick(&world.app).await?;
    assert_eq!(world.attendance(&world.agent).await?, Attendance::There);
    for (from, until, fits) in [(1, Some(3), false), (4, None, false), (5, Some(9), true), (1, Some(2), true)]
    {
        let until = until.map(|days| now + Timestamp::days(days));
        let other = NewAbsence { from: now + Timestamp::days(from), until, replacement: None };
        let planned = assignment::plan(&world.app, &world.agent, me, other).await;
        assert_eq!(planned.is_ok(), fits, "from {from} until {until:?}");
        if let Ok(other) = planned {
            assignment::cancel(&world.app, &world.agent, other).await?;
        }
    }

    world.forward(Timestamp::days(2));
    assignment::tick(&world.app).await?;
    assert_eq!(world.attendance(&world.agent).await?, Attendance::Away);
    let case = world.arrives("Lampe").await?;
    assert_eq!(world.owner(case).await?, None);

    world.forward(Timestamp::days(3));
    assignment::tick(&world.app).await?;
    world.settle().await?;
    assert_eq!(
        (world.attendance(&world.agent).await?, world.owner(case).await?),
        (Attendance::There, Some(me))
    );
    let mut tx = world.read().await?;
    assert!(assignment::absences(&mut tx).await?.is_empty(), "nobody can look it up");
    let facts =
        kitt::journal::of_house(&mut tx, EntryId(i64::MAX), &kitt::journal::Among::default(), 100).await?;
    assert!(!facts.iter().any(|entry| matches!(entry.fact, Fact::AttendanceSet { .. })), "{facts:?}");
    Ok(())
}

async fn a_lead_says_it_for_their_team_and_nobody_else_for_others(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let (me, her) = (id(&world.agent)?, id(&mia)?);
    let other = assignment::attend(&world.app, &world.agent, her, true).await;
    assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    let admin = assignment::attend(&world.app, &world.lead, id(&world.admin)?, true).await;
    assert!(matches!(admin, Err(Error::NotFound)), "not of the lead's team: {admin:?}");
    let wrong = assignment::be_away(&world.app, &world.agent, me, None, Some(me)).await;
    assert!(matches!(wrong, Err(Error::Invalid(_))), "nobody stands in for themselves: {wrong:?}");

    assignment::be_away(&world.app, &world.lead, me, None, Some(her)).await?;
    let mut tx = world.read().await?;
    let facts =
        kitt::journal::of_house(&mut tx, EntryId(i64::MAX), &kitt::journal::Among::default(), 10).await?;
    let told = |fact: &Fact| matches!(fact, Fact::AttendanceSet { person, .. } if *person == me);
    assert!(facts.iter().any(|entry| told(&entry.fact)), "{facts:?}");
    let page = world.get(Role::Agent, "/attendance").await?.body;
    assert!(page.contains("eingetragen von Tom Lead") && page.contains("Vertretung: Mia"), "{page}");
    let profile = world.post_json(Role::Agent, &format!("/api/v1/staff/{her}"), &json!({})).await?;
    assert_eq!(profile.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn the_pages_of_attendance_do_what_they_say(world: World) -> Result<()> {
    let busy = world.post_form(Role::Agent, "/attendance", &[("attendance", "busy")]).await?;
    assert_eq!(busy.status, StatusCode::SEE_OTHER, "{}", busy.body);
    assert_eq!(world.attendance(&world.agent).await?, Attendance::Busy);
    let page = world.get(Role::Agent, "/cases").await?.body;
    assert!(page.contains("Anwesenheit: Keine neuen Fälle"), "it shows above every page");
    let case = world.arrives("Lampe").await?;
    let page = world.get(Role::Lead, &format!("/cases/{}", world.number(case).await?)).await?.body;
    assert!(page.contains("Eva Agent (Keine neuen Fälle)"), "who gives a case away sees it");

    let fields = [("from", "2026-11-20"), ("until", "2026-11-19")];
    let wrong = world.post_form(Role::Agent, "/absences", &fields).await?;
    assert!(wrong.status.as_u16() == 422 && wrong.body.contains("data-field=\"until\""), "{}", wrong.body);
    let fields = [("from", "2026-12-24"), ("until", "2027-01-04")];
    world.post_form(Role::Agent, "/absences", &fields).await?;
    let json = world.get_json(Role::Agent, "/api/v1/attendance").await?.json()?;
    assert_eq!(json["absences"][0]["until_at"], "2027-01-03T23:00:00Z");
    let absence = json["absences"][0]["id"].as_i64().context("an id")?;
    let path = format!("/absences/{absence}/removal");
    assert_eq!(world.post_form(Role::Manager, &path, &[]).await?.status, StatusCode::FORBIDDEN);
    world.post_form(Role::Agent, &path, &[]).await?;
    assert!(assignment::absences(&mut world.read().await?).await?.is_empty());

    let person = id(&world.agent)?.to_string();
    world.post_form(Role::Lead, "/attendance", &[("person", &person), ("attendance", "there")]).await?;
    assert_eq!(world.attendance(&world.agent).await?, Attendance::There);
    let page = world.get(Role::Lead, &format!("/staff?edit={person}")).await?.body;
    assert!(page.contains("Eva Agent") && !page.contains("Olga"), "{page}");
    Ok(())
}

async fn a_skill_that_is_removed_is_needed_by_nobody(world: World) -> Result<()> {
    let skill = assignment::save_skill(&world.app, &world.admin, None, "Elektronik").await?;
    let twice = assignment::save_skill(&world.app, &world.admin, None, "elektronik").await;
    assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
    let rule = Rule { mode: Mode::Load, skills: BTreeSet::from([skill]), ..Rule::of(world.queue) };
    assignment::set_rule(&world.app, &world.admin, &rule).await?;
    let case = world.arrives("Lampe").await?;
    assert_eq!(world.owner(case).await?, None);

    assignment::remove_skill(&world.app, &world.admin, skill).await?;
    world.settle().await?;
    assert_eq!(world.owner(case).await?, world.agent.person_id());
    Ok(())
}
