//! Puts mails into mailboxes, and learns from the server under which numbers (`UIDPLUS`, RFC 4315).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// One connection of one user.
pub struct Post {
    stream: BufReader<TcpStream>,
    commands: usize,
}

impl Post {
    /// Tries for a while: Dovecot may not have looked into its list of users since this one was added.
    pub fn connect(server: u16, user: &str, password: &str) -> Result<Self> {
        let start = Instant::now();
        loop {
            match Self::log_in(server, user, password) {
                Err(_) if start.elapsed() < Duration::from_secs(20) => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                done => return done,
            }
        }
    }

    fn log_in(server: u16, user: &str, password: &str) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", server))?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        let mut post = Self { stream: BufReader::new(stream), commands: 0 };
        post.line()?;
        post.command(&format!("LOGIN {user} {password}"))?;
        Ok(post)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line)? != 0, "the IMAP server hung up");
        Ok(line)
    }

    /// The server's final word, which has to be OK.
    pub fn command(&mut self, text: &str) -> Result<String> {
        self.begin(text)?;
        self.end()
    }

    fn begin(&mut self, text: &str) -> Result<()> {
        self.commands += 1;
        Ok(write!(self.stream.get_mut(), "a{} {text}\r\n", self.commands)?)
    }

    fn end(&mut self) -> Result<String> {
        let tag = format!("a{} ", self.commands);
        loop {
            let line = self.line()?;
            if let Some(answer) = line.strip_prefix(&tag) {
                ensure!(answer.starts_with("OK"), "the IMAP server says {answer}");
                return Ok(answer.to_owned());
            }
        }
    }

    /// Puts a mail into the inbox; its UIDVALIDITY and UID.
    pub fn append(&mut self, raw: &str) -> Result<(i64, i64)> {
        self.begin(&format!("APPEND INBOX {{{}}}", raw.len()))?;
        while !self.line()?.starts_with('+') {}
        write!(self.stream.get_mut(), "{raw}\r\n")?;
        let answer = self.end()?;
        let (_, numbers) = answer.split_once("[APPENDUID ").context("the server offers UIDPLUS")?;
        let (uidvalidity, rest) = numbers.split_once(' ').context("two numbers")?;
        let (uid, _) = rest.split_once(']').context("an end")?;
        Ok((uidvalidity.parse()?, uid.parse()?))
    }
}
