//! `GET /metrics`: figures for Prometheus, as text.

use std::fmt::Write;

use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;

use crate::channels;
use crate::journal::listeners;
use crate::platform::server::Peer;
use crate::platform::{Actor, App, Error, Result, Right, Tx, jobs, metrics};

/// What proxies add.
const FORWARDED: [&str; 4] = ["x-forwarded-for", "forwarded", "via", "x-real-ip"];

/// Readable from this machine, and for who manages the settings.
pub async fn metrics(
    State(app): State<App>,
    actor: Option<Extension<Actor>>,
    peer: Option<Extension<ConnectInfo<Peer>>>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let near =
        peer.is_some_and(|Extension(ConnectInfo(Peer(address)))| address.ip().to_canonical().is_loopback());
    // A proxy on this machine brings the whole world.
    let brought = FORWARDED.iter().any(|name| headers.contains_key(*name));
    if !near || brought {
        let Extension(actor) = actor.ok_or(Error::LoggedOut)?;
        actor.may(Right::ManageSettings)?;
    }
    let mut text = metrics::render();
    gauges(&app, &mut app.db.read().await?, &mut text).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}

async fn gauges(app: &App, tx: &mut Tx, text: &mut String) -> Result<()> {
    let (waiting, dead) = jobs::counts(tx).await?;
    let mail = channels::counts(tx).await?;
    let outgoing = channels::overdue(app, tx).await?;
    let proof = channels::proof::standing(app, tx).await?;
    let proven = proof.last.map_or(-1, |last| app.now().seconds() - last.seconds());
    for (name, kind, help, value) in [
        ("kitt_jobs_waiting", "gauge", "Jobs that are not done yet.", waiting),
        ("kitt_jobs_dead", "gauge", "Jobs that were given up.", dead),
        ("kitt_mails_received_total", "counter", "Mails that were acknowledged.", mail.received),
        ("kitt_mails_backlog", "gauge", "Acknowledged mails that are not cases yet.", mail.backlog),
        ("kitt_mails_outgoing", "gauge", "Mails that could have left and have not.", outgoing.mails),
        (
            "kitt_mails_outgoing_oldest_seconds",
            "gauge",
            "Age of the oldest of them.",
            outgoing.oldest_seconds,
        ),
        ("kitt_mails_outgoing_late", "gauge", "Those that could have left 15 minutes ago.", outgoing.late),
        (
            "kitt_mails_outgoing_alarm",
            "gauge",
            "1 if somebody has to look after them.",
            outgoing.alarm.into(),
        ),
        ("kitt_mails_unprocessable", "gauge", "Mails that wait for a person.", mail.unprocessable),
        ("kitt_proof_differences", "gauge", "Mails that the daily proof misses.", proof.differences),
        ("kitt_proof_unproven", "gauge", "Sources that were not proven for 26 hours.", proof.unproven),
        ("kitt_proof_age_seconds", "gauge", "Time since the last proof; -1 before the first.", proven),
    ] {
        line(text, format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n"));
    }
    let name = "kitt_listener_lag";
    line(text, format_args!("# HELP {name} Facts that a listener has not heard yet.\n# TYPE {name} gauge\n"));
    for listener in crate::SLICES.iter().flat_map(|slice| slice.listeners) {
        let lag = listeners::lag(app, tx, listener).await?;
        line(text, format_args!("{name}{{listener=\"{}\"}} {lag}\n", listener.name));
    }
    Ok(())
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line).expect("a String takes everything");
}
