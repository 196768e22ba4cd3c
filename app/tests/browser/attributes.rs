//! What a case is, set by keys and typing; two people write into one field.

use anyhow::{Context, Result, ensure};
use kitt::cases;
use kitt::cases::Channel;
use kitt::cases::attributes;
use kitt::cases::attributes::{FieldDraft, FieldType};
use kitt::node;
use kitt::platform::{Bilingual, Role};
use thirtyfour::prelude::*;

use crate::person::Browser;
use crate::world::World;

/// The field of the case that says where it stands.
const PLACE: &str = "[data-own-field=place] input[name=value]";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_case_is_is_said_by_keys_and_typing() -> Result<()> {
    let world = World::on_sqlite().await?;
    let place = field("Ort", "Place", FieldType::Text, false);
    attributes::set_up_field(&world.app, &world.admin, None, &place).await?;
    let serial = field("Nummer", "Serial", FieldType::Reference, true);
    attributes::set_up_field(&world.app, &world.admin, None, &serial).await?;
    let ingrid = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let from = ("Ingrid Sommerauer", Some("ingrid@example.org"));
    let case = world.writes(ingrid, from, Channel::Email, "Das Sofa kam nicht", "Was ist da los?").await?;
    let path = format!("/cases/{}", cases::case(&mut world.read().await?, case).await?.number);
    let running = node::start(world.app.clone()).await?;
    let origin = format!("http://{}", running.address);
    let (eva, tom) = (Browser::open(&origin).await?, Browser::open(&origin).await?);
    let said = say(&eva, &tom, &path).await;
    eva.driver.quit().await?;
    tom.driver.quit().await?;
    running.stop().await;
    said
}

fn field(de: &str, en: &str, field_type: FieldType, required: bool) -> FieldDraft {
    FieldDraft {
        key: String::new(),
        name: Bilingual::new(de, en),
        help: Bilingual::default(),
        field_type,
        required,
        standard: String::new(),
        notation: money::Notation::English,
        queues: Vec::new(),
        kinds: Vec::new(),
        only_if: None,
        choices: Vec::new(),
        place: 0,
        archived: false,
    }
}

async fn say(eva: &Browser, tom: &Browser, path: &str) -> Result<()> {
    eva.driver.set_window_rect(0, 0, 1500, 1000).await?;
    tom.driver.set_window_rect(0, 0, 1500, 1000).await?;
    eva.enter(Role::Agent, path).await?;
    tom.enter(Role::Lead, path).await?;

    eva.press("y").await?;
    eva.press("compl" + Key::Enter).await?;
    eva.see(".c-own", "Complaint").await.context("a kind is chosen by typing")?;
    tom.see(".c-own", "Complaint").await.context("others see it without reload")?;
    eva.press("z").await?;
    eva.miss("#toast form").await.context("it is taken back")?;
    ensure!(!eva.find(".c-own").await?.text().await?.contains("Complaint"), "it is taken back");
    eva.press("l").await?;
    eva.press("VIP customer").await?;
    eva.see("#dlg-tags [role=option]", "Create “VIP customer”").await?;
    eva.press(Key::Enter).await?;
    eva.see(".c-own", "VIP customer").await.context("a new tag is made by typing it")?;

    eva.press("d").await?;
    eva.press("Graz" + Key::Tab).await?;
    eva.see("#toast", "Saved.").await.context("a field is saved when it is left")?;
    tom.see(&format!("{PLACE}[value=Graz]"), "").await.context("others see what was written")?;
    both_write(eva, tom).await?;

    tom.press(Key::Escape).await?;
    tom.press("e").await?;
    tom.see(".err", "“Serial” is missing").await.context("what is missing is said at the field")?;
    tom.press("L-17" + Key::Enter).await?;
    tom.see("[data-own-field=serial] input[name=seen][value='L-17']", "").await?;
    tom.press(Key::Escape).await?;
    tom.press("e").await?;
    tom.see("#toast", "Closed.").await.context("then it closes")
}

/// Tom writes while Eva has written something else.
async fn both_write(eva: &Browser, tom: &Browser) -> Result<()> {
    let (theirs, own) = (eva.find(PLACE).await?, tom.find(PLACE).await?);
    own.click().await?;
    own.send_keys(Key::Control + "a").await?;
    own.send_keys("Linz").await?;
    theirs.click().await?;
    theirs.send_keys(Key::Control + "a").await?;
    theirs.send_keys("Wien" + Key::Enter).await?;
    eva.see("[data-own-field=place] input[name=seen][value=Wien]", "").await?;
    own.send_keys(Key::Enter).await?;
    tom.see("[data-own-field=place] .err", "“Wien”").await.context("both values are shown")?;
    let typed = tom.find(PLACE).await?.prop("value").await?;
    ensure!(typed.as_deref() == Some("Linz"), "what was typed stays: {typed:?}");
    tom.find(PLACE).await?.send_keys(Key::Enter).await?;
    let saved = tom.see("[data-own-field=place] input[name=seen][value=Linz]", "");
    saved.await.context("whoever has seen it may go on")
}
