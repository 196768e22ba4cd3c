//! Who sent this? SPF, DKIM, DMARC and ARC, looked at when a mail arrives.
//!
//! Before it is acknowledged, in its sender's own time: others do not wait for a slow DNS, and what was found is
//! kept in the same row as the mail, so that reading it again, years later, needs no DNS. Nothing is refused
//! here, and DNS that does not answer proves nothing. Whose mail is looked at, and how:
//!
//! - a stranger's over SMTP: everything, with its address and the names that it gave;
//! - what a server of the house hands over, by a trusted relay, LMTP, IMAP or the API: what a trusted server
//!   wrote into it, or else its signatures, which need no address;
//! - what comes from this machine and what is imported: only what a trusted server wrote into it.
//!
//! What the results amount to is said in [`verdict`].

mod dns;
mod explain;
mod results;
mod verdict;
mod verify;

use std::net::IpAddr;

use bytes::Bytes;

use self::dns::Dns;
use super::model::{Delivery, Received, Route};
use crate::cases::SenderProof;
use crate::platform::{App, Settings};

pub use explain::{Sentence, explain};
pub use verdict::Authentication;

/// What can be found out about a mail.
enum Way {
    /// From whom it came by itself.
    Direct(IpAddr),
    /// Only by what is in it, with the help of the DNS.
    Signatures,
    /// Only what a trusted server says.
    Told,
}

fn way(settings: &Settings, delivery: &Delivery) -> Way {
    let peer: Option<IpAddr> = delivery.peer.as_deref().and_then(|peer| peer.parse().ok());
    let trusted = |ip: &IpAddr| settings.trusted_relays.iter().any(|network| network.contains(*ip));
    match peer.map(|ip| ip.to_canonical()) {
        _ if delivery.route == Route::Import => Way::Told,
        Some(ip) if ip.is_loopback() => Way::Told,
        Some(ip) if delivery.route == Route::Smtp && !trusted(&ip) => Way::Direct(ip),
        _ => Way::Signatures,
    }
}

/// What is known about the sender of `raw`; `None` if nothing was looked at.
pub async fn check(
    app: &App,
    delivery: &Delivery,
    raw: &Bytes,
    helo: Option<&str>,
) -> Option<Authentication> {
    let settings = app.settings();
    if !settings.check_senders {
        return None;
    }
    let way = way(settings, delivery);
    if !matches!(way, Way::Direct(_))
        && let Some(told) = verify::told(raw, &settings.trusted_authserv_ids)
    {
        return Some(told);
    }
    let peer = match way {
        Way::Told => return None,
        Way::Direct(ip) => Some(ip),
        Way::Signatures => None,
    };
    // Without a signature there is nothing to ask for.
    if peer.is_none() && results::fields(raw, "dkim-signature").next().is_none() {
        return None;
    }
    let letter = verify::Letter {
        raw: raw.clone(),
        peer,
        helo: helo.unwrap_or_default().to_owned(),
        sender: delivery.from.clone().unwrap_or_default(),
        trusted: settings.trusted_authserv_ids.clone(),
    };
    app.part::<Dns>().verify(settings, letter).await
}

/// What it amounts to that was found when this mail came, of which `author` is shown as the sender.
pub fn proof(received: &Received, author: &str) -> SenderProof {
    let Some(found) = received.authentication() else { return SenderProof::Unchecked };
    let shown = author.rsplit_once('@').map_or("", |(_, domain)| domain);
    match found.proof() {
        // Two programs that read one header differently must not be played off against each other.
        SenderProof::Verified if verify::ascii(shown) != found.from => SenderProof::Suspicious,
        proof => proof,
    }
}
