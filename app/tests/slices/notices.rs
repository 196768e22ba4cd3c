//! People are told what concerns them, as they wish it, once, and nothing that they may not know of.

mod push;
mod sent;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use kitt::cases;
use kitt::cases::tasks::{self, NewTask};
use kitt::cases::{Bin, To, bins};
use kitt::notices;
use kitt::notices::{NoticeKind, Ways, Wishes};
use kitt::platform::{Actor, CaseId, Role, Timestamp, sql};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::world::{World, both};

both!(
    people_hear_what_concerns_them_and_not_what_they_did,
    several_messages_of_one_case_are_one_line_until_somebody_looks,
    nobody_is_told_of_a_case_that_they_may_not_know_of,
    opening_a_case_reads_its_notices_and_single_ones_can_be_marked,
    hand_offs_go_to_all_who_can_answer_them_and_the_answer_comes_back,
    tasks_and_promises_are_told_once_when_their_time_comes,
    of_many_that_are_due_at_one_moment_none_is_forgotten,
    of_many_promises_for_one_moment_none_is_forgotten,
    who_chose_nothing_is_told_as_the_house_wants_it,
    what_is_wrong_in_the_settings_is_said_at_its_field,
    old_news_is_none_and_old_notices_are_forgotten,
    open_pages_hear_of_their_readers_news_only,
);

impl World {
    /// A case of the agent.
    async fn own_case(&self) -> Result<CaseId> {
        let case = self.receive(self.incoming(None, "Sofa").await?).await?.0;
        cases::assign(&self.app, &self.agent, case, self.agent.person_id()).await?;
        Ok(case)
    }

    /// The customer writes again.
    async fn writes_again(&self, case: CaseId) -> Result<()> {
        let incoming = self.incoming(Some(case), "Sofa").await?;
        let mut tx = self.app.db.write().await?;
        cases::receive(&self.app, &mut tx, &Actor::kitt("mail"), incoming).await?;
        tx.commit().await?;
        self.hear().await
    }

    /// The lead calls the agent into a case.
    async fn mention(&self, case: CaseId) -> Result<()> {
        cases::note(&self.app, &self.lead, case, "@Eva Agent, bitte.", Vec::new()).await?;
        self.hear().await
    }

    /// Kinds of somebody's notices, the newest first, and how many each.
    async fn notices_of(&self, role: Role) -> Result<Vec<(String, i64)>> {
        let list = self.get_json(role, "/notices").await?.json()?;
        let items = list["items"].as_array().context("a list")?.iter();
        let kind =
            |item: &Value| (item["kind"].as_str().unwrap_or_default().to_owned(), item["many"].as_i64());
        Ok(items.map(kind).map(|(kind, many)| (kind, many.unwrap_or(0))).collect())
    }

    async fn unread(&self, role: Role) -> Result<Value> {
        Ok(self.get_json(role, "/notices/bell").await?.json()?["unread"].clone())
    }

    /// The agent wishes `kind` on these ways only.
    async fn wish(&self, kind: NoticeKind, ways: Ways) -> Result<()> {
        let wishes = Wishes { ways: [(kind, ways)].into(), ..Wishes::default() };
        Ok(notices::set_wishes(&self.app, &self.agent, Some(&wishes)).await?)
    }
}

fn once(kind: &str) -> (String, i64) {
    (kind.to_owned(), 1)
}

async fn people_hear_what_concerns_them_and_not_what_they_did(world: World) -> Result<()> {
    let case = world.own_case().await?;
    world.hear().await?;
    assert_eq!(world.notices_of(Role::Agent).await?, [], "who takes a case knows that");

    world.mention(case).await?;
    assert_eq!(world.notices_of(Role::Agent).await?, [once("mentioned")]);
    assert_eq!(world.notices_of(Role::Lead).await?, [], "who calls somebody knows that");
    cases::assign(&world.app, &world.admin, case, world.lead.person_id()).await?;
    world.hear().await?;

    assert_eq!(world.notices_of(Role::Lead).await?, [once("given")]);
    assert_eq!(world.notices_of(Role::Agent).await?, [once("taken"), once("mentioned")]);
    let list = world.get_json(Role::Agent, "/notices").await?.json()?;
    let (taken, mentioned) = (&list["items"][0], &list["items"][1]);
    assert_eq!((&taken["who"], &taken["about"]), (&json!("Ada Admin"), &json!("Sofa")));
    let url = mentioned["url"].as_str().context("a way there")?;
    assert!(url.starts_with("/cases/26-") && url.contains("#m-"), "{url}");
    let page = world.get(Role::Agent, "/notices").await?;
    assert!(page.body.contains("Du wurdest erwähnt") && page.body.contains("id=\"bell-2\""), "{}", page.body);
    Ok(())
}

async fn several_messages_of_one_case_are_one_line_until_somebody_looks(world: World) -> Result<()> {
    let case = world.own_case().await?;
    for _ in 0..3 {
        world.writes_again(case).await?;
    }
    assert_eq!(world.notices_of(Role::Agent).await?, [("contact".to_owned(), 3)]);
    let page = world.get(Role::Agent, "/notices").await?;
    assert!(page.body.contains("3 neue Nachrichten in deinem Fall"), "{}", page.body);

    notices::see(&world.app, &mut world.app.db.read().await?, &world.agent, case).await?;
    world.writes_again(case).await?;
    assert_eq!(world.notices_of(Role::Agent).await?, [once("contact"), ("contact".to_owned(), 3)]);
    world.forward(Duration::from_mins(11));
    world.writes_again(case).await?;
    assert_eq!(world.notices_of(Role::Agent).await?.len(), 3, "later it is news again");

    let first = world.get_json(Role::Agent, "/notices?limit=2").await?.json()?;
    let next = first["next"].as_str().context("more of them")?;
    let rest = world.get_json(Role::Agent, &format!("/notices?limit=2&cursor={next}")).await?.json()?;
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next"]), (Some(1), &Value::Null));
    Ok(())
}

async fn nobody_is_told_of_a_case_that_they_may_not_know_of(world: World) -> Result<()> {
    let case = world.own_case().await?;
    world.mention(case).await?;
    assert_eq!(world.unread(Role::Agent).await?, 1);

    // It goes to the lead and becomes private; what the agent was told is gone for them.
    cases::assign(&world.app, &world.lead, case, world.lead.person_id()).await?;
    cases::release_person(&world.app, &world.lead, case, world.agent.person()?, cases::Involvement::Follower)
        .await?;
    bins::set_private(&world.app, &world.lead, case, true).await?;
    world.hear().await?;
    assert_eq!(world.notices_of(Role::Agent).await?, []);
    assert_eq!(world.unread(Role::Agent).await?, 0);
    let all: i64 = sql("SELECT COUNT(*) FROM person_notices WHERE kind = 'taken'")
        .value(&mut world.read().await?)
        .await?;
    assert_eq!(all, 0, "nothing is kept for who may not know of it");
    let id: i64 =
        sql("SELECT id FROM person_notices ORDER BY id LIMIT 1").value(&mut world.read().await?).await?;
    let opened = world.get(Role::Agent, &format!("/notices/{id}")).await?;
    assert_eq!(opened.status, 404);
    let others = world.get(Role::Lead, &format!("/notices/{id}")).await?;
    assert_eq!(others.status, 404, "nobody reads the notices of others");
    Ok(())
}

async fn opening_a_case_reads_its_notices_and_single_ones_can_be_marked(world: World) -> Result<()> {
    let (case, other) = (world.own_case().await?, world.own_case().await?);
    world.writes_again(case).await?;
    world.writes_again(other).await?;
    world.mention(other).await?;
    assert_eq!(world.unread(Role::Agent).await?, 3);
    let number = cases::case(&mut world.read().await?, other).await?.number;

    world.get_json(Role::Agent, &format!("/cases/{number}")).await?;
    assert_eq!(world.unread(Role::Agent).await?, 3, "programs look for nobody");
    world.get(Role::Lead, &format!("/cases/{number}")).await?;
    assert_eq!(world.unread(Role::Agent).await?, 3, "others look for themselves");
    world.get(Role::Agent, &format!("/cases/{number}")).await?;
    assert_eq!(world.unread(Role::Agent).await?, 1);

    let list = world.get_json(Role::Agent, "/notices?unread=yes").await?.json()?;
    let id = list["items"][0]["id"].as_i64().context("an id")?;
    let read = world.post_json(Role::Agent, &format!("/notices/{id}/reading"), &json!({})).await?.json()?;
    assert_eq!((&read["read"], world.unread(Role::Agent).await?), (&json!(true), json!(0)));
    world.post_json(Role::Agent, &format!("/notices/{id}/reading"), &json!({"read": "no"})).await?;
    assert_eq!(world.unread(Role::Agent).await?, 1);
    let opened = world.get(Role::Agent, &format!("/notices/{id}")).await?;
    assert!(opened.location().contains("/cases/26-"), "{}", opened.location());
    assert_eq!(world.unread(Role::Agent).await?, 0, "who follows it has read it");
    world.writes_again(case).await?;
    world.post_form(Role::Agent, "/notices/reading", &[]).await?;
    assert_eq!(world.unread(Role::Agent).await?, 0);
    Ok(())
}

async fn hand_offs_go_to_all_who_can_answer_them_and_the_answer_comes_back(world: World) -> Result<()> {
    let case = world.own_case().await?;
    let (app, agent) = (&world.app, &world.agent);
    let handoff =
        cases::hand_off(app, agent, case, To::Department(world.product), "Ist das so?", None).await?;
    world.hear().await?;
    assert_eq!(world.notices_of(Role::Department).await?, [once("handoff")]);
    let list = world.get_json(Role::Department, "/notices").await?.json()?;
    assert_eq!(list["items"][0]["url"], "/handoffs");

    cases::answer_handoff(app, &world.department_member, handoff, "Ja.").await?;
    world.hear().await?;
    assert_eq!(world.notices_of(Role::Agent).await?, [once("handoff_answered")]);
    Ok(())
}

async fn tasks_and_promises_are_told_once_when_their_time_comes(world: World) -> Result<()> {
    let case = world.own_case().await?;
    let customer = cases::case(&mut world.read().await?, case).await?.customer;
    notices::tell_due(&world.app).await?;
    let at = |hours: u64| world.now() + Duration::from_hours(hours);
    let task = NewTask { title: "Anrufen".into(), person: world.lead.person_id(), due: Some(at(3)) };
    tasks::add(&world.app, &world.agent, case, &task).await?;
    cases::promise(&world.app, &world.lead, customer, Some(case), "Ersatz", at(4)).await?;
    world.hear().await?;
    assert_eq!(world.notices_of(Role::Lead).await?, [once("task")]);
    assert_eq!(notices::tell_due(&world.app).await?, 0);

    world.forward(Duration::from_hours(2));
    assert_eq!(notices::tell_due(&world.app).await?, 1, "the promise can still be kept");
    assert_eq!(world.notices_of(Role::Agent).await?, [once("promise_due")]);
    world.forward(Duration::from_hours(1));
    assert_eq!(notices::tell_due(&world.app).await?, 1);
    assert_eq!(notices::tell_due(&world.app).await?, 0, "once");
    assert_eq!(world.notices_of(Role::Lead).await?, [once("task_due"), once("task")]);
    Ok(())
}

async fn of_many_that_are_due_at_one_moment_none_is_forgotten(world: World) -> Result<()> {
    let (case, gone) = (world.own_case().await?, world.own_case().await?);
    notices::tell_due(&world.app).await?;
    let due = Some(world.now() + Duration::from_hours(1));
    for at in 0..205 {
        let task = NewTask { title: format!("Anruf {at}"), person: world.lead.person_id(), due };
        tasks::add(&world.app, &world.agent, case, &task).await?;
    }
    let task = NewTask { title: "Spam".into(), person: world.lead.person_id(), due };
    tasks::add(&world.app, &world.agent, gone, &task).await?;
    bins::put(&world.app, &world.agent, gone, Some(Bin::Spam)).await?;
    world.forward(Duration::from_hours(2));

    assert_eq!(notices::tell_due(&world.app).await?, 205, "and nobody hears of spam");
    assert_eq!(notices::tell_due(&world.app).await?, 0);
    Ok(())
}

async fn of_many_promises_for_one_moment_none_is_forgotten(world: World) -> Result<()> {
    let case = world.own_case().await?;
    let customer = cases::case(&mut world.read().await?, case).await?.customer;
    notices::tell_due(&world.app).await?;
    let due = world.now() + Duration::from_hours(3);
    for at in 0..205 {
        let text = format!("Rückruf {at}");
        cases::promise(&world.app, &world.agent, customer, Some(case), &text, due).await?;
    }

    world.forward(Duration::from_hours(2));

    assert_eq!(notices::tell_due(&world.app).await?, 205);
    assert_eq!(notices::tell_due(&world.app).await?, 0, "once");
    Ok(())
}

async fn who_chose_nothing_is_told_as_the_house_wants_it(world: World) -> Result<()> {
    let case = world.own_case().await?;
    let form = [("taken-page", "on"), ("digest", "daily"), ("digest_time", "08:00"), ("quiet_day_6", "on")];
    let saved = world.post_form(Role::Admin, "/settings/notices", &form).await?;
    assert_eq!(saved.status, 303, "{}", saved.body);
    world.mention(case).await?;
    assert_eq!(world.notices_of(Role::Agent).await?, [], "the house wants no mentions");

    let own = [("mentioned-page", "on"), ("digest", "hourly"), ("digest_time", "07:30")];
    world.post_form(Role::Agent, "/notices/settings", &own).await?;
    world.mention(case).await?;
    assert_eq!(world.notices_of(Role::Agent).await?, [once("mentioned")]);
    let chosen = world.get_json(Role::Agent, "/notices/settings").await?.json()?;
    assert_eq!((&chosen["own"], &chosen["digest"]), (&json!(true), &json!("hourly")));

    world.post_form(Role::Agent, "/notices/settings/reset", &[]).await?;
    let usual = world.get_json(Role::Agent, "/notices/settings").await?.json()?;
    assert_eq!((&usual["own"], &usual["digest_time"]), (&json!(false), &json!("08:00")));
    Ok(())
}

async fn what_is_wrong_in_the_settings_is_said_at_its_field(world: World) -> Result<()> {
    let form = [
        ("contact-mail", "on"),
        ("digest_time", "später"),
        ("quiet_from", "18:00"),
        ("zone", "Europe/Atlantis"),
        ("pause", "bald"),
    ];
    let refused = world.post_form(Role::Agent, "/notices/settings", &form).await?;
    assert_eq!(refused.status, 422);
    for field in ["digest_time", "quiet_until", "zone", "pause"] {
        assert!(refused.body.contains(&format!("data-field=\"{field}\"")), "{field} in {}", refused.body);
    }
    assert!(!refused.body.contains("data-field=\"quiet_from\""));
    Ok(())
}

async fn old_news_is_none_and_old_notices_are_forgotten(world: World) -> Result<()> {
    let case = world.own_case().await?;
    cases::note(&world.app, &world.lead, case, "@Eva Agent, bitte.", Vec::new()).await?;
    world.forward(Timestamp::days(3));
    world.hear().await?;
    assert_eq!(
        world.notices_of(Role::Agent).await?,
        [],
        "after a stop of days nobody wants a thousand lines"
    );

    world.mention(case).await?;
    world.forward(Timestamp::days(89));
    notices::forget_old(&world.app).await?;
    assert_eq!(world.notices_of(Role::Agent).await?.len(), 1);
    world.forward(Timestamp::days(2));
    assert_eq!(notices::forget_old(&world.app).await?, 1);
    assert_eq!(world.notices_of(Role::Agent).await?, []);
    Ok(())
}

async fn open_pages_hear_of_their_readers_news_only(world: World) -> Result<()> {
    let case = world.own_case().await?;
    let (mut live, stop) = (world.app.live.listen(), CancellationToken::new());
    for service in notices::SLICE.services {
        tokio::spawn(service(world.app.clone(), stop.clone()));
    }
    let wanted = format!("notices:{}", world.agent.person()?);
    let mut heard = Vec::new();
    // The first look of the service is where it begins.
    for _ in 0..60 {
        world.mention(case).await?;
        if let Ok(topics) = tokio::time::timeout(Duration::from_secs(1), live.recv()).await {
            heard.extend(topics?.into_iter().map(|topic| topic.name));
            break;
        }
    }
    stop.cancel();
    ensure!(heard == [wanted], "{heard:?}");
    Ok(())
}
