//! SQL of kinds and own states, and of the case's columns that name them; tags, fields and their values.

mod fields;
mod tags;

pub use self::fields::{
    delete_value, field, field_named, fields, save_field, set_value, value, values, values_of, whole_value,
};
pub use self::tags::{
    count_tags, delete_tag, forget_tag, insert_tag, make_tag, move_tag, rename_tag, tag, tag_named, tag_uses,
    tagged, tags_like, tags_of,
};

use super::model::{CaseKind, OwnState};
use super::value::Value;
use crate::cases::model::Priority;
use crate::platform::{
    Arg, CaseFieldId, CaseId, CaseKindId, Kept, OwnStateId, Result, Table, TagId, Timestamp, Tx, sql,
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
