//! Whoever does not want news says so once, and gets answers all the same.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use kitt::cases;
use kitt::cases::{Answer, State};
use kitt::channels::{Delivery, Route, intake, worker};
use kitt::customers;
use kitt::customers::{Bounce, Purpose, Way};
use kitt::findings::Kind;
use kitt::insights;
use kitt::insights::Decision;
use kitt::insights::tell;
use kitt::journal;
use kitt::journal::{About, Fact};
use kitt::platform::{CaseId, ContactId, CustomerId, Error, InsightId, Role};
use serde_json::json;

use super::templates;
use crate::world::{World, both};

both!(
    news_says_how_it_is_declined_and_one_click_does_it,
    what_was_declined_meanwhile_does_not_leave,
    a_mail_with_the_right_subject_declines_too,
    what_a_person_sends_all_the_same_counts_as_told,
    advertising_and_news_are_declined_each_by_itself,
);

/// News on their way to one customer.
struct News {
    insight: InsightId,
    customer: CustomerId,
    case: CaseId,
    contact: ContactId,
}

impl World {
    /// An insight is mended and its only customer is told.
    async fn news(&mut self) -> Result<News> {
        let public = "https://kitt.example".parse()?;
        let sink = Some("sink:".to_owned());
        self.restart_with(|settings| (settings.public_url, settings.smtp_relay) = (public, sink)).await?;
        let insight = self.insight(Kind::Cause, "Termin nicht gehalten").await?;
        let (customer, case) =
            self.said("Ingrid Sommerauer", "ingrid@example.org", insight, "Niemand da").await?;
        self.tell_all(insight).await?;
        self.hear().await?;
        let contact = cases::contacts(&mut self.read().await?, case).await?.last().context("told")?.id;
        Ok(News { insight, customer, case, contact })
    }

    async fn leave(&self) -> Result<()> {
        self.forward(cases::UNDO + Duration::from_secs(1));
        self.settle().await
    }

    /// The message as it left, its header's lines unfolded.
    async fn as_sent(&self, contact: ContactId) -> Result<String> {
        let raw = self.get(Role::Admin, &format!("/sent/{contact}/raw")).await?;
        assert_eq!(raw.status, StatusCode::OK, "{}", raw.body);
        Ok(raw.body.replace("\r\n ", " "))
    }

    async fn declined(&self, customer: CustomerId) -> Result<Vec<(Purpose, Way)>> {
        let all = customers::objections(&mut self.read().await?, customer).await?;
        let mut all: Vec<_> = all.into_iter().map(|one| (one.purpose, one.way)).collect();
        all.sort_unstable();
        Ok(all)
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Result<&'a str> {
    let (_, rest) = text.split_once(start).with_context(|| format!("{start} in {text}"))?;
    Ok(rest.split_once(end).with_context(|| format!("{end} in {rest}"))?.0)
}

async fn news_says_how_it_is_declined_and_one_click_does_it(mut world: World) -> Result<()> {
    let news = world.news().await?;
    world.leave().await?;
    let raw = world.as_sent(news.contact).await?;
    assert!(raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{raw}");
    let path = between(&raw, "List-Unsubscribe: <https://kitt.example", ">")?;
    assert!(mail::parse(raw.as_bytes())?.text.contains(path), "people find it, too");

    // Programs open links before people do.
    let page = world.get(None, path).await?;
    assert!(page.status == StatusCode::OK && page.body.contains("abbestellen"), "{}", page.body);
    assert!(!page.body.contains("<script"));
    assert_eq!(world.declined(news.customer).await?, []);

    // As a mail provider does it: no cookie, no page before.
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    for _ in 0..2 {
        let done =
            world.ask(None, Method::POST, path, &headers, Body::from("List-Unsubscribe=One-Click")).await?;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    }
    let expected = [(Purpose::Telling, Way::OneClick), (Purpose::Advertising, Way::OneClick)];
    assert_eq!(world.declined(news.customer).await?, expected);
    let facts = journal::of_case(&mut world.read().await?, news.case).await?;
    let raised = facts.iter().filter(|entry| matches!(entry.fact, Fact::ObjectionRaised { .. })).count();
    assert_eq!(raised, 2, "said twice it is said once");
    let forged = format!("{}0", &path[..path.len() - 1]);
    let forged = if forged == path { format!("{}1", &path[..path.len() - 1]) } else { forged };
    assert_eq!(
        world.ask(None, Method::POST, &forged, &headers, Body::empty()).await?.status,
        StatusCode::NOT_FOUND
    );

    // The next news leaves them out; an answer to their own case still goes.
    let next = world.insight(Kind::Cause, "Karton beschädigt").await?;
    let (other, _) = world.said("Karl Huber", "karl@example.org", next, "Nass").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", next, "Karton nass").await?;
    insights::decide(&world.app, &world.manager, next, Decision::Fix { reason: None }).await?;
    let telling = tell::prepare(&world.app, &world.agent, next, templates()).await?;
    let list = tell::recipients(&mut world.read().await?, telling, CustomerId(0), 10).await?;
    let left_out: Vec<_> = list.iter().filter(|one| one.skipped).map(|one| one.customer).collect();
    assert_eq!((left_out, list.len()), (vec![news.customer], 2), "{other:?}");
    let taken_in = tell::skip(&world.app, &world.agent, telling, news.customer, false).await;
    assert!(
        matches!(&taken_in, Err(Error::Invalid(fields)) if fields[0].word == "tell-declined"),
        "{taken_in:?}"
    );
    let answer = Answer { text: "Der Monteur kommt morgen.".into(), ..Answer::default() };
    let answer = cases::reply(&world.app, &world.agent, news.case, answer).await?;
    world.hear().await?;
    world.leave().await?;
    assert_eq!(cases::contact(&mut world.read().await?, answer).await?.state, State::Sent);
    assert!(!world.as_sent(answer).await?.contains("List-Unsubscribe"));
    Ok(())
}

async fn what_was_declined_meanwhile_does_not_leave(mut world: World) -> Result<()> {
    let news = world.news().await?;
    let file = format!("/customers/{}", news.customer);
    world.post_form(Role::Agent, &format!("{file}/objections"), &[("purpose", "telling")]).await?;
    world.leave().await?;

    let held = cases::contact(&mut world.read().await?, news.contact).await?;
    assert_eq!((held.state, held.reason.as_deref()), (State::Suppressed, Some("declined")));
    assert_eq!(tell::told(&mut world.read().await?, news.insight).await?, (0, 1));
    let path = format!("/contacts/{}/anyway", news.contact);
    let anyway = world.post_json(Role::Agent, &path, &json!({})).await?;
    assert_eq!(anyway.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", anyway.body);
    let page = world.get(Role::Agent, &file).await?.body;
    assert!(page.contains("Möchte keine Bescheide") && page.contains("Uns gesagt"), "{page}");

    // It was a mistake.
    world.post_form(Role::Agent, &format!("{file}/objections/lift"), &[("purpose", "telling")]).await?;
    world.post_json(Role::Agent, &format!("/contacts/{}/anyway", news.contact), &json!({})).await?;
    world.hear().await?;
    world.leave().await?;
    assert_eq!(cases::contact(&mut world.read().await?, news.contact).await?.state, State::Sent);
    assert_eq!(tell::told(&mut world.read().await?, news.insight).await?, (1, 0));
    Ok(())
}

async fn a_mail_with_the_right_subject_declines_too(mut world: World) -> Result<()> {
    let news = world.news().await?;
    world.leave().await?;
    let raw = world.as_sent(news.contact).await?;
    let mailto = between(&raw, "<mailto:", ">")?;
    let (to, subject) = mailto.split_once("?subject=").context("a subject")?;
    let subject = subject.replace("%20", " ");

    for (subject, id) in [("unsubscribe me", "1"), (subject.as_str(), "2")] {
        assert_eq!(world.declined(news.customer).await?, [], "not by {subject}");
        let raw = format!(
            "From: ingrid@example.org\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{id}@example.org>\r\n\r\n\r\n"
        );
        let delivery = Delivery {
            route: Route::Smtp,
            from: Some("ingrid@example.org".into()),
            to: vec![to.to_owned()],
            peer: None,
            raw: raw.into_bytes(),
            queue: None,
        };
        intake::keep(&world.app, delivery).await?;
        worker::work_off(&world.app).await?;
    }

    let expected = [(Purpose::Telling, Way::Mail), (Purpose::Advertising, Way::Mail)];
    assert_eq!(world.declined(news.customer).await?, expected);
    let last = cases::contacts(&mut world.read().await?, news.case).await?.pop().context("the mail")?;
    assert!(last.automatic, "nobody waits for an answer: {last:?}");
    Ok(())
}

async fn what_a_person_sends_all_the_same_counts_as_told(mut world: World) -> Result<()> {
    let news = world.news().await?;
    let mut tx = world.app.db.write().await?;
    let bounce = Bounce {
        at: world.now(),
        status: "5.1.1".into(),
        reason: "userunknown".into(),
        permanent: true,
        delayed: false,
    };
    let about = (About::customer(news.customer), news.contact);
    customers::set_bounced(&world.app, &mut tx, &world.agent, about, "ingrid@example.org", &bounce).await?;
    tx.commit().await?;
    world.leave().await?;
    assert_eq!(tell::told(&mut world.read().await?, news.insight).await?, (0, 1));

    world.post_json(Role::Agent, &format!("/contacts/{}/anyway", news.contact), &json!({})).await?;
    world.settle().await?;

    assert_eq!(cases::contact(&mut world.read().await?, news.contact).await?.state, State::Sent);
    assert_eq!(tell::told(&mut world.read().await?, news.insight).await?, (1, 0));
    Ok(())
}

async fn advertising_and_news_are_declined_each_by_itself(mut world: World) -> Result<()> {
    let news = world.news().await?;
    customers::note_objection(&world.app, &world.agent, news.customer, Purpose::Advertising).await?;
    // A person who writes advertising is held as a machine is.
    let offer = Answer { text: "Angebot!".into(), purpose: Purpose::Advertising, ..Answer::default() };
    let offer = cases::reply(&world.app, &world.agent, news.case, offer).await?;
    world.hear().await?;
    world.leave().await?;

    let state = |contact| {
        let world = &world;
        async move { anyhow::Ok(cases::contact(&mut world.read().await?, contact).await?.state) }
    };
    assert_eq!((state(news.contact).await?, state(offer).await?), (State::Sent, State::Suppressed));
    Ok(())
}
