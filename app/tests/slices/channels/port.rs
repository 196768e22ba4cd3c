//! The mail port, spoken to byte by byte.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use kitt::channels;
use kitt::channels::{Route, State};
use kitt::node;
use kitt::platform::{App, Clock, Given, ReceivedId, sql};
use mail::threading;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_util::sync::CancellationToken;

use crate::world::{World, both};

both!(
    a_mail_by_smtp_is_kept_with_its_envelope_before_250,
    lmtp_answers_for_each_recipient,
    commands_may_be_sent_ahead,
    once_a_queue_has_an_address_unknown_recipients_are_refused,
    eight_bits_and_stuffed_dots_arrive_as_they_were_meant,
    addresses_beyond_ascii_need_smtputf8,
    a_message_that_says_it_is_too_large_is_refused_at_once,
    a_message_that_is_too_large_is_refused_and_the_next_one_taken,
    a_smuggled_end_is_refused_and_the_connection_closed,
    commands_out_of_order_are_refused,
    endless_lines_and_endless_errors_end_the_conversation,
    a_browser_is_sent_away,
    while_the_database_fails_nothing_is_acknowledged,
    a_stopping_server_says_so,
    a_house_without_a_queue_asks_to_come_back,
);

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A client that writes what it is told and reads whole answers.
struct Client {
    stream: BufReader<Box<dyn Stream>>,
    stop: CancellationToken,
}

impl Client {
    async fn of(app: &App) -> Result<Self> {
        let listener = channels::smtp::bind(app).await?;
        let address = listener.address()?;
        let stop = CancellationToken::new();
        tokio::spawn(listener.serve(app.clone(), stop.clone()));
        let stream: Box<dyn Stream> = Box::new(TcpStream::connect(address).await?);
        let mut client = Self { stream: BufReader::new(stream), stop };
        let hello = client.answer().await?;
        ensure!(hello.starts_with("220 "), "{hello}");
        Ok(client)
    }

    /// Greeted, with a sender and a recipient.
    async fn ready(app: &App) -> Result<Self> {
        let mut client = Self::of(app).await?;
        for line in ["EHLO shop.example", "MAIL FROM:<a@example.org>", "RCPT TO:<service@haus.example>"] {
            let answer = client.say(line).await?;
            ensure!(answer.starts_with("250"), "{line}: {answer}");
        }
        Ok(client)
    }

    /// The answer to a line.
    async fn say(&mut self, line: &str) -> Result<String> {
        self.write(format!("{line}\r\n").as_bytes()).await?;
        self.answer().await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.get_mut().write_all(bytes).await?;
        Ok(self.stream.get_mut().flush().await?)
    }

    /// All lines of the next answer; empty once the other side hung up.
    async fn answer(&mut self) -> Result<String> {
        let mut answer = String::new();
        loop {
            let start = answer.len();
            let read =
                tokio::time::timeout(Duration::from_secs(20), self.stream.read_line(&mut answer)).await;
            let length = read.context("no answer")?.unwrap_or(0);
            if length == 0 || answer.as_bytes().get(start + 3) != Some(&b'-') {
                return Ok(answer);
            }
        }
    }

    async fn send(&mut self, message: &[u8]) -> Result<String> {
        let answer = self.say("DATA").await?;
        ensure!(answer.starts_with("354"), "{answer}");
        self.write(message).await?;
        self.write(b"\r\n.\r\n").await?;
        self.answer().await
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    pub async fn kept(&self) -> Result<Vec<ReceivedId>> {
        Ok(sql("SELECT id FROM received ORDER BY id").values(&mut self.read().await?).await?)
    }

    /// The bytes of the only mail.
    async fn only_raw(&self) -> Result<String> {
        let id = self.kept().await?.first().copied().context("a mail was kept")?;
        let answer = self.get(kitt::platform::Role::Admin, &format!("/received/{id}/raw")).await?;
        Ok(answer.body)
    }
}

async fn a_mail_by_smtp_is_kept_with_its_envelope_before_250(world: World) -> Result<()> {
    let mut client = Client::ready(&world.app).await?;
    let answer = client.send(b"Subject: Hallo\r\n\r\nText").await?;

    assert!(answer.starts_with("250 2.0.0 "), "{answer}");
    let received = world.received(world.kept().await?[0]).await?;
    assert_eq!((received.route, received.state), (Route::Smtp, State::Received));
    assert_eq!(received.envelope_from.as_deref(), Some("a@example.org"));
    assert_eq!(received.recipients(), ["service@haus.example"]);
    assert_eq!(received.peer.as_deref(), Some("127.0.0.1"));
    assert_eq!(world.only_raw().await?, "Subject: Hallo\r\n\r\nText\r\n");
    assert!(client.say("QUIT").await?.starts_with("221"));
    Ok(())
}

async fn lmtp_answers_for_each_recipient(world: World) -> Result<()> {
    let mut client = Client::of(&world.app).await?;
    for line in ["LHLO mx.example", "MAIL FROM:<>", "RCPT TO:<a@haus.example>", "RCPT TO:<b@haus.example>"] {
        assert!(client.say(line).await?.starts_with("250"));
    }
    let first = client.send(b"Subject: x\r\n").await?;
    let second = client.answer().await?;

    assert!(first.starts_with("250") && second.starts_with("250"), "{first}{second}");
    let received = world.received(world.kept().await?[0]).await?;
    assert_eq!((received.route, received.envelope_from.as_deref()), (Route::Lmtp, Some("")));
    assert_eq!(received.recipients(), ["a@haus.example", "b@haus.example"]);
    // The next message of the same connection.
    assert!(client.say("MAIL FROM:<c@example.org>").await?.starts_with("250"));
    Ok(())
}

async fn commands_may_be_sent_ahead(world: World) -> Result<()> {
    let mut client = Client::of(&world.app).await?;
    client
        .write(
            b"EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@haus.example>\r\nDATA\r\nSubject: 1\r\n\r\n1\r\n.\r\n\
              MAIL FROM:<a@example.org>\r\nRCPT TO:<b@haus.example>\r\nDATA\r\nSubject: 2\r\n\r\n2\r\n.\r\nQUIT\r\n",
        )
        .await?;
    let mut codes = Vec::new();
    loop {
        let answer = client.answer().await?;
        if answer.is_empty() {
            break;
        }
        codes.push(answer[..3].to_owned());
    }

    assert_eq!(codes, ["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]);
    assert_eq!(world.kept().await?.len(), 2);
    Ok(())
}

async fn once_a_queue_has_an_address_unknown_recipients_are_refused(world: World) -> Result<()> {
    world.name_queue("hilfe@haus.example").await?;
    let token = threading::reply_address("hilfe@haus.example", "26-10001", world.app.secret());
    let mut client = Client::of(&world.app).await?;
    client.say("EHLO x").await?;
    client.say("MAIL FROM:<a@example.org>").await?;

    for (address, code) in [
        ("hilfe@haus.example", "250"),
        ("HILFE+x@haus.example", "250"),
        (token.as_str(), "250"),
        ("postmaster@haus.example", "250"),
        ("anybody@haus.example", "550"),
    ] {
        let answer = client.say(&format!("RCPT TO:<{address}>")).await?;
        assert!(answer.starts_with(code), "{address}: {answer}");
    }
    Ok(())
}

async fn eight_bits_and_stuffed_dots_arrive_as_they_were_meant(world: World) -> Result<()> {
    let mut client = Client::of(&world.app).await?;
    let hello = client.say("EHLO x").await?;
    assert!(
        hello.contains("8BITMIME") && hello.contains("PIPELINING") && hello.contains("SIZE 36700160"),
        "{hello}"
    );
    assert!(hello.contains("SMTPUTF8") && !hello.contains("STARTTLS"), "{hello}");
    client.say("MAIL FROM:<a@example.org> BODY=8BITMIME SIZE=100").await?;
    client.say("RCPT TO:<b@haus.example>").await?;

    client.send("Subject: x\r\n\r\nGrüße\r\n..\r\n...a\nb".as_bytes()).await?;

    assert_eq!(world.only_raw().await?, "Subject: x\r\n\r\nGrüße\r\n.\r\n..a\nb\r\n");
    Ok(())
}

async fn addresses_beyond_ascii_need_smtputf8(world: World) -> Result<()> {
    let mut client = Client::of(&world.app).await?;
    client.say("EHLO x").await?;
    assert!(client.say("MAIL FROM:<jürgen@example.org>").await?.starts_with("553"));
    assert!(client.say("MAIL FROM:<jürgen@example.org> SMTPUTF8").await?.starts_with("250"));
    assert!(client.say("RCPT TO:<grüße@haus.example>").await?.starts_with("250"));
    client.send(b"Subject: x\r\n").await?;

    assert_eq!(world.received(world.kept().await?[0]).await?.recipients(), ["grüße@haus.example"]);
    Ok(())
}

async fn a_message_that_says_it_is_too_large_is_refused_at_once(world: World) -> Result<()> {
    let mut client = Client::of(&world.app).await?;
    client.say("EHLO x").await?;
    assert!(client.say("MAIL FROM:<a@example.org> SIZE=36700161").await?.starts_with("552"));
    assert!(client.say("MAIL FROM:<a@example.org> SIZE=36700160").await?.starts_with("250"));
    Ok(())
}

async fn a_message_that_is_too_large_is_refused_and_the_next_one_taken(world: World) -> Result<()> {
    let mut client = Client::ready(&world.app).await?;
    client.say("DATA").await?;
    let line = [b'x'; 998];
    for _ in 0..37_000 {
        client.stream.get_mut().write_all(&line).await?;
        client.stream.get_mut().write_all(b"\r\n").await?;
    }
    client.write(b".\r\n").await?;
    let refused = client.answer().await?;

    assert!(refused.starts_with("552"), "{refused}");
    client.say("MAIL FROM:<a@example.org>").await?;
    client.say("RCPT TO:<b@haus.example>").await?;
    assert!(client.send(b"Subject: kurz\r\n").await?.starts_with("250"));
    assert_eq!(world.kept().await?.len(), 1);
    Ok(())
}

async fn a_smuggled_end_is_refused_and_the_connection_closed(world: World) -> Result<()> {
    for end in ["\n.\n", "\n.\r\n", "\r\n.\n"] {
        let mut client = Client::ready(&world.app).await?;
        client.say("DATA").await?;
        client.write(format!("Subject: x\r\n\r\nx{end}MAIL FROM:<evil@example.org>\r\n").as_bytes()).await?;

        let answer = client.answer().await?;
        assert!(answer.starts_with("521"), "{answer}");
        assert_eq!(client.answer().await?, "");
    }
    assert!(world.kept().await?.is_empty());
    Ok(())
}

async fn commands_out_of_order_are_refused(world: World) -> Result<()> {
    let mut client = Client::of(&world.app).await?;
    for (line, code) in [
        ("MAIL FROM:<a@example.org>", "503"),
        ("HELO x", "250"),
        ("RCPT TO:<b@haus.example>", "503"),
        ("DATA", "503"),
        ("STARTTLS", "502"),
        ("AUTH PLAIN x", "502"),
        ("MAIL FROM:<a@example.org>", "250"),
        ("DATA", "554"),
        ("MAIL FROM:<a@example.org>", "503"),
        ("RSET", "250"),
        ("MAIL FROM:<a@example.org>", "250"),
        ("NOOP", "250"),
        ("VRFY b", "252"),
        ("WHAT", "500"),
    ] {
        let answer = client.say(line).await?;
        assert!(answer.starts_with(code), "{line}: {answer}");
    }
    Ok(())
}

async fn endless_lines_and_endless_errors_end_the_conversation(world: World) -> Result<()> {
    let mut client = Client::of(&world.app).await?;
    client.write(&[b'x'; 10_000]).await?;
    assert!(client.answer().await?.starts_with("500"));
    assert_eq!(client.answer().await?, "");

    let mut client = Client::of(&world.app).await?;
    let mut last = String::new();
    for _ in 0..20 {
        last = client.say("WHAT").await?;
    }
    assert!(last.starts_with("500"));
    assert!(client.answer().await?.starts_with("421"));
    Ok(())
}

async fn a_browser_is_sent_away(world: World) -> Result<()> {
    let mut client = Client::of(&world.app).await?;
    let answer = client.say("POST / HTTP/1.1\r\nHost: x\r\n\r\nMAIL FROM:<a@example.org>").await?;
    assert!(answer.starts_with("421"), "{answer}");
    Ok(())
}

async fn while_the_database_fails_nothing_is_acknowledged(world: World) -> Result<()> {
    let mut client = Client::ready(&world.app).await?;
    world.tamper("ALTER TABLE received RENAME TO hidden").await?;
    let refused = client.send(b"Subject: x\r\n").await?;
    world.tamper("ALTER TABLE hidden RENAME TO received").await?;

    assert!(refused.starts_with("451"), "{refused}");
    client.say("MAIL FROM:<a@example.org>").await?;
    client.say("RCPT TO:<b@haus.example>").await?;
    assert!(client.send(b"Subject: x\r\n").await?.starts_with("250"));
    assert_eq!(world.kept().await?.len(), 1);
    Ok(())
}

async fn a_stopping_server_says_so(world: World) -> Result<()> {
    let mut client = Client::ready(&world.app).await?;
    client.stop.cancel();
    assert!(client.answer().await?.starts_with("421"));
    assert_eq!(client.answer().await?, "");
    Ok(())
}

async fn a_house_without_a_queue_asks_to_come_back(world: World) -> Result<()> {
    world.tamper("DELETE FROM queues").await?;
    let mut client = Client::of(&world.app).await?;
    client.say("EHLO x").await?;
    client.say("MAIL FROM:<a@example.org>").await?;
    assert!(client.say("RCPT TO:<b@haus.example>").await?.starts_with("451"));
    Ok(())
}

/// A certificate of its own for "localhost", made for this test and valid until 2126.
const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/tls/localhost.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/tls/localhost.key");

#[tokio::test]
async fn starttls_encrypts_and_forgets_what_was_said_before() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let given = Given {
        data: Some(folder.path().into()),
        smtp_listen: Some(([127, 0, 0, 1], 0).into()),
        tls_cert: Some(CERTIFICATE.into()),
        tls_key: Some(KEY.into()),
        ..Given::default()
    };
    let app = node::open(given.complete()?, Clock::real()).await?;
    kitt::people::found_house(&app).await?;
    let mut client = Client::of(&app).await?;
    assert!(client.say("EHLO x").await?.contains("STARTTLS"));

    assert!(client.say("STARTTLS").await?.starts_with("220"));
    client.encrypt().await?;

    assert!(client.say("MAIL FROM:<a@example.org>").await?.starts_with("503"), "greet again");
    assert!(!client.say("EHLO x").await?.contains("STARTTLS"));
    client.say("MAIL FROM:<a@example.org>").await?;
    client.say("RCPT TO:<b@haus.example>").await?;
    assert!(client.send(b"Subject: geheim\r\n").await?.starts_with("250"));

    let mut injecting = Client::of(&app).await?;
    injecting.say("EHLO x").await?;
    injecting.write(b"STARTTLS\r\nMAIL FROM:<evil@example.org>\r\n").await?;
    assert!(injecting.answer().await?.starts_with("501"));
    assert_eq!(injecting.answer().await?, "");
    Ok(())
}

impl Client {
    async fn encrypt(&mut self) -> Result<()> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(CERTIFICATE)?)?;
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let plain = std::mem::replace(self.stream.get_mut(), Box::new(tokio::io::empty()));
        let tls =
            TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost")?, plain).await?;
        self.stream = BufReader::new(Box::new(tls));
        Ok(())
    }
}
