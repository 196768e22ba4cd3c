//! Single keys are everybody's own.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::Channel;
use kitt::node;
use kitt::platform::Role;

use crate::person::Browser;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_chosen_anew_is_shown_and_works() -> Result<()> {
    let world = World::on_sqlite().await?;
    let running = node::start(world.app.clone()).await?;
    let browser = Browser::open(&format!("http://{}", running.address)).await?;
    let worked = choose(&world, &browser).await;
    browser.driver.quit().await?;
    running.stop().await;
    worked
}

async fn choose(world: &World, browser: &Browser) -> Result<()> {
    let ingrid = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let from = ("Ingrid Sommerauer", Some("ingrid@example.org"));
    let case = world.writes(ingrid, from, Channel::Email, "Wo bleibt es?", "Seit Montag warte ich.").await?;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    browser.enter(Role::Agent, "/account").await?;
    browser.write("#keys-own [name=e]", "9").await?;
    browser.click("#keys-own button").await?;
    browser.see("#toast", "Saved").await?;

    crate::go(&browser.driver, &format!("{}/cases/{number}", browser.origin)).await?;
    browser.see("[data-key=e] kbd", "9").await.context("the page shows the own key")?;
    browser.press("e").await?;
    browser.press("9").await?;

    browser.see("#toast", "Closed.").await.context("the own key closes the case")?;
    browser.press("z").await?;
    browser.see("#toast", "Taken back.").await
}
