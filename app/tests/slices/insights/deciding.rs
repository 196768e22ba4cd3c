//! What departments decide about an insight, and when it comes back.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Direction, Status};
use kitt::findings::Kind;
use kitt::insights;
use kitt::insights::tell;
use kitt::insights::{Decision, InsightState};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{Error, PersonId, Role, Timestamp};
use serde_json::json;

use super::templates;
use crate::world::{World, both};

both!(
    the_circle_closes_from_the_cause_to_the_answer_of_the_told_customer,
    a_dispute_needs_a_reason_and_an_arbiter_who_settles_it,
    only_the_owning_department_and_managers_decide,
    a_fixed_cause_that_comes_back_is_open_again,
    a_plan_is_for_a_day_within_ten_years,
    a_reopened_insight_is_not_silent_at_once,
    a_moved_insight_takes_its_findings_along,
);

async fn the_circle_closes_from_the_cause_to_the_answer_of_the_told_customer(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (customer, case) =
        world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Schon wieder niemand da").await?;
    cases::close(&world.app, &world.agent, case).await?;

    let due = world.now() + Timestamp::days(30);
    let member = &world.department_member;
    insights::decide(&world.app, member, late, Decision::Accept).await?;
    let plan = Decision::Plan { due, reason: Some("Weniger Stopps je Tour".into()) };
    insights::decide(&world.app, member, late, plan).await?;
    world.forward(Timestamp::days(10));
    insights::decide(&world.app, member, late, Decision::Fix { reason: None }).await?;
    let telling = tell::prepare(&world.app, &world.agent, late, templates()).await?;
    tell::approve(&world.app, &world.lead, telling).await?;
    world.work().await?;

    let mut tx = world.read().await?;
    let contacts = cases::contacts(&mut tx, case).await?;
    let told = contacts.last().context("the customer was told")?;
    let row = cases::case(&mut tx, case).await?;
    assert_eq!(told.direction, Direction::Outbound);
    assert_eq!(
        told.text,
        format!("Guten Tag Ingrid Sommerauer, „Termin nicht gehalten“ ({}) ist behoben.", row.number)
    );
    assert_eq!(row.status, Status::Closed, "telling leaves the case as it was");
    assert_eq!(tell::told(&mut tx, late).await?, (1, 0));
    let decided = insights::decisions(&mut tx, late).await?;
    assert_eq!(decided[1].due_at, Some(due), "the announced date stays known after the fix");
    let announced = Fact::InsightDecided { state: "planned".into(), due: Some(due) };
    assert!(journal::of_insight(&mut tx, late).await?.iter().any(|entry| entry.fact == announced));
    drop(tx);

    world.answers(&row.number).await?;
    let mut tx = world.read().await?;
    let contacts = cases::contacts(&mut tx, case).await?;
    assert_eq!(contacts.last().map(|contact| contact.text.trim()), Some("Danke, das freut mich!"));
    assert_eq!(
        cases::of_customer(&mut tx, &world.agent, customer, 10).await?.len(),
        1,
        "no second case was opened"
    );
    Ok(())
}

async fn a_dispute_needs_a_reason_and_an_arbiter_who_settles_it(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let member = &world.department_member;
    let dispute = |reason: &str, arbiter: PersonId| Decision::Dispute { reason: reason.into(), arbiter };
    let (lead, agent) = (world.lead.person()?, world.agent.person()?);

    for refused in [dispute(" ", lead), dispute("Das liegt an der Logistik", agent)] {
        let decided = insights::decide(&world.app, member, late, refused).await;
        assert!(matches!(decided, Err(Error::Invalid(_))), "{decided:?}");
    }
    insights::decide(&world.app, member, late, dispute("Das liegt an der Logistik", lead)).await?;
    let swept = Decision::Decline { reason: "egal".into() };
    assert!(insights::decide(&world.app, member, late, swept).await.is_err(), "a dispute is not swept away");
    let others = insights::settle(&world.app, member, late, world.logistics).await;
    assert!(matches!(others, Err(Error::Forbidden(_))), "{others:?}");
    insights::settle(&world.app, &world.lead, late, world.logistics).await?;

    let again = insights::settle(&world.app, &world.lead, late, world.product).await;
    assert!(
        matches!(again, Err(Error::Forbidden(_))),
        "a lead only settles what was put before them: {again:?}"
    );

    let mut tx = world.read().await?;
    let row = insights::insight(&mut tx, late).await?;
    let decided = insights::decisions(&mut tx, late).await?;
    assert_eq!((row.state, row.department), (InsightState::Open, Some(world.logistics)));
    let disputed =
        decided.iter().find(|one| one.state == InsightState::Disputed).context("it stays in the history")?;
    assert_eq!(
        (disputed.arbiter.as_deref(), disputed.by.as_deref()),
        (Some("Tom Lead"), Some("Petra Produkt"))
    );
    Ok(())
}

async fn only_the_owning_department_and_managers_decide(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let mut stranger = world.department_member.clone();
    stranger.departments = vec![world.logistics];

    for actor in [&world.agent, &world.lead, &stranger, world.person(Role::Finance)] {
        let decided = insights::decide(&world.app, actor, late, Decision::Accept).await;
        assert!(matches!(decided, Err(Error::Forbidden(_))), "{}: {decided:?}", actor.name);
    }
    insights::decide(&world.app, &world.manager, late, Decision::Accept).await?;

    let fields = [("step", "fix")];
    let path = format!("/insights/{late}/decision");
    assert_eq!(world.post_form(Role::Agent, &path, &fields).await?.status, 403);
    assert_eq!(world.post_form(Role::Department, &path, &fields).await?.status, 303);
    assert_eq!(insights::insight(&mut world.read().await?, late).await?.state, InsightState::Fixed);
    Ok(())
}

async fn a_fixed_cause_that_comes_back_is_open_again(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let wish = world.insight(Kind::Wish, "Zwei-Stunden-Fenster").await?;
    let (_, old) = world.opened("Adam Alt", "adam@example.org").await?;
    world.forward(Timestamp::days(1));
    for insight in [late, wish] {
        insights::decide(&world.app, &world.manager, insight, Decision::Fix { reason: None }).await?;
    }

    world.document(old, late, Kind::Cause, "Das war davor").await?;
    world.settle().await?;
    assert_eq!(insights::insight(&mut world.read().await?, late).await?.state, InsightState::Fixed);

    world.forward(Timestamp::days(1));
    world.said("Nina Neu", "nina@example.org", late, "Wieder niemand da").await?;
    world.said("Willi Wunsch", "willi@example.org", wish, "So ein Fenster wäre fein").await?;
    world.settle().await?;
    let mut tx = world.read().await?;
    assert_eq!(insights::insight(&mut tx, late).await?.state, InsightState::Open);
    assert_eq!(insights::decisions(&mut tx, late).await?[0].reason.as_deref(), Some(insights::RELAPSE));
    assert_eq!(
        insights::insight(&mut tx, wish).await?.state,
        InsightState::Fixed,
        "a granted wish is not refuted"
    );
    Ok(())
}

async fn a_plan_is_for_a_day_within_ten_years(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Accept).await?;
    for (due, message) in [
        ("9999-12-31", "mehr als zehn Jahre"),
        ("2044-01-01", "mehr als zehn Jahre"),
        ("2020-01-01", "liegt in der Vergangenheit"),
        ("1900-01-01", "Prüf das Jahr"),
        ("bald", "Bitte nenne den Tag"),
    ] {
        let form = json!({"step": "plan", "due": due});
        let refused = world.post_json(Role::Manager, &format!("/insights/{late}/decision"), &form).await?;
        assert_eq!(refused.status, 422, "{due}");
        assert!(refused.body.contains(message), "{due}: {}", refused.body);
    }
    Ok(())
}

async fn a_reopened_insight_is_not_silent_at_once(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    world.forward(Timestamp::days(30));
    insights::decide(&world.app, &world.manager, late, Decision::Reopen { reason: None }).await?;

    for path in ["/department", "/insights"] {
        let list = world.get_json(Role::Department, path).await?.body;
        assert!(list.contains("\"silent\":false"), "{path}: {list}");
    }
    world.forward(Timestamp::days(15));
    let list = world.get_json(Role::Department, "/department").await?.body;
    assert!(list.contains("\"silent\":true"), "{list}");
    Ok(())
}

async fn a_moved_insight_takes_its_findings_along(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    let owner = async || -> Result<serde_json::Value> {
        world.hear().await?;
        Ok(world.get_json(Role::Manager, "/hub").await?.json()?["cells"][0]["department"]["name"].clone())
    };
    assert_eq!(owner().await?, "Produkt");

    insights::settle(&world.app, &world.manager, late, world.logistics).await?;

    assert_eq!(owner().await?, "Logistik");
    let words = world.get_json(Role::Manager, &format!("/hub/words?department={}", world.logistics)).await?;
    assert_eq!(words.json()?["items"].as_array().map(Vec::len), Some(1));
    Ok(())
}
