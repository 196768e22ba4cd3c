//! Mail beside the usual: to a carrier, to an address that does not exist, written halfway, planned, and unwanted.

use super::{MIRIAM, Scene, Stage};
use crate::cases;
use crate::cases::bins;
use crate::cases::{
    Answer, Bin, Channel, Destination, DraftKind, Incoming, NewTalk, Place, Recipient, Then, Typed,
};
use crate::customers;
use crate::customers::{Bounce, NewCustomer, PointKind};
use crate::journal::About;
use crate::people;
use crate::people::Queue;
use crate::platform::{Actor, App, ContactId, CustomerId, Result};

const CARRIER: &str = "Flinkfracht Disposition";
const CARRIERS: &str = "dispo@flinkfracht.example";

/// A message as it comes in.
pub fn message(
    app: &App,
    customer: CustomerId,
    (author, address): (&str, &str),
    into: Destination,
) -> Incoming {
    Incoming {
        from_address: Some(address.to_owned()),
        ..Incoming::of(Channel::Email, app.now(), customer, author.to_owned(), into)
    }
}

/// A mail of ours leaves.
async fn leaves(app: &App, contact: ContactId, to: &str) -> Result<()> {
    let mut tx = app.db.write().await?;
    cases::reached(&mut tx, contact, &[to.to_owned()]).await?;
    cases::sent(app, &mut tx, &Actor::kitt("channels"), contact, None).await?;
    tx.commit().await
}

/// The owner answers so many minutes later, and waits for the customer.
pub(super) async fn answered(stage: &Stage<'_>, scene: &Scene, minutes: i64, text: &str) -> Result<()> {
    let answer = Answer { text: letter(scene, text), then: Then::Wait, ..Answer::default() };
    let contact = cases::reply(&stage.after(scene, minutes), &scene.owner, scene.case, answer).await?;
    leaves(&stage.after(scene, minutes + 1), contact, &scene.email).await
}

/// The carrier is asked beside the conversation with the customer, and answers.
pub async fn talk(stage: &mut Stage<'_>) -> Result<()> {
    let Some(scene) = stage.find(|one| one.case.queue == 1) else { return Ok(()) };
    let carrier = Recipient { place: Place::To, name: CARRIER.to_owned(), address: CARRIERS.to_owned() };
    let subject = "Tour 27: Wo steht das zweite Paket?";
    let new = NewTalk {
        recipients: vec![carrier],
        subject: subject.to_owned(),
        text: "Liebe Kolleginnen und Kollegen,\n\nvon zwei Paketen ist eines angekommen. Könnt ihr bitte nachsehen, wo das \
               zweite hängt, und mir bis morgen Mittag Bescheid geben?\n\nDanke"
            .to_owned(),
        ..NewTalk::default()
    };
    let said = cases::say(&stage.after(&scene, 11), &scene.owner, scene.case, new).await?;
    let app = stage.after(&scene, 12);
    leaves(&app, said, CARRIERS).await?;
    let app = stage.after(&scene, 80);
    let mut tx = app.db.write().await?;
    let talk = cases::contact(&mut tx, said).await?.talk;
    let answer = Incoming {
        subject: subject.to_owned(),
        text: "Hallo,\n\ndas zweite Paket steht im Verteilzentrum Kalsdorf, das Etikett war abgerissen. Es geht heute Abend \
               auf die Tour.\n\nSchöne Grüße\nFlinkfracht Disposition"
            .to_owned(),
        talk,
        ..message(&app, scene.customer, (CARRIER, CARRIERS), Destination::Case(scene.case))
    };
    cases::receive(&app, &mut tx, &Actor::kitt("mail"), answer).await?;
    tx.commit().await
}

/// The address that a customer named on the phone does not exist.
pub async fn came_back(stage: &mut Stage<'_>) -> Result<()> {
    let Some(scene) = stage.find(|one| one.case.channel == example::Channel::Phone) else { return Ok(()) };
    let answer = Answer {
        text: letter(
            &scene,
            "wie am Telefon besprochen bestätige ich Ihnen hier alles noch einmal schriftlich.",
        ),
        to: Some(scene.email.clone()),
        then: Then::Wait,
        ..Answer::default()
    };
    let contact = cases::reply(&stage.after(&scene, 16), &scene.owner, scene.case, answer).await?;
    leaves(&stage.after(&scene, 17), contact, &scene.email).await?;
    let (app, kitt) = (stage.after(&scene, 18), Actor::kitt("mail"));
    let mut tx = app.db.write().await?;
    let words = format!("550 5.1.1 <{}>: Recipient address rejected: User unknown", scene.email);
    cases::failed(&app, &mut tx, &kitt, contact, &words).await?;
    let bounce = Bounce {
        at: app.now(),
        status: "5.1.1".to_owned(),
        reason: "userunknown".to_owned(),
        permanent: true,
        delayed: false,
    };
    let about = About::case(scene.case).of(scene.customer);
    customers::set_bounced(&app, &mut tx, &kitt, (about, contact), &scene.email, &bounce).await?;
    tx.commit().await
}

/// A colleague has begun to answer and gone to lunch.
pub async fn draft(stage: &mut Stage<'_>) -> Result<()> {
    let Some(scene) = stage.find(|one| one.is_open() && one.case.owner != Some(0)) else { return Ok(()) };
    let typed = Typed {
        kind: DraftKind::Reply,
        body: format!("<p>{}</p><p>ich habe nachgesehen und</p>", scene.greeting),
        to: scene.email.clone(),
        cc: String::new(),
        bcc: String::new(),
        draft: None,
        version: None,
    };
    cases::save(&stage.after(&scene, 26), &scene.owner, scene.case, &typed).await.map(drop)
}

/// Somebody wants to give money away.
pub async fn spam(stage: &mut Stage<'_>) -> Result<()> {
    let app = stage.app.at(stage.desk() - super::JUST_NOW * 90);
    let (name, address) = ("Glücksbüro", "gewinn@gluecksbuero.example");
    let mut tx = app.db.write().await?;
    let points = vec![(PointKind::Email, address.to_owned())];
    let new = NewCustomer { name: name.to_owned(), points, ..NewCustomer::default() };
    let kitt = Actor::kitt("mail");
    let customer = customers::add(&app, &mut tx, &kitt, &new).await?;
    let queue: Queue = people::queue(&mut tx, stage.filled.ids.queues[0]).await?;
    let mail = Incoming {
        subject: "Ihr Gewinn liegt bereit".to_owned(),
        text: "Sie wurden unter Tausenden ausgewählt. Senden Sie uns Ihre Bankverbindung, und 50.000 € gehören Ihnen."
            .to_owned(),
        ..message(&app, customer, (name, address), Destination::New(queue))
    };
    let (case, _) = cases::receive(&app, &mut tx, &kitt, mail).await?;
    tx.commit().await?;
    let app = stage.app.at(stage.desk() - super::JUST_NOW * 60);
    bins::put(&app, &stage.actor(MIRIAM), case, Some(Bin::Spam)).await
}

/// An answer leaves in the morning: it is written now and can be moved or taken back.
pub async fn planned(stage: &mut Stage<'_>) -> Result<()> {
    let Some(scene) = stage.find(|one| one.is_open() && one.case.channel == example::Channel::Email) else {
        return Ok(());
    };
    let answer = Answer {
        text: letter(
            &scene,
            "es ist alles geklärt. Ich rufe Sie heute zwischen 9 und 10 Uhr an und gehe es mit Ihnen durch.",
        ),
        then: Then::Wait,
        at: Some(stage.next_workday(8)?),
        ..Answer::default()
    };
    let app = stage.app.at(stage.desk().max(scene.since));
    cases::reply(&app, &scene.owner, scene.case, answer).await.map(drop)
}

fn letter(scene: &Scene, text: &str) -> String {
    format!("{}\n\n{text}\n\nFreundliche Grüße\n{}\nKasten & Licht", scene.greeting, scene.owner.name)
}
