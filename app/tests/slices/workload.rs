//! What those who lead see of the work: the page and its files, and the cases behind the counts.

mod days;
mod small;

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, figures};
use kitt::people;
use kitt::people::NewPerson;
use kitt::platform::{CaseId, QueueId, Role, TeamId, Timestamp, sql};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::world::{World, both};

both!(
    a_lead_sees_what_came_what_waits_and_what_was_before,
    a_team_of_several_queues_is_told_as_one,
    the_page_has_a_key_and_stays_up_to_date,
    hours_to_come_are_no_hours_without_cases,
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
    assert!(week.contains("text-anchor=\"middle\">16.11.</text>"), "{week}");
    assert!(!week.contains("text-anchor=\"middle\">16.11.2026</text>"), "the year goes without saying");
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
