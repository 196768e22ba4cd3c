//! Teams, departments, queues and the people.

use example::{Company, Role};

use super::super::{hours, logins};
use super::Ids;
use super::chronicle::{By, Chronicle};
use crate::channels::acknowledge;
use crate::channels::acknowledge::AcknowledgementSettings;
use crate::journal::{About, Fact};
use crate::people;
use crate::people::NewPerson;
use crate::platform::{App, QueueId, Result, TeamId, Timestamp, Tone, Tx};

/// What the queue that says du answers to a mail by itself.
const ARRIVED: &str = "Hallo {name},

deine Nachricht „{betreff}“ ist bei uns angekommen. Sie hat die Nummer {nummer}, falls du sie brauchst.

Jemand aus dem Team liest sie gerade. Du hörst bis {bis} von uns.

Liebe Grüße
dein Nestwerk-Team";

/// Days since the house was set up, shortly before its history begins.
pub const SET_UP: i64 = 412;
/// Who came later, as an index of the company, and how many days ago.
const LATER: [(usize, i64); 2] = [(18, 161), (19, 76)];
/// What was changed since: how many days ago, what, and at which time.
const CHANGED: [(i64, &str, (i8, i8)); 7] = [
    (342, "calendars", (10, 12)),
    (287, "deadlines", (15, 41)),
    (203, "tags", (11, 5)),
    (160, "assignment", (9, 48)),
    (118, "sending_rules", (14, 26)),
    (75, "notices", (9, 33)),
    (54, "answer_frame", (16, 20)),
];

pub async fn fill(
    app: &App,
    tx: &mut Tx,
    company: &Company,
    ids: &mut Ids,
    chronicle: &mut Chronicle,
) -> Result<()> {
    let mut teams: Vec<TeamId> = Vec::new();
    for team in &company.teams {
        teams.push(people::add_team(tx, team.name).await?);
    }
    for department in &company.departments {
        ids.departments.push(people::add_department(tx, department.name).await?);
    }
    for queue in &company.queues {
        // No queue belongs to one team: the three sites share all the work.
        let added = people::add_queue(tx, queue.name, None, Some(queue.email), queue.answer_minutes).await?;
        if queue.informal {
            say_du(tx, added).await?;
        }
        ids.queues.push(added);
    }
    // One hash for all: argon2 is slow on purpose.
    let hash = people::hash_password(logins::PASSWORD.into()).await?;
    for (index, person) in company.people.iter().enumerate() {
        let new = NewPerson {
            name: person.name.into(),
            email: person.email.clone(),
            roles: logins::roles(person.role),
            team: person.team.map(|team| teams[team]),
            departments: person
                .department
                .map(|department| ids.departments[department])
                .into_iter()
                .collect(),
        };
        ids.people.push(people::add_person(tx, &new, &hash, joined(app, index, person.role)).await?);
    }
    let is = |role: Role| company.people.iter().position(|person| person.role == role);
    ids.admin = is(Role::Admin).map(|admin| ids.people[admin]);
    ids.lead = is(Role::Lead).map(|lead| ids.people[lead]);
    set_up(app, company, ids, &teams, chronicle);
    Ok(())
}

/// A queue addresses its customers with du, and acknowledges their mails so.
async fn say_du(tx: &mut Tx, queue: QueueId) -> Result<()> {
    people::set_past_tone(tx, queue, Tone::Informal).await?;
    let set = AcknowledgementSettings {
        is_on: true,
        text_de_informal: ARRIVED.to_owned(),
        ..AcknowledgementSettings::default()
    };
    acknowledge::past::set(tx, queue, &set).await
}

/// When somebody was invited: who leads the house first, in the next days the others, some of them later.
fn joined(app: &App, index: usize, role: Role) -> Timestamp {
    if role == Role::Admin {
        return hours::back(app, SET_UP, (9, 5));
    }
    let place = i64::try_from(index).unwrap_or(0);
    let later = LATER.iter().find(|(who, _)| *who == index).map(|(_, days)| *days);
    let time = (i8::try_from(13 + index % 4).unwrap_or(13), i8::try_from(index * 7 % 60).unwrap_or(0));
    hours::back(app, later.unwrap_or(SET_UP - 1 - place / 8), time)
}

/// Who set up what and invited whom, for the audit log. The first administrator is let in by the program.
fn set_up(app: &App, company: &Company, ids: &Ids, teams: &[TeamId], chronicle: &mut Chronicle) {
    let set = |name: &str, of: i64| Fact::SettingChanged { name: name.to_owned(), of: Some(of) };
    let mut facts: Vec<Fact> = teams.iter().map(|team| set("teams", team.0)).collect();
    facts.extend(ids.departments.iter().map(|department| set("departments", department.0)));
    facts.extend(ids.queues.iter().map(|queue| set("queues", queue.0)));
    facts.push(Fact::SettingChanged { name: "acknowledgements".to_owned(), of: None });
    let admin = By::of(ids.admin);
    for (minute, fact) in (12..).zip(facts) {
        chronicle.tell(hours::back(app, SET_UP, (9, minute)), admin, About::house(), fact);
    }
    for (index, (one, id)) in company.people.iter().zip(&ids.people).enumerate() {
        let by = if one.role == Role::Admin { By::Kitt } else { admin };
        let fact = Fact::PersonInvited { person: *id, roles: logins::roles(one.role) };
        chronicle.tell(joined(app, index, one.role), by, About::house(), fact);
    }
    for (days, name, time) in CHANGED {
        let fact = Fact::SettingChanged { name: name.to_owned(), of: None };
        chronicle.tell(hours::back(app, days, time), admin, About::house(), fact);
    }
}
