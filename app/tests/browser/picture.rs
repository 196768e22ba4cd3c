//! A picture that is pasted stands in the text where one wrote, and one goes on writing behind it.

use anyhow::{Context, Result, ensure};
use kitt::platform::Role;

use crate::day::without_a_mouse;
use crate::person::Browser;
use crate::post::ingrid_writes;
use crate::world::World;

const SUBJECT: &str = "Eine Lampe";
/// One grey pixel.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
/// What a paste of this picture tells the page: a test has no clipboard of its own.
const PASTE: &str = "const bytes = Uint8Array.from(atob(arguments[0]), (sign) => sign.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'Lampe.png', { type: 'image/png' }));
    const told = { clipboardData: data, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', told));";
/// The words of the text, with a sign for each picture.
const WRITTEN: &str = "const editor = document.querySelector('.ed [data-editor]');
    const walk = document.createTreeWalker(editor, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    let written = '';
    while (walk.nextNode()) written += walk.currentNode.nodeName === 'IMG' ? '#' : (walk.currentNode.data ?? '');
    return written.replaceAll('\\u200b', '');";

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_picture_stands_where_one_wrote() -> Result<()> {
    without_a_mouse(async |world, eva| paste(world, eva).await).await
}

async fn paste(world: &World, eva: &Browser) -> Result<()> {
    ingrid_writes(world, SUBJECT, "").await?;
    eva.enter(Role::Agent, "/cases?view=unassigned").await?;
    eva.press("j").await?;
    eva.see(".conv h1", SUBJECT).await?;
    eva.find(".ed [data-editor][contenteditable]").await?;
    eva.press("r").await?;
    eva.press("Vorher").await?;

    for pictures in 1..=2 {
        eva.driver.execute(PASTE, vec![PNG.into()]).await?;
        let picture = format!(".ed [data-editor] img[src^='/uploads/']:nth-of-type({pictures})");
        eva.find(&picture).await.context("the picture is there")?;
    }
    ensure!(eva.is_at(".ed [data-editor]").await?, "one goes on writing");
    eva.press("nachher").await?;

    let written = eva.driver.execute(WRITTEN, vec![]).await?.json().to_string();
    ensure!(written.contains("Vorher##nachher"), "behind the pictures: {written}");
    eva.send().await?;
    eva.see(".c-scroll article", "nachher").await.context("it was sent")
}
