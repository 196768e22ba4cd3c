//! What is known already of a group of mails, looked up for all of them at once before any is filed.
//!
//! A statement costs more than its rows, so mails that arrive together ask together. What filing adds is added
//! here, too, so that a mail finds the one before it. What nobody asked for beforehand is looked up when needed.

use std::collections::{HashMap, HashSet};

use mail::{loops, threading};

use super::directory::Target;
use super::file::{believed_sender, message_id};
use super::model::Received;
use super::place::{Place, answered_ids};
use super::store::{self, MessageRow};
use super::talk;
use super::understand::Understood;
use crate::cases;
use crate::cases::Case;
use crate::customers;
use crate::customers::Book;
use crate::people;
use crate::platform::{App, CaseId, QueueId, Result, Tx, dialect};

/// Rows looked up of one message id; more share it only by malice.
const ROWS: usize = 20;

/// What the database knew, and what was filed since.
#[derive(Default)]
pub struct Known {
    /// Newest first.
    messages: HashMap<String, Vec<MessageRow>>,
    numbers: HashMap<String, Case>,
    cases: HashMap<CaseId, Case>,
    /// Does the (folded) address take part in the case?
    takes_part: HashMap<(CaseId, String), bool>,
    pub book: Book,
}

/// A mail and where it goes.
pub type Arrived<'a> = (&'a Received, &'a Understood, Vec<(Target, Option<String>)>);

impl Known {
    pub async fn load(app: &App, tx: &mut Tx, mails: &[Arrived<'_>]) -> Result<Self> {
        let mut known = Self::default();
        known.load_messages(tx, mails).await?;
        known.load_cases(app, tx, mails).await?;
        known.load_participants(app, tx, mails).await?;
        let senders = mails.iter().map(|(_, mail, _)| believed_sender(mail));
        known.book = customers::book(tx, senders).await?;
        Ok(known)
    }

    async fn load_messages(&mut self, tx: &mut Tx, mails: &[Arrived<'_>]) -> Result<()> {
        let mut ids: HashSet<String> = HashSet::new();
        for (_, mail, _) in mails {
            ids.extend(message_id(mail).map(|(id, _)| id));
            ids.extend(answered_ids(mail));
        }
        for id in &ids {
            self.messages.insert(store::cut(id).to_owned(), Vec::new());
        }
        let ids: Vec<String> = self.messages.keys().cloned().collect();
        for row in store::by_message_ids(tx, &ids, ROWS).await? {
            self.messages.entry(row.message_id.clone()).or_default().push(row);
        }
        Ok(())
    }

    async fn load_cases(&mut self, app: &App, tx: &mut Tx, mails: &[Arrived<'_>]) -> Result<()> {
        let mut numbers: Vec<String> = mails.iter().flat_map(|mail| numbers_in(app, mail)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for case in cases::by_numbers(tx, &numbers).await? {
            self.cases.insert(case.id, case.clone());
            self.numbers.insert(case.number.clone(), case);
        }
        let missing: HashSet<CaseId> = self.messages.values().flatten().map(|row| row.case).collect();
        let missing: Vec<CaseId> =
            missing.into_iter().filter(|case| !self.cases.contains_key(case)).collect();
        for case in cases::some(tx, &missing).await? {
            self.cases.insert(case.id, case);
        }
        // Together and in order, before the mails lock them one by one in theirs.
        dialect::lock_all(tx, "case", self.cases.keys().map(|case| case.0)).await
    }

    async fn load_participants(&mut self, app: &App, tx: &mut Tx, mails: &[Arrived<'_>]) -> Result<()> {
        for arrived in mails {
            let (_, mail, _) = arrived;
            let folded = people::fold_email(&mail.sender.answer_to);
            let numbered = numbers_in(app, arrived);
            let numbered = numbered.iter().filter_map(|number| self.numbers.get(number)).map(|case| case.id);
            let answered = answered_ids(mail);
            let answered = answered.iter().flat_map(|id| self.rows(id)).map(|row| row.case);
            let cases: Vec<CaseId> = numbered.chain(answered).collect();
            for case in cases {
                self.takes_part.insert((case, folded.clone()), false);
            }
        }
        let pairs: Vec<(CaseId, String)> = self.takes_part.keys().cloned().collect();
        for pair in cases::participants(tx, &pairs).await? {
            self.takes_part.insert(pair, true);
        }
        Ok(())
    }

    fn rows(&self, message_id: &str) -> &[MessageRow] {
        self.messages.get(store::cut(message_id)).map_or(&[], Vec::as_slice)
    }

    /// The contact of exactly this message in this queue or case.
    pub async fn duplicate(
        &self,
        tx: &mut Tx,
        message_id: &str,
        queue: QueueId,
        case: Option<CaseId>,
        hash: &str,
    ) -> Result<Option<store::Known>> {
        let rows = self.rows(message_id);
        if ROWS <= rows.len() {
            return store::duplicate(tx, message_id, queue, case, hash).await;
        }
        let is_same = |row: &&MessageRow| row.hash == hash && (row.queue == queue || Some(row.case) == case);
        Ok(rows.iter().rev().find(is_same).map(MessageRow::known))
    }

    /// Cases that know this message id, newest first.
    pub fn by_message_id(&self, message_id: &str) -> Vec<store::Known> {
        self.rows(message_id).iter().take(5).map(MessageRow::known).collect()
    }

    pub async fn by_number(&self, tx: &mut Tx, number: &str) -> Result<Option<Case>> {
        match self.numbers.get(number) {
            Some(case) => cases::resolve(tx, case.clone()).await.map(Some),
            None => cases::find_number(tx, number).await,
        }
    }

    pub async fn case(&self, tx: &mut Tx, case: CaseId) -> Result<Case> {
        match self.cases.get(&case) {
            Some(case) => Ok(case.clone()),
            None => cases::case(tx, case).await,
        }
    }

    pub async fn takes_part(&self, tx: &mut Tx, case: CaseId, address: &str) -> Result<bool> {
        match self.takes_part.get(&(case, people::fold_email(address))) {
            Some(known) => Ok(*known),
            None => cases::is_participant(tx, case, address).await,
        }
    }

    /// May this case hold so many contacts that counting those of one sender is worth it?
    pub fn may_be_flooded(&self, place: &Place) -> bool {
        let Place::Case { case, .. } = place else { return false };
        let many = |case: &Case| usize::try_from(case.contacts).is_ok_and(|all| loops::PER_SENDER <= all);
        self.cases.get(case).is_none_or(many)
    }

    /// A contact was added to a case.
    pub fn count(&mut self, case: CaseId) {
        if let Some(case) = self.cases.get_mut(&case) {
            case.contacts += 1;
        }
    }

    /// Remembers the message id of a mail that was filed.
    pub fn remember(&mut self, tx: &mut Tx, row: MessageRow, automatic: bool) {
        store::remember_later(tx, &row, automatic);
        self.messages.entry(row.message_id.clone()).or_default().insert(0, row);
    }
}

/// The numbers of cases that a mail names in any way.
fn numbers_in(app: &App, (_, mail, targets): &Arrived<'_>) -> Vec<String> {
    let replies = targets.iter().filter_map(|(target, _)| match target {
        Target::Reply(thread) => Some(talk::split(thread).0.to_owned()),
        Target::Queue(_) => None,
    });
    let ids = answered_ids(mail);
    let own = ids.iter().filter_map(|id| threading::read_message_id(id, app.secret()));
    let subject = threading::find_case_number(&mail.message.subject).map(str::to_owned);
    let own = own.map(|own| talk::split(&own.case_number).0.to_owned());
    replies.chain(own).chain(subject).collect()
}

/// Does nothing in the mail point to a case? Then it needs no look at any.
pub fn is_fresh(app: &App, arrived: &Arrived<'_>) -> bool {
    answered_ids(arrived.1).is_empty() && numbers_in(app, arrived).is_empty()
}
