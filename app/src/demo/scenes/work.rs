//! What people do with cases beside answering: hand them on, put them together, divide the work, keep them to themselves.

use super::{MIRIAM, Stage, Unfinished, mail};
use crate::cases;
use crate::cases::attributes;
use crate::cases::bins;
use crate::cases::tasks;
use crate::cases::tasks::NewTask;
use crate::cases::{Destination, Incoming, Involvement, Tie, To};
use crate::people;
use crate::platform::{Actor, Error, Result, Timestamp};

const LOGISTICS: &str = "Logistik";
const HENRIK: &str = "Henrik Paulsen";

fn of_deliveries(one: &Unfinished) -> bool {
    one.is_open() && one.case.queue == 1
}

/// A department was asked, and has not said anything yet.
pub async fn asked(stage: &mut Stage<'_>) -> Result<()> {
    let Some(scene) = stage.find(of_deliveries) else { return Ok(()) };
    let to = To::Department(stage.department(LOGISTICS).ok_or(Error::NotFound)?);
    let reason =
        "Flinkfracht findet den Auftrag nicht. Könnt ihr nachsehen, ob beide Pakete noch im Lager stehen?";
    let due = Some(stage.next_workday(12)?);
    cases::hand_off(&stage.after(&scene, 25), &scene.owner, scene.case, to, reason, due).await.map(drop)
}

/// A department was asked, took it up and answered.
pub async fn answered(stage: &mut Stage<'_>) -> Result<()> {
    let Some(scene) = stage.find(of_deliveries) else { return Ok(()) };
    let to = To::Department(stage.department(LOGISTICS).ok_or(Error::NotFound)?);
    let reason = "Die Kundschaft braucht ein festes Fenster von zwei Stunden. Geht das auf dieser Tour?";
    let due = Some(stage.next_workday(12)?);
    let app = stage.after(&scene, 15);
    let handoff = cases::hand_off(&app, &scene.owner, scene.case, to, reason, due).await?;
    let henrik = stage.actor(HENRIK);
    cases::accept_handoff(&stage.after(&scene, 35), &henrik, handoff).await?;
    let said =
        "Ja, Tour 14 fährt dort zwischen 15 und 17 Uhr vorbei. Ist eingetragen, der Fahrer ruft vorher an.";
    cases::answer_handoff(&stage.after(&scene, 70), &henrik, handoff, said).await.map(drop)
}

/// A colleague asks Miriam to take a case over.
pub async fn handed_over(stage: &mut Stage<'_>) -> Result<()> {
    let miriam = stage.actor(MIRIAM);
    let Some(scene) = stage.find(|one| one.is_open() && one.case.owner != Some(0)) else { return Ok(()) };
    if scene.owner.person_id() == miriam.person_id() {
        return Ok(());
    }
    let reason = "Du hattest im Frühling schon mit ihr zu tun. Magst du übernehmen?";
    let to = To::Person(miriam.person()?);
    cases::hand_off(&stage.after(&scene, 30), &scene.owner, scene.case, to, reason, None).await.map(drop)
}

/// A customer wrote a second time as if it were something new, and both became one.
pub async fn merged(stage: &mut Stage<'_>) -> Result<()> {
    let Some(scene) = stage.find(|one| one.case.channel == example::Channel::Email) else { return Ok(()) };
    let app = stage.after(&scene, 20);
    let mut tx = app.db.write().await?;
    let into = cases::case(&mut tx, scene.case).await?;
    let queue = people::queue(&mut tx, into.queue).await?;
    let again = Incoming {
        subject: "Noch einmal zu meiner Nachricht".to_owned(),
        text: "Guten Tag,\n\nich finde die Nummer nicht mehr, daher schreibe ich neu: Hat sich schon etwas getan?"
            .to_owned(),
        ..mail::message(&app, scene.customer, (&scene.name, &scene.email), Destination::New(queue))
    };
    let (from, _) = cases::receive(&app, &mut tx, &Actor::kitt("mail"), again).await?;
    tx.commit().await?;
    cases::merge(&stage.after(&scene, 32), &scene.owner, scene.case, &[from]).await?;
    mail::answered(
        stage,
        &scene,
        40,
        "Ihre beiden Nachrichten liegen jetzt beisammen. Ich kläre das gerade und melde mich.",
    )
    .await
}

/// What concerns health is for those who are named on the case only.
pub async fn private(stage: &mut Stage<'_>) -> Result<()> {
    let Some(scene) = stage.find(|one| !one.is_open()) else { return Ok(()) };
    let app = stage.after(&scene, 12);
    let text = "Am Telefon von einer Erkrankung erzählt, das gehört nicht in die große Runde. Bitte alles Weitere über \
                mich.";
    cases::note(&app, &scene.owner, scene.case, text, Vec::new()).await?;
    bins::set_private(&stage.after(&scene, 13), &scene.owner, scene.case, true).await
}

/// What began as something else turns out to be a complaint.
pub async fn complaint(stage: &mut Stage<'_>) -> Result<()> {
    let Some(scene) = stage.find(|one| one.is_open() && one.case.matter == example::Matter::Fault) else {
        return Ok(());
    };
    let app = stage.after(&scene, 18);
    let kinds = attributes::kinds(&mut app.db.read().await?).await?;
    let kind = kinds.iter().find(|kind| kind.complaint).map(|kind| kind.id);
    cases::set_kind(&app, &scene.owner, scene.case, kind).await
}

/// One is late, one is for tomorrow, one is done; and a checklist was picked.
pub async fn tasks(stage: &mut Stage<'_>) -> Result<()> {
    let miriam = stage.actor(MIRIAM).person_id();
    let broken = |one: &Unfinished| one.case.queue == 2 && one.case.matter == example::Matter::Fault;
    let Some(scene) = stage.find(broken) else { return Ok(()) };
    let app = stage.after(&scene, 10);
    let task =
        |title: &str, due: Timestamp| NewTask { title: title.to_owned(), person: miriam, due: Some(due) };
    // Due within the hour after it was written down.
    let late = task("Nummer des Ersatzteils heraussuchen", cases::due(stage.app, app.now(), 45));
    tasks::add(&app, &scene.owner, scene.case, &late).await?;
    let next = task("In der Werkstatt nach dem Ersatzteil fragen", stage.next_workday(11)?);
    tasks::add(&app, &scene.owner, scene.case, &next).await?;
    let done = task("Adresse bestätigen lassen", stage.next_workday(15)?);
    let done = tasks::add(&app, &scene.owner, scene.case, &done).await?;
    tasks::end(&stage.after(&scene, 22), &scene.owner, done).await?;
    let lists = tasks::checklists(&mut app.db.read().await?).await?;
    let Some(list) = lists.first() else { return Ok(()) };
    tasks::apply(&stage.after(&scene, 24), &scene.owner, scene.case, list.id).await.map(drop)
}

/// Miriam is called into one case and is deputy of another, which has to do with the first.
pub async fn involved(stage: &mut Stage<'_>) -> Result<()> {
    let miriam = stage.actor(MIRIAM).person()?;
    let Some(scene) = stage.find(|one| one.case.owner != Some(0)) else { return Ok(()) };
    let text = "@Miriam Kofler Du kennst die Vorgeschichte: Können wir hier noch einmal entgegenkommen?";
    cases::note(&stage.after(&scene, 14), &scene.owner, scene.case, text, Vec::new()).await?;
    let Some(other) = stage.find(|one| one.case.owner != Some(0)) else { return Ok(()) };
    let (app, deputy) = (stage.after(&other, 16), Involvement::Deputy);
    cases::involve(&app, &other.owner, other.case, miriam, deputy).await?;
    let app = stage.after(&other, 19);
    cases::relate(&app, &other.owner, other.case, scene.case, Tie::Related).await
}
