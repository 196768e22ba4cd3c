//! Whoever was spoken with has been answered; who reached a program only waits.

use anyhow::Result;
use kitt::cases;
use kitt::cases::{Channel, Direction, DueClock, Logged, Then};
use kitt::platform::{Actor, CaseId, TokenId, Who};

use super::{HOUR, quick};
use crate::world::{World, both};

both!(a_call_that_a_program_noted_waits_also_in_a_case_that_was_answered_before,);

/// What the customer of a case says on the phone.
fn call(case: CaseId) -> Logged {
    Logged {
        channel: Channel::Phone,
        direction: Direction::Inbound,
        customer: None,
        reach: "+43 664 1234567".into(),
        name: String::new(),
        subject: String::new(),
        text: "Bittet um Rückruf.".into(),
        into: Some(case),
        queue: None,
        minutes: 0,
        done: false,
    }
}

async fn a_call_that_a_program_noted_waits_also_in_a_case_that_was_answered_before(
    world: World,
) -> Result<()> {
    world.promise(quick()).await?;
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    world.says(case, Then::Wait).await?;
    let opened_again = async || {
        cases::close(app, agent, case).await?;
        cases::reopen(app, agent, case).await?;
        Ok::<_, anyhow::Error>(world.clocked(case).await?.due_clock)
    };

    world.forward(HOUR);
    let program = Actor { who: Who::Token(TokenId(1)), ..agent.clone() };
    cases::log(app, &program, call(case)).await?;
    assert_eq!(opened_again().await?, Some(DueClock::Next), "nobody spoke with them");

    cases::log(app, agent, call(case)).await?;
    assert_eq!(opened_again().await?, Some(DueClock::Solution), "somebody did");
    Ok(())
}
