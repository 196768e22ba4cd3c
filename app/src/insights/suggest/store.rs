//! SQL of the table `insights_learnt`.

use crate::findings::Kind;
use crate::journal::Cursor;
use crate::platform::{Result, Timestamp, Tx, sql};

#[derive(sqlx::FromRow)]
struct Learnt {
    kind: Kind,
    bytes: Vec<u8>,
    xid: i64,
    entry_id: i64,
}

/// What was learnt of each kind, and up to where in the journal.
pub async fn learnt(tx: &mut Tx) -> Result<Option<(Vec<(Kind, Vec<u8>)>, Cursor)>> {
    let rows: Vec<Learnt> =
        sql("SELECT kind, bytes, xid, entry_id FROM insights_learnt ORDER BY kind").all(tx).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let cursor = Cursor { xid: first.xid, id: first.entry_id };
    Ok(Some((rows.into_iter().map(|row| (row.kind, row.bytes)).collect(), cursor)))
}

pub async fn save_learnt(
    tx: &mut Tx,
    parts: &[(Kind, Vec<u8>)],
    cursor: Cursor,
    now: Timestamp,
) -> Result<()> {
    for (kind, bytes) in parts {
        sql("INSERT INTO insights_learnt (kind, bytes, xid, entry_id, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (kind) DO UPDATE SET bytes = excluded.bytes, xid = excluded.xid, entry_id = excluded.entry_id,
                                              at = excluded.at")
        .bind(*kind)
        .bind(bytes.as_slice())
        .bind(cursor.xid)
        .bind(cursor.id)
        .bind(now)
        .run(tx)
        .await?;
    }
    Ok(())
}
