//! How a conversation begins: who it is, whether there is a place, and later its encryption.

use std::io;

use mail::smtp::proxy::{self, Header};
use tokio::time::Instant;

use super::{Greeting, Session, Then};
use crate::channels::smtp::peers::{Guest, TooMany};

impl Session {
    /// Up to our greeting.
    pub(super) async fn open(&mut self, guest: Result<Guest, TooMany>, proxy: bool) -> io::Result<Then> {
        if proxy && !self.hear_proxy().await? {
            return Ok(Then::HangUp);
        }
        let placed = guest.and_then(|mut guest| guest.introduce(self.peer.ip()).map(|()| guest));
        match placed {
            Ok(guest) => self.guest = Some(guest),
            Err(TooMany::Clients) => {
                self.say("421 4.3.2 Too many connections, please come back in a minute");
                return Ok(Then::HangUp);
            }
            Err(TooMany::OfThisPeer) => {
                self.say("421 4.7.0 Too many connections from your address, please come back in a minute");
                return Ok(Then::HangUp);
            }
        }
        if self.is_stranger() && self.speaks_first().await? {
            self.say("554 5.5.0 Please wait for the greeting");
            return Ok(Then::HangUp);
        }
        self.say("220 kitt ESMTP ready");
        self.flush().await?;
        Ok(Then::GoOn)
    }

    /// Reads for whom the proxy speaks; false if it does not say so as it should.
    async fn hear_proxy(&mut self) -> io::Result<bool> {
        let until = Instant::now() + self.limits.proxy_header;
        loop {
            match proxy::read(&self.unread) {
                Header::Complete { used, client } => {
                    self.unread.drain(..used);
                    self.peer = client.unwrap_or(self.peer);
                    return Ok(true);
                }
                Header::Wrong => {
                    tracing::warn!(proxy = %self.peer, "a proxy of mail sent no PROXY header: look at --smtp-proxy");
                    return Ok(false);
                }
                Header::More => {}
            }
            if !self.fill(until).await? {
                return Ok(false);
            }
        }
    }

    async fn speaks_first(&mut self) -> io::Result<bool> {
        let until = Instant::now() + self.limits.silence;
        if self.unread.is_empty() {
            match self.fill(until).await {
                Ok(true) => {}
                Ok(false) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    pub(super) async fn start_tls(&mut self) -> io::Result<Then> {
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
        let encrypted = tokio::time::timeout(self.limits.handshake, tls.accept(plain)).await;
        self.stream = Box::new(encrypted.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??);
        self.encrypted = true;
        self.greeting = Greeting::None;
        self.helo.clear();
        self.mail = None;
        Ok(Then::GoOn)
    }
}
