//! Teams, departments, queues and the people.

use example::Company;

use super::super::logins;
use super::{Ids, begin};
use crate::people;
use crate::people::NewPerson;
use crate::platform::{Result, TeamId, Tx};

pub async fn fill(tx: &mut Tx, company: &Company, ids: &mut Ids) -> Result<()> {
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
    Ok(())
}
