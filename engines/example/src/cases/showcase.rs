//! The case that stands on top of the demo: a sofa whose third delivery date was missed.
//!
//! Written by hand, on all channels, with facts, promises and a competitor; only its dates move.

use crate::chance::Chance;
use crate::customers::{self, SHOWCASE_ORDER};
use crate::fill::{Scene, Speech};
use crate::model::{
    Attachment, Author, Case, Channel, Company, Contact, Direction, Priority, Promise, Status,
};
use crate::moment::{date_of, plus, seconds, weekday_before, weekday_from};
use jiff::civil::Weekday;

const MIRIAM: usize = 0;
const DARIO: usize = 1;
const HENRIK: usize = 16;

/// The case as it stands at `now`: the last word is hers, and two hours after her mail an answer is due, in 38 minutes.
pub fn case(company: &Company, now: i64) -> Case {
    let customer = customers::showcase(&company.customers);
    let person = &company.customers[customer];
    let order =
        person.orders.iter().find(|order| order.number == SHOWCASE_ORDER).unwrap_or(&person.orders[0]);
    let mut scene = Scene::new(person, order, &company.people[MIRIAM], now, &mut Chance::new(1, 1));
    scene.speech = Speech::Austrian;

    let missed = weekday_before(date_of(now - 3600));
    let second = weekday_before(plus(missed, -1));
    let letter = weekday_before(plus(second, -2));
    let solved = weekday_from(plus(date_of(now), 1));
    let baptism = (10..17).map(|days| plus(date_of(now), days)).find(|day| day.weekday() == Weekday::Sunday);
    let days = [
        ("missed", scene.full_day(missed)),
        ("second", scene.full_day(second)),
        ("solved", scene.full_day(solved)),
        ("taufe", scene.day(baptism.unwrap_or(solved))),
        ("weekday", scene.full_day(missed).split(',').next().unwrap_or_default().to_owned()),
    ];
    let days: Vec<(&str, &str)> = days.iter().map(|(name, day)| (*name, day.as_str())).collect();
    let text = |template: &str| scene.fill(template, &days);

    let written = seconds(letter, 9, 20);
    let answered = seconds(second, 15, 2);
    let contacts = vec![
        contact(Direction::In, Channel::Letter, written, Author::Customer(customer), text(LETTER)),
        contact(Direction::Out, Channel::Email, answered, Author::Person(DARIO), text(PROMISED)),
        contact(Direction::In, Channel::Email, now - 82 * 60, Author::Customer(customer), text(MAIL)),
        contact(Direction::In, Channel::Phone, now - 67 * 60, Author::Customer(customer), text(CALL)),
        contact(Direction::Note, Channel::Phone, now - 38 * 60, Author::Person(MIRIAM), text(NOTE)),
        contact(Direction::Note, Channel::Phone, now - 24 * 60, Author::Person(HENRIK), text(OFFER)),
    ];
    let promises = vec![
        promise(
            &text("Lieferung {second}"),
            seconds(letter, 11, 0),
            MIRIAM,
            seconds(second, 18, 0),
            Some(false),
        ),
        promise(
            &text("Lieferung {missed}, 10 bis 14 Uhr"),
            answered,
            DARIO,
            seconds(missed, 14, 0),
            Some(false),
        ),
        promise("Rückruf mit neuem Termin", now - 67 * 60, MIRIAM, now + 3 * 3600, None),
    ];
    Case {
        customer,
        queue: 1,
        subject: "Sofa „Linde“: dritter Liefertermin geplatzt".to_owned(),
        channel: Channel::Letter,
        priority: Priority::High,
        created_at: written,
        owner: Some(MIRIAM),
        status: Status::Open,
        wait_until: None,
        closed_at: None,
        due_at: Some(now + 38 * 60),
        contacts: with_files(contacts),
        findings: Vec::new(),
        active_seconds: vec![(DARIO, 420), (MIRIAM, 1140), (HENRIK, 260)],
        goodwill: Vec::new(),
        refund_cents: 0,
        requests: Vec::new(),
        promises,
        repeats: None,
    }
}

fn contact(direction: Direction, channel: Channel, at: i64, author: Author, text: String) -> Contact {
    Contact { direction, channel, at, author, text, attachments: Vec::new() }
}

fn promise(text: &str, at: i64, person: usize, due_at: i64, kept: Option<bool>) -> Promise {
    Promise { text: text.to_owned(), at, person, due_at, kept }
}

fn with_files(mut contacts: Vec<Contact>) -> Vec<Contact> {
    let file = |name: &str, text: &str| Attachment {
        name: name.to_owned(),
        content_type: "text/plain",
        bytes: text.as_bytes().to_vec(),
    };
    contacts[0].attachments = vec![file("Brief-Sommerauer.txt", "Posteingang, Scan 1 Seite\n")];
    contacts[2].attachments =
        vec![file("Terminbestätigung.txt", "Auftrag 118-4471, Lieferung bestätigt, 10 bis 14 Uhr\n")];
    contacts
}

const LETTER: &str = "Sehr geehrte Damen und Herren,\n\nseit September warte ich auf einen verlässlichen Termin \
für mein Sofa „Linde“, Auftrag 118-4471. Beim ersten Termin kam niemand, und auf meinen Anruf hieß es, man melde \
sich. Ich bitte Sie um ein Datum, das hält.\n\nHochachtungsvoll\nIngrid Sommerauer\nMühlgasse 14\n8010 Graz";
const PROMISED: &str = "Liebe Frau Sommerauer,\n\nes tut mir leid, dass heute niemand gekommen ist. Unser Lieferpartner \
hat mir den neuen Termin fest bestätigt: {missed}, 10 bis 14 Uhr.\n\nFreundliche Grüße\nDario Lenz\nKasten & Licht";
const MAIL: &str = "Guten Tag,\n\nam {weekday} war der dritte vereinbarte Termin für unser Sofa. Ich habe mir wieder \
freigenommen, und wieder ist niemand gekommen. Kein Anruf, keine Nachricht. Ich kaufe seit zwölf Jahren bei Ihnen. \
So kenne ich Sie nicht.\n\nIngrid Sommerauer";
const CALL: &str = "Ruft selbst an, ist müde, nicht laut. Taufe am {taufe}, bis dahin muss das Sofa stehen. Überlegt \
zu stornieren. „Bei Zimmerfein bekomme ich ein Zwei-Stunden-Fenster, und der Fahrer ruft vorher an.“";
const NOTE: &str = "@Logistik Flinkfracht sagt, Tour 27 war mit 31 Stopps überbucht. Könnt ihr am {solved} abends mit \
eigenem Wagen liefern?";
const OFFER: &str = "Ja: {solved}, 17 bis 19 Uhr, zwei Personen, Aufbau inklusive. Ist eingetragen.";
