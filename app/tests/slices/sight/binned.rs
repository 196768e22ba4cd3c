//! Spam and trash: in no other list, and back as they were.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::{Bin, View, bins, undo};
use kitt::platform::Role;
use kitt::platform::search::Feeder;

use crate::world::{World, both};

both!(
    spam_and_trash_are_in_no_other_list_and_come_back_whole,
    who_writes_to_a_case_in_the_trash_brings_it_back,
);

async fn spam_and_trash_are_in_no_other_list_and_come_back_whole(world: World) -> Result<()> {
    let mut feeder = Feeder::open(&world.app, &kitt::search_sources()).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    let before = cases::case(&mut world.read().await?, case).await?;
    let until = world.now() + kitt::platform::Timestamp::days(1);
    for bin in [Bin::Spam, Bin::Trash] {
        let url = format!("/cases/{}/bin", before.number);
        let put = world.post_form(Role::Agent, &url, &[("bin", bin.code())]).await?;
        assert_eq!((put.status, put.location()), (StatusCode::SEE_OTHER, "/cases"));
        feeder.catch_up().await?;

        for view in View::ALL {
            let list = world.get_json(Role::Agent, &format!("/cases?view={view}")).await?;
            let listed = list.body.contains(&before.number);
            assert_eq!(listed, view.code() == bin.code(), "{view} while it is {bin}");
        }
        let found = world.get_json(Role::Agent, "/search?q=flackert").await?;
        assert!(!found.body.contains(&before.number), "{}", found.body);
        let page = world.get(Role::Agent, &format!("/cases/{}", before.number)).await?;
        assert_eq!(page.status, StatusCode::OK, "it can still be looked at");

        let offer = undo::newest(&mut world.read().await?, &world.agent, world.now()).await?;
        undo::take_back(&world.app, &world.agent, offer.context("an offer")?.id).await?;
        feeder.catch_up().await?;
        let found = world.get_json(Role::Agent, "/search?q=flackert").await?;
        assert!(found.body.contains(&before.number), "{}", found.body);
        let after = cases::case(&mut world.read().await?, case).await?;
        assert_eq!((after.bin, after.due_at, after.status), (None, before.due_at, before.status));
    }
    // What waits in the trash does not wake.
    cases::wait(&world.app, &world.agent, case, Some(until)).await?;
    bins::put(&world.app, &world.agent, case, Some(Bin::Trash)).await?;
    world.forward(kitt::platform::Timestamp::days(2));
    assert_eq!(cases::wake(&world.app).await?, 0);
    bins::put(&world.app, &world.agent, case, None).await?;
    assert_eq!(cases::wake(&world.app).await?, 1);
    Ok(())
}

async fn who_writes_to_a_case_in_the_trash_brings_it_back(world: World) -> Result<()> {
    for (bin, after) in [(Bin::Trash, None), (Bin::Spam, Some(Bin::Spam))] {
        let case = world.write_in("Die Lampe flackert").await?.0;
        bins::put(&world.app, &world.agent, case, Some(bin)).await?;
        world.write_to(case).await?;
        assert_eq!(cases::case(&mut world.read().await?, case).await?.bin, after);
    }
    Ok(())
}
