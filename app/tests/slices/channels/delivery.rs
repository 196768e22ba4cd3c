//! What a real mail server reports about our mails.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use kitt::cases;
use kitt::cases::{Answer, Contact, State};
use kitt::channels;
use kitt::platform::{ContactId, Role};
use tokio_util::sync::CancellationToken;

use super::mail_of;
use crate::support::postfix::Postfix;
use crate::world::{World, both};

both!(a_report_says_that_a_mail_arrived_or_still_tries);

const PATIENCE: Duration = Duration::from_mins(1);

impl World {
    async fn answer_to(&self, address: &str) -> Result<ContactId> {
        let raw = mail_of(address, "Die Lampe", &format!("Message-ID: <{address}>\r\n"));
        let case = self.case(self.arrive(raw).await?.case).await?.id;
        let answer = Answer { text: "Wir sehen nach.".into(), ..Answer::default() };
        Ok(cases::reply(&self.app, &self.agent, case, answer).await?)
    }

    /// Files what arrives until the contact is in this state.
    async fn wait_until(&self, contact: ContactId, state: State) -> Result<Contact> {
        let start = Instant::now();
        loop {
            channels::worker::work_off(&self.app).await?;
            let found = self.contact(Some(contact)).await?;
            if found.state == state {
                return Ok(found);
            }
            ensure!(start.elapsed() < PATIENCE, "still {} after {PATIENCE:?}: {found:?}", found.state);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn a_report_says_that_a_mail_arrived_or_still_tries(mut world: World) -> Result<()> {
    let listener = channels::smtp::bind(&world.app).await?;
    let postfix = Postfix::start(listener.address()?)?;
    world.use_relay(&format!("smtp://{}", postfix.address)).await?;
    let stop = CancellationToken::new();
    tokio::spawn(listener.serve(world.app.clone(), stop.clone()));

    let arrives = world.answer_to("ingrid@example.org").await?;
    let waits = world.answer_to("ingrid@slow.example").await?;
    world.after(Duration::from_secs(11)).await?;

    let good = world.wait_until(arrives, State::Delivered).await?;
    let delayed = world.wait_until(waits, State::Delayed).await?;
    stop.cancel();
    assert_eq!(good.problem, None);
    assert!(delayed.problem.is_some() && delayed.reason.is_some(), "{delayed:?}");
    // Reports are no messages in the case, but where they came from can be seen.
    let said = cases::contacts(&mut world.read().await?, good.case).await?;
    assert_eq!(said.len(), 2, "{said:?}");
    let number = cases::case(&mut world.read().await?, delayed.case).await?.number;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?;
    assert!(page.body.contains("verzögert") && page.body.contains("Wortlaut des Servers"));
    Ok(())
}
