//! Mails find their case whatever became of it: merged, merged on, taken apart, split.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, Split, Status};
use kitt::platform::CaseId;
use mail::threading;

use super::mail;
use crate::world::{World, both};

both!(
    every_way_to_a_merged_case_leads_to_where_it_is,
    what_is_taken_apart_is_found_apart,
    an_answer_to_a_split_contact_comes_to_its_new_case,
);

impl World {
    /// Three cases of one sender: lamp, table, chair; their message ids are 1, 2, 3.
    async fn three(&self) -> Result<[CaseId; 3]> {
        let mut cases = Vec::new();
        for (nth, subject) in [(1, "Lampe flackert"), (2, "Tisch wackelt"), (3, "Stuhl quietscht")] {
            let arrived = self.arrive(mail(subject, &format!("Message-ID: <{nth}@example.org>\r\n"))).await?;
            cases.push(arrived.case.context("it belongs to a case")?);
        }
        cases.try_into().map_err(|_| anyhow::anyhow!("three"))
    }

    async fn said_in(&self, case: CaseId) -> Result<usize> {
        Ok(cases::contacts(&mut self.read().await?, case).await?.len())
    }
}

async fn every_way_to_a_merged_case_leads_to_where_it_is(world: World) -> Result<()> {
    let [lamp, table, chair] = world.three().await?;
    let number = world.case(Some(chair)).await?.number;
    cases::merge(&world.app, &world.agent, table, &[chair]).await?;
    cases::merge(&world.app, &world.agent, lamp, &[table]).await?;
    world.hear().await?;

    let by_id = world.arrive(mail("AW: Stuhl quietscht", "In-Reply-To: <3@example.org>\r\n")).await?;
    let by_number = world.arrive(mail(&format!("Frage [{number}]"), "")).await?;
    let address = threading::reply_address("service@haus.example", &number, world.app.secret());
    let by_address = world.arrive_at(&address, mail("Frage", "")).await?;

    assert_eq!([by_id.case, by_number.case, by_address.case], [Some(lamp); 3]);
    let page = world.get(kitt::platform::Role::Agent, &format!("/cases/{number}")).await?;
    assert_eq!(page.location(), format!("/cases/{}", world.case(Some(lamp)).await?.number));
    Ok(())
}

async fn what_is_taken_apart_is_found_apart(world: World) -> Result<()> {
    let [lamp, table, chair] = world.three().await?;
    cases::merge(&world.app, &world.agent, table, &[chair]).await?;
    cases::merge(&world.app, &world.agent, lamp, &[table]).await?;
    world.hear().await?;
    let since = world.arrive(mail("AW: Stuhl quietscht", "In-Reply-To: <3@example.org>\r\n")).await?;
    assert_eq!(since.case, Some(lamp));

    cases::unmerge(&world.app, &world.agent, table).await?;
    world.hear().await?;

    assert_eq!(world.said_in(lamp).await?, 2, "its own, and what came since");
    assert_eq!(world.said_in(table).await?, 2, "its own, and what was merged into it before");
    assert_eq!(world.case(Some(chair)).await?.moved_to, Some(table));
    let again = world.arrive(mail("AW: Stuhl quietscht", "In-Reply-To: <3@example.org>\r\n")).await?;
    assert_eq!(again.case, Some(table));
    cases::unmerge(&world.app, &world.agent, chair).await?;
    world.hear().await?;
    let apart = world.arrive(mail("AW: Stuhl quietscht", "In-Reply-To: <3@example.org>\r\n")).await?;
    assert_eq!((apart.case, world.case(Some(chair)).await?.status), (Some(chair), Status::Open));
    Ok(())
}

async fn an_answer_to_a_split_contact_comes_to_its_new_case(world: World) -> Result<()> {
    let first = world.arrive(mail("Lampe flackert", "Message-ID: <1@example.org>\r\n")).await?;
    let fields = "In-Reply-To: <1@example.org>\r\nMessage-ID: <2@example.org>\r\n";
    let second = world.arrive(mail("AW: Lampe flackert", fields)).await?;
    assert_eq!(first.case, second.case);
    let case = first.case.context("a case")?;
    let contacts = vec![second.contact.context("a contact")?];

    let split = Split { contacts, subject: "Rechnung".into(), customer: None };
    let new = cases::split(&world.app, &world.agent, case, &split).await?;
    world.hear().await?;

    let back = world.arrive(mail("AW: Lampe flackert", "In-Reply-To: <2@example.org>\r\n")).await?;
    let other = world.arrive(mail("AW: Lampe flackert", "In-Reply-To: <1@example.org>\r\n")).await?;
    assert_eq!((back.case, other.case), (Some(new.id), Some(case)));
    let answer = Answer { text: "Gern.".into(), ..Answer::default() };
    cases::reply(&world.app, &world.agent, new.id, answer).await?;
    Ok(())
}
