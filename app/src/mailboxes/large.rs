//! Mails that stay on the server: who wrote them about what, and an answer to whoever sent too much.

use mail::{Kind, Message};

use super::fault::Fault;
use super::imap::{Failed, Listed, Session};
use super::model::{Mailbox, Outcome};
use super::store;
use super::store::mails::Account;
use crate::channels::notice;
use crate::channels::notice::Notice;
use crate::platform::{App, Language, Result, Tx, Words};

/// What is shown of a mail that is not here.
const LONGEST: usize = 300;

/// How a mail begins; `None` if it is gone.
pub type Head = Option<Message>;

/// Reads the head of a mail.
pub async fn head(session: &mut Session, mail: Listed) -> Result<Head, Fault> {
    let raw = match session.head(mail.uid).await {
        Ok(raw) => raw,
        // Not even that: it is listed without a subject.
        Err(Failed::Refused(_)) => Some(Vec::new()),
        Err(Failed::Fault(fault)) => return Err(fault),
    };
    Ok(raw.map(|raw| mail::parse(&raw).unwrap_or_default()))
}

/// Notes a mail that stays on the server, and answers its sender once if it is too large.
pub async fn account(
    app: &App,
    tx: &mut Tx,
    mailbox: &Mailbox,
    mail: Listed,
    outcome: Outcome,
    head: Head,
) -> Result<Account> {
    let Some(head) = head else { return Ok(Account::of(mail, Outcome::Gone)) };
    let message_id = head.message_id.as_deref().map(short);
    let before = match &message_id {
        Some(id) => store::mails::was_answered(tx, mailbox.id, id).await?,
        None => false,
    };
    if outcome == Outcome::TooLarge && !before {
        answer(app, tx, mailbox, mail, &head).await?;
    }
    let sender = head.from.first().map(|from| short(&from.address));
    let subject = Some(short(&head.subject)).filter(|subject| !subject.is_empty());
    Ok(Account { message_id, sender, subject, ..Account::of(mail, outcome) })
}

/// Robots and lists get no answer (RFC 3834, 2).
async fn answer(app: &App, tx: &mut Tx, mailbox: &Mailbox, mail: Listed, head: &Message) -> Result<()> {
    let to = head.reply_to.first().or(head.from.first());
    let by_person = head.kind == Kind::Message && head.auto.may_be_answered();
    let Some(to) = to.filter(|_| by_person) else { return Ok(()) };
    let german = Words::new(Language::De, app.zone(), app.now());
    let english = Words::new(Language::En, app.zone(), app.now());
    let text = |words: &Words| {
        let (size, largest) = (words.size(&mail.size.into()), words.size(&mailbox.largest));
        let about = words.with("mailboxes-large-about", "subject", short(&head.subject).as_str());
        let why = words.with2("mailboxes-large-why", ("size", size.as_str()), ("largest", largest.as_str()));
        format!("{about}\n{why}\n\n{}", words.t("mailboxes-large-what"))
    };
    let subject =
        format!("{} / {}", german.t("mailboxes-large-subject"), english.t("mailboxes-large-subject"));
    let notice = Notice {
        to: to.address.clone(),
        queue: mailbox.queue,
        answers: head.message_id.clone(),
        subject,
        text: format!("{}\n\n---\n\n{}\n\n{}\n", text(&german), text(&english), app.settings().house),
    };
    notice::post(app, tx, &notice).await?;
    Ok(())
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}
