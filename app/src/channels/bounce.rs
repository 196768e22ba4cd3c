//! What becomes of a mail of ours that came back: it failed or is late, and its address is marked.
//!
//! Only a report that names a message id of ours counts: everybody can write "user unknown". Others are filed as
//! what they are, contacts of a case that somebody sees.

use mail::{BounceRecipient, Kind};

use super::place;
use super::understand::{Understood, clean};
use crate::cases;
use crate::cases::Contact;
use crate::customers;
use crate::customers::Bounce;
use crate::journal::About;
use crate::people;
use crate::platform::{Actor, App, Error, Result, Timestamp, Tx};

/// Characters of a server's words that are kept.
const LONGEST_REASON: usize = 500;

/// Notes what a bounce says at the message that bounced; of any other mail nothing.
pub async fn note(app: &App, tx: &mut Tx, actor: &Actor, mail: &Understood) -> Result<()> {
    let message = &mail.message;
    if message.kind != Kind::Bounce {
        return Ok(());
    }
    let Some(contact) = place::own_contact(app, message.original_message_id.as_deref()) else {
        return Ok(());
    };
    let contact = match cases::contact(tx, contact).await {
        Ok(contact) => contact,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    for (to, failure) in told(&message.bounce, &cases::addresses(tx, &contact).await?) {
        let said = said(failure);
        // The address may work tomorrow, and this mail is lost all the same.
        if failure.delayed {
            cases::delayed(app, tx, actor, contact.id, &said).await?;
        } else {
            cases::unreached(tx, contact.id, to, &said).await?;
            cases::failed(app, tx, actor, contact.id, &said).await?;
        }
        mark(app, tx, actor, (&contact, to), mail.at, failure).await?;
    }
    Ok(())
}

/// Those of the recipients that the report is about, with what it says of each. If it names none of them, because
/// the mail was forwarded there, it is about the first.
fn told<'a>(
    failures: &'a [BounceRecipient],
    recipients: &'a [String],
) -> Vec<(&'a str, &'a BounceRecipient)> {
    let named = |to: &'a String| {
        let folded = people::fold_email(to);
        let failure = failures.iter().find(|failure| people::fold_email(&failure.recipient) == folded);
        failure.map(|failure| (to.as_str(), failure))
    };
    let found: Vec<_> = recipients.iter().filter_map(named).collect();
    if !found.is_empty() {
        return found;
    }
    let first = recipients.first().map_or("", String::as_str);
    of_address(failures, first).map(|failure| (first, failure)).into_iter().collect()
}

/// Marks the address `to` of a contact that came back or is late.
pub async fn mark(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (contact, to): (&Contact, &str),
    at: Timestamp,
    failure: &BounceRecipient,
) -> Result<()> {
    if to.is_empty() {
        return Ok(());
    }
    let bounce = Bounce {
        at,
        status: clean(&failure.status, 20),
        reason: clean(&failure.reason, 40),
        permanent: failure.permanent && !failure.delayed,
        delayed: failure.delayed,
    };
    let about = About::case(contact.case).of(contact.customer);
    customers::set_bounced(app, tx, actor, (about, contact.id), to, &bounce).await
}

/// What the report says of this address; of a forwarded mail it names another, then the worst counts.
fn of_address<'a>(failures: &'a [BounceRecipient], to: &str) -> Option<&'a BounceRecipient> {
    let to = people::fold_email(to);
    let named = failures.iter().find(|failure| people::fold_email(&failure.recipient) == to);
    named.or_else(|| failures.iter().find(|failure| failure.permanent)).or(failures.first())
}

/// The server's own words, with the status in them.
fn said(failure: &BounceRecipient) -> String {
    let said = if failure.diagnostic.contains(&failure.status) {
        failure.diagnostic.clone()
    } else {
        format!("{} {}", failure.status, failure.diagnostic)
    };
    clean(said.trim(), LONGEST_REASON)
}

/// The key of the sentence that says in plain words why a mail came back.
pub fn word(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "userunknown" | "hasmoved" => "bounce-unknown",
        "hostunknown" => "bounce-host",
        "mailboxfull" => "bounce-full",
        "suspend" => "bounce-suspended",
        "mesgtoobig" | "exceedlimit" => "bounce-large",
        "spamdetected" | "virusdetected" | "contenterror" => "bounce-content",
        "expired" | "networkerror" | "systemerror" | "systemfull" | "toomanyconn" | "mailererror" => {
            "bounce-unreachable"
        }
        "filtered" | "blocked" | "authfailure" | "requireptr" | "policyviolation" | "rejected"
        | "norelaying" | "notaccept" | "securityerror" => "bounce-refused",
        "notcompliantrfc" | "syntaxerror" | "onhold" | "undefined" => "bounce-other",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(recipient: &str, permanent: bool) -> BounceRecipient {
        BounceRecipient {
            recipient: recipient.into(),
            status: "5.1.1".into(),
            permanent,
            reason: "userunknown".into(),
            diagnostic: "550 no such user".into(),
            delayed: false,
        }
    }

    #[test]
    fn a_report_about_many_is_read_for_the_one_that_we_wrote_to() {
        let all =
            [failure("a@x.example", false), failure("b@x.example", true), failure("C@x.example", false)];
        for (to, told) in [
            ("c@x.example", "C@x.example"),
            ("a@x.example", "a@x.example"),
            ("alias@y.example", "b@x.example"),
        ] {
            assert_eq!(of_address(&all, to).map(|one| one.recipient.as_str()), Some(told), "{to}");
        }
        assert_eq!(of_address(&all[..1], "alias@y.example").map(|one| one.permanent), Some(false));
        assert_eq!(of_address(&[], "a@x.example"), None);
    }

    #[test]
    fn what_the_server_said_has_the_status_once() {
        assert_eq!(said(&failure("a@x.example", true)), "5.1.1 550 no such user");
        let with = BounceRecipient { diagnostic: "550 5.1.1 no".into(), ..failure("a@x.example", true) };
        assert_eq!(said(&with), "550 5.1.1 no");
        assert_eq!(word("userunknown"), Some("bounce-unknown"));
        assert_eq!(word("550 no such user"), None);
    }
}
