//! Makes the house up: texts are those of the example company, with words of their own in each.
//!
//! Cases go in by portions, each in a transaction: what is interrupted goes on where it stopped.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use example::{Company, Size};
use kitt::cases;
use kitt::cases::{Channel, Direction, NewCase, NewContact, Priority, State, Status};
use kitt::customers::{self, NewCustomer, PointKind};
use kitt::people::{self, NewPerson};
use kitt::platform::{App, Clock, CustomerId, Given, Language, PersonId, QueueId, Role, Timestamp, Tx, sql};

use super::Scale;
use super::words::{below, mix, order, rare};

pub const PASSWORD: &str = "ein gutes Passwort";
/// Cases in one transaction.
const PORTION: usize = 5_000;
/// Cases that texts are taken from.
const TEMPLATES: usize = 4_000;
const CONTACTS: usize = 5;
const YEARS: i64 = 5;

struct House {
    queues: Vec<QueueId>,
    agents: Vec<PersonId>,
    customers: i64,
    templates: Vec<example::Case>,
    now: Timestamp,
}

/// Cases to open.
pub struct Sample {
    /// Public numbers of cases of 20 contacts.
    pub long: Vec<String>,
    pub short: Vec<String>,
    /// Ids and public numbers of open ones.
    pub open: Vec<(i64, String)>,
}

pub async fn fill(folder: &Path, database: Option<&str>, scale: Scale) -> anyhow::Result<Sample> {
    let given =
        Given { data: Some(folder.to_owned()), database: database.map(str::to_owned), ..Given::default() };
    let app = kitt::node::open(given.complete()?, Clock::real()).await?;
    let begun = std::time::Instant::now();
    let there = count(&app, "cases").await?;
    if scale.cases <= there {
        return sample(&app).await;
    }
    let house = ground(&app, scale).await?;
    for from in (there..scale.cases).step_by(PORTION) {
        let mut tx = app.db.write().await?;
        for case in from..(from + PORTION).min(scale.cases) {
            add(&app, &mut tx, &house, scale, case).await?;
        }
        tx.commit().await?;
    }
    if app.db.is_postgres() {
        // Otherwise the server plans with what it guesses until it looks by itself.
        let mut tx = app.db.write().await?;
        sql("ANALYZE").run(&mut tx).await?;
        tx.commit().await?;
    }
    eprintln!("{} cases made up in {:.0} s", scale.cases - there, begun.elapsed().as_secs_f64());
    sample(&app).await
}

async fn sample(app: &App) -> anyhow::Result<Sample> {
    let mut tx = app.db.read().await?;
    let of = |contacts: i64| {
        sql("SELECT number FROM cases WHERE contacts = $1 ORDER BY id LIMIT 400").bind(contacts)
    };
    let (few, many) = (i64::try_from(CONTACTS)?, i64::try_from(CONTACTS * 4)?);
    let sample = Sample {
        long: of(many).values(&mut tx).await?,
        short: of(few).values(&mut tx).await?,
        open: sql("SELECT id, number FROM cases WHERE status = 'open' ORDER BY sort_at, id LIMIT 400")
            .all(&mut tx)
            .await?,
    };
    drop(tx);
    app.db.close().await;
    Ok(sample)
}

async fn count(app: &App, table: &str) -> anyhow::Result<usize> {
    let mut tx = app.db.read().await?;
    let text = if table == "cases" { "SELECT COUNT(*) FROM cases" } else { "SELECT COUNT(*) FROM customers" };
    Ok(usize::try_from(sql(text).value::<i64>(&mut tx).await?)?)
}

/// People, queues and customers, unless they are there.
async fn ground(app: &App, scale: Scale) -> anyhow::Result<House> {
    let now = app.now();
    if count(app, "customers").await? == 0 {
        let mut tx = app.db.write().await?;
        let hash = people::hash_password(PASSWORD.into()).await?;
        for team in 0..Scale::TEAMS {
            let team_id = people::add_team(&mut tx, &format!("Team {}", team + 1)).await?;
            for queue in 0..Scale::QUEUES / Scale::TEAMS {
                let name = format!("{} {}", rare(u64::try_from(team * 7 + queue)?), team + 1);
                let address = format!("q{team}-{queue}@haus.example");
                people::add_queue(&mut tx, &name, Some(team_id), Some(&address), 480).await?;
            }
            for agent in 0..Scale::AGENTS / Scale::TEAMS {
                let new = NewPerson {
                    name: format!("Agent {}", team * 100 + agent),
                    email: format!("a{}@haus.example", team * 100 + agent),
                    roles: vec![if agent == 0 { Role::Lead } else { Role::Agent }],
                    team: Some(team_id),
                    departments: Vec::new(),
                };
                people::add_person(&mut tx, &new, &hash, now).await?;
            }
        }
        for customer in 0..scale.customers() {
            add_customer(&mut tx, customer, now).await?;
        }
        tx.commit().await?;
    }
    let mut tx = app.db.read().await?;
    Ok(House {
        queues: people::queues(&mut tx).await?.iter().map(|queue| queue.id).collect(),
        agents: people::all(&mut tx).await?.iter().map(|person| person.id).collect(),
        customers: i64::try_from(scale.customers())?,
        templates: templates(now),
        now,
    })
}

fn templates(now: Timestamp) -> Vec<example::Case> {
    let today = now.moment().to_zoned(jiff::tz::TimeZone::UTC).date();
    let company = Company::of_size(1, today, Size { customers: 1000, cases: TEMPLATES });
    company.cases(now.seconds()).collect()
}

async fn add_customer(tx: &mut Tx, customer: usize, now: Timestamp) -> anyhow::Result<()> {
    let seed = u64::try_from(customer)?;
    let new = NewCustomer {
        name: format!("{} {}", capital(&rare(seed)), capital(&rare(seed ^ 0x5555))),
        salutation: None,
        company: None,
        street: None,
        postcode: None,
        town: None,
        country: Some("DE".into()),
        language: Some(Language::De),
        tone: None,
        since: Some(now),
        keeper: None,
        points: vec![
            (PointKind::Email, format!("k{customer}@kunde.example")),
            (PointKind::Phone, format!("+4930{customer:07}")),
        ],
    };
    customers::add_past(tx, &new, now).await?;
    Ok(())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// One case with its contacts, the older the smaller its number.
async fn add(app: &App, tx: &mut Tx, house: &House, scale: Scale, case: usize) -> anyhow::Result<()> {
    let seed = mix(u64::try_from(case)?);
    let template = &house.templates[below(seed, house.templates.len())];
    let customer = CustomerId(1 + i64::try_from(below(seed ^ 1, usize::try_from(house.customers)?))?);
    let age =
        i64::try_from((scale.cases - case) * 1_000_000 / scale.cases)? * YEARS * 365 * 86_400 / 1_000_000;
    let created = back(house.now, age);
    // One in a hundred is long.
    let contacts = if seed.is_multiple_of(100) { CONTACTS * 4 } else { CONTACTS };
    let row = history(house, scale, case, seed, template, (customer, created, contacts));
    let (queue, owner) = (row.queue, row.owner);
    let id = cases::add_history(app, tx, &row).await?;
    for place in 0..contacts {
        let words = (seed, case, place);
        let contact = contact(template, words, (customer, queue, owner), created);
        cases::add_past_contact(tx, &NewContact { case: id, ..contact }, &[]).await?;
    }
    Ok(())
}

fn back(now: Timestamp, seconds: i64) -> Timestamp {
    now - Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

/// Of the newest cases every third is open, so that a house of a million has 30,000 open ones.
fn history(
    house: &House,
    scale: Scale,
    case: usize,
    seed: u64,
    template: &example::Case,
    (customer, created, contacts): (CustomerId, Timestamp, usize),
) -> NewCase {
    // The first queues are busier than the last ones.
    let queue = below(seed ^ 2, house.queues.len()).min(below(seed ^ 3, house.queues.len()));
    let agents = house.agents.len() / Scale::TEAMS;
    let owner = house.agents[(queue / 3 * agents + below(seed ^ 4, agents)).min(house.agents.len() - 1)];
    let is_new = scale.cases * 9 / 10 < case;
    let (open, waits) = (is_new && seed % 100 < 30, is_new && (30..40).contains(&(seed % 100)));
    let soon = |from: usize| {
        house.now + Duration::from_secs(u64::try_from(below(seed ^ 5, 5 * 86_400) + from).unwrap_or(0))
    };
    let due = back(soon(0), 2 * 86_400);
    NewCase {
        owner: (!open || !seed.is_multiple_of(3)).then_some(owner),
        status: if open {
            Status::Open
        } else if waits {
            Status::Waiting
        } else {
            Status::Closed
        },
        created_at: created,
        updated_at: created + Duration::from_hours(2),
        due: open.then_some((back(due, 8 * 3600), due)),
        wait_until: waits.then(|| soon(3600)),
        closed_at: (!open && !waits).then(|| created + Duration::from_hours(2)),
        answered_at: Some(created + Duration::from_hours(1)),
        subject: format!("{} {}", template.subject, rare(seed)),
        customer,
        queue: house.queues[queue],
        channel: if seed.is_multiple_of(7) { Channel::Phone } else { Channel::Email },
        priority: if seed.is_multiple_of(20) { Priority::High } else { Priority::Normal },
        contacts: i64::try_from(contacts).unwrap_or(i64::MAX),
        internal: 0,
        snippet: template.contacts.first().map(|contact| contact.text.clone()).unwrap_or_default(),
        speaker: Some(Direction::Inbound),
    }
}

fn contact(
    template: &example::Case,
    (seed, case, place): (u64, usize, usize),
    (customer, _, owner): (CustomerId, QueueId, Option<PersonId>),
    created: Timestamp,
) -> NewContact {
    let inbound = place.is_multiple_of(2);
    let said = &template.contacts[place % template.contacts.len()].text;
    let own = rare(seed ^ (u64::try_from(place).unwrap_or(0) << 20));
    NewContact {
        case: kitt::platform::CaseId(0),
        customer,
        direction: if inbound { Direction::Inbound } else { Direction::Outbound },
        channel: Channel::Email,
        at: created + Duration::from_secs(u64::try_from(place).unwrap_or(0) * 900),
        person: owner.filter(|_| !inbound),
        author: if inbound { "Kundin".into() } else { "Service".into() },
        from_address: inbound.then(|| format!("k{}@kunde.example", customer.0 - 1)),
        to_address: (!inbound).then(|| format!("k{}@kunde.example", customer.0 - 1)),
        subject: None,
        text: format!("{said} Bestellung {}, {own}.", order(case)),
        quoted: None,
        signature: None,
        html: None,
        state: if inbound { State::Received } else { State::Sent },
        send_at: None,
        automatic: false,
        stranger: false,
        received: None,
        shortened: false,
        talk: None,
        heard: false,
    }
}

/// The most frequent words of the texts, in their order, without the very short.
pub fn frequent(now: Timestamp) -> anyhow::Result<Vec<String>> {
    let mut counts = std::collections::HashMap::<String, usize>::new();
    for case in templates(now) {
        for contact in &case.contacts {
            for word in contact.text.split(|c: char| !c.is_alphabetic()).filter(|word| 4 < word.len()) {
                *counts.entry(word.to_lowercase()).or_default() += 1;
            }
        }
    }
    let mut words: Vec<(String, usize)> = counts.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.first().context("no words")?;
    Ok(words.into_iter().map(|(word, _)| word).collect())
}
