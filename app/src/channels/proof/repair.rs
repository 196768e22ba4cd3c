//! What a person does about differences: bring the mails in once more, or say why they need not be.

use super::compare::bytes_of;
use super::model::{Difference, Fault, Proof, Settlement};
use super::runs::tell;
use super::{look, provider};
use crate::channels::intake::{self, Intake};
use crate::channels::model::{Delivery, Route};
use crate::channels::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, Error, Result, Right};

/// Brings in once more what a proof misses and what is still there: at its mail server, or its bytes here; how many
/// mails. Proving again shows what became of them.
pub async fn again(app: &App, actor: &Actor, id: i64) -> Result<i64> {
    actor.may(Right::ManageSettings)?;
    let proof = store::proof(&mut app.db.read().await?, id).await?;
    let mut mails = match provider(&proof.source) {
        Some(provider) => (provider.again)(app, &proof).await?,
        None => 0,
    };
    for difference in proof.open() {
        mails += i64::from(bring(app, difference).await?);
    }
    if mails != 0 {
        let mut tx = app.db.write().await?;
        let fact = Fact::ProofRepaired { proof: id, mails };
        journal::record(app, &mut tx, actor, About::house(), fact)?;
        tx.commit().await?;
    }
    Ok(mails)
}

/// Can the mail be brought in once more?
pub async fn can_bring(app: &App, difference: &Difference) -> Result<bool> {
    let held = difference.at_server.as_ref().is_some_and(|at| at.held);
    Ok(match difference.fault {
        Fault::Unreadable => false,
        Fault::NoContact => true,
        Fault::Missing | Fault::Changed | Fault::Overlooked => {
            held || bytes_of(app, difference).await?.is_some()
        }
    })
}

async fn bring(app: &App, difference: &Difference) -> Result<bool> {
    match (difference.fault, difference.received) {
        (Fault::NoContact, Some(received)) => {
            let mut tx = app.db.write().await?;
            let found = store::file_anew(&mut tx, received).await?;
            tx.commit().await?;
            app.part::<Intake>().kept.notify_one();
            Ok(found)
        }
        // Its mail server hands it over once more.
        (Fault::Missing | Fault::Changed, _) if difference.at_server.as_ref().is_some_and(|at| at.held) => {
            Ok(false)
        }
        (Fault::Missing | Fault::Changed, _) => {
            let Some(raw) = bytes_of(app, difference).await? else { return Ok(false) };
            // Its envelope is gone with its row; the mail itself says whom it is for and when it was written.
            let (from, to, peer) = (None, Vec::new(), Some("proof".to_owned()));
            intake::keep(app, Delivery { route: Route::Import, from, to, peer, raw, queue: None }).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// A person knows about all open differences of a proof; how many there were.
pub async fn settle(app: &App, actor: &Actor, id: i64, reason: &str) -> Result<i64> {
    actor.may(Right::ManageSettings)?;
    Error::unless_text("reason", reason, 500)?;
    let mut tx = app.db.write().await?;
    let proof: Proof = store::proof(&mut tx, id).await?;
    let mut differences = 0;
    for difference in proof.open() {
        let settlement = Settlement {
            source: proof.source.clone(),
            difference: difference.key(),
            at: app.now(),
            person: actor.name.clone(),
            reason: reason.trim().to_owned(),
        };
        differences += i64::from(store::settle(&mut tx, &settlement).await?);
    }
    if differences != 0 {
        let fact = Fact::ProofSettled { proof: id, differences };
        journal::record(app, &mut tx, actor, About::house(), fact)?;
    }
    tx.commit().await?;
    look(app).await?;
    tell(app);
    Ok(differences)
}
