//! The port where mail arrives: SMTP (RFC 5321), and LMTP (RFC 2033) for clients that greet with `LHLO`.
//!
//! It answers `250` to a message only when its bytes are on the disk ([`super::intake`]). It relays nothing and
//! authenticates nobody: it belongs behind the house's mail server, or in front of it for a trial. Deliberately
//! absent: AUTH, BDAT, DSN, spam and signature checks, which are that server's work.

mod command;
mod data;
mod session;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::platform::{App, server};

/// Largest message, in bytes as announced by SIZE: 35 MB.
pub const LARGEST: usize = 35 * 1024 * 1024;
/// Clients at a time; more are asked to come back.
const CLIENTS: usize = 200;

/// A bound port.
pub struct Listener {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
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
    Ok(Listener { socket, tls })
}

impl Listener {
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `stop`, then lets messages at hand finish.
    pub async fn serve(self, app: App, stop: CancellationToken) {
        let places = Arc::new(Semaphore::new(CLIENTS));
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
            let place = places.clone().try_acquire_owned().ok();
            let (app, stop, tls) = (app.clone(), stop.clone(), self.tls.clone());
            clients.spawn(async move {
                let client = session::Client { peer, tls, welcome: place.is_some() };
                if let Err(error) = session::talk(app, stream, client, stop).await {
                    tracing::debug!(%peer, %error, "a mail client hung up");
                }
                drop(place);
            });
        }
        clients.close();
        clients.wait().await;
    }
}
