//! The support code keeps its word: servers are real, and nothing is left behind.

#[expect(dead_code, reason = "uses a part of the support code")]
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use support::dns::Dns;
use support::postfix::Postfix;
use support::{browser, dovecot, postgres, smtp, sqlite};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn every_database_starts_as_a_copy_and_goes_its_own_way() -> Result<()> {
    let mut prepared = 0;
    let mut copy = || {
        postgres::copy_of("notes", |url| {
            prepared += 1;
            psql(url, "CREATE TABLE note (text text); INSERT INTO note VALUES ('hello')").map(drop)
        })
    };
    let (anna, ben) = (copy()?, copy()?);

    psql(&anna.url, "DELETE FROM note")?;

    assert_eq!(psql(&anna.url, "SELECT count(*) FROM note")?, "0");
    assert_eq!(psql(&ben.url, "SELECT text FROM note")?, "hello");
    assert_eq!(prepared, 1);
    Ok(())
}

#[test]
fn only_the_durable_database_waits_for_the_disk() -> Result<()> {
    if std::env::var_os("KITT_TEST_PG").is_some() {
        println!("skipped: a given server keeps its own settings");
        return Ok(());
    }
    for (database, fsync) in [(postgres::database()?, "off"), (postgres::durable_database()?, "on")] {
        assert_eq!(psql(&database.url, "SHOW fsync")?, fsync);
        assert_eq!(psql(&database.url, "SHOW full_page_writes")?, fsync);
    }
    Ok(())
}

#[test]
fn a_sqlite_database_is_alone_in_its_folder() -> Result<()> {
    let (one, other) = (sqlite::database()?, sqlite::database()?);

    assert_ne!(one.url, other.url);
    assert_eq!(fs::read_dir(one.folder())?.count(), 0);
    Ok(())
}

#[test]
fn the_mail_server_keeps_what_it_accepts_and_fails_when_asked() -> Result<()> {
    let server = smtp::Server::failing(1)?;

    let first = send(&server, "anna@example.org", "One more time")?;
    let unknown = send(&server, "nobody@example.org", "Is anybody there?")?;
    let second = send(&server, "anna@example.org", "One more time")?;

    assert!(first.starts_with("451"), "{first}");
    assert!(unknown.starts_with("550"), "{unknown}");
    assert!(second.starts_with("250"), "{second}");
    let mails = server.wait_for(1, PATIENCE)?;
    assert_eq!(mails.len(), 1);
    assert_eq!(
        (mails[0].from.as_str(), mails[0].to.as_slice()),
        ("shop@example.org", &["anna@example.org".into()][..])
    );
    assert_eq!(mails[0].raw, b"Subject: One more time\r\n\r\nHello\r\n");
    Ok(())
}

#[test]
fn a_scripted_server_says_what_it_is_told_and_counts_who_comes() -> Result<()> {
    let server =
        smtp::Server::scripted(&serde_json::json!([{ "at": "rcpt", "say": "550 5.1.1 nobody here" }]))?;

    let first = send(&server, "anna@example.org", "One more time")?;
    let second = send(&server, "anna@example.org", "One more time")?;

    assert!(first.starts_with("550"), "{first}");
    assert!(second.starts_with("250"), "{second}");
    let mails = server.wait_for(1, PATIENCE)?;
    assert!(mails[0].parameters.starts_with("MAIL FROM:<shop@example.org>"), "{}", mails[0].parameters);
    assert_eq!(server.connections(), 2);
    Ok(())
}

#[test]
fn postfix_answers_until_it_is_dropped() -> Result<()> {
    let postfix = Postfix::start(([127, 0, 0, 1], 1).into())?;
    let address = postfix.address;
    TcpStream::connect(address).context("it listens")?;

    drop(postfix);

    // Its programs hear of it one after the other.
    let begun = Instant::now();
    while TcpStream::connect(address).is_ok() {
        ensure!(begun.elapsed() < PATIENCE, "it still listens");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

#[test]
fn a_dropped_server_is_gone() -> Result<()> {
    let server = smtp::Server::start()?;
    let address = server.address;
    TcpStream::connect(address).context("it listens")?;

    drop(server);

    assert!(TcpStream::connect(address).is_err());
    Ok(())
}

#[test]
fn the_driver_is_ready_and_there_is_one() -> Result<()> {
    let url = browser::webdriver()?;

    let answer = status(&url)?;

    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(browser::webdriver()?, url);
    assert!(Path::new(&browser::chromium()?).exists());
    assert!(browser::ARGUMENTS.contains(&"--headless=new"));
    Ok(())
}

/// What `statement` answers, without decoration.
fn psql(url: &str, statement: &str) -> Result<String> {
    let output = Command::new("psql").args(["-X", "-At", "-q", "-d", url, "-c", statement]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().into())
}

/// The server's last word on a mail to `recipient`.
fn send(server: &smtp::Server, recipient: &str, subject: &str) -> Result<String> {
    let mut connection = TcpStream::connect(server.address)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    let mail = format!("Subject: {subject}\r\n\r\nHello\r\n.\r\n");
    let recipient = format!("RCPT TO:<{recipient}>\r\n");
    let lines =
        ["", "HELO shop.example.org\r\n", "MAIL FROM:<shop@example.org>\r\n", &recipient, "DATA\r\n", &mail];
    let mut answer = String::new();
    for line in lines {
        connection.write_all(line.as_bytes())?;
        let mut buffer = [0; 1024];
        let length = connection.read(&mut buffer)?;
        answer = String::from_utf8_lossy(&buffer[..length]).into();
        if answer.starts_with('5') {
            break;
        }
    }
    Ok(answer)
}

/// The answer up to the field `ready`; the driver keeps the connection open.
fn status(url: &str) -> Result<String> {
    let host = url.strip_prefix("http://").context("plain HTTP")?;
    let mut connection = TcpStream::connect(host)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    write!(connection, "GET /status HTTP/1.1\r\nHost: {host}\r\n\r\n")?;
    let mut answer = String::new();
    while !answer.contains("\"ready\":true") {
        let mut buffer = [0; 1024];
        let length = connection.read(&mut buffer)?;
        ensure!(0 < length, "not ready: {answer}");
        answer.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    Ok(answer)
}

#[test]
fn a_mailbox_outlives_its_server_and_may_be_counted_anew() -> Result<()> {
    let mut server = dovecot::Dovecot::start()?;
    server.add_user("anna", "geheim")?;
    server.deliver("anna", "Subject: Hallo\r\n\r\nText\r\n")?;
    let first = said(server.port, "a LOGIN anna geheim\r\nb SELECT INBOX\r\nc LOGOUT\r\n")?;
    ensure!(first.contains("* 1 EXISTS"), "{first}");

    server.down();
    server.renumber("anna", "INBOX")?;
    server.up()?;

    let second = said(server.port, "a LOGIN anna geheim\r\nb SELECT INBOX\r\nc LOGOUT\r\n")?;
    ensure!(second.contains("* 1 EXISTS"), "{second}");
    let number = |text: &str| text.split("UIDVALIDITY ").nth(1).map(|rest| rest[..10].to_owned());
    ensure!(number(&first) != number(&second), "{first}{second}");
    Ok(())
}

/// All that a server says until it hangs up.
fn said(port: u16, lines: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(lines.as_bytes())?;
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes)?;
    // Who has said good bye may hang up as it likes.
    if !text.contains("* BYE") {
        ended?;
    }
    Ok(text)
}

#[tokio::test]
async fn the_dns_answers_what_it_was_told_and_is_silent_where_it_should() -> Result<()> {
    let dns = Dns::start().await?;
    dns.text("a.example", "v=spf1 -all");
    dns.silence("quiet.example");
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await?;
    socket.connect(dns.address).await?;
    let ask = async |name: &str| {
        let labels: Vec<u8> = name
            .split('.')
            .flat_map(|one| [&[u8::try_from(one.len()).unwrap_or(u8::MAX)], one.as_bytes()].concat())
            .collect();
        let head = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        socket.send(&[head.as_slice(), &labels, &[0, 0, 16, 0, 1]].concat()).await?;
        let mut answer = vec![0; 1500];
        let length = socket.recv(&mut answer).await?;
        answer.truncate(length);
        anyhow::Ok(answer)
    };

    let known = ask("A.example").await?;
    assert_eq!((known[3], known[7]), (0x80, 1));
    assert!(known.ends_with(b"\x0bv=spf1 -all"));
    let unknown = ask("b.example").await?;
    assert_eq!((unknown[3], unknown[7]), (0x83, 0));
    assert!(tokio::time::timeout(Duration::from_millis(200), ask("x.quiet.example")).await.is_err());
    assert_eq!(dns.asked(), 3);
    Ok(())
}
