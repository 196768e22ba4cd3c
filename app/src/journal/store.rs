//! SQL of the table `journal`.

use super::{About, Fact, Way};
use crate::platform::{
    Actor, CaseId, CustomerId, EntryId, InsightId, PersonId, Result, Table, Timestamp, Tx, Who, dialect, sql,
};

/// A recorded fact.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: EntryId,
    /// Orders entries of PostgreSQL transactions that committed out of order; 0 on SQLite.
    pub xid: i64,
    pub at: Timestamp,
    /// The acting person, unless it was a program or Kitt itself.
    pub person: Option<PersonId>,
    /// A program with a token did it.
    pub program: bool,
    pub about: About,
    /// The run of a rule in which it happened.
    pub cause: Option<i64>,
    pub way: Option<Way>,
    pub fact: Fact,
}

impl Entry {
    /// Where a reader is after this entry.
    pub const fn cursor(&self) -> Cursor {
        Cursor { xid: self.xid, id: self.id.0 }
    }
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: EntryId,
    xid: i64,
    at: Timestamp,
    actor: String,
    person_id: Option<PersonId>,
    case_id: Option<CaseId>,
    customer_id: Option<CustomerId>,
    insight_id: Option<InsightId>,
    cents: Option<i64>,
    cause: Option<i64>,
    way: Option<Way>,
    fact: String,
}

impl EntryRow {
    fn read(self) -> Result<Entry> {
        let about = About {
            case: self.case_id,
            customer: self.customer_id,
            insight: self.insight_id,
            cents: self.cents,
        };
        Ok(Entry {
            id: self.id,
            xid: self.xid,
            at: self.at,
            person: self.person_id,
            program: self.actor == PROGRAM,
            about,
            cause: self.cause,
            way: self.way,
            fact: serde_json::from_str(&self.fact)?,
        })
    }
}

const COLUMNS: &str = "SELECT id, xid, at, actor, person_id, case_id, customer_id, insight_id, cents, cause, way, fact FROM journal ";

/// The actor of what a program with a token did.
const PROGRAM: &str = "token";

/// What [`append`] writes.
static WRITTEN: Table<10> = Table {
    name: "journal",
    columns: [
        "at",
        "actor",
        "person_id",
        "case_id",
        "customer_id",
        "insight_id",
        "cents",
        "cause",
        "way",
        "fact",
    ],
    depth: 0,
};

pub fn append(tx: &mut Tx, at: Timestamp, actor: &Actor, about: About, fact: &Fact) -> Result<()> {
    let (kind, person) = match actor.who {
        Who::Person(id) => ("person", Some(id)),
        Who::Token(_) => (PROGRAM, None),
        Who::Kitt(_) => ("kitt", None),
    };
    let row = [
        at.into(),
        kind.into(),
        person.into(),
        about.case.into(),
        about.customer.into(),
        about.insight.into(),
        about.cents.into(),
        tx.cause().into(),
        tx.way().into(),
        serde_json::to_string(fact)?.into(),
    ];
    tx.insert_later(&WRITTEN, row);
    Ok(())
}

/// Where a reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct Cursor {
    pub xid: i64,
    pub id: i64,
}

impl Cursor {
    /// Before the first entry; numbers below zero are of an earlier PostgreSQL cluster.
    pub const START: Self = Self { xid: i64::MIN, id: 0 };
}

/// Up to `limit` entries after `cursor`, in the order in which readers see them.
///
/// Entries of transactions that may still be overtaken by an older one are held back, or the older one's
/// entries would be missed for ever.
pub async fn after(tx: &mut Tx, cursor: Cursor, limit: i64) -> Result<Vec<Entry>> {
    let horizon = dialect::journal_horizon(tx).await?;
    let rows: Vec<EntryRow> = sql(COLUMNS)
        .push("WHERE (xid, id) > (")
        .push_bind(cursor.xid)
        .push(", ")
        .push_bind(cursor.id)
        .push(") AND xid < ")
        .push_bind(horizon)
        .push(" ORDER BY xid, id LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// Are there entries that [`after`] does not show yet?
pub async fn holds_back(tx: &mut Tx) -> Result<bool> {
    let horizon = dialect::journal_horizon(tx).await?;
    let held: Option<i64> =
        sql("SELECT id FROM journal WHERE $1 <= xid LIMIT 1").bind(horizon).maybe_value(tx).await?;
    Ok(held.is_some())
}

/// How many entries there are after `cursor`, counted up to `limit`.
pub async fn count_after(tx: &mut Tx, cursor: Cursor, limit: i64) -> Result<i64> {
    sql("SELECT COUNT(*) FROM (SELECT id FROM journal WHERE (xid, id) > ($1, $2) LIMIT $3) AS found")
        .bind(cursor.xid)
        .bind(cursor.id)
        .bind(limit)
        .value(tx)
        .await
}

/// The end of the journal, for readers that only want what comes.
pub async fn end(tx: &mut Tx) -> Result<Cursor> {
    let last = sql("SELECT xid, id FROM journal ORDER BY xid DESC, id DESC LIMIT 1").maybe(tx).await?;
    Ok(last.unwrap_or(Cursor::START))
}

/// When something happened last.
pub async fn last_at(tx: &mut Tx) -> Result<Option<Timestamp>> {
    sql("SELECT at FROM journal ORDER BY xid DESC, id DESC LIMIT 1").maybe_value(tx).await
}

/// Up to here nothing can appear any more: whoever reads the stores now and the journal from here misses nothing.
pub async fn settled(tx: &mut Tx) -> Result<Cursor> {
    let horizon = dialect::journal_horizon(tx).await?;
    let last = sql("SELECT xid, id FROM journal WHERE xid < $1 ORDER BY xid DESC, id DESC LIMIT 1")
        .bind(horizon)
        .maybe(tx)
        .await?;
    Ok(last.unwrap_or(Cursor::START))
}

/// Up to `limit` entries with smaller ids, the newest first: for looking back.
pub async fn before(tx: &mut Tx, before: EntryId, limit: i64) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = sql(COLUMNS)
        .push("WHERE id < ")
        .push_bind(before)
        .push(" ORDER BY id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// The facts of `case`, oldest first.
pub async fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> =
        sql(COLUMNS).push("WHERE case_id = ").push_bind(case).push(" ORDER BY id").all(tx).await?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// Up to `limit` changes of `case` before entry `before`, newest first: its facts without those of handling time, which
/// is everybody's own.
pub async fn changes_of_case(tx: &mut Tx, case: CaseId, before: EntryId, limit: i64) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = sql(COLUMNS)
        .push("WHERE case_id = ")
        .push_bind(case)
        .push(" AND id < ")
        .push_bind(before)
        .push(" AND fact NOT LIKE '{\"fact\":\"time!_%' ESCAPE '!' ORDER BY id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// Up to `limit` facts of one of two kinds, by their codes, about `case` before entry `before`, newest first.
pub async fn of_kinds(
    tx: &mut Tx,
    case: CaseId,
    before: EntryId,
    kinds: [&str; 2],
    limit: i64,
) -> Result<Vec<Entry>> {
    let [one, other] = kinds.map(|kind| format!("{{\"fact\":\"{}\"%", kind.replace('_', "!_")));
    let rows: Vec<EntryRow> = sql(COLUMNS)
        .push("WHERE case_id = ")
        .push_bind(case)
        .push(" AND id < ")
        .push_bind(before)
        .push(" AND (fact LIKE ")
        .push_bind(one)
        .push(" ESCAPE '!' OR fact LIKE ")
        .push_bind(other)
        .push(" ESCAPE '!') ORDER BY id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// The facts of `insight`, oldest first, without those of its single findings.
pub async fn of_insight(tx: &mut Tx, insight: InsightId) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = sql(COLUMNS)
        .push("WHERE insight_id = ")
        .push_bind(insight)
        .push(" AND case_id IS NULL ORDER BY id")
        .all(tx)
        .await?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// Which facts about the house are looked back at; by default all.
#[derive(Debug, Clone, Default)]
pub struct Among {
    /// What this person did.
    pub by: Option<PersonId>,
    /// What happened at this moment or later.
    pub from: Option<Timestamp>,
    /// What happened before this moment.
    pub until: Option<Timestamp>,
    /// How the codes of their kinds begin; none: all kinds.
    pub kinds: &'static [&'static str],
}

/// Up to `limit` facts about the house before entry `before`, newest first, without those of the mail flow.
pub async fn of_house(tx: &mut Tx, before: EntryId, among: &Among, limit: i64) -> Result<Vec<Entry>> {
    // Every mail is a fact of the house until it is understood. In the words of the partial indexes.
    let mut statement = sql(COLUMNS)
        .push("WHERE case_id IS NULL AND customer_id IS NULL AND insight_id IS NULL")
        .push(" AND fact NOT LIKE '{\"fact\":\"mail!_%' ESCAPE '!' AND id < ")
        .push_bind(before);
    if let Some(person) = among.by {
        statement = statement.push(" AND person_id = ").push_bind(person);
    }
    if let Some(from) = among.from {
        statement = statement.push(" AND at >= ").push_bind(from);
    }
    if let Some(until) = among.until {
        statement = statement.push(" AND at < ").push_bind(until);
    }
    for (place, kind) in among.kinds.iter().enumerate() {
        let pattern = format!("{{\"fact\":\"{}%", kind.replace('_', "!_"));
        let also = if place == 0 { " AND (fact LIKE " } else { " OR fact LIKE " };
        statement = statement.push(also).push_bind(pattern).push(" ESCAPE '!'");
    }
    if !among.kinds.is_empty() {
        statement = statement.push(")");
    }
    let rows: Vec<EntryRow> = statement.push(" ORDER BY id DESC LIMIT ").push_bind(limit).all(tx).await?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// Entries as they are stored, after `last`.
pub async fn facts_after(tx: &mut Tx, last: EntryId, limit: i64) -> Result<Vec<(EntryId, String)>> {
    sql("SELECT id, fact FROM journal WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(last)
        .bind(limit)
        .all(tx)
        .await
}

/// What listeners could not take up, by their names.
pub async fn parked(tx: &mut Tx) -> Result<Vec<(String, EntryId)>> {
    sql("SELECT name, entry_id FROM journal_parked ORDER BY id LIMIT 1000").all(tx).await
}

/// Where listener `name` is; a new one starts at the beginning.
pub async fn cursor(tx: &mut Tx, name: &str) -> Result<Cursor> {
    let found =
        sql("SELECT xid, entry_id AS id FROM journal_cursors WHERE name = $1").bind(name).maybe(tx).await?;
    Ok(found.unwrap_or(Cursor::START))
}

pub async fn save_cursor(tx: &mut Tx, name: &str, cursor: Cursor) -> Result<()> {
    sql("INSERT INTO journal_cursors (name, xid, entry_id) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, entry_id = excluded.entry_id")
    .bind(name)
    .bind(cursor.xid)
    .bind(cursor.id)
    .run(tx)
    .await?;
    Ok(())
}

/// Keeps an entry that a listener could not digest, so that it can go on and nothing is forgotten.
pub async fn park(tx: &mut Tx, name: &str, entry: EntryId, reason: &str, now: Timestamp) -> Result<()> {
    sql("INSERT INTO journal_parked (name, entry_id, reason, at) VALUES ($1, $2, $3, $4)")
        .bind(name)
        .bind(entry)
        .bind(reason)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}
