//! The case that stands on top of the demo: a sofa whose third delivery date was missed.
//!
//! Written by hand, on all channels, with facts, promises and a competitor; only its dates move.

use crate::chance::Chance;
use crate::customers::{self, SHOWCASE_ORDER};
use crate::fill::Scene;
use crate::model::{
    Attachment, Author, Case, Channel, Company, Contact, Direction, Matter, Priority, Promise, Status,
};
use crate::moment::{
    after_work, date_of, is_open_since, last_closing, plus, seconds, weekday_before, weekday_from,
};
use crate::speech::Speech;
use jiff::civil::Weekday;

const MIRIAM: usize = 0;
const DARIO: usize = 1;
const HENRIK: usize = 16;

/// When she called and wrote, and when the house talked about it: today if it has been open long enough, else shortly
/// before it closed last. Nobody works at night.
struct Today {
    call: i64,
    mail: i64,
    note: i64,
    offer: i64,
}

impl Today {
    fn of(now: i64) -> Self {
        let (then, [call, mail, note, offer]) = if is_open_since(now, 98) {
            (now, [97, 82, 38, 24])
        } else {
            (last_closing(now), [70, 20, 52, 35])
        };
        let before = |minutes: i64| then - minutes * 60;
        Self { call: before(call), mail: before(mail), note: before(note), offer: before(offer) }
    }
}

/// The case as it stands at `now`: she has written last, and two hours after her mail an answer is due. While the house
/// works that is in 38 minutes.
pub fn case(company: &Company, now: i64) -> Case {
    let customer = customers::showcase(&company.customers);
    let person = &company.customers[customer];
    let order =
        person.orders.iter().find(|order| order.number == SHOWCASE_ORDER).unwrap_or(&person.orders[0]);
    let mut scene = Scene::new(person, order, &company.people[MIRIAM], now, &mut Chance::new(1, 1));
    scene.speech = Speech::Austrian;

    let today = Today::of(now);
    let missed = weekday_before(date_of(today.call));
    let second = weekday_before(plus(missed, -1));
    let letter = weekday_before(plus(second, -2));
    let solved = weekday_from(plus(date_of(today.call), 1));
    let baptism =
        (10..17).map(|days| plus(date_of(today.call), days)).find(|day| day.weekday() == Weekday::Sunday);
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
    let told = seconds(letter, 11, 5);
    let answered = seconds(second, 15, 2);
    let contacts = vec![
        contact(Direction::In, Channel::Letter, written, Author::Customer(customer), text(LETTER)),
        contact(Direction::Note, Channel::Phone, told, Author::Person(DARIO), text(TOLD)),
        contact(Direction::Out, Channel::Email, answered, Author::Person(DARIO), text(PROMISED)),
        contact(Direction::In, Channel::Phone, today.call, Author::Customer(customer), text(CALL)),
        contact(Direction::In, Channel::Email, today.mail, Author::Customer(customer), text(MAIL)),
        contact(Direction::Note, Channel::Phone, today.note, Author::Person(MIRIAM), text(NOTE)),
        contact(Direction::Note, Channel::Phone, today.offer, Author::Person(HENRIK), text(OFFER)),
    ];
    let promises = vec![
        promise(&text("Lieferung {second}, 10 bis 14 Uhr"), told, DARIO, seconds(second, 14, 0), Some(false)),
        promise(
            &text("Lieferung {missed}, 10 bis 14 Uhr"),
            answered,
            DARIO,
            seconds(missed, 14, 0),
            Some(false),
        ),
        promise("Rückruf mit neuem Termin", today.call, MIRIAM, after_work(today.call, 180), None),
    ];
    Case {
        customer,
        queue: 1,
        subject: "Sofa „Linde“: dritter Liefertermin geplatzt".to_owned(),
        channel: Channel::Letter,
        priority: Priority::High,
        matter: Matter::Complaint,
        created_at: written,
        owner: Some(MIRIAM),
        status: Status::Open,
        wait_until: None,
        closed_at: None,
        due_at: Some(after_work(today.mail, 120)),
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
    contacts[4].attachments =
        vec![file("Terminbestätigung.txt", "Auftrag 118-4471, Lieferung bestätigt, 10 bis 14 Uhr\n")];
    contacts.sort_by_key(|contact| contact.at);
    contacts
}

const LETTER: &str = "Sehr geehrte Damen und Herren,\n\nseit meiner Bestellung am {ordered} warte ich auf einen \
verlässlichen Termin für mein Sofa „Linde“, Auftrag 118-4471. Beim ersten Termin kam niemand, und auf meinen Anruf hieß es, man melde \
sich. Ich bitte Sie um ein Datum, das hält.\n\nHochachtungsvoll\nIngrid Sommerauer\nMühlgasse 14\n8010 Graz";
const TOLD: &str =
    "Angerufen, nicht erreicht. Neuer Termin {second}, 10 bis 14 Uhr, auf die Mailbox gesprochen.";
const PROMISED: &str = "Liebe Frau Sommerauer,\n\nes tut mir leid, dass heute niemand gekommen ist. Unser Lieferpartner \
hat mir den neuen Termin fest bestätigt: {missed}, 10 bis 14 Uhr.\n\nFreundliche Grüße\nDario Lenz\nKasten & Licht";
const MAIL: &str = "Guten Tag,\n\nwie am Telefon gesagt, am {weekday} war der dritte vereinbarte Termin für unser Sofa. Ich habe mir wieder \
freigenommen, und wieder ist niemand gekommen. Kein Anruf, keine Nachricht. Ich kaufe seit zwölf Jahren bei Ihnen. \
So kenne ich Sie nicht.\n\nIngrid Sommerauer";
const CALL: &str = "Ruft selbst an, ist müde, nicht laut. Taufe am {taufe}, bis dahin muss das Sofa stehen. Überlegt \
zu stornieren. „Bei Zimmerfein bekomme ich ein Zwei-Stunden-Fenster, und der Fahrer ruft vorher an.“";
const NOTE: &str = "@Logistik Flinkfracht sagt, Tour 27 war mit 31 Stopps überbucht. Könnt ihr am {solved} abends mit \
eigenem Wagen liefern?";
const OFFER: &str = "Ja: {solved}, 17 bis 19 Uhr, zwei Personen, Aufbau inklusive. Ist eingetragen.";
