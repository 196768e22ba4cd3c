//! What the customers of Nestwerk write, the young brand of the house: everybody there says du.
//!
//! Written by hand, as the showcase is; only the dates move. They show how a queue addresses its customers otherwise
//! than the others do.

use crate::chance::Chance;
use crate::fill::Scene;
use crate::goods::GOODS;
use crate::house::{NESTWERK, queues};
use crate::model::{
    Author, Case, Channel, Company, Contact, Direction, Finding, Goodwill, GoodwillKind, Kind, Matter,
    Priority, Status,
};
use crate::moment::{after_work, date_of, plus, seconds, weekday_before, weekday_from};
use crate::speech::Speech;
use crate::themes::{all, find};
use Direction::{In, Note, Out};
use jiff::civil::Date;
use std::collections::HashSet;

/// Indexes of those who answer there.
const YARA: usize = 2;
const LEA: usize = 4;
const SELIN: usize = 8;

/// A conversation.
struct Talk {
    /// Working days before today on which it began; 0: it began a short while ago.
    ago: i64,
    channel: Channel,
    /// None: nobody has taken it yet.
    owner: Option<usize>,
    /// The name of what was bought.
    product: &'static str,
    subject: &'static str,
    matter: Matter,
    said: &'static [Said],
    end: End,
    /// The key of the theme that was documented, and the customer's words for it.
    finding: Option<(&'static str, &'static str)>,
    /// What was credited as an apology, with the last answer.
    credit_cents: i64,
}

/// Who said it, working days after the beginning, hour, minute, and what. Of what began a short while ago hour and
/// minute say how long ago it was.
type Said = (Direction, i64, i64, i64, &'static str);

enum End {
    /// Closed so many minutes after the last word.
    Closed(i64),
    /// For the customer, until they write.
    Waiting,
    Open,
}

const TALKS: &[Talk] = &[
    Talk {
        ago: 16,
        channel: Channel::Email,
        owner: Some(YARA),
        product: "Regal „Birke“",
        subject: "Hält das Regal auch ohne Bohren?",
        matter: Matter::Question,
        said: &[
            (
                In,
                0,
                9,
                42,
                "Hallo Nestwerk-Team,\n\nich ziehe in meine erste eigene Wohnung und darf dort nicht in die Wand bohren. \
                 Steht das Regal „Birke“ auch so sicher? Auftrag {order}.\n\nLiebe Grüße\n{first}",
            ),
            (
                Out,
                0,
                10,
                31,
                "Hallo {first},\n\nherzlichen Glückwunsch zur ersten eigenen Wohnung! Bis drei Fächer steht das Regal \
                 auch ohne Bohren gut. Ab vier Fächern leg bitte die beiliegenden Filzkeile unter und stell das Schwere \
                 nach unten. Wenn du Kinder zu Besuch hast, nimm lieber die Klemmstange dazu, die schicke ich dir gern \
                 gratis mit.\n\nLiebe Grüße\n{me} vom Nestwerk-Team",
            ),
            (In, 0, 12, 5, "Super, danke dir! Die Klemmstange nehme ich gern."),
            (
                Out,
                0,
                13,
                20,
                "Alles klar, {first}, die Klemmstange geht morgen an dich raus. Viel Spaß beim Einrichten!\n\nLiebe \
                 Grüße\n{me} vom Nestwerk-Team",
            ),
        ],
        end: End::Closed(6),
        finding: None,
        credit_cents: 0,
    },
    Talk {
        ago: 13,
        channel: Channel::Email,
        owner: Some(SELIN),
        product: "Stehlampe „Nova“",
        subject: "Lampe verliert dauernd das WLAN",
        matter: Matter::Fault,
        said: &[
            (
                In,
                0,
                18,
                14,
                "Hi,\n\ndie App findet meine Lampe „Nova“ nach jedem Stromausfall nicht mehr, und ich muss sie neu \
                 einrichten. Kann man da etwas machen? Auftrag {order}.\n\n{first}",
            ),
            (
                Out,
                1,
                9,
                20,
                "Hi {first},\n\ndas nervt, und es liegt nicht an dir: Die Lampe vergisst das WLAN, wenn sie länger als \
                 eine Minute ohne Strom ist. Magst du mir kurz schreiben, welche Nummer unter dem Sockel steht? Dann \
                 sehe ich, ob für deine schon das Update da ist.\n\nLiebe Grüße\n{me} vom Nestwerk-Team",
            ),
            (In, 1, 17, 48, "Da steht NV-2214. Danke fürs Nachschauen!"),
            (
                Note,
                2,
                8,
                35,
                "Charge 22, das Update kommt erst diese Woche. Bis dahin hilft der Trick mit dem Schalter.",
            ),
            (
                Out,
                2,
                8,
                52,
                "Danke dir, {first}! Für deine Lampe kommt das Update in den nächsten Tagen von selbst. Bis dahin hilft \
                 ein kleiner Trick: dreimal kurz hintereinander ein- und ausschalten, dann verbindet sie sich wieder, \
                 ohne dass du alles neu einrichtest.\n\nSag mir gern, ob es klappt.\n{me} vom Nestwerk-Team",
            ),
        ],
        end: End::Closed(12),
        finding: Some((
            "lampe",
            "die App findet meine Lampe „Nova“ nach jedem Stromausfall nicht mehr, und ich muss sie neu einrichten.",
        )),
        credit_cents: 0,
    },
    Talk {
        ago: 9,
        channel: Channel::Post,
        owner: Some(LEA),
        product: "Tischleuchte „Funke“",
        subject: "Gibt es die Funke bald auch in Grün?",
        matter: Matter::Wish,
        said: &[
            (
                In,
                0,
                19,
                3,
                "@nestwerk Wann kommt die Tischleuchte „Funke“ endlich in Grün? Mein Schreibtisch wartet. 💚",
            ),
            (
                Out,
                1,
                8,
                40,
                "Hallo {first}! Grün steht bei uns ganz oben auf der Liste, versprechen kann ich dir aber noch nichts. \
                 Sobald es so weit ist, liest du es hier zuerst. /{me}",
            ),
        ],
        end: End::Closed(3),
        finding: None,
        credit_cents: 0,
    },
    Talk {
        ago: 7,
        channel: Channel::Email,
        owner: Some(LEA),
        product: "Kommode „Erle“",
        subject: "Untere Schublade klemmt",
        matter: Matter::Fault,
        said: &[
            (
                In,
                0,
                20,
                22,
                "Hallo ihr,\n\nbei meiner Kommode „Erle“ klemmt die unterste Schublade, seit sie voll ist. Ausgeräumt \
                 läuft sie. Habt ihr einen Tipp, oder ist da etwas kaputt?\n\nAuftrag {order}\n{first} {last}",
            ),
            (
                Out,
                1,
                10,
                12,
                "Hallo {first},\n\nda ist leider wirklich etwas nicht in Ordnung: Bei einem Teil der Kommoden sind die \
                 Schienen zu schwach. Du bekommst von mir neue, sie sind in zwei Minuten getauscht, und die Anleitung \
                 liegt dabei. Für die Umstände habe ich dir 15 € gutgeschrieben.\n\nEntschuldige bitte den Ärger\n{me} \
                 vom Nestwerk-Team",
            ),
            (In, 1, 21, 9, "Wow, das ging schnell. Danke euch!"),
        ],
        end: End::Closed(780),
        finding: Some((
            "erle",
            "bei meiner Kommode „Erle“ klemmt die unterste Schublade, seit sie voll ist.",
        )),
        credit_cents: 1_500,
    },
    Talk {
        ago: 5,
        channel: Channel::Chat,
        owner: Some(YARA),
        product: "Schreibtisch „Lärche“",
        subject: "Passt der Schreibtisch in einen Kombi?",
        matter: Matter::Question,
        said: &[
            (
                In,
                0,
                16,
                10,
                "hi, passt der schreibtisch lärche in einen kombi? abholen wollen wir am samstag",
            ),
            (
                Out,
                0,
                16,
                12,
                "Hi {first}, ja! Das längste Paket ist 148 cm lang und wiegt 21 kg. Nimm am besten jemanden zum Tragen \
                 mit.",
            ),
            (In, 0, 16, 13, "perfekt, danke dir"),
            (Out, 0, 16, 14, "Gern! Viel Freude damit, und sag deinem Rücken, er soll in die Knie gehen. :)"),
        ],
        end: End::Closed(4),
        finding: None,
        credit_cents: 0,
    },
    Talk {
        ago: 2,
        channel: Channel::Email,
        owner: Some(SELIN),
        product: "Couchtisch „Kiesel“",
        subject: "Kratzer auf der Tischplatte",
        matter: Matter::Fault,
        said: &[
            (
                In,
                0,
                11,
                37,
                "Hallo,\n\nder Couchtisch „Kiesel“ ist da und richtig schön, aber quer über die Platte geht ein Kratzer. \
                 Der Karton war an der Stelle schon eingedrückt. Was machen wir?\n\nAuftrag {order}\n{first}",
            ),
            (
                Out,
                0,
                13,
                55,
                "Hallo {first},\n\noje, so soll er nicht bei dir ankommen. Du kannst es dir aussuchen: Ich schicke dir \
                 eine neue Platte, und du gibst die alte einfach mit, oder du behältst sie und bekommst 40 € zurück. \
                 Schick mir bitte ein Foto vom Kratzer und eines vom Karton, dann mache ich das gleich fertig.\n\nLiebe \
                 Grüße\n{me} vom Nestwerk-Team",
            ),
        ],
        end: End::Waiting,
        finding: None,
        credit_cents: 0,
    },
    Talk {
        ago: 1,
        channel: Channel::Email,
        owner: Some(YARA),
        product: "Stuhl „Esche“",
        subject: "Vier bestellt, drei bekommen",
        matter: Matter::Fault,
        said: &[
            (
                In,
                0,
                10,
                8,
                "Hallo liebes Nestwerk-Team,\n\nich habe vier Stühle „Esche“ bestellt und drei bekommen. Auf dem \
                 Lieferschein stehen vier. Kommt der vierte noch?\n\nAuftrag {order}, danke!\n{first}",
            ),
            (
                Out,
                0,
                11,
                2,
                "Hallo {first},\n\ndanke fürs Melden, und entschuldige! Ich frage im Lager nach, wo dein vierter Stuhl \
                 steht, und schreibe dir, sobald ich es weiß.\n\nLiebe Grüße\n{me} vom Nestwerk-Team",
            ),
            (
                In,
                0,
                19,
                31,
                "Gibt es schon etwas Neues? Am Wochenende kommen meine Eltern, da wäre ein vierter Stuhl nett. :)",
            ),
        ],
        end: End::Open,
        finding: None,
        credit_cents: 0,
    },
    Talk {
        ago: 0,
        channel: Channel::Email,
        owner: None,
        product: "Garderobe „Fichte“",
        subject: "Es fehlen zwei Haken",
        matter: Matter::Fault,
        said: &[(
            In,
            0,
            0,
            52,
            "Hey Nestwerk,\n\nin meinem Paket mit der Garderobe „Fichte“ sind nur vier statt sechs Haken. Könnt ihr mir \
             die zwei nachschicken? Auftrag {order}.\n\nDanke und liebe Grüße aus {home}\n{first}",
        )],
        end: End::Open,
        finding: None,
        credit_cents: 0,
    },
];

/// All of them as they stand at `now`, the oldest first.
pub fn cases(company: &Company, now: i64) -> Vec<Case> {
    let mut taken = HashSet::new();
    let mut cases: Vec<Case> = TALKS.iter().map(|talk| case(company, talk, now, &mut taken)).collect();
    cases.sort_by_key(|case| case.created_at);
    cases
}

fn case(company: &Company, talk: &Talk, now: i64, taken: &mut HashSet<usize>) -> Case {
    let begun = at(talk, &talk.said[0], now);
    let (customer, order) = buyer(company, talk.product, begun, taken);
    taken.insert(customer);
    let me = talk.owner.unwrap_or(YARA);
    let contacts = contacts(company, talk, (customer, order), me, now);
    let last = contacts.last().map_or(begun, |last| last.at);
    let product = company.customers[customer].orders[order].product;
    let seconds = 90 * i64::try_from(contacts.len()).unwrap_or(1);
    let (status, closed_at) = match talk.end {
        End::Closed(minutes) => (Status::Closed, Some(last + minutes * 60)),
        End::Waiting => (Status::Waiting, None),
        End::Open => (Status::Open, None),
    };
    let due_at = (status == Status::Open).then(|| after_work(last, queues()[NESTWERK].answer_minutes));
    Case {
        customer,
        queue: NESTWERK,
        subject: talk.subject.to_owned(),
        channel: talk.channel,
        priority: Priority::Normal,
        matter: talk.matter,
        created_at: begun,
        owner: talk.owner,
        status,
        wait_until: None,
        closed_at,
        due_at,
        findings: talk.finding.and_then(|said| finding(said, product)).into_iter().collect(),
        active_seconds: talk.owner.map(|owner| (owner, seconds)).into_iter().collect(),
        goodwill: credit(talk, &contacts, me).into_iter().collect(),
        contacts,
        refund_cents: 0,
        requests: Vec::new(),
        promises: Vec::new(),
        repeats: None,
    }
}

fn contacts(
    company: &Company,
    talk: &Talk,
    (customer, order): (usize, usize),
    me: usize,
    now: i64,
) -> Vec<Contact> {
    let (person, colleague) = (&company.customers[customer], &company.people[me]);
    let begun = at(talk, &talk.said[0], now);
    let mut scene = Scene::new(person, &person.orders[order], colleague, begun, &mut Chance::new(1, 1));
    scene.speech = Speech::Austrian;
    let name = colleague.name.split(' ').next().unwrap_or_default();
    let contact = |said: &Said| {
        let (direction, .., text) = *said;
        let author = if direction == In { Author::Customer(customer) } else { Author::Person(me) };
        let (at, text) = (at(talk, said, now), scene.fill(text, &[("me", name)]));
        Contact { direction, channel: talk.channel, at, author, text, attachments: Vec::new() }
    };
    talk.said.iter().map(contact).collect()
}

/// When something was said.
fn at(talk: &Talk, said: &Said, now: i64) -> i64 {
    let (_, days, hour, minute, _) = *said;
    if talk.ago == 0 {
        return now - (hour * 60 + minute) * 60;
    }
    let first: Date = (0..talk.ago).fold(date_of(now), |day, _| weekday_before(day));
    let day = (0..days).fold(first, |day, _| weekday_from(plus(day, 1)));
    seconds(day, hour, minute)
}

/// Somebody who speaks German and bought the product last before `begun`, with the index of that order; without one,
/// whoever bought anything.
fn buyer(company: &Company, product: &str, begun: i64, taken: &HashSet<usize>) -> (usize, usize) {
    let people = company.customers.iter().enumerate().filter(|(index, customer)| {
        let native = customer.language == "de" && customer.country != "CH";
        native && customer.last != "Sommerauer" && !taken.contains(index)
    });
    let before = begun - 2 * 86_400;
    let orders = people.flat_map(|(customer, person)| {
        let orders = person.orders.iter().enumerate().filter(move |(_, order)| order.at < before);
        orders.map(move |(index, order)| ((customer, index), order))
    });
    let last = orders.max_by_key(|(_, order)| (GOODS[order.product].name == product, order.at));
    last.map_or((0, 0), |(found, _)| found)
}

fn finding((key, quote): (&str, &str), product: usize) -> Option<Finding> {
    let theme = find(key)?;
    let about = &all()[theme];
    Some(Finding {
        kind: about.kind,
        insight: Some(theme),
        station: about.station as usize,
        department: Some(about.owner as usize),
        quote: quote.to_owned(),
        product: Some(product),
        share_permille: if about.kind == Kind::Cause { 1000 } else { 0 },
    })
}

/// What is credited as an apology goes with the last answer.
fn credit(talk: &Talk, contacts: &[Contact], person: usize) -> Option<Goodwill> {
    let answer = contacts.iter().rfind(|contact| contact.direction == Out)?;
    let (cents, at, kind) = (talk.credit_cents, answer.at, GoodwillKind::Voucher);
    (cents != 0).then_some(Goodwill { cents, at, person, kind })
}
