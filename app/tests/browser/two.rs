//! Two people in one case see each other, and neither loses a word.

use anyhow::{Context, Result, ensure};
use kitt::cases;
use kitt::cases::Channel;
use kitt::node;
use kitt::platform::Role;

use crate::person::Browser;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn two_people_in_one_case_see_each_other() -> Result<()> {
    let world = World::on_sqlite().await?;
    let running = node::start(world.app.clone()).await?;
    let origin = format!("http://{}", running.address);
    let (eva, tom) = (Browser::open(&origin).await?, Browser::open(&origin).await?);
    let met = meet(&world, &eva, &tom).await;
    eva.driver.quit().await?;
    tom.driver.quit().await?;
    running.stop().await;
    met
}

async fn meet(world: &World, eva: &Browser, tom: &Browser) -> Result<()> {
    let ingrid = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let from = ("Ingrid Sommerauer", Some("ingrid@example.org"));
    let case = world
        .writes(ingrid, from, Channel::Email, "Das Sofa kam wieder nicht", "Schon das dritte Mal.")
        .await?;
    let case = cases::case(&mut world.read().await?, case).await?.number;
    let path = format!("/cases/{case}");
    eva.enter(Role::Agent, &path).await?;
    tom.enter(Role::Lead, &path).await?;
    eva.see(".c-here", "Tom Lead").await.context("who came later is seen at once")?;
    tom.see(".c-here", "Eva Agent").await.context("who was there is seen")?;

    eva.press("r").await?;
    eva.press("Das tut uns leid.").await?;
    tom.see(".c-here", "is writing an answer").await.context("writing is seen")?;
    tom.see(".c-scroll .coming", "Eva Agent is writing an answer")
        .await
        .context("and where it will stand")?;

    tom.press("n").await?;
    tom.write("#dlg-note textarea", "Spedition ruft zurück").await?;
    eva.see(".c-scroll .coming", "Tom Lead is writing a note").await.context("so is the note")?;
    tom.click("#dlg-note button.gold").await?;
    eva.see(".c-scroll", "Spedition ruft zurück").await.context("a note appears without reload")?;
    let written = eva.find(".ed [contenteditable]").await?.text().await?;
    ensure!(written.contains("Das tut uns leid."), "the own words stay: {written:?}");
    eva.press("Wirklich.").await?;
    let written = eva.find(".ed [contenteditable]").await?.text().await?;
    ensure!(written.contains("Das tut uns leid.Wirklich."), "and the caret behind them: {written:?}");
    eva.miss(".coming").await.context("what was sent is written no more")?;

    crate::go(&tom.driver, &format!("{}/account", tom.origin)).await?;
    eva.miss(".c-here .k-tag").await.context("who left is seen no more")
}
