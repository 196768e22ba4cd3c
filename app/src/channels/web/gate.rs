//! How often one address may ask for the pages that need no login: so that nobody tries tokens, or fetches the same
//! file for ever. Counted on each node.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::platform::server::Peer;
use crate::platform::web::client_ip;
use crate::platform::{App, Error, Result};

/// Requests of one address in a minute. A mail provider that declines for many of its customers stays below.
const PER_MINUTE: u32 = 300;
/// With so many addresses those of earlier minutes are forgotten.
const ADDRESSES: usize = 10_000;

/// By address: the minute, and how many requests came in it.
#[derive(Default)]
struct Seen(Mutex<HashMap<String, (i64, u32)>>);

/// A request that came through the gate.
pub struct Gate;

impl FromRequestParts<App> for Gate {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let peer = parts.extensions.get::<ConnectInfo<Peer>>().map(|ConnectInfo(Peer(address))| *address);
        pass(app, client_ip(app, peer, &parts.headers))?;
        Ok(Self)
    }
}

/// # Errors
///
/// [`Error::TooMany`] with the seconds until the next minute.
fn pass(app: &App, address: String) -> Result<()> {
    let (minute, second) = (app.now().seconds() / 60, app.now().seconds() % 60);
    let seen = app.part::<Seen>();
    let mut seen = seen.0.lock().unwrap_or_else(PoisonError::into_inner);
    if ADDRESSES <= seen.len() {
        seen.retain(|_, (at, _)| *at == minute);
    }
    let (at, count) = seen.entry(address).or_insert((minute, 0));
    if *at != minute {
        (*at, *count) = (minute, 0);
    }
    *count += 1;
    if PER_MINUTE < *count {
        return Err(Error::TooMany((60 - second).unsigned_abs()));
    }
    Ok(())
}
