//! One conversation with a client.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use mail::threading;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::LARGEST;
use super::command::{self, Command, From};
use super::data::{Message, Progress};
use crate::channels::intake;
use crate::channels::model::{Delivery, Route};
use crate::channels::place::Directory;
use crate::platform::{App, ReceivedId, Result as KittResult};

/// For the next command (RFC 5321, 4.5.3.2.7).
const PATIENCE: Duration = Duration::from_mins(5);
/// For the next piece of a message.
const DATA_PATIENCE: Duration = Duration::from_mins(3);
/// For a client to take our answers.
const WRITE_PATIENCE: Duration = Duration::from_mins(1);
/// A stopping server lets a message at hand arrive for so long.
const STOPPING: Duration = Duration::from_secs(10);
const HANDSHAKE: Duration = Duration::from_secs(20);
/// Bytes of one command line.
const LONGEST_LINE: usize = 4096;
/// Recipients of one message.
const RECIPIENTS: usize = 1000;
/// Errors before we hang up.
const ERRORS: u32 = 20;
/// A message may be so many times too large before we hang up instead of reading on.
const PATIENT_SIZE: usize = 2 * LARGEST;

/// Who is at the other end.
pub struct Client {
    pub peer: SocketAddr,
    pub tls: Option<TlsAcceptor>,
    /// False: there are too many already.
    pub welcome: bool,
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
        tls: client.tls,
        stop,
        unread: Vec::new(),
        answers: String::new(),
        greeting: Greeting::None,
        encrypted: false,
        errors: 0,
        mail: None,
    };
    if !client.welcome {
        session.say("421 4.3.2 Too many connections, please come back in a minute");
        return session.flush().await;
    }
    session.say("220 kitt ESMTP ready");
    session.flush().await?;
    while session.step().await? == Then::GoOn {}
    session.flush().await?;
    session.stream.shutdown().await
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
    tls: Option<TlsAcceptor>,
    stop: CancellationToken,
    /// Received and not yet read: a client may send ahead (RFC 2920).
    unread: Vec<u8>,
    /// Not yet sent: answers to commands that came together leave together.
    answers: String,
    greeting: Greeting,
    encrypted: bool,
    errors: u32,
    mail: Option<Mail>,
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
        tokio::time::timeout(WRITE_PATIENCE, write)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    /// Reads more; false at the end of the connection.
    async fn fill(&mut self, patience: Duration) -> io::Result<bool> {
        self.unread.reserve(16 * 1024);
        let read = tokio::time::timeout(patience, self.stream.read_buf(&mut self.unread)).await;
        Ok(read.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?? != 0)
    }

    /// One command and its answer.
    async fn step(&mut self) -> io::Result<Then> {
        let line = match self.line().await? {
            Line::Command(line) => line,
            Line::TooLong => {
                self.say("500 5.5.2 Line too long");
                return Ok(Then::HangUp);
            }
            Line::Stopping => {
                self.say("421 4.3.2 Restarting, please come back in a minute");
                return Ok(Then::HangUp);
            }
            Line::End => return Ok(Then::HangUp),
        };
        let Ok(line) = String::from_utf8(line) else {
            return Ok(self.refuse("500 5.5.2 Commands must be UTF-8"));
        };
        match command::parse(&line) {
            Ok(command) => self.obey(command).await,
            Err(refusal) => Ok(self.refuse(refusal)),
        }
    }

    async fn line(&mut self) -> io::Result<Line> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.unread[searched..].iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.unread.drain(..=searched + end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(if LONGEST_LINE < line.len() { Line::TooLong } else { Line::Command(line) });
            }
            searched = self.unread.len();
            if LONGEST_LINE < searched {
                return Ok(Line::TooLong);
            }
            self.flush().await?;
            let stop = self.stop.clone();
            let more = tokio::select! {
                () = stop.cancelled() => return Ok(Line::Stopping),
                more = self.fill(PATIENCE) => more,
            };
            match more {
                Ok(true) => {}
                Ok(false) => return Ok(Line::End),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    self.say("421 4.4.2 No command for five minutes");
                    return Ok(Line::End);
                }
                Err(error) => return Err(error),
            }
        }
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
        match command {
            Command::Helo => self.greet(Greeting::Smtp, false),
            Command::Ehlo => self.greet(Greeting::Smtp, true),
            Command::Lhlo => self.greet(Greeting::Lmtp, true),
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

    fn greet(&mut self, greeting: Greeting, extended: bool) {
        self.greeting = greeting;
        self.mail = None;
        if !extended {
            return self.say("250 kitt");
        }
        self.say("250-kitt");
        self.say("250-PIPELINING");
        self.say(&format!("250-SIZE {LARGEST}"));
        if self.tls.is_some() && !self.encrypted {
            self.say("250-STARTTLS");
        }
        self.say("250-ENHANCEDSTATUSCODES");
        self.say("250-8BITMIME");
        self.say("250 SMTPUTF8");
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
            Ok(false) => self.refuse("550 5.1.1 Nobody has this address here"),
            Err(error) => {
                tracing::error!(error = format!("{error:?}"), "cannot look up a recipient");
                self.say("451 4.3.0 Please try again later");
                Then::GoOn
            }
        }
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

    async fn data(&mut self) -> io::Result<Then> {
        match &self.mail {
            None => return Ok(self.refuse("503 5.5.1 MAIL first")),
            Some(mail) if mail.to.is_empty() => return Ok(self.refuse("554 5.5.1 No valid recipients")),
            Some(_) => {}
        }
        self.say("354 Send it, and a dot alone at the end");
        self.flush().await?;
        let Some(message) = self.message().await? else { return Ok(Then::HangUp) };
        let mail = self.mail.take().expect("it was there before its data");
        let answers = if self.greeting == Greeting::Lmtp { mail.to.len() } else { 1 };
        let Some(raw) = message.finish() else {
            for _ in 0..answers {
                self.say("552 5.3.4 Message too large");
            }
            return Ok(Then::GoOn);
        };
        let answer = match self.keep(mail, raw).await {
            Ok(id) => format!("250 2.0.0 Kept as {id}"),
            Err(error) => {
                tracing::error!(error = format!("{error:?}"), "a mail could not be kept");
                "451 4.3.0 Could not be kept, please try again later".to_owned()
            }
        };
        // LMTP answers for each recipient (RFC 2033, 4.2); one copy of the message serves them all.
        for _ in 0..answers {
            self.say(&answer);
        }
        Ok(Then::GoOn)
    }

    /// Reads up to the final dot; `None` if we have to hang up.
    async fn message(&mut self) -> io::Result<Option<Message>> {
        let mut message = Message::new(LARGEST);
        let stop = self.stop.clone();
        let mut hurry = std::pin::pin!(async move {
            stop.cancelled().await;
            tokio::time::sleep(STOPPING).await;
        });
        loop {
            match message.feed(&self.unread) {
                Progress::End { used } => {
                    self.unread.drain(..used);
                    return Ok(Some(message));
                }
                Progress::Smuggled => {
                    self.say("521 5.5.2 A line feed without carriage return ended the message");
                    return Ok(None);
                }
                Progress::More => self.unread.clear(),
            }
            if PATIENT_SIZE < message.size() {
                self.say("552 5.3.4 Message far too large");
                return Ok(None);
            }
            let more = tokio::select! {
                more = self.fill(DATA_PATIENCE) => more,
                () = &mut hurry => {
                    self.say("421 4.3.2 Restarting, please come back in a minute");
                    return Ok(None);
                }
            };
            match more {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    self.say("421 4.4.2 The message did not go on");
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn keep(&mut self, mail: Mail, raw: Vec<u8>) -> KittResult<ReceivedId> {
        let route = if self.greeting == Greeting::Lmtp { Route::Lmtp } else { Route::Smtp };
        let peer = Some(self.peer.ip().to_string());
        let delivery = Delivery { route, from: Some(mail.from.address), to: mail.to, peer, raw, queue: None };
        intake::keep(&self.app, delivery).await
    }

    async fn start_tls(&mut self) -> io::Result<Then> {
        let Some(tls) = self.tls.clone().filter(|_| !self.encrypted) else {
            return Ok(self.refuse("502 5.5.1 Not offered here"));
        };
        // What came ahead in plain text was not meant to be believed as encrypted (CVE-2011-0411).
        if !self.unread.is_empty() {
            self.say("501 5.5.1 Nothing may follow STARTTLS");
            return Ok(Then::HangUp);
        }
        self.say("220 2.0.0 Go ahead");
        self.flush().await?;
        let plain = std::mem::replace(&mut self.stream, Box::new(tokio::io::empty()));
        let encrypted = tokio::time::timeout(HANDSHAKE, tls.accept(plain)).await;
        self.stream = Box::new(encrypted.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??);
        self.encrypted = true;
        self.greeting = Greeting::None;
        self.mail = None;
        Ok(Then::GoOn)
    }
}

enum Line {
    Command(Vec<u8>),
    TooLong,
    /// The server is being stopped.
    Stopping,
    /// The client is gone, or said nothing for too long.
    End,
}
