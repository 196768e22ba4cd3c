//! The mail server that takes our mail, and what its answers mean for a message.

use std::error::Error as _;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use url::Url;

use super::compose::Letter;
use crate::platform::Settings;

/// For each answer of the server.
const PATIENCE: Duration = Duration::from_mins(1);
/// For all of a message; shorter than a job's lease, so that nobody else takes it meanwhile.
const AT_MOST: Duration = Duration::from_mins(4);
/// Reasons are shown; servers may say much.
const LONGEST_REASON: usize = 500;

/// Where mail goes.
pub enum Relay {
    /// Nowhere: it counts as sent and is shown under "sent". For demonstrations.
    Sink,
    Smtp {
        url: String,
        name: String,
    },
}

/// What became of a message.
pub enum Outcome {
    Accepted,
    /// For good, with the server's words.
    Refused(String),
    /// Worth another attempt, with the reason.
    Later(String),
}

/// The relay that is set up, if any.
pub fn configured(settings: &Settings) -> Option<Relay> {
    let url = settings.smtp_relay.as_deref()?;
    if url.starts_with("sink:") {
        return Some(Relay::Sink);
    }
    let name = settings.public_url.host_str().unwrap_or("localhost").to_owned();
    Some(Relay::Smtp { url: with_tls(url), name })
}

/// `smtp://` means STARTTLS where the server offers it, except on the same machine; `?tls=…` says otherwise.
fn with_tls(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return url.to_owned() };
    let near = matches!(parsed.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let said = parsed.query_pairs().any(|(name, _)| name == "tls");
    if parsed.scheme() == "smtp" && !near && !said {
        parsed.query_pairs_mut().append_pair("tls", "opportunistic");
    }
    parsed.into()
}

impl Relay {
    /// Hands a message over.
    pub async fn deliver(&self, letter: &Letter) -> Outcome {
        let Self::Smtp { url, name } = self else { return Outcome::Accepted };
        let parsed = (letter.sender.parse::<Address>(), letter.recipient.parse::<Address>());
        let (Ok(sender), Ok(recipient)) = parsed else {
            return Outcome::Refused("the recipient is not a valid e-mail address".into());
        };
        let Ok(envelope) = Envelope::new(Some(sender), vec![recipient]) else {
            return Outcome::Refused("there is no recipient".into());
        };
        let transport = match AsyncSmtpTransport::<Tokio1Executor>::from_url(url) {
            Ok(builder) => builder
                .hello_name(ClientId::Domain(name.clone()))
                .timeout(Some(PATIENCE))
                .pool_config(PoolConfig::new().max_size(1))
                .build(),
            Err(error) => return Outcome::Later(format!("the mail server's address is not right: {error}")),
        };
        match tokio::time::timeout(AT_MOST, transport.send_raw(&envelope, &letter.raw)).await {
            Ok(Ok(_)) => Outcome::Accepted,
            Ok(Err(error)) => judge(&error),
            Err(_) => Outcome::Later("the mail server did not answer in time".into()),
        }
    }
}

fn judge(error: &lettre::transport::smtp::Error) -> Outcome {
    let mut reason = error.to_string();
    if let Some(cause) = error.source() {
        let cause = cause.to_string();
        if !reason.contains(&cause) {
            reason = format!("{reason}: {cause}");
        }
    }
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect();
    // A refused login is our set-up's fault and not the message's.
    let login =
        error.status().is_some_and(|code| matches!(code.to_string().as_str(), "530" | "534" | "535" | "538"));
    // What this side cannot do, such as TLS that the server does not offer, is a matter of the set-up, too,
    // except for an address that the server cannot take.
    let unwritable = error.is_client() && reason.contains("non-ascii");
    if (error.is_permanent() && !login) || unwritable {
        Outcome::Refused(reason)
    } else {
        Outcome::Later(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::with_tls;

    #[test]
    fn passwords_travel_encrypted_unless_told_otherwise() {
        for (url, used) in [
            ("smtp://a:b@mail.example:587", "smtp://a:b@mail.example:587?tls=opportunistic"),
            ("smtp://mail.example?tls=required", "smtp://mail.example?tls=required"),
            ("smtp://127.0.0.1:2500", "smtp://127.0.0.1:2500"),
            ("smtps://mail.example", "smtps://mail.example"),
        ] {
            assert_eq!(with_tls(url), used);
        }
    }
}
