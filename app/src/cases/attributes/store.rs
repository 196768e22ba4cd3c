//! SQL of kinds, own states, tags, fields and their values, and of the case's columns that name them.

use super::model::{CaseField, CaseKind, Choice, FieldType, OnlyIf, OwnState, Tag, TagUse};
use super::value::Value;
use crate::cases::model::Priority;
use crate::cases::store::of_case::{TAGS, VALUES};
use crate::platform::{
    Arg, Bilingual, CaseFieldId, CaseId, CaseKindId, Error, Kept, OwnStateId, QueueId, Result, Table, TagId,
    Timestamp, Tx, key_lists, sql,
};

const KIND: &str = "SELECT id, name_de, name_en, icon, complaint, place, active FROM case_kinds ";

static KINDS: Kept<Vec<CaseKind>> = Kept::new("case kinds", |tx| Box::pin(load_kinds(tx)));

/// All kinds, in their order.
pub async fn kinds(tx: &mut Tx) -> Result<Vec<CaseKind>> {
    Ok(KINDS.get(tx).await?.to_vec())
}

async fn load_kinds(tx: &mut Tx) -> Result<Vec<CaseKind>> {
    sql(KIND).push("ORDER BY place, id").all(tx).await
}

pub async fn kind(tx: &mut Tx, kind: CaseKindId) -> Result<CaseKind> {
    sql(KIND).push("WHERE id = ").push_bind(kind).one(tx).await
}

/// Adds or changes a kind; one without an id is new.
pub async fn save_kind(tx: &mut Tx, id: Option<CaseKindId>, kind: &CaseKind) -> Result<CaseKindId> {
    let statement = match id {
        None => sql("INSERT INTO case_kinds (name_de, name_en, icon, complaint, place, active)
                     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"),
        Some(_) => sql("UPDATE case_kinds SET name_de = $1, name_en = $2, icon = $3, complaint = $4, place = $5, active = $6
                        WHERE id = $7 RETURNING id"),
    };
    let statement = statement
        .bind(&kind.name.de)
        .bind(&kind.name.en)
        .bind(&kind.icon)
        .bind(kind.complaint)
        .bind(kind.place)
        .bind(kind.active);
    match id {
        None => statement.value(tx).await,
        Some(id) => statement.bind(id).value(tx).await,
    }
}

const STATE: &str = "SELECT id, name_de, name_en, base, place, active FROM own_states ";

static STATES: Kept<Vec<OwnState>> = Kept::new("own states", |tx| Box::pin(load_states(tx)));

/// All states of the house's own, in their order.
pub async fn states(tx: &mut Tx) -> Result<Vec<OwnState>> {
    Ok(STATES.get(tx).await?.to_vec())
}

async fn load_states(tx: &mut Tx) -> Result<Vec<OwnState>> {
    sql(STATE).push("ORDER BY place, id").all(tx).await
}

pub async fn state(tx: &mut Tx, state: OwnStateId) -> Result<OwnState> {
    sql(STATE).push("WHERE id = ").push_bind(state).one(tx).await
}

/// Adds or changes a state. What it means stays: cases stand so already.
pub async fn save_state(tx: &mut Tx, id: Option<OwnStateId>, state: &OwnState) -> Result<OwnStateId> {
    let Some(id) = id else {
        return sql("INSERT INTO own_states (name_de, name_en, place, active, base) VALUES ($1, $2, $3, $4, $5) RETURNING id")
            .bind(&state.name.de)
            .bind(&state.name.en)
            .bind(state.place)
            .bind(state.active)
            .bind(state.base)
            .value(tx)
            .await;
    };
    sql("UPDATE own_states SET name_de = $1, name_en = $2, place = $3, active = $4 WHERE id = $5 RETURNING id")
        .bind(&state.name.de)
        .bind(&state.name.en)
        .bind(state.place)
        .bind(state.active)
        .bind(id)
        .value(tx)
        .await
}

pub async fn set_kind(tx: &mut Tx, case: CaseId, kind: Option<CaseKindId>, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET kind_id = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(kind)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_own_state(
    tx: &mut Tx,
    case: CaseId,
    state: Option<OwnStateId>,
    now: Timestamp,
) -> Result<()> {
    sql("UPDATE cases SET own_state_id = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(state)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_priority(tx: &mut Tx, case: CaseId, priority: Priority, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET priority = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(priority)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// Says that something about the case changed.
pub async fn touch(tx: &mut Tx, case: CaseId, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET updated_at = $2, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// The tags of these cases, by name.
pub async fn tags_of(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, TagId, String)>> {
    let mut tags: Vec<(CaseId, TagId, String)> = Vec::new();
    let asked: Vec<CaseId> = cases.iter().copied().filter(|case| !tx.has_none(&TAGS, case.0)).collect();
    for cases in key_lists(&asked) {
        let some = sql("SELECT ct.case_id, t.id, t.name FROM case_tags ct JOIN tags t ON t.id = ct.tag_id
                        WHERE ct.case_id IN ")
        .push_list(cases)
        .push(" ORDER BY t.folded, t.id");
        tags.extend::<Vec<(CaseId, TagId, String)>>(some.all(tx).await?);
    }
    Ok(tags)
}

pub async fn tag(tx: &mut Tx, tag: TagId) -> Result<Tag> {
    sql("SELECT id, name FROM tags WHERE id = $1").bind(tag).one(tx).await
}

pub async fn tag_named(tx: &mut Tx, folded: &str) -> Result<Option<Tag>> {
    sql("SELECT id, name FROM tags WHERE folded = $1").bind(folded).maybe(tx).await
}

/// Up to `limit` tags whose folded names contain `part`; those that begin with it first.
pub async fn tags_like(tx: &mut Tx, part: &str, limit: i64) -> Result<Vec<Tag>> {
    let escaped = part.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    sql("SELECT id, name FROM tags WHERE folded LIKE $1 ESCAPE '!'
         ORDER BY CASE WHEN folded LIKE $2 ESCAPE '!' THEN 0 ELSE 1 END, folded LIMIT $3")
    .bind(format!("%{escaped}%"))
    .bind(format!("{escaped}%"))
    .bind(limit)
    .all(tx)
    .await
}

/// All tags with how many cases have them, counted up to `limit`.
pub async fn tag_uses(tx: &mut Tx, limit: i64) -> Result<Vec<TagUse>> {
    sql("SELECT t.id, t.name, (SELECT COUNT(*) FROM (SELECT 1 AS one FROM case_tags WHERE tag_id = t.id LIMIT $1) AS found) AS cases
         FROM tags t ORDER BY t.folded")
    .bind(limit)
    .all(tx)
    .await
}

/// The tag of this name, made if there is none yet, also if somebody else makes it at this moment.
pub async fn make_tag(tx: &mut Tx, name: &str, folded: &str) -> Result<Tag> {
    if let Some(tag) = tag_named(tx, folded).await? {
        return Ok(tag);
    }
    sql("INSERT INTO tags (name, folded) VALUES ($1, $2) ON CONFLICT (folded) DO NOTHING")
        .bind(name)
        .bind(folded)
        .run(tx)
        .await?;
    tag_named(tx, folded).await?.ok_or(Error::NotFound)
}

/// Whether the case did not have it yet.
pub async fn insert_tag(tx: &mut Tx, case: CaseId, tag: TagId) -> Result<bool> {
    let added = sql("INSERT INTO case_tags (case_id, tag_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(case)
        .bind(tag)
        .run(tx)
        .await?;
    Ok(added != 0)
}

/// Whether the case had it.
pub async fn delete_tag(tx: &mut Tx, case: CaseId, tag: TagId) -> Result<bool> {
    let removed = sql("DELETE FROM case_tags WHERE case_id = $1 AND tag_id = $2").bind(case).bind(tag);
    Ok(removed.run(tx).await? != 0)
}

pub async fn count_tags(tx: &mut Tx, case: CaseId) -> Result<i64> {
    sql("SELECT COUNT(*) FROM case_tags WHERE case_id = $1").bind(case).value(tx).await
}

pub async fn rename_tag(tx: &mut Tx, tag: TagId, name: &str, folded: &str) -> Result<()> {
    let renamed =
        sql("UPDATE tags SET name = $2, folded = $3 WHERE id = $1").bind(tag).bind(name).bind(folded);
    if renamed.run(tx).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Cases of the first tag have the second one.
pub async fn move_tag(tx: &mut Tx, from: TagId, into: TagId) -> Result<()> {
    sql("INSERT INTO case_tags (case_id, tag_id) SELECT case_id, $2 FROM case_tags WHERE tag_id = $1
         ON CONFLICT DO NOTHING")
    .bind(from)
    .bind(into)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn tagged(tx: &mut Tx, tag: TagId) -> Result<Vec<i64>> {
    sql("SELECT case_id FROM case_tags WHERE tag_id = $1").bind(tag).values(tx).await
}

pub async fn forget_tag(tx: &mut Tx, tag: TagId) -> Result<()> {
    sql("DELETE FROM case_tags WHERE tag_id = $1").bind(tag).run(tx).await?;
    sql("DELETE FROM tags WHERE id = $1").bind(tag).run(tx).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct FieldRow {
    id: CaseFieldId,
    key: String,
    name_de: String,
    name_en: String,
    help_de: String,
    help_en: String,
    field_type: FieldType,
    required: bool,
    standard: Option<String>,
    queues: String,
    kinds: String,
    only_field_id: Option<CaseFieldId>,
    only_value: Option<String>,
    choices: String,
    place: i64,
    archived: bool,
}

impl FieldRow {
    fn read(self) -> Result<CaseField> {
        let ids = |text: &str| text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<i64>>();
        let choices: Vec<Choice> = serde_json::from_str(&self.choices)?;
        let only_value = self.only_value;
        Ok(CaseField {
            id: self.id,
            key: self.key,
            name: Bilingual { de: self.name_de, en: self.name_en },
            help: Bilingual { de: self.help_de, en: self.help_en },
            field_type: self.field_type,
            required: self.required,
            standard: self.standard,
            queues: ids(&self.queues).into_iter().map(QueueId).collect(),
            kinds: ids(&self.kinds).into_iter().map(CaseKindId).collect(),
            only_if: self.only_field_id.map(|field| OnlyIf { field, value: only_value }),
            choices,
            place: self.place,
            archived: self.archived,
        })
    }
}

const FIELD: &str =
    "SELECT id, key, name_de, name_en, help_de, help_en, field_type, required, standard, queues, kinds,
    only_field_id, only_value, choices, place, archived FROM case_fields ";

static FIELDS: Kept<Vec<CaseField>> = Kept::new("case fields", |tx| Box::pin(load_fields(tx)));

/// All fields, archived ones too, in their order.
pub async fn fields(tx: &mut Tx) -> Result<Vec<CaseField>> {
    Ok(FIELDS.get(tx).await?.to_vec())
}

async fn load_fields(tx: &mut Tx) -> Result<Vec<CaseField>> {
    let rows: Vec<FieldRow> = sql(FIELD).push("ORDER BY place, id").all(tx).await?;
    rows.into_iter().map(FieldRow::read).collect()
}

pub async fn field(tx: &mut Tx, field: CaseFieldId) -> Result<CaseField> {
    sql(FIELD).push("WHERE id = ").push_bind(field).one::<FieldRow>(tx).await?.read()
}

pub async fn field_named(tx: &mut Tx, key: &str) -> Result<CaseField> {
    sql(FIELD).push("WHERE key = ").push_bind(key).one::<FieldRow>(tx).await?.read()
}

/// Adds or changes a field. Its key and its type stay: values are stored by them.
pub async fn save_field(tx: &mut Tx, id: Option<CaseFieldId>, field: &CaseField) -> Result<CaseFieldId> {
    let spaced = |ids: Vec<i64>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let statement = match id {
        None => sql("INSERT INTO case_fields (name_de, name_en, help_de, help_en, required, standard, queues, kinds,
                         only_field_id, only_value, choices, place, archived, key, field_type)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id"),
        Some(_) => sql("UPDATE case_fields SET name_de = $1, name_en = $2, help_de = $3, help_en = $4, required = $5,
                            standard = $6, queues = $7, kinds = $8, only_field_id = $9, only_value = $10, choices = $11,
                            place = $12, archived = $13
                        WHERE id = $14 RETURNING id"),
    };
    let only = field.only_if.as_ref();
    let statement = statement
        .bind(&field.name.de)
        .bind(&field.name.en)
        .bind(&field.help.de)
        .bind(&field.help.en)
        .bind(field.required)
        .bind(field.standard.clone())
        .bind(spaced(field.queues.iter().map(|id| id.0).collect()))
        .bind(spaced(field.kinds.iter().map(|id| id.0).collect()))
        .bind(only.map(|only| only.field))
        .bind(only.and_then(|only| only.value.clone()))
        .bind(serde_json::to_string(&field.choices)?)
        .bind(field.place)
        .bind(field.archived);
    match id {
        None => statement.bind(&field.key).bind(field.field_type).value(tx).await,
        Some(id) => statement.bind(id).value(tx).await,
    }
}

/// What stands in the fields of a case.
pub async fn values(tx: &mut Tx, case: CaseId) -> Result<Vec<(CaseFieldId, String)>> {
    if tx.has_none(&VALUES, case.0) {
        return Ok(Vec::new());
    }
    sql("SELECT field_id, value FROM case_values WHERE case_id = $1").bind(case).all(tx).await
}

/// As [`values`], of several cases.
pub async fn values_of(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, CaseFieldId, String)>> {
    let mut values = Vec::new();
    for cases in key_lists(cases) {
        let statement = sql("SELECT case_id, field_id, value FROM case_values WHERE case_id IN ");
        let statement = statement.push_list(cases.iter().copied());
        values.extend::<Vec<(CaseId, CaseFieldId, String)>>(statement.all(tx).await?);
    }
    Ok(values)
}

pub async fn value(tx: &mut Tx, case: CaseId, field: CaseFieldId) -> Result<Option<String>> {
    Ok(whole_value(tx, case, field).await?.map(|value| value.text))
}

/// A value with what filters compare.
pub async fn whole_value(tx: &mut Tx, case: CaseId, field: CaseFieldId) -> Result<Option<Value>> {
    let row: Option<(String, Option<f64>, Option<Timestamp>)> =
        sql("SELECT value, number, at FROM case_values WHERE case_id = $1 AND field_id = $2")
            .bind(case)
            .bind(field)
            .maybe(tx)
            .await?;
    Ok(row.map(|(text, number, at)| Value { text, number, at }))
}

pub async fn set_value(tx: &mut Tx, case: CaseId, field: CaseFieldId, value: &Value) -> Result<()> {
    sql("INSERT INTO case_values (case_id, field_id, value, folded, number, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (case_id, field_id) DO UPDATE SET value = excluded.value, folded = excluded.folded,
             number = excluded.number, at = excluded.at")
    .bind(case)
    .bind(field)
    .bind(&value.text)
    .bind(value.folded())
    .bind(value.number)
    .bind(value.at)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn delete_value(tx: &mut Tx, case: CaseId, field: CaseFieldId) -> Result<()> {
    sql("DELETE FROM case_values WHERE case_id = $1 AND field_id = $2")
        .bind(case)
        .bind(field)
        .run(tx)
        .await?;
    Ok(())
}

static TAGGED: Table<2> = Table { name: "case_tags", columns: ["case_id", "tag_id"], depth: 2 };
static VALUED: Table<6> = Table {
    name: "case_values",
    columns: ["case_id", "field_id", "value", "folded", "number", "at"],
    depth: 2,
};

/// Rows of a case whose past is brought in.
pub fn insert_past(tx: &mut Tx, case: CaseId, tags: &[TagId], values: &[(CaseFieldId, Value)]) {
    for tag in tags {
        tx.insert_later(&TAGGED, [case.into(), (*tag).into()]);
    }
    for (field, value) in values {
        let row: [Arg; 6] = [
            case.into(),
            (*field).into(),
            (&value.text).into(),
            value.folded().into(),
            value.number.into(),
            value.at.into(),
        ];
        tx.insert_later(&VALUED, row);
    }
}
