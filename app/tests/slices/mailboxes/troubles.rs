//! Broken connections, wrong passwords and other nodes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use kitt::mailboxes;
use kitt::mailboxes::{Activity, Afterwards, Draft, Trouble};
use kitt::node;
use kitt::platform::{Clock, Role, Settings, sql};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::{ANNA, QUICK, annas_server, mail};
use crate::world::{World, both};

both!(
    a_connection_that_breaks_anywhere_loses_and_doubles_nothing,
    a_wrong_password_is_said_in_plain_words_and_stops_no_other_mailbox,
    what_is_missing_on_the_server_is_named,
    a_server_that_is_not_there_is_tried_again_by_hand,
    a_paused_mailbox_rests_and_goes_on,
    a_removed_mailbox_leaves_its_cases,
    one_node_at_a_time_serves_a_mailbox,
);

/// Where a connection is to break next.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// Before the server says anything.
    Greeting,
    /// The client's line with this text does not reach the server.
    Before(&'static str),
    /// So many bytes of the answer to this line come through.
    After(&'static str, usize),
}

/// Stands between Kitt and the server, and breaks one connection per cut.
struct Proxy {
    port: u16,
    cut: Arc<Mutex<Option<Cut>>>,
}

impl Proxy {
    async fn before(server: u16) -> Result<Self> {
        let socket = TcpListener::bind("127.0.0.1:0").await?;
        let port = socket.local_addr()?.port();
        let cut = Arc::new(Mutex::new(None));
        let shared = cut.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = socket.accept().await {
                tokio::spawn(relay(client, server, shared.clone()));
            }
        });
        Ok(Self { port, cut })
    }

    fn cut(&self, cut: Cut) {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner) = Some(cut);
    }

    fn is_cut(&self) -> bool {
        self.cut.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

/// Takes the cut if `it` is the one.
fn due(cut: &Mutex<Option<Cut>>, it: impl Fn(Cut) -> bool) -> Option<Cut> {
    let mut cut = cut.lock().unwrap_or_else(PoisonError::into_inner);
    if cut.is_some_and(it) { cut.take() } else { None }
}

async fn relay(mut client: TcpStream, server: u16, cut: Arc<Mutex<Option<Cut>>>) -> Result<()> {
    if due(&cut, |cut| matches!(cut, Cut::Greeting)).is_some() {
        return Ok(());
    }
    let mut server = TcpStream::connect(("127.0.0.1", server)).await?;
    let (mut up, mut down) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    let mut left: Option<usize> = None;
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let said = &up[..read?];
                if said.is_empty() {
                    return Ok(());
                }
                let text = String::from_utf8_lossy(said);
                let named = |cut: Cut| match cut {
                    Cut::Greeting => false,
                    Cut::Before(line) | Cut::After(line, _) => text.contains(line),
                };
                match due(&cut, named) {
                    Some(Cut::After(_, bytes)) => left = Some(bytes),
                    Some(_) => return Ok(()),
                    None => {}
                }
                server.write_all(said).await?;
                if left == Some(0) {
                    // The server gets it and does it; nobody hears so.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    return Ok(());
                }
            }
            read = server.read(&mut down) => {
                let read = read?;
                let through = left.map_or(read, |left| left.min(read));
                client.write_all(&down[..through]).await?;
                if read == 0 || left.is_some_and(|left| left <= read) {
                    return Ok(());
                }
                left = left.map(|left| left - read);
            }
        }
    }
}

async fn a_connection_that_breaks_anywhere_loses_and_doubles_nothing(world: World) -> Result<()> {
    let server = annas_server().await?;
    let proxy = Proxy::before(server.port).await?;
    let draft = Draft { afterwards: Afterwards::Move, move_to: "Fertig".into(), ..world.draft(proxy.port) };
    let id = world.add(&draft).await?;
    let mut count = 0;
    let mut fetching = world.fetch();
    let login = [Cut::Greeting, Cut::Before("LOGIN"), Cut::After("LOGIN", 5), Cut::After("CAPABILITY", 30)];
    let open = [Cut::Before("SELECT"), Cut::After("SELECT", 60), Cut::After("RFC822.SIZE", 0)];
    let read = [
        Cut::After("RFC822.SIZE", 25),
        Cut::Before("BODY.PEEK"),
        Cut::After("BODY.PEEK", 100),
        Cut::After("BODY.PEEK", 700),
    ];
    let end = [
        Cut::Before("UID MOVE"),
        Cut::After("UID MOVE", 0),
        Cut::After("UID MOVE", 10),
        Cut::Before("IDLE"),
        Cut::After("IDLE", 5),
        Cut::After("DONE", 3),
    ];
    for cut in [&login[..], &open, &read, &end].concat() {
        world.waits(id).await?;
        proxy.cut(cut);
        for _ in 0..3 {
            count += 1;
            server.deliver(ANNA, &mail(count))?;
        }
        if matches!(cut, Cut::Greeting | Cut::Before("LOGIN") | Cut::After("LOGIN" | "CAPABILITY", _)) {
            // These come once per connection.
            fetching.end().await;
            fetching = world.fetch();
        }
        let through = async || Ok(proxy.is_cut() && i64::try_from(count)? <= world.count_cases().await?);
        world.until(&format!("{count} cases in spite of {cut:?}"), through).await?;
    }
    // A server that is still moving when it is asked again may copy a mail twice; none stays or is lost.
    let moved = async || {
        let there: BTreeSet<String> = server.mails(ANNA, "Fertig")?.into_iter().collect();
        Ok(server.mails(ANNA, "INBOX")?.is_empty() && there.len() == count)
    };
    if let Err(error) = world.until("all moves", moved).await {
        let left = server.mails(ANNA, "INBOX")?.len();
        let pending: Vec<(i64, String)> =
            sql("SELECT uid, outcome FROM mailbox_mails WHERE pending").all(&mut world.read().await?).await?;
        bail!("{error}; {left} left, {} moved, pending {pending:?}", server.mails(ANNA, "Fertig")?.len());
    }

    world.waits(id).await?;
    let total = i64::try_from(count)?;
    assert_eq!((world.count_received().await?, world.count_cases().await?), (total, total));
    assert_eq!(server.mails(ANNA, "INBOX")?.len(), 0);
    let accounted = world.accounted(id).await?;
    assert_eq!(accounted.len(), count);
    assert!(accounted.iter().all(|mail| mail.received.is_some()));
    Ok(())
}

async fn a_wrong_password_is_said_in_plain_words_and_stops_no_other_mailbox(world: World) -> Result<()> {
    let server = annas_server().await?;
    server.add_user("bert@haus.example", "auch geheim")?;
    let anna = world.add(&Draft { secret: Some("falsch".into()), ..world.draft(server.port) }).await?;
    let bert = Draft {
        login: "bert@haus.example".into(),
        secret: Some("auch geheim".into()),
        ..world.draft(server.port)
    };
    world.add(&bert).await?;
    let _fetching = world.fetch();

    world.is_in(anna, Trouble::Password).await?;
    server.deliver("bert@haus.example", &mail(1))?;
    world.cases_open(1).await?;

    let page = world.get(Role::Admin, &format!("/settings/mailboxes/{anna}")).await?.body;
    for part in ["Benutzername oder Passwort stimmen nicht.", "App-Passwort", "gestört seit"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    // The right one ends the trouble.
    server.deliver(ANNA, &mail(2))?;
    let right = Draft { secret: Some("ganz geheim".into()), ..world.draft(server.port) };
    mailboxes::change(&world.app, &world.admin, anna, &right).await?;
    world.cases_open(2).await?;
    world.waits(anna).await?;
    assert_eq!(world.status_of(anna).await?.trouble, None);
    Ok(())
}

async fn what_is_missing_on_the_server_is_named(world: World) -> Result<()> {
    let server = annas_server().await?;
    let draft = Draft { folders: vec!["INBOX".into(), "Gibtsnicht".into()], ..world.draft(server.port) };
    let id = world.add(&draft).await?;
    let _fetching = world.fetch();

    world.is_in(id, Trouble::Folder).await?;

    let said = world.status_of(id).await?.said.context("the server says something")?;
    assert!(said.contains("Gibtsnicht"), "{said}");
    Ok(())
}

async fn a_server_that_is_not_there_is_tried_again_by_hand(world: World) -> Result<()> {
    let mut server = annas_server().await?;
    server.deliver(ANNA, &mail(1))?;
    server.down();
    let id = world.add(&world.draft(server.port)).await?;
    // Patient enough that nothing but the button can help.
    let pace = mailboxes::service::Pace {
        first_pause: Duration::from_hours(1),
        longest_pause: Duration::from_hours(1),
        ..QUICK
    };
    let stop = CancellationToken::new();
    let fetching = tokio::spawn(mailboxes::service::run_at(world.app.clone(), pace, stop.clone()));
    world.is_in(id, Trouble::Refused).await?;

    server.up()?;
    let path = format!("/settings/mailboxes/{id}/attempt");
    world.post_form(Role::Admin, &path, &[]).await?;
    world.waits(id).await?;

    assert_eq!(world.count_received().await?, 1);
    stop.cancel();
    Ok(fetching.await?)
}

async fn a_paused_mailbox_rests_and_goes_on(world: World) -> Result<()> {
    let server = annas_server().await?;
    let id = world.add(&world.draft(server.port)).await?;
    let _fetching = world.fetch();
    world.waits(id).await?;
    let path = format!("/settings/mailboxes/{id}/pause");

    let paused =
        world.post_json(Role::Admin, &path, &serde_json::json!({ "paused": "yes" })).await?.json()?;
    let given_up = async || {
        let node: Option<String> =
            sql("SELECT node FROM mailbox_states").value(&mut world.read().await?).await?;
        Ok(node.is_none())
    };
    world.until("the connection to end", given_up).await?;
    server.deliver(ANNA, &mail(1))?;
    tokio::time::sleep(QUICK.look * 6).await;
    assert_eq!(world.count_received().await?, 0);
    world.post_json(Role::Admin, &path, &serde_json::json!({ "paused": "no" })).await?;
    world.cases_open(1).await?;

    assert_eq!(paused["state"], "angehalten");
    Ok(())
}

async fn a_removed_mailbox_leaves_its_cases(world: World) -> Result<()> {
    let server = annas_server().await?;
    server.deliver(ANNA, &mail(1))?;
    let id = world.add(&world.draft(server.port)).await?;
    let _fetching = world.fetch();
    world.cases_open(1).await?;
    world.waits(id).await?;

    mailboxes::remove(&world.app, &world.admin, id).await?;
    server.deliver(ANNA, &mail(2))?;
    tokio::time::sleep(QUICK.look * 6).await;

    assert_eq!(world.count_cases().await?, 1);
    assert!(mailboxes::all(&mut world.read().await?).await?.is_empty());
    assert_eq!(server.mails(ANNA, "INBOX")?.len(), 2);
    Ok(())
}

async fn one_node_at_a_time_serves_a_mailbox(world: World) -> Result<()> {
    let server = annas_server().await?;
    let id = world.add(&world.draft(server.port)).await?;
    let first = world.fetch();
    world.waits(id).await?;
    // Another node, with a data folder of its own, on the same database.
    let folder = tempfile::tempdir()?;
    let settings = Settings { data: folder.path().to_owned(), ..world.app.settings().clone() };
    let other = node::open(settings, Clock::fixed(world.now())).await?;
    let stop = CancellationToken::new();
    let second = tokio::spawn(mailboxes::service::run_at(other.clone(), QUICK, stop.clone()));
    let serving = async || -> Result<Option<String>> {
        Ok(sql("SELECT node FROM mailbox_states").value(&mut world.read().await?).await?)
    };

    tokio::time::sleep(QUICK.look * 6).await;
    let before = serving().await?.context("somebody serves it")?;
    first.end().await;
    let taken = async || Ok(serving().await?.is_some_and(|node| node != before));
    world.until("the other node", taken).await?;
    server.deliver(ANNA, &mail(1))?;
    world.until("the mail", async || Ok(world.count_received().await? == 1)).await?;

    assert!(!before.contains(&folder.path().display().to_string()));
    assert_ne!(world.status_of(id).await?.activity, Activity::Trouble);
    stop.cancel();
    second.await?;
    other.db.close().await;
    Ok(())
}
