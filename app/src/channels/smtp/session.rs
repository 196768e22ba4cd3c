//! One conversation with a client. How it begins is in [`opening`], its messages in [`message`].

mod message;
mod opening;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use mail::smtp::command::{self, Command, From};
use mail::smtp::{self, Line};
use mail::threading;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::LARGEST;
use super::limits::Limits;
use super::peers::{Guest, LargePlace, TooMany};
use crate::channels::directory::Directory;
use crate::platform::{App, Result as KittResult};

/// A stopping server lets a message at hand arrive for so long.
const STOPPING: Duration = Duration::from_secs(10);
/// Recipients of one message.
const RECIPIENTS: usize = 1000;
/// Errors before we hang up.
const ERRORS: u32 = 20;
/// A message may be so many times too large before we hang up instead of reading on.
const PATIENT_SIZE: usize = 2 * LARGEST;

/// Who is at the other end.
pub struct Client {
    pub peer: SocketAddr,
    /// It is a proxy that says for whom it speaks.
    pub proxy: bool,
    pub guest: Result<Guest, TooMany>,
    pub tls: Option<TlsAcceptor>,
    pub limits: Limits,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Speaks with a client until one of both hangs up.
pub async fn talk(
    app: App,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    client: Client,
    stop: CancellationToken,
) -> io::Result<()> {
    let mut session = Session {
        app,
        stream: Box::new(stream),
        peer: client.peer,
        guest: None,
        tls: client.tls,
        limits: client.limits,
        stop,
        unread: Vec::new(),
        answers: String::new(),
        greeting: Greeting::None,
        helo: String::new(),
        encrypted: false,
        errors: 0,
        unknown: 0,
        idle: 0,
        mail: None,
        large: None,
    };
    if session.open(client.guest, client.proxy).await? == Then::GoOn {
        while session.step().await? == Then::GoOn {}
    }
    session.flush().await?;
    // A client that takes nothing more must not hold us.
    let farewell = tokio::time::timeout(session.limits.answer, session.stream.shutdown());
    farewell.await.unwrap_or(Ok(()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    GoOn,
    HangUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Greeting {
    None,
    Smtp,
    Lmtp,
}

/// A message that is being announced.
struct Mail {
    from: From,
    to: Vec<String>,
}

struct Session {
    app: App,
    stream: Box<dyn Stream>,
    peer: SocketAddr,
    /// Missing only until it is clear who this is.
    guest: Option<Guest>,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    stop: CancellationToken,
    /// Received and not yet read: a client may send ahead (RFC 2920).
    unread: Vec<u8>,
    /// Not yet sent: answers to commands that came together leave together.
    answers: String,
    greeting: Greeting,
    /// The name that the client gave itself.
    helo: String,
    encrypted: bool,
    errors: u32,
    /// Recipients that nobody knows here.
    unknown: u32,
    /// Commands since the last message that was kept.
    idle: u32,
    mail: Option<Mail>,
    /// Held while a large message is in memory.
    large: Option<LargePlace>,
}

impl Session {
    fn say(&mut self, line: &str) {
        self.answers.push_str(line);
        self.answers.push_str("\r\n");
    }

    async fn flush(&mut self) -> io::Result<()> {
        if self.answers.is_empty() {
            return Ok(());
        }
        let answers = std::mem::take(&mut self.answers);
        let write = async {
            self.stream.write_all(answers.as_bytes()).await?;
            self.stream.flush().await
        };
        tokio::time::timeout(self.limits.answer, write)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    /// Reads more; false at the end of the connection.
    async fn fill(&mut self, until: Instant) -> io::Result<bool> {
        self.unread.reserve(16 * 1024);
        let read = tokio::time::timeout_at(until, self.stream.read_buf(&mut self.unread)).await;
        Ok(read.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?? != 0)
    }

    /// One command and its answer.
    async fn step(&mut self) -> io::Result<Then> {
        let line = match self.line().await? {
            Read::Command(line) => line,
            Read::TooLong => {
                self.say("500 5.5.2 Line too long");
                return Ok(Then::HangUp);
            }
            Read::Stopping => {
                self.say("421 4.3.2 Restarting, please come back in a minute");
                return Ok(Then::HangUp);
            }
            Read::End => return Ok(Then::HangUp),
        };
        let Ok(line) = String::from_utf8(line) else {
            return Ok(self.refuse("500 5.5.2 Commands must be UTF-8"));
        };
        match command::parse(&line) {
            Ok(command) => self.obey(command).await,
            Err(refusal) => Ok(self.refuse(refusal)),
        }
    }

    /// The next line. Its time runs from the answer before, so that a client that sends a byte now and then wins
    /// nothing by it.
    async fn line(&mut self) -> io::Result<Read> {
        let until = Instant::now() + self.limits.command;
        let mut searched = 0;
        loop {
            match smtp::take_line(&mut self.unread, searched) {
                Line::Whole(line) => return Ok(Read::Command(line)),
                Line::TooLong => return Ok(Read::TooLong),
                Line::More => searched = self.unread.len(),
            }
            self.flush().await?;
            let stop = self.stop.clone();
            let more = tokio::select! {
                () = stop.cancelled() => return Ok(Read::Stopping),
                more = self.fill(until) => more,
            };
            match more {
                Ok(true) => {}
                Ok(false) => return Ok(Read::End),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    self.say("421 4.4.2 No command for too long");
                    return Ok(Read::End);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn is_stranger(&self) -> bool {
        self.guest.as_ref().is_some_and(Guest::is_stranger)
    }

    fn refuse(&mut self, answer: &str) -> Then {
        self.say(answer);
        self.errors += 1;
        if self.errors < ERRORS {
            return Then::GoOn;
        }
        self.say("421 4.7.0 Too many errors");
        Then::HangUp
    }

    async fn obey(&mut self, command: Command) -> io::Result<Then> {
        if !matches!(command, Command::Rcpt { .. }) {
            self.idle += 1;
            if self.limits.idle_commands < self.idle && self.is_stranger() {
                self.say("421 4.7.0 Too many commands without a message");
                return Ok(Then::HangUp);
            }
        }
        match command {
            Command::Helo(name) => return Ok(self.greet(Greeting::Smtp, false, name)),
            Command::Ehlo(name) => return Ok(self.greet(Greeting::Smtp, true, name)),
            Command::Lhlo(name) => return Ok(self.greet(Greeting::Lmtp, true, name)),
            Command::Mail(from) => return Ok(self.mail_from(from)),
            Command::Rcpt { address } => return Ok(self.rcpt_to(address).await),
            Command::Data => return self.data().await,
            Command::StartTls => return self.start_tls().await,
            Command::Rset => {
                self.mail = None;
                self.say("250 2.0.0 Forgotten");
            }
            Command::Noop => self.say("250 2.0.0 Here"),
            Command::Help => self.say("214 2.0.0 RFC 5321, RFC 2033"),
            Command::Vrfy => self.say("252 2.5.2 Send it and see"),
            Command::NotOffered => return Ok(self.refuse("502 5.5.1 Not offered here")),
            Command::Quit => {
                self.say("221 2.0.0 Bye");
                return Ok(Then::HangUp);
            }
            Command::OtherProtocol => {
                self.say("421 4.7.0 This is a mail port");
                return Ok(Then::HangUp);
            }
        }
        Ok(Then::GoOn)
    }

    fn greet(&mut self, greeting: Greeting, extended: bool, name: String) -> Then {
        if self.talks_ahead() {
            return Then::HangUp;
        }
        self.greeting = greeting;
        self.helo = name;
        self.mail = None;
        if extended {
            self.say("250-kitt");
            self.say("250-PIPELINING");
            self.say(&format!("250-SIZE {LARGEST}"));
            if self.tls.is_some() && !self.encrypted {
                self.say("250-STARTTLS");
            }
            self.say("250-ENHANCEDSTATUSCODES");
            self.say("250-8BITMIME");
            self.say("250 SMTPUTF8");
        } else {
            self.say("250 kitt");
        }
        Then::GoOn
    }

    /// A stranger that goes on before it can know our answer (RFC 2920, 3.1) is no mail server.
    fn talks_ahead(&mut self) -> bool {
        let ahead = self.is_stranger() && !self.unread.is_empty();
        if ahead {
            self.say("554 5.5.0 Please wait for the answer");
        }
        ahead
    }

    fn mail_from(&mut self, from: From) -> Then {
        if self.greeting == Greeting::None {
            return self.refuse("503 5.5.1 Please greet first");
        }
        if self.mail.is_some() {
            return self.refuse("503 5.5.1 One message at a time");
        }
        if from.size.is_some_and(|size| LARGEST as u64 <= size.saturating_sub(1)) {
            return self.refuse("552 5.3.4 Message too large");
        }
        if !from.utf8 && !from.address.is_ascii() {
            return self.refuse("553 5.6.7 This address needs SMTPUTF8");
        }
        if !self.guest.as_ref().is_some_and(|guest| guest.begin_message(Instant::now())) {
            self.say("450 4.7.1 Too many messages in a minute, please come back later");
            return Then::GoOn;
        }
        self.mail = Some(Mail { from, to: Vec::new() });
        self.say("250 2.1.0 Go on");
        Then::GoOn
    }

    async fn rcpt_to(&mut self, address: String) -> Then {
        let Some(mail) = &self.mail else { return self.refuse("503 5.5.1 MAIL first") };
        if !mail.from.utf8 && !address.is_ascii() {
            return self.refuse("553 5.6.7 This address needs SMTPUTF8");
        }
        if RECIPIENTS <= mail.to.len() {
            self.say("452 4.5.3 Too many recipients");
            return Then::GoOn;
        }
        match self.knows(&address).await {
            Ok(true) => {
                self.say("250 2.1.5 Go on");
                self.mail.as_mut().expect("there is a message").to.push(address);
                Then::GoOn
            }
            Ok(false) => self.unknown_recipient(),
            Err(error) => {
                tracing::error!(error = format!("{error:?}"), "cannot look up a recipient");
                self.say("451 4.3.0 Please try again later");
                Then::GoOn
            }
        }
    }

    fn unknown_recipient(&mut self) -> Then {
        self.unknown += 1;
        if self.limits.unknown_recipients < self.unknown && self.is_stranger() {
            self.say("421 4.7.1 Too many unknown recipients");
            return Then::HangUp;
        }
        self.refuse("550 5.1.1 Nobody has this address here")
    }

    async fn knows(&mut self, address: &str) -> KittResult<bool> {
        // A valid code needs no look-up, and is welcome whatever is configured.
        if threading::read_reply_address(address, self.app.secret()).is_some() {
            return Ok(true);
        }
        let directory = Directory::latest(&self.app).await?;
        // A first start takes a moment; a refusal for good would lose the mail.
        directory.first()?;
        Ok(directory.target(address, self.app.secret()).is_some())
    }
}

enum Read {
    Command(Vec<u8>),
    TooLong,
    /// The server is being stopped.
    Stopping,
    /// The client is gone, or said nothing for too long.
    End,
}
