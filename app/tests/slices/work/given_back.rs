//! What was handed over, documented and given is taken back.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Handoff, HandoffState, State, Status, To};
use kitt::findings;
use kitt::findings::Kind;
use kitt::goodwill;
use kitt::goodwill::GoodwillKind;
use kitt::insights;
use kitt::insights::{Documentation, Item, What};
use kitt::journal::Fact;
use kitt::platform::{CaseId, Error, Role, Timestamp};
use money::Money;

use super::{LATE, colleague, me, refused};
use crate::world::{World, both};

both!(
    who_took_a_case_over_gives_it_back,
    a_queue_gives_a_case_back,
    a_department_takes_its_answer_back,
    a_no_is_taken_back,
    a_hand_off_that_was_withdrawn_is_asked_again,
    what_was_documented_is_taken_back,
    what_was_given_is_taken_back_once,
);

impl World {
    async fn only_handoff(&self, case: CaseId) -> Result<Handoff> {
        cases::handoffs(&mut self.read().await?, case).await?.pop().context("a hand-off")
    }

    /// Where the page offers to take something back.
    async fn way_back(&self, role: Role, path: &str) -> Result<String> {
        let page = self.get(role, path).await?.body;
        let undo = page.split("action=\"/undos/").nth(1).and_then(|rest| rest.split('"').next());
        Ok(format!("/undos/{}", undo.with_context(|| format!("nothing is offered: {page}"))?))
    }
}

async fn who_took_a_case_over_gives_it_back(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Lampe").await?.0;
    cases::assign(app, agent, case, Some(me(&world)?)).await?;
    let to = To::Person(colleague(&world)?);
    let handoff = cases::hand_off(app, agent, case, to, "Kennst du dich aus?", None).await?;

    cases::accept_handoff(app, lead, handoff).await?;
    world.undo_of(lead).await??;

    assert_eq!(world.case_row(case).await?.owner, Some(me(&world)?));
    assert_eq!(world.only_handoff(case).await?.state, HandoffState::Asked);
    assert!(world.has(case, &Fact::HandoffReopened { handoff }).await?);
    let back = Fact::CaseAssigned { to: Some(me(&world)?), from: Some(colleague(&world)?) };
    assert!(world.has(case, &back).await?);

    cases::accept_handoff(app, lead, handoff).await?;
    cases::assign(app, agent, case, Some(me(&world)?)).await?;
    assert_eq!(refused(world.undo_of(lead).await?), LATE, "it is somebody else's by now");
    Ok(())
}

async fn a_queue_gives_a_case_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let other = world.other_queue().await?;
    let handoff = cases::hand_off(app, agent, case, To::Queue(other), "Ist eher eures.", None).await?;
    let mut member = world.lead.clone();
    member.queues = vec![other];
    let before = world.case_row(case).await?;

    cases::accept_handoff(app, &member, handoff).await?;
    world.undo_of(&member).await??;

    let after = world.case_row(case).await?;
    assert_eq!((after.queue, after.owner, after.due_at), (before.queue, before.owner, before.due_at));
    assert!(world.has(case, &Fact::CaseMoved { queue: world.queue }).await?);
    cases::accept_handoff(app, &member, handoff).await?;
    member.queues = Vec::new();
    let gone = world.undo_of(&member).await?;
    assert!(matches!(gone, Err(Error::NotFound)), "it is not for who left the team: {gone:?}");
    Ok(())
}

async fn a_department_takes_its_answer_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let to = To::Department(world.product);
    let handoff = cases::hand_off(app, agent, case, to, "Ab wann?", None).await?;
    let waiting = world.case_row(case).await?;

    world.post_form(Role::Department, &format!("/handoffs/{handoff}/acceptance"), &[]).await?;
    let undo = world.way_back(Role::Department, "/handoffs").await?;
    let others = world.post_form(Role::Agent, &undo, &[]).await?;
    let back = world.post_form(Role::Department, &undo, &[]).await?;

    assert_eq!(others.status.as_u16(), 404, "everybody takes back what they did themselves");
    assert_eq!((back.status.as_u16(), back.location()), (303, "/handoffs"));
    assert_eq!(world.only_handoff(case).await?.state, HandoffState::Asked);

    let form = [("reason", "Ab Charge 7."), ("state", "done")];
    world.post_form(Role::Department, &format!("/handoffs/{handoff}/answer"), &form).await?;
    assert_eq!(world.status(case).await?, Status::Open);
    let undo = world.way_back(Role::Department, "/handoffs").await?;
    world.post_form(Role::Department, &undo, &[]).await?;

    let after = world.case_row(case).await?;
    assert_eq!((after.status, after.wait_until), (Status::Waiting, waiting.wait_until));
    let note = cases::contacts(&mut world.read().await?, case).await?.pop().context("the note")?;
    assert_eq!((note.text.as_str(), note.state), ("Ab Charge 7.", State::Withdrawn));
    Ok(())
}

async fn a_no_is_taken_back(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Lampe").await?.0;
    let to = To::Person(colleague(&world)?);
    let handoff = cases::hand_off(app, agent, case, to, "Für dich?", None).await?;

    cases::decline_handoff(app, lead, handoff, "Keine Zeit.").await?;
    let offer = cases::undo::newest(&mut world.read().await?, lead, world.now()).await?;
    assert_eq!(offer.context("an offer")?.word, "case-handoff-declined", "the no and its note are one");
    world.undo_of(lead).await??;

    let asked = world.only_handoff(case).await?;
    assert_eq!((asked.state, asked.answer, asked.answered_by), (HandoffState::Asked, None, None));
    assert!(world.has(case, &Fact::HandoffReopened { handoff }).await?);
    cases::decline_handoff(app, lead, handoff, "Wirklich nicht.").await?;
    cases::merge(app, agent, world.write_in("Lampe, noch einmal").await?.0, &[case]).await?;
    assert_eq!(refused(world.undo_of(lead).await?), LATE, "the case went into another one");
    Ok(())
}

async fn a_hand_off_that_was_withdrawn_is_asked_again(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let to = To::Department(world.product);
    let due = Some(world.now() + Timestamp::days(2));
    let handoff = cases::hand_off(app, &world.lead, case, to, "Ab wann?", due).await?;

    cases::withdraw_handoff(app, agent, handoff).await?;
    assert_eq!(world.status(case).await?, Status::Open);
    world.undo_last().await?;

    let row = world.case_row(case).await?;
    assert_eq!((row.status, row.wait_until), (Status::Waiting, due));
    assert_eq!(world.only_handoff(case).await?.state, HandoffState::Asked);
    cases::withdraw_handoff(app, agent, handoff).await?;
    cases::hand_off(app, &world.lead, case, to, "Noch einmal: ab wann?", due).await?;
    assert_eq!(world.why_kept().await?, LATE, "they were asked again meanwhile");
    Ok(())
}

async fn what_was_documented_is_taken_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let said = |kind| {
        let station = Some("use".to_owned());
        let item = Item { kind, what: What::Unnamed, station, product: None, words: None, share: None };
        Documentation { unknown: false, items: vec![item] }
    };
    let kinds = async || -> Result<Vec<Kind>> {
        let found = findings::of_case(&mut world.read().await?, case).await?;
        Ok(found.into_iter().map(|finding| finding.kind).collect())
    };

    insights::document(app, agent, case, said(Kind::Praise)).await?;
    world.undo_last().await?;
    assert!(kinds().await?.is_empty());
    assert!(!world.case_row(case).await?.documented);
    assert!(world.has(case, &Fact::DocumentationTakenBack).await?);

    insights::document(app, &world.lead, case, said(Kind::Praise)).await?;
    let unknown = Documentation { unknown: true, items: Vec::new() };
    insights::document(app, agent, case, unknown).await?;
    assert!(findings::is_unknown(&mut world.read().await?, case).await?);
    world.undo_last().await?;
    assert_eq!(kinds().await?, [Kind::Praise], "what stood before stands again");
    assert!(!findings::is_unknown(&mut world.read().await?, case).await?);

    insights::document(app, agent, case, said(Kind::Wish)).await?;
    insights::document(app, &world.lead, case, said(Kind::Unclear)).await?;
    assert_eq!(world.why_kept().await?, LATE);
    assert_eq!(kinds().await?, [Kind::Unclear]);
    Ok(())
}

async fn what_was_given_is_taken_back_once(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let given = goodwill::grant(app, agent, case, GoodwillKind::Voucher, Money::eur(1500), "").await?;

    world.undo_last().await?;

    let grants = goodwill::grants(&mut world.read().await?, case).await?;
    assert_eq!(grants.iter().map(|grant| grant.sum.cents).sum::<i64>(), 0);
    assert!(grants.iter().any(|grant| grant.reverses == Some(given)), "both stay to be seen");
    let second = goodwill::refund(app, agent, case, Money::eur(900), "").await?;
    goodwill::reverse(app, &world.lead, case, second).await?;
    assert_eq!(world.why_kept().await?, LATE);
    let mut moved = world.agent.clone();
    moved.roles = vec![Role::Manager];
    let may_not = world.undo_of(&moved).await?;
    assert!(matches!(may_not, Err(Error::Forbidden(_))), "{may_not:?}");
    Ok(())
}
