//! Lists of cases: filters, orders, views of one's own, counts, tables, files, and the same done to many.

mod columns;
mod filters;
mod many;
mod set;
mod views;

use anyhow::Result;
use kitt::cases;
use kitt::platform::{CaseId, Timestamp, sql};

use crate::world::World;

impl World {
    /// Cases that differ in everything that lists look at, the oldest first.
    async fn cases(&self, number: usize) -> Result<Vec<CaseId>> {
        let mut cases = Vec::new();
        for at in 0..number {
            cases.push(self.write_in(&format!("Anliegen {at}")).await?.0);
            self.forward(Timestamp::days(1) / 24);
        }
        Ok(cases)
    }

    async fn number_of(&self, case: CaseId) -> Result<String> {
        Ok(cases::case(&mut self.read().await?, case).await?.number)
    }

    /// Many cases, so that an index is worth it.
    async fn fill(&self, number: i64) -> Result<()> {
        let case = self.write_in("Vorlage").await?.0;
        let mut tx = self.app.db.write().await?;
        sql("INSERT INTO cases (number, subject, customer_id, queue_id, owner_id, status, channel, priority, created_at,
                updated_at, due_at, sort_at, contacts, snippet, documented, signals, active_seconds, version, bin)
             SELECT 'x' || n.id, 'Fall', c.customer_id, c.queue_id, CASE WHEN n.id % 5 = 0 THEN 1 END,
                CASE n.id % 10 WHEN 0 THEN 'open' WHEN 1 THEN 'waiting' ELSE 'closed' END, 'email',
                CASE n.id % 7 WHEN 0 THEN 'high' ELSE 'normal' END, n.id, n.id * 2, NULL, n.id * 3, 1, '', FALSE, '', 0, 1,
                CASE WHEN n.id % 50 = 0 THEN 'spam' END
             FROM cases c, (WITH RECURSIVE numbers(id) AS (
                SELECT 1 UNION ALL SELECT id + 1 FROM numbers WHERE id < $2) SELECT id FROM numbers) n WHERE c.id = $1")
        .bind(case)
        .bind(number)
        .run(&mut tx)
        .await?;
        tx.commit().await?;
        let mut tx = self.app.db.write().await?;
        sql("ANALYZE").run(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}
