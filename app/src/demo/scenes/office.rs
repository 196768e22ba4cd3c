//! What the house set up beside its queues: some weeks ago, by those who lead it.

use jiff::civil::{Time, date};

use super::{MIRIAM, Stage};
use crate::assignment;
use crate::assignment::NewAbsence;
use crate::cases;
use crate::cases::complaint;
use crate::cases::complaint::ComplaintSettings;
use crate::cases::tasks;
use crate::cases::tasks::{Checklist, Item};
use crate::cases::{Condition, Field, Filter, Patience, Sort, Test};
use crate::channels;
use crate::channels::QueueMail;
use crate::platform::{Result, Timestamp};
use crate::recurring;
use crate::recurring::{Rhythm, Unit};
use crate::views;
use crate::views::{Heading, Shared};

const PETRA: &str = "Petra Gschwandtner";
const SABINE: &str = "Sabine Auer";
/// What Nestwerk reminds its customers with.
const REMINDER: &str = "Hallo {name},

zu „{subject}“ haben wir noch nichts von dir gehört. Brauchst du noch etwas von uns? Dann antworte einfach auf diese \
Mail. Sonst machen wir den Fall am {day} zu, und du kannst dich jederzeit wieder melden.

Liebe Grüße
dein Nestwerk-Team";

pub async fn settings(stage: &mut Stage<'_>) -> Result<()> {
    let petra = stage.actor(PETRA);
    let sought = ComplaintSettings {
        instance_de: "Schlichtungsstelle des Möbelhandels, post@schlichtung.example".to_owned(),
        instance_en: "Conciliation of the furniture trade, post@schlichtung.example".to_owned(),
        silent_days: 14,
    };
    complaint::set_settings(&stage.back(46, (10, 12)), &petra, &sought).await?;
    let item = |title: &str, days: Option<i64>| Item { title: title.to_owned(), days };
    let list = Checklist {
        id: 0,
        name: "Reklamation prüfen".to_owned(),
        queue: None,
        active: true,
        items: vec![
            item("Fotos und Typenschild anfordern", Some(1)),
            item("Charge mit der Werkstatt abgleichen", Some(2)),
            item("Ersatzteil oder Austausch zusagen", Some(4)),
            item("Ursache festhalten", None),
        ],
    };
    tasks::save_checklist(&stage.back(31, (14, 44)), &petra, &list).await?;
    for (queue, id) in stage.company.queues.iter().zip(&stage.filled.ids.queues) {
        if queue.informal {
            let mail = QueueMail { sender_name: queue.name.to_owned(), ..QueueMail::default() };
            channels::set_queue_mail(&stage.back(20, (9, 23)), &petra, *id, &mail).await?;
            let text = Some(REMINDER.to_owned());
            let patience = Patience { active: true, text_de_informal: text, ..Patience::of(*id) };
            cases::set_patience(&stage.back(20, (9, 41)), &petra, &patience).await?;
        }
    }
    let open = Condition::is(Field::Status, "open");
    let view = views::Draft {
        name: "Heute noch fällig".to_owned(),
        filter: Filter::all([open, Condition::new(Field::Due, Test::Ahead, &["8h"])]),
        sort: Sort::Due,
        columns: Heading::usual(),
        shared: Shared::All,
        place: 1,
    };
    views::save(&stage.back(13, (16, 5)), &stage.actor(SABINE), None, &view).await.map(drop)
}

/// One of Linz is away for some days, a colleague stands in.
pub async fn away(stage: &mut Stage<'_>) -> Result<()> {
    let (lead, away) = (stage.actor("Uwe Brandl"), stage.actor("Stefan Haller"));
    let app = stage.back(1, (15, 8));
    let new = NewAbsence {
        from: app.now(),
        until: Some(stage.next_workday(8)? + Timestamp::days(3)),
        replacement: stage.actor("Lea Prantl").person_id(),
    };
    assignment::plan(&app, &lead, away.person()?, new).await.map(drop)
}

/// The talk with the carrier is prepared each month, from now on.
pub async fn recurring(stage: &mut Stage<'_>) -> Result<()> {
    let draft = recurring::Draft {
        subject: "Monatsgespräch mit Flinkfracht vorbereiten".to_owned(),
        text: "Bitte zusammenstellen: geplatzte Termine, Schäden, offene Nachforschungen. Das Gespräch führt die \
               Logistik."
            .to_owned(),
        customer: None,
        queue: stage.filled.ids.queues[1],
        owner: stage.actor(MIRIAM).person_id(),
        checklist: None,
        rhythm: Rhythm {
            every: 1,
            unit: Unit::Month,
            first: date(2026, 1, 5),
            time: Time::constant(9, 0, 0, 0),
        },
    };
    recurring::save(&stage.app.at(stage.desk()), &stage.actor(SABINE), None, &draft).await.map(drop)
}
