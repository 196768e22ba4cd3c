//! A plain LMTP client: one connection, one mail after the other.

use std::net::SocketAddr;

use anyhow::bail;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

pub struct Client {
    read: BufReader<OwnedReadHalf>,
    write: OwnedWriteHalf,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (read, write) = stream.into_split();
        let mut client = Self { read: BufReader::new(read), write };
        client.answer('2').await?;
        client.say(b"LHLO bench.example\r\n", '2').await?;
        Ok(client)
    }

    /// Sends one mail and waits until the server has it for good.
    pub async fn send(&mut self, from: &str, to: &str, raw: &[u8]) -> anyhow::Result<()> {
        self.say(format!("MAIL FROM:<{from}>\r\n").as_bytes(), '2').await?;
        self.say(format!("RCPT TO:<{to}>\r\n").as_bytes(), '2').await?;
        self.say(b"DATA\r\n", '3').await?;
        let mut data = Vec::with_capacity(raw.len() + 8);
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b".") {
                data.push(b'.');
            }
            data.extend_from_slice(line);
        }
        if !data.ends_with(b"\r\n") {
            data.extend_from_slice(b"\r\n");
        }
        data.extend_from_slice(b".\r\n");
        self.say(&data, '2').await
    }

    async fn say(&mut self, bytes: &[u8], wanted: char) -> anyhow::Result<()> {
        self.write.write_all(bytes).await?;
        self.answer(wanted).await
    }

    async fn answer(&mut self, wanted: char) -> anyhow::Result<()> {
        loop {
            let mut line = String::new();
            if self.read.read_line(&mut line).await? == 0 {
                bail!("the server hung up");
            }
            if line.as_bytes().get(3) == Some(&b'-') {
                continue;
            }
            if !line.starts_with(wanted) {
                bail!("the server said {}", line.trim());
            }
            return Ok(());
        }
    }
}
