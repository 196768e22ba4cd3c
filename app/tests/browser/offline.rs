//! What is written without a connection is kept, shown, and sent once when the connection is back.

use anyhow::{Context, Result, ensure};
use axum::http::Method;
use kitt::cases;
use kitt::cases::Channel;
use kitt::node;
use kitt::platform::{CaseId, Role};
use serde_json::json;
use thirtyfour::SessionId;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::common::requestdata::RequestData;

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

/// Takes the network away, or gives it back: a command of the driver of Chromium alone.
#[derive(Debug)]
struct Network {
    offline: bool,
}

impl FormatRequestData for Network {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let conditions = json!({"offline": self.offline, "latency": 0, "download_throughput": -1, "upload_throughput": -1});
        RequestData::new(Method::POST, format!("/session/{session}/chromium/network_conditions"))
            .add_body(json!({ "network_conditions": conditions }))
    }
}

async fn connect(eva: &Browser, connected: bool) -> Result<()> {
    eva.driver.handle().cmd(Network { offline: !connected }).await?;
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
