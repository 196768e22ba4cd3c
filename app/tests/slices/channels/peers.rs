//! Strangers at the mail port, who come through a proxy of this machine, which says who they are.

use std::time::Duration;

use anyhow::{Result, ensure};
use kitt::channels;
use kitt::channels::smtp::Limits;
use kitt::node;
use kitt::platform::{App, Clock, Settings};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::world::{World, both};

both!(
    a_proxy_says_who_the_client_is,
    who_speaks_before_the_greeting_or_ahead_of_an_answer_is_sent_away,
    one_stranger_cannot_take_all_places_nor_send_without_end,
    who_guesses_recipients_or_chats_without_a_message_is_sent_away,
    a_line_and_a_message_that_trickle_end,
    large_messages_of_strangers_wait_for_a_place,
    what_others_take_for_an_end_ends_nothing,
);

const STRANGER: &str = "PROXY TCP4 192.0.2.7 127.0.0.1 4000 25\r\n";
const ENVELOPE: &[&str] =
    &["EHLO shop.example", "MAIL FROM:<a@example.org>", "RCPT TO:<service@haus.example>"];

struct Port {
    app: App,
    address: SocketAddr,
    stop: CancellationToken,
}

impl Port {
    async fn open(world: &World, change: impl FnOnce(&mut Limits)) -> Result<Self> {
        let settings = Settings { smtp_proxies: vec![[127, 0, 0, 1].into()], ..world.app.settings().clone() };
        let app = node::open(settings, Clock::fixed(world.now())).await?;
        let listener = channels::smtp::bind(&app).await?.with(change);
        let (address, stop) = (listener.address()?, CancellationToken::new());
        tokio::spawn(listener.serve(app.clone(), stop.clone()));
        Ok(Self { app, address, stop })
    }

    /// A connection that begins with these bytes.
    async fn connect(&self, first: &str) -> Result<Client> {
        let mut client = Client(TcpStream::connect(self.address).await?);
        client.write(first.as_bytes()).await;
        Ok(client)
    }

    /// A stranger who was greeted.
    async fn stranger(&self) -> Result<Client> {
        let mut client = self.connect(STRANGER).await?;
        let hello = client.answer().await?;
        ensure!(hello.starts_with("220"), "{hello}");
        Ok(client)
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

struct Client(TcpStream);

impl Client {
    /// Whoever was sent away meanwhile sees it when reading.
    async fn write(&mut self, bytes: &[u8]) {
        drop(self.0.write_all(bytes).await);
    }

    async fn say(&mut self, line: &str) -> Result<String> {
        self.write(format!("{line}\r\n").as_bytes()).await;
        self.answer().await
    }

    /// The next whole answer; empty once the other side hung up.
    async fn answer(&mut self) -> Result<String> {
        let mut answer = Vec::new();
        let read = async {
            loop {
                let byte = self.0.read_u8().await.ok()?;
                answer.push(byte);
                let last = answer.split(|byte| *byte == b'\n').rev().nth(1);
                if byte == b'\n' && last.is_some_and(|line| line.get(3) != Some(&b'-')) {
                    return Some(());
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), read).await?;
        Ok(String::from_utf8(answer)?)
    }

    async fn say_all(&mut self, lines: &[&str]) -> Result<()> {
        for line in lines {
            let answer = self.say(line).await?;
            ensure!(answer.starts_with("250"), "{line}: {answer}");
        }
        Ok(())
    }
}

async fn a_proxy_says_who_the_client_is(world: World) -> Result<()> {
    let port = Port::open(&world, |limits| limits.proxy_header = Duration::from_millis(300)).await?;
    let binary = "\r\n\r\n\0\r\nQUIT\n\u{20}\0\0\0";
    for (header, peer) in [
        (STRANGER, Some("192.0.2.7")),
        ("PROXY TCP6 2001:db8::7 ::1 4000 25\r\n", Some("2001:db8::7")),
        ("PROXY UNKNOWN\r\n", Some("127.0.0.1")),
        (binary, Some("127.0.0.1")),
        ("EHLO x\r\n", None),
        ("PROXY", None),
    ] {
        let mut client = port.connect(header).await?;
        let hello = client.answer().await?;
        let Some(peer) = peer else {
            assert_eq!(hello, "", "{header:?}");
            continue;
        };
        assert!(hello.starts_with("220"), "{header:?}: {hello}");
        client.say_all(ENVELOPE).await?;
        assert!(client.say("DATA").await?.starts_with("354"));
        assert!(client.say("Subject: x\r\n\r\nx\r\n.").await?.starts_with("250"));
        let kept = world.kept().await?;
        let mail = world.received(*kept.last().expect("it was kept")).await?;
        assert_eq!(mail.peer.as_deref(), Some(peer));
    }
    // From anybody else such a header is no more than a wrong command.
    let plain = channels::smtp::bind(&world.app).await?;
    let (address, stop) = (plain.address()?, CancellationToken::new());
    tokio::spawn(plain.serve(world.app.clone(), stop.clone()));
    let mut client = Client(TcpStream::connect(address).await?);
    client.write(STRANGER.as_bytes()).await;
    assert!(client.answer().await?.starts_with("220"));
    assert!(client.answer().await?.starts_with("500"));
    stop.cancel();
    Ok(())
}

async fn who_speaks_before_the_greeting_or_ahead_of_an_answer_is_sent_away(world: World) -> Result<()> {
    let port = Port::open(&world, |_| ()).await?;
    let mut early = port.connect(&format!("{STRANGER}EHLO x\r\n")).await?;
    assert!(early.answer().await?.starts_with("554"));
    assert_eq!(early.answer().await?, "");

    let mut ahead = port.stranger().await?;
    assert!(ahead.say("EHLO x\r\nMAIL FROM:<a@example.org>").await?.starts_with("554"));
    assert_eq!(ahead.answer().await?, "");

    let mut ahead = port.stranger().await?;
    ahead.say_all(ENVELOPE).await?;
    assert!(ahead.say("DATA\r\nSubject: x\r\n\r\nx\r\n.").await?.starts_with("554"));
    assert_eq!(ahead.answer().await?, "");

    // What may be sent ahead, may be.
    let mut good = port.stranger().await?;
    good.say_all(&ENVELOPE[..1]).await?;
    good.write(b"MAIL FROM:<a@example.org>\r\nRCPT TO:<service@haus.example>\r\nDATA\r\n").await;
    for code in ["250", "250", "354"] {
        assert!(good.answer().await?.starts_with(code));
    }
    assert!(world.kept().await?.is_empty());
    Ok(())
}

async fn one_stranger_cannot_take_all_places_nor_send_without_end(world: World) -> Result<()> {
    let port = Port::open(&world, |limits| {
        limits.clients_of_peer = 2;
        limits.messages_of_peer = 3;
    });
    let port = port.await?;
    let mut first = port.stranger().await?;
    let _second = port.stranger().await?;
    let mut third = port.connect(STRANGER).await?;
    assert!(third.answer().await?.starts_with("421 4.7.0"));
    let mut other = port.connect("PROXY TCP4 192.0.2.8 127.0.0.1 4000 25\r\n").await?;
    assert!(other.answer().await?.starts_with("220"));
    let mut here = port.connect("PROXY UNKNOWN\r\n").await?;
    assert!(here.answer().await?.starts_with("220"));

    for (client, last) in [(&mut first, "450"), (&mut here, "250")] {
        client.say_all(&ENVELOPE[..1]).await?;
        for _ in 0..3 {
            client.say_all(&["MAIL FROM:<a@example.org>", "RSET"]).await?;
        }
        assert!(client.say("MAIL FROM:<a@example.org>").await?.starts_with(last), "{last}");
    }
    Ok(())
}

async fn who_guesses_recipients_or_chats_without_a_message_is_sent_away(world: World) -> Result<()> {
    world.name_queue("hilfe@haus.example").await?;
    let port = Port::open(&world, |limits| {
        limits.unknown_recipients = 3;
        limits.idle_commands = 10;
    });
    let port = port.await?;
    let mut guessing = port.stranger().await?;
    guessing.say_all(&ENVELOPE[..2]).await?;
    for _ in 0..3 {
        assert!(guessing.say("RCPT TO:<a@haus.example>").await?.starts_with("550"));
    }
    assert!(guessing.say("RCPT TO:<a@haus.example>").await?.starts_with("421 4.7.1"));
    assert_eq!(guessing.answer().await?, "");

    for (header, last) in [(STRANGER, "421 4.7.0"), ("PROXY UNKNOWN\r\n", "250")] {
        let mut chatting = port.connect(header).await?;
        chatting.answer().await?;
        for _ in 0..10 {
            assert!(chatting.say("NOOP").await?.starts_with("250"));
        }
        assert!(chatting.say("NOOP").await?.starts_with(last), "{header}");
    }
    Ok(())
}

async fn a_line_and_a_message_that_trickle_end(world: World) -> Result<()> {
    let port = Port::open(&world, |limits| {
        limits.command = Duration::from_secs(2);
        limits.message = Duration::from_secs(2);
    });
    let port = port.await?;
    let trickle = async |client: &mut Client| {
        loop {
            tokio::select! {
                answer = client.0.read_u8() => return answer.is_ok_and(|first| first == b'4'),
                () = tokio::time::sleep(Duration::from_millis(100)) => {}
            }
            drop(client.0.write_all(b"x").await);
        }
    };
    let mut line = port.connect("PROXY UNKNOWN\r\n").await?;
    line.answer().await?;
    assert!(tokio::time::timeout(Duration::from_secs(30), trickle(&mut line)).await?, "421");

    let mut message = port.connect("PROXY UNKNOWN\r\n").await?;
    message.answer().await?;
    message.say_all(ENVELOPE).await?;
    message.say("DATA").await?;
    assert!(tokio::time::timeout(Duration::from_secs(30), trickle(&mut message)).await?, "421");
    assert!(world.kept().await?.is_empty());
    Ok(())
}

async fn large_messages_of_strangers_wait_for_a_place(world: World) -> Result<()> {
    let port = Port::open(&world, |limits| {
        limits.large = 1;
        limits.piece = Duration::from_secs(3);
    });
    let port = port.await?;
    let large = vec![b'x'; 1100 * 1024];
    let begin = async || {
        let mut client = port.stranger().await?;
        client.say_all(ENVELOPE).await?;
        client.say("DATA").await?;
        client.write(&large).await;
        anyhow::Ok(client)
    };
    let mut holding = begin().await?;
    // Until the first has its place.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut waiting = begin().await?;
    let keep_on = async {
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            holding.write(b"x\r\n").await;
        }
    };
    let refused = tokio::select! {
        refused = waiting.answer() => refused?,
        () = keep_on => "nothing".to_owned(),
    };
    assert!(refused.starts_with("452"), "{refused}");
    assert!(holding.say("\r\n.").await?.starts_with("250"));
    let mut next = begin().await?;
    assert!(next.say("\r\n.").await?.starts_with("250"), "the place is free again");
    assert_eq!(world.kept().await?.len(), 2);
    Ok(())
}

async fn what_others_take_for_an_end_ends_nothing(world: World) -> Result<()> {
    let port = Port::open(&world, |_| ()).await?;
    let mut client = port.stranger().await?;
    client.say_all(ENVELOPE).await?;
    client.say("DATA").await?;
    let text = "Subject: x\r\n\r\na\r.\r\nb\r\n.\rc\r\n\0.\r\nd\r\n.\0\r\ne\r.\rf";
    // Each byte in a packet of its own, as far as the network allows.
    for byte in text.bytes() {
        client.write(&[byte]).await;
        client.0.flush().await?;
    }
    assert!(client.say("\r\n.").await?.starts_with("250"));
    for end in ["\n.\n", "\n.\r\n", "\r\n.\n"] {
        let mut client = port.stranger().await?;
        client.say_all(ENVELOPE).await?;
        client.say("DATA").await?;
        for byte in format!("x{end}").bytes() {
            client.write(&[byte]).await;
        }
        assert!(client.answer().await?.starts_with("521"), "{end:?}");
        assert_eq!(client.answer().await?, "");
    }
    assert!(client.say("BDAT 3 LAST").await?.starts_with("502"));
    assert_eq!(world.kept().await?.len(), 1);
    assert!(!port.app.settings().smtp_proxies.is_empty());
    Ok(())
}
