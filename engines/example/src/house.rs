//! The house itself: who works there, in which team and department, and by which rules.
//!
//! Fixed lists; nothing here is drawn by lot.

use crate::model::{Department, Gender, Person, Policy, Queue, Role, Station, Team};

pub const COMPANY: &str = "Kasten & Licht";
/// The part behind the @ of the company's own addresses; the top level is reserved (RFC 6761).
pub const HOST: &str = "kastenundlicht.example";
pub const SERVICE: &str = "service@kastenundlicht.example";

/// The index of the queue of the young brand, which says du to its customers.
pub const NESTWERK: usize = 4;

/// Name, gender, role, team, department.
type Entry = (&'static str, Gender, Role, Option<usize>, Option<usize>);

const STAFF: &[Entry] = &[
    ("Miriam Kofler", Gender::Female, Role::Agent, Some(0), None),
    ("Dario Lenz", Gender::Male, Role::Agent, Some(2), None),
    ("Yara Berger", Gender::Female, Role::Agent, Some(2), None),
    ("Timo Nagl", Gender::Male, Role::Agent, Some(0), None),
    ("Lea Prantl", Gender::Female, Role::Agent, Some(1), None),
    ("Jonas Hölzl", Gender::Male, Role::Agent, Some(1), None),
    ("Katrin Vogelsang", Gender::Female, Role::Agent, Some(0), None),
    ("Reto Camenzind", Gender::Male, Role::Agent, Some(1), None),
    ("Selin Aydın", Gender::Female, Role::Agent, Some(0), None),
    ("Stefan Haller", Gender::Male, Role::Agent, Some(1), None),
    ("Sabine Auer", Gender::Female, Role::Lead, Some(0), Some(6)),
    ("Uwe Brandl", Gender::Male, Role::Lead, Some(1), Some(6)),
    ("Elisa Reindl", Gender::Female, Role::Department, None, Some(0)),
    ("Nora Brandis", Gender::Female, Role::Department, None, Some(1)),
    ("Clemens Thaler", Gender::Male, Role::Department, None, Some(2)),
    ("Milan Kovacic", Gender::Male, Role::Department, None, Some(3)),
    ("Henrik Paulsen", Gender::Male, Role::Department, None, Some(4)),
    ("Georg Ofner", Gender::Male, Role::Department, None, Some(5)),
    ("Agnes Wurm", Gender::Female, Role::Department, None, Some(4)),
    ("Bastian Kern", Gender::Male, Role::Department, None, Some(0)),
    ("Valerie Rosner", Gender::Female, Role::Manager, None, None),
    ("Petra Gschwandtner", Gender::Female, Role::Admin, None, None),
];

/// How many of [`people`], from the first, answer customers.
pub const AGENTS: usize = 12;
/// The index of the managing director, who arbitrates disputes.
pub const MANAGER: usize = 20;

pub fn people() -> Vec<Person> {
    let person = |&(name, gender, role, team, department): &Entry| Person {
        name,
        email: format!("{}@{HOST}", address(name)),
        role,
        team,
        department,
        language: "de",
        gender,
    };
    STAFF.iter().map(person).collect()
}

/// Who decides for a department.
pub fn head_of(department: usize) -> usize {
    let entry = |role| STAFF.iter().position(|person| person.4 == Some(department) && person.2 == role);
    entry(Role::Department).or_else(|| entry(Role::Lead)).unwrap_or(MANAGER)
}

/// A name as the local part of an address: lower case, ASCII, a dot for each blank.
pub fn address(name: &str) -> String {
    let mut plain = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            'á' => plain.push('a'),
            'é' => plain.push('e'),
            'ó' => plain.push('o'),
            'ı' => plain.push('i'),
            'ş' => plain.push('s'),
            'č' | 'ć' => plain.push('c'),
            'ř' => plain.push('r'),
            ' ' => plain.push('.'),
            'a'..='z' | '0'..='9' | '-' => plain.push(letter),
            _ => {}
        }
    }
    plain
}

pub fn teams() -> Vec<Team> {
    ["Graz", "Linz", "Ruf & Antwort"].map(|name| Team { name }).into()
}

pub fn queues() -> Vec<Queue> {
    [
        ("Bestellung & Beratung", SERVICE, 240, false),
        ("Lieferung", "lieferung@kastenundlicht.example", 240, false),
        ("Technik & Reklamation", "technik@kastenundlicht.example", 480, false),
        ("Rechnung", "rechnung@kastenundlicht.example", 480, false),
        ("Nestwerk", "hallo@nestwerk.example", 240, true),
    ]
    .map(|(name, email, answer_minutes, informal)| Queue { name, email, answer_minutes, informal })
    .into()
}

pub fn departments() -> Vec<Department> {
    [
        ("Produkt", "Product"),
        ("Marketing", "Marketing"),
        ("Vertrieb", "Sales"),
        ("Online & IT", "Online & IT"),
        ("Logistik", "Logistics"),
        ("Finanzen", "Finance"),
        ("Service", "Service"),
    ]
    .map(|(name, english)| Department { name, english })
    .into()
}

pub fn stations() -> Vec<Station> {
    [
        ("awareness", "Aufmerksamkeit", "Awareness"),
        ("advice", "Beratung", "Advice"),
        ("purchase", "Kauf", "Purchase"),
        ("delivery", "Lieferung", "Delivery"),
        ("use", "Nutzung", "Use"),
        ("billing", "Rechnung", "Billing"),
        ("service", "Service", "Service"),
        ("repurchase", "Wiederkauf", "Repurchase"),
    ]
    .map(|(code, name, english)| Station { code, name, english })
    .into()
}

/// Title, version, owner, text.
const POLICIES: &[(&str, u32, usize, &str)] = &[
    (
        "Gutschein ist abgelaufen",
        3,
        1,
        "Gutscheine gelten bis zum aufgedruckten Tag. Danach verfallen sie ohne Ersatz.",
    ),
    (
        "Saisonware nehmen wir nicht zurück",
        2,
        2,
        "Garten- und Weihnachtsware ist vom freiwilligen Umtausch ausgeschlossen. Gesetzliche Rechte bleiben.",
    ),
    (
        "Ohne Kassenbon keine Garantie",
        4,
        5,
        "Garantiefälle nehmen wir nur mit Bon oder Rechnung an. Ein anderer Beleg über den Kauf kann genügen.",
    ),
    (
        "Lieferung nur ganztags",
        1,
        4,
        "Liefertermine gelten für den ganzen Tag, 7 bis 20 Uhr. Engere Fenster sagen wir nicht zu.",
    ),
    (
        "Kulanz nur mit Unterschrift der Teamleitung",
        2,
        6,
        "Gutschriften über 50 € brauchen die Unterschrift der Teamleitung, bevor sie zugesagt werden.",
    ),
    (
        "Namensänderung nur per Brief",
        1,
        3,
        "Name und Rechnungsadresse ändern wir nur auf einen unterschriebenen Brief hin.",
    ),
    (
        "Rückgabe nur innerhalb von 30 Tagen",
        5,
        2,
        "Freiwillige Rücknahme bis zum 30. Tag nach der Bestellung, danach nicht mehr.",
    ),
    (
        "Garantie-Verlängerung nur binnen 30 Tagen",
        1,
        2,
        "Die Verlängerung ist innerhalb von 30 Tagen nach dem Kauf abzuschließen.",
    ),
];

pub fn policies() -> Vec<Policy> {
    let policy =
        |&(title, version, owner_department, text): &_| Policy { title, version, owner_department, text };
    POLICIES.iter().map(policy).collect()
}

/// The index of the policy with this title.
pub fn policy_called(title: &str) -> Option<usize> {
    POLICIES.iter().position(|policy| policy.0 == title)
}
