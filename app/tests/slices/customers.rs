//! The customer's file.

use anyhow::Result;
use kitt::customers;
use kitt::customers::{NewCustomer, PointKind};
use kitt::platform::{Error, Right, Timestamp};

use crate::world::{World, both};

both!(
    an_address_in_any_case_is_the_same_customer,
    a_contact_point_stays_with_its_first_owner,
    a_note_is_kept_with_its_source_and_can_be_forgotten,
    a_promise_is_broken_once_its_time_is_over,
    a_list_goes_on_where_it_ended,
);

async fn an_address_in_any_case_is_the_same_customer(world: World) -> Result<()> {
    let first = world.customer("Ingrid Sommerauer", "Ingrid@Example.org").await?;
    let second = world.customer("I. S.", " ingrid@example.ORG").await?;

    assert_eq!(first, second);
    let mut tx = world.read().await?;
    let file = customers::file(&mut tx, first, world.now()).await?;
    assert_eq!((file.customer.name.as_str(), file.points.len()), ("Ingrid Sommerauer", 1));
    assert_eq!(customers::email(&mut tx, first).await?.as_deref(), Some("Ingrid@Example.org"));
    Ok(())
}

async fn a_contact_point_stays_with_its_first_owner(world: World) -> Result<()> {
    let first = world.customer("Anna", "familie@example.org").await?;
    let mut tx = world.app.db.write().await?;
    let points =
        vec![(PointKind::Email, "FAMILIE@example.org".into()), (PointKind::Phone, "+43 1 23 45".into())];
    let new = NewCustomer { name: "Ben".into(), points, ..NewCustomer::default() };
    let second = customers::add(&world.app, &mut tx, &world.agent, &new).await?;

    assert_eq!(customers::by_point(&mut tx, PointKind::Email, "familie@example.org").await?, Some(first));
    assert_eq!(customers::by_point(&mut tx, PointKind::Phone, "+4312345").await?, Some(second));
    Ok(())
}

async fn a_note_is_kept_with_its_source_and_can_be_forgotten(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    let (app, agent) = (&world.app, &world.agent);

    customers::note(app, agent, customer, "  hat einen Hund ").await?;
    let empty = customers::note(app, agent, customer, " ").await;
    let stranger = customers::note(app, &world.department_member, customer, "x").await;
    let notes = customers::file(&mut world.read().await?, customer, world.now()).await?.notes;
    customers::forget_note(app, agent, customer, notes[0].id).await?;
    let again = customers::forget_note(app, agent, customer, notes[0].id).await;

    assert_eq!((notes[0].text.as_str(), notes[0].source.as_str()), ("hat einen Hund", "Eva Agent"));
    assert!(matches!(empty, Err(Error::Invalid(_))));
    assert!(matches!(stranger, Err(Error::Forbidden(Right::EditCustomers))));
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    assert!(customers::file(&mut world.read().await?, customer, world.now()).await?.notes.is_empty());
    Ok(())
}

async fn a_promise_is_broken_once_its_time_is_over(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    let due = world.now() + Timestamp::days(2);
    customers::promise(&world.app, &world.agent, customer, None, "Wir rufen an", due).await?;
    let promise = customers::file(&mut world.read().await?, customer, world.now()).await?.promises.remove(0);

    assert!(!promise.is_broken(world.now()) && !promise.is_broken(due));
    assert!(promise.is_broken(due + Timestamp::days(1)));
    customers::end_promise(&world.app, &world.agent, customer, promise.id, true).await?;
    let kept = customers::file(&mut world.read().await?, customer, world.now()).await?.promises.remove(0);
    assert!(!kept.is_broken(due + Timestamp::days(1)));
    assert_eq!(kept.made_by.as_deref(), Some("Eva Agent"));
    Ok(())
}

async fn a_list_goes_on_where_it_ended(world: World) -> Result<()> {
    for (name, local) in [("Özlem", "o"), ("anton", "a"), ("Zoe", "z"), ("Berta", "b")] {
        world.customer(name, &format!("{local}@example.org")).await?;
    }
    let mut tx = world.read().await?;
    let mut names = Vec::new();
    let mut cursor = None;
    loop {
        let page = customers::list(&mut tx, "", cursor, 3).await?;
        names.extend(page.iter().map(|customer| customer.name.clone()));
        let Some(last) = page.last().filter(|_| page.len() == 3) else { break };
        cursor = Some((customers::fold(&last.name), last.id));
    }

    assert_eq!(names, ["anton", "Berta", "Özlem", "Zoe"]);
    assert_eq!(customers::list(&mut tx, "özl", None, 10).await?.len(), 1);
    Ok(())
}
