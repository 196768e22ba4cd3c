//! Who is connected, so that no stranger takes what is there for all.
//!
//! A peer is an IPv4 address, or 64 bits of IPv6: so many addresses a single machine may have. This machine and
//! trusted servers are no strangers: of them only the number of all clients is counted.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::limits::Limits;
use crate::platform::Network;

const MINUTE: Duration = Duration::from_mins(1);
/// So many peers are remembered before those who left are forgotten.
const MANY: usize = 1000;

/// All clients of one listener.
#[derive(Debug)]
pub struct Peers {
    limits: Limits,
    trusted: Vec<Network>,
    here: Mutex<Here>,
    large: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Here {
    clients: usize,
    strangers: usize,
    known: HashMap<IpAddr, Known>,
}

#[derive(Debug)]
struct Known {
    clients: usize,
    /// When the minute began in which messages are counted.
    since: Instant,
    messages: usize,
}

/// A connected client; leaves when dropped.
#[derive(Debug)]
pub struct Guest {
    peers: Arc<Peers>,
    stranger: Option<IpAddr>,
}

/// A place among the few large messages; free again when dropped.
#[derive(Debug)]
pub struct LargePlace(#[expect(dead_code, reason = "held, not read")] Option<OwnedSemaphorePermit>);

/// Why a client cannot stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooMany {
    Clients,
    OfThisPeer,
}

impl Peers {
    pub fn new(limits: Limits, trusted: Vec<Network>) -> Arc<Self> {
        let large = Arc::new(Semaphore::new(limits.large));
        Arc::new(Self { limits, trusted, here: Mutex::default(), large })
    }

    /// A client came, whoever it is.
    pub fn enter(self: &Arc<Self>) -> Result<Guest, TooMany> {
        let mut here = self.here();
        if self.limits.clients <= here.clients {
            return Err(TooMany::Clients);
        }
        here.clients += 1;
        drop(here);
        Ok(Guest { peers: self.clone(), stranger: None })
    }

    fn is_trusted(&self, ip: IpAddr) -> bool {
        ip.to_canonical().is_loopback() || self.trusted.iter().any(|network| network.contains(ip))
    }

    fn here(&self) -> MutexGuard<'_, Here> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guest {
    /// It is clear who the client is; to be called once.
    pub fn introduce(&mut self, ip: IpAddr) -> Result<(), TooMany> {
        if self.peers.is_trusted(ip) {
            return Ok(());
        }
        let limits = self.peers.limits;
        let peer = peer_of(ip);
        let mut here = self.peers.here();
        if limits.clients.saturating_sub(limits.reserved) <= here.strangers {
            return Err(TooMany::Clients);
        }
        here.forget_some();
        let known = here.known.entry(peer).or_insert_with(Known::new);
        if limits.clients_of_peer <= known.clients {
            return Err(TooMany::OfThisPeer);
        }
        known.clients += 1;
        here.strangers += 1;
        drop(here);
        self.stranger = Some(peer);
        Ok(())
    }

    pub const fn is_stranger(&self) -> bool {
        self.stranger.is_some()
    }

    /// Begins a message; false if this peer began too many in the last minute.
    pub fn begin_message(&self, now: Instant) -> bool {
        let Some(peer) = self.stranger else { return true };
        let mut here = self.peers.here();
        let known = here.known.entry(peer).or_insert_with(Known::new);
        if MINUTE <= now.duration_since(known.since) {
            (known.since, known.messages) = (now, 0);
        }
        known.messages += 1;
        known.messages <= self.peers.limits.messages_of_peer
    }

    /// A place among the few large messages, once there is one; the house's own servers do not wait.
    pub async fn begin_large(&self) -> LargePlace {
        let waits = self.is_stranger();
        LargePlace(if waits { self.peers.large.clone().acquire_owned().await.ok() } else { None })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut here = self.peers.here();
        here.clients -= 1;
        let Some(peer) = self.stranger else { return };
        here.strangers -= 1;
        if let Some(known) = here.known.get_mut(&peer) {
            known.clients -= 1;
        }
    }
}

impl Known {
    fn new() -> Self {
        Self { clients: 0, since: Instant::now(), messages: 0 }
    }
}

impl Here {
    fn forget_some(&mut self) {
        if MANY < self.known.len() {
            self.known.retain(|_, known| 0 < known.clients || known.since.elapsed() < MINUTE);
        }
    }
}

/// What counts as one peer.
fn peer_of(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.into(),
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(limits: Limits) -> anyhow::Result<Arc<Peers>> {
        Ok(Peers::new(limits, vec!["10.0.0.0/8".parse()?]))
    }

    fn came(peers: &Arc<Peers>, ip: &str) -> Result<Guest, TooMany> {
        let mut guest = peers.enter()?;
        guest.introduce(ip.parse().expect("an address"))?;
        Ok(guest)
    }

    #[tokio::test]
    async fn one_peer_cannot_take_all_places() -> anyhow::Result<()> {
        let limits = Limits { clients: 10, reserved: 3, clients_of_peer: 2, ..Limits::default() };
        let peers = peers(limits)?;
        let first = came(&peers, "2001:db8::1");
        let _second = came(&peers, "2001:db8::2");
        assert_eq!(came(&peers, "2001:db8::3").err(), Some(TooMany::OfThisPeer));
        drop(first);
        let _again = came(&peers, "2001:db8::4").expect("a place became free");
        let mut others = Vec::new();
        for last in 1..=5 {
            others.push(came(&peers, &format!("192.0.2.{last}")).expect("there is a place"));
        }
        assert_eq!(came(&peers, "192.0.2.6").err(), Some(TooMany::Clients), "the rest is for the house");
        let house = ["127.0.0.1", "::1", "10.1.2.3"].map(|ip| came(&peers, ip).expect("reserved"));
        assert_eq!(came(&peers, "127.0.0.1").err(), Some(TooMany::Clients));
        drop((others, house));
        assert_eq!(peers.here().clients, 2);
        Ok(())
    }

    #[tokio::test]
    async fn a_stranger_begins_so_many_messages_a_minute_on_all_its_connections() -> anyhow::Result<()> {
        let peers = peers(Limits { messages_of_peer: 3, ..Limits::default() })?;
        let one = came(&peers, "192.0.2.1").expect("there is a place");
        let two = came(&peers, "::ffff:192.0.2.1").expect("there is a place");
        let house = came(&peers, "10.0.0.1").expect("there is a place");
        let now = Instant::now();
        assert!(one.begin_message(now) && two.begin_message(now) && one.begin_message(now));
        assert!(!one.begin_message(now) && !two.begin_message(now));
        assert!((0..100).all(|_| house.begin_message(now)));
        assert!(two.begin_message(now + MINUTE));
        Ok(())
    }
}
