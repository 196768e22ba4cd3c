//! The messages of a conversation: read up to their end, kept, acknowledged.

use std::io;

use mail::smtp::data::{Message, Progress};
use tokio::time::Instant;

use super::{Greeting, LARGEST, Mail, PATIENT_SIZE, STOPPING, Session, Then};
use crate::channels::intake;
use crate::channels::model::{Delivery, Route};
use crate::channels::smtp::limits;
use crate::channels::smtp::peers::LargePlace;
use crate::platform::{Outage, ReceivedId, Result as KittResult};

impl Session {
    pub(super) async fn data(&mut self) -> io::Result<Then> {
        match &self.mail {
            None => return Ok(self.refuse("503 5.5.1 MAIL first")),
            Some(mail) if mail.to.is_empty() => return Ok(self.refuse("554 5.5.1 No valid recipients")),
            Some(_) => {}
        }
        if self.talks_ahead() {
            return Ok(Then::HangUp);
        }
        self.say("354 Send it, and a dot alone at the end");
        self.flush().await?;
        let Some(message) = self.message().await? else { return Ok(Then::HangUp) };
        let mail = self.mail.take().expect("it was there before its data");
        let answers = if self.greeting == Greeting::Lmtp { mail.to.len() } else { 1 };
        let Some(raw) = message.finish() else {
            self.large = None;
            for _ in 0..answers {
                self.say("552 5.3.4 Message too large");
            }
            return Ok(Then::GoOn);
        };
        let answer = self.kept(mail, raw).await;
        self.large = None;
        // LMTP answers for each recipient (RFC 2033, 4.2); one copy of the message serves them all.
        for _ in 0..answers {
            self.say(&answer);
        }
        Ok(Then::GoOn)
    }

    /// Keeps the message and says how that went.
    async fn kept(&mut self, mail: Mail, raw: Vec<u8>) -> String {
        match self.keep(mail, raw).await {
            Ok(id) => {
                self.idle = 0;
                format!("250 2.0.0 Kept as {id}")
            }
            Err(error) => {
                let (why, short) = (format!("{error:?}"), error.in_short());
                tracing::error!(error = why, "a mail could not be kept: {short}");
                let answer = match error.outage() {
                    Some(Outage::Full) => "452 4.3.1 The disk is full, please try again later",
                    _ => "451 4.3.0 Could not be kept, please try again later",
                };
                answer.to_owned()
            }
        }
    }

    /// Reads up to the final dot; `None` if we have to hang up.
    async fn message(&mut self) -> io::Result<Option<Message>> {
        let mut message = Message::new(LARGEST);
        let started = Instant::now();
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
            if limits::LARGE < message.size() && self.large.is_none() {
                self.large = self.place_for_large().await;
                if self.large.is_none() {
                    self.say("452 4.3.1 Too many large messages at hand, please come back later");
                    return Ok(None);
                }
            }
            let all = started + self.limits.for_message(message.size());
            let until = all.min(Instant::now() + self.limits.piece);
            let more = tokio::select! {
                more = self.fill(until) => more,
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

    /// Few large messages are in memory at a time.
    async fn place_for_large(&mut self) -> Option<LargePlace> {
        let guest = self.guest.as_ref()?;
        tokio::time::timeout(self.limits.piece, guest.begin_large()).await.ok()
    }

    async fn keep(&mut self, mail: Mail, raw: Vec<u8>) -> KittResult<ReceivedId> {
        let route = if self.greeting == Greeting::Lmtp { Route::Lmtp } else { Route::Smtp };
        let peer = Some(self.peer.ip().to_string());
        let delivery = Delivery { route, from: Some(mail.from.address), to: mail.to, peer, raw, queue: None };
        intake::keep_from(&self.app, delivery, Some(&self.helo)).await
    }
}
