//! Dry runs that two work on, and those that nobody waits for any more.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::platform::{dialect, sql};
use kitt::rules;
use kitt::rules::{Deed, Draft, DryState, Event, RuleKind};
use serde_json::json;

use super::{draft, trigger};
use crate::world::{World, both};

both!(a_dry_run_that_was_overtaken_goes_on, who_looks_anew_stops_what_they_looked_for_before);

fn tried() -> Draft {
    draft(RuleKind::Trigger, "Probe", trigger(Event::Opened, &[(Deed::Tag, "x")]))
}

impl World {
    /// A dry run that is as if it had just begun, and of which no job knows.
    async fn trial_begun(&self) -> Result<i64> {
        let dry = rules::dry_run(&self.app, &self.admin, None, &tried()).await?;
        let id = dry.id.context("it is kept")?;
        self.forward(Duration::from_secs(10));
        self.settle().await?;
        let mut tx = self.app.db.write().await?;
        sql("DELETE FROM rule_trial_cases").run(&mut tx).await?;
        sql(
            "UPDATE rule_trials SET state = 'running', before_id = $1, looked_at = 0, matches = 0, cases = 0",
        )
        .bind(i64::MAX)
        .run(&mut tx)
        .await?;
        tx.commit().await?;
        Ok(id)
    }
}

async fn a_dry_run_that_was_overtaken_goes_on(world: World) -> Result<()> {
    world.asked("Rechnung").await?;
    world.settle().await?;
    let id = world.trial_begun().await?;
    let job = rules::JOBS.iter().find(|kind| kind.name == "rule_trial").context("the job")?;

    // Another one keeps what it found while the job looks at the same page.
    let mut tx = world.app.db.write().await?;
    dialect::lock(&mut tx, "rule_trial", id).await?;
    let look = tokio::spawn((job.run)(world.app.clone(), json!(id)));
    tokio::time::sleep(Duration::from_millis(500)).await;
    sql("UPDATE rule_trials SET before_id = $1 WHERE id = $2")
        .bind(i64::MAX - 1)
        .bind(id)
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    look.await??;
    world.settle().await?;

    let dry = rules::trial_found(&world.app, &world.admin, id).await?;
    assert_eq!((dry.state, dry.matches), (DryState::Done, 1), "{dry:?}");
    Ok(())
}

async fn who_looks_anew_stops_what_they_looked_for_before(world: World) -> Result<()> {
    let first = world.trial_begun().await?;
    let by_lead = Draft { team: Some(world.team), ..tried() };
    rules::dry_run(&world.app, &world.lead, None, &by_lead).await?;
    let other = rules::trial_found(&world.app, &world.admin, first).await?.state;

    rules::dry_run(&world.app, &world.admin, None, &tried()).await?;

    let stopped = rules::trial_found(&world.app, &world.admin, first).await?.state;
    assert_eq!((other, stopped), (DryState::Running, DryState::Stopped), "only one's own");
    Ok(())
}
