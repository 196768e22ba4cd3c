//! How a mailbox fares, in words and as data.

use serde::Serialize;
use utoipa::ToSchema;

use crate::mailboxes::fault::Fault;
use crate::mailboxes::model::{Activity, Mailbox, Status, Trouble};
use crate::people::Queue;
use crate::platform::{Page, Result, Words};

/// A mailbox with its state; never with its secrets.
#[derive(Serialize, ToSchema)]
pub struct MailboxLine {
    #[serde(flatten)]
    pub mailbox: Mailbox,
    pub status: Status,
    pub queue_name: String,
    /// The state in the reader's language.
    pub state: String,
    /// What is wrong and what to do, in the reader's language.
    pub problem: Option<Problem>,
    #[serde(skip)]
    pub signal: &'static str,
    #[serde(skip)]
    pub icon: &'static str,
}

/// What is wrong, in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = MailboxProblem)]
pub struct Problem {
    pub trouble: Trouble,
    pub what: String,
    pub todo: String,
    /// In the server's words.
    pub said: Option<String>,
}

impl Problem {
    pub fn new(words: &Words, trouble: Trouble, said: Option<String>) -> Self {
        Self {
            trouble,
            what: words.t(&format!("mailboxes-trouble-{trouble}")).into_owned(),
            todo: words.t(&format!("mailboxes-todo-{trouble}")).into_owned(),
            said,
        }
    }

    pub fn of(words: &Words, fault: Fault) -> Self {
        Self::new(words, fault.trouble, fault.said)
    }
}

impl MailboxLine {
    pub fn new(words: &Words, mailbox: Mailbox, status: Status, queues: &[Queue]) -> Self {
        let queue = queues.iter().find(|queue| queue.id == mailbox.queue);
        let (state, signal, icon) = told(words, &mailbox, &status);
        let problem = status
            .trouble
            .filter(|_| !mailbox.paused && mailbox.connected)
            .map(|trouble| Problem::new(words, trouble, status.said.clone()));
        Self {
            queue_name: queue.map(|queue| queue.name.clone()).unwrap_or_default(),
            mailbox,
            status,
            state,
            problem,
            signal,
            icon,
        }
    }
}

/// The state in words, with its colour and icon.
fn told(words: &Words, mailbox: &Mailbox, status: &Status) -> (String, &'static str, &'static str) {
    if mailbox.paused {
        return (words.t("mailboxes-state-paused").into_owned(), "", "off");
    }
    if !mailbox.connected {
        return (words.t("mailboxes-state-unconnected").into_owned(), "warn", "link");
    }
    let since = words.when(&status.trouble_at.unwrap_or(status.since));
    match status.activity {
        Activity::Connecting if status.trouble.is_some() => {
            (words.with("mailboxes-state-retrying", "since", since).into_owned(), "warn", "repeat")
        }
        Activity::Connecting => (words.t("mailboxes-state-connecting").into_owned(), "", "repeat"),
        Activity::Fetching => {
            let (done, total) = (words.number(status.done), words.number(status.total));
            let text = words.with2("mailboxes-state-fetching", ("done", done), ("total", total));
            (text.into_owned(), "gold", "dl")
        }
        Activity::Waiting => {
            (words.with("mailboxes-state-waiting", "since", since).into_owned(), "good", "check")
        }
        Activity::Trouble => {
            (words.with("mailboxes-state-trouble", "since", since).into_owned(), "bad", "flagq")
        }
    }
}

/// The signed-in page's words and the lines of all mailboxes.
pub async fn lines(page: &Page, tx: &mut crate::platform::Tx, queues: &[Queue]) -> Result<Vec<MailboxLine>> {
    let statuses = crate::mailboxes::store::statuses(tx).await?;
    let all = crate::mailboxes::all(tx).await?;
    let line = |mailbox: Mailbox| {
        let status = statuses.iter().find(|status| status.mailbox == mailbox.id)?.clone();
        Some(MailboxLine::new(page, mailbox, status, queues))
    };
    Ok(all.into_iter().filter_map(line).collect())
}
