//! Who else has to do with a case: deputies, followers, those it is handed to.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{HandoffState, Involvement, Status, To};
use kitt::journal::Fact;
use kitt::platform::{Error, Role, Timestamp};

use super::{colleague, me, refused};
use crate::world::{World, both};

both!(
    a_case_has_one_deputy_and_any_number_of_followers,
    who_is_handed_a_case_takes_it_or_says_why_not,
    a_queue_takes_a_case_once_one_of_it_says_yes,
    all_that_is_handed_over_can_be_seen_part_by_part,
    a_department_answers_without_seeing_cases,
    a_case_that_waits_for_a_department_comes_back_on_its_day,
);

async fn a_case_has_one_deputy_and_any_number_of_followers(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let (me, lead) = (me(&world)?, colleague(&world)?);
    cases::involve(app, agent, case, me, Involvement::Deputy).await?;
    cases::involve(app, agent, case, lead, Involvement::Deputy).await?;
    let path = format!("/cases/{}/people", world.number(case).await?);
    world.post_form(Role::Agent, &path, &[("part", "follower")]).await?;

    let people = cases::involved(&mut world.read().await?, case).await?;
    let parts: Vec<_> = people.iter().map(|one| (one.person, one.part)).collect();
    assert_eq!(parts, [(lead, Involvement::Deputy), (me, Involvement::Follower)]);
    assert!(world.has(case, &Fact::PersonInvolved { person: me, part: "follower".into() }).await?);
    let outsider = world.person(Role::Partner).person_id().context("a person")?;
    let cannot = cases::involve(app, agent, case, outsider, Involvement::Follower).await;
    assert_eq!(refused(cannot), Some("case-person-cannot"));
    world.post_form(Role::Agent, &format!("{path}/removal"), &[("part", "follower")]).await?;
    assert_eq!(cases::involved(&mut world.read().await?, case).await?.len(), 1);
    Ok(())
}

async fn who_is_handed_a_case_takes_it_or_says_why_not(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Lampe").await?.0;
    cases::assign(app, agent, case, Some(me(&world)?)).await?;
    let to = To::Person(colleague(&world)?);
    assert_eq!(refused(cases::hand_off(app, agent, case, to, " ", None).await), Some("error-field-required"));

    let first = cases::hand_off(app, agent, case, to, "Kennst du dich aus?", None).await?;
    assert_eq!(world.case_row(case).await?.owner, Some(me(&world)?), "until then it stays");
    assert_eq!(
        refused(cases::hand_off(app, agent, case, to, "Noch einmal", None).await),
        Some("case-handoff-twice")
    );
    let list = world.get(Role::Lead, "/handoffs").await?.body;
    assert!(list.contains("Kennst du dich aus?"), "{list}");
    assert!(list.contains("Ablehnen <kbd class=\"k-key\">Strg ⇧ ↵</kbd>"), "{list}");
    assert!(list.contains("Erledigt <kbd class=\"k-key\">Strg ↵</kbd>"), "{list}");
    assert!(!world.get(Role::Manager, "/handoffs").await?.body.contains("Kennst du"));
    let foreign = cases::accept_handoff(app, &world.manager, first).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    cases::decline_handoff(app, lead, first, "Ich bin morgen nicht da.").await?;

    assert_eq!(world.case_row(case).await?.owner, Some(me(&world)?));
    assert!(world.texts_in(case).await?.contains(&"Ich bin morgen nicht da.".to_owned()));
    let second = cases::hand_off(app, agent, case, to, "Dann übermorgen?", None).await?;
    cases::accept_handoff(app, lead, second).await?;
    assert_eq!(world.case_row(case).await?.owner, Some(colleague(&world)?));
    let twice = cases::accept_handoff(app, lead, second).await;
    assert!(matches!(twice, Err(Error::Stale)), "{twice:?}");
    Ok(())
}

async fn a_queue_takes_a_case_once_one_of_it_says_yes(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let other = world.other_queue().await?;

    let handoff = cases::hand_off(app, agent, case, To::Queue(other), "Ist eher eures.", None).await?;
    assert_eq!(world.case_row(case).await?.queue, world.queue);
    let mut member = world.lead.clone();
    member.queues = vec![other];
    cases::accept_handoff(app, &member, handoff).await?;

    let row = world.case_row(case).await?;
    assert_eq!((row.queue, row.owner), (other, member.person_id()));
    Ok(())
}

async fn all_that_is_handed_over_can_be_seen_part_by_part(world: World) -> Result<()> {
    let to = To::Person(colleague(&world)?);
    let mut handed = Vec::new();
    for subject in ["Lampe", "Tisch", "Sofa"] {
        let case = world.write_in(subject).await?.0;
        handed.push(cases::hand_off(&world.app, &world.agent, case, to, "Für dich.", None).await?);
    }

    let page = world.get(Role::Lead, "/handoffs?limit=2").await?.body;
    let first = world.get_json(Role::Lead, "/handoffs?limit=2").await?.json()?;
    let next = first["next"].as_str().context("more is there")?;
    let rest = world.get_json(Role::Lead, &format!("/handoffs?limit=2&cursor={next}")).await?.json()?;

    assert!(page.contains(&format!("/handoffs?cursor={next}")), "{page}");
    let ids = [&first, &rest].map(|part| part["items"].as_array().cloned().unwrap_or_default()).concat();
    assert_eq!(ids.iter().filter_map(|one| one["id"].as_i64()).collect::<Vec<_>>(), handed);
    assert!(rest["next"].is_null());
    Ok(())
}

async fn a_department_answers_without_seeing_cases(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let to = To::Department(world.product);
    let handoff = cases::hand_off(app, agent, case, to, "Ab wann ist das behoben?", None).await?;
    assert_eq!(world.status(case).await?, Status::Waiting);

    let list = world.get(Role::Department, "/handoffs").await?.body;
    assert!(list.contains("Ab wann ist das behoben?") && !list.contains("/cases/"), "{list}");
    let accepted = world.post_form(Role::Department, &format!("/handoffs/{handoff}/acceptance"), &[]).await?;
    assert_eq!(accepted.location(), "/handoffs");
    assert_eq!(world.status(case).await?, Status::Waiting, "they are at it");
    let form = [("reason", "Ab Charge 7."), ("state", "done")];
    let answered = world.post_form(Role::Department, &format!("/handoffs/{handoff}/answer"), &form).await?;

    assert_eq!(answered.status.as_u16(), 303, "{}", answered.body);
    let row = world.case_row(case).await?;
    assert!(row.status == Status::Open && row.due_at.is_some(), "{row:?}");
    assert!(world.texts_in(case).await?.contains(&"Ab Charge 7.".to_owned()));
    let states: Vec<_> =
        cases::handoffs(&mut world.read().await?, case).await?.into_iter().map(|one| one.state).collect();
    assert_eq!(states, [HandoffState::Done]);
    Ok(())
}

async fn a_case_that_waits_for_a_department_comes_back_on_its_day(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let due = world.now() + Timestamp::days(2);
    cases::hand_off(app, agent, case, To::Department(world.product), "Wann?", Some(due)).await?;

    assert_eq!(cases::wake(app).await?, 0);
    world.forward(Timestamp::days(2) + Duration::from_mins(1));
    assert_eq!(cases::wake(app).await?, 1);

    assert_eq!(world.status(case).await?, Status::Open);
    let page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?.body;
    assert!(page.contains("<b class=\"err\">bis "), "the page says that it is late: {page}");
    world.undo_last().await.expect_err("the offer is over");
    Ok(())
}
