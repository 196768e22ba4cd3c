//! The resolver that all checks share, with its cache.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use mail_auth::MessageAuthenticator;
use mail_auth::hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::hickory_resolver::system_conf::read_system_conf;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::verdict::Authentication;
use super::verify::{self, Letter};
use crate::platform::Settings;

/// Mails that are verified at a time: each takes a thread, and its bytes stay in memory.
const AT_ONCE: usize = 32;
/// For one question; asked once more without an answer.
const QUESTION: Duration = Duration::from_millis(1500);
/// Answers that are remembered, each as long as it says.
const CACHED: u64 = 10_000;

/// Made at the first mail that needs it.
pub struct Dns {
    resolver: OnceLock<Option<MessageAuthenticator>>,
    places: Semaphore,
}

impl Default for Dns {
    fn default() -> Self {
        Self { resolver: OnceLock::new(), places: Semaphore::new(AT_ONCE) }
    }
}

impl Dns {
    /// Verifies a mail; `None` if that is not possible.
    pub async fn verify(&self, settings: &Settings, letter: Letter) -> Option<Authentication> {
        let resolver = self.resolver.get_or_init(|| open(settings.dns_server)).clone()?;
        let _place = self.places.acquire().await.ok()?;
        // Hashing and signatures burn CPU; on a thread of its own no conversation stands still for them.
        let verified = tokio::task::spawn_blocking(move || {
            Handle::current().block_on(verify::verify(&resolver, &letter))
        });
        verified.await.unwrap_or_else(|error| {
            tracing::error!(%error, "the sender of a mail could not be verified");
            None
        })
    }
}

fn open(server: Option<SocketAddr>) -> Option<MessageAuthenticator> {
    let opened = match server {
        Some(server) => Ok((only(server), ResolverOpts::default())),
        None => read_system_conf(),
    };
    let authenticator = opened.and_then(|(config, mut options)| {
        options.timeout = QUESTION;
        options.attempts = 1;
        options.cache_size = CACHED;
        MessageAuthenticator::new(config, options)
    });
    match authenticator {
        Ok(authenticator) => Some(authenticator),
        Err(error) => {
            tracing::error!(%error, "senders are not verified: the DNS is not set up; see --dns-server");
            None
        }
    }
}

fn only(server: SocketAddr) -> ResolverConfig {
    let mut name_server = NameServerConfig::udp_and_tcp(server.ip());
    for connection in &mut name_server.connections {
        connection.port = server.port();
    }
    ResolverConfig::from_parts(None, Vec::new(), vec![name_server])
}
