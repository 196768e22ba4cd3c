//! Leave from a provider instead of a password: connect, renew, lose it and get it again.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::mailboxes;
use kitt::mailboxes::{Activity, Draft, OauthSettings, Provider as Kind, Trouble};
use kitt::platform::{MailboxId, Role};
use serde_json::json;

use super::{ANNA, mail};
use crate::support::dovecot::Dovecot;
use crate::support::oauth::{CLIENT, Provider, SECRET};
use crate::world::{Answer, World, both};

both!(
    leave_from_the_provider_lets_kitt_in_and_is_renewed,
    leave_that_was_taken_back_is_asked_for_again,
    a_wrong_client_secret_and_a_refusal_are_told_apart,
    a_visit_ends_only_for_who_began_it,
);

struct Story {
    world: World,
    provider: Provider,
    server: Dovecot,
    id: MailboxId,
}

async fn story(world: World, lifetime: Duration, secret: &str) -> Result<Story> {
    let provider = Provider::start(lifetime).await?;
    let introspection = format!("{}/introspect", provider.url);
    let server = tokio::task::spawn_blocking(move || {
        let server = Dovecot::with_tokens(&introspection)?;
        server.add_user(ANNA, "")?;
        anyhow::Ok(server)
    })
    .await??;
    let oauth = OauthSettings {
        client: CLIENT.into(),
        tenant: String::new(),
        authorize_url: format!("{}/authorize", provider.url),
        token_url: format!("{}/token", provider.url),
        scopes: "imap".into(),
    };
    let draft =
        Draft { provider: Kind::Oauth, oauth, secret: Some(secret.into()), ..world.draft(server.port) };
    let id = world.add(&draft).await?;
    Ok(Story { world, provider, server, id })
}

impl Story {
    /// Ada presses "connect", agrees, and comes back.
    async fn connect(&self) -> Result<Answer> {
        let back = self.visit().await?;
        self.world.get(Role::Admin, &back).await
    }

    /// Where the provider sends her back to.
    async fn visit(&self) -> Result<String> {
        let path = format!("/settings/mailboxes/{}/connect", self.id);
        let answer = self.world.get(Role::Admin, &path).await?;
        // The client wants one, also for a page without TLS; it may be there already.
        drop(tokio_rustls::rustls::crypto::ring::default_provider().install_default());
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let page = browser.get(answer.location()).send().await?;
        let back = page.headers().get("location").context("the provider leads back")?.to_str()?.to_owned();
        Ok(back.strip_prefix("http://kitt.test").context("back to this house")?.to_owned())
    }
}

async fn leave_from_the_provider_lets_kitt_in_and_is_renewed(world: World) -> Result<()> {
    // So short that each connection needs a new token.
    let story = story(world, Duration::from_secs(30), SECRET).await?;
    let (world, id) = (&story.world, story.id);
    let page = world.get(Role::Admin, "/settings/mailboxes").await?.body;
    assert!(page.contains("noch nicht verbunden"), "{page}");
    let _fetching = world.fetch();

    let back = story.connect().await?;
    assert_eq!(back.location(), format!("/settings/mailboxes/{id}"));
    story.server.deliver(ANNA, &mail(1))?;
    world.cases_open(1).await?;
    world.waits(id).await?;
    let before = story.provider.issued();
    story.provider.end_access();
    mailboxes::try_now(&world.app, &world.admin, id).await?;
    story.server.deliver(ANNA, &mail(2))?;
    world.cases_open(2).await?;

    assert!(before < story.provider.issued(), "renewed with a refresh token that was renewed, too");
    world.waits(id).await?;
    assert_eq!(world.status_of(id).await?.trouble, None);
    Ok(())
}

async fn leave_that_was_taken_back_is_asked_for_again(world: World) -> Result<()> {
    let story = story(world, Duration::from_hours(1), SECRET).await?;
    let (world, id) = (&story.world, story.id);
    let _fetching = world.fetch();
    story.connect().await?;
    world.waits(id).await?;

    story.provider.revoke();
    mailboxes::try_now(&world.app, &world.admin, id).await?;
    world.is_in(id, Trouble::Consent).await?;
    let page = world.get(Role::Admin, &format!("/settings/mailboxes/{id}")).await?.body;
    assert!(page.contains("Der Anbieter lässt Kitt nicht mehr hinein."), "{page}");

    story.connect().await?;
    story.server.deliver(ANNA, &mail(1))?;
    world.cases_open(1).await
}

async fn a_wrong_client_secret_and_a_refusal_are_told_apart(world: World) -> Result<()> {
    let story = story(world, Duration::from_hours(1), "falsch").await?;

    let wrong = story.connect().await?;
    assert!(wrong.body.contains("Der Anbieter kennt die Anwendung nicht"), "{}", wrong.body);
    let back = story.visit().await?;
    let state = back.rsplit_once("state=").context("a state comes back")?.1;
    let refused = format!("/settings/mailboxes/oauth?error=access_denied&state={state}");
    let refused = story.world.get(Role::Admin, &refused).await?;
    assert!(refused.body.contains("stimme dort zu"), "{}", refused.body);
    assert_ne!(story.world.status_of(story.id).await?.activity, Activity::Waiting);
    Ok(())
}

async fn a_visit_ends_only_for_who_began_it(world: World) -> Result<()> {
    let story = story(world, Duration::from_hours(1), SECRET).await?;
    let back = story.visit().await?;

    let stranger = story.world.get(Role::Agent, &back).await?;
    let forged = story.world.get(Role::Admin, &back.replacen("state=", "state=9", 1)).await?;
    story.world.forward(Duration::from_hours(1));
    let late = story.world.get(Role::Admin, &back).await?;

    assert_eq!([stranger.status.as_u16(), forged.status.as_u16(), late.status.as_u16()], [403, 422, 422]);
    let mailbox =
        story.world.get_json(Role::Admin, &format!("/settings/mailboxes/{}", story.id)).await?.json()?;
    assert_eq!(mailbox["connected"], json!(false));
    Ok(())
}
