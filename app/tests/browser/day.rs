//! Customers are answered without a mouse: every way to write, by keys alone, and what one sees after each.
//! The other half of the day is in [`super::shift`].

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use kitt::node;
use kitt::platform::{Language, Role};
use kitt::snippets;
use kitt::snippets::{Draft, Text};
use thirtyfour::prelude::*;

use crate::person::Browser;
use crate::post::ingrid_writes;
use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);
const SUBJECT: &str = "Das Sofa kam wieder nicht";

/// A house with somebody before it who has no mouse.
pub async fn without_a_mouse(story: impl AsyncFnOnce(&World, &Browser) -> Result<()>) -> Result<()> {
    let world = World::on_sqlite().await?;
    let running = node::start(world.app.clone()).await?;
    let eva = Browser::open(&format!("http://{}", running.address)).await?;
    eva.driver.set_window_rect(0, 0, 1500, 1000).await?;
    // What can be taken back for some seconds is timed by the house, whose clock would stand still.
    let app = world.app.clone();
    let ticking = tokio::spawn(async move {
        loop {
            tokio::time::sleep(SECOND).await;
            app.clock().advance(SECOND);
        }
    });
    let done = story(&world, &eva).await;
    let said = if done.is_err() { eva.says().await.unwrap_or_default() } else { String::new() };
    ticking.abort();
    eva.driver.quit().await?;
    running.stop().await;
    done.with_context(|| format!("the page says {said}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_answered_without_a_mouse() -> Result<()> {
    without_a_mouse(async |world, eva| {
        prepare(world).await?;
        ingrid_writes(world, "Eine Lampe", "").await?;
        ingrid_writes(world, SUBJECT, "Cc: Karl Huber <karl@example.org>\r\n").await?;
        browse(eva).await.context("through the list")?;
        pass_on(eva).await.context("forward, redirect")?;
        answer(eva).await.context("an answer, taken back, to all")?;
        talk(eva).await.context("notes and side conversations")?;
        later(eva).await.context("a text module, sent later")
    })
    .await
}

/// A text module of the house.
async fn prepare(world: &World) -> Result<()> {
    let text =
        Text {
            language: Language::De, body: "Vielen Dank für Ihre Geduld.".into(), informal: String::new()
        };
    let draft = Draft {
        name: "Geduld".into(),
        shortcut: "geduld".into(),
        folder: String::new(),
        owner: None,
        queue: None,
        texts: vec![text],
    };
    snippets::add(&world.app, &world.admin, &draft).await?;
    Ok(())
}

/// J and K through the list; what one stays on opens.
async fn browse(eva: &Browser) -> Result<()> {
    eva.enter(Role::Agent, "/cases?view=unassigned").await?;
    eva.see("#q-list .q-row", SUBJECT).await?;
    eva.press("j").await?;
    eva.see(".conv h1", "").await?;
    let opened = eva.find(".conv h1").await?.text().await?;
    eva.press("j").await?;
    eva.see(".q-row[aria-current]", if opened == SUBJECT { "Lampe" } else { SUBJECT }).await?;
    eva.press("k").await?;
    eva.see(".conv h1", &opened).await.context("K goes back")?;
    if opened != SUBJECT {
        eva.press("j").await?;
    }
    eva.see(".conv h1", SUBJECT).await?;
    eva.find(".ed [data-editor][contenteditable]").await?;
    Ok(())
}

async fn pass_on(eva: &Browser) -> Result<()> {
    eva.press("f").await?;
    eva.see("#dlg-talk[open] h2", "Forward").await?;
    ensure!(eva.is_at("[data-chips-for=to]").await?, "to whom is asked first");
    eva.press("lager@example.org,").await?;
    eva.tab_to("#dlg-talk textarea").await?;
    eva.send().await?;
    eva.see(".c-scroll .m.side", "Schon das dritte Mal").await.context("it was forwarded")?;
    // What was said last is now our own; the customer's mail has its link, too.
    eva.tab_to(".m.cust .m-do a").await?;
    eva.press(Key::Enter).await?;
    eva.see("#dlg-talk[open]", "").await?;
    eva.press("werk@example.org,").await?;
    eva.tab_to("[formaction$=redirects]").await?;
    eva.press(Key::Enter).await?;
    eva.see(".c-scroll article", "werk@example.org").await.context("it was redirected")?;
    eva.miss("#dlg-talk[open]").await
}

async fn answer(eva: &Browser) -> Result<()> {
    eva.press("r").await?;
    eva.press("Es kommt am Freitag.").await?;
    eva.see("[data-draft-kept]", "Draft saved").await.context("the draft is on the server")?;
    eva.send().await?;
    eva.see(".c-scroll article", "Es kommt am Freitag").await?;
    eva.see("#toast", "Leaves in").await?;
    eva.press("z").await?;
    eva.see("#toast", "Taken back").await.context("what was sent before is not offered in its place")?;
    eva.see(".ed [data-editor]", "Es kommt am Freitag")
        .await
        .context("taken back, the text is here again")?;
    ensure!(eva.is_at(".ed [data-editor]").await?, "whoever took it back goes on writing");
    eva.press(Key::Escape).await?;
    eva.press(Key::Shift + "r").await?;
    eva.see(".ed-cc .chip", "Karl Huber").await.context("everybody gets the answer")?;
    ensure!(eva.is_at(".ed [data-editor]").await?, "one goes on writing");
    eva.send().await?;
    eva.see("#toast", "Leaves in").await?;
    eva.see(".c-scroll .m.us .m-to", "karl@example.org").await.context("it goes to all")?;
    eva.press("z").await?;
    eva.see("#toast", "Taken back").await.context("also the second one is taken back")?;
    eva.see(".ed-cc .chip", "Karl Huber").await.context("taken back, everybody is named again")?;
    eva.send().await?;
    eva.see("#toast", "Leaves in").await.context("also the third one can be taken back")
}

async fn talk(eva: &Browser) -> Result<()> {
    eva.press("n").await?;
    eva.press("Bitte ansehen @Tom").await?;
    eva.see(".k-options [role=option]", "Tom Lead").await?;
    eva.press(Key::Enter).await?;
    eva.send().await?;
    eva.see(".c-scroll .call-out", "Tom Lead").await.context("a colleague is called in")?;

    eva.shift("t").await?;
    eva.see("#dlg-talk[open] h2", "Side conversation").await?;
    ensure!(eva.is_at("[data-chips-for=to]").await?, "to whom is asked first");
    eva.press("werk@example.org,").await?;
    eva.tab_to("#dlg-talk textarea").await?;
    eva.press("Wann kommt es?").await?;
    eva.send().await?;
    eva.see(".c-scroll .m.side", "Wann kommt es?").await
}

async fn later(eva: &Browser) -> Result<()> {
    eva.press("r").await?;
    eva.press(";;").await?;
    eva.see("#dlg-snippets[open] [role=option]", "Geduld").await?;
    eva.press(Key::Enter).await?;
    eva.see(".ed [data-editor]", "Vielen Dank für Ihre Geduld").await.context("the text module is in")?;
    eva.tab_to("[popovertarget^=send-]").await?;
    eva.press(Key::Enter).await?;
    eva.tab_to(".menu [name=at]").await?;
    // Day and month are the same, so that any order of them is right; the half of the day is asked for in English.
    eva.press("12122026" + Key::Right).await?;
    eva.press("1100A").await?;
    eva.tab_to(".menu button[value=wait]").await?;
    eva.press(Key::Enter).await?;
    eva.see(".c-scroll article:last-of-type .k-tag", "planned").await.context("it leaves later")?;
    eva.miss("[popover].menu:popover-open").await.context("the menu beside Send is closed")
}
