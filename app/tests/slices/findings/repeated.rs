//! Customers who come again for the same cause.

use std::time::Duration;

use anyhow::Result;
use kitt::findings::Kind;
use kitt::insights;
use kitt::journal::Fact;
use kitt::platform::{CaseId, Timestamp};

use super::cause;
use crate::world::{World, both};

both!(
    a_customer_who_comes_again_within_a_week_repeats_the_contact,
    a_case_that_is_documented_late_is_still_repeated,
    a_withdrawn_finding_repeats_nothing,
    what_is_withdrawn_between_two_contacts_leaves_their_repetition,
);

impl World {
    async fn repeats(&self, case: CaseId) -> Result<usize> {
        Ok(self.facts(case).await?.iter().filter(|fact| matches!(fact, Fact::ContactRepeated { .. })).count())
    }
}

async fn a_customer_who_comes_again_within_a_week_repeats_the_contact(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let first = world.a_case().await?;
    world.find(first, vec![cause(late)]).await?;

    world.forward(Timestamp::days(7));
    let second = world.a_case().await?;
    world.find(second, vec![cause(late)]).await?;
    assert_eq!((world.repeats(first).await?, world.repeats(second).await?), (0, 1));

    world.forward(Timestamp::days(7) + Duration::from_secs(1));
    let third = world.a_case().await?;
    world.find(third, vec![cause(late)]).await?;
    let other = world.case_of("Thomas", "Sofa", "Kommt nicht").await?;
    world.find(other, vec![cause(late)]).await?;
    assert_eq!((world.repeats(third).await?, world.repeats(other).await?), (0, 0));
    Ok(())
}

async fn a_case_that_is_documented_late_is_still_repeated(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let first = world.a_case().await?;
    world.forward(Timestamp::days(2));
    let second = world.a_case().await?;

    world.find(second, vec![cause(late)]).await?;
    assert_eq!(world.repeats(second).await?, 0);
    world.find(first, vec![cause(late)]).await?;

    let earlier = world.findings(first).await?[0].id;
    assert!(world.facts(second).await?.contains(&Fact::ContactRepeated { earlier: earlier.0 }));
    Ok(())
}

async fn a_withdrawn_finding_repeats_nothing(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let silent = world.begins(Kind::Cause, "Keine Nachricht unterwegs", "delivery").await?;
    let first = world.a_case().await?;
    world.find(first, vec![cause(late)]).await?;
    let second = world.a_case().await?;
    world.find(second, vec![cause(late)]).await?;
    world.find(second, vec![cause(silent)]).await?;

    let repeats = insights::repeats(&mut world.read().await?, late).await?;
    assert_eq!(repeats, 0);
    Ok(())
}

async fn what_is_withdrawn_between_two_contacts_leaves_their_repetition(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let silent = world.begins(Kind::Cause, "Keine Nachricht unterwegs", "delivery").await?;
    let mut cases = Vec::new();
    for _ in 0..3 {
        let case = world.a_case().await?;
        world.find(case, vec![cause(late)]).await?;
        cases.push(case);
        world.forward(Timestamp::days(1));
    }

    world.find(cases[1], vec![cause(silent)]).await?;

    assert_eq!(insights::repeats(&mut world.read().await?, late).await?, 1, "the third repeats the first");
    let first = world.findings(cases[0]).await?[0].id;
    assert!(world.facts(cases[2]).await?.contains(&Fact::ContactRepeated { earlier: first.0 }));
    Ok(())
}
