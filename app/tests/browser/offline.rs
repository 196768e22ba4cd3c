//! What is written without a connection is kept, shown, and sent once when the connection is back.

use anyhow::{Context, Result, ensure};
use kitt::cases;
use kitt::cases::Channel;
use kitt::node;
use kitt::platform::{CaseId, Role};
use serde_json::json;
use thirtyfour::extensions::cdp::ChromeDevTools;

use crate::person::Browser;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_without_a_connection_is_sent_once_when_it_is_back() -> Result<()> {
    let world = World::on_sqlite().await?;
    let running = node::start(world.app.clone()).await?;
    let eva = Browser::open(&format!("http://{}", running.address)).await?;
    let sent = write_offline(&world, &eva).await;
    eva.driver.quit().await?;
    running.stop().await;
    sent
}

/// Takes the network away, or gives it back.
async fn connect(eva: &Browser, connected: bool) -> Result<()> {
    let devtools = ChromeDevTools::new(eva.driver.handle.clone());
    devtools.execute_cdp("Network.enable").await?;
    let network =
        json!({"offline": !connected, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    devtools.execute_cdp_with_params("Network.emulateNetworkConditions", network).await?;
    Ok(())
}

async fn notes(world: &World, case: CaseId, text: &str) -> Result<usize> {
    let contacts = cases::contacts(&mut world.read().await?, case).await?;
    Ok(contacts.iter().filter(|contact| contact.text.contains(text)).count())
}

async fn write_offline(world: &World, eva: &Browser) -> Result<()> {
    let ingrid = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let from = ("Ingrid Sommerauer", Some("ingrid@example.org"));
    let case = world.writes(ingrid, from, Channel::Email, "Das Sofa", "Schon das dritte Mal.").await?;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    eva.enter(Role::Agent, &format!("/cases/{number}")).await?;
    eva.press("n").await?;
    eva.write("#dlg-note textarea", "Spedition ruft zurück").await?;

    connect(eva, false).await?;
    eva.click("#dlg-note button.gold").await?;
    eva.see("#outbox", "not connected").await.context("what waits is shown")?;
    ensure!(notes(world, case, "Spedition").await? == 0, "nothing was sent");
    connect(eva, true).await?;
    eva.see(".c-scroll", "Spedition ruft zurück").await.context("it is sent by itself")?;
    eva.miss("#outbox li").await.context("nothing waits any more")?;
    ensure!(notes(world, case, "Spedition").await? == 1, "once");

    eva.press("n").await?;
    eva.write("#dlg-note textarea", "Doch lieber nicht").await?;
    connect(eva, false).await?;
    eva.click("#dlg-note button.gold").await?;
    eva.click("[data-outbox-cancel]").await.context("it can be taken back")?;
    eva.miss("#outbox li").await?;
    connect(eva, true).await?;
    eva.press("n").await?;
    let kept = eva.find("#dlg-note textarea").await?.prop("value").await?.unwrap_or_default();
    ensure!(kept.contains("Doch lieber nicht"), "the words stay: {kept:?}");
    ensure!(notes(world, case, "Doch lieber").await? == 0, "it was not sent");
    Ok(())
}
