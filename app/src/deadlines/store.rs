//! SQL of calendars, policies, and customers' groups.

use calendar::{HolidayName, Interval, Region};
use jiff::civil::Date;

use super::model::{Calendar, CalendarSettings, Day, Policy, PolicySettings};
use super::runs::Run;
use crate::platform::{CustomerId, Error, Kept, QueueId, Result, Timestamp, Tx, portions, sql};

#[derive(sqlx::FromRow)]
struct CalendarRow {
    id: i64,
    name: String,
    time_zone: String,
    region: Option<String>,
    local_days: String,
    week: String,
    house: bool,
}

#[derive(sqlx::FromRow)]
struct DayRow {
    id: i64,
    calendar_id: i64,
    date: String,
    yearly: bool,
    name: String,
    hours: String,
}

impl DayRow {
    fn day(self) -> Option<(i64, Day)> {
        let date: Date = self.date.parse().ok()?;
        let hours = read_hours(&self.hours);
        Some((self.calendar_id, Day { id: self.id, date, yearly: self.yearly, name: self.name, hours }))
    }
}

static CALENDARS: Kept<Vec<Calendar>> = Kept::new("calendars", |tx| Box::pin(load_calendars(tx)));

pub async fn calendars(tx: &mut Tx) -> Result<Vec<Calendar>> {
    Ok(CALENDARS.get(tx).await?.to_vec())
}

async fn load_calendars(tx: &mut Tx) -> Result<Vec<Calendar>> {
    let rows: Vec<CalendarRow> =
        sql("SELECT id, name, time_zone, region, local_days, week, house FROM calendars
         ORDER BY CASE WHEN house THEN 0 ELSE 1 END, name, id")
        .all(tx)
        .await?;
    let days: Vec<DayRow> =
        sql("SELECT id, calendar_id, date, yearly, name, hours FROM calendar_days ORDER BY date, id")
            .all(tx)
            .await?;
    let queues: Vec<(i64, QueueId)> =
        sql("SELECT calendar_id, queue_id FROM queue_calendars ORDER BY queue_id").all(tx).await?;
    let mut calendars = Vec::with_capacity(rows.len());
    for row in rows {
        let queues = queues.iter().filter(|(calendar, _)| *calendar == row.id).map(|(_, queue)| *queue);
        calendars.push(Calendar {
            id: row.id,
            region: row.region.and_then(|code| code.parse::<Region>().ok()),
            local_days: read_local(&row.local_days),
            week: serde_json::from_str(&row.week)?,
            name: row.name,
            time_zone: row.time_zone,
            house: row.house,
            queues: queues.collect(),
            days: Vec::new(),
        });
    }
    for (calendar, day) in days.into_iter().filter_map(DayRow::day) {
        if let Some(calendar) = calendars.iter_mut().find(|one| one.id == calendar) {
            calendar.days.push(day);
        }
    }
    Ok(calendars)
}

/// Codes separated by spaces.
fn read_local(text: &str) -> Vec<HolidayName> {
    let code = |code: &str| serde_json::from_value(serde_json::Value::String(code.to_owned())).ok();
    text.split_whitespace().filter_map(code).collect()
}

/// The code of a holiday, as JSON has it.
pub fn holiday_code(name: HolidayName) -> String {
    serde_json::to_value(name).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

fn read_hours(text: &str) -> Vec<Interval> {
    text.split_whitespace().filter_map(|one| one.parse().ok()).collect()
}

fn write_hours(hours: &[Interval]) -> String {
    hours.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

pub async fn insert_calendar(tx: &mut Tx, set: &CalendarSettings) -> Result<i64> {
    sql("INSERT INTO calendars (name, time_zone, region, local_days, week, house) VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id")
    .bind(set.name.trim())
    .bind(&set.time_zone)
    .bind(set.region.map(|region| region.code().to_owned()))
    .bind(write_local(&set.local_days))
    .bind(serde_json::to_string(&set.week)?)
    .bind(set.house)
    .value(tx)
    .await
}

pub async fn update_calendar(tx: &mut Tx, calendar: i64, set: &CalendarSettings) -> Result<()> {
    let found = sql(
        "UPDATE calendars SET name = $2, time_zone = $3, region = $4, local_days = $5, week = $6, house = $7
         WHERE id = $1",
    )
    .bind(calendar)
    .bind(set.name.trim())
    .bind(&set.time_zone)
    .bind(set.region.map(|region| region.code().to_owned()))
    .bind(write_local(&set.local_days))
    .bind(serde_json::to_string(&set.week)?)
    .bind(set.house)
    .run(tx)
    .await?;
    if found == 0 { Err(Error::NotFound) } else { Ok(()) }
}

fn write_local(days: &[HolidayName]) -> String {
    days.iter().map(|name| holiday_code(*name)).collect::<Vec<_>>().join(" ")
}

/// No other calendar is that of the house any more.
pub async fn leave_house(tx: &mut Tx, calendar: i64) -> Result<()> {
    sql("UPDATE calendars SET house = FALSE WHERE id <> $1").bind(calendar).run(tx).await?;
    Ok(())
}

/// These queues, and no others, go by a calendar.
pub async fn set_queues(tx: &mut Tx, calendar: i64, queues: &[QueueId]) -> Result<()> {
    sql("DELETE FROM queue_calendars WHERE calendar_id = $1").bind(calendar).run(tx).await?;
    for queue in queues {
        sql("INSERT INTO queue_calendars (queue_id, calendar_id) VALUES ($1, $2)
             ON CONFLICT (queue_id) DO UPDATE SET calendar_id = excluded.calendar_id")
        .bind(*queue)
        .bind(calendar)
        .run(tx)
        .await?;
    }
    Ok(())
}

pub async fn delete_calendar(tx: &mut Tx, calendar: i64) -> Result<()> {
    sql("DELETE FROM queue_calendars WHERE calendar_id = $1").bind(calendar).run(tx).await?;
    sql("DELETE FROM calendar_days WHERE calendar_id = $1").bind(calendar).run(tx).await?;
    sql("UPDATE deadline_policies SET calendar_id = NULL WHERE calendar_id = $1")
        .bind(calendar)
        .run(tx)
        .await?;
    let found = sql("DELETE FROM calendars WHERE id = $1").bind(calendar).run(tx).await?;
    if found == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// One that was set for the same day before is replaced.
pub async fn insert_day(
    tx: &mut Tx,
    calendar: i64,
    date: Date,
    yearly: bool,
    name: &str,
    hours: &[Interval],
) -> Result<()> {
    sql("INSERT INTO calendar_days (calendar_id, date, yearly, name, hours) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (calendar_id, date) DO UPDATE
         SET yearly = excluded.yearly, name = excluded.name, hours = excluded.hours")
    .bind(calendar)
    .bind(date.to_string())
    .bind(yearly)
    .bind(name)
    .bind(write_hours(hours))
    .run(tx)
    .await?;
    Ok(())
}

pub async fn delete_day(tx: &mut Tx, calendar: i64, day: i64) -> Result<()> {
    let found = sql("DELETE FROM calendar_days WHERE id = $1 AND calendar_id = $2")
        .bind(day)
        .bind(calendar)
        .run(tx)
        .await?;
    if found == 0 { Err(Error::NotFound) } else { Ok(()) }
}

#[derive(sqlx::FromRow)]
struct PolicyRow {
    id: i64,
    name: String,
    active: bool,
    conditions: String,
    calendar_id: Option<i64>,
    goals: String,
}

static DEADLINES: Kept<Vec<Policy>> = Kept::new("deadline policies", |tx| Box::pin(load_policies(tx)));

pub async fn policies(tx: &mut Tx) -> Result<Vec<Policy>> {
    Ok(DEADLINES.get(tx).await?.to_vec())
}

async fn load_policies(tx: &mut Tx) -> Result<Vec<Policy>> {
    let rows: Vec<PolicyRow> = sql(
        "SELECT id, name, active, conditions, calendar_id, goals FROM deadline_policies ORDER BY place, id",
    )
    .all(tx)
    .await?;
    let policy = |row: PolicyRow| {
        Ok(Policy {
            id: row.id,
            conditions: serde_json::from_str(&row.conditions)?,
            goals: serde_json::from_str(&row.goals)?,
            name: row.name,
            active: row.active,
            calendar: row.calendar_id,
        })
    };
    rows.into_iter().map(policy).collect()
}

/// Its place is the last one.
pub async fn insert_policy(tx: &mut Tx, set: &PolicySettings) -> Result<i64> {
    sql("INSERT INTO deadline_policies (name, place, active, conditions, calendar_id, goals)
         SELECT $1, COALESCE(MAX(place), 0) + 1, $2, $3, $4, $5 FROM deadline_policies RETURNING id")
    .bind(set.name.trim())
    .bind(set.active)
    .bind(serde_json::to_string(&set.conditions)?)
    .bind(set.calendar)
    .bind(serde_json::to_string(&set.goals)?)
    .value(tx)
    .await
}

pub async fn update_policy(tx: &mut Tx, policy: i64, set: &PolicySettings) -> Result<()> {
    let found = sql(
        "UPDATE deadline_policies SET name = $2, active = $3, conditions = $4, calendar_id = $5, goals = $6
         WHERE id = $1",
    )
    .bind(policy)
    .bind(set.name.trim())
    .bind(set.active)
    .bind(serde_json::to_string(&set.conditions)?)
    .bind(set.calendar)
    .bind(serde_json::to_string(&set.goals)?)
    .run(tx)
    .await?;
    if found == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub async fn set_place(tx: &mut Tx, policy: i64, place: i64) -> Result<()> {
    sql("UPDATE deadline_policies SET place = $2 WHERE id = $1").bind(policy).bind(place).run(tx).await?;
    Ok(())
}

pub async fn delete_policy(tx: &mut Tx, policy: i64) -> Result<()> {
    let found = sql("DELETE FROM deadline_policies WHERE id = $1").bind(policy).run(tx).await?;
    if found == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub async fn group_of(tx: &mut Tx, customer: CustomerId) -> Result<Option<String>> {
    sql("SELECT name FROM service_groups WHERE customer_id = $1").bind(customer).maybe_value(tx).await
}

/// As [`group_of`], of several customers.
pub async fn groups_of(tx: &mut Tx, customers: &[CustomerId]) -> Result<Vec<(CustomerId, String)>> {
    let mut groups = Vec::new();
    for customers in portions(customers) {
        let statement = sql("SELECT customer_id, name FROM service_groups WHERE customer_id IN ");
        let statement = statement.push_list(customers.iter().copied());
        groups.extend::<Vec<(CustomerId, String)>>(statement.all(tx).await?);
    }
    Ok(groups)
}

pub async fn set_group(tx: &mut Tx, customer: CustomerId, name: &str) -> Result<()> {
    sql("INSERT INTO service_groups (customer_id, name) VALUES ($1, $2)
         ON CONFLICT (customer_id) DO UPDATE SET name = excluded.name")
    .bind(customer)
    .bind(name)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn delete_group(tx: &mut Tx, customer: CustomerId) -> Result<()> {
    sql("DELETE FROM service_groups WHERE customer_id = $1").bind(customer).run(tx).await?;
    Ok(())
}

pub async fn groups(tx: &mut Tx) -> Result<Vec<String>> {
    sql("SELECT DISTINCT name FROM service_groups ORDER BY name LIMIT 200").values(tx).await
}

pub async fn end_runs(tx: &mut Tx, now: Timestamp) -> Result<()> {
    sql("UPDATE deadline_runs SET ended_at = $1 WHERE ended_at IS NULL").bind(now).run(tx).await?;
    Ok(())
}

pub async fn insert_run(tx: &mut Tx, total: i64, now: Timestamp) -> Result<i64> {
    sql("INSERT INTO deadline_runs (started_at, cursor, done, total) VALUES ($1, 0, 0, $2) RETURNING id")
        .bind(now)
        .bind(total)
        .value(tx)
        .await
}

pub async fn newest_run(tx: &mut Tx) -> Result<Option<Run>> {
    sql("SELECT id, started_at, ended_at, cursor, done, total FROM deadline_runs ORDER BY id DESC LIMIT 1")
        .maybe(tx)
        .await
}

pub async fn update_run(tx: &mut Tx, run: &Run) -> Result<()> {
    sql("UPDATE deadline_runs SET cursor = $2, done = $3, ended_at = $4 WHERE id = $1")
        .bind(run.id)
        .bind(run.cursor)
        .bind(run.done)
        .bind(run.ended_at)
        .run(tx)
        .await?;
    Ok(())
}
