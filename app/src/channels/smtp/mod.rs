//! The port where mail arrives: SMTP (RFC 5321), and LMTP (RFC 2033) for clients that greet with `LHLO`.
//!
//! It answers `250` to a message only when its bytes are on the disk ([`super::intake`]). It relays nothing and
//! authenticates nobody: it belongs behind the house's mail server, or in front of it. What strangers may take is
//! limited ([`Limits`]); what their mail is worth is judged on its way in ([`super::authentic`]). Deliberately
//! absent: AUTH, BDAT, DSN, spam checks.

mod limits;
mod peers;
mod session;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use limits::Limits;

use self::peers::Peers;
use crate::platform::{App, server};

/// Largest message, in bytes as announced by SIZE: 35 MB.
pub const LARGEST: usize = 35 * 1024 * 1024;

/// A bound port.
pub struct Listener {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
    limits: Limits,
}

/// Binds the configured address.
///
/// # Errors
///
/// If the port is taken or the certificate cannot be read.
pub async fn bind(app: &App) -> anyhow::Result<Listener> {
    let settings = app.settings();
    let address = settings.smtp_listen;
    let socket = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: is another program using it? Choose another with --smtp-listen")
    })?;
    let tls = settings.tls.as_ref().map(server::tls).transpose()?;
    let limits = Limits {
        clients_of_peer: settings.smtp_peer_connections,
        messages_of_peer: settings.smtp_peer_messages,
        ..Limits::default()
    };
    Ok(Listener { socket, tls, limits })
}

impl Listener {
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// With other limits than those of the settings.
    #[must_use]
    pub fn with(self, change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = self.limits;
        change(&mut limits);
        Self { limits, ..self }
    }

    /// Serves until `stop`, then lets messages at hand finish.
    pub async fn serve(self, app: App, stop: CancellationToken) {
        let peers = Peers::new(self.limits, app.settings().trusted_relays.clone());
        let clients = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = self.socket.accept() => accepted,
            };
            let Ok((stream, peer)) = accepted else {
                // Too many open files: give them time to close.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            drop(stream.set_nodelay(true));
            let talk = self.talk(&app, stream, peer, &peers, &stop);
            clients.spawn(async move {
                if let Err(error) = talk.await {
                    tracing::debug!(%peer, %error, "a mail client hung up");
                }
            });
        }
        clients.close();
        clients.wait().await;
    }

    fn talk(
        &self,
        app: &App,
        stream: TcpStream,
        peer: SocketAddr,
        peers: &Arc<Peers>,
        stop: &CancellationToken,
    ) -> impl Future<Output = std::io::Result<()>> + Send + use<> {
        let client = session::Client {
            peer,
            proxy: app.settings().smtp_proxies.contains(&peer.ip().to_canonical()),
            guest: peers.enter(),
            tls: self.tls.clone(),
            limits: self.limits,
        };
        session::talk(app.clone(), stream, client, stop.clone())
    }
}
