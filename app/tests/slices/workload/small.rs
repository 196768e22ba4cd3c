//! Figures of how people work are told of groups only: what few people do is in none, nor can it be had by subtraction.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::people;
use kitt::platform::{Role, Timestamp};

use crate::world::{World, both};

both!(
    how_long_things_took_is_shown_of_eight_people_and_more,
    a_small_teams_times_are_in_no_sum,
    small_teams_are_told_together_unless_a_channel_is_one_of_theirs_alone,
    when_a_small_team_closes_its_cases_is_in_no_figure,
);

async fn how_long_things_took_is_shown_of_eight_people_and_more(world: World) -> Result<()> {
    for n in 0..7 {
        let case = world.write_in(&format!("Frage {n}")).await?.0;
        world.answer_in(case).await?;
    }
    let few = world.workload("").await?;
    assert_eq!((&few["small"], &few["sums"]["first"]), (&true.into(), &serde_json::Value::Null), "{few}");
    assert!(few["queues"][0]["first"].is_null() && few["channels"][0]["deadlines"].is_null(), "{few}");
    let page = world.get(Role::Lead, "/workload").await?;
    assert!(page.body.contains("weniger als acht Personen"), "{}", page.body);

    world.staffed(Some(world.team), 6).await?;
    let seven = world.workload("").await?;
    assert!(seven["sums"]["first"].is_null(), "seven answers say nothing, whoever gave them: {seven}");
    let case = world.write_in("Frage 8").await?.0;
    world.answer_in(case).await?;
    // Today is counted anew once half a minute is over.
    world.forward(Duration::from_secs(31));
    let many = world.workload("").await?;
    assert_eq!((&many["small"], &many["sums"]["first"]["count"]), (&false.into(), &8.into()), "{many}");
    assert_eq!(many["queues"][0]["deadlines"]["kept"], 8);
    assert!(!many.to_string().contains("Eva Agent"), "no figure names a person");
    Ok(())
}

async fn a_small_teams_times_are_in_no_sum(world: World) -> Result<()> {
    world.staffed(Some(world.team), 6).await?;
    let mut tx = world.app.db.write().await?;
    let small = people::add_team(&mut tx, "Zwei Leute").await?;
    let queue = people::add_queue(&mut tx, "Sonderfälle", Some(small), None, 480).await?;
    people::add_queue(&mut tx, "Alle", None, None, 480).await?;
    tx.commit().await?;
    for n in 0..8 {
        let case = world.write_in(&format!("Frage {n}")).await?.0;
        world.answer_in(case).await?;
    }
    let special = world.case_in(queue).await?;
    world.answer_in(special).await?;

    let seen = world.workload("").await?;

    let of = |name: &str| -> Result<serde_json::Value> {
        let rows = seen["queues"].as_array().context("rows")?;
        rows.iter().find(|row| row["name"] == name).cloned().context("a row")
    };
    assert_eq!(of("Sonderfälle")?["small"], true);
    assert_eq!(of("Alle")?["small"], false);
    assert_eq!(of("Kundenservice")?["first"]["count"], 8);
    assert_eq!(seen["sums"]["first"]["count"], 8, "or the difference would tell: {seen}");
    assert_eq!((&seen["sums"]["deadlines"]["kept"], &seen["sums"]["opened"]), (&8.into(), &9.into()));
    assert_eq!(seen["channels"][0]["first"]["count"], 8, "{seen}");
    let alone = world.workload(&format!("?queue={queue}")).await?;
    assert_eq!((&alone["small"], &alone["sums"]["opened"]), (&true.into(), &1.into()), "{alone}");
    Ok(())
}

async fn small_teams_are_told_together_unless_a_channel_is_one_of_theirs_alone(world: World) -> Result<()> {
    let mut queues = Vec::new();
    for name in ["Nord", "Süd"] {
        let mut tx = world.app.db.write().await?;
        let team = people::add_team(&mut tx, name).await?;
        queues.push(people::add_queue(&mut tx, name, Some(team), None, 480).await?);
        tx.commit().await?;
        world.staffed(Some(team), 4).await?;
    }
    for n in 0..8 {
        let case = world.case_in(queues[n % 2]).await?;
        world.answer_in(case).await?;
    }
    let together = world.workload("").await?;
    assert_eq!(together["channels"][0]["first"]["count"], 8, "eight people: {together}");

    let customer = world.customer("Karl Huber", "karl@example.net").await?;
    let call = world.writes(customer, ("Karl Huber", None), cases::Channel::Phone, "Anruf", "Bitte!").await?;
    cases::move_to(&world.app, &world.admin, call, queues[0]).await?;
    cases::close(&world.app, &world.admin, call).await?;
    // Today is counted anew once half a minute is over.
    world.forward(Duration::from_secs(31));
    let apart = world.workload("").await?;
    for row in apart["channels"].as_array().context("rows")? {
        assert!(row["first"].is_null() && row["deadlines"].is_null(), "who calls reaches the north: {row}");
    }
    Ok(())
}

async fn when_a_small_team_closes_its_cases_is_in_no_figure(world: World) -> Result<()> {
    world.staffed(Some(world.team), 8).await?;
    let mut tx = world.app.db.write().await?;
    let small = people::add_team(&mut tx, "Zwei Leute").await?;
    let queue = people::add_queue(&mut tx, "Sonderfälle", Some(small), None, 480).await?;
    tx.commit().await?;
    let close = async || -> Result<()> {
        let (large, special) = (world.write_in("Frage").await?.0, world.case_in(queue).await?);
        cases::close(&world.app, &world.agent, large).await?;
        cases::close(&world.app, &world.agent, special).await?;
        world.case_in(queue).await?;
        Ok(())
    };
    let null = serde_json::Value::Null;
    let file = async |query: &str| -> Result<String> {
        Ok(world.get(Role::Lead, &format!("/workload/table?{query}")).await?.body)
    };

    close().await?;
    let (all, alone) = (world.workload("").await?, world.workload(&format!("?queue={queue}")).await?);
    assert_eq!((&all["sums"]["opened"], &all["sums"]["closed"]), (&3.into(), &1.into()), "{all}");
    assert_eq!(all["points"][9]["closed"], 1, "the difference to the large queue would tell: {all}");
    assert_eq!(all["channels"][0]["closed"], 1, "{all}");
    assert_eq!((&alone["sums"]["opened"], &alone["sums"]["closed"]), (&2.into(), &null), "{alone}");
    assert!(
        [&alone["points"][9]["closed"], &alone["queues"][0]["closed"]].into_iter().all(|one| *one == null)
    );
    assert!(file(&format!("of=times&queue={queue}")).await?.contains("\n9;2;\n"));
    assert!(file("of=times").await?.contains("\n9;3;1\n"));
    assert!(file("of=queues").await?.contains("Sonderfälle;2;;1;"));
    let page = world.get(Role::Lead, "/workload").await?.body;
    assert!(page.contains("In manchen Eingängen arbeiten weniger als acht Personen"), "{page}");

    world.forward(Timestamp::days(7));
    world.count_days().await?;
    let today = world.workload("").await?;
    assert_eq!(today["before"]["closed"], 1, "up to this hour a week ago: {today}");
    let (all, alone) =
        (world.workload("?time=7").await?, world.workload(&format!("?time=7&queue={queue}")).await?);
    assert_eq!(
        (&all["sums"]["closed"], &alone["sums"]["closed"]),
        (&2.into(), &1.into()),
        "of a whole week: {all}"
    );
    assert_eq!((&all["points"][0]["closed"], &all["points"][0]["left"]), (&1.into(), &0.into()), "{all}");
    assert_eq!((&alone["points"][0]["closed"], &alone["points"][0]["left"]), (&null, &null), "{alone}");
    assert_eq!((&alone["points"][0]["opened"], &alone["now"]["open"]), (&2.into(), &1.into()), "{alone}");
    let page = world.get(Role::Lead, &format!("/workload?time=7&queue={queue}")).await?.body;
    assert!(
        page.contains("Wann neue Fälle kommen") && !page.contains("Nicht abgeschlossen am Ende des Tages"),
        "{page}"
    );
    Ok(())
}
