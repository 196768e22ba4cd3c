//! Days of the work: counted when they are over, once, and what comes late is added to them.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Channel, Incoming, figures};
use kitt::people;
use kitt::platform::{CaseId, CustomerId, Timestamp};

use super::DAY;
use crate::world::{World, both};

both!(
    a_day_that_is_over_is_counted_once_and_stays_so,
    what_is_left_is_carried_from_day_to_day_and_put_right_in_the_end,
    what_was_opened_again_since_was_not_left_yesterday,
    histories_say_how_soon_their_first_answer_came,
    cases_that_come_with_an_old_date_are_added_to_their_days,
    what_is_late_before_its_day_is_counted_is_counted_once,
    what_another_case_took_in_is_not_left,
);

async fn a_day_that_is_over_is_counted_once_and_stays_so(world: World) -> Result<()> {
    let (answered, closed) =
        (world.write_in("Die Lampe flackert").await?.0, world.write_in("Erledigt").await?.0);
    world.write_in("Offen").await?;
    world.forward(std::time::Duration::from_mins(90));
    world.answer_in(answered).await?;
    cases::close(&world.app, &world.agent, closed).await?;
    assert_eq!(world.count_days().await?, 0, "the day is not over");

    world.forward(Timestamp::days(DAY));
    assert_eq!(world.count_days().await?, 1);
    let today = figures::day_of(&world.app, world.now());
    let monday = today.yesterday()?;
    let before = figures::days(&mut world.read().await?, monday, today).await?;
    cases::reopen(&world.app, &world.agent, closed).await?;

    assert_eq!(world.count_days().await?, 0, "a day is counted once");
    let days = figures::days(&mut world.read().await?, monday, today).await?;
    assert_eq!(days, before, "what happened later changes no former day");
    let [(day, part, tally)] = days.as_slice() else { anyhow::bail!("{days:?}") };
    assert_eq!((*day, *part), (monday, (world.queue, Channel::Email)));
    assert_eq!((tally.opened[9], tally.closed[10], tally.left), (3, 1, 2), "{tally:?}");
    assert_eq!((tally.first.len(), tally.solution.len(), tally.kept), (1, 1, [1, 0, 0]), "{tally:?}");
    let waited = tally.first.quantile(0.5).context("an answer")?;
    assert!((80.0..100.0).contains(&waited), "{waited}");
    Ok(())
}

async fn what_is_left_is_carried_from_day_to_day_and_put_right_in_the_end(world: World) -> Result<()> {
    let first = world.write_in("Eins").await?.0;
    world.forward(Timestamp::days(DAY));
    world.write_in("Zwei").await?;
    world.forward(Timestamp::days(2));
    cases::close(&world.app, &world.agent, first).await?;
    world.forward(Timestamp::days(DAY));

    assert_eq!(world.count_days().await?, 4);

    let today = figures::day_of(&world.app, world.now());
    let days = figures::days(&mut world.read().await?, today.checked_sub(jiff_days(4))?, today).await?;
    let left: Vec<i64> = days.iter().map(|(_, _, tally)| tally.left).collect();
    assert_eq!(left, [1, 2, 2, 1]);
    Ok(())
}

fn jiff_days(days: i64) -> jiff::Span {
    jiff::Span::new().days(days)
}

enum Step {
    Close,
    Reopen,
    /// Another case takes it in.
    Join,
    /// The customer writes.
    Write,
}

async fn what_was_opened_again_since_was_not_left_yesterday(world: World) -> Result<()> {
    use Step::{Close, Join, Reopen, Write};
    let courses: [(&str, &[Step], &[Step], i64); 10] = [
        ("open", &[], &[], 1),
        ("closed", &[Close], &[], 0),
        ("closed today", &[], &[Close], 1),
        ("closed and opened again today", &[], &[Close, Reopen], 1),
        ("opened again", &[Close], &[Reopen], 0),
        ("opened again and closed", &[Close], &[Reopen, Close], 0),
        ("opened again twice", &[Close], &[Reopen, Close, Reopen], 0),
        ("written to", &[Close], &[Write], 0),
        ("taken in", &[], &[Join], 1),
        ("closed and taken in", &[Close], &[Join], 0),
    ];
    let other = world.write_in("Nimmt auf").await?.0;
    let mut cases = Vec::new();
    for (name, yesterday, ..) in &courses {
        let mut tx = world.app.db.write().await?;
        let queue = people::add_queue(&mut tx, name, Some(world.team), None, 60).await?;
        tx.commit().await?;
        let case = world.case_in(queue).await?;
        world.take(yesterday, case, other).await?;
        cases.push((queue, case));
    }

    world.forward(Timestamp::days(DAY));
    for ((_, _, today, _), (_, case)) in courses.iter().zip(&cases) {
        world.take(today, *case, other).await?;
    }
    assert_eq!(world.count_days().await?, 1);

    let today = figures::day_of(&world.app, world.now());
    let days = figures::days(&mut world.read().await?, today.yesterday()?, today).await?;
    for ((name, _, _, left), (queue, _)) in courses.iter().zip(&cases) {
        let found = days.iter().find(|(_, part, _)| part.0 == *queue).map_or(0, |(.., tally)| tally.left);
        assert_eq!(found, *left, "{name}");
    }
    Ok(())
}

async fn histories_say_how_soon_their_first_answer_came(world: World) -> Result<()> {
    let customer = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let now = world.now();
    let mut tx = world.app.db.write().await?;
    let old = cases::NewCase {
        owner: None,
        status: cases::Status::Closed,
        created_at: now - Timestamp::days(4),
        updated_at: now - Timestamp::days(4),
        due: None,
        wait_until: None,
        closed_at: Some(now - Timestamp::days(3)),
        answered_at: Some(now - Timestamp::days(4) + std::time::Duration::from_hours(1)),
        subject: "Alt".into(),
        customer,
        queue: world.queue,
        channel: Channel::Phone,
        priority: cases::Priority::Normal,
        contacts: 0,
        internal: 0,
        snippet: String::new(),
        speaker: None,
    };
    cases::add_history(&world.app, &mut tx, &old).await?;
    tx.commit().await?;

    world.count_days().await?;

    let today = figures::day_of(&world.app, now);
    let days = figures::days(&mut world.read().await?, today.checked_sub(jiff_days(7))?, today).await?;
    let mut sum = figures::Tally::default();
    for (_, _, tally) in &days {
        sum.merge(tally);
    }
    assert_eq!((sum.opened_in_all(), sum.first.len(), sum.solution.len()), (1, 1, 1), "{days:?}");
    assert_eq!(sum.kept[0] + sum.missed[0], 1);
    Ok(())
}

/// A case of former days, from the start of one day to that of another.
fn old_case(world: &World, customer: CustomerId, opened: i64, closed: Option<i64>) -> cases::NewCase {
    let ago = |days| world.now() - Timestamp::days(days);
    cases::NewCase {
        owner: None,
        status: if closed.is_some() { cases::Status::Closed } else { cases::Status::Open },
        created_at: ago(opened),
        updated_at: ago(closed.unwrap_or(opened)),
        due: None,
        wait_until: None,
        closed_at: closed.map(ago),
        answered_at: closed.map(ago),
        subject: "Alt".into(),
        customer,
        queue: world.queue,
        channel: Channel::Email,
        priority: cases::Priority::Normal,
        contacts: 0,
        internal: 0,
        snippet: String::new(),
        speaker: None,
    }
}

impl World {
    async fn take(&self, steps: &[Step], case: CaseId, other: CaseId) -> Result<()> {
        for step in steps {
            match step {
                Step::Close => cases::close(&self.app, &self.agent, case).await?,
                Step::Reopen => cases::reopen(&self.app, &self.agent, case).await?,
                Step::Join => drop(cases::merge(&self.app, &self.agent, other, &[case]).await?),
                Step::Write => drop(self.write_to(case).await?),
            }
        }
        Ok(())
    }

    async fn add_old(&self, opened: i64, closed: Option<i64>) -> Result<()> {
        let customer = self.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
        let mut tx = self.app.db.write().await?;
        cases::add_history(&self.app, &mut tx, &old_case(self, customer, opened, closed)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Opened, closed and left of the last days that are counted.
    async fn counted_days(&self, days: i64) -> Result<Vec<(i64, i64, i64)>> {
        let today = figures::day_of(&self.app, self.now());
        let days = figures::days(&mut self.read().await?, today.checked_sub(jiff_days(days))?, today).await?;
        Ok(days.iter().map(|(_, _, day)| (day.opened_in_all(), day.closed_in_all(), day.left)).collect())
    }
}

async fn cases_that_come_with_an_old_date_are_added_to_their_days(world: World) -> Result<()> {
    world.write_in("Eins").await?;
    let closed = world.write_in("Zwei").await?.0;
    world.forward(Timestamp::days(1));
    cases::close(&world.app, &world.agent, closed).await?;
    world.forward(Timestamp::days(3));
    world.count_days().await?;
    cases::reopen(&world.app, &world.agent, closed).await?;
    world.forward(Timestamp::days(1));
    assert_eq!(world.count_days().await?, 1);
    assert_eq!(world.counted_days(9).await?, [(2, 0, 2), (0, 1, 1), (0, 0, 1), (0, 0, 1), (0, 0, 2)]);

    world.add_old(3, Some(2)).await?;
    world.add_old(6, None).await?;
    assert!(0 < world.count_days().await?);

    let days = [(1, 0, 1), (2, 0, 3), (0, 1, 2), (1, 0, 3), (0, 1, 2), (0, 0, 3)];
    assert_eq!(world.counted_days(9).await?, days, "what else was counted then stays");
    assert_eq!(world.count_days().await?, 0, "once");
    let today = figures::day_of(&world.app, world.now());
    let answers: u64 = figures::days(&mut world.read().await?, today.checked_sub(jiff_days(9))?, today)
        .await?
        .iter()
        .map(|(_, _, day)| day.first.len())
        .sum();
    assert_eq!(answers, 1, "how soon the late one was answered");
    Ok(())
}

async fn what_is_late_before_its_day_is_counted_is_counted_once(world: World) -> Result<()> {
    world.write_in("Eins").await?;
    world.forward(Timestamp::days(3));
    let at = world.now() - Timestamp::days(2);
    world.receive(Incoming { at, ..world.incoming(None, "Lag herum").await? }).await?;

    world.count_days().await?;

    assert_eq!(world.counted_days(9).await?, [(1, 0, 1), (1, 0, 2), (0, 0, 2)]);
    assert_eq!(world.count_days().await?, 0);
    Ok(())
}

async fn what_another_case_took_in_is_not_left(world: World) -> Result<()> {
    let into = world.write_in("Eins").await?.0;
    let from = world.write_in("Noch einmal eins").await?.0;
    cases::merge(&world.app, &world.agent, into, &[from]).await?;
    world.forward(Timestamp::days(3));

    world.count_days().await?;

    let today = figures::day_of(&world.app, world.now());
    let days = figures::days(&mut world.read().await?, today.checked_sub(jiff_days(3))?, today).await?;
    let seen: Vec<_> = days.iter().map(|(_, _, day)| (day.joined, day.closed_in_all(), day.left)).collect();
    assert_eq!(seen, [(1, 0, 1), (0, 0, 1), (0, 0, 1)], "{days:?}");
    Ok(())
}
