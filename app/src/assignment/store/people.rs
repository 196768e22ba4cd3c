//! SQL of what people can do, and of when they are away.

use std::collections::{BTreeSet, HashMap};

use crate::assignment::model::{Absence, NewAbsence, Profile};
use crate::platform::{Error, PersonId, Result, Timestamp, Tx, sql};

/// What was entered, by person; who is missing has nothing entered.
pub async fn profiles(tx: &mut Tx) -> Result<HashMap<PersonId, Profile>> {
    let rows: Vec<(PersonId, Option<i64>, String)> =
        sql("SELECT person_id, capacity, languages FROM assignment_profiles").all(tx).await?;
    let mut profiles: HashMap<PersonId, Profile> = HashMap::new();
    for (person, capacity, languages) in rows {
        profiles.insert(person, Profile { capacity, languages: read(&languages), ..Profile::default() });
    }
    for (person, skill) in sql(PERSON_SKILLS).all(tx).await? {
        profiles.entry(person).or_default().skills.insert(skill);
    }
    Ok(profiles)
}

pub async fn profile(tx: &mut Tx, person: PersonId) -> Result<Profile> {
    let row: Option<(Option<i64>, String)> =
        sql("SELECT capacity, languages FROM assignment_profiles WHERE person_id = $1")
            .bind(person)
            .maybe(tx)
            .await?;
    let skills: Vec<i64> =
        sql("SELECT n.skill_id FROM assignment_person_skills n JOIN assignment_skills s ON s.id = n.skill_id
                               WHERE n.person_id = $1 AND s.removed_at IS NULL")
        .bind(person)
        .values(tx)
        .await?;
    let (capacity, languages) = row.unwrap_or_default();
    Ok(Profile { capacity, languages: read(&languages), skills: skills.into_iter().collect() })
}

/// Skills that were taken away are nobody's.
const PERSON_SKILLS: &str = "SELECT n.person_id, n.skill_id FROM assignment_person_skills n
    JOIN assignment_skills s ON s.id = n.skill_id WHERE s.removed_at IS NULL";

/// Codes separated by spaces.
fn read(languages: &str) -> BTreeSet<String> {
    languages.split_whitespace().map(str::to_owned).collect()
}

pub async fn save_profile(tx: &mut Tx, person: PersonId, profile: &Profile) -> Result<()> {
    let languages = profile.languages.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    sql("INSERT INTO assignment_profiles (person_id, capacity, languages) VALUES ($1, $2, $3)
         ON CONFLICT (person_id) DO UPDATE SET capacity = excluded.capacity, languages = excluded.languages")
    .bind(person)
    .bind(profile.capacity)
    .bind(languages)
    .run(tx)
    .await?;
    sql("DELETE FROM assignment_person_skills WHERE person_id = $1
         AND skill_id IN (SELECT id FROM assignment_skills WHERE removed_at IS NULL)")
    .bind(person)
    .run(tx)
    .await?;
    for skill in &profile.skills {
        sql("INSERT INTO assignment_person_skills (person_id, skill_id) VALUES ($1, $2)")
            .bind(person)
            .bind(*skill)
            .run(tx)
            .await?;
    }
    Ok(())
}

const ABSENCE: &str =
    "SELECT id, person_id, from_at, until_at, replacement_id, set_by, begun, runs FROM assignment_absences ";

/// All absences, the first one first.
pub async fn absences(tx: &mut Tx) -> Result<Vec<Absence>> {
    sql(ABSENCE).push("ORDER BY from_at, id").all(tx).await
}

pub async fn absences_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Absence>> {
    sql(ABSENCE).push("WHERE person_id = ").push_bind(person).push(" ORDER BY from_at, id").all(tx).await
}

pub async fn absence(tx: &mut Tx, absence: i64) -> Result<Absence> {
    let found: Option<Absence> = sql(ABSENCE).push("WHERE id = ").push_bind(absence).maybe(tx).await?;
    found.ok_or(Error::NotFound)
}

pub async fn insert_absence(
    tx: &mut Tx,
    person: PersonId,
    new: NewAbsence,
    set_by: Option<PersonId>,
) -> Result<i64> {
    sql("INSERT INTO assignment_absences (person_id, from_at, until_at, replacement_id, set_by, begun)
         VALUES ($1, $2, $3, $4, $5, FALSE) RETURNING id")
    .bind(person)
    .bind(new.from)
    .bind(new.until)
    .bind(new.replacement)
    .bind(set_by)
    .value(tx)
    .await
}

pub async fn begin(tx: &mut Tx, absence: i64) -> Result<()> {
    sql("UPDATE assignment_absences SET begun = TRUE WHERE id = $1").bind(absence).run(tx).await?;
    Ok(())
}

/// Keeps which runs gave their cases away.
pub async fn note_runs(tx: &mut Tx, absence: i64, runs: &[i64]) -> Result<()> {
    let runs = runs.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
    sql("UPDATE assignment_absences SET runs = $2 WHERE id = $1").bind(absence).bind(runs).run(tx).await?;
    Ok(())
}

pub async fn delete_absence(tx: &mut Tx, absence: i64) -> Result<()> {
    sql("DELETE FROM assignment_absences WHERE id = $1").bind(absence).run(tx).await?;
    Ok(())
}

/// Those that begin.
pub async fn due_absences(tx: &mut Tx, now: Timestamp) -> Result<Vec<i64>> {
    sql("SELECT id FROM assignment_absences WHERE NOT begun AND from_at <= $1 ORDER BY from_at")
        .bind(now)
        .values(tx)
        .await
}

/// Those that are over.
pub async fn ended_absences(tx: &mut Tx, now: Timestamp) -> Result<Vec<i64>> {
    sql("SELECT id FROM assignment_absences WHERE begun AND until_at <= $1 ORDER BY until_at")
        .bind(now)
        .values(tx)
        .await
}
