//! What is late is found as that, also while the house itself put it away.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Eyes, View, counts};
use kitt::platform::search::Feeder;
use kitt::platform::{CaseId, Role, Timestamp};

use super::{HOUR, quick};
use crate::world::{World, both};

both!(what_the_house_put_away_is_overdue_like_any_other, late_cases_stand_first_among_those_that_wait,);

/// The numbers of these cases, in their order.
async fn numbers(world: &World, all: &[CaseId]) -> Result<Vec<String>> {
    let mut numbers = Vec::new();
    for case in all {
        numbers.push(world.clocked(*case).await?.number);
    }
    Ok(numbers)
}

/// The numbers of the cases in a list, as programs read it.
async fn listed(world: &World, query: &str) -> Result<Vec<String>> {
    let list = world.get_json(Role::Agent, &format!("/cases?{query}")).await?.json()?;
    let items = list["items"].as_array().context("a list")?;
    Ok(items.iter().filter_map(|item| item["number"].as_str()).map(str::to_owned).collect())
}

async fn what_the_house_put_away_is_overdue_like_any_other(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let (app, agent) = (&world.app, &world.agent);
    let mut feeder = Feeder::open(app, &kitt::search_sources()).await?;
    let open = world.write_in("Die Lampe flackert").await?.0;
    let chosen = world.write_in("Das Sofa fehlt").await?.0;
    let customers = world.write_in("Der Stuhl wackelt").await?.0;
    cases::wait(app, agent, chosen, Some(world.now() + Timestamp::days(1))).await?;
    cases::wait(app, agent, customers, None).await?;
    assert_eq!(listed(&world, "view=overdue").await?, Vec::<String>::new(), "all have time");

    world.forward(3 * HOUR);
    feeder.catch_up().await?;

    let late = numbers(&world, &[open, chosen]).await?;
    assert_eq!(listed(&world, "view=overdue").await?, late);
    assert_eq!(listed(&world, "view=waiting").await?, numbers(&world, &[chosen, customers]).await?);
    let filter = cases::filter_of(View::Overdue, agent);
    let count = counts::of(app, &mut world.read().await?, &Eyes::of(app, agent), &filter).await?;
    assert_eq!(count, 2);
    for path in ["/cases?view=overdue", "/cases/pane?view=overdue"] {
        let page = world.get(Role::Agent, path).await?.body;
        let heading = "<span>Überfällig</span><span class=\"num\">2</span>";
        assert!(page.contains(heading) && page.contains("Das Sofa fehlt"), "{path}: {page}");
    }
    let workload = world.get_json(Role::Lead, "/workload").await?.json()?;
    assert_eq!(workload["now"]["overdue"], 2, "{workload}");
    let found =
        world.get_json(Role::Agent, "/search?q=ist%3A%C3%BCberf%C3%A4llig&kind=case").await?.json()?;
    assert_eq!(found["total"], 2, "{found}");

    // An answer ends it, and so does closing.
    world.says(chosen, cases::Then::Wait).await?;
    cases::close(app, agent, open).await?;
    assert_eq!(listed(&world, "view=overdue").await?, Vec::<String>::new());
    Ok(())
}

async fn late_cases_stand_first_among_those_that_wait(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let (app, agent) = (&world.app, &world.agent);
    let late = world.write_in("Das Sofa fehlt").await?.0;
    cases::wait(app, agent, late, Some(world.now() + Timestamp::days(1))).await?;
    // More than a page of others, of which the heading tells all the same.
    for number in 0..55 {
        let other = world.write_in(&format!("Anliegen {number}")).await?.0;
        cases::wait(app, agent, other, None).await?;
    }
    world.forward(3 * HOUR);

    let page = world.get(Role::Agent, "/cases?view=waiting").await?.body;

    let at = |text: &str| page.find(text).with_context(|| format!("{text} is not there: {page}"));
    let overdue = at("<span>Überfällig</span><span class=\"num\">1</span>")?;
    let waits = at("<span>Wartet</span><span class=\"num\">55</span>")?;
    let subject = at("Das Sofa fehlt")?;
    assert!(overdue < subject && subject < waits, "{page}");
    Ok(())
}
