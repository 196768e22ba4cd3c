//! From what a customer says to the department's decision and back to the customer.

mod answering;
mod declining;
mod telling;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Channel, Direction, Status};
use kitt::channels::{Delivery, Route, intake, worker};
use kitt::finance;
use kitt::finance::Rates;
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::insights;
use kitt::insights::tell::{self, Template, Templates};
use kitt::insights::{Decision, InsightState, NewInsight};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{Actor, CaseId, CustomerId, Error, InsightId, PersonId, Role, Timestamp, TokenId, Who};
use money::{Hours, MinuteRateInputs, Money, Percent};
use serde_json::json;

use crate::world::{World, both};

both!(
    the_circle_closes_from_the_cause_to_the_answer_of_the_told_customer,
    a_dispute_needs_a_reason_and_an_arbiter_who_settles_it,
    only_the_owning_department_and_managers_decide,
    a_fixed_cause_that_comes_back_is_open_again,
    a_telling_needs_four_eyes_and_can_be_taken_back_until_then,
    the_hub_shows_what_is_mended_for_its_filters_only,
    the_hub_lists_everything_that_is_newly_noticed,
    a_plan_is_for_a_day_within_ten_years,
    nobody_is_told_twice_and_customers_without_address_are_left_out,
    who_says_it_again_is_not_told_yet,
    nobody_is_told_of_a_repair_that_did_not_hold,
    who_could_not_be_reached_is_not_told,
    a_program_does_not_approve_what_programs_prepared,
    a_reopened_insight_is_not_silent_at_once,
    a_moved_insight_takes_its_findings_along,
    only_causes_cost,
    another_departments_list_is_not_beside_an_insight,
    the_cells_of_the_map_share_the_costs_to_the_cent,
    the_map_follows_what_is_documented_and_withdrawn,
    other_departments_read_quotes_without_names,
    every_page_of_the_hub_answers_in_both_languages_and_as_json,
    an_empty_house_says_what_to_do,
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

async fn a_telling_needs_four_eyes_and_can_be_taken_back_until_then(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (customer, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    let early = tell::prepare(&world.app, &world.lead, late, templates()).await;
    assert!(matches!(early, Err(Error::Invalid(_))), "nothing is fixed yet: {early:?}");
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;

    let first = tell::prepare(&world.app, &world.lead, late, templates()).await?;
    assert_eq!(
        tell::prepare(&world.app, &world.agent, late, templates()).await?,
        first,
        "there is one at a time"
    );
    tell::take_back(&world.app, &world.lead, first).await?;
    let second = tell::prepare(&world.app, &world.lead, late, templates()).await?;
    tell::edit(&world.app, &world.lead, second, customer, "Liebe Frau Sommerauer, es ist gut.").await?;
    let own = tell::approve(&world.app, &world.lead, second).await;
    assert!(matches!(own, Err(Error::Invalid(_))), "two eyes are not enough: {own:?}");
    let agent = tell::approve(&world.app, &world.agent, second).await;
    assert!(matches!(agent, Err(Error::Forbidden(_))), "{agent:?}");
    tell::approve(&world.app, &world.manager, second).await?;

    let late_change = tell::edit(&world.app, &world.lead, second, customer, "Nein").await;
    assert!(matches!(late_change, Err(Error::Stale)), "{late_change:?}");
    assert!(matches!(tell::take_back(&world.app, &world.lead, second).await, Err(Error::Stale)));
    world.work().await?;
    let contacts = cases::contacts(&mut world.read().await?, case).await?;
    assert_eq!(
        contacts.last().map(|contact| contact.text.as_str()),
        Some("Liebe Frau Sommerauer, es ist gut.")
    );
    Ok(())
}

async fn the_hub_shows_what_is_mended_for_its_filters_only(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    world.hear().await?;

    for (path, shown) in [
        ("/hub", 1),
        ("/hub?channel=email", 1),
        ("/hub?channel=phone", 0),
        ("/hub?product=Quatsch", 0),
        ("/hub?time=2026-10", 0),
    ] {
        let hub = world.get_json(Role::Manager, path).await?.json()?;
        assert_eq!(hub["mended"].as_array().map(Vec::len), Some(shown), "{path}");
    }
    Ok(())
}

async fn the_hub_lists_everything_that_is_newly_noticed(world: World) -> Result<()> {
    for number in 0..6 {
        let cause = world.insight(Kind::Cause, &format!("Riss {number}")).await?;
        for customer in 0..4 {
            let address = format!("kunde{customer}@example.org");
            world.said("Ingrid Sommerauer", &address, cause, "Schon wieder").await?;
        }
    }
    world.hear().await?;

    let page = world.get(Role::Manager, "/hub").await?;
    let hub = world.get_json(Role::Manager, "/hub").await?.json()?;

    assert_eq!(hub["emerging"].as_array().map(Vec::len), Some(6), "{hub}");
    assert!(page.body.contains("2 weitere"), "{}", page.body);
    Ok(())
}

async fn a_plan_is_for_a_day_within_ten_years(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Accept).await?;
    for (due, message) in [
        ("9999-12-31", "mehr als zehn Jahre"),
        ("2044-01-01", "mehr als zehn Jahre"),
        ("1900-01-01", "liegt in der Vergangenheit"),
        ("bald", "Bitte nenne den Tag"),
    ] {
        let form = json!({"step": "plan", "due": due});
        let refused = world.post_json(Role::Manager, &format!("/insights/{late}/decision"), &form).await?;
        assert_eq!(refused.status, 422, "{due}");
        assert!(refused.body.contains(message), "{due}: {}", refused.body);
    }
    Ok(())
}

async fn nobody_is_told_twice_and_customers_without_address_are_left_out(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let mut all = Vec::new();
    for number in 0..60 {
        let address = format!("kunde{number}@example.org");
        all.push(world.said(&format!("Kunde Nummer{number}"), &address, late, "Niemand da").await?.1);
    }
    let (_, silent) = world.opened_by_phone("Paul ohne Post").await?;
    world.document(silent, late, Kind::Cause, "Niemand da").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    let telling = tell::prepare(&world.app, &world.agent, late, templates()).await?;
    let skipped = tell::recipients(&mut world.read().await?, telling, CustomerId(0), 200).await?;
    assert_eq!(skipped.iter().filter(|one| one.skipped).count(), 1);
    let first = skipped[0].customer;
    tell::skip(&world.app, &world.agent, telling, first, true).await?;
    tell::approve(&world.app, &world.lead, telling).await?;

    world.settle().await?;
    world.settle().await?;

    let mut tx = world.read().await?;
    let mut written = Vec::new();
    for case in &all {
        let contacts = cases::contacts(&mut tx, *case).await?;
        written.push(contacts.iter().filter(|contact| contact.direction == Direction::Outbound).count());
    }
    assert_eq!(written.iter().sum::<usize>(), 59);
    assert!(written.iter().all(|count| *count <= 1));
    assert_eq!(tell::told(&mut tx, late).await?, (59, 2));
    drop(tx);
    // Who was left out is on the next list.
    let again = tell::prepare(&world.app, &world.agent, late, templates()).await?;
    assert_eq!(tell::recipients(&mut world.read().await?, again, CustomerId(0), 200).await?.len(), 2);
    Ok(())
}

async fn who_says_it_again_is_not_told_yet(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    world.tell_all(late).await?;
    assert_eq!(tell::told(&mut world.read().await?, late).await?, (1, 0));

    world.forward(Timestamp::days(1));
    world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Schon wieder").await?;

    assert_eq!(tell::told(&mut world.read().await?, late).await?, (0, 1), "one person is counted once");
    Ok(())
}

async fn nobody_is_told_of_a_repair_that_did_not_hold(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    let telling = tell::prepare(&world.app, &world.agent, late, templates()).await?;
    insights::decide(&world.app, &world.manager, late, Decision::Reopen { reason: None }).await?;
    let early = tell::approve(&world.app, &world.lead, telling).await;
    assert!(matches!(&early, Err(Error::Invalid(fields)) if fields[0].word == "tell-not-fixed"), "{early:?}");

    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    tell::approve(&world.app, &world.lead, telling).await?;
    insights::decide(&world.app, &world.manager, late, Decision::Reopen { reason: None }).await?;
    world.work().await?;

    let mut tx = world.read().await?;
    let contacts = cases::contacts(&mut tx, case).await?;
    assert!(contacts.iter().all(|contact| contact.direction == Direction::Inbound), "nothing was sent");
    assert_eq!(tell::told(&mut tx, late).await?, (0, 1));
    let facts = journal::of_insight(&mut tx, late).await?;
    assert!(facts.iter().any(|entry| entry.fact == Fact::TellingTakenBack { telling }));
    Ok(())
}

async fn who_could_not_be_reached_is_not_told(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    world.tell_all(late).await?;
    let contact = cases::contacts(&mut world.read().await?, case).await?.last().context("told")?.id;

    let mut tx = world.app.db.write().await?;
    let failed = Fact::ContactFailed { contact, permanent: true };
    journal::record(&world.app, &mut tx, &world.agent, journal::About::case(case), failed)?;
    tx.commit().await?;
    world.hear().await?;

    assert_eq!(tell::told(&mut world.read().await?, late).await?, (0, 1));
    Ok(())
}

async fn a_program_does_not_approve_what_programs_prepared(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    let program = Actor { who: Who::Token(TokenId(1)), ..world.lead.clone() };
    let telling = tell::prepare(&world.app, &program, late, templates()).await?;

    let own = tell::approve(&world.app, &program, telling).await;

    assert!(matches!(&own, Err(Error::Invalid(fields)) if fields[0].word == "tell-four-eyes"), "{own:?}");
    tell::approve(&world.app, &world.lead, telling).await?;
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

async fn only_causes_cost(world: World) -> Result<()> {
    let wish = world.insight(Kind::Wish, "Ein Zeitfenster").await?;
    let unclear = world.insight(Kind::Unclear, "Wann kommt es").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", wish, "Ein Fenster bitte").await?;
    world.said("Adam Alt", "adam@example.org", unclear, "Wann denn?").await?;
    finance::set_rates(&world.app, &world.admin, &rates(), world.now()).await?;
    world.settle().await?;

    for insight in [wish, unclear] {
        let one = world.get_json(Role::Manager, &format!("/insights/{insight}")).await?.json()?;
        assert_eq!(
            (&one["numbers"]["cases"], &one["numbers"]["cost"]),
            (&1.into(), &serde_json::Value::Null)
        );
    }
    Ok(())
}

async fn another_departments_list_is_not_beside_an_insight(world: World) -> Result<()> {
    let theirs = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let other = world.insight(Kind::Cause, "Kratzer im Tisch").await?;
    for (role, beside) in [(Role::Department, true), (Role::Manager, true), (Role::Agent, false)] {
        let page = world.get(role, &format!("/insights/{theirs}")).await?.body;
        assert_eq!(page.contains(&format!("line-{other}")), beside, "{role}");
    }
    insights::settle(&world.app, &world.manager, other, world.logistics).await?;
    let page = world.get(Role::Department, &format!("/insights/{other}")).await?.body;
    assert!(page.contains(&format!("line-{theirs}")), "the reader's own list: {page}");
    assert!(!page.contains(&format!("line-{other}")), "{page}");
    Ok(())
}

async fn the_cells_of_the_map_share_the_costs_to_the_cent(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (_, case) = world.opened("Ingrid Sommerauer", "ingrid@example.org").await?;
    let one = |station: &str, department, share| NewFinding {
        insight: (station == "delivery").then_some(late),
        department: Some(department),
        share: Some(share),
        ..NewFinding::new(Kind::Cause, station)
    };
    let causes = vec![
        one("delivery", world.logistics, 334),
        one("billing", world.product, 333),
        one("use", world.product, 333),
    ];
    world.document_all(case, causes).await?;
    for _ in 0..14 {
        cases::spend_time(&world.app, &world.agent, case, 120).await?;
    }
    world.settle().await?;

    let without_rates = world.get_json(Role::Manager, "/api/v1/hub").await?.json()?;
    assert!(without_rates["totals"]["cost"].is_null(), "no rates, no EUR: {without_rates}");
    finance::set_rates(&world.app, &world.admin, &rates(), world.now()).await?;
    world.settle().await?;

    let hub = world.get_json(Role::Manager, "/api/v1/hub").await?.json()?;
    // 28 minutes at 40.07 EUR an hour are 18.70 EUR.
    assert_eq!(hub["totals"]["cost"]["cents"], 1870);
    let parts = money::allocate(Money::eur(1870), &[334, 333, 333])?;
    let cents = |station: &str| {
        let cells = hub["cells"].as_array().map(Vec::as_slice).unwrap_or_default();
        cells.iter().find(|cell| cell["station"] == station).and_then(|cell| cell["cost"]["cents"].as_i64())
    };
    assert_eq!(cents("delivery"), Some(parts[0].cents));
    assert_eq!((cents("billing"), cents("use")), (Some(parts[1].cents), Some(parts[2].cents)));
    assert_eq!(hub["totals"]["with_cause"], 1, "a case with three causes is one case");
    Ok(())
}

async fn the_map_follows_what_is_documented_and_withdrawn(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let count = async || -> Result<i64> {
        world.hear().await?;
        let hub = world.get_json(Role::Agent, "/hub").await?.json()?;
        hub["totals"]["with_cause"].as_i64().context("a number")
    };
    assert_eq!(count().await?, 0);

    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    assert_eq!(count().await?, 1);
    world.said("Adam Alt", "adam@example.org", late, "Niemand da").await?;
    assert_eq!(count().await?, 2);
    let mut praise = NewFinding::new(Kind::Praise, "service");
    praise.quote = None;
    world.document_all(case, vec![praise]).await?;
    assert_eq!(count().await?, 1, "the cause of the first case was withdrawn");
    Ok(())
}

async fn other_departments_read_quotes_without_names(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let said = "Ich bin Ingrid Sommerauer, 0664 1234567, und Eva Agent weiß das.";
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, said).await?;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    world.hear().await?;

    for (role, shown) in [(Role::Department, false), (Role::Finance, false), (Role::Agent, true)] {
        for path in [format!("/insights/{late}"), "/hub/words".to_owned(), "/hub".to_owned()] {
            let page = world.get(role, &path).await?;
            assert_eq!(page.status, 200, "{role} {path}");
            let seen = page.body.contains("Sommerauer") || page.body.contains("1234567");
            assert!(shown || !seen, "{role} {path}");
            assert!(shown || !page.body.contains(&number), "{role} {path}");
            assert!(!shown || path == "/hub" || page.body.contains(&number), "{role} {path}");
        }
    }
    assert_eq!(world.get(Role::Department, &format!("/insights/{late}/tell")).await?.status, 403);
    assert_eq!(
        world.get(Role::Department, &format!("/department?department={}", world.logistics)).await?.status,
        404
    );
    Ok(())
}

async fn every_page_of_the_hub_answers_in_both_languages_and_as_json(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin <nicht> gehalten").await?;
    let wish = world.insight(Kind::Wish, "Zwei-Stunden-Fenster").await?;
    for day in 0..5 {
        let address = format!("kunde{day}@example.org");
        world.said("Ingrid Sommerauer", &address, late, "Niemand <b>da</b>").await?;
        world.said("Ingrid Sommerauer", &address, wish, "Ein Fenster").await?;
        world.forward(Timestamp::days(1));
    }
    insights::decide(&world.app, &world.manager, wish, Decision::Fix { reason: None }).await?;
    tell::prepare(&world.app, &world.agent, wish, templates()).await?;
    insights::comment(&world.app, &world.agent, late, "Könnt ihr da etwas tun?").await?;
    world.hear().await?;

    let pages = [
        "/hub".to_owned(),
        "/hub?time=365&channel=email&measure=cost".to_owned(),
        "/hub?time=custom&from=2026-11-01&to=2026-11-20".to_owned(),
        "/hub?time=2026-10".to_owned(),
        "/hub/words?station=3&department=1&time=30".to_owned(),
        format!("/hub/words?insight={late}&time=90"),
        "/department".to_owned(),
        "/insights?kind=wish&state=fixed&department=1&q=fenster".to_owned(),
        "/insights".to_owned(),
        format!("/insights/{late}"),
        format!("/insights/{wish}"),
        format!("/insights/{wish}/tell"),
    ];
    for path in pages {
        for language in ["de", "en"] {
            let headers = [("accept", "text/html"), ("accept-language", language)];
            let page = world.ask(Role::Admin, axum::http::Method::GET, &path, &headers, "").await?;
            assert_eq!(page.status, 200, "{path}: {}", page.body);
            assert!(!page.body.contains("<nicht>") && !page.body.contains("<b>da</b>"), "{path} escapes");
            for missing in ["hub-", "insight-", "tell-"] {
                let raw = format!(">{missing}");
                assert!(!page.body.contains(&raw), "{path} {language} lacks a word near {raw}");
            }
        }
        let json = world.get_json(Role::Admin, &format!("/api/v1{path}")).await?;
        assert_eq!(json.status, 200, "{path}");
        json.json()?;
    }
    let table = world.get(Role::Admin, "/hub/map.csv").await?;
    assert!(table.body.contains("Termin <nicht> gehalten;Produkt;5;"), "{}", table.body);
    Ok(())
}

async fn an_empty_house_says_what_to_do(world: World) -> Result<()> {
    let hub = world.get(Role::Agent, "/hub").await?;
    assert!(hub.body.contains("Noch ist nichts festgehalten"), "{}", hub.body);
    let inbox = world.get(Role::Department, "/department").await?;
    assert!(inbox.body.contains("Hier ist noch nichts angekommen"), "{}", inbox.body);
    Ok(())
}

fn template(text: &str, what: &str) -> Template {
    Template { text: text.into(), what: what.into() }
}

fn templates() -> Templates {
    Templates {
        de: template("{anrede}, „{was}“ ({fall}) ist behoben.", "Termin nicht gehalten"),
        en: template("{greeting}, “{what}” is fixed.", "Missed appointments"),
    }
}

fn rates() -> Rates {
    Rates {
        handling: MinuteRateInputs {
            yearly_cost: Some(Money::eur(4_680_000)),
            overhead_percent: Some(Percent::whole(20)),
            paid_hours: Some(Hours::whole(2002)),
            shrinkage_percent: Some(Percent::whole(30)),
        },
        vat: Some(Percent::whole(20)),
        redemption: Some(Percent::whole(90)),
        ..Rates::default()
    }
}

impl World {
    /// An insight of the department "Produkt".
    pub async fn insight(&self, kind: Kind, title: &str) -> Result<InsightId> {
        let new = NewInsight {
            kind,
            title: title.into(),
            description: String::new(),
            station: "delivery".into(),
            department: Some(self.product),
            competitor: None,
        };
        let mut tx = self.app.db.write().await?;
        let insight = insights::propose(&self.app, &mut tx, &self.agent, &new).await?;
        tx.commit().await?;
        Ok(insight.id)
    }

    /// It is fixed, and everybody who said it is told.
    async fn tell_all(&self, insight: InsightId) -> Result<()> {
        insights::decide(&self.app, &self.manager, insight, Decision::Fix { reason: None }).await?;
        let telling = tell::prepare(&self.app, &self.agent, insight, templates()).await?;
        tell::approve(&self.app, &self.lead, telling).await?;
        self.work().await?;
        Ok(())
    }

    async fn opened(&self, name: &str, address: &str) -> Result<(CustomerId, CaseId)> {
        let customer = self.customer(name, address).await?;
        self.open(customer, Channel::Email, Some(address), name).await
    }

    async fn opened_by_phone(&self, name: &str) -> Result<(CustomerId, CaseId)> {
        let mut tx = self.app.db.write().await?;
        let new = kitt::customers::NewCustomer { name: name.into(), ..Default::default() };
        let customer = kitt::customers::add(&self.app, &mut tx, &self.agent, &new).await?;
        tx.commit().await?;
        self.open(customer, Channel::Phone, None, name).await
    }

    async fn open(
        &self,
        customer: CustomerId,
        channel: Channel,
        address: Option<&str>,
        name: &str,
    ) -> Result<(CustomerId, CaseId)> {
        let text = "Es geht um meine Lieferung.";
        let case = self.writes(customer, (name, address), channel, "Lieferung", text).await?;
        Ok((customer, case))
    }

    /// A new case whose only cause (or wish …) is `insight`.
    pub async fn said(
        &self,
        name: &str,
        address: &str,
        insight: InsightId,
        quote: &str,
    ) -> Result<(CustomerId, CaseId)> {
        let opened = self.opened(name, address).await?;
        let kind = insights::insight(&mut self.read().await?, insight).await?.kind;
        self.document(opened.1, insight, kind, quote).await?;
        Ok(opened)
    }

    async fn document(&self, case: CaseId, insight: InsightId, kind: Kind, quote: &str) -> Result<()> {
        let finding = NewFinding {
            insight: Some(insight),
            department: Some(self.product),
            quote: Some(quote.into()),
            ..NewFinding::new(kind, "delivery")
        };
        self.document_all(case, vec![finding]).await
    }

    async fn document_all(&self, case: CaseId, all: Vec<NewFinding>) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        findings::document(&self.app, &mut tx, &self.agent, case, all).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The customer answers what they were told, to the signed address of their case.
    async fn answers(&self, number: &str) -> Result<()> {
        let to = mail::threading::reply_address("service@haus.example", number, self.app.secret());
        let raw = format!(
            "From: Ingrid Sommerauer <ingrid@example.org>\r\nTo: {to}\r\nSubject: AW: Lieferung\r\n\
             Message-ID: <answer@example.org>\r\n\r\nDanke, das freut mich!\r\n"
        );
        let delivery = Delivery {
            route: Route::Smtp,
            from: Some("ingrid@example.org".into()),
            to: vec![to],
            peer: None,
            raw: raw.into_bytes(),
            queue: None,
        };
        intake::keep(&self.app, delivery).await?;
        while worker::work_off(&self.app).await? != 0 {}
        Ok(())
    }
}
