//! Tasks and checklists.

use anyhow::Result;
use kitt::cases;
use kitt::cases::tasks::{self, Checklist, Item, NewTask};
use kitt::cases::{Bin, Ending, Status, To, bins};
use kitt::platform::{Role, Timestamp};

use super::{colleague, me, refused};
use crate::world::{World, both};

both!(
    tasks_are_done_undone_and_listed_by_urgency,
    tasks_of_cases_that_one_may_not_know_of_are_listed_nowhere,
    what_is_to_be_done_for_spam_and_trash_is_listed_nowhere,
    a_key_ends_the_next_task_and_the_palette_each,
    a_checklist_makes_its_tasks_by_one_pick,
    closing_asks_what_becomes_of_open_tasks,
);

async fn tasks_are_done_undone_and_listed_by_urgency(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let person = Some(me(&world)?);
    let due = |days| Some(world.now() + Timestamp::days(days));
    let mut made = Vec::new();
    for (title, due) in [("später", due(3)), ("irgendwann", None), ("bald", due(1))] {
        made.push(tasks::add(app, agent, case, &NewTask { title: title.into(), person, due }).await?);
    }
    let titles = |cursor, limit| {
        let world = &world;
        async move {
            let mut tx = world.read().await?;
            let found = tasks::tasks_of(&mut tx, &world.agent, cursor, limit).await?;
            anyhow::Ok(
                found.into_iter().map(|task| (task.title, (task.sort_at, task.id))).collect::<Vec<_>>(),
            )
        }
    };

    let first = titles(None, 2).await?;
    let rest = titles(Some(first[1].1), 2).await?;
    let all: Vec<&str> = first.iter().chain(&rest).map(|(title, _)| title.as_str()).collect();
    assert_eq!(all, ["bald", "später", "irgendwann"]);
    world.post_form(Role::Agent, &format!("/tasks/{}/end", made[2]), &[]).await?;
    assert_eq!(titles(None, 9).await?.len(), 2);
    world.undo_last().await?;
    assert_eq!(titles(None, 9).await?.len(), 3);
    world.forward(Timestamp::days(2));
    let page = world.get(Role::Agent, "/tasks").await?.body;
    assert!(page.contains("data-sig=\"bad") && page.contains("bald"), "what is late is marked: {page}");
    Ok(())
}

async fn tasks_of_cases_that_one_may_not_know_of_are_listed_nowhere(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Kündigung von Frau Adler").await?.0;
    let task = NewTask { title: "Akte holen".into(), person: Some(me(&world)?), due: None };
    tasks::add(app, &world.lead, case, &task).await?;
    assert!(world.get(Role::Agent, "/tasks").await?.body.contains("Akte holen"));

    cases::assign(app, &world.lead, case, Some(colleague(&world)?)).await?;
    bins::set_private(app, &world.lead, case, true).await?;

    let page = world.get(Role::Agent, "/tasks").await?.body;
    assert!(!page.contains("Akte holen") && !page.contains("Adler"), "{page}");
    assert_eq!(tasks::count_waiting(&mut world.read().await?, agent, 9).await?.tasks, 0);
    Ok(())
}

async fn what_is_to_be_done_for_spam_and_trash_is_listed_nowhere(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Gewonnen!").await?.0;
    let task = NewTask { title: "Antworten".into(), person: Some(me(&world)?), due: None };
    tasks::add(app, lead, case, &task).await?;
    cases::hand_off(app, lead, case, To::Person(me(&world)?), "Kennst du das?", None).await?;
    let todo = async || -> Result<(i64, usize, i64, usize)> {
        let mut tx = world.read().await?;
        let waiting = tasks::count_waiting(&mut tx, agent, 9).await?;
        let tasks = tasks::tasks_of(&mut tx, agent, None, 9).await?;
        let handed = cases::handed_to(&mut tx, agent, None, 9).await?;
        Ok((waiting.tasks, tasks.len(), waiting.handoffs, handed.len()))
    };
    assert_eq!(todo().await?, (1, 1, 1, 1));

    for bin in [Bin::Spam, Bin::Trash] {
        bins::put(app, agent, case, Some(bin)).await?;
        assert_eq!(todo().await?, (0, 0, 0, 0), "{bin}");
    }

    bins::put(app, agent, case, None).await?;
    assert_eq!(todo().await?, (1, 1, 1, 1), "nothing is lost");
    Ok(())
}

async fn a_key_ends_the_next_task_and_the_palette_each(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    for title in ["Lager fragen", "Schraube suchen"] {
        let task = NewTask { title: title.into(), person: None, due: None };
        tasks::add(&world.app, &world.agent, case, &task).await?;
    }
    let number = cases::case(&mut world.read().await?, case).await?.number;

    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;

    for title in ["Lager fragen", "Schraube suchen"] {
        assert!(page.contains(&format!("data-command=\"Erledigt: {title}\"")), "{title}: {page}");
    }
    let keyed = page.matches("data-key=\",\" aria-keyshortcuts=\",\"").count();
    // Where nobody is on one, the key means the first: only there the palette shows it.
    assert_eq!((keyed, page.matches("data-command-hint=\"\"").count()), (2, 1), "{page}");
    Ok(())
}

async fn a_checklist_makes_its_tasks_by_one_pick(world: World) -> Result<()> {
    let form = [("name", "Rücksendung"), ("items", "Etikett senden\nRückruf +2\n\n")];
    let saved = world.post_form(Role::Admin, "/settings/checklists", &form).await?;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.body);
    let list: Checklist = tasks::checklists(&mut world.read().await?).await?.remove(0);
    let item = |title: &str, days| Item { title: title.into(), days };
    assert_eq!(list.items, [item("Etikett senden", None), item("Rückruf", Some(2))]);
    let case = world.write_in("Lampe").await?.0;
    let path = format!("/cases/{}/checklist", world.number(case).await?);

    world.post_form(Role::Agent, &path, &[("checklist", &list.id.to_string())]).await?;

    let tasks = tasks::tasks(&mut world.read().await?, case).await?;
    let due: Vec<_> = tasks.iter().map(|task| task.due_at).collect();
    assert_eq!(due, [None, Some(world.now() + Timestamp::days(2))]);
    world.undo_last().await?;
    assert!(tasks::tasks(&mut world.read().await?, case).await?.is_empty());
    let elsewhere = Checklist { queue: Some(world.other_queue().await?), ..list };
    tasks::save_checklist(&world.app, &world.admin, &elsewhere).await?;
    let refused_here = tasks::apply(&world.app, &world.agent, case, elsewhere.id).await;
    assert_eq!(refused(refused_here), Some("checklist-not-here"));
    Ok(())
}

async fn closing_asks_what_becomes_of_open_tasks(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    tasks::add(app, agent, case, &NewTask { title: "Lager fragen".into(), ..NewTask::default() }).await?;

    assert_eq!(refused(cases::end(app, agent, case, Ending::default()).await), Some("case-end-tasks"));
    cases::end(app, agent, case, Ending { tasks: Some(true), children: None }).await?;

    assert_eq!(world.status(case).await?, Status::Closed);
    assert!(tasks::tasks(&mut world.read().await?, case).await?[0].done_at.is_some());
    let plain = world.write_in("Tisch").await?.0;
    let path = format!("/cases/{}/close", world.number(plain).await?);
    let headers = [("accept", "application/json")];
    let closed = world.ask(Role::Agent, axum::http::Method::POST, &path, &headers, "").await?;
    assert_eq!((closed.status.as_u16(), world.status(plain).await?), (200, Status::Closed));
    Ok(())
}
