//! A DNS server on this machine, over UDP, that knows what a story told it.
//!
//! Names below one that was silenced get no answer at all. Deliberately absent: TCP, every type but TXT.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::{Context, Result};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

#[derive(Debug)]
pub struct Dns {
    pub address: SocketAddr,
    zone: Arc<Mutex<Zone>>,
    asked: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Zone {
    texts: BTreeMap<String, String>,
    silent: BTreeSet<String>,
}

impl Dns {
    pub async fn start() -> Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0").await.context("a port for the DNS server")?;
        let address = socket.local_addr()?;
        let (zone, asked) = (Arc::<Mutex<Zone>>::default(), Arc::<AtomicUsize>::default());
        let server = tokio::spawn(serve(socket, zone.clone(), asked.clone()));
        Ok(Self { address, zone, asked, server })
    }

    /// From now on `name` has this TXT record.
    pub fn text(&self, name: &str, text: &str) {
        self.zone().texts.insert(name.to_lowercase(), text.to_owned());
    }

    /// From now on `domain` and what is below it gets no answer.
    pub fn silence(&self, domain: &str) {
        self.zone().silent.insert(domain.to_lowercase());
    }

    /// Questions so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn zone(&self) -> MutexGuard<'_, Zone> {
        self.zone.lock().expect("nobody panics while holding it")
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(socket: UdpSocket, zone: Arc<Mutex<Zone>>, asked: Arc<AtomicUsize>) {
    let mut packet = [0; 1500];
    loop {
        let Ok((length, client)) = socket.recv_from(&mut packet).await else { continue };
        asked.fetch_add(1, Ordering::SeqCst);
        let answer = answer(&packet[..length], &zone.lock().expect("nobody panics while holding it"));
        if let Some(answer) = answer {
            // Who does not listen any more asked for nothing.
            drop(socket.send_to(&answer, client).await);
        }
    }
}

/// `None` stays silent.
fn answer(query: &[u8], zone: &Zone) -> Option<Vec<u8>> {
    let mut labels = Vec::new();
    let mut at = 12;
    loop {
        let length = usize::from(*query.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        labels.push(String::from_utf8_lossy(query.get(at..at + length)?).to_lowercase());
        at += length;
    }
    let question = query.get(12..at + 4)?;
    let name = labels.join(".");
    if zone.silent.iter().any(|silent| name == *silent || name.ends_with(&format!(".{silent}"))) {
        return None;
    }
    let is_text = question.ends_with(&[0, 16, 0, 1]);
    let text = zone.texts.get(&name).filter(|_| is_text);
    // NXDOMAIN, but for a name that there is.
    let code = if zone.texts.contains_key(&name) { 0x80 } else { 0x83 };
    let mut packet = [query.get(..2)?, &[0x81, code, 0, 1, 0, u8::from(text.is_some()), 0, 0, 0, 0]].concat();
    packet.extend_from_slice(question);
    if let Some(text) = text {
        let strings: Vec<u8> = text
            .as_bytes()
            .chunks(255)
            .flat_map(|part| [&[u8::try_from(part.len()).unwrap_or(u8::MAX)], part].concat())
            .collect();
        packet.extend_from_slice(&[0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        packet.extend_from_slice(&u16::try_from(strings.len()).ok()?.to_be_bytes());
        packet.extend_from_slice(&strings);
    }
    Some(packet)
}
