//! Notices by mail: at once or collected, in the reader's language, never in quiet hours and never twice.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::notices;
use kitt::notices::{NoticeKind, Ways, Wishes};
use kitt::people;
use kitt::platform::{Language, Role, Timestamp};

use crate::support::smtp;
use crate::world::{World, both};

both!(
    a_mail_comes_after_a_minute_unless_it_was_read_by_then,
    a_digest_collects_until_its_hour_and_none_is_sent_without_news,
    in_quiet_hours_the_page_is_told_silently_and_the_rest_comes_at_once_afterwards,
    who_ends_mails_by_their_link_gets_none,
    a_mail_says_nothing_of_a_case_that_became_private,
);

const PATIENCE: Duration = Duration::from_secs(20);
const MINUTE: Duration = Duration::from_mins(1);
const BY_MAIL: Ways = Ways { page: true, push: false, mail: true, digest: false };
const COLLECTED: Ways = Ways { page: true, push: false, mail: false, digest: true };

impl World {
    /// What is due is handed over and leaves.
    async fn leaves(&self) -> Result<usize> {
        let told = notices::hand_over(&self.app).await?;
        self.settle().await?;
        Ok(told)
    }
}

async fn a_mail_comes_after_a_minute_unless_it_was_read_by_then(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    people::choose_language(&world.app, &world.agent, Some(Language::En)).await?;
    let (case, other) = (world.own_case().await?, world.own_case().await?);
    world.mention(case).await?;
    world.mention(other).await?;
    assert_eq!(world.leaves().await?, 0, "it may still be read in the page");
    notices::see(&world.app, &mut world.app.db.read().await?, &world.agent, other).await?;
    world.forward(MINUTE);

    assert_eq!(world.leaves().await?, 1);
    assert_eq!(world.leaves().await?, 0, "once");
    let sent = server.wait_for(1, PATIENCE)?;
    assert_eq!((sent[0].from.as_str(), sent[0].to[0].as_str()), ("<>", "agent@haus.example"));
    let raw = String::from_utf8_lossy(&sent[0].raw).replace("\r\n ", " ");
    for part in ["Auto-Submitted: auto-generated", "List-Unsubscribe: <http://kitt.test/notices/mail/"] {
        assert!(raw.contains(part), "{part} in {raw}");
    }
    let number = cases::case(&mut world.read().await?, case).await?.number;
    let read = mail::parse(&sent[0].raw)?;
    assert_eq!(read.subject, format!("You were mentioned ({number})"));
    for part in ["Tom Lead", "Sofa", "http://kitt.test/notices/1", "http://kitt.test/notices/settings"] {
        assert!(read.text.contains(part), "{part} in {}", read.text);
    }
    Ok(())
}

async fn a_digest_collects_until_its_hour_and_none_is_sent_without_news(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    world.wish(NoticeKind::Contact, COLLECTED).await?;
    let (case, other) = (world.own_case().await?, world.own_case().await?);
    world.writes_again(case).await?;
    world.forward(Duration::from_hours(1));
    world.writes_again(other).await?;
    assert_eq!(world.leaves().await?, 0);

    // Tuesday, 7:30
    world.forward(Duration::from_mins(21 * 60 + 30));
    assert_eq!(world.leaves().await?, 1);
    let sent = server.wait_for(1, PATIENCE)?;
    let read = mail::parse(&sent[0].raw)?;
    assert_eq!(read.subject, "2 neue Benachrichtigungen");
    world.forward(Timestamp::days(1));
    assert_eq!(world.leaves().await?, 0, "nothing new, no mail");
    Ok(())
}

async fn in_quiet_hours_the_page_is_told_silently_and_the_rest_comes_at_once_afterwards(
    mut world: World,
) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let mut wishes = Wishes { ways: [(NoticeKind::Mentioned, BY_MAIL)].into(), ..Wishes::default() };
    wishes.quiet.pause = Some((world.now() + Duration::from_hours(2)).moment());
    notices::set_wishes(&world.app, &world.agent, Some(&wishes)).await?;
    let (case, other) = (world.own_case().await?, world.own_case().await?);
    world.mention(case).await?;
    world.forward(Duration::from_hours(1));
    world.mention(other).await?;

    assert_eq!(world.notices_of(Role::Agent).await?.len(), 2, "the page has them");
    assert_eq!(world.leaves().await?, 0);
    world.forward(Duration::from_hours(1));
    assert_eq!(world.leaves().await?, 1);
    let sent = server.wait_for(1, PATIENCE)?;
    assert_eq!(mail::parse(&sent[0].raw)?.subject, "2 neue Benachrichtigungen");

    // Who begins a pause gets nothing that was decided before.
    world.mention(world.own_case().await?).await?;
    wishes.quiet.pause = Some((world.now() + Duration::from_hours(2)).moment());
    notices::set_wishes(&world.app, &world.agent, Some(&wishes)).await?;
    world.forward(MINUTE);
    assert_eq!(world.leaves().await?, 0);
    world.forward(Duration::from_hours(2));
    assert_eq!(world.leaves().await?, 1);
    Ok(())
}

async fn who_ends_mails_by_their_link_gets_none(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let case = world.own_case().await?;
    world.mention(case).await?;
    world.forward(MINUTE);
    world.leaves().await?;
    let raw = server.wait_for(1, PATIENCE)?.remove(0).raw;
    let raw = String::from_utf8_lossy(&raw).replace("\r\n ", " ");
    let link =
        raw.split("List-Unsubscribe: <http://kitt.test").nth(1).and_then(|rest| rest.split('>').next());
    let link = link.context("a link")?;

    let page = world.get(None, link).await?;
    assert!(page.status == 200 && page.body.contains("Keine Mails mehr"), "{}", page.body);
    assert_eq!(world.get(None, &link.replacen("/mail/", "/mail/1", 1)).await?.status, 404);
    world.mention(world.own_case().await?).await?;
    assert_eq!(world.post_form(None, link, &[("List-Unsubscribe", "One-Click")]).await?.status, 200);
    world.mention(world.own_case().await?).await?;
    world.forward(MINUTE);
    assert_eq!(world.leaves().await?, 1, "what was on its way");
    world.mention(world.own_case().await?).await?;
    world.forward(MINUTE);
    assert_eq!(world.leaves().await?, 0);
    assert_eq!(world.notices_of(Role::Agent).await?.len(), 4, "the page tells them all the same");
    Ok(())
}

async fn a_mail_says_nothing_of_a_case_that_became_private(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let case = world.own_case().await?;
    world.mention(case).await?;
    let (app, lead) = (&world.app, &world.lead);
    cases::assign(app, lead, case, lead.person_id()).await?;
    cases::release_person(app, lead, case, world.agent.person()?, cases::Involvement::Follower).await?;
    cases::bins::set_private(app, lead, case, true).await?;
    world.forward(MINUTE);

    assert_eq!(world.leaves().await?, 0);
    assert_eq!(server.mails()?.len(), 0);
    Ok(())
}
