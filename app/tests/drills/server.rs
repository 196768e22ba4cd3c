//! The real program as a process of its own, and a mail client.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

const PATIENCE: Duration = Duration::from_mins(1);

/// A running `kitt serve`; killed when dropped.
pub struct Server {
    process: Child,
    pub smtp: SocketAddr,
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

impl Server {
    /// Starts it under `before`, a command that runs commands, and waits until it takes mail.
    pub fn start(before: &[&str], data: &Path, database: &str, smtp: SocketAddr) -> Result<Self> {
        let line = [before, &[env!("CARGO_BIN_EXE_kitt")]].concat();
        let (program, arguments) = line.split_first().context("a program")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
            .args(["--smtp-listen", &smtp.to_string(), "--data"])
            .arg(data);
        Self::run(&mut command, &data.join("log"), smtp)
    }

    /// Starts `command` and waits until it takes mail.
    pub fn run(command: &mut Command, log: &Path, smtp: SocketAddr) -> Result<Self> {
        let out = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        let command = command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        let process = command.spawn().with_context(|| format!("starting {command:?}"))?;
        let mut server = Self { process, smtp };
        let start = Instant::now();
        while !takes_mail(smtp) {
            if let Some(status) = server.process.try_wait()? {
                bail!("the server ended ({status}): {}", std::fs::read_to_string(log)?);
            }
            ensure!(start.elapsed() < PATIENCE, "the server takes no mail after {PATIENCE:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.process.try_wait()?)
    }

    /// `kill -9`.
    pub fn kill(mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Asks it to stop and waits until it did, in order.
    pub fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status()?;
        ensure!(asked.success(), "kill -TERM failed");
        let start = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait()? {
                ensure!(status.success(), "the server did not stop in order: {status}");
                return Ok(());
            }
            ensure!(start.elapsed() < PATIENCE, "the server did not stop within {PATIENCE:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Does it know our recipient? A first start takes a moment to set the house up.
fn takes_mail(smtp: SocketAddr) -> bool {
    Client::connect(smtp).is_ok_and(|mut client| client.address().is_ok())
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already; then there is nothing to kill.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One LMTP connection.
pub struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        let mut client = Self { stream: BufReader::new(stream) };
        client.expect("220")?;
        client.say("LHLO drill.example", "250")?;
        Ok(client)
    }

    /// Returns once the server said that it has the mail, with the server's words.
    pub fn deliver(&mut self, raw: &str) -> Result<String> {
        self.address()?;
        self.say("DATA", "354")?;
        self.say(&format!("{raw}\r\n."), "250")
    }

    fn address(&mut self) -> Result<String> {
        self.say("MAIL FROM:<drill@example.org>", "250")?;
        self.say("RCPT TO:<service@haus.example>", "250")
    }

    fn say(&mut self, line: &str, code: &str) -> Result<String> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes())?;
        self.expect(code)
    }

    fn expect(&mut self, code: &str) -> Result<String> {
        loop {
            let mut line = String::new();
            ensure!(self.stream.read_line(&mut line)? != 0, "the server hung up");
            ensure!(line.starts_with(code), "{line}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(line);
            }
        }
    }
}
