//! What was said, sent and counted is taken back: notes, senders, moments, attempts, drafts, one's own time.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{
    Answer, Contact, Destination, DraftKind, Place, Problem, Progress, Recipient, State, Status, Typed,
};
use kitt::journal::Fact;
use kitt::people;
use kitt::platform::{Actor, CaseId, ContactId, Role, Timestamp};

use super::{LATE, colleague, me};
use crate::world::{World, both};

both!(
    a_note_is_taken_back_and_stays_to_be_seen,
    a_macros_note_is_taken_back_with_the_rest,
    a_sender_is_a_stranger_again,
    a_planned_answer_leaves_when_it_was_to,
    a_failed_answer_is_not_tried_again_after_all,
    of_several_who_missed_it_each_is_as_before,
    a_draft_goes_back_to_who_began_it,
    what_was_said_about_ones_time_is_unsaid,
);

/// It is on its way.
const GONE: Option<&str> = Some("case-undo-late");

impl World {
    async fn as_it_is(&self, contact: ContactId) -> Result<Contact> {
        Ok(cases::contact(&mut self.read().await?, contact).await?)
    }

    /// Karl, who is nobody of this case, writes to it.
    async fn karl_writes(&self, case: CaseId) -> Result<ContactId> {
        let mut incoming = self.incoming(Some(case), "Von Karl").await?;
        incoming.customer = self.customer("Karl Huber", "karl@example.net").await?;
        incoming.from_address = Some("karl@example.net".into());
        incoming.into = Destination::Case(case);
        incoming.stranger = true;
        Ok(self.receive(incoming).await?.1)
    }

    /// An answer of the agent that did not arrive.
    async fn undelivered(&self, case: CaseId, answer: Answer) -> Result<ContactId> {
        let contact = cases::reply(&self.app, &self.agent, case, answer).await?;
        let mut tx = self.app.db.write().await?;
        let said = "550 5.1.1 no such user here";
        cases::failed(&self.app, &mut tx, &Actor::kitt("channels"), contact, said).await?;
        tx.commit().await?;
        Ok(contact)
    }
}

async fn a_note_is_taken_back_and_stays_to_be_seen(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    let before = world.case_row(case).await?;
    let tom = people::person(&mut world.read().await?, colleague(&world)?).await?.name;
    let text = format!("@{tom} falscher Fall");
    let note = cases::note(&world.app, &world.agent, case, &text, Vec::new()).await?;
    assert_eq!(cases::called(&mut world.read().await?, &[note]).await?.len(), 1);

    world.undo_last().await?;

    assert_eq!(world.as_it_is(note).await?.state, State::Withdrawn);
    assert!(world.has(case, &Fact::NoteWithdrawn { contact: note }).await?);
    assert!(cases::called(&mut world.read().await?, &[note]).await?.is_empty(), "it calls nobody");
    let after = world.case_row(case).await?;
    assert_eq!((after.contacts, after.snippet), (before.contacts, before.snippet));
    let page = world.get(Role::Agent, &format!("/cases/{}", before.number)).await?.body;
    assert!(page.contains("falscher Fall") && page.contains("zurückgeholt"), "{page}");
    Ok(())
}

async fn a_macros_note_is_taken_back_with_the_rest(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    let mut tx = world.app.db.write().await?;
    let before = cases::undo::last(&mut tx, &world.agent).await?;
    let note = cases::note_by_hand(&world.app, &mut tx, &world.agent, case, "Vom Makro", Vec::new()).await?;
    cases::undo::gather(&world.app, &mut tx, &world.agent, case, "rules-macro-ran", before).await?;
    tx.commit().await?;

    world.undo_last().await?;

    assert_eq!(world.as_it_is(note).await?.state, State::Withdrawn);
    Ok(())
}

async fn a_sender_is_a_stranger_again(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    cases::wait(app, agent, case, None).await?;
    let (first, second) = (world.karl_writes(case).await?, world.karl_writes(case).await?);
    let before = world.case_row(case).await?;

    cases::accept(app, agent, first).await?;
    assert_eq!((world.status(case).await?, world.as_it_is(second).await?.stranger), (Status::Open, false));
    world.undo_last().await?;

    assert!(world.as_it_is(first).await?.stranger && world.as_it_is(second).await?.stranger);
    let after = world.case_row(case).await?;
    assert_eq!((after.status, after.due_at), (before.status, before.due_at), "nothing is owed");
    assert!(world.has(case, &Fact::StrangerExcluded { contact: first }).await?);
    cases::accept(app, agent, first).await?;
    cases::close(app, &world.lead, case).await?;
    assert_eq!(world.why_kept().await?, LATE);
    assert!(!world.as_it_is(first).await?.stranger);
    Ok(())
}

async fn a_planned_answer_leaves_when_it_was_to(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let (tomorrow, later) = (world.now() + Timestamp::days(1), world.now() + Timestamp::days(2));
    let answer = Answer { text: "Kommt.".into(), at: Some(tomorrow), ..Answer::default() };
    let contact = cases::reply(app, agent, case, answer).await?;

    cases::reschedule(app, agent, contact, later).await?;
    world.undo_last().await?;

    assert_eq!(world.as_it_is(contact).await?.send_at, Some(tomorrow));
    cases::reschedule(app, agent, contact, later).await?;
    cases::reschedule(app, &world.lead, contact, later + Timestamp::days(1)).await?;
    assert_eq!(world.why_kept().await?, GONE, "a colleague chose another moment");
    assert_eq!(world.as_it_is(contact).await?.send_at, Some(later + Timestamp::days(1)));
    Ok(())
}

async fn a_failed_answer_is_not_tried_again_after_all(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let answer = Answer { text: "Kommt.".into(), ..Answer::default() };
    let contact = world.undelivered(case, answer).await?;
    let failed = world.as_it_is(contact).await?;
    assert_eq!((failed.state, failed.problem), (State::Failed, Some(Problem::MailboxUnknown)));
    world.forward(Duration::from_hours(1));

    let again = cases::send_again(app, agent, contact, Some("karl@example.net")).await?;
    assert_eq!(again.send_at, Some(world.now() + cases::UNDO), "it can still be taken back");
    let page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?.body;
    assert!(page.contains("action=\"/undos/"), "{page}");
    world.undo_last().await?;

    let after = world.as_it_is(contact).await?;
    assert_eq!(
        (after.state, after.problem, after.reason, after.to_address),
        (failed.state, failed.problem, failed.reason, failed.to_address)
    );
    assert!(world.has(case, &Fact::ContactWithdrawn { contact }).await?);
    cases::send_again(app, agent, contact, None).await?;
    cases::claim(app, contact).await?.context("the channel has it")?;
    assert_eq!(world.why_kept().await?, GONE);
    Ok(())
}

async fn of_several_who_missed_it_each_is_as_before(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    let to = |address: &str| Recipient { place: Place::To, name: String::new(), address: address.into() };
    let recipients = vec![to("ingrid@example.org"), to("karl@example.org")];
    let answer = Answer { text: "Kommt.".into(), recipients, ..Answer::default() };
    let contact = world.undelivered(case, answer).await?;
    let fare = async || -> Result<Vec<(String, Progress)>> {
        let all = cases::recipients(&mut world.read().await?, contact).await?;
        Ok(all.into_iter().map(|one| (one.address, one.state)).collect())
    };
    let before = fare().await?;
    assert!(before.iter().all(|(_, state)| *state == Progress::Failed), "{before:?}");

    cases::send_again(&world.app, &world.agent, contact, Some("ingrid@example.net")).await?;
    assert_eq!(fare().await?[0], ("ingrid@example.net".to_owned(), Progress::Queued));
    world.undo_last().await?;

    assert_eq!(fare().await?, before);
    Ok(())
}

async fn a_draft_goes_back_to_who_began_it(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Lampe").await?.0;
    let typed = Typed {
        kind: DraftKind::Reply,
        body: "<p>Begonnen</p>".into(),
        to: String::new(),
        cc: String::new(),
        bcc: String::new(),
        draft: None,
        version: None,
    };
    let draft = cases::save(app, lead, case, &typed).await?.draft.context("a draft")?;
    let whose = async || -> Result<Vec<kitt::platform::PersonId>> {
        let drafts = cases::drafts(&mut world.read().await?, case).await?;
        Ok(drafts.into_iter().map(|draft| draft.person).collect())
    };

    cases::take_over(app, agent, draft).await?;
    assert_eq!(whose().await?, [me(&world)?]);
    world.undo_last().await?;

    let tom = colleague(&world)?;
    assert_eq!(whose().await?, [tom]);
    assert!(world.has(case, &Fact::DraftReturned { draft, to: tom }).await?);
    cases::take_over(app, agent, draft).await?;
    cases::take_over(app, lead, draft).await?;
    assert_eq!(world.why_kept().await?, LATE, "it is the colleague's already");
    Ok(())
}

async fn what_was_said_about_ones_time_is_unsaid(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    cases::spend_time(app, agent, case, 120).await?;
    let day = world.now().moment().to_zoned(app.zone()).date();

    for minutes in [30, 0] {
        cases::correct_time(app, agent, case, day, minutes).await?;
        assert_eq!(world.case_row(case).await?.active_seconds, minutes * 60);
        world.undo_last().await?;
        assert_eq!(world.case_row(case).await?.active_seconds, 120, "{minutes}");
    }

    let back = Fact::TimeCorrected { seconds: 120 - 30 * 60, priced_at: world.now() };
    assert!(world.has(case, &back).await?);
    Ok(())
}
