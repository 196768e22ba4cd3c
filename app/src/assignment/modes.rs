//! What is set up: rules of queues, skills of the house, what people can do.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::model::{LARGEST_CAPACITY, LONGEST_WAIT, Profile, Rule, Skill};
use super::{ask_all, lock, store};
use crate::cases::attributes;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::people::Person;
use crate::platform::{
    Actor, App, CaseKindId, Error, Language, PersonId, QueueId, Result, Right, Role, Tx, dialect,
};

/// Characters of a skill's name.
const LONGEST_NAME: usize = 60;

/// The rules of all queues, in the order of the queues.
pub async fn rules(tx: &mut Tx) -> Result<Vec<Rule>> {
    let known = store::rules(tx).await?;
    let rule = |queue: people::Queue| {
        known.iter().find(|rule| rule.queue == queue.id).cloned().unwrap_or(Rule::of(queue.id))
    };
    Ok(people::queues(tx).await?.into_iter().map(rule).collect())
}

pub async fn rule(tx: &mut Tx, queue: QueueId) -> Result<Rule> {
    let known = store::rules(tx).await?;
    Ok(known.into_iter().find(|rule| rule.queue == queue).unwrap_or(Rule::of(queue)))
}

/// Sets up how a queue's cases find somebody, from the next one on.
pub async fn set_rule(app: &App, actor: &Actor, rule: &Rule) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    if !(1..=LONGEST_WAIT).contains(&rule.wait_hours) {
        return Err(Error::invalid("wait_hours", "assignment-wait-range"));
    }
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    people::queue(&mut tx, rule.queue).await?;
    check_skills(&mut tx, &rule.skills).await?;
    store::save_rule(&mut tx, rule).await?;
    record(app, &mut tx, actor)?;
    // What waited may be easier to place now.
    ask_all(app, &mut tx).await?;
    tx.commit().await
}

/// Open cases that somebody has at the same time, unless their profile says otherwise.
pub async fn capacity(tx: &mut Tx) -> Result<i64> {
    store::capacity(tx).await
}

pub async fn set_capacity(app: &App, actor: &Actor, capacity: i64) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    check_capacity(capacity)?;
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    store::set_capacity(&mut tx, capacity).await?;
    record(app, &mut tx, actor)?;
    ask_all(app, &mut tx).await?;
    tx.commit().await
}

fn check_capacity(capacity: i64) -> Result<()> {
    if (0..=LARGEST_CAPACITY).contains(&capacity) {
        return Ok(());
    }
    Err(Error::invalid("capacity", "assignment-capacity-range"))
}

/// The skills of the house, by name.
pub async fn skills(tx: &mut Tx) -> Result<Vec<Skill>> {
    store::skills(tx).await
}

/// Names a skill; a new one without `skill`.
pub async fn save_skill(app: &App, actor: &Actor, skill: Option<i64>, name: &str) -> Result<i64> {
    actor.may(Right::ManageSettings)?;
    let name = name.trim();
    Error::unless_text("name", name, LONGEST_NAME)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "assignment_skills", 0).await?;
    let taken = |known: &Skill| known.name.to_lowercase() == name.to_lowercase() && Some(known.id) != skill;
    if store::skills(&mut tx).await?.iter().any(taken) {
        return Err(Error::invalid("name", "people-name-taken"));
    }
    let id = match skill {
        Some(skill) if store::rename_skill(&mut tx, skill, name).await? == 0 => return Err(Error::NotFound),
        Some(skill) => skill,
        None => store::insert_skill(&mut tx, name).await?,
    };
    record(app, &mut tx, actor)?;
    tx.commit().await?;
    Ok(id)
}

/// Nobody has the skill or needs it any more, until it is brought back.
pub async fn remove_skill(app: &App, actor: &Actor, skill: i64) -> Result<()> {
    set_skill_removed(app, actor, skill, true).await
}

/// Those have it and that needs it again who did before.
pub async fn bring_skill_back(app: &App, actor: &Actor, skill: i64) -> Result<()> {
    set_skill_removed(app, actor, skill, false).await
}

async fn set_skill_removed(app: &App, actor: &Actor, skill: i64, gone: bool) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    if store::set_skill_removed(&mut tx, skill, gone.then(|| app.now())).await? == 0 {
        return Err(Error::NotFound);
    }
    record(app, &mut tx, actor)?;
    ask_all(app, &mut tx).await?;
    tx.commit().await
}

/// What cases of each kind need beside what their queue needs.
pub async fn kind_skills(tx: &mut Tx) -> Result<BTreeMap<CaseKindId, BTreeSet<i64>>> {
    store::kind_skills(tx).await
}

pub async fn set_kind_skills(
    app: &App,
    actor: &Actor,
    kind: CaseKindId,
    skills: &BTreeSet<i64>,
) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    if !attributes::kinds(&mut tx).await?.iter().any(|known| known.id == kind) {
        return Err(Error::NotFound);
    }
    check_skills(&mut tx, skills).await?;
    store::set_kind_skills(&mut tx, kind, skills).await?;
    record(app, &mut tx, actor)?;
    ask_all(app, &mut tx).await?;
    tx.commit().await
}

async fn check_skills(tx: &mut Tx, skills: &BTreeSet<i64>) -> Result<()> {
    let known: BTreeSet<i64> = store::skills(tx).await?.into_iter().map(|skill| skill.id).collect();
    if skills.is_subset(&known) { Ok(()) } else { Err(Error::invalid("skills", "error-field-malformed")) }
}

fn record(app: &App, tx: &mut Tx, actor: &Actor) -> Result<()> {
    journal::record(
        app,
        tx,
        actor,
        About::house(),
        Fact::SettingChanged { name: "assignment".into(), of: None },
    )
}

/// Does this actor answer for that person? Leads for their team, admins for everybody.
pub fn leads(actor: &Actor, person: &Person) -> bool {
    let own_team = person.team.is_some_and(|team| actor.teams.contains(&team));
    actor.is(Role::Admin) || (actor.is(Role::Lead) && own_team)
}

/// What was entered about people; for those who lead them.
pub async fn profiles(tx: &mut Tx) -> Result<HashMap<PersonId, Profile>> {
    store::profiles(tx).await
}

/// What was entered about one person; for them and those who lead them.
pub async fn profile(tx: &mut Tx, person: PersonId) -> Result<Profile> {
    store::profile(tx, person).await
}

/// Enters what somebody can do and how much they have at the same time.
///
/// # Errors
///
/// [`Error::NotFound`] for people whom the actor does not lead.
pub async fn set_profile(app: &App, actor: &Actor, person: PersonId, profile: &Profile) -> Result<()> {
    actor.may(Right::LeadPeople)?;
    profile.capacity.map_or(Ok(()), check_capacity)?;
    if profile.languages.iter().any(|code| Language::from_code(code).is_none()) {
        return Err(Error::invalid("languages", "error-field-malformed"));
    }
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    if !leads(actor, &people::person(&mut tx, person).await?) {
        return Err(Error::NotFound);
    }
    check_skills(&mut tx, &profile.skills).await?;
    store::save_profile(&mut tx, person, profile).await?;
    journal::record(app, &mut tx, actor, About::house(), Fact::ProfileSet { person })?;
    ask_all(app, &mut tx).await?;
    tx.commit().await
}
