//! What those who lead see of the work: counted days, groups that are too small, and the cases behind the counts.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, Channel, Incoming, figures};
use kitt::people;
use kitt::people::NewPerson;
use kitt::platform::{CaseId, CustomerId, QueueId, Role, TeamId, Timestamp, sql};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::world::{World, both};

both!(
    a_day_that_is_over_is_counted_once_and_stays_so,
    what_is_left_is_carried_from_day_to_day_and_put_right_in_the_end,
    what_was_opened_again_since_was_not_left_yesterday,
    histories_say_how_soon_their_first_answer_came,
    a_lead_sees_what_came_what_waits_and_what_was_before,
    how_long_things_took_is_shown_of_eight_people_and_more,
    a_small_teams_times_are_in_no_sum,
    small_teams_are_told_together_unless_a_channel_is_one_of_theirs_alone,
    when_a_small_team_closes_its_cases_is_in_no_figure,
    cases_that_come_with_an_old_date_are_added_to_their_days,
    what_is_late_before_its_day_is_counted_is_counted_once,
    a_team_of_several_queues_is_told_as_one,
    the_page_has_a_key_and_stays_up_to_date,
    hours_to_come_are_no_hours_without_cases,
    what_another_case_took_in_is_not_left,
    hidden_queues_and_private_cases_are_in_no_figure,
    counts_lead_to_their_cases_and_tables_are_files,
    what_nobody_is_responsible_for_is_counted_where_its_list_leads,
    what_was_before_is_said_only_where_it_is_known,
    only_those_who_lead_see_the_workload,
);

impl World {
    async fn count_days(&self) -> Result<usize> {
        Ok(figures::count_days(&self.app, &CancellationToken::new()).await?)
    }

    async fn answer_in(&self, case: CaseId) -> Result<()> {
        cases::reply(&self.app, &self.agent, case, Answer { text: "Gern.".into(), ..Answer::default() })
            .await?;
        Ok(())
    }

    /// So many more people answer customers in a team.
    async fn staffed(&self, team: Option<TeamId>, people: usize) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        for n in 0..people {
            let new = NewPerson {
                name: format!("Kollegin {n}"),
                email: format!("kollegin-{n}-{team:?}@haus.example"),
                roles: vec![Role::Agent],
                team,
                departments: Vec::new(),
            };
            people::add_person(&mut tx, &new, "-", self.now()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

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

    /// A case in a queue.
    async fn case_in(&self, queue: QueueId) -> Result<CaseId> {
        let case = self.write_in("Die Lampe flackert").await?.0;
        cases::move_to(&self.app, &self.admin, case, queue).await?;
        Ok(case)
    }

    async fn workload(&self, query: &str) -> Result<serde_json::Value> {
        self.get_json(Role::Lead, &format!("/workload{query}")).await?.json()
    }
}

const DAY: i64 = 1;

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

async fn a_lead_sees_what_came_what_waits_and_what_was_before(world: World) -> Result<()> {
    world.staffed(Some(world.team), 8).await?;
    world.write_in("Letzte Woche, gleiche Stunde").await?;
    world.forward(std::time::Duration::from_hours(3));
    world.write_in("Letzte Woche, später").await?;
    world.forward(Timestamp::days(6) + std::time::Duration::from_hours(21));
    world.count_days().await?;
    let waiting = world.write_in("Heute").await?.0;
    cases::wait(&world.app, &world.agent, waiting, None).await?;

    let today = world.workload("").await?;
    assert_eq!((&today["sums"]["opened"], &today["before"]["opened"]), (&1.into(), &1.into()), "{today}");
    assert_eq!((&today["now"]["open"], &today["now"]["waiting"]), (&2.into(), &1.into()), "{today}");
    assert_eq!(today["now"]["overdue"], 2);
    assert_eq!(today["points"][9]["opened"], 1);
    let week = world.workload("?time=7").await?;
    assert_eq!((&week["sums"]["opened"], &week["to"]), (&2.into(), &"2026-11-22".into()), "{week}");
    assert_eq!((&week["points"][0]["left"], &week["week"][0][9]), (&2.into(), &1.into()), "{week}");
    let other = world.workload("?time=7&channel=phone").await?;
    assert_eq!(other["sums"]["opened"], 0);
    let page = world.get(Role::Lead, "/workload?time=30").await?;
    assert!(page.body.contains("k-chart") && page.body.contains("Nach Eingang"), "{}", page.body);
    Ok(())
}

async fn how_long_things_took_is_shown_of_eight_people_and_more(world: World) -> Result<()> {
    for n in 0..7 {
        let case = world.write_in(&format!("Frage {n}")).await?.0;
        world.answer_in(case).await?;
    }
    let few = world.workload("").await?;
    assert_eq!((&few["small"], &few["sums"]["first"]), (&true.into(), &serde_json::Value::Null), "{few}");
    assert!(few["queues"][0]["first"].is_null() && few["channels"][0]["deadlines"].is_null(), "{few}");
    let page = world.get(Role::Lead, "/workload").await?;
    assert!(page.body.contains("weniger als acht Personen"), "{}", page.body);

    world.staffed(Some(world.team), 6).await?;
    let seven = world.workload("").await?;
    assert!(seven["sums"]["first"].is_null(), "seven answers say nothing, whoever gave them: {seven}");
    let case = world.write_in("Frage 8").await?.0;
    world.answer_in(case).await?;
    // Today is counted anew once half a minute is over.
    world.forward(Duration::from_secs(31));
    let many = world.workload("").await?;
    assert_eq!((&many["small"], &many["sums"]["first"]["count"]), (&false.into(), &8.into()), "{many}");
    assert_eq!(many["queues"][0]["deadlines"]["kept"], 8);
    assert!(!many.to_string().contains("Eva Agent"), "no figure names a person");
    Ok(())
}

async fn a_small_teams_times_are_in_no_sum(world: World) -> Result<()> {
    world.staffed(Some(world.team), 6).await?;
    let mut tx = world.app.db.write().await?;
    let small = people::add_team(&mut tx, "Zwei Leute").await?;
    let queue = people::add_queue(&mut tx, "Sonderfälle", Some(small), None, 480).await?;
    people::add_queue(&mut tx, "Alle", None, None, 480).await?;
    tx.commit().await?;
    for n in 0..8 {
        let case = world.write_in(&format!("Frage {n}")).await?.0;
        world.answer_in(case).await?;
    }
    let special = world.case_in(queue).await?;
    world.answer_in(special).await?;

    let seen = world.workload("").await?;

    let of = |name: &str| -> Result<serde_json::Value> {
        let rows = seen["queues"].as_array().context("rows")?;
        rows.iter().find(|row| row["name"] == name).cloned().context("a row")
    };
    assert_eq!(of("Sonderfälle")?["small"], true);
    assert_eq!(of("Alle")?["small"], false);
    assert_eq!(of("Kundenservice")?["first"]["count"], 8);
    assert_eq!(seen["sums"]["first"]["count"], 8, "or the difference would tell: {seen}");
    assert_eq!((&seen["sums"]["deadlines"]["kept"], &seen["sums"]["opened"]), (&8.into(), &9.into()));
    assert_eq!(seen["channels"][0]["first"]["count"], 8, "{seen}");
    let alone = world.workload(&format!("?queue={queue}")).await?;
    assert_eq!((&alone["small"], &alone["sums"]["opened"]), (&true.into(), &1.into()), "{alone}");
    Ok(())
}

async fn small_teams_are_told_together_unless_a_channel_is_one_of_theirs_alone(world: World) -> Result<()> {
    let mut queues = Vec::new();
    for name in ["Nord", "Süd"] {
        let mut tx = world.app.db.write().await?;
        let team = people::add_team(&mut tx, name).await?;
        queues.push(people::add_queue(&mut tx, name, Some(team), None, 480).await?);
        tx.commit().await?;
        world.staffed(Some(team), 4).await?;
    }
    for n in 0..8 {
        let case = world.case_in(queues[n % 2]).await?;
        world.answer_in(case).await?;
    }
    let together = world.workload("").await?;
    assert_eq!(together["channels"][0]["first"]["count"], 8, "eight people: {together}");

    let customer = world.customer("Karl Huber", "karl@example.net").await?;
    let call = world.writes(customer, ("Karl Huber", None), cases::Channel::Phone, "Anruf", "Bitte!").await?;
    cases::move_to(&world.app, &world.admin, call, queues[0]).await?;
    cases::close(&world.app, &world.admin, call).await?;
    // Today is counted anew once half a minute is over.
    world.forward(Duration::from_secs(31));
    let apart = world.workload("").await?;
    for row in apart["channels"].as_array().context("rows")? {
        assert!(row["first"].is_null() && row["deadlines"].is_null(), "who calls reaches the north: {row}");
    }
    Ok(())
}

async fn when_a_small_team_closes_its_cases_is_in_no_figure(world: World) -> Result<()> {
    world.staffed(Some(world.team), 8).await?;
    let mut tx = world.app.db.write().await?;
    let small = people::add_team(&mut tx, "Zwei Leute").await?;
    let queue = people::add_queue(&mut tx, "Sonderfälle", Some(small), None, 480).await?;
    tx.commit().await?;
    let close = async || -> Result<()> {
        let (large, special) = (world.write_in("Frage").await?.0, world.case_in(queue).await?);
        cases::close(&world.app, &world.agent, large).await?;
        cases::close(&world.app, &world.agent, special).await?;
        world.case_in(queue).await?;
        Ok(())
    };
    let null = serde_json::Value::Null;
    let file = async |query: &str| -> Result<String> {
        Ok(world.get(Role::Lead, &format!("/workload/table?{query}")).await?.body)
    };

    close().await?;
    let (all, alone) = (world.workload("").await?, world.workload(&format!("?queue={queue}")).await?);
    assert_eq!((&all["sums"]["opened"], &all["sums"]["closed"]), (&3.into(), &1.into()), "{all}");
    assert_eq!(all["points"][9]["closed"], 1, "the difference to the large queue would tell: {all}");
    assert_eq!(all["channels"][0]["closed"], 1, "{all}");
    assert_eq!((&alone["sums"]["opened"], &alone["sums"]["closed"]), (&2.into(), &null), "{alone}");
    assert!(
        [&alone["points"][9]["closed"], &alone["queues"][0]["closed"]].into_iter().all(|one| *one == null)
    );
    assert!(file(&format!("of=times&queue={queue}")).await?.contains("\n9;2;\n"));
    assert!(file("of=times").await?.contains("\n9;3;1\n"));
    assert!(file("of=queues").await?.contains("Sonderfälle;2;;1;"));
    let page = world.get(Role::Lead, "/workload").await?.body;
    assert!(page.contains("In manchen Eingängen arbeiten weniger als acht Personen"), "{page}");

    world.forward(Timestamp::days(7));
    world.count_days().await?;
    let today = world.workload("").await?;
    assert_eq!(today["before"]["closed"], 1, "up to this hour a week ago: {today}");
    let (all, alone) =
        (world.workload("?time=7").await?, world.workload(&format!("?time=7&queue={queue}")).await?);
    assert_eq!(
        (&all["sums"]["closed"], &alone["sums"]["closed"]),
        (&2.into(), &1.into()),
        "of a whole week: {all}"
    );
    assert_eq!((&all["points"][0]["closed"], &all["points"][0]["left"]), (&1.into(), &0.into()), "{all}");
    assert_eq!((&alone["points"][0]["closed"], &alone["points"][0]["left"]), (&null, &null), "{alone}");
    assert_eq!((&alone["points"][0]["opened"], &alone["now"]["open"]), (&2.into(), &1.into()), "{alone}");
    let page = world.get(Role::Lead, &format!("/workload?time=7&queue={queue}")).await?.body;
    assert!(
        page.contains("Wann neue Fälle kommen") && !page.contains("Nicht abgeschlossen am Ende des Tages"),
        "{page}"
    );
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
        snippet: String::new(),
        speaker: None,
    }
}

impl World {
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

async fn a_team_of_several_queues_is_told_as_one(world: World) -> Result<()> {
    world.staffed(Some(world.team), 6).await?;
    world.write_in("Die Lampe flackert").await?;
    assert_eq!(world.workload("").await?["teams"], json!([]), "its one queue says the same");
    world.forward(Duration::from_mins(1));
    let mut tx = world.app.db.write().await?;
    let second = people::add_queue(&mut tx, "Bestellungen", Some(world.team), None, 480).await?;
    people::add_queue(&mut tx, "Alle", None, None, 480).await?;
    let small = people::add_team(&mut tx, "Zwei Leute").await?;
    let special = people::add_queue(&mut tx, "Sonderfälle", Some(small), None, 480).await?;
    tx.commit().await?;
    for n in 0..7 {
        let case = world.write_in(&format!("Frage {n}")).await?.0;
        world.answer_in(case).await?;
    }
    let ordered = world.case_in(second).await?;
    world.answer_in(ordered).await?;
    let rare = world.case_in(special).await?;
    world.answer_in(rare).await?;

    let seen = world.workload("").await?;

    let told = |team: &serde_json::Value| {
        (team["name"].clone(), team["opened"].clone(), team["first"]["count"].clone())
    };
    let teams: Vec<_> = seen["teams"].as_array().context("teams")?.iter().map(told).collect();
    let row = |name: &str, opened: i64, first: Option<i64>| (json!(name), json!(opened), json!(first));
    assert_eq!(
        teams,
        [row("Kundenservice", 9, Some(8)), row("Zwei Leute", 1, None), row("Ohne Team", 0, None)],
        "{seen}"
    );
    let page = world.get(Role::Lead, "/workload").await?.body;
    assert!(page.contains("Nach Team") && page.contains("of=teams"), "{page}");
    let file = world.get(Role::Lead, "/workload/table?of=teams").await?.body;
    assert!(file.contains("Kundenservice;9;"), "{file}");
    let mut links = page.split("href=\"").filter_map(|rest| rest.split('"').next());
    let link = links.find(|link| link.starts_with("/cases?") && link.contains("team")).context("a link")?;
    let list = world.get(Role::Lead, &link.replace("&#38;", "&").replace("&amp;", "&")).await?.body;
    assert!(list.contains("Frage 1") && list.contains("Die Lampe flackert"), "{list}");
    Ok(())
}

async fn the_page_has_a_key_and_stays_up_to_date(world: World) -> Result<()> {
    let page = world.get(Role::Lead, "/workload").await?.body;
    assert!(page.contains("data-live=\"queue\" data-live-every="), "{page}");
    assert!(page.contains("data-key=\"g w\"") && page.contains(">Entf</kbd>"), "{page}");
    let one = world.get(Role::Lead, &format!("/workload?queue={}", world.queue)).await?.body;
    assert!(one.contains(&format!("data-live=\"queue:{}\"", world.queue)), "{one}");
    let agent = world.get(Role::Agent, "/cases").await?.body;
    assert!(!agent.contains("href=\"/workload\"") && !agent.contains(">G W</kbd>"), "{agent}");
    assert!(page.contains(">G W</kbd>") && agent.contains(">G H</kbd>"), "{agent}");
    Ok(())
}

async fn hours_to_come_are_no_hours_without_cases(world: World) -> Result<()> {
    world.write_in("Die Lampe flackert").await?;
    world.forward(Duration::from_mins(90));

    let points = world.workload("").await?["points"].clone();
    let hours: Vec<_> = points.as_array().context("points")?.iter().map(|point| &point["at"]).collect();
    assert_eq!(
        (hours.len(), hours.last().copied()),
        (11, Some(&"10".into())),
        "it is half past ten: {points}"
    );
    let file = world.get(Role::Lead, "/workload/table?of=times").await?.body;
    assert!(file.trim_end().ends_with("\n10;0;") && !file.contains("Ende des Tages"), "{file}");
    let days = world.get(Role::Lead, "/workload/table?of=times&time=7").await?.body;
    assert!(days.contains("Nicht abgeschlossen am Ende des Tages"), "{days}");
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

async fn hidden_queues_and_private_cases_are_in_no_figure(world: World) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    let team = people::add_team(&mut tx, "Recht").await?;
    let queue = people::add_queue(&mut tx, "Geheimkammer", Some(team), None, 60).await?;
    sql("UPDATE queues SET restricted = TRUE WHERE id = $1").bind(queue).run(&mut tx).await?;
    tx.commit().await?;
    world.forget_sessions();
    world.case_in(queue).await?;
    let private = world.write_in("Vertraulich").await?.0;
    let mut tx = world.app.db.write().await?;
    sql("UPDATE cases SET private = TRUE WHERE id = $1").bind(private).run(&mut tx).await?;
    tx.commit().await?;

    let lead = world.workload("").await?;
    assert_eq!((&lead["sums"]["opened"], &lead["now"]["open"]), (&0.into(), &0.into()), "{lead}");
    assert!(!lead.to_string().contains("Geheimkammer"));
    let asked = world.workload(&format!("?queue={queue}")).await?;
    assert_eq!(asked["sums"]["opened"], 0);
    let admin = world.get_json(Role::Admin, "/workload").await?.json()?;
    assert_eq!(admin["sums"]["opened"], 1, "{admin}");
    Ok(())
}

async fn counts_lead_to_their_cases_and_tables_are_files(world: World) -> Result<()> {
    world.staffed(Some(world.team), 8).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    world.forward(Timestamp::days(DAY));
    world.write_in("Erst heute").await?;
    world.count_days().await?;

    let page = world.get(Role::Lead, "/workload?time=7").await?.body;
    let link = page.split("href=\"").find(|rest| rest.starts_with("/cases?as=table")).context("a link")?;
    let link = link.split('"').next().context("its end")?.replace("&#38;", "&").replace("&amp;", "&");
    let list = world.get(Role::Lead, &link).await?.body;
    assert!(list.contains(&number) && !list.contains("Erst heute"), "{link}: {list}");
    let export = list.split("href=\"").find(|rest| rest.starts_with("/cases/export")).context("an export")?;
    assert!(export.contains("filter="), "files hold what the list shows: {export}");

    for (of, holds) in [
        ("times", "2026-11-16;1;0;1"),
        ("queues", "Kundenservice;1;0;2;"),
        ("channels", "E-Mail;1;0;2;"),
        ("hours", "Montag;0;0;0;0;0;0;0;0;0;1;"),
    ] {
        let file = world.get(Role::Lead, &format!("/workload/table?of={of}&time=7")).await?;
        assert!(file.header("content-type").starts_with("text/csv"), "{file:?}");
        assert!(file.body.contains(holds), "{of}: {}", file.body);
    }
    Ok(())
}

async fn what_nobody_is_responsible_for_is_counted_where_its_list_leads(world: World) -> Result<()> {
    for subject in ["Die Lampe flackert", "Der Tisch wackelt", "Die Lade klemmt"] {
        world.write_in(subject).await?;
    }
    let taken = world.write_in("Hat schon jemanden").await?.0;
    cases::assign(&world.app, &world.agent, taken, Some(world.agent.person()?)).await?;

    let page = world.get(Role::Lead, "/workload").await?.body;

    let tile = page.split("<dt>Nicht abgeschlossen</dt>").nth(1).context("the tile")?;
    let tile = tile.split("</div>").next().context("its end")?;
    assert!(tile.contains(">4</a>") && tile.contains(">3 ohne Zuständigkeit</a>"), "{tile}");
    let overdue = page.split("<dt>Überfällig</dt>").nth(1).and_then(|rest| rest.split("</div>").next());
    assert!(overdue.is_some_and(|tile| !tile.contains("Zuständigkeit")), "it is no part of what is overdue");
    let mut links = tile.split("href=\"").filter_map(|rest| rest.split('"').next());
    let link = links.nth(2).context("the list")?.replace("&#38;", "&").replace("&amp;", "&");
    let list = world.get(Role::Lead, &link).await?.body;
    assert!(list.contains("Die Lade klemmt") && !list.contains("Hat schon jemanden"), "{link}: {list}");
    Ok(())
}

async fn what_was_before_is_said_only_where_it_is_known(world: World) -> Result<()> {
    world.staffed(Some(world.team), 8).await?;
    world.write_in("Die Lampe flackert").await?;

    let today = world.get(Role::Lead, "/workload").await?.body;
    assert!(today.contains("davor 0") && !today.contains("davor –"), "{today}");
    assert!(today.contains("text-anchor=\"middle\">6</text>"), "hours begin at midnight: {today}");
    assert!(!today.contains("text-anchor=\"middle\">23</text>"), "{today}");

    world.forward(Timestamp::days(DAY));
    world.count_days().await?;
    let week = world.get(Role::Lead, "/workload?time=7").await?.body;
    assert!(week.contains("text-anchor=\"middle\">22.11.</text>"), "{week}");
    assert!(!week.contains("text-anchor=\"middle\">22.11.2026</text>"), "the year goes without saying");
    let map = week.split("class=\"heat hours\"").nth(1).and_then(|rest| rest.split("</table>").next());
    let map = map.context("the map of hours")?;
    assert!(map.contains("<span>9</span>") && !map.contains("<span>8</span>"), "nothing came before: {map}");
    Ok(())
}

async fn only_those_who_lead_see_the_workload(world: World) -> Result<()> {
    for (role, sees) in
        [(Role::Lead, true), (Role::Admin, true), (Role::Agent, false), (Role::Manager, false)]
    {
        let status = world.get(role, "/workload").await?.status;
        assert_eq!(status.is_success(), sees, "{role}: {status}");
    }
    Ok(())
}
