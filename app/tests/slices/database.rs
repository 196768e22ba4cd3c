//! The database and its connections recover from what disks do.

use std::time::Duration;

use anyhow::Result;
use axum::http::StatusCode;
use kitt::people;
use kitt::platform::{Db, Role, Tx, sql};

use crate::world::{World, both};

both!(what_is_kept_in_memory_is_never_out_of_date);

/// When the disk is full SQLite ends a transaction by itself, and the driver does not notice.
#[tokio::test]
async fn on_sqlite_a_transaction_that_ended_by_itself_stops_no_other() -> Result<()> {
    let world = World::on_sqlite().await?;
    for _ in 0..2 {
        let mut tx = world.app.db.write().await?;
        sql("INSERT INTO settings (name, value) VALUES ('lost', '')").run(&mut tx).await?;
        sql("ROLLBACK").run(&mut tx).await?;
        assert!(tx.commit().await.is_err(), "there is nothing to commit");
    }
    for _ in 0..20 {
        let mut tx = world.app.db.read().await?;
        sql("ROLLBACK").run(&mut tx).await?;
    }

    let mut tx = world.app.db.write().await?;
    sql("INSERT INTO settings (name, value) VALUES ('kept', '')").run(&mut tx).await?;
    tx.commit().await?;

    // No reader has kept its view of the time before.
    for _ in 0..20 {
        let names: Vec<String> = sql("SELECT name FROM settings WHERE name IN ('lost', 'kept')")
            .values(&mut world.read().await?)
            .await?;
        assert_eq!(names, ["kept"]);
    }
    Ok(())
}

/// Sessions are touched once an hour.
#[tokio::test]
async fn on_sqlite_a_login_does_not_end_because_its_use_cannot_be_noted() -> Result<()> {
    let world = World::on_sqlite().await?;
    let before = world.get(Role::Agent, "/search?q=Lampe").await?;
    let mut tx = world.app.db.write().await?;
    sql("CREATE TRIGGER no_room BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'no room'); END")
        .run(&mut tx)
        .await?;
    tx.commit().await?;

    world.app.clock().advance(Duration::from_hours(2));
    let after = world.get(Role::Agent, "/search?q=Lampe").await?;

    assert_eq!((before.status, after.status), (StatusCode::OK, StatusCode::OK), "{}", after.location());
    Ok(())
}

/// The name of the first queue, as pages get it.
async fn queue_name(tx: &mut Tx) -> Result<Option<String>> {
    Ok(people::queues(tx).await?.into_iter().next().map(|queue| queue.name))
}

async fn rename(tx: &mut Tx, name: &'static str) -> Result<()> {
    sql("UPDATE queues SET name = $1 WHERE id = (SELECT MIN(id) FROM queues)").bind(name).run(tx).await?;
    Ok(())
}

async fn what_is_kept_in_memory_is_never_out_of_date(world: World) -> Result<()> {
    let other_node = Db::connect(&world.app.settings().database).await?;
    let before = queue_name(&mut world.read().await?).await?;
    assert_eq!(queue_name(&mut other_node.read().await?).await?, before);

    let mut tx = world.app.db.write().await?;
    rename(&mut tx, "Werkstatt").await?;
    assert_eq!(queue_name(&mut tx).await?.as_deref(), Some("Werkstatt"), "who changes it sees it at once");
    drop(tx);
    assert_eq!(queue_name(&mut world.read().await?).await?, before, "it was rolled back");

    let mut tx = other_node.write().await?;
    rename(&mut tx, "Versand").await?;
    tx.commit().await?;
    for db in [&world.app.db, &other_node] {
        assert_eq!(queue_name(&mut db.read().await?).await?.as_deref(), Some("Versand"));
    }
    other_node.close().await;
    Ok(())
}
