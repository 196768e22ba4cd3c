//! `kitt check`: is every receipt that is still there accounted for?

use futures::future::BoxFuture;
use jiff::ToSpan;

use super::{Handed, PAGE, Proof, by_route, compare};
use crate::channels::{receipts, store};
use crate::platform::check::{Check, Checked};
use crate::platform::{App, Result};

pub static RECEIPTS: Check = Check { name: "receipts", run };

fn run(app: &App) -> BoxFuture<'_, Result<Checked>> {
    Box::pin(async move {
        let mut checked = Checked::of(app);
        let today = receipts::day_of(app, app.now());
        for back in 0..=receipts::KEPT {
            let day = today.checked_sub(back.days()).map_err(anyhow::Error::from)?;
            for source in by_route(app, day).await? {
                let mut proof = Proof::of(day, &source.name, app.now());
                proof.settled = store::settled(&mut app.db.read().await?, &source.name).await?;
                for page in source.receipts.chunks(PAGE) {
                    let handed: Vec<Handed> = page.iter().cloned().map(Handed::from).collect();
                    compare(app, &handed, &mut proof).await?;
                    let sound = page.len().saturating_sub(proof.differences.len());
                    (0..sound).for_each(|_| checked.saw(None));
                    for one in proof.open() {
                        let (fault, received) = (one.fault, one.received.map_or(0, |id| id.0));
                        let hash = &one.hash;
                        checked.saw(Some(format!(
                            "received mail {received} of {day} is {fault} (BLAKE3 {hash})"
                        )));
                    }
                    proof.differences.clear();
                }
            }
        }
        if !checked.is_sound() {
            checked.todo =
                Some("see /settings/proof, which names the mails and brings them in again".to_owned());
        }
        Ok(checked)
    })
}
