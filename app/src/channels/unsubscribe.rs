//! Declining mail to many: by the page that each such mail names, by one click in a mail program (RFC 8058), or by
//! a mail with the right subject (RFC 2369).
//!
//! The token in the address is the proof: it is signed, and only who got the mail has it. It names the message, and
//! by it the customer and what the message was for. Opening the page changes nothing, since programs open links
//! before people do; only a POST does.

use mail::compose::Unsubscribe;

use super::links;
use crate::cases;
use crate::cases::Contact;
use crate::customers;
use crate::customers::{Purpose, Way};
use crate::journal::About;
use crate::platform::{Actor, App, ContactId, Error, Language, Result, Tx, Words};

/// Hexadecimal digits of the signature.
const SIGNATURE: usize = 32;
/// The first word of a subject that declines.
const WORD: &str = "unsubscribe";

fn sign(app: &App, contact: ContactId) -> String {
    let signed = blake3::keyed_hash(app.secret(), format!("unsubscribe {contact}").as_bytes());
    signed.to_hex()[..SIGNATURE].to_owned()
}

/// What stands in the address of a message's page.
pub fn token(app: &App, contact: ContactId) -> String {
    format!("{contact}-{}", sign(app, contact))
}

/// The message that a token was made for.
pub fn read(app: &App, token: &str) -> Option<ContactId> {
    let (contact, signature) = token.split_once('-')?;
    let contact = ContactId(contact.parse().ok()?);
    // Compared as hashes, which takes as long for any guess.
    let same = blake3::hash(signature.as_bytes()) == blake3::hash(sign(app, contact).as_bytes());
    same.then_some(contact)
}

/// The message that the subject of a mail declines.
pub fn asked(app: &App, subject: &str) -> Option<ContactId> {
    let mut words = subject.split_whitespace().skip_while(|word| word.ends_with(':'));
    let word = words.next()?;
    let token = words.next()?;
    word.eq_ignore_ascii_case(WORD).then(|| read(app, token)).flatten()
}

/// How this message can be declined, and what it says about that at its end; `None` for what nobody declines.
pub fn offer(
    app: &App,
    contact: &Contact,
    language: Language,
    reply_to: &str,
) -> Option<(Unsubscribe, String)> {
    if !contact.purpose.is_optional() {
        return None;
    }
    let token = token(app, contact.id);
    let words = Words::new(language, app.zone(), app.now());
    let mailto = format!("mailto:{reply_to}?subject={WORD}%20{token}");
    if !links::is_reachable(app) {
        let subject = format!("{WORD} {token}");
        let told = words.with("unsubscribe-by-mail", "subject", subject.as_str()).into_owned();
        return Some((Unsubscribe { url: String::new(), mailto }, told));
    }
    let url = format!("{}/unsubscribe/{token}", app.settings().origin());
    let told = words.with("unsubscribe-by-page", "url", url.as_str()).into_owned();
    Some((Unsubscribe { url, mailto }, told))
}

/// Notes that whoever got this message wants no more of its kind.
pub async fn decline(app: &App, tx: &mut Tx, contact: ContactId, way: Way) -> Result<()> {
    let contact = match cases::contact(tx, contact).await {
        Ok(contact) => contact,
        // Erased with its customer: nobody is left to write to.
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    let about = About::case(contact.case).of(contact.customer);
    let actor = Actor::kitt("channels");
    customers::object(app, tx, &actor, about, contact.customer, (contact.purpose, way)).await
}

/// Must this message not leave, because its reader wants none of its kind?
pub async fn is_declined(tx: &mut Tx, contact: &Contact) -> Result<bool> {
    match contact.purpose {
        Purpose::Service => Ok(false),
        purpose => customers::objects(tx, contact.customer, purpose).await,
    }
}
