//! Who may know of a case: restricted queues, private cases, spam and trash. What one may not know of is nowhere.

mod binned;
mod together;

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use futures::StreamExt;
use kitt::cases;
use kitt::cases::{Destination, Eyes, Filter, Incoming, NewAttachment, Sort, View, bins, bulk, sight, undo};
use kitt::people;
use kitt::platform::search::Feeder;
use kitt::platform::sight::Veil;
use kitt::platform::{Actor, CaseId, ContactId, EntryId, Error, PersonId, QueueId, Role, Timestamp, sql};
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    what_one_may_not_know_of_is_nowhere,
    a_command_on_what_one_may_not_know_of_finds_nothing,
    lists_and_the_rule_agree_about_everybody,
    open_pages_hear_nothing_of_what_their_reader_may_not_know,
    a_queue_is_restricted_in_the_settings_and_lists_forget_it_at_once,
    a_private_case_always_has_somebody,
    the_search_forgets_what_became_private,
);

const SECRET: &str = "Abfindungsangelegenheit";

/// A case, its contact and its file that somebody may not know of.
struct Hidden {
    case: CaseId,
    contact: ContactId,
    number: String,
    file: i64,
}

impl World {
    /// A queue of another team that others cannot see.
    async fn restricted_queue(&self) -> Result<QueueId> {
        let mut tx = self.app.db.write().await?;
        let team = people::add_team(&mut tx, "Recht").await?;
        let queue = people::add_queue(&mut tx, "Geheimkammer", Some(team), None, 60).await?;
        sql("UPDATE queues SET restricted = TRUE WHERE id = $1").bind(queue).run(&mut tx).await?;
        tx.commit().await?;
        Ok(queue)
    }

    /// A case with a file and an answer in a queue.
    async fn hidden_in(&self, queue: QueueId) -> Result<Hidden> {
        let blob = self.app.blobs.put("Vertrag".into()).await?;
        let (name, content_type) = ("Vertrag.pdf".into(), "application/pdf".into());
        let file = NewAttachment { name, content_type, size: 7, blob, inline: false, content_id: None };
        let incoming = Incoming {
            into: Destination::New(people::queue(&mut self.read().await?, queue).await?),
            html: Some(format!("<p>{SECRET}</p>")),
            attachments: vec![file],
            ..self.incoming(None, SECRET).await?
        };
        let (case, contact) = self.receive(incoming).await?;
        let customer = cases::case(&mut self.read().await?, case).await?.customer;
        let (kitt, due) = (Actor::kitt("test"), self.now() + Timestamp::days(2));
        cases::promise(&self.app, &kitt, customer, Some(case), SECRET, due).await?;
        let number = cases::case(&mut self.read().await?, case).await?.number;
        let file = cases::attachments(&mut self.read().await?, contact).await?[0].id;
        Ok(Hidden { case, contact, number, file })
    }

    /// A private case of the lead.
    async fn private_case(&self) -> Result<Hidden> {
        let hidden = self.hidden_in(self.queue).await?;
        cases::assign(&self.app, &self.lead, hidden.case, self.lead.person_id()).await?;
        bins::set_private(&self.app, &self.lead, hidden.case, true).await?;
        Ok(hidden)
    }

    /// The actor as the next request has them.
    async fn as_now(&self, actor: &Actor) -> Result<Actor> {
        Ok(people::actor(&mut self.read().await?, actor.person()?).await?)
    }
}

async fn what_one_may_not_know_of_is_nowhere(world: World) -> Result<()> {
    let mut feeder = Feeder::open(&world.app, &kitt::search_sources()).await?;
    let restricted = world.restricted_queue().await?;
    let of_queue = world.hidden_in(restricted).await?;
    let private = world.private_case().await?;
    let customer = cases::case(&mut world.read().await?, private.case).await?.customer;
    feeder.catch_up().await?;
    world.hear().await?;

    for (role, hidden) in [
        (Role::Agent, vec![&of_queue, &private]),
        (Role::Admin, vec![&private]),
        (Role::Manager, vec![&of_queue, &private]),
    ] {
        let mut leaks = Vec::new();
        for path in everywhere(customer.0, restricted) {
            for answer in [world.get(role, &path).await?, world.get_json(role, &path).await?] {
                ensure!(!answer.status.is_server_error(), "{path} as {role}: {}", answer.body);
                // The search says what was typed.
                let shows = |one: &&&Hidden| {
                    let typed = path.contains(&one.number);
                    answer.body.contains(&format!("/cases/{}", one.number))
                        || (!typed && answer.body.contains(&one.number))
                };
                let told = hidden.iter().find(shows);
                if told.is_some()
                    || (role != Role::Admin && answer.body.contains(SECRET) && !path.contains(SECRET))
                {
                    leaks.push(format!("{path} as {role}"));
                }
                if role == Role::Agent && answer.body.contains("Geheimkammer") {
                    leaks.push(format!("{path} names the queue to {role}"));
                }
            }
        }
        assert_eq!(leaks, Vec::<String>::new());
    }
    // Who may know of them finds them in the same places.
    let list = world.get_json(Role::Lead, "/cases?view=all").await?;
    assert!(list.body.contains(&private.number) && !list.body.contains(&of_queue.number), "{}", list.body);
    let found = world.get_json(Role::Lead, &format!("/search?q={SECRET}")).await?;
    assert!(found.body.contains(&private.number), "{}", found.body);
    let page = world.get(Role::Lead, &format!("/customers/{customer}")).await?;
    assert!(page.body.contains(&private.number), "{}", page.body);
    let list = world.get_json(Role::Admin, "/cases?view=all").await?;
    assert!(list.body.contains(&of_queue.number), "admins see restricted queues");
    Ok(())
}

/// Pages that show cases of many.
fn everywhere(customer: i64, queue: QueueId) -> Vec<String> {
    let mut paths: Vec<String> = View::ALL.iter().map(|view| format!("/cases?view={view}")).collect();
    paths.extend(View::ALL.iter().map(|view| format!("/cases?view={view}&as=table")));
    paths.extend([
        format!("/cases?queue={queue}"),
        format!("/cases?customer={customer}"),
        format!("/search?q={SECRET}"),
        format!("/search?q={SECRET}&kind=case"),
        "/search?q=26-10001".into(),
        "/search?q=26-10002".into(),
        format!("/customers/{customer}"),
        format!("/customers/{customer}/export"),
        "/sent".into(),
        "/suppressions".into(),
        "/unprocessable".into(),
        "/views".into(),
        "/views/new".into(),
        "/insights".into(),
        "/hub".into(),
        "/hub/words".into(),
        "/policies".into(),
        "/settings/audit".into(),
        "/recurring".into(),
        "/snippets".into(),
        "/handoffs".into(),
        "/tasks".into(),
        "/notices".into(),
    ]);
    paths
}

/// Every route that has a case, a contact or a file in its path, also those that are added later.
async fn a_command_on_what_one_may_not_know_of_finds_nothing(world: World) -> Result<()> {
    let restricted = world.restricted_queue().await?;
    let (of_queue, private) = (world.hidden_in(restricted).await?, world.private_case().await?);
    let before = world.versions().await?;
    let api = serde_json::to_value(kitt::openapi())?;
    let mut knocked = 0;
    let mut wrong = Vec::new();
    for (path, methods) in api["paths"].as_object().context("paths")? {
        for (hidden, role) in [
            (&of_queue, Role::Agent),
            (&private, Role::Agent),
            (&private, Role::Admin),
            (&of_queue, Role::Manager),
        ] {
            let Some(url) = hidden.url(path) else { continue };
            for method in methods.as_object().context("methods")?.keys() {
                let method: Method = method.to_uppercase().parse()?;
                let headers = [("accept", "application/json"), ("content-type", "application/json")];
                let answer = world.ask(role, method.clone(), &url, &headers, Body::from("{}")).await?;
                knocked += 1;
                let right = answer.status == StatusCode::NOT_FOUND
                    || (role == Role::Manager && answer.status == StatusCode::FORBIDDEN);
                if !right {
                    wrong.push(format!("{method} {url} as {role}: {}", answer.status));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    ensure!(100 < knocked, "only {knocked} routes were tried");
    assert_eq!(world.versions().await?, before, "nothing changed");

    // Nor by its number in other spellings, nor through the door of the slice.
    let odd = format!("/cases/%3{}{}", &of_queue.number[..1], &of_queue.number[1..]);
    assert_eq!(world.get(Role::Agent, &odd).await?.status, StatusCode::NOT_FOUND);
    let odd = format!("/attachments/+{}", of_queue.file);
    assert_eq!(world.get(Role::Agent, &odd).await?.status, StatusCode::NOT_FOUND);
    let agent = world.as_now(&world.agent).await?;
    let closed = cases::close(&world.app, &agent, of_queue.case).await;
    assert!(matches!(closed, Err(Error::NotFound)), "{closed:?}");
    let noted = cases::note(&world.app, &agent, private.case, "Hallo", Vec::new()).await;
    assert!(matches!(noted, Err(Error::NotFound)), "{noted:?}");

    // The lead, whose case it is, gets in everywhere.
    for path in [format!("/cases/{}", private.number), format!("/attachments/{}", private.file)] {
        assert_eq!(world.get(Role::Lead, &path).await?.status, StatusCode::OK, "{path}");
    }
    let html = world.get(Role::Lead, &format!("/contacts/{}/html", private.contact)).await?;
    assert!(html.body.contains(SECRET));
    Ok(())
}

impl Hidden {
    /// A route of the description with this case, contact or file in it.
    fn url(&self, path: &str) -> Option<String> {
        let rest =
            |start: &str| path.strip_prefix(start).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let url = if let Some(rest) = rest("/api/v1/cases/{number}") {
            format!("/api/v1/cases/{}{rest}", self.number)
        } else if let Some(rest) = rest("/api/v1/contacts/{id}") {
            format!("/api/v1/contacts/{}{rest}", self.contact)
        } else {
            format!("/api/v1/attachments/{}{}", self.file, rest("/api/v1/attachments/{id}")?)
        };
        let holes = url.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        Some(holes.collect::<Vec<_>>().join("/"))
    }
}

impl World {
    async fn versions(&self) -> Result<Vec<(CaseId, i64)>> {
        Ok(sql("SELECT id, version FROM cases ORDER BY id").all(&mut self.read().await?).await?)
    }
}

/// The statement of lists is the rule: all kinds of cases, all kinds of people.
async fn lists_and_the_rule_agree_about_everybody(world: World) -> Result<()> {
    let restricted = world.restricted_queue().await?;
    let (owner, follower) = (world.agent.person()?, world.manager.person()?);
    let mut veils: BTreeMap<CaseId, Veil> = BTreeMap::new();
    for queue in [world.queue, restricted] {
        for private in [false, true] {
            for named in 0..3 {
                let case = world.hidden_in(queue).await?.case;
                world
                    .veil(case, private, (named == 1).then_some(owner), (named == 2).then_some(follower))
                    .await?;
                let queues = people::queues(&mut world.read().await?).await?;
                let queue = queues.iter().find(|one| one.id == queue).context("a queue")?;
                let named = [None, Some(owner), Some(follower)][named].into_iter().collect();
                veils.insert(case, Veil { team: queue.team, restricted: queue.restricted, private, named });
            }
        }
    }
    let all: Vec<CaseId> = veils.keys().copied().collect();
    for role in [Role::Agent, Role::Lead, Role::Admin, Role::Manager] {
        let actor = world.as_now(world.person(role)).await?;
        let expected: Vec<CaseId> = all.iter().copied().filter(|case| veils[case].lets(&actor)).collect();

        let mut tx = world.read().await?;
        let eyes = Eyes::of(&world.app, &actor);
        let lines = cases::list(&mut tx, &eyes, &Filter::default(), Sort::Oldest, None, 100).await?;
        let listed: Vec<CaseId> = lines.iter().map(|line| line.case.id).collect();
        let unseen = sight::unseen(&mut tx, &actor, &all).await?;
        assert_eq!(listed, expected, "{role}");
        assert_eq!(all.iter().filter(|case| !unseen.contains(case)).copied().collect::<Vec<_>>(), expected);
        for case in &all {
            let sees = sight::seen(&mut tx, &actor, *case).await.is_ok();
            assert_eq!(sees, expected.contains(case), "{role} {case}");
        }
    }
    Ok(())
}

impl World {
    /// Sets by hand who may know of a case.
    async fn veil(
        &self,
        case: CaseId,
        private: bool,
        owner: Option<PersonId>,
        follower: Option<PersonId>,
    ) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        sql("UPDATE cases SET private = $2, owner_id = $3 WHERE id = $1")
            .bind(case)
            .bind(private)
            .bind(owner)
            .run(&mut tx)
            .await?;
        if let Some(follower) = follower {
            sql("INSERT INTO case_people (case_id, person_id, part, at) VALUES ($1, $2, 'follower', 0)")
                .bind(case)
                .bind(follower)
                .run(&mut tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn open_pages_hear_nothing_of_what_their_reader_may_not_know(world: World) -> Result<()> {
    let private = world.private_case().await?;
    let open = world.write_in("Die Lampe flackert").await?.0;
    let stop = tokio_util::sync::CancellationToken::new();
    let broadcast =
        kitt::journal::listeners::broadcast(world.app.clone(), cases::sight::places, stop.clone());
    let broadcast = tokio::spawn(broadcast);
    let mut heard = Vec::new();
    for role in [Role::Agent, Role::Lead] {
        let stream = world.send(role, Method::GET, "/live", &[], Body::empty()).await?;
        let mut events = stream.into_body().into_data_stream();
        events.next().await.context("a greeting")??;
        heard.push(events);
    }
    // The broadcast begins at the end of the journal, once it runs.
    for _ in 0..200 {
        cases::note(&world.app, &world.lead, open, "Läuft es schon?", Vec::new()).await?;
        let patience = std::time::Duration::from_millis(300);
        if tokio::time::timeout(patience, next(&mut heard[1])).await.is_ok() {
            break;
        }
    }
    for events in &mut heard {
        // What is left of that.
        while tokio::time::timeout(std::time::Duration::from_secs(2), next(events)).await.is_ok() {}
    }

    cases::note(&world.app, &world.lead, private.case, "Nur für uns", Vec::new()).await?;
    let mut lead = String::new();
    while !lead.contains(&format!("case:{}\"", private.case)) {
        lead += &next(&mut heard[1]).await?;
    }
    cases::note(&world.app, &world.lead, open, "Für alle", Vec::new()).await?;
    let mut agent = String::new();
    while !agent.contains(&format!("case:{open}\"")) {
        agent += &next(&mut heard[0]).await?;
    }

    stop.cancel();
    broadcast.await?;
    assert!(!agent.contains(&format!("case:{}\"", private.case)), "{agent}");
    assert_eq!(agent.matches("queue").count(), 1, "only the open case changed a list: {agent}");
    Ok(())
}

async fn next(events: &mut axum::body::BodyDataStream) -> Result<String> {
    let event = tokio::time::timeout(std::time::Duration::from_mins(1), events.next()).await;
    let event = event.context("nothing was heard")?.context("the stream ended")??;
    Ok(String::from_utf8_lossy(&event).into_owned())
}

async fn a_queue_is_restricted_in_the_settings_and_lists_forget_it_at_once(world: World) -> Result<()> {
    let mut feeder = Feeder::open(&world.app, &kitt::search_sources()).await?;
    let number = {
        let case = world.write_in("Lampe flackert").await?.0;
        cases::case(&mut world.read().await?, case).await?.number
    };
    feeder.catch_up().await?;
    let sees = async || -> Result<bool> {
        let list = world.get_json(Role::Manager, "/cases").await?;
        let found = world.get_json(Role::Manager, "/search?q=flackert").await?;
        let case = world.get(Role::Manager, &format!("/cases/{number}")).await?;
        let sees = [list.body.contains(&number), found.body.contains(&number), case.status.is_success()];
        ensure!(sees.iter().all(|one| *one == sees[0]), "{sees:?}");
        Ok(sees[0])
    };
    assert!(sees().await?);

    let queue = world.queue.to_string();
    let team = world.team.to_string();
    let form = |restricted: &'static str| {
        [
            ("id", queue.clone()),
            ("name", "Kundenservice".into()),
            ("team", team.clone()),
            ("answer_minutes", "480".into()),
            ("restricted", restricted.to_owned()),
        ]
    };
    for (restricted, seen) in [("yes", false), ("", false), ("no", true)] {
        let fields = form(restricted);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let saved = world.post_form(Role::Admin, "/settings/queues", &fields).await?;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        assert_eq!(sees().await?, seen, "restricted: {restricted:?}");
    }
    let facts = kitt::journal::of_house(
        &mut world.read().await?,
        EntryId(i64::MAX),
        &kitt::journal::Among::default(),
        100,
    )
    .await?;
    let told = facts.iter().filter(|entry| format!("{:?}", entry.fact).starts_with("QueueRestricted"));
    assert_eq!(told.count(), 2);
    Ok(())
}

async fn a_private_case_always_has_somebody(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = cases::case(&mut world.read().await?, case).await?.number;

    let done =
        world.post_form(Role::Agent, &format!("/cases/{number}/privacy"), &[("private", "yes")]).await?;
    assert_eq!(done.location(), format!("/cases/{number}"));
    let row = cases::case(&mut world.read().await?, case).await?;
    assert!(row.private && row.owner == world.agent.person_id(), "who hides a case that nobody has takes it");

    let given_up = cases::assign(&world.app, &world.agent, case, None).await;
    assert!(matches!(given_up, Err(Error::Invalid(_))), "{given_up:?}");
    let nobody = bulk::Change { owner: Some(PersonId(0)), ..bulk::Change::default() };
    let marked = bulk::Chosen::Marked(vec![number.clone()]);
    let looked = bulk::preview(&world.app, &world.agent, &marked, &nobody).await?;
    assert_eq!(
        looked.refused.first().map(|one| one.why),
        Some("case-private-nobody"),
        "nor with many others"
    );
    cases::move_to(&world.app, &world.agent, case, world.queue).await?;
    assert_eq!(cases::case(&mut world.read().await?, case).await?.owner, world.agent.person_id());

    // Given to the lead, it is out of sight for the agent, who goes on with the list.
    let lead = world.lead.person()?.to_string();
    let given =
        world.post_form(Role::Agent, &format!("/cases/{number}/assignee"), &[("owner", &lead)]).await?;
    assert_eq!(given.location(), "/cases");
    assert_eq!(world.get(Role::Agent, &format!("/cases/{number}")).await?.status, StatusCode::NOT_FOUND);
    let offer =
        undo::newest(&mut world.read().await?, &world.agent, world.now()).await?.context("an offer")?;
    undo::take_back(&world.app, &world.agent, offer.id).await?;
    assert_eq!(world.get(Role::Agent, &format!("/cases/{number}")).await?.status, StatusCode::OK);

    // That is over once the page no longer offers it.
    world.post_form(Role::Agent, &format!("/cases/{number}/assignee"), &[("owner", &lead)]).await?;
    let offer =
        undo::newest(&mut world.read().await?, &world.agent, world.now()).await?.context("an offer")?;
    world.forward(undo::OFFERED + std::time::Duration::from_secs(1));
    let late = undo::take_back(&world.app, &world.agent, offer.id).await;
    assert!(matches!(late, Err(Error::NotFound)), "{late:?}");
    Ok(())
}

async fn the_search_forgets_what_became_private(world: World) -> Result<()> {
    let mut feeder = Feeder::open(&world.app, &kitt::search_sources()).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    feeder.catch_up().await?;
    let finds = async |role: Role| -> Result<bool> {
        let found: Value = world.get_json(role, "/search?q=flackert&kind=case").await?.json()?;
        Ok(found["total"] != json!(0))
    };
    assert!(finds(Role::Agent).await? && finds(Role::Manager).await?);

    cases::assign(&world.app, &world.lead, case, world.lead.person_id()).await?;
    bins::set_private(&world.app, &world.lead, case, true).await?;
    feeder.catch_up().await?;
    assert!(finds(Role::Lead).await? && !finds(Role::Agent).await? && !finds(Role::Admin).await?);

    world.veil(case, true, world.lead.person_id(), world.agent.person_id()).await?;
    cases::note(&world.app, &world.lead, case, "Eva hilft mit.", Vec::new()).await?;
    feeder.catch_up().await?;
    assert!(finds(Role::Agent).await?, "who follows it finds it");
    Ok(())
}
