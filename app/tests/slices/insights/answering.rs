//! One insight, many cases, one answer: looked at, sent once, held back where something happened, taken back.

use anyhow::{Context, Result};
use kitt::cases::{self, Answer, Contact, Direction, Status, Then};
use kitt::findings::Kind;
use kitt::insights::answers::{self, Afterwards, CaseState, Look, RunState, Texts};
use kitt::platform::{Actor, CaseId, Error, InsightId, Language, Role, sql};
use kitt::snippets::{self, Frame};
use serde_json::json;

use crate::world::{World, both};

both!(
    every_open_case_is_answered_once_in_its_customers_language,
    who_was_answered_before_is_answered_again,
    who_was_answered_together_is_left_out_until_they_write,
    nothing_leaves_in_a_language_that_nobody_wrote,
    what_was_said_since_the_look_holds_an_answer_back,
    who_may_not_know_of_a_case_does_not_answer_it,
    a_run_is_stopped_and_taken_back_until_its_answers_have_left,
    a_run_that_was_given_up_says_so,
    another_text_is_looked_at_again,
    a_program_writes_looks_and_sends,
    each_case_is_answered_as_its_customer_is_addressed,
    what_leaves_is_what_was_looked_at,
    a_letter_of_two_forms_of_address_is_looked_at_by_itself,
);

/// Two open cases of German customers.
struct Prepared {
    insight: InsightId,
    run: i64,
    one: CaseId,
    two: CaseId,
}

impl World {
    async fn begun(&self) -> Result<Prepared> {
        let insight = self.insight(Kind::Cause, "Kabel zu kurz").await?;
        let (_, one) = self.said("Ingrid Sommerauer", "ingrid@example.org", insight, "Zu kurz").await?;
        let (_, two) = self.said("Karl Berger", "karl@example.org", insight, "Reicht nicht").await?;
        let run = answers::begin(&self.app, &self.agent, insight).await?;
        self.write_answer(run, "Ein längeres Kabel ist unterwegs.", "").await?;
        Ok(Prepared { insight, run, one, two })
    }

    async fn write_answer(&self, run: i64, de: &str, en: &str) -> Result<()> {
        let (de, en) = (de.to_owned(), en.to_owned());
        let de_informal = String::new();
        let texts = Texts { de, de_informal, en, afterwards: Afterwards::Wait, version: None };
        answers::write(&self.app, &self.agent, run, &texts).await?;
        Ok(())
    }

    async fn approve_answer(&self, run: i64, case: CaseId) -> kitt::platform::Result<answers::Run> {
        let look = Look { state: CaseState::Approved, text: None, seen: None };
        answers::look(&self.app, &self.agent, run, case, look).await
    }

    async fn answers_in(&self, case: CaseId) -> Result<Vec<Contact>> {
        let mut all = cases::contacts(&mut self.read().await?, case).await?;
        all.retain(|contact| contact.direction == Direction::Outbound);
        Ok(all)
    }

    /// State and reason of each case of a run, in the order of the cases.
    async fn states(&self, run: i64) -> Result<Vec<(CaseState, Option<String>)>> {
        let all = answers::cases_of(&mut self.read().await?, &Actor::kitt("insights"), run).await?;
        Ok(all.into_iter().map(|one| (one.state, one.why)).collect())
    }
}

fn told(result: &kitt::platform::Result<answers::Run>, word: &str) -> bool {
    matches!(result, Err(Error::Invalid(fields)) if fields[0].word == word)
}

async fn every_open_case_is_answered_once_in_its_customers_language(world: World) -> Result<()> {
    let Prepared { insight, run, one, two } = world.begun().await?;
    let (ann, three) = world.said("Ann Miller", "ann@example.org", insight, "Too short").await?;
    let (_, closed) = world.said("Otto Huber", "otto@example.org", insight, "Kurz").await?;
    cases::close(&world.app, &world.agent, closed).await?;
    let form = json!({"version": 1, "name": "Ann Miller", "language": "en"});
    assert_eq!(world.post_json(Role::Agent, &format!("/customers/{ann}"), &form).await?.status, 200);
    for (language, greeting) in
        [(Language::De, "{{customer.salutation}},"), (Language::En, "Hello {{customer.name}},")]
    {
        let (greeting, closing) = (greeting.into(), "{{agent.name}}".into());
        let frame = Frame { greeting, closing, ..Frame::empty(world.queue, language) };
        snippets::set_frame(&world.app, &world.admin, world.queue, &frame).await?;
    }
    answers::refresh(&world.app, &world.agent, run).await?;
    world.write_answer(run, "zu {{case.number}}: ein Kabel kommt.", "a cable is on its way.").await?;
    for case in [one, two, three] {
        world.approve_answer(run, case).await?;
    }
    answers::start(&world.app, &world.agent, run).await?;
    // Two workers at once, then the job itself: as if a node died and another took over.
    let (first, second) = tokio::join!(answers::work(&world.app, run), answers::work(&world.app, run));
    first?;
    second?;
    world.settle().await?;

    let number = cases::case(&mut world.read().await?, one).await?.number;
    let texts = [
        (one, format!("Guten Tag Ingrid Sommerauer,\n\nzu {number}: ein Kabel kommt.\n\nEva Agent")),
        (three, "Hello Ann Miller,\n\na cable is on its way.\n\nEva Agent".to_owned()),
    ];
    for (case, text) in texts {
        let written = world.answers_in(case).await?;
        assert_eq!(written.iter().map(|contact| contact.text.trim()).collect::<Vec<_>>(), [text]);
        assert_eq!(cases::case(&mut world.read().await?, case).await?.status, Status::Waiting);
    }
    assert_eq!(world.answers_in(two).await?.len(), 1);
    assert!(world.answers_in(closed).await?.is_empty(), "it was not open");
    assert_eq!(answers::run(&mut world.read().await?, run).await?.state, RunState::Done);
    let page = world.get(Role::Agent, &format!("/insights/{insight}")).await?.body;
    assert!(page.contains("3 beantwortet"), "{page}");
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("Gemeinsame Antwort: Kabel zu kurz"), "{page}");
    Ok(())
}

/// Then no deadline ends with the answer, so that nothing else is written beside it.
async fn who_was_answered_before_is_answered_again(world: World) -> Result<()> {
    let Prepared { run, one, .. } = world.begun().await?;
    let before = Answer { text: "Wir sehen nach.".into(), then: Then::StayOpen, ..Answer::default() };
    cases::reply(&world.app, &world.agent, one, before).await?;
    answers::refresh(&world.app, &world.agent, run).await?;
    world.approve_answer(run, one).await?;

    answers::start(&world.app, &world.agent, run).await?;
    world.settle().await?;

    assert_eq!(world.answers_in(one).await?.len(), 2);
    assert_eq!(world.states(run).await?[0], (CaseState::Sent, None));
    Ok(())
}

async fn who_was_answered_together_is_left_out_until_they_write(world: World) -> Result<()> {
    let Prepared { insight, run, one, two } = world.begun().await?;
    let (_, three) = world.said("Anna Moser", "anna@example.org", insight, "Kurz").await?;
    answers::refresh(&world.app, &world.agent, run).await?;
    world.approve_answer(run, one).await?;
    world.approve_answer(run, two).await?;
    answers::start(&world.app, &world.agent, run).await?;
    world.settle().await?;
    world.forward(std::time::Duration::from_mins(5));
    let path = format!("/insights/{insight}/answers");

    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("Einen offenen Fall beantworten"), "{page}");
    assert!(page.contains("Den noch nicht angesehenen ansehen"), "none was held back: {page}");
    let number = cases::case(&mut world.read().await?, two).await?.number;
    world.answers(&number).await?;
    let next = answers::begin(&world.app, &world.agent, insight).await?;

    let all = answers::cases_of(&mut world.read().await?, &Actor::kitt("insights"), next).await?;
    assert_eq!(all.iter().map(|listed| listed.case).collect::<Vec<_>>(), [two, three]);
    Ok(())
}

async fn nothing_leaves_in_a_language_that_nobody_wrote(world: World) -> Result<()> {
    let Prepared { insight, run, one, two } = world.begun().await?;
    world.write_answer(run, "", "A longer cable is on its way.").await?;

    assert!(told(&world.approve_answer(run, one).await, "answers-no-text"));
    assert!(told(&answers::approve_rest(&world.app, &world.agent, run).await, "answers-look-first"));
    let skip = Look { state: CaseState::Skipped, text: None, seen: None };
    answers::look(&world.app, &world.agent, run, two, skip).await?;
    assert!(told(&answers::start(&world.app, &world.agent, run).await, "answers-nothing-approved"));
    world.write_answer(run, "{{customer.nam}}, ein Kabel kommt.", "").await?;
    assert!(told(&world.approve_answer(run, one).await, "answers-hole"));
    let own = Look { state: CaseState::Approved, text: Some("Für Sie allein.".into()), seen: None };
    answers::look(&world.app, &world.agent, run, one, own).await?;
    answers::start(&world.app, &world.agent, run).await?;
    world.work().await?;

    assert_eq!(world.answers_in(one).await?[0].text, "Für Sie allein.");
    assert!(world.answers_in(two).await?.is_empty(), "left out");
    let page = world.get(Role::Agent, &format!("/insights/{insight}/answers")).await?;
    assert!(page.body.contains("ausgelassen"), "{}", page.body);
    Ok(())
}

async fn what_was_said_since_the_look_holds_an_answer_back(world: World) -> Result<()> {
    let Prepared { run, one, two, .. } = world.begun().await?;
    world.approve_answer(run, one).await?;
    world.approve_answer(run, two).await?;
    let number = cases::case(&mut world.read().await?, one).await?.number;
    world.answers(&number).await?;
    // Also what the sender wrote themselves.
    let own = cases::Answer { text: "Schon erledigt.".into(), ..cases::Answer::default() };
    cases::reply(&world.app, &world.agent, two, own).await?;
    answers::start(&world.app, &world.agent, run).await?;
    world.work().await?;

    let held = |word: &str| (CaseState::Held, Some(word.to_owned()));
    assert_eq!(world.states(run).await?, [held("case-meanwhile-wrote"), held("case-meanwhile-answered")]);
    assert!(world.answers_in(one).await?.is_empty());
    assert_eq!(world.answers_in(two).await?.len(), 1, "only what was written by hand");
    answers::again(&world.app, &world.agent, run).await?;
    world.approve_answer(run, one).await?;
    answers::start(&world.app, &world.agent, run).await?;
    world.work().await?;
    assert_eq!(world.answers_in(one).await?.len(), 1, "looked at once more");
    Ok(())
}

async fn who_may_not_know_of_a_case_does_not_answer_it(world: World) -> Result<()> {
    let Prepared { insight, run, one, two } = world.begun().await?;
    world.approve_answer(run, one).await?;
    world.approve_answer(run, two).await?;
    let mut tx = world.app.db.write().await?;
    sql("UPDATE cases SET private = TRUE, owner_id = $2 WHERE id = $1")
        .bind(two)
        .bind(world.lead.person()?)
        .run(&mut tx)
        .await?;
    tx.commit().await?;

    let seen = world.get_json(Role::Agent, &format!("/insights/{insight}/answers")).await?.json()?;
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(1), "{seen}");
    assert_eq!(seen["open_cases"], 1);
    assert!(matches!(world.approve_answer(run, two).await, Err(Error::NotFound)));
    answers::start(&world.app, &world.agent, run).await?;
    world.work().await?;
    assert!(world.answers_in(two).await?.is_empty());
    assert_eq!(world.states(run).await?[1], (CaseState::Held, Some("answers-gone".into())));
    Ok(())
}

async fn a_run_that_was_given_up_says_so(world: World) -> Result<()> {
    let Prepared { insight, run, one, .. } = world.begun().await?;
    world.approve_answer(run, one).await?;
    let path = format!("/insights/{insight}/answers");
    let number = cases::case(&mut world.read().await?, one).await?.number;
    let settled = world.get(Role::Agent, &format!("{path}?case={number}")).await?.body;
    assert!(!settled.contains("data-key=\"a\""), "what is approved is not approved twice: {settled}");
    answers::start(&world.app, &world.agent, run).await?;
    assert!(!world.get(Role::Agent, &path).await?.body.contains("stehen geblieben"));

    let mut tx = world.app.db.write().await?;
    sql("UPDATE jobs SET state = 'dead' WHERE state = 'waiting'").run(&mut tx).await?;
    tx.commit().await?;

    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("stehen geblieben"), "{page}");
    assert_eq!(world.get_json(Role::Agent, &path).await?.json()?["run"]["failed"], true);
    Ok(())
}

async fn a_run_is_stopped_and_taken_back_until_its_answers_have_left(world: World) -> Result<()> {
    let Prepared { insight, run, one, two } = world.begun().await?;
    world.approve_answer(run, one).await?;
    world.approve_answer(run, two).await?;
    answers::start(&world.app, &world.agent, run).await?;
    world.work().await?;
    let page = world.get(Role::Agent, &format!("/insights/{insight}/answers")).await?.body;
    assert!(page.contains(&format!("/answers/{run}/end")), "{page}");

    answers::cancel(&world.app, &world.agent, run).await?;

    assert_eq!(world.states(run).await?, [(CaseState::Withdrawn, None), (CaseState::Withdrawn, None)]);
    assert_eq!(cases::case(&mut world.read().await?, one).await?.status, Status::Open);
    assert_eq!(answers::run(&mut world.read().await?, run).await?.state, RunState::Cancelled);
    let page = world.get(Role::Agent, &format!("/insights/{insight}/answers")).await?.body;
    let again =
        page.split(&format!("/answers/{run}/again")).nth(1).and_then(|rest| rest.split("</form>").next());
    assert!(again.is_some_and(|form| form.contains("data-key=\"r\"")), "{page}");
    assert_eq!(page.matches("data-key=\"r\"").count(), 1, "R goes on with this run: {page}");
    answers::again(&world.app, &world.agent, run).await?;
    world.approve_answer(run, one).await?;
    answers::start(&world.app, &world.agent, run).await?;
    answers::work(&world.app, run).await?;
    world.forward(std::time::Duration::from_secs(11));
    assert!(matches!(answers::cancel(&world.app, &world.agent, run).await, Err(Error::Stale)), "too late");
    Ok(())
}

async fn another_text_is_looked_at_again(world: World) -> Result<()> {
    let Prepared { run, one, two, .. } = world.begun().await?;
    world.approve_answer(run, one).await?;
    let own = Look { state: CaseState::Approved, text: Some("Nur für Karl.".into()), seen: None };
    answers::look(&world.app, &world.agent, run, two, own).await?;

    world.write_answer(run, "Doch kein Kabel.", "").await?;

    assert_eq!(world.states(run).await?, [(CaseState::Open, None), (CaseState::Approved, None)]);
    let (de_informal, en) = (String::new(), String::new());
    let stale = Texts { de: "Meins".into(), de_informal, en, afterwards: Afterwards::Wait, version: Some(1) };
    assert!(matches!(answers::write(&world.app, &world.lead, run, &stale).await, Err(Error::Stale)));
    Ok(())
}

async fn a_program_writes_looks_and_sends(world: World) -> Result<()> {
    let Prepared { insight, run, one, .. } = world.begun().await?;
    let texts = json!({"de": "Gelöst.", "afterwards": "close"});
    assert_eq!(world.post_json(Role::Agent, &format!("/answers/{run}/texts"), &texts).await?.status, 200);
    let seen = world.get_json(Role::Agent, &format!("/insights/{insight}/answers")).await?.json()?;
    let number = seen["current"]["number"].as_str().context("a case to look at")?.to_owned();
    assert_eq!(seen["current"]["quote"], "Zu kurz");
    let page = world.get(Role::Agent, &format!("/insights/{insight}/answers")).await?.body;
    for key in ["data-key=\"a\"", "data-key=\"s\"", "data-row"] {
        assert!(page.contains(key), "{key} in {page}");
    }
    let look = json!({"state": "approved", "seen": seen["current"]["seen"]});
    let looked = world.post_json(Role::Agent, &format!("/answers/{run}/cases/{number}"), &look).await?;
    assert_eq!(looked.status, 200, "{}", looked.body);
    assert_eq!(
        world.post_json(Role::Agent, &format!("/answers/{run}/sending"), &json!({})).await?.status,
        200
    );
    world.work().await?;

    assert_eq!(cases::case(&mut world.read().await?, one).await?.status, Status::Closed);
    let nobody = world.get(Role::Department, &format!("/insights/{insight}/answers")).await?;
    assert_eq!(nobody.status, 403);
    Ok(())
}

async fn each_case_is_answered_as_its_customer_is_addressed(world: World) -> Result<()> {
    let Prepared { insight, run, one, two } = world.begun().await?;
    world.address(one, "informal").await?;
    let frame =
        Frame { greeting: "{{customer.salutation}},".into(), ..Frame::empty(world.queue, Language::De) };
    snippets::set_frame(&world.app, &world.admin, world.queue, &frame).await?;
    let path = format!("/insights/{insight}/answers");
    world.write_answer(run, "Ihr Kabel kommt.", "").await?;

    let number = cases::case(&mut world.read().await?, one).await?.number;
    let seen = world.get_json(Role::Agent, &format!("{path}?case={number}")).await?.json()?;
    let asked: Vec<_> =
        seen["texts"].as_array().context("texts")?.iter().map(|one| (&one["tone"], &one["cases"])).collect();
    assert_eq!(asked, [(&json!("formal"), &json!(1)), (&json!("informal"), &json!(1))], "no English: {seen}");
    assert_eq!(
        (&seen["items"][0]["tone"], &seen["items"][0]["other_tone"]),
        (&json!("informal"), &json!(true))
    );
    assert_eq!((&seen["current"]["tone"], &seen["current"]["other_tone"]), (&json!("formal"), &json!(true)));
    let page = world.get(Role::Agent, &format!("{path}?case={number}")).await?.body;
    assert!(page.contains("name=\"de_informal\"") && !page.contains("name=\"en\""), "{page}");
    assert!(page.contains("Dieser Text ist per Sie, hier gilt das Du."), "{page}");

    world.approve_answer(run, two).await?;
    let (_, three) = world.said("Otto Huber", "otto@example.org", insight, "Kurz").await?;
    let (_, four) = world.said("Anna Moser", "anna@example.org", insight, "Kurz").await?;
    answers::refresh(&world.app, &world.agent, run).await?;
    for case in [three, four] {
        world.approve_answer(run, case).await?;
    }
    answers::approve_rest(&world.app, &world.agent, run).await?;
    assert_eq!(world.states(run).await?[0].0, CaseState::Open, "nobody is answered unseen in the other form");
    let texts = json!({"de": "Ihr Kabel kommt.", "de_informal": "dein Kabel kommt.", "afterwards": "wait"});
    let written = world.post_json(Role::Agent, &format!("/answers/{run}/texts"), &texts).await?;
    assert_eq!(written.status, 200, "{}", written.body);
    assert_eq!(world.states(run).await?[1].0, CaseState::Open, "another text is looked at again");
    for case in [one, two, three] {
        world.approve_answer(run, case).await?;
    }
    answers::approve_rest(&world.app, &world.agent, run).await?;
    answers::start(&world.app, &world.agent, run).await?;
    world.settle().await?;

    for (case, text) in [
        (one, "Hallo Ingrid,\n\ndein Kabel kommt."),
        (two, "Guten Tag Karl Berger,\n\nIhr Kabel kommt."),
        (four, "Guten Tag Anna Moser,\n\nIhr Kabel kommt."),
    ] {
        assert_eq!(world.answers_in(case).await?[0].text.trim(), text);
    }
    Ok(())
}

/// Writes the answer for both forms of address.
async fn write_both(world: &World, run: i64) -> Result<()> {
    let (de, de_informal) = ("Ihr Kabel kommt.".into(), "dein Kabel kommt.".into());
    let texts = Texts { de, de_informal, en: String::new(), afterwards: Afterwards::Wait, version: None };
    answers::write(&world.app, &world.agent, run, &texts).await?;
    Ok(())
}

async fn what_leaves_is_what_was_looked_at(world: World) -> Result<()> {
    let Prepared { run, one, two, .. } = world.begun().await?;
    write_both(&world, run).await?;
    world.approve_answer(run, one).await?;
    world.approve_answer(run, two).await?;

    world.address(one, "informal").await?;
    answers::start(&world.app, &world.agent, run).await?;
    world.settle().await?;

    let held = (CaseState::Held, Some("answers-changed".to_owned()));
    assert_eq!(world.states(run).await?, [held.clone(), (CaseState::Sent, None)]);
    answers::again(&world.app, &world.agent, run).await?;
    world.approve_answer(run, one).await?;
    let frame = Frame { closing: "Bis bald".into(), ..Frame::empty(world.queue, Language::De) };
    snippets::set_frame(&world.app, &world.admin, world.queue, &frame).await?;
    answers::start(&world.app, &world.agent, run).await?;
    world.settle().await?;
    assert_eq!(world.states(run).await?[0], held, "it would end otherwise");
    assert!(world.answers_in(one).await?.is_empty());
    Ok(())
}

async fn a_letter_of_two_forms_of_address_is_looked_at_by_itself(world: World) -> Result<()> {
    let Prepared { insight, run, one, two } = world.begun().await?;
    let (_, three) = world.said("Otto Huber", "otto@example.org", insight, "Kurz").await?;
    let (_, four) = world.said("Anna Moser", "anna@example.org", insight, "Kurz").await?;
    answers::refresh(&world.app, &world.agent, run).await?;
    write_both(&world, run).await?;
    world.address(one, "informal").await?;
    let closing = "Wir danken Ihnen".into();
    let frame = Frame { closing, ..Frame::empty(world.queue, Language::De) };
    snippets::set_frame(&world.app, &world.admin, world.queue, &frame).await?;

    for case in [two, three, four] {
        world.approve_answer(run, case).await?;
    }
    answers::approve_rest(&world.app, &world.agent, run).await?;

    assert_eq!(world.states(run).await?[0], (CaseState::Open, None));
    let number = cases::case(&mut world.read().await?, one).await?.number;
    let path = format!("/insights/{insight}/answers?case={number}");
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("nur per Sie geschrieben, der Text ist per Du"), "{page}");
    world.approve_answer(run, one).await?;
    Ok(())
}
