//! Lists that many open pages fetch at once, and what their lines show.

use std::time::Duration;

use anyhow::Result;
use kitt::cases::{self, Answer, Direction};
use kitt::platform::{CaseId, Role};

use crate::world::{World, both};

both!(
    a_list_is_read_once_until_open_pages_are_told_of_a_change,
    who_changed_something_gets_no_list_from_before,
    a_shared_list_holds_nothing_that_its_reader_may_not_know,
    who_is_on_no_private_case_shares_lists_with_all_others,
    a_list_of_the_whole_house_is_told_of_all_queues,
    a_line_shows_who_said_what_it_quotes,
);

impl World {
    /// What an open page of the team's cases fetches.
    async fn pane(&self, role: Role) -> Result<String> {
        Ok(self.get(role, "/cases/pane?view=all").await?.body)
    }

    async fn speaker(&self, case: CaseId) -> Result<Option<Direction>> {
        Ok(cases::case(&mut self.read().await?, case).await?.speaker)
    }
}

async fn a_list_is_read_once_until_open_pages_are_told_of_a_change(world: World) -> Result<()> {
    world.write_in("Die Lampe flackert").await?;
    assert!(world.pane(Role::Agent).await?.contains("Lampe"));

    world.write_in("Das Sofa knarzt").await?;
    assert!(!world.pane(Role::Manager).await?.contains("Sofa"), "as it was read for the other");
    world.app.live.tell(vec!["customer:1".into()]);
    assert!(!world.pane(Role::Manager).await?.contains("Sofa"), "that is no news of lists");
    world.app.live.tell(vec![format!("queue:{}", world.queue).into()]);
    assert!(world.pane(Role::Manager).await?.contains("Sofa"), "who was told sees it");
    assert!(world.pane(Role::Agent).await?.contains("Sofa"));

    world.write_in("Der Tisch wackelt").await?;
    assert!(!world.pane(Role::Manager).await?.contains("Tisch"));
    world.forward(Duration::from_secs(5));
    assert!(world.pane(Role::Manager).await?.contains("Tisch"), "nothing is kept longer");
    Ok(())
}

async fn who_changed_something_gets_no_list_from_before(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    assert!(world.pane(Role::Agent).await?.contains("Lampe"));
    cases::note(&world.app, &world.lead, case, "Birne bestellt", Vec::new()).await?;
    assert!(!world.pane(Role::Agent).await?.contains("Birne"), "as it was read before");
    assert!(world.pane(Role::Lead).await?.contains("Birne"));
    assert!(world.pane(Role::Agent).await?.contains("Birne"), "and so do all who ask after them");
    Ok(())
}

async fn a_shared_list_holds_nothing_that_its_reader_may_not_know(world: World) -> Result<()> {
    world.write_in("Die Lampe flackert").await?;
    let private = world.write_in("Vertraulich").await?.0;
    cases::assign(&world.app, &world.lead, private, world.lead.person_id()).await?;
    cases::bins::set_private(&world.app, &world.lead, private, true).await?;
    for _ in 0..2 {
        assert!(world.pane(Role::Lead).await?.contains("Vertraulich"));
        let others = world.pane(Role::Agent).await?;
        assert!(others.contains("Lampe") && !others.contains("Vertraulich"), "{others}");
    }
    Ok(())
}

async fn who_is_on_no_private_case_shares_lists_with_all_others(world: World) -> Result<()> {
    world.write_in("Die Lampe flackert").await?;
    let private = world.write_in("Vertraulich").await?.0;
    cases::assign(&world.app, &world.lead, private, world.lead.person_id()).await?;
    cases::bins::set_private(&world.app, &world.lead, private, true).await?;
    assert!(world.pane(Role::Agent).await?.contains("Lampe"));
    assert!(world.pane(Role::Lead).await?.contains("Vertraulich"));

    world.write_in("Das Sofa knarzt").await?;
    assert!(!world.pane(Role::Manager).await?.contains("Sofa"), "as it was read for the agent");
    world.app.live.tell(vec![format!("queue:{}", world.queue).into()]);
    for reader in [Role::Lead, Role::Manager, Role::Agent, Role::Lead] {
        let pane = world.pane(reader).await?;
        assert!(pane.contains("Sofa"), "{reader:?} was told");
        assert_eq!(pane.contains("Vertraulich"), reader == Role::Lead, "{reader:?}");
    }
    Ok(())
}

async fn a_list_of_the_whole_house_is_told_of_all_queues(world: World) -> Result<()> {
    let page = world.get(Role::Admin, "/cases?view=team").await?.body;
    let (_, list) = page.split_once("id=\"queue\"").unwrap_or_default();
    let listens = list.split_once("data-live=\"").and_then(|(_, rest)| rest.split_once('"'));
    assert_eq!(listens.map(|(topics, _)| topics), Some("queue"), "an admin is in no team");
    Ok(())
}

async fn a_line_shows_who_said_what_it_quotes(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    assert_eq!(world.speaker(case).await?, Some(Direction::Inbound));
    let answer = Answer { text: "Wir sehen nach.".into(), ..Answer::default() };
    let reply = cases::reply(&world.app, &world.agent, case, answer).await?;
    assert_eq!(world.speaker(case).await?, Some(Direction::Outbound));
    assert!(world.pane(Role::Agent).await?.contains("q-sn house"));
    cases::withdraw(&world.app, &world.agent, reply).await?;
    assert_eq!(world.speaker(case).await?, Some(Direction::Inbound), "as if it had not been written");
    cases::note(&world.app, &world.agent, case, "Ruft wieder an", Vec::new()).await?;
    assert_eq!(world.speaker(case).await?, Some(Direction::Note));

    let other = world.write_in("Noch eine Lampe").await?.0;
    cases::merge(&world.app, &world.agent, case, &[other]).await?;
    assert_eq!(world.speaker(case).await?, Some(Direction::Inbound), "the newest of both");
    cases::unmerge(&world.app, &world.agent, other).await?;
    assert_eq!(world.speaker(case).await?, Some(Direction::Note));
    Ok(())
}
