//! Reports about mail: could not be delivered, was delivered, was read, was complained about.
//!
//! The standard forms (RFC 3464, 8098, 5965) are read field by field, other reports by the shapes that
//! most servers share: a machine writes, names addresses and says why. What a server says decides the
//! reason, its code only where the words are silent.

mod notification;
mod phrases;
mod reason;
mod status;
mod text;

use serde::Serialize;

use crate::classify::{Kind, is_daemon};
use crate::headers::{Address, Headers, message_ids};
use crate::message::Message;
use crate::mime::Part;
use phrases::{REFUSALS, SENTENCES, SUBJECTS, phrases};

/// One recipient that a mail did not reach.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BounceRecipient {
    pub recipient: String,
    /// RFC 3463, such as `5.1.1`; `5.0.0` or `4.0.0` if the report says no more than that.
    pub status: String,
    /// The address will not work later either.
    pub permanent: bool,
    /// A stable word: `userunknown`, `hostunknown`, `hasmoved`, `mailboxfull`, `suspend`, `filtered`,
    /// `spamdetected`, `virusdetected`, `blocked`, `authfailure`, `requireptr`, `policyviolation`, `rejected`,
    /// `norelaying`, `notaccept`, `mesgtoobig`, `exceedlimit`, `expired`, `networkerror`, `systemerror`,
    /// `systemfull`, `toomanyconn`, `securityerror`, `contenterror`, `notcompliantrfc`, `syntaxerror`,
    /// `mailererror`, `onhold`, `undefined`.
    pub reason: String,
    /// What the remote server said; of a free-text report at most 500 characters.
    pub diagnostic: String,
    /// The server goes on trying. Not printed: what is printed is a promise.
    #[serde(skip)]
    pub delayed: bool,
}

/// A report in the standard form that is no failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The mail is where it was sent to.
    Delivered,
    /// It went on to a server that does not report: nobody will hear more.
    Relayed,
    /// A server still tries.
    Delayed,
}

/// What a report says; without a kind it is none.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub kind: Option<Kind>,
    pub recipients: Vec<BounceRecipient>,
    pub delivery: Option<Delivery>,
    pub original_message_id: Option<String>,
}

/// More recipients than this are not listed.
const MAX_RECIPIENTS: usize = 500;

/// Why a mail server turns a mail away, of its own words; a word as in [`BounceRecipient::reason`].
///
/// For the answers that we get ourselves while sending, such as `550 5.1.1 no such user`.
#[must_use]
pub fn reason_of(said: &str) -> String {
    reason::entry("", "", said, "").reason
}

pub(crate) fn read(root: &Part<'_>, message: &Message) -> Report {
    let parts = root.all();
    let mut report = Report { original_message_id: original_id(&parts), ..Report::default() };
    let find = |names: &[&str]| parts.iter().copied().find(|part| names.iter().any(|name| part.is(name)));
    let report_type = root.content_type.get("report-type").unwrap_or_default().to_ascii_lowercase();
    let complained = find(&["message/feedback-report"]).is_some() || report_type == "feedback-report";
    if complained || is_plain_complaint(message) {
        report.kind = Some(Kind::Feedback);
    } else if find(&["message/disposition-notification"]).is_some()
        || report_type == "disposition-notification"
    {
        report.kind = Some(Kind::Receipt);
    } else if let Some(part) = find(&["message/delivery-status", "message/global-delivery-status"]) {
        status::read_part(part, message, &mut report);
    } else {
        notification::read(&message.text, &mut report);
    }
    if report.kind.is_none() && looks_like_bounce(root, &parts, message) {
        read_free_text(root, &parts, message, &mut report);
    }
    if report.original_message_id.is_none() && report.kind.is_some() {
        report.original_message_id = id_in_text(&message.text);
    }
    if says_later(&message.subject) {
        report.recipients.iter_mut().for_each(|one| one.delayed |= !one.permanent);
    }
    report
}

/// Servers that write no fields say it in the subject.
fn says_later(subject: &str) -> bool {
    let subject = subject.to_lowercase();
    let words = [
        "delayed",
        "warning: could not send",
        "warning: message",
        "verzögert",
        "noch nicht zugestellt",
        "still being retried",
    ];
    words.iter().any(|words| subject.contains(words))
}

/// A report in words; some carry the fields of the standard form within their text.
fn read_free_text(root: &Part<'_>, parts: &[&Part<'_>], message: &Message, report: &mut Report) {
    report.kind = Some(Kind::Bounce);
    if message.text.contains("Final-Recipient:") {
        status::read_text(&message.text, message, report);
    }
    if report.recipients.is_empty() {
        report.kind = Some(Kind::Bounce);
        report.recipients = text::recipients(root, message);
    }
    if report.recipients.is_empty() {
        let reached = original_recipients(parts);
        let reached = if reached.is_empty() { text::enclosed_recipients(&message.text) } else { reached };
        report.recipients = text::entries(reached, &message.text);
    }
}

/// Complaints that a large provider sends without the standard form, and wishes to be sent nothing more
/// that a mail program wrote.
fn is_plain_complaint(message: &Message) -> bool {
    let subject = message.subject.trim().to_lowercase();
    let automatic = message.auto.auto_submitted.as_deref().is_some_and(|value| value != "no");
    subject.starts_with("complaint about message from ") || (automatic && subject == "unsubscribe")
}

/// The headers of the enclosed message, or of what is left of it.
fn original_headers(parts: &[&Part<'_>]) -> Option<Headers> {
    let enclosed = parts.iter().find(|part| {
        ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "text/rfc822"]
            .iter()
            .any(|name| part.is(name))
    })?;
    let content = enclosed.decoded();
    Some(Headers::split(content.trim_ascii_start()).0)
}

fn original_id(parts: &[&Part<'_>]) -> Option<String> {
    original_headers(parts)?.ids("message-id").into_iter().next()
}

fn original_recipients(parts: &[&Part<'_>]) -> Vec<String> {
    let mailboxes = original_headers(parts).map(|headers| headers.addresses("to")).unwrap_or_default();
    mailboxes.into_iter().map(|mailbox| mailbox.address).filter(|address| address.contains('@')).collect()
}

fn id_in_text(text: &str) -> Option<String> {
    let line = text.lines().find(|line| {
        let line = line.trim_start_matches(['>', ' ']);
        line.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("message-id:"))
    })?;
    message_ids(line).into_iter().next()
}

/// A mail server writes that it could not deliver, outside of the standard form.
fn looks_like_bounce(root: &Part<'_>, parts: &[&Part<'_>], message: &Message) -> bool {
    if root.headers.raw("x-failed-recipients").is_some() {
        return true;
    }
    let nameless = root.headers.raw("from").is_some_and(|from| matches!(from.trim(), "<>" | ""));
    let by_daemon = nameless
        || message.from.iter().any(|mailbox| is_daemon(&mailbox.address) || is_daemon(&mailbox.name));
    let nobody = message.auto.return_path.as_deref() == Some("");
    let by_list = message.from.iter().any(|mailbox| is_list_manager(&mailbox.address));
    let by_system = message.from.iter().any(is_mail_system);
    if !(by_daemon || nobody || by_list || by_system || message.auto.robot_sender) {
        return false;
    }
    let subject = message.subject.to_lowercase();
    let by_subject = phrases(SUBJECTS).any(|words| subject.contains(words));
    let text: String = message.text.chars().take(4_000).collect::<String>().to_lowercase();
    let by_text = phrases(SENTENCES).any(|words| text.contains(words));
    let encloses = parts.iter().any(|part| part.is("message/rfc822") || part.is("text/rfc822-headers"));
    (by_daemon && (by_subject || by_text))
        || (nobody && by_subject && (by_text || encloses))
        || (by_system && by_subject && by_text && !is_passed_on(&subject))
        || (message.auto.robot_sender && encloses && by_text)
        || (by_list && phrases(REFUSALS).any(|words| text.contains(words)))
}

/// Programs between the servers: filters, gateways, and those who run them.
fn is_mail_system(mailbox: &Address) -> bool {
    const NAMES: &[&str] = &[
        "interscan",
        "mailmarshal",
        "sysadmin",
        "administrator",
        "mail delivery",
        "delivery system",
        "mail system",
        "mail server",
        "mailer",
        "mdaemon",
        "mailgate",
        "mailsweeper",
        "smtp",
        "message router",
        "virus",
        "gateway",
        "post master",
        "postmaster",
    ];
    let name = mailbox.name.to_lowercase();
    let local =
        mailbox.address.split('@').next().unwrap_or_default().to_lowercase().replace(['_', '-', '.'], " ");
    NAMES.iter().any(|known| name.contains(known) || local.contains(known))
}

/// A person who forwards a report, or asks about one.
fn is_passed_on(subject: &str) -> bool {
    ["re:", "aw:", "fwd:", "fw:", "wg:", "tr:"].iter().any(|mark| subject.trim_start().starts_with(mark))
}

/// The names under which mailing lists write to those whom they refuse.
fn is_list_manager(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    ["-admin", "-owner", "-request", "-ctl"].iter().any(|end| local.ends_with(end))
        || ["owner-", "majordomo", "listserv", "mailman", "sympa"]
            .iter()
            .any(|start| local.starts_with(start))
}
