//! Teams, departments, queues and the people.

use example::{Company, Role};

use super::super::logins;
use super::chronicle::{By, Chronicle};
use super::{Ids, begin};
use crate::channels::acknowledge;
use crate::channels::acknowledge::AcknowledgementSettings;
use crate::journal::{About, Fact};
use crate::people;
use crate::people::NewPerson;
use crate::platform::{QueueId, Result, TeamId, Tone, Tx};

/// What the queue that says du answers to a mail by itself.
const ARRIVED: &str = "Hallo {name},

deine Nachricht „{betreff}“ ist bei uns angekommen. Sie hat die Nummer {nummer}, falls du sie brauchst.

Jemand aus dem Team liest sie gerade. Du hörst bis {bis} von uns.

Liebe Grüße
dein Nestwerk-Team";

pub async fn fill(tx: &mut Tx, company: &Company, ids: &mut Ids, chronicle: &mut Chronicle) -> Result<()> {
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
    for person in &company.people {
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
        ids.people.push(people::add_person(tx, &new, &hash, begin(company)).await?);
    }
    let is = |role: Role| company.people.iter().position(|person| person.role == role);
    ids.admin = is(Role::Admin).map(|admin| ids.people[admin]);
    ids.lead = is(Role::Lead).map(|lead| ids.people[lead]);
    set_up(company, ids, &teams, chronicle);
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

/// Who set up what, for the audit log.
fn set_up(company: &Company, ids: &Ids, teams: &[TeamId], chronicle: &mut Chronicle) {
    let set = |name: &str, of: i64| Fact::SettingChanged { name: name.to_owned(), of: Some(of) };
    let mut facts: Vec<Fact> = teams.iter().map(|team| set("teams", team.0)).collect();
    facts.extend(ids.departments.iter().map(|department| set("departments", department.0)));
    facts.extend(ids.queues.iter().map(|queue| set("queues", queue.0)));
    facts.push(Fact::SettingChanged { name: "acknowledgements".to_owned(), of: None });
    let invited = company.people.iter().zip(&ids.people);
    facts
        .extend(invited.map(|(one, id)| Fact::PersonInvited { person: *id, roles: logins::roles(one.role) }));
    for fact in facts {
        chronicle.tell(begin(company), By::of(ids.admin), About::house(), fact);
    }
}
