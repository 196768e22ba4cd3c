//! People and programs as those who act: with their rights, their queues, and what they may know of.

use std::collections::HashMap;

use super::house::QUEUES;
use super::{PERSON, PersonRow, load_people};
use crate::people::model::{Person, Queue};
use crate::platform::keys::Keyboard;
use crate::platform::sight::{QueueSight, QueueVeil};
use crate::platform::{Actor, Attendance, Kept, PersonId, Result, Role, TokenId, Tx, Who, sql};

static ACTORS: Kept<HashMap<PersonId, Actor>> = Kept::new("actors", |tx| Box::pin(load_actors(tx)));

/// The person as one who acts, unless deactivated.
pub async fn actor(tx: &mut Tx, person: PersonId) -> Result<Option<Actor>> {
    Ok(ACTORS.get(tx).await?.get(&person).cloned())
}

async fn load_actors(tx: &mut Tx) -> Result<HashMap<PersonId, Actor>> {
    let veils = queue_veils(tx).await?;
    let rows: Vec<PersonRow> = sql(PERSON).push("WHERE active").all(tx).await?;
    let mut people: HashMap<PersonId, Person> =
        load_people(tx).await?.into_iter().map(|person| (person.id, person)).collect();
    let actor = |row: PersonRow| {
        let person = people.remove(&row.id)?;
        let keyboard = row.keys.as_deref().and_then(|keys| serde_json::from_str(keys).ok());
        let actor = Actor {
            who: Who::Person(row.id),
            name: row.name,
            roles: person.roles,
            teams: row.team_id.into_iter().collect(),
            departments: person.departments,
            queues: Vec::new(),
            sight: QueueSight::default(),
            language: row.language,
            keyboard: keyboard.unwrap_or_default(),
            goes_on: row.goes_on,
            attendance: row.attendance,
        };
        Some((row.id, with_queues(actor, &veils)))
    };
    Ok(rows.into_iter().filter_map(actor).collect())
}

pub async fn actor_by_token(tx: &mut Tx, hash: &str) -> Result<Option<Actor>> {
    let found: Option<(TokenId, String, Role)> =
        sql("SELECT id, name, role FROM tokens WHERE hash = $1 AND revoked_at IS NULL")
            .bind(hash)
            .maybe(tx)
            .await?;
    match found {
        Some(token) => program_of(tx, token).await.map(Some),
        None => Ok(None),
    }
}

/// The program that has a token, unless it was revoked.
pub async fn program(tx: &mut Tx, token: TokenId) -> Result<Option<Actor>> {
    let found: Option<(TokenId, String, Role)> =
        sql("SELECT id, name, role FROM tokens WHERE id = $1 AND revoked_at IS NULL")
            .bind(token)
            .maybe(tx)
            .await?;
    match found {
        Some(token) => program_of(tx, token).await.map(Some),
        None => Ok(None),
    }
}

async fn program_of(tx: &mut Tx, (id, name, role): (TokenId, String, Role)) -> Result<Actor> {
    let actor = Actor {
        who: Who::Token(id),
        name,
        roles: vec![role],
        teams: Vec::new(),
        departments: Vec::new(),
        queues: Vec::new(),
        sight: QueueSight::default(),
        language: None,
        keyboard: Keyboard::default(),
        goes_on: false,
        attendance: Attendance::There,
    };
    Ok(with_queues(actor, &queue_veils(tx).await?))
}

/// What decides who may know of the queues.
async fn queue_veils(tx: &mut Tx) -> Result<Vec<QueueVeil>> {
    let veil = |queue: &Queue| QueueVeil { queue: queue.id, team: queue.team, restricted: queue.restricted };
    Ok(QUEUES.get(tx).await?.iter().map(veil).collect())
}

/// The actor with the queues of their teams, and what they may know of all.
fn with_queues(mut actor: Actor, queues: &[QueueVeil]) -> Actor {
    let own = |queue: &&QueueVeil| queue.team.is_some_and(|team| actor.teams.contains(&team));
    actor.queues = queues.iter().filter(own).map(|queue| queue.queue).collect();
    actor.sight = QueueSight::of(&actor, queues);
    actor
}
