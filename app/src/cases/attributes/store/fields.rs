//! SQL of the fields that the house made, and of what stands in them.

use crate::cases::attributes::model::{CaseField, Choice, FieldType, OnlyIf};
use crate::cases::attributes::value::Value;
use crate::cases::store::of_case::VALUES;
use crate::platform::{
    Bilingual, CaseFieldId, CaseId, CaseKindId, Kept, QueueId, Result, Timestamp, Tx, key_lists, sql,
};

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
