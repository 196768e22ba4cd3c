//! SQL of spam, trash and privacy.

use crate::cases::model::Bin;
use crate::platform::{CaseId, Result, Timestamp, Tx, sql};

/// Puts a case into a bin, or takes it out.
pub async fn set_bin(tx: &mut Tx, case: CaseId, bin: Option<Bin>, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET bin = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(bin)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_private(tx: &mut Tx, case: CaseId, private: bool, now: Timestamp) -> Result<()> {
    // Lists that are remembered show it.
    tx.count_up();
    sql("UPDATE cases SET private = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(private)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}
