//! Complaints and their end.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::complaint::{End, Outcome};
use kitt::cases::{Status, Then};
use kitt::platform::{Error, Timestamp};

use crate::world::{World, both};

both!(a_complaint_says_how_it_ended, silence_closes_a_complaint_only_after_days,);

async fn a_complaint_says_how_it_ended(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Ich beschwere mich").await?.0;
    cases::complaint::mark(app, agent, case, true).await?;
    let closed = cases::close(app, agent, case).await;
    let answered = world.says(case, Then::Close).await;
    let end = |outcome, letter: &str| End { outcome, note: String::new(), letter: letter.into() };
    let untold = cases::complaint::end(app, agent, case, end(Outcome::Escalation, " ")).await;
    cases::complaint::end(
        app,
        agent,
        case,
        end(Outcome::Escalation, "Sie können sich an die Schlichtung wenden."),
    )
    .await?;

    assert!(matches!(&closed, Err(Error::Invalid(errors)) if errors[0].word == "complaint-outcome-needed"));
    assert!(answered.is_err() && matches!(&untold, Err(Error::Invalid(_))), "{untold:?}");
    assert_eq!(world.status(case).await?, Status::Closed);
    let ended = cases::complaint::ended(&mut world.read().await?, case).await?;
    assert_eq!(ended.map(|ended| ended.outcome), Some(Outcome::Escalation));
    let letter = cases::contacts(&mut world.read().await?, case).await?.pop().context("a letter")?;
    assert!(letter.text.contains("Schlichtung"), "{}", letter.text);

    // The customer takes the offer: the end no longer counts.
    world.write_to(case).await?;
    assert_eq!(world.status(case).await?, Status::Open);
    assert!(cases::complaint::ended(&mut world.read().await?, case).await?.is_none());
    assert!(cases::close(app, agent, case).await.is_err());
    cases::complaint::mark(app, agent, case, false).await?;
    cases::close(app, agent, case).await?;
    Ok(())
}

async fn silence_closes_a_complaint_only_after_days(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Ich beschwere mich").await?.0;
    cases::complaint::mark(app, agent, case, true).await?;
    let silent = || End { outcome: Outcome::Silent, note: String::new(), letter: String::new() };
    let mut early = Vec::new();
    early.push(cases::complaint::end(app, agent, case, silent()).await.is_err());
    world.says(case, Then::Wait).await?;
    world.forward(Timestamp::days(13));
    early.push(cases::complaint::end(app, agent, case, silent()).await.is_err());
    world.forward(Timestamp::days(1));
    cases::complaint::end(app, agent, case, silent()).await?;

    assert_eq!(early, [true, true]);
    assert_eq!(world.status(case).await?, Status::Closed);
    Ok(())
}
