//! How the house writes.

use crate::platform::{Kept, Result, Tx, sql};

static UNDO: Kept<i64> = Kept::new("undo seconds", |tx| {
    Box::pin(async move { sql("SELECT undo_seconds FROM writing_rules WHERE id = 1").value(tx).await })
});

pub async fn undo_seconds(tx: &mut Tx) -> Result<i64> {
    Ok(*UNDO.get(tx).await?)
}

pub async fn set_undo(tx: &mut Tx, seconds: i64) -> Result<()> {
    sql("UPDATE writing_rules SET undo_seconds = $1 WHERE id = 1").bind(seconds).run(tx).await?;
    Ok(())
}
