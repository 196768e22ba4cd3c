//! The circle as people close it: a mail, an answer, a cause, a decision, word to who said it.

use anyhow::{Context, Result};
use kitt::node;
use kitt::platform::Role;
use thirtyfour::prelude::*;

use super::go;
use crate::person::Browser;
use crate::post::ingrid_writes;
use crate::world::World;

const SUBJECT: &str = "Das Sofa kam wieder nicht";
const CAUSE: &str = "Spedition hält Termine nicht";
/// The same as customers are told of it.
const TOLD: &str = "verpasste Liefertermine";

#[tokio::test(flavor = "multi_thread")]
async fn the_circle_closes_in_a_browser() -> Result<()> {
    let world = World::on_sqlite().await?;
    let running = node::start(world.app.clone()).await?;
    let browser = Browser::open(&format!("http://{}", running.address)).await?;
    let closed = close_the_circle(&world, &browser).await;
    browser.driver.quit().await?;
    running.stop().await;
    closed
}

async fn close_the_circle(world: &World, browser: &Browser) -> Result<()> {
    browser.enter(Role::Agent, "/cases").await?;
    ingrid_writes(world, SUBJECT, "").await?;
    browser.see("#q-list .q-row", SUBJECT).await.context("a new mail appears without reload")?;
    browser.press("j").await?;
    browser.press(Key::Enter).await?;
    browser.see(".conv h1", SUBJECT).await?;
    let case = browser.driver.current_url().await?;

    browser.press("r").await?;
    browser.press("Das tut uns leid. Es kommt am Freitag.").await?;
    browser.click(".ed button[name=then][value=wait]").await?;
    browser.see("#toast form button", "").await.context("it can be taken back")?;
    browser.see(".c-scroll article", "Es kommt am Freitag").await?;

    go(&browser.driver, case.as_str()).await?;
    browser.press("u").await?;
    browser.click("#dlg-document .bigline label:nth-of-type(4)").await?;
    browser.click("#dlg-document details.new summary").await?;
    browser.write("#dlg-document [name=title]", CAUSE).await?;
    browser.choose("#dlg-document [name=department]", "Produkt").await?;
    browser.click("#dlg-document button.pri").await?;
    browser.see(".ursache", CAUSE).await.context("the case shows its cause")?;

    browser.enter(Role::Department, "/department").await?;
    browser.see(".d-row", CAUSE).await.context("the department reads it")?;
    browser.click(".d-row").await?;
    browser.click(".dec [name=step][value=accept] ~ button").await?;
    browser.click(".dec [name=step][value=fix] ~ button").await?;

    browser.enter(Role::Agent, "/insights/1/tell").await?;
    browser.click("#tell button.pri").await?;
    browser.see("#tell", "Ingrid Sommerauer").await?;
    browser.write("#tpl-what_de", TOLD).await?;
    browser.click("#tell form[action$=templates] > button").await?;
    browser.see(&format!("#tpl-what_de[value='{TOLD}']"), "").await.context("it is saved")?;
    browser.enter(Role::Lead, "/insights/1/tell").await?;
    browser.click("#tell [data-open=dlg-approve]").await?;
    browser.click("#dlg-approve button.pri").await?;
    browser.see("#tell", "Approved by").await?;
    browser.enter(Role::Agent, case.path()).await?;
    browser.see(".c-scroll article:last-of-type", TOLD).await.context("the customer is told")
}
